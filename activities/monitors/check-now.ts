/** One check now, apart from its watch: its state is left as it is. */
import { Context } from '@temporalio/activity';
import type { CheckResult, RunCheck, WatchedCheck } from '../../rules/engine/monitoring/watched';

export interface CheckNow {
  checkNow(input: { watched: WatchedCheck }): Promise<CheckResult>;
}

export function createCheckNow({ runCheck }: { runCheck: RunCheck }): CheckNow {
  return {
    async checkNow({ watched }) {
      return runCheck(watched, Context.current().cancellationSignal);
    },
  };
}
