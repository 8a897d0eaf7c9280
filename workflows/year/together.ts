/** Tells the agreements that share an installation what becomes of it: it is upgraded, and rolled back, once for all. */
import type { ToldTogether } from '../../activities/years/upgrade-together';
import { takesSystemDown } from '../../rules/engine/upgrade/phases';
import { clear, record } from './journal';
import type { RunningPhase } from './upgrades';
import { isFinished, runningPhase } from './upgrades';
import type { Year } from './year';
import type { Step } from './year-state';

/** What becomes of the installation. */
export type Together = Omit<ToldTogether, 'of'>;

/** Tells the others, through the journal; nothing where the installation is the agreement's own. */
export function tellOthers(year: Year, step: Step, told: Together): void {
  if (!year.plan.upgrade?.installation) return;
  step.together = told;
  write(year, told);
}

/** Tells the others that a step of which they were told is undone. */
export function takeBackTogether(year: Year, { together }: Step): void {
  if (!together) return;
  const { state: what, kind } = together;
  write(year, { state: 'undone', what, ...(kind && { kind }) });
}

/** Whether a system is upgraded once for all agreements of the installation; other systems are each agreement's own. */
export function isSharedSystem(year: Year, system: string): boolean {
  const { product } = year.plan.upgrade?.installation ?? {};
  return product === undefined || product === system;
}

/** What people are asked to look at because of another agreement. */
export type LookedAt = ToldTogether['state'] | 'ownSystems';

export const lookedAt: readonly LookedAt[] = [
  ...(['planned', 'upgraded', 'ownSystems', 'rolledBack', 'postponed', 'declined', 'undone'] as const),
];

/** The code under which they are. */
export const shared = 'installation-shared';

/**
 * Clears what people were asked to look at and has been overtaken.
 * @param over what is over
 * @param of by the word of this agreement alone
 */
export function settleTogether(year: Year, over: readonly LookedAt[], of?: string): void {
  const all = year.state.attention.filter(({ code }) => code === shared);
  for (const { subject } of all) {
    const [by, what] = subject.split(' ');
    if (over.some((one) => one === what) && (of === undefined || of === by)) clear(year, shared, subject);
  }
}

/** Clears what was said of an agreement's own systems once each of them is reported. @param id the phase that owes them */
export function settleOwnSystems(year: Year, id: string): void {
  const parts = runningPhase(year, id)?.parts ?? [];
  const isLeft = parts.some(
    ({ kind, id: system, key }) =>
      kind === 'system' && !isSharedSystem(year, system) && year.state.checks[key]?.ok !== true,
  );
  if (!isLeft) settleTogether(year, ['ownSystems']);
}

/** What of that is over once the installation is upgraded, by whoever: only what was left open by that is still to look at. */
export function settleOnceInstalled(
  year: Year,
  { planned, upgrade }: Pick<RunningPhase, 'planned' | 'upgrade'>,
): void {
  const isOver = isFinished(year, upgrade);
  settleTogether(
    year,
    isOver ? lookedAt : takesSystemDown(planned) ? overOnceDown : ['rolledBack', 'undone'],
  );
}

/** What is over once the system went down, or the customer does without the upgrade. */
export const overOnceDown: readonly LookedAt[] = lookedAt.filter(
  (one) => !/^(upgraded|ownSystems)$/.test(one),
);

function write(year: Year, told: Together): void {
  const { id, with: others } = year.plan.upgrade?.installation ?? { id: '', with: [] };
  record(year, {
    kind: 'row',
    ref: id,
    detail: {},
    together: { others, told: { of: year.agreement, ...told } },
  });
}
