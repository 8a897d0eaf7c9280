/** Dates and times as people in Stockholm read them. Names are tables, so that no ICU version changes a mail. */
import { DateTime } from 'luxon';
import type { Instant, LocalDate } from '../../rules/engine/contract/contract';
import type { Language } from '../../rules/engine/basics/text';

const zone = 'Europe/Stockholm';

/** The names of the days of the week, from Monday on. */
export const weekdayNames = {
  sv: ['måndag', 'tisdag', 'onsdag', 'torsdag', 'fredag', 'lördag', 'söndag'],
  en: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
} as const;

const months = {
  sv: 'januari februari mars april maj juni juli augusti september oktober november december'.split(' '),
  en: 'January February March April May June July August September October November December'.split(' '),
} as const;

/** Swedish writes short months out. */
const shortMonths = {
  sv: 'jan feb mars apr maj juni juli aug sep okt nov dec'.split(' '),
  en: 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' '),
} as const;

/** A calendar date, or the Stockholm date of an instant. */
function read(value: LocalDate | Instant): DateTime {
  const moment = DateTime.fromISO(value, { zone });
  if (!moment.isValid) throw new Error(`expected a date (YYYY-MM-DD) or an instant in UTC, found "${value}"`);
  return moment;
}

/**
 * The full date.
 * @example formatDate('2027-02-15', 'sv') // 'måndag 15 februari 2027'
 */
export function formatDate(value: LocalDate | Instant, language: Language): string {
  const on = read(value);
  return `${weekdayNames[language][on.weekday - 1]} ${on.day} ${months[language][on.month - 1]} ${on.year}`;
}

/**
 * The date with a short month, for tables and subjects; with its weekday if asked for.
 * @example formatShortDate('2027-02-15', 'sv') // '15 feb 2027', with its weekday 'mån 15 feb 2027'
 */
export function formatShortDate(
  value: LocalDate | Instant,
  language: Language,
  options: { weekday?: boolean } = {},
): string {
  const on = read(value);
  const day = options.weekday ? `${weekdayNames[language][on.weekday - 1]?.slice(0, 3)} ` : '';
  return `${day}${on.day} ${shortMonths[language][on.month - 1]} ${on.year}`;
}

/**
 * A month that begins on a day, short: by its name where that is its first, else by the day.
 * @example formatMonthFrom('2027-02-01', 'sv') // 'feb 2027', from the 15th '15 feb 2027'
 */
export const formatMonthFrom = (value: LocalDate, language: Language): string =>
  formatShortDate(value, language).replace(/^1 /, '');

/**
 * The month a date lies in.
 * @example formatMonth('2027-02-15', 'sv') // 'februari 2027'
 */
export function formatMonth(value: LocalDate, language: Language): string {
  const on = read(value);
  return `${months[language][on.month - 1]} ${on.year}`;
}

/**
 * Time of day in Stockholm.
 * @example formatTime('2027-02-15T09:00:00.000Z') // '10:00'
 */
export function formatTime(value: Instant): string {
  return read(value).toFormat('HH:mm');
}

/**
 * Date with a short month and time of day in Stockholm, as the customer's pages and mails give it.
 * @example formatMoment('2027-02-15T09:00:00.000Z', 'sv') // '15 feb 2027 10:00'
 */
export const formatMoment = (value: Instant, language: Language): string =>
  `${formatShortDate(value, language)} ${formatTime(value)}`;

/**
 * Date and time of day in Stockholm, as lists of ours give it.
 * @example formatMinute('2027-02-15T09:00:00.000Z') // '2027-02-15 10:00'
 */
export function formatMinute(value: Instant): string {
  return read(value).toFormat('yyyy-MM-dd HH:mm');
}

/**
 * From one instant to another, in Stockholm.
 * @example 'fre 7 maj 2027 17:00–22:00', 'fre 21 maj 2027 17:00 – sön 23 maj 2027 20:00'
 */
export function formatSpan(from: Instant, to: Instant, language: Language): string {
  const [begins, ends] = [from, to].map((at) => formatShortDate(at, language, { weekday: true }));
  return begins === ends
    ? `${begins} ${formatTime(from)}–${formatTime(to)}`
    : `${begins} ${formatTime(from)} – ${ends} ${formatTime(to)}`;
}

/** The last day of a period whose end is exclusive. */
export function dayBefore(value: LocalDate): LocalDate {
  return read(value).minus({ days: 1 }).toFormat('yyyy-MM-dd');
}
