/**
 * When something is expected to happen ("no orders at night is normal; no orders from 10 to 14 on a working day is
 * not"). Hours are wall clock time in Europe/Stockholm: where summer time skips an hour, the minutes of it do not
 * occur, and where it repeats one they occur twice. No hours at all means always.
 */
import { instantAt, isOpenDay, localDateOf } from '../calendar/calendar';
import { addDays } from '../calendar/dates';
import type { Instant, LocalDate } from '../contract/contract';
import { weekdays } from '../contract/monitor';
import type { Hours } from '../contract/monitor';

const minute = 60_000;
const day = 1440 * minute;

/** How many days ahead hours are looked for: hours that open at all do so within a year, despite holidays. */
const furthestDays = 400;

/** Milliseconds since 1970, from and until. */
type Span = [from: number, to: number];

/** A span of time. */
export interface Window {
  from: Instant;
  to: Instant;
}

/** Whether something is expected at an instant. */
export function isWithinHours(
  at: Instant,
  hours: readonly Hours[] | undefined,
  closed: ReadonlySet<LocalDate>,
): boolean {
  return hours === undefined || currentWindow(at, hours, closed) !== undefined;
}

/**
 * Expected minutes from one instant to another, 0 if `to` is not later.
 *
 * @example minutesWithin('2027-05-03T11:30:00.000Z', '2027-05-04T08:15:00.000Z', [{ from: '10:00', to: '14:00' }], new Set()) // 45
 */
export function minutesWithin(
  from: Instant,
  to: Instant,
  hours: readonly Hours[] | undefined,
  closed: ReadonlySet<LocalDate>,
): number {
  const [start, end] = [Date.parse(from), Date.parse(to)];
  if (!(end > start)) return 0;
  if (hours === undefined) return (end - start) / minute;
  let sum = 0;
  for (let date = localDateOf(from); date <= localDateOf(to); date = addDays(date, 1))
    for (const [opens, closes] of spansOn(date, hours, closed))
      sum += Math.max(0, Math.min(end, closes) - Math.max(start, opens));
  return sum / minute;
}

/**
 * How many expected minutes old something is. Beyond a year only the last year counts: a row dated in year 1 would
 * otherwise take two thousand years of holidays to compute.
 */
export function expectedAge(
  since: number,
  now: number,
  hours: readonly Hours[] | undefined,
  closed: ReadonlySet<LocalDate>,
): number {
  if (hours === undefined) return (now - since) / minute;
  const from = Math.min(now, Math.max(since, now - 366 * day));
  return minutesWithin(new Date(from).toISOString(), new Date(now).toISOString(), hours, closed);
}

/**
 * The instant at which so many expected minutes have passed; `undefined` where the hours never open.
 *
 * @param minutes 0 is the instant itself within the hours, else the next opening
 */
export function afterMinutesWithin(
  at: Instant,
  minutes: number,
  hours: readonly Hours[] | undefined,
  closed: ReadonlySet<LocalDate>,
): Instant | undefined {
  const start = Date.parse(at);
  let left = minutes * minute;
  if (hours === undefined) return new Date(start + left).toISOString();
  const today = localDateOf(at);
  let last = addDays(today, furthestDays);
  for (let date = today; date <= last; date = addDays(date, 1))
    for (const [opens, closes] of spansOn(date, hours, closed)) {
      const from = Math.max(start, opens);
      if (from >= closes) continue;
      // Minutes that fill a span exactly end with it, not when the next one opens.
      if (left <= closes - from) return new Date(from + left).toISOString();
      left -= closes - from;
      last = addDays(date, furthestDays);
    }
  return undefined;
}

/** The span of the hours, within its day, that an instant lies in; `undefined` outside them or without hours. */
export function currentWindow(
  at: Instant,
  hours: readonly Hours[] | undefined,
  closed: ReadonlySet<LocalDate>,
): Window | undefined {
  const now = Date.parse(at);
  const found = spansOn(localDateOf(at), hours ?? [], closed).find(([from, to]) => from <= now && now < to);
  return found && { from: new Date(found[0]).toISOString(), to: new Date(found[1]).toISOString() };
}

/** An instant as people in Sweden read it: `2027-05-03 14:05`. */
export function localTimeOf(at: Instant): string {
  const moment = Date.parse(at);
  const [, , ahead] = stretchesOf(localDateOf(at)).find(([, to]) => moment < to) ?? [0, 0, 0];
  return new Date(moment + ahead).toISOString().slice(0, 16).replace('T', ' ');
}

/** The spans of a day, in order; spans that overlap or touch are merged. */
function spansOn(date: LocalDate, hours: readonly Hours[], closed: ReadonlySet<LocalDate>): Span[] {
  const spans = hours
    .filter(({ days }) => isOn(date, days, closed))
    .flatMap(({ from, to }) => spansOf(date, millisecondsOf(from), millisecondsOf(to)))
    .sort(([a], [b]) => a - b);
  const merged: Span[] = [];
  for (const [from, to] of spans) {
    const before = merged.at(-1);
    if (before && from <= before[1]) before[1] = Math.max(before[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

function isOn(date: LocalDate, days: Hours['days'], closed: ReadonlySet<LocalDate>): boolean {
  if (days === undefined || days === 'open') return isOpenDay(date, closed);
  if (days === 'all') return true;
  const weekday = weekdays[(new Date(date).getUTCDay() + 6) % 7];
  return days.some((one) => one === weekday);
}

/** When the wall clock of a date shows a time from `from` until `to`: several spans on a day when it is set back. */
function spansOf(date: LocalDate, from: number, to: number): Span[] {
  const midnight = Date.parse(date);
  return stretchesOf(date).flatMap(([start, end, ahead]): Span[] => {
    const opens = Math.max(start, midnight + from - ahead);
    const closes = Math.min(end, midnight + to - ahead);
    return opens < closes ? [[opens, closes]] : [];
  });
}

/** A day as stretches without a change of the clock, each with the milliseconds that local time is ahead of UTC. */
function stretchesOf(date: LocalDate): [from: number, to: number, ahead: number][] {
  const midnight = Date.parse(date);
  const start = Date.parse(instantAt(date, '00:00'));
  const end = Date.parse(instantAt(addDays(date, 1), '00:00'));
  const [before, after] = [midnight - start, midnight + day - end];
  if (before === after) return [[start, end, before]];
  // Everywhere in the Union clocks are changed at 01:00 UTC.
  const changed = midnight + 60 * minute;
  return [
    [start, changed, before],
    [changed, end, after],
  ];
}

function millisecondsOf(time: string): number {
  const [hours = NaN, minutes = NaN] = time.split(':').map(Number);
  return (60 * hours + minutes) * minute;
}
