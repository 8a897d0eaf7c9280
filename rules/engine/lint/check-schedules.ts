import { scheduleProblems } from '../contract/check-schedule';
import type { Check } from '../contract/monitor';
import type { Finding } from '../reading/finding';
import type { CheckContext } from './check-context';
import { findingIn } from './placed-rule';

/** Finds checks in rules that are due by two schedules at once, or by a cron line that never comes. */
export function checkSchedules({ files }: CheckContext): Finding[] {
  return files.flatMap(({ rules }) =>
    rules.flatMap((placed) => {
      const { type, params } = placed.rule.event;
      if (type !== 'monitoring') return [];
      const { checks = {} } = params as { checks?: Record<string, Partial<Check>> };
      return Object.entries(checks).flatMap(([id, check]) =>
        scheduleProblems(check).map(({ name, message }) =>
          findingIn(
            placed,
            ['event', 'params', 'checks', id, ...(name === undefined ? [] : [name])],
            message,
          ),
        ),
      );
    }),
  );
}
