/** Reads the cells of a table as spreadsheets and help desks write them. */
import { readNumber } from '../../rules/engine/basics/read-number';
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

const hourUnits = ['h', 'tim', 'tim.', 'timmar', 'timme', 'hours', 'hour'];

/**
 * Hours as a number, or as a span of time: `1,5`, `1.5 h`, `1:30`, `1:30:00`. A span is rounded to hundredths of an hour.
 *
 * @returns nothing if it is neither
 */
export function readHours(text: string): number | undefined {
  const [, hours, minutes, seconds = '0'] = /^(\d{1,5}):([0-5]\d)(?::([0-5]\d))?$/.exec(text) ?? [];
  if (hours === undefined || minutes === undefined) return readNumber(text, hourUnits);
  return Math.round((Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) / 36) / 100;
}
