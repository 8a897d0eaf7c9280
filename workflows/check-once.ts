/** Runs checks now, on our own worker or a site's, for somebody who waits for the answer, or for an upgrade that asks after an integration. */
import { getExternalWorkflowHandle, isCancellation, proxyActivities } from '@temporalio/workflow';
import type { MonitoringActivities } from '../activities/monitoring';
import type { AskedCheck } from '../activities/monitors/asked-checks';
import type { CheckNow } from '../activities/monitors/check-now';
import type { Language } from '../rules/engine/basics/text';
import type { RecordedAsk } from '../activities/years/asked-monitors';
import { central } from '../rules/engine/monitoring/place';
import { monitoringQueueOf, siteQueueOf } from '../rules/engine/monitoring/queues';
import type { CheckResult, WatchedCheck } from '../rules/engine/monitoring/watched';
import type { Answered } from '../rules/engine/upgrade/monitored';
import { checkedBy, judgeMonitored } from '../rules/engine/upgrade/monitored';
import { cutBytes } from '../templates/ui/text';
import { unmonitored } from '../templates/ui/unmonitored';
import { activitySummary } from '../templates/ui/wording';
import { attempt } from './basics/attempt';
import { signals } from './messages/messages';

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

export interface CheckIntegrationInput extends RecordedAsk {
  agreement: string;
  /** Id of the workflow that is told. */
  tells: string;
  /** Task queue of the agreements; those of the places are named after it. */
  taskQueue: string;
  language: Language;
}

/** Most bytes of what checks said: a note. */
const mostSaid = 280;

/** Makes the checks of an integration and tells its agreement what they say of it. */
export async function checkIntegration(input: CheckIntegrationInput): Promise<void> {
  const { agreement, integration, monitors, asked, tells, language } = input;
  const { readAskedChecks } = proxyActivities<MonitoringActivities>({
    startToCloseTimeout: '1 minute',
    retry: { maximumInterval: '1 minute' },
    summary: activitySummary('readAskedChecks', language),
  });
  const checks = await readAskedChecks({ agreement, monitors, asOf: asked });
  const answers = await Promise.all(checks.map((check) => answerOf(check, input)));
  const { ok, version, said } = judgeMonitored(integration, answers);
  const told = await attempt(() =>
    getExternalWorkflowHandle(tells).signal(signals.integrationMonitored, {
      ...{ integration, asked, by: checkedBy(monitors) },
      ...(ok !== undefined && { ok }),
      ...(version !== undefined && { version }),
      ...(said && { note: cutBytes(said[language], mostSaid) }),
    }),
  );
  // An agreement that has ended meanwhile needs no answer.
  if ('error' in told && isCancellation(told.error)) throw told.error;
}

async function answerOf(
  { name, place, watched, why }: AskedCheck,
  { taskQueue, language }: CheckIntegrationInput,
): Promise<Answered> {
  if (!watched) return { name, ...(why && { why }) };
  const queue =
    place === undefined || place === central ? monitoringQueueOf(taskQueue) : siteQueueOf(taskQueue, place);
  const made = await attempt(() => checkOnce({ watched, taskQueue: queue, language }));
  if ('value' in made) return { name, result: made.value };
  if (isCancellation(made.error)) throw made.error;
  return { name, why: unmonitored.noWorker };
}
