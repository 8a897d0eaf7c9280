/** Tells the agreements that share an installation what becomes of it: it is upgraded, and rolled back, once for all. */
import type { ToldTogether } from '../../activities/years/upgrade-together';
import { record } from './journal';
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

function write(year: Year, told: Together): void {
  const { id, with: others } = year.plan.upgrade?.installation ?? { id: '', with: [] };
  record(year, {
    kind: 'row',
    ref: id,
    detail: {},
    together: { others, told: { of: year.agreement, ...told } },
  });
}
