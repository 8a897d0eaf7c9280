/** Runs one check now, on our own worker or a site's, for somebody who waits for the answer. */
import { proxyActivities } from '@temporalio/workflow';
import type { CheckNow } from '../activities/monitors/check-now';
import type { Language } from '../rules/engine/basics/text';
import type { CheckResult, WatchedCheck } from '../rules/engine/monitoring/watched';
import { activitySummary } from '../templates/ui/wording';

export interface CheckOnceInput {
  watched: WatchedCheck;
  /** Queue of the worker that runs it. */
  taskQueue: string;
  language: Language;
}

/** Seconds for the way there and back, besides the check's own time limit. */
const aroundSeconds = 30;

export async function checkOnce({ watched, taskQueue, language }: CheckOnceInput): Promise<CheckResult> {
  const { checkNow } = proxyActivities<CheckNow>({
    taskQueue,
    scheduleToStartTimeout: '20 seconds',
    startToCloseTimeout: `${(watched.check.timeoutSeconds ?? 120) + aroundSeconds} seconds`,
    retry: { maximumAttempts: 1 },
    summary: activitySummary('checkNow', language),
  });
  return checkNow({ watched });
}
