/**
 * Local dates and times of day within an agreement year, read from the calendar that its plan carries. Plain
 * arithmetic without a calendar library: workflows use it, and replay it for years.
 */
import type { Instant, LocalDate } from '../contract/contract';
import { addDays, addMinutes, isWeekend } from './dates';

/** The calendar of an agreement year, as far as a running year has to know it. */
export interface YearCalendar {
  /** Days from Monday to Friday on which nobody works, from a month before the year to a month after it. */
  closedDays: LocalDate[];
  /** Minutes that Sweden is ahead of UTC from an instant on; the first covers all before it. */
  offsets: { from: Instant; minutes: number }[];
  /** The working day, local times of day. */
  opens: string;
  closes: string;
}

type Clock = Pick<YearCalendar, 'offsets'>;

/** Minutes that local time is ahead of UTC at an instant. */
function offsetAt({ offsets }: Clock, instant: Instant): number {
  return (offsets.findLast(({ from }) => from <= instant) ?? offsets[0])?.minutes ?? 60;
}

/** The local date and time of day (`HH:MM`) of an instant. */
export function localIn(clock: Clock, instant: Instant): { on: LocalDate; time: string } {
  const local = addMinutes(instant, offsetAt(clock, instant));
  return { on: local.slice(0, 10), time: local.slice(11, 16) };
}

/**
 * An instant as people write it in messages.
 *
 * @example momentIn(calendar, '2027-06-11T05:00:00.000Z') // '2027-06-11 07:00'
 */
export const momentIn = (clock: Clock, instant: Instant): string =>
  Object.values(localIn(clock, instant)).join(' ');

/**
 * The instant of a local time of day. A time that summer time skips moves forward an hour; a time that occurs twice
 * means the second. `instantAt` answers the same with a calendar library.
 */
export function instantIn(clock: Clock, on: LocalDate, time: string): Instant {
  const local = `${on}T${time}:00.000Z`;
  const candidates = [...new Set(clock.offsets.map(({ minutes }) => minutes))].map((minutes) =>
    addMinutes(local, -minutes),
  );
  const fitting = candidates.filter((instant) => {
    const found = localIn(clock, instant);
    return found.on === on && found.time === time;
  });
  return (fitting.length > 0 ? fitting : candidates).reduce((a, b) => (a > b ? a : b));
}

/** Whether people work that day. Known for the days that the year's calendar covers. */
export function isOpenDayIn({ closedDays }: Pick<YearCalendar, 'closedDays'>, on: LocalDate): boolean {
  return !isWeekend(on) && !closedDays.includes(on);
}

/** When people next work: now, within the working day, or when the next one begins. */
export function nextWorkingTimeIn(calendar: YearCalendar, now: Instant): Instant {
  const { on: today, time } = localIn(calendar, now);
  const isOpen = isOpenDayIn(calendar, today) && time < calendar.closes;
  if (isOpen && time >= calendar.opens) return now;
  let on = isOpen ? today : addDays(today, 1);
  while (!isOpenDayIn(calendar, on)) on = addDays(on, 1);
  return instantIn(calendar, on, calendar.opens);
}

/** The night, local times of day: no working day begins in it, and no customer is mailed. */
export const night = { begins: '22:00', ends: '06:00' };

/** The instant itself, or for one at night when the next working day begins. `answerInstant` answers the same with a calendar library. */
export function afterNightIn(calendar: YearCalendar, at: Instant): Instant {
  const { on: today, time } = localIn(calendar, at);
  if (time >= night.ends && time < night.begins) return at;
  let on = time < night.ends ? today : addDays(today, 1);
  while (!isOpenDayIn(calendar, on)) on = addDays(on, 1);
  return instantIn(calendar, on, calendar.opens);
}

/** Whether a text is a time of day, `HH:MM`. */
export function isLocalTime(text: string): boolean {
  return /^([01]\d|2[0-3]):[0-5]\d$/.test(text);
}
