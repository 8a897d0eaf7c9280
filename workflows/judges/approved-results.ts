/** An approval stands for exactly the results that were shown: any change afterwards asks for it again. */
import { resultsHash } from '../../rules/engine/upgrade/results-hash';
import { phaseOfUpgrade } from '../../rules/engine/upgrade/phases';
import { reopenObligation } from '../year/obligations';
import { hold, withdraw } from '../year/steps';
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
 */
export function approveAgain(year: Year, obligation: string, step: Step): void {
  const approval = approvalOf(year, obligation);
  const decision = approval?.parts.find(({ kind }) => kind === 'decision');
  if (!approval || !decision || year.state.closed[approval.id]?.state !== 'done') return;
  const { shown } = year.state.checks[decision.key] ?? {};
  if (shown === undefined || shown === shownResults(year, approval.upgrade)) return;
  delete year.state.checks[decision.key];
  reopenObligation(year, approval.id);
  withdraw(year, step, ({ mail }) => mail.obligation === approval.id && mail.news !== undefined);
  askAnew(year, approval, step);
}

/** Asks for an approval anew that was asked for before, once all that precedes it is closed again. */
export function askOnceClosed(year: Year, obligation: string, step: Step): void {
  const approval = approvalOf(year, obligation);
  if (!approval || approval.id === obligation || year.isClosed(approval.id)) return;
  const asked = `${approval.id}#${year.obligation(approval.id)?.revision ?? 1}/`;
  if (year.state.sent.some((one) => one.startsWith(asked))) askAnew(year, approval, step);
}

/** The approval of an upgrade, in plans that tell cases. */
function approvalOf(year: Year, obligation: string): RunningPhase | undefined {
  const upgrade = phaseOfUpgrade(obligation)?.upgrade;
  if (upgrade === undefined || !year.plan.upgrade?.cases) return undefined;
  return phasesOfUpgrade(year, upgrade)
    .flatMap((id) => runningPhase(year, id) ?? [])
    .find(({ planned }) => planned.kind === 'approval');
}

/** Has the customer asked with what has changed; not while a phase before the approval is open: what failed is no result yet. */
function askAnew(year: Year, { id, upgrade }: RunningPhase, step: Step): void {
  const asksAgain = ({ mail }: HeldMail): boolean =>
    mail.obligation === id && mail.template === 'upgrade-approval';
  withdraw(year, step, asksAgain);
  const phases = phasesOfUpgrade(year, upgrade);
  if (phases.slice(0, phases.indexOf(id)).some((one) => !year.isClosed(one))) return;
  hold(year, step, {
    ...{ obligation: id, step: 'again', revision: year.state.sequence },
    ...{ template: 'upgrade-approval', to: 'customer', roles: year.plan.upgrade?.roles ?? [] },
    changed: true,
  });
}
