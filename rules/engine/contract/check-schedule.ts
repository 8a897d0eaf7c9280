/** What is wrong with when a job is said to report, beyond what a schema can tell. */
import { comesEver, isCronLine, isTimeZone } from '../basics/cron';
import { expectedFound } from '../basics/text';
import type { Text } from '../basics/text';
import { runsWithin } from './job-plan';
import type { Check, Hours } from './monitor';

/** The properties that each say when a job reports: a job has one of them. */
export const schedules = ['dailyAt', 'weekdaysAt', 'cron', 'everyMinutes'] as const;

/** Properties that mean nothing without a schedule. */
const besides = ['zone', 'lateMinutes', 'maxRunMinutes'] as const;

/** Something wrong with a check, and the property it is about; without one it is about the check. */
export interface ScheduleProblem {
  name?: keyof Check;
  message: Text;
}

const listed = (names: readonly string[], or: Text): Text => {
  const [last = '', ...others] = [...names].reverse();
  const all = others.reverse().join(', ');
  return {
    sv: [all, last].filter(Boolean).join(` ${or.sv} `),
    en: [all, last].filter(Boolean).join(` ${or.en} `),
  };
};
const one = listed(schedules, { sv: 'eller', en: 'or' });

/**
 * Finds two schedules at once, a cron line that never comes, runs that are never expected, a zone without times of day, and a
 * heartbeat that says how late it may be but not when it is due. One that says nothing of it at all is agreed on and not set up.
 *
 * @param check of a contract or a rule; values of the wrong kind are for the schema to refuse
 */
export function scheduleProblems(check: Readonly<Partial<Record<keyof Check, unknown>>>): ScheduleProblem[] {
  const given = schedules.filter((name) => check[name] !== undefined);
  const [first, second] = given.filter((name) => check[name] !== null);
  const { cron } = check;
  const lone = besides.filter((name) => check[name] !== undefined);
  return [
    ...(second === undefined
      ? []
      : [
          {
            name: second,
            message: expectedFound(
              { sv: `bara ett av ${one.sv}`, en: `only one of ${one.en}` },
              listed(given, { sv: 'och', en: 'and' }),
            ),
          },
        ]),
    ...(typeof cron === 'string' && !comesEver(cron)
      ? [
          {
            name: 'cron' as const,
            message: expectedFound(
              { sv: 'en cron-rad vars dag finns', en: 'a cron line whose day exists' },
              { sv: `"${cron}", som aldrig infaller`, en: `"${cron}", which never comes` },
            ),
          },
        ]
      : []),
    ...(first === 'everyMinutes' && check.zone !== undefined && check.zone !== null
      ? [
          {
            name: 'zone' as const,
            message: expectedFound(
              {
                sv: 'en tidszon bara tillsammans med dailyAt, weekdaysAt eller cron',
                en: 'a time zone only beside dailyAt, weekdaysAt or cron',
              },
              {
                sv: 'den tillsammans med everyMinutes, där den inte har någon verkan',
                en: 'it beside everyMinutes, where it has no effect',
              },
            ),
          },
        ]
      : []),
    ...(first !== undefined && second === undefined && isNeverExpected(check, first)
      ? [
          {
            name: 'expectedHours' as const,
            message: expectedFound(
              {
                sv: 'tider då jobbet körs; tider över midnatt skrivs som två',
                en: 'hours in which the job runs; hours over midnight are written as two',
              },
              first === 'everyMinutes'
                ? { sv: 'tider som aldrig öppnar', en: 'hours that never open' }
                : {
                    sv: `tider som ingen körning av ${first} "${String(check[first])}" faller i: den skulle aldrig väntas`,
                    en: `hours in which no run of ${first} "${String(check[first])}" falls: none would ever be waited for`,
                  },
            ),
          },
        ]
      : []),
    ...(check.kind === 'heartbeat' && given.length === 0 && lone.length > 0
      ? [
          {
            message: expectedFound(
              { sv: `ett av ${one.sv} tillsammans med ${lone[0]}`, en: `one of ${one.en} beside ${lone[0]}` },
              { sv: 'inget', en: 'none' },
            ),
          },
        ]
      : []),
  ];
}

const timeOfDay = /^([01]\d|2[0-3]):[0-5]\d$/;

/** Whether no run falls within the expected hours; not where the schema refuses what is said. */
function isNeverExpected(
  check: Readonly<Partial<Record<keyof Check, unknown>>>,
  schedule: (typeof schedules)[number],
): boolean {
  const { expectedHours, zone, [schedule]: said } = check;
  if (!isHours(expectedHours) || (zone !== undefined && !(typeof zone === 'string' && isTimeZone(zone))))
    return false;
  if (schedule === 'everyMinutes') return typeof said === 'number' && !runsWithin({}, expectedHours);
  if (typeof said !== 'string') return false;
  const isRight = schedule === 'cron' ? isCronLine(said) && comesEver(said) : timeOfDay.test(said);
  return isRight && !runsWithin({ [schedule]: said, ...(zone !== undefined && { zone }) }, expectedHours);
}

function isHours(value: unknown): value is Hours[] {
  const isTime = (time: unknown): boolean =>
    typeof time === 'string' && (timeOfDay.test(time) || time === '24:00');
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((each: unknown) => {
      const { days, from, to } = (each ?? {}) as Partial<Record<keyof Hours, unknown>>;
      const known = days === undefined || days === 'open' || days === 'all' || Array.isArray(days);
      return known && isTime(from) && isTime(to);
    })
  );
}
