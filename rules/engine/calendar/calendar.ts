/**
 * The Swedish business calendar in Europe/Stockholm. Closed days ("helgfria vardagar"): weekends, statutory
 * holidays, midsummer's, Christmas and New Year's Eve. Functions that count open days also take the further dates on
 * which an agreement is closed ("om ej annat avtalas"). Dates are `YYYY-MM-DD`, instants ISO 8601 in UTC.
 */
import Holidays from 'date-holidays';
import { DateTime } from 'luxon';
import type { Instant, LocalDate } from '../contract/contract';
import { addDays, isWeekend } from './dates';

const zone = 'Europe/Stockholm';
const swedish = new Holidays('SE');

const noMore: ReadonlySet<LocalDate> = new Set();

/** Caches: a preview of ten thousand agreements asks for the same few thousand days and instants over and over. */
const closedDaysByYear = new Map<string, ReadonlySet<LocalDate>>();
const instants = new Map<string, Instant>();
const workdays = new Map<LocalDate, boolean>();
const localDates = new Map<string, LocalDate>();
const daysAfter = new Map<LocalDate, LocalDate>();
const daysBefore = new Map<LocalDate, LocalDate>();

/** Whether a date is a statutory holiday, or midsummer's, Christmas or New Year's Eve. */
export function isHoliday(date: LocalDate): boolean {
  return closedDays(date.slice(0, 4)).has(date);
}

/** Whether support and consultants work that day. */
export function isOpenDay(date: LocalDate, closed = noMore): boolean {
  return !closed.has(date) && isWorkday(date);
}

function isWorkday(date: LocalDate): boolean {
  const known = workdays.get(date);
  if (known !== undefined) return known;
  const open = !isWeekend(date) && !isHoliday(date);
  workdays.set(date, open);
  return open;
}

/** The date itself if it is open, else the next open day. */
export function nextOpenDay(date: LocalDate, closed = noMore): LocalDate {
  let day = date;
  while (!isOpenDay(day, closed)) day = dayAfter(day);
  return day;
}

/** The date itself if it is open, else the open day before. */
export function previousOpenDay(date: LocalDate, closed = noMore): LocalDate {
  let day = date;
  while (!isOpenDay(day, closed)) day = dayBefore(day);
  return day;
}

/**
 * The `count`-th open day after the date, or before it if negative; the date itself is not counted.
 *
 * @example addOpenDays('2027-03-25', 1) // '2027-03-30', over Easter
 */
export function addOpenDays(date: LocalDate, count: number, closed = noMore): LocalDate {
  let day = date;
  for (let left = Math.abs(count); left > 0; left--)
    day = count > 0 ? nextOpenDay(dayAfter(day), closed) : previousOpenDay(dayBefore(day), closed);
  return day;
}

function dayAfter(date: LocalDate): LocalDate {
  const known = daysAfter.get(date);
  if (known !== undefined) return known;
  const after = addDays(date, 1);
  daysAfter.set(date, after);
  return after;
}

function dayBefore(date: LocalDate): LocalDate {
  const known = daysBefore.get(date);
  if (known !== undefined) return known;
  const before = addDays(date, -1);
  daysBefore.set(date, before);
  return before;
}

/**
 * The instant of a local time of day. A time that summer time skips moves forward an hour; a time that occurs twice
 * means the second.
 *
 * @param time `HH:MM`
 * @example instantAt('2027-02-15', '10:00') // '2027-02-15T09:00:00.000Z'
 */
export function instantAt(date: LocalDate, time: string): Instant {
  const local = `${date}T${time}`;
  const known = instants.get(local);
  if (known !== undefined) return known;
  const moment = DateTime.fromISO(local, { zone });
  if (!moment.isValid)
    throw new Error(`expected a date and a time of day as HH:MM, found "${date}" and "${time}"`);
  const instant = moment.toJSDate().toISOString();
  instants.set(local, instant);
  return instant;
}

/**
 * The instant at which a span of a date begins: the first at which its clock shows the time of day, or a later one where
 * summer time skips it.
 *
 * @param time `HH:MM`
 * @example beginningAt('2027-10-31', '02:30') // '2027-10-31T00:30:00.000Z', the first of two
 */
export function beginningAt(date: LocalDate, time: string): Instant {
  const { wall, changes, before, after } = clockOf(date, time);
  const first = wall - before;
  return new Date(first < changes ? first : Math.max(changes, wall - after)).toISOString();
}

/**
 * The instant at which a span of a date ends: the last at which its clock shows the time of day, or the first later one
 * where summer time skips it.
 *
 * @param time `HH:MM`, or `24:00` for the end of the day
 * @example endAt('2027-10-31', '02:30') // '2027-10-31T01:30:00.000Z', the second of two
 */
export function endAt(date: LocalDate, time: string): Instant {
  const { wall, changes, before, after } = clockOf(date, time);
  const last = wall - after;
  return new Date(last >= changes ? last : Math.min(changes, wall - before)).toISOString();
}

/** A time of day on a date as if in UTC, how far ahead of UTC the date begins and ends, and when clocks may change. */
function clockOf(
  date: LocalDate,
  time: string,
): { wall: number; changes: number; before: number; after: number } {
  const midnight = Date.parse(date);
  const next = addDays(date, 1);
  const [hours = NaN, minutes = NaN] = time.split(':').map(Number);
  return {
    wall: midnight + (60 * hours + minutes) * 60_000,
    // Everywhere in the Union clocks are changed at 01:00 UTC.
    changes: midnight + 3_600_000,
    before: midnight - Date.parse(instantAt(date, '00:00')),
    after: Date.parse(next) - Date.parse(instantAt(next, '00:00')),
  };
}

/** The calendar date in Sweden at an instant. */
export function localDateOf(instant: Instant): LocalDate {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(instant)) return localDate(instant);
  // Summer time begins and ends on a whole hour, so that all of an hour lies on one date.
  const hour = instant.slice(0, 13);
  const known = localDates.get(hour);
  if (known !== undefined) return known;
  const date = localDate(instant);
  localDates.set(hour, date);
  return date;
}

function localDate(instant: Instant): LocalDate {
  const local = DateTime.fromISO(instant, { zone });
  if (!local.isValid) throw new Error(`expected an instant as 2027-02-15T09:00:00.000Z, found "${instant}"`);
  return isoDate(local);
}

/** The first time a working day begins at or after an instant. */
export function nextOpening(instant: Instant, opens: string, closed = noMore): Instant {
  const today = nextOpenDay(localDateOf(instant), closed);
  const opening = instantAt(today, opens);
  return Date.parse(opening) >= Date.parse(instant)
    ? opening
    : instantAt(addOpenDays(today, 1, closed), opens);
}

function closedDays(year: string): ReadonlySet<LocalDate> {
  const known = closedDaysByYear.get(year);
  if (known !== undefined) return known;
  const holidays = swedish.getHolidays(year).filter(({ type }) => type === 'public' || type === 'bank');
  const closed = new Set(holidays.map(({ date }) => date.slice(0, 10)));
  closedDaysByYear.set(year, closed);
  return closed;
}

function isoDate(date: DateTime): LocalDate {
  const text = date.toISODate();
  if (text === null) throw new Error(`expected a calendar date, found ${String(date.invalidExplanation)}`);
  return text;
}
