/** Closes obligations as done, missed, cancelled or declined, opens them again, and begins the period. */
import { clear, record } from './journal';
import type { Year } from './year';
import type { ClosedObligation } from './year-state';

/**
 * Closes an obligation and writes it down. Closing twice is harmless.
 * @param how `again`: what closed it before holds again
 */
export function closeObligation(
  year: Year,
  id: string,
  how: Omit<ClosedObligation, 'at'> & { note?: string; again?: true },
): void {
  if (year.isClosed(id)) return;
  const { note, again, ...closed } = how;
  year.state.closed[id] = { at: year.now(), ...closed };
  record(year, {
    kind: 'phase',
    ref: id,
    detail: { state: how.state, ...(again && { again }) },
    obligation: { id, ...closed, ...(note === undefined ? {} : { note }) },
  });
}

/** Opens an obligation again and writes it down. */
export function reopenObligation(year: Year, id: string): void {
  delete year.state.closed[id];
  record(year, { kind: 'phase', ref: id, detail: { state: 'open' }, obligation: { id, state: 'open' } });
}

/** Writes down that an obligation is closed again, as it was before a step opened it that is undone now. */
export function writeClosed(year: Year, id: string): void {
  const closed = year.state.closed[id];
  if (!closed) return;
  const { at: closedAt, state, by } = closed;
  record(year, {
    kind: 'phase',
    ref: id,
    detail: { state },
    obligation: { id, state, closedAt, ...(by !== undefined && { by }) },
  });
}

/** Codes of attention that are cleared when their obligation is closed. */
const endsWithIt = ['meeting-unbooked', 'meeting-overdue', 'step-overdue', 'upgrade-failed'];

/** Clears the attention about an obligation once that is settled. */
export function clearSettled(year: Year, id: string, codes = endsWithIt): void {
  for (const code of codes)
    if (year.state.attention.some((item) => item.code === code && item.subject === id)) clear(year, code, id);
}

/** Begins the period; written down once, also where the year goes on in a new run. */
export function beginPeriod(year: Year): void {
  year.phase = 'running';
  year.changed = true;
  if (year.state.begun) return;
  year.state.begun = true;
  const { from, to } = year.plan;
  record(year, { kind: 'agreement', ref: 'year-started', detail: { period: `${from} to ${to}` } });
}
