/** On which days and at what times of day a job runs that is said to run at times, and whether any of it is expected. */
import { DateTime } from 'luxon';
import { readCron } from '../basics/cron';
import type { LocalDate } from './contract';
import { weekdays } from './monitor';
import type { Check, Hours } from './monitor';

export type JobTimes = Pick<Check, 'dailyAt' | 'weekdaysAt' | 'cron' | 'zone'>;

/** The zone of times of day where none is said. */
export const usualZone = 'Europe/Stockholm';

/** On which days a job runs, and its times of day, `HH:MM` in order. */
export interface JobPlan {
  isOn: (date: LocalDate) => boolean;
  times: string[];
}

/** When a job runs; nothing if it is not said to run at times. */
export function jobPlan({ dailyAt, weekdaysAt, cron }: JobTimes): JobPlan | undefined {
  if (cron !== undefined) return planOfCron(cron);
  if (weekdaysAt !== undefined)
    return { isOn: (date) => ![0, 6].includes(new Date(date).getUTCDay()), times: [weekdaysAt] };
  return dailyAt === undefined ? undefined : { isOn: () => true, times: [dailyAt] };
}

function planOfCron(line: string): JobPlan | undefined {
  const [minutes, hours, days, months, weekdays] = readCron(line) ?? [];
  if (!minutes || !hours || !days || !months || !weekdays) return undefined;
  const [, , ofMonth = '', , ofWeek = ''] = line.trim().split(/\s+/);
  // As cron has it: where both fields of days say something, one of them is enough.
  const either = !ofMonth.startsWith('*') && !ofWeek.startsWith('*');
  const two = (value: number): string => String(value).padStart(2, '0');
  const ordered = (values: Set<number>): number[] => [...values].sort((a, b) => a - b);
  return {
    isOn: (date) => {
      const day = new Date(date);
      const inMonth = days.has(day.getUTCDate());
      const inWeek = weekdays.has(day.getUTCDay()) || (day.getUTCDay() === 0 && weekdays.has(7));
      return months.has(day.getUTCMonth() + 1) && (either ? inMonth || inWeek : inMonth && inWeek);
    },
    times: ordered(hours).flatMap((hour) => ordered(minutes).map((minute) => `${two(hour)}:${two(minute)}`)),
  };
}

/** Days that are closed every year, as `MM-DD`. No schedule names Easter alone, nor another holiday that moves. */
export const closedEveryYear: ReadonlySet<string> = new Set([
  ...['01-01', '01-06', '05-01', '06-06'],
  ...['12-24', '12-25', '12-26', '12-31'],
]);

/** Years in which every date falls on every weekday, 29 February too. */
const calendarCycle = { from: Date.UTC(2027, 0, 1), days: 28 * 366 };
const dayInMs = 86_400_000;

/**
 * Whether a run of a job ever falls within its expected hours, or, of a job without times of day, whether those ever open.
 * Of holidays, those of the same day each year are looked at.
 *
 * @param job with a valid schedule, zone and hours
 * @example runsWithin({ dailyAt: '02:15' }, [{ from: '08:00', to: '16:30' }]) // false
 */
export function runsWithin(job: JobTimes, hours: readonly Hours[]): boolean {
  const plan = jobPlan(job);
  if (!plan) return hours.some(({ from, to }) => from < to);
  const seen = new Set<string>();
  for (let day = 0; day < calendarCycle.days; day += 1) {
    const date = new Date(calendarCycle.from + day * dayInMs).toISOString().slice(0, 10);
    if (!plan.isOn(date)) continue;
    const ahead = aheadOfUsual(date, job.zone);
    // A time in another zone may be of the day before or after in Sweden.
    const around = [-1, 0, 1].map((days) => isClosedEveryYear(Date.parse(date) + days * dayInMs));
    const key = `${new Date(date).getUTCDay()} ${ahead} ${around.join()}`;
    if (seen.has(key)) continue;
    seen.add(key);
    if (plan.times.some((time) => isWithin(Date.parse(`${date}T${time}Z`) - ahead, hours))) return true;
  }
  return false;
}

const isClosedEveryYear = (at: number): boolean =>
  closedEveryYear.has(new Date(at).toISOString().slice(5, 10));

/** Milliseconds by which the wall clock of a zone is ahead of Sweden's on a date. */
function aheadOfUsual(date: LocalDate, zone = usualZone): number {
  if (zone === usualZone) return 0;
  const offsetIn = (name: string): number => DateTime.fromISO(`${date}T12:00`, { zone: name }).offset;
  return (offsetIn(zone) - offsetIn(usualZone)) * 60_000;
}

/** @param at a moment of the wall clock in Sweden, as if it were UTC */
function isWithin(at: number, hours: readonly Hours[]): boolean {
  const time = new Date(at).toISOString().slice(11, 16);
  const weekday = weekdays[(new Date(at).getUTCDay() + 6) % 7];
  return hours.some(({ days = 'open', from, to }) => {
    const isOn =
      days === 'all' ||
      (days === 'open'
        ? weekday !== 'sat' && weekday !== 'sun' && !isClosedEveryYear(at)
        : days.some((one) => one === weekday));
    return isOn && from <= time && time < to;
  });
}
