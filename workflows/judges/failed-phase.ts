/** What happens when a phase of the upgrade fails: it is tried again, goes back to a phase, or all is rolled back. */
import { failureWays } from '../../rules/engine/ruleset/phases';
import type { Text } from '../../rules/engine/basics/text';
import { later } from '../../rules/engine/calendar/dates';
import { momentIn } from '../../rules/engine/calendar/local-time';
import type { Instant } from '../../rules/engine/contract/contract';
import { shortId } from '../../rules/engine/basics/short-id';
import { lapsedKey, supportOf } from '../../rules/engine/upgrade/parts';
import { isOnCopy, phaseOfUpgrade } from '../../rules/engine/upgrade/phases';
import { kinds, reasons } from '../../templates/ui/reasons';
import { upgradeReasons } from '../../templates/ui/upgrade-reasons';
import type { Fields } from '../messages/fields';
import { clear, record } from '../year/journal';
import { settleMonitored } from '../year/monitored';
import { clearSettled, reopenObligation } from '../year/obligations';
import { replanSoon } from '../year/plan-year';
import { settleTogether, tellOthers } from '../year/together';
import { forgetTold } from '../year/told-once';
import type { RunningPhase } from '../year/upgrades';
import {
  alarmOf,
  isFinished,
  phasesOfUpgrade,
  runningPhase,
  versionsBefore,
  subjectOf,
} from '../year/upgrades';
import { askAboutWithdrawn } from '../year/withdrawn-release';
import type { Year } from '../year/year';
import type { Step, UpgradeState } from '../year/year-state';
import { momentField, momentProblem } from './production';
import { tellCustomer } from './upgrade-news';
import { callOffSessions } from './call-off-session';
import { hasBegun, phasesBefore } from './ways-on';

interface Failing {
  /** What our own people are told beside the reason, and the obligation that comes next; nothing where it is the same. */
  next?: { id: string; told: Text };
  /** Carries it out. @returns what the journal tells of it */
  go: (step: Step, reason: string, by: string | undefined) => Record<string, unknown>;
}

const tryAgain: Failing = { go: () => ({}) };

/**
 * Decides the way on after a phase failed.
 * @param fields what the message says: `then`, without which the rules decide; to restore, `contact` and `lostSince`
 */
export function failedPhase(year: Year, id: string, fields: Fields): Failing | { rejected: Text } {
  const then = fields.text('then');
  const running = runningPhase(year, id);
  if (!running)
    return then === undefined || then === 'again' ? tryAgain : { rejected: upgradeReasons.onlyAgain };
  const phases = phasesOfUpgrade(year, running.upgrade);
  const { before, live } = phasesBefore(year, running);
  const choices = [
    live === undefined ? failureWays : (['again', 'restore'] as const),
    before.map(shortId),
  ].flat();
  const byRules = running.planned.onFailure ?? 'again';
  // What the rules say of a phase may not be open any more once people work in the new version: it is mended.
  const way = then ?? (choices.includes(byRules) ? byRules : 'again');
  if (way === 'again') return tryAgain;
  if (live !== undefined && way === 'roll-back') return { rejected: upgradeReasons.isLive(live, choices) };
  if (way === 'roll-back' && !hasBegun(year, running.upgrade)) return { rejected: upgradeReasons.notBegun };
  if (!choices.includes(way)) return { rejected: reasons.oneOf('then', choices, way) };
  const back = before.find((one) => shortId(one) === way);
  if (way === 'roll-back' && isFinished(year, running.upgrade)) return { rejected: upgradeReasons.approved };
  const restored = way === 'restore' ? readRestoring(year, fields) : {};
  if ('rejected' in restored) return restored;
  const from = back ?? phases[0] ?? id;
  const told = restored.lostSince
    ? upgradeReasons.isRestored(from, localTime(year, restored.lostSince), restored.by ?? '-')
    : upgradeReasons.goesBack(from, back === undefined, year.phaseNames);
  return {
    next: { id: from, told },
    go: (step, reason, by) => {
      forgetTold(year, phases.slice(phases.indexOf(from)));
      if (back === undefined) {
        beginAnew(year, running.upgrade, id);
        const how = { ...(by !== undefined && { by }), ...restored };
        const attempt = rollBack(year, step, running, reason, how);
        const { lostSince } = restored;
        tellOthers(year, step, {
          ...{ state: 'rolledBack', reason, attempt },
          ...(lostSince !== undefined && { lostSince }),
        });
      } else
        for (const one of phases.slice(phases.indexOf(from), phases.indexOf(id) + 1)) openAnew(year, one);
      replanAnew(year, `${id} failed`);
      return { then: way, ...restored };
    },
  };
}

const localTime = (year: Year, at: Instant): string => momentIn(year.calendar, at);

/** Who of the customer has the system restored, and since when what was done is lost. */
interface Restoring {
  by?: string;
  lostSince?: Instant;
}

/** Reads who has the system restored, or what is missing: people have worked in it, so their management decides. */
function readRestoring(year: Year, fields: Fields): Restoring | { rejected: Text } {
  const { ids, called, upgrade } = year.plan;
  const managing = ids.contacts.filter((id) => called?.roles[id]?.includes('management'));
  const may = managing.length > 0 ? managing : (upgrade?.approvers ?? []);
  const by = fields.text('contact');
  if (by === undefined || !may.includes(by))
    return { rejected: upgradeReasons.mayNotRestore(may, by ?? '-') };
  if (fields.text('reason') === undefined) return { rejected: reasons.missing('reason', kinds.text) };
  const lostSince = momentField(year, fields, 'lostSince');
  if (lostSince === undefined) return { rejected: reasons.missing('lostSince', kinds.moment) };
  const odd = momentProblem(year, 'lostSince', lostSince);
  return odd ? { rejected: odd } : { by, lostSince };
}

/** Has the year planned for what is done again, and people asked where the release that it went to is withdrawn. */
export function replanAnew(year: Year, reason: string): void {
  const { targets } = year.plan.upgrade ?? {};
  replanSoon(year, reason, () => askAboutWithdrawn(year, targets));
}

/** Opens a phase again with nothing reported of it, and nothing to look at about that. */
export function openAnew(year: Year, id: string): void {
  if (year.isClosed(id)) reopenObligation(year, id);
  clearSettled(year, id, ['step-overdue']);
  const running = runningPhase(year, id);
  // What is done anew is approved anew.
  if (running) delete year.state.checks[lapsedKey(running.upgrade)];
  for (const part of running?.parts ?? []) {
    delete year.state.checks[part.key];
    clear(year, alarmOf(part.kind), subjectOf(id, part));
    if (part.kind === 'integration') settleMonitored(year, part.id);
  }
}

/**
 * Opens an upgrade again from its first phase, with nothing reported: also not what was said ahead of its phase, or by partners of
 * the day before. Plans made before tests had cases keep those.
 * @param last the phase that it was in
 */
export function beginAnew(year: Year, upgrade: string, last: string): void {
  const { cases, partners = [] } = year.plan.upgrade ?? {};
  const phases = phasesOfUpgrade(year, upgrade);
  for (const id of cases ? phases : phases.slice(0, phases.indexOf(last) + 1)) openAnew(year, id);
  if (!cases) return;
  for (const partner of partners) {
    delete year.state.checks[supportOf(upgrade, partner).key];
    clear(year, 'partner-refuses', partner);
  }
}

/** The attempt that an installation is in, of which this agreement may have begun fewer. */
export const attemptTogether = ({ attempt = 1, untried = 0 }: UpgradeState = {}): number => attempt + untried;

/**
 * The system is as before: the next attempt is planned from today or, if that is later, from the day to which the customer has
 * postponed it. The customer is told why, and what is lost.
 * @returns the number of the installation's attempt
 */
export function rollBack(
  year: Year,
  step: Step | undefined,
  { id, upgrade, planned }: RunningPhase,
  reason: string,
  restored: Restoring,
): number {
  const stood = year.state.upgrades[upgrade];
  const attempt = (stood?.attempt ?? 1) + 1;
  const { lostSince, by } = restored;
  const today = year.today().on;
  const from = later(today, (year.plan.upgrade?.cases && stood?.from) ?? '');
  const again = upgrade !== 'upgrade' && { again: true as const };
  year.state.upgrades[upgrade] =
    lostSince === undefined && stood?.state === 'postponed' && from > today
      ? { ...stood, ...again, attempt }
      : {
          ...{ attempt, state: lostSince === undefined ? 'rolledBack' : 'restored', from },
          ...again,
          ...(stood?.untried !== undefined && { untried: stood.untried }),
          ...{ reason, ...restored },
        };
  const together = attemptTogether(year.state.upgrades[upgrade]);
  callOffSessions(year, step, upgrade);
  forgetTold(year, phasesOfUpgrade(year, upgrade));
  // What went wrong before is why there is a next attempt, and no alarm of that one.
  if (year.plan.upgrade?.reopens)
    for (const one of phasesOfUpgrade(year, upgrade)) clear(year, 'upgrade-failed', one);
  settleTogether(year, ['planned', 'upgraded', 'ownSystems', 'rolledBack', 'undone']);
  const phases = phasesOfUpgrade(year, upgrade).flatMap((one) => runningPhase(year, one)?.planned ?? []);
  const onCopy = isOnCopy(phases, planned) && { onCopy: true as const };
  if (lostSince === undefined) {
    tellCustomer(year, step, id, { kind: 'rolledBack', reason, attempt, ...onCopy });
    return together;
  }
  // The versions that were reported may be the contract's already.
  record(year, {
    kind: 'row',
    ref: upgrade,
    detail: {},
    upgraded: { upgrade, ...versionsBefore(year, upgrade) },
  });
  const contact = by !== undefined && year.plan.ids.contacts.includes(by) && { contact: by };
  tellCustomer(year, step, id, { kind: 'restored', reason, attempt, lostSince, ...contact });
  return together;
}

/** The upgrade under way, or to come: the one whose phases are open first. */
export function openUpgrade(year: Year): { upgrade: string; open: string[] } | undefined {
  const first = year.open('upgrade')[0];
  const upgrade = first && phaseOfUpgrade(first.id)?.upgrade;
  if (upgrade === undefined) return undefined;
  return { upgrade, open: phasesOfUpgrade(year, upgrade).filter((id) => !year.isClosed(id)) };
}
