import type { Instant, LocalDate } from '../contract/contract';
import { isLocalDate } from '../basics/is-local-date';

/** A day with a time of day of the reader's, or an instant that says how far it is from UTC. */
export type Moment = { on: LocalDate; time: string } | { at: Instant };

const form =
  /^(\d{4}-\d\d-\d\d)[ T]+(?:kl\.? ?)?([01]?\d|2[0-3])[:.]([0-5]\d)(?::\d\d(?:\.\d+)?)?\s*(Z|[+-]\d\d:\d\d)?$/i;

/**
 * Reads when something happened, as people write it or as a computer does.
 * @example readMoment('2027-05-08 17.00') // { on: '2027-05-08', time: '17:00' }
 * @example readMoment('2027-05-08T17:00:00Z') // { at: '2027-05-08T17:00:00.000Z' }
 */
export function readMoment(text: string): Moment | undefined {
  const [, on = '', hours = '', minutes = '', zone] = form.exec(text.trim()) ?? [];
  if (!isLocalDate(on)) return undefined;
  const time = `${hours.padStart(2, '0')}:${minutes}`;
  if (zone === undefined) return { on, time };
  return { at: new Date(`${on}T${time}:00.000${zone.toUpperCase()}`).toISOString() };
}
