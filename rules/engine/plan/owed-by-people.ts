import type { Obligation } from './plan';

/** Whether a person has to act. Statements, the notice of renewal and the close are sent without one. */
export function isOwedByPeople({ id, strand }: Pick<Obligation, 'id' | 'strand'>): boolean {
  return strand !== 'close' && strand !== 'hourBank' && id !== 'renewal/notice';
}
