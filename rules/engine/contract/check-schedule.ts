/** What is wrong with when a job is said to report, beyond what a schema can tell. */
import { comesEver } from '../basics/cron';
import { expectedFound } from '../basics/text';
import type { Text } from '../basics/text';
import type { Check } from './monitor';

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
 * Finds two schedules at once, a cron line that never comes, and a heartbeat that says how late it may be but not when it is
 * due. One that says nothing of it at all is agreed on and not set up.
 *
 * @param check of a contract or a rule; values of the wrong kind are for the schema to refuse
 */
export function scheduleProblems(check: Readonly<Partial<Record<keyof Check, unknown>>>): ScheduleProblem[] {
  const given = schedules.filter((name) => check[name] !== undefined);
  const [, second] = given;
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
