/** What the year owes comes to its end: done, missed or cancelled; and the period begins. */
import { record } from './journal';
import type { Year } from './year';
import type { ClosedObligation } from './year-state';

/** Closes an obligation and writes it down. Closing twice is harmless. */
export function closeObligation(
  year: Year,
  id: string,
  how: Omit<ClosedObligation, 'at'> & { note?: string },
): void {
  if (year.isClosed(id)) return;
  const { note, ...closed } = how;
  year.state.closed[id] = { at: year.now(), ...closed };
  record(year, {
    kind: 'phase',
    ref: id,
    detail: { state: how.state },
    obligation: { id, ...closed, ...(note === undefined ? {} : { note }) },
  });
}

/** The period has begun; written down once, also when the year goes on in a new run. */
export function beginPeriod(year: Year): void {
  year.phase = 'running';
  if (year.state.begun) return;
  year.state.begun = true;
  const { from, to } = year.plan;
  record(year, { kind: 'agreement', ref: 'year-started', detail: { period: `${from} to ${to}` } });
}
