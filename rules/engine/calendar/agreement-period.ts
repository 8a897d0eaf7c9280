import { addYears } from './dates';
import type { LocalDate } from '../contract/contract';

/**
 * An agreement year, half-open: `to` is the first day of the next. Every year is counted from the original
 * start, so that one of 29 February is back on it each leap year ("inom ramen för en 12 månaders period").
 *
 * @param yearNumber 1 is the first
 */
export function periodOf(startsOn: LocalDate, yearNumber: number): { from: LocalDate; to: LocalDate } {
  return { from: addYears(startsOn, yearNumber - 1), to: addYears(startsOn, yearNumber) };
}

/** The number of the agreement year a date lies in; 1 for dates before the start. */
export function yearNumberOn(startsOn: LocalDate, date: LocalDate): number {
  const calendarYears = Number(date.slice(0, 4)) - Number(startsOn.slice(0, 4));
  const begun = calendarYears >= 0 && addYears(startsOn, calendarYears) <= date;
  return Math.max(1, begun ? calendarYears + 1 : calendarYears);
}
