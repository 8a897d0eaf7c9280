/** What happens when a phase of the upgrade fails: it is tried again, goes back to a phase, or all is rolled back. */
import { failureWays } from '../../rules/engine/ruleset/phases';
import type { Text } from '../../rules/engine/basics/text';
import { shortId } from '../../rules/engine/basics/short-id';
import { phaseOfUpgrade } from '../../rules/engine/upgrade/phases';
import { reasons } from '../../templates/ui/reasons';
import { upgradeReasons } from '../../templates/ui/upgrade-reasons';
import { reopenObligation } from '../year/obligations';
import { replanSoon } from '../year/plan-year';
import { tellOthers } from '../year/together';
import { phasesOfUpgrade, runningPhase } from '../year/upgrades';
import type { Year } from '../year/year';
import type { Step } from '../year/year-state';
import { tellCustomer } from './upgrade-news';

interface Failing {
  /** What our own people are told beside the reason, and the obligation that comes next; nothing where it is the same. */
  next?: { id: string; told: Text };
  /** Carries it out. @returns what the journal tells of it */
  go: (step: Step, reason: string, by: string | undefined) => Record<string, unknown>;
}

const tryAgain: Failing = { go: () => ({}) };

/**
 * Decides the way on after a phase failed.
 * @param then what the message says; without it the rules decide
 */
export function failedPhase(year: Year, id: string, then: string | undefined): Failing | { rejected: Text } {
  const running = runningPhase(year, id);
  if (!running)
    return then === undefined || then === 'again' ? tryAgain : { rejected: upgradeReasons.onlyAgain };
  const phases = phasesOfUpgrade(year, running.upgrade);
  const before = phases.slice(0, phases.indexOf(id));
  const way = then ?? running.planned.onFailure ?? 'again';
  if (way === 'again') return tryAgain;
  const choices = [...failureWays, ...before.map(shortId)];
  const back = before.find((one) => shortId(one) === way);
  if (way !== 'roll-back' && back === undefined) return { rejected: reasons.oneOf('then', choices, way) };
  if (back === undefined && phases.some((one) => isApproved(year, one)))
    return { rejected: upgradeReasons.approved };
  const from = back ?? phases[0] ?? id;
  return {
    next: { id: from, told: upgradeReasons.goesBack(from, back === undefined) },
    go: (step, reason, by) => {
      const reopened = phases.slice(phases.indexOf(from), phases.indexOf(id) + 1);
      for (const one of reopened) openAnew(year, one);
      if (back === undefined) {
        const attempt = rollBack(year, step, running.upgrade, id, reason, by);
        tellOthers(year, step, { state: 'rolledBack', reason, attempt });
      }
      replanSoon(year, `${id} failed`);
      return { then: way };
    },
  };
}

/** Whether it is the approval, and closed: then what is wrong is mended, and nothing is rolled back. */
export const isApproved = (year: Year, id: string): boolean =>
  year.state.closed[id]?.state === 'done' && runningPhase(year, id)?.planned.kind === 'approval';

/** Opens a phase again with nothing reported of it. */
export function openAnew(year: Year, id: string): void {
  if (year.isClosed(id)) reopenObligation(year, id);
  for (const { key } of runningPhase(year, id)?.parts ?? []) delete year.state.checks[key];
}

/**
 * The system is as before: the next attempt is planned from today, and the customer is told why.
 * @returns the attempt's number
 */
export function rollBack(
  year: Year,
  step: Step | undefined,
  upgrade: string,
  id: string,
  reason: string,
  by: string | undefined,
): number {
  const attempt = (year.state.upgrades[upgrade]?.attempt ?? 1) + 1;
  year.state.upgrades[upgrade] = {
    attempt,
    state: 'rolledBack',
    from: year.today().on,
    ...(upgrade !== 'upgrade' && { again: true as const }),
    reason,
    ...(by !== undefined && { by }),
  };
  tellCustomer(year, step, id, { kind: 'rolledBack', reason, attempt });
  return attempt;
}

/** The upgrade under way, or to come: the one whose phases are open first. */
export function openUpgrade(year: Year): { upgrade: string; open: string[] } | undefined {
  const first = year.open('upgrade')[0];
  const upgrade = first && phaseOfUpgrade(first.id)?.upgrade;
  if (upgrade === undefined) return undefined;
  return { upgrade, open: phasesOfUpgrade(year, upgrade).filter((id) => !year.isClosed(id)) };
}
