/**
 * When a job runs that is said to run at times of day: daily, on weekdays, or by a cron line, in local time of its zone. A
 * time that summer time skips is an hour later; one that occurs twice is due at the second, and done from the first.
 */
import { DateTime } from 'luxon';
import { addDays } from '../calendar/dates';
import type { LocalDate } from '../contract/contract';
import { jobPlan, usualZone } from '../contract/job-plan';
import type { JobTimes } from '../contract/job-plan';

/** One run, in milliseconds since 1970: a report from `from` on is of this run, which is due at `due`. */
export interface JobRun {
  from: number;
  due: number;
}

/** How many days ahead runs are looked for: 29 February comes every eight years at the latest. */
const furthestDays = 366 * 8;
/** How early a report of a run may come: the customer's clock is another. */
const earlyAtMost = 5 * 60_000;

function* runsFrom(at: number, job: JobTimes): Generator<JobRun> {
  const plan = jobPlan(job);
  if (!plan) return;
  const zone = job.zone ?? usualZone;
  const today = DateTime.fromMillis(at, { zone }).toISODate() as LocalDate;
  for (let day = 0; day <= furthestDays; day += 1) {
    const date = addDays(today, day);
    if (!plan.isOn(date)) continue;
    for (const time of plan.times) {
      const instants = DateTime.fromISO(`${date}T${time}`, { zone })
        .getPossibleOffsets()
        .map((each) => each.toMillis());
      yield { from: Math.min(...instants), due: Math.max(...instants) };
    }
  }
}

/** Whether a job is said to run at times of day. */
export const hasTimes = (job: JobTimes): boolean => jobPlan(job) !== undefined;

/** The runs after an instant that are expected, in order. */
function* expectedRuns(at: number, job: JobTimes, isExpected: (run: JobRun) => boolean): Generator<JobRun> {
  let looked = 0;
  for (const run of runsFrom(at, job)) {
    // A job of every minute with hours that never open would be looked at for years.
    if ((looked += 1) > 20_000) return;
    if (run.from > at && isExpected(run)) yield run;
  }
}

/**
 * The next run after an instant at which nothing was reported.
 *
 * @param isExpected whether a run is expected at all; those that are not are left out
 * @returns `undefined` where none comes
 */
export const nextRun = (
  at: number,
  job: JobTimes,
  isExpected: (run: JobRun) => boolean,
): JobRun | undefined => expectedRuns(at, job, isExpected).next().value as JobRun | undefined;

/**
 * The run that a job owes after a report at an instant: the next one, or the one after that if the report came so shortly
 * before the next that it is of it.
 *
 * @param isExpected whether a run is expected at all; those that are not are left out
 * @returns `undefined` where none comes
 */
export function runAfter(
  at: number,
  job: JobTimes,
  isExpected: (run: JobRun) => boolean,
): JobRun | undefined {
  let next: JobRun | undefined;
  for (const run of expectedRuns(at, job, isExpected)) {
    if (!next) {
      if (run.from - at > earlyAtMost) return run;
      next = run;
    } else if (run.from > next.from) return next.from - at <= (run.from - next.from) / 2 ? run : next;
  }
  return next;
}

/** The same time of day so many days later, in Sweden; of two that day the second. */
export const daysLater = (at: number, days: number): number =>
  Math.max(
    ...DateTime.fromMillis(at, { zone: usualZone })
      .plus({ days })
      .getPossibleOffsets()
      .map((each) => each.toMillis()),
  );
