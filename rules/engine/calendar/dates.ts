/** Arithmetic of dates and instants without a library: workflows use it, and replay it for years. */
import type { Instant, LocalDate } from '../contract/contract';

const millisecondsPerDay = 86_400_000;

/** The later of two dates, or of two instants. */
export function later(a: string, b: string): string {
  return a > b ? a : b;
}

/** The earlier of two dates, or of two instants. */
export function earlier(a: string, b: string): string {
  return a < b ? a : b;
}

/** The instant so many seconds later, or earlier if negative. */
export function addSeconds(instant: Instant, seconds: number): Instant {
  return new Date(Date.parse(instant) + seconds * 1000).toISOString();
}

/** The instant so many minutes later, or earlier if negative. */
export function addMinutes(instant: Instant, minutes: number): Instant {
  return addSeconds(instant, minutes * 60);
}

/** Whether a date is a Saturday or a Sunday. */
export function isWeekend(date: LocalDate): boolean {
  const weekday = new Date(date).getUTCDay();
  return weekday === 0 || weekday === 6;
}

/** The calendar date so many days later, or earlier if negative. */
export function addDays(date: LocalDate, days: number): LocalDate {
  return new Date(Date.parse(date) + days * millisecondsPerDay).toISOString().slice(0, 10);
}

/** Calendar days from one date to another. */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return (Date.parse(to) - Date.parse(from)) / millisecondsPerDay;
}

/**
 * The same day of the month so many months later, or the last day of a month that is too short. Always count from
 * the original date, not from the result before: 31 January gives 28 February, then 31 March.
 */
export function addMonths(original: LocalDate, months: number): LocalDate {
  const [year = NaN, month = NaN, day = NaN] = original.split('-').map(Number);
  const last = new Date(Date.UTC(year, month + months, 0));
  return new Date(last.setUTCDate(Math.min(day, last.getUTCDate()))).toISOString().slice(0, 10);
}

/** As `addMonths`: 29 February becomes 28 February, but stays 29 February in leap years. */
export function addYears(original: LocalDate, years: number): LocalDate {
  return addMonths(original, 12 * years);
}

/** ISO week number, 1 to 53: that of the week's Thursday, counted within the Thursday's year. */
export function isoWeek(date: LocalDate): number {
  const thursday = addDays(mondayOf(date), 3);
  return 1 + Math.floor(daysBetween(`${thursday.slice(0, 4)}-01-01`, thursday) / 7);
}

/** The Monday of the week a date lies in. */
export function mondayOf(date: LocalDate): LocalDate {
  return addDays(date, -((new Date(date).getUTCDay() + 6) % 7));
}
