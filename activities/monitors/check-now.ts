/** Runs one check now, outside its watch; the check's stored state does not change. */
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
