/** An approval stands for exactly the results that were shown: any change afterwards asks for it again, unless it is taken back. */
import { resultsHash } from '../../rules/engine/upgrade/results-hash';
import type { Part } from '../../rules/engine/upgrade/parts';
import { lapsedKey, missingParts } from '../../rules/engine/upgrade/parts';
import { phaseOfUpgrade } from '../../rules/engine/upgrade/phases';
import { closeObligation, reopenObligation } from '../year/obligations';
import { hold, withdraw } from '../year/steps';
import { isAskedAgain } from '../year/told-once';
import type { RunningPhase } from '../year/upgrades';
import { phasesOfUpgrade, runningPhase } from '../year/upgrades';
import type { Year } from '../year/year';
import type { HeldMail, Step } from '../year/year-state';

/**
 * The results of an upgrade as they are now, as one hash: also of phases that an earlier year closed. Nothing in plans that do not
 * tell cases.
 */
export function shownResults(year: Year, upgrade: string): string | undefined {
  const { upgrade: plan } = year.plan;
  const carried = upgrade === 'upgrade' ? undefined : plan?.carried;
  const { phases = [], cases } = (upgrade === 'upgrade' ? plan : carried) ?? {};
  if (!cases) return undefined;
  const isTold = (phase: string): boolean =>
    year.obligation(`${upgrade}/${phase}`) !== undefined || carried?.closed.includes(phase) === true;
  const told = phases.flatMap(({ id }) => (isTold(id) ? (runningPhase(year, `${upgrade}/${id}`) ?? []) : []));
  return resultsHash(
    told.map(({ phase, planned, parts }) => ({ id: phase, kind: planned.kind, parts })),
    (key) => year.state.checks[key],
  );
}

/**
 * Opens the approval again if it stands for other results than there are now. It is asked for anew once the step that changed them can
 * be undone no more, or with the last phase before it that is open again.
 * @returns the approval, if it holds again: the results are those that it stands for
 */
export function approveAgain(year: Year, obligation: string, step: Step): RunningPhase | undefined {
  const approval = approvalOf(year, obligation);
  const decision = approval && decisionOf(approval);
  if (!approval || !decision) return undefined;
  if (!year.isClosed(approval.id)) return holdsAgain(year, approval, step);
  const given = year.state.checks[decision.key];
  const isChanged = given?.shown !== undefined && given.shown !== shownResults(year, approval.upgrade);
  if (!isChanged || year.state.closed[approval.id]?.state !== 'done') return undefined;
  delete year.state.checks[decision.key];
  // Ended without the customer is no approval that could hold again.
  if (given.contact !== undefined) year.state.checks[lapsedKey(approval.upgrade)] = given;
  reopenObligation(year, approval.id);
  withdraw(year, step, ({ mail }) => mail.obligation === approval.id && mail.news !== undefined);
  askAnew(year, approval, step);
  return undefined;
}

/**
 * Asks for an approval anew that was asked for before, once all that precedes it is closed again.
 * @returns the approval, if it holds again instead
 */
export function askOnceClosed(year: Year, obligation: string, step: Step): RunningPhase | undefined {
  const approval = approvalOf(year, obligation);
  if (!approval || approval.id === obligation || year.isClosed(approval.id)) return undefined;
  const again = holdsAgain(year, approval, step);
  if (again) return again;
  const asked = `${approval.id}#${year.obligation(approval.id)?.revision ?? 1}/`;
  if (isAskedAgain(year, approval.id) || year.state.sent.some((one) => one.startsWith(asked)))
    askAnew(year, approval, step);
  return undefined;
}

/** Closes the approval with the one that was given last, if the results are again exactly those that it stands for. */
function holdsAgain(year: Year, approval: RunningPhase, step: Step): RunningPhase | undefined {
  const { id, upgrade, parts } = approval;
  const { checks } = year.state;
  const key = lapsedKey(upgrade);
  const [lapsed, decision] = [checks[key], decisionOf(approval)];
  if (!lapsed || !decision || lapsed.shown !== shownResults(year, upgrade)) return undefined;
  const { failed, unreported } = missingParts(parts, { ...checks, [decision.key]: lapsed });
  if (isPreceded(year, approval) || failed.length + unreported.length > 0) return undefined;
  withdraw(year, step, asksAgain(id));
  delete checks[key];
  checks[decision.key] = lapsed;
  const by = lapsed.by ?? lapsed.contact;
  closeObligation(year, id, { state: 'done', again: true, ...(by !== undefined && { by }) });
  return approval;
}

const decisionOf = ({ parts }: RunningPhase): Part | undefined =>
  parts.find(({ kind }) => kind === 'decision');

/** The approval of an upgrade, in plans that tell cases. */
function approvalOf(year: Year, obligation: string): RunningPhase | undefined {
  const upgrade = phaseOfUpgrade(obligation)?.upgrade;
  if (upgrade === undefined || !year.plan.upgrade?.cases) return undefined;
  return phasesOfUpgrade(year, upgrade)
    .flatMap((id) => runningPhase(year, id) ?? [])
    .find(({ planned }) => planned.kind === 'approval');
}

/** Whether a phase before the approval is open: what failed is no result yet. */
function isPreceded(year: Year, { id, upgrade }: RunningPhase): boolean {
  const phases = phasesOfUpgrade(year, upgrade);
  return phases.slice(0, phases.indexOf(id)).some((one) => !year.isClosed(one));
}

const asksAgain =
  (id: string) =>
  ({ mail }: HeldMail): boolean =>
    mail.obligation === id && mail.template === 'upgrade-approval';

/** Has the customer asked with what has changed, once nothing before the approval is open. */
function askAnew(year: Year, approval: RunningPhase, step: Step): void {
  const { id } = approval;
  withdraw(year, step, asksAgain(id));
  if (isPreceded(year, approval)) return;
  hold(year, step, {
    ...{ obligation: id, step: 'again', revision: year.state.sequence },
    ...{ template: 'upgrade-approval', to: 'customer', roles: year.plan.upgrade?.roles ?? [] },
    changed: true,
  });
}
