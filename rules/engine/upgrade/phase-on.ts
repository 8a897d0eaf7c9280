import type { Instant } from '../contract/contract';
import { inPhaseOrder } from './in-phase-order';

/** An obligation of an upgrade as far as it tells which phase is on. */
export interface Standing {
  id: string;
  after?: string | null | undefined;
  opensAt: Instant;
  /** When it was closed; nothing while it is open. */
  closedAt?: Instant | null | undefined;
}

/**
 * The phase of one upgrade that is on or comes next, and since when: its day has come and what precedes it is closed.
 * Page and portfolio count by it.
 *
 * @param phases the obligations of the upgrade, all of them
 * @returns nothing where all are closed
 */
export function phaseOn<T extends Standing>(phases: readonly T[]): { phase: T; since: Instant } | undefined {
  const phase = inPhaseOrder(phases).find(({ closedAt }) => typeof closedAt !== 'string');
  if (!phase) return undefined;
  const before = phases.find(({ id }) => id === phase.after)?.closedAt ?? phase.opensAt;
  return { phase, since: before > phase.opensAt ? before : phase.opensAt };
}
