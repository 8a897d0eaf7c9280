/** Reads the days in a table as spreadsheets and help desks write them. */
import { isLocalDate } from '../../rules/engine/basics/is-local-date';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import type { LocalDate } from '../../rules/engine/contract/contract';

/** Zones by name; others are written as `+01:00`. */
const zones: Record<string, string> = { Z: 'Z', UTC: 'Z', GMT: 'Z', CET: '+01:00', CEST: '+02:00' };

/**
 * The day of `2027-03-15`, also with a time (`14:05`, `9:05:30`) and a zone (`Z`, `+01:00`, `+0100`, `CET`). With a zone
 * it is the day in Sweden at that instant.
 *
 * @returns nothing if it is no such day or no time of a day
 */
export function readDay(text: string): LocalDate | undefined {
  const [, day, hour, minute, second = '00', zone] =
    /^(\d{4}-\d\d-\d\d)(?:[ T]+(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?(?: ?(Z|UTC|GMT|CES?T|[+-]\d\d(?::?\d\d)?))?)?$/i.exec(
      text,
    ) ?? [];
  if (day === undefined || !isLocalDate(day)) return undefined;
  if (hour === undefined || minute === undefined) return day;
  const [, sign = '+', hours = '00', minutes = '00'] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone ?? '') ?? [];
  const offset = zones[(zone ?? '').toUpperCase()] ?? `${sign}${hours}:${minutes}`;
  const instant = new Date(`${day}T${hour.padStart(2, '0')}:${minute}:${second}${offset}`);
  if (Number(hour) > 23 || Number.isNaN(instant.getTime())) return undefined;
  return zone === undefined ? day : localDateOf(instant.toISOString());
}
