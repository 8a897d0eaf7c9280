import type { Obligation } from './plan';

/** Whether somebody has to act; statements, the notice of renewal and the close are ours to send by ourselves. */
export function isOwedByPeople({ id, strand }: Pick<Obligation, 'id' | 'strand'>): boolean {
  return strand !== 'close' && strand !== 'hourBank' && id !== 'renewal/notice';
}
