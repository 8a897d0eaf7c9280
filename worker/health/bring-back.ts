/** Brings back by itself what has ended and should not have: with its state, and not for ever. */
import type { Client } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { findAgreement } from '../../activities/agreements';
import type { Db } from '../../activities/db';
import type { SickWorkflow } from '../../activities/health';
import { recordTry } from '../../activities/health';
import { tellMonitoring, tellWatch } from '../start-monitoring';
import type { StartMonitoringOptions } from '../start-monitoring';
import type { Described, FinishedTask, Reason } from './workflows';
import { endedForItsSize, finishedTasks, readHistory, readWorkflowId } from './workflows';

const minute = 60_000;
/** Milliseconds before each try; after the last it is for a person. */
const waits = [0, 10 * minute, 60 * minute];

export interface BringBackOptions extends StartMonitoringOptions {
  db: Db;
  client: Client;
}

/** Whether a workflow that ended may be brought back now. */
export function isDue({ tries, triedAt }: SickWorkflow, now: number): boolean {
  const wait = waits[tries];
  return wait !== undefined && (triedAt === null || now >= Date.parse(triedAt) + wait);
}

/**
 * Monitoring is started again: it finds all it needs in PostgreSQL. An agreement year is begun again at its last good
 * task, with what it knew then and all that was sent to it since.
 *
 * @returns whether that could be done; there may be no task to begin again at
 */
export async function bringBack(
  options: BringBackOptions,
  sick: SickWorkflow,
  run: Described,
  reason: Reason,
): Promise<boolean> {
  const { db, client } = options;
  const named = readWorkflowId(sick.workflowId);
  if (named?.type !== 'agreementYear') {
    await recordTry(db, sick);
    return startMonitoringAgain(options, sick.workflowId);
  }
  const tasks = finishedTasks(await readHistory(client, sick.workflowId, run.runId));
  const task = taskBeforeTheEnd(tasks, endedForItsSize(reason) ? run : undefined);
  if (!task) return false;
  await recordTry(db, sick);
  await reset(client, {
    workflowId: sick.workflowId,
    runId: run.runId,
    eventId: task.eventId,
    // The same run is not brought back twice.
    requestId: `bring-back-${run.runId}`,
    reason: `brought back: ${reason.code} ${reason.detail}`,
  });
  return true;
}

/** Starts monitoring, or a place's watch, as the dispatcher does. @returns false where nobody is to be watched */
export async function startMonitoringAgain(options: BringBackOptions, workflowId: string): Promise<boolean> {
  const named = readWorkflowId(workflowId);
  if (named?.type === 'watching') await tellWatch(options.client, named.watch, options);
  if (named?.type !== 'monitoring') return named?.type === 'watching';
  const agreement = await findAgreement(options.db, named.agreement);
  if (!agreement) return false;
  await tellMonitoring(options.client, agreement.contract, {}, options);
  return true;
}

/** Of a history that was too large so much is kept at most: the year has room to go on in a new run. */
const keptOfTooLarge = 0.8;

/** @param tooLarge the run, where it was ended for its size */
function taskBeforeTheEnd(
  tasks: readonly FinishedTask[],
  tooLarge: Described | undefined,
): FinishedTask | undefined {
  return tasks.findLast(
    ({ completed, eventId, bytes }) =>
      completed &&
      (!tooLarge ||
        (eventId <= tooLarge.events * keptOfTooLarge && bytes <= tooLarge.bytes * keptOfTooLarge)),
  );
}

export interface Reset {
  workflowId: string;
  runId: string;
  /** The event that ended the task which is done again. */
  eventId: number;
  /** Names the reset: asked for twice, it is done once. */
  requestId: string;
  reason: string;
  /** Messages that came since are not given to the new run. */
  withoutMessages?: boolean;
}

/** Signals, and updates: `RESET_REAPPLY_EXCLUDE_TYPE_SIGNAL`, `…_UPDATE`. */
const messages = [1, 2];

/** @returns id of the new run */
export async function reset({ workflowService, options }: Client, asked: Reset): Promise<string> {
  const { workflowId, runId, eventId, requestId, reason, withoutMessages } = asked;
  const request = temporal.api.workflowservice.v1.ResetWorkflowExecutionRequest.fromObject({
    namespace: options.namespace,
    workflowExecution: { workflowId, runId },
    workflowTaskFinishEventId: eventId,
    requestId,
    reason: reason.slice(0, 500),
    resetReapplyExcludeTypes: withoutMessages ? messages : [],
  });
  return (await workflowService.resetWorkflowExecution(request)).runId;
}
