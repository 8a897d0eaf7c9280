/** An approval stands for exactly the results that were shown: any change afterwards asks for it again. */
import { resultsHash } from '../../rules/engine/upgrade/results-hash';
import { phaseOfUpgrade } from '../../rules/engine/upgrade/phases';
import { reopenObligation } from '../year/obligations';
import { hold } from '../year/steps';
import { phasesOfUpgrade, runningPhase } from '../year/upgrades';
import type { Year } from '../year/year';
import type { HeldMail, Step } from '../year/year-state';

/** The results of an upgrade as they are now, as one hash; nothing in plans that do not tell cases. */
export function shownResults(year: Year, upgrade: string): string | undefined {
  if (!year.plan.upgrade?.cases) return undefined;
  const phases = phasesOfUpgrade(year, upgrade).flatMap((id) => runningPhase(year, id) ?? []);
  return resultsHash(
    phases.map(({ phase, planned, parts }) => ({ id: phase, kind: planned.kind, parts })),
    (key) => year.state.checks[key],
  );
}

/**
 * Opens the approval again if it stands for other results than there are now, and asks for it anew once the step that changed them
 * can be undone no more.
 */
export function approveAgain(year: Year, obligation: string, step: Step): void {
  const upgrade = phaseOfUpgrade(obligation)?.upgrade;
  if (upgrade === undefined) return;
  const approval = phasesOfUpgrade(year, upgrade)
    .flatMap((id) => runningPhase(year, id) ?? [])
    .find(({ planned }) => planned.kind === 'approval');
  const decision = approval?.parts.find(({ kind }) => kind === 'decision');
  if (!approval || !decision || year.state.closed[approval.id]?.state !== 'done') return;
  const { shown } = year.state.checks[decision.key] ?? {};
  if (shown === undefined || shown === shownResults(year, upgrade)) return;
  delete year.state.checks[decision.key];
  reopenObligation(year, approval.id);
  const isOutdated = ({ mail }: HeldMail): boolean =>
    mail.obligation === approval.id && mail.news?.kind === 'approved';
  step.withdrew = [...(step.withdrew ?? []), ...year.state.heldMails.filter(isOutdated)];
  year.state.heldMails = year.state.heldMails.filter((held) => !isOutdated(held));
  hold(year, step, {
    ...{ obligation: approval.id, step: 'again', revision: year.state.sequence },
    ...{ template: 'upgrade-approval', to: 'customer', roles: year.plan.upgrade?.roles ?? [] },
    changed: true,
  });
}
