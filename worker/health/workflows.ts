/** Asks Temporal about our workflows: their state, why a task failed, who ended a run. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import type { SickCode } from '../../activities/health/health';
import type { Watch } from '../../activities/monitors/places';
import { oneLine } from '../../rules/engine/basics/one-line';

export type HistoryEvent = temporal.api.history.v1.IHistoryEvent;
const {
  PendingWorkflowTaskState,
  WorkflowTaskFailedCause,
  WorkflowExecutionStatus,
  EventType,
  HistoryEventFilterType,
} = temporal.api.enums.v1;

/** What a workflow id stands for. */
export type Named =
  | { type: 'agreementYear' | 'monitoring'; agreement: string }
  | { type: 'watching'; watch: Watch }
  | { type: 'digestClock'; reader: string };

/** Parses a workflow id. @returns undefined for an id that is not ours */
export function readWorkflowId(workflowId: string): Named | undefined {
  const [, kind = '', agreement = ''] = /^(agreement|monitoring)-(.+)$/.exec(workflowId) ?? [];
  if (kind === 'agreement') return { type: 'agreementYear', agreement };
  if (kind === 'monitoring') return { type: 'monitoring', agreement };
  const [, reader] = /^digests-(.+)$/.exec(workflowId) ?? [];
  if (reader !== undefined) return { type: 'digestClock', reader };
  const [, place, shard] = /^watching-(.+)-(\d+)$/.exec(workflowId) ?? [];
  return place === undefined ? undefined : { type: 'watching', watch: { place, shard: Number(shard) } };
}

/** The number of a workflow's agreement. @returns null for a watch, a reader's clock, and ids that are not ours */
export function agreementOf(workflowId: string): string | null {
  const named = readWorkflowId(workflowId);
  return named !== undefined && 'agreement' in named ? named.agreement : null;
}

/** A workflow's last run. */
export interface Described {
  runId: string;
  running: boolean;
  /** `RUNNING`, or how it closed: `TERMINATED`, `FAILED`, … */
  status: string;
  events: number;
  bytes: number;
  /** Attempt of the pending task; undefined while no task is pending. */
  taskAttempt: number | undefined;
  /** Since when that task waits for a worker, in milliseconds since 1970; undefined once one has taken it. */
  untakenSince: number | undefined;
  /** Build id of the version of the worker that does its tasks; undefined where no version does. */
  build?: string | undefined;
}

const GRPC_NOT_FOUND = 5;
const isNotFound = (error: unknown): boolean => (error as { code?: number }).code === GRPC_NOT_FOUND;

/** Describes a workflow's last run. @returns undefined if Temporal knows no such workflow */
export async function describe(
  { workflowService, options }: Client,
  workflowId: string,
): Promise<Described | undefined> {
  try {
    const { workflowExecutionInfo, pendingWorkflowTask } = await workflowService.describeWorkflowExecution({
      namespace: options.namespace,
      execution: { workflowId },
    });
    const status = workflowExecutionInfo?.status ?? 0;
    const { versioningOverride, deploymentVersion } = workflowExecutionInfo?.versioningInfo ?? {};
    return {
      runId: workflowExecutionInfo?.execution?.runId ?? '',
      running: status === WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING,
      status: String(WorkflowExecutionStatus[status]).replace('WORKFLOW_EXECUTION_STATUS_', ''),
      events: Number(workflowExecutionInfo?.historyLength ?? 0),
      bytes: Number(workflowExecutionInfo?.historySizeBytes ?? 0),
      taskAttempt: pendingWorkflowTask ? (pendingWorkflowTask.attempt ?? 1) : undefined,
      untakenSince:
        pendingWorkflowTask?.state === PendingWorkflowTaskState.PENDING_WORKFLOW_TASK_STATE_SCHEDULED
          ? Number(pendingWorkflowTask.scheduledTime?.seconds ?? 0) * 1_000
          : undefined,
      build:
        (versioningOverride?.oneTime?.targetDeploymentVersion ?? deploymentVersion)?.buildId || undefined,
    };
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/**
 * From this attempt on a task counts as failing: the first retry comes at once, and a single failure may be due to a
 * worker that went away.
 */
export const failsAtAttempt = 3;

/** Whether a workflow's pending task fails again and again. */
export const isFailing = ({ running, taskAttempt = 0 }: Described): boolean =>
  running && taskAttempt >= failsAtAttempt;

/** Whether no worker has taken its pending task for so many milliseconds. */
export const isUntaken = ({ running, untakenSince }: Described, within: number): boolean =>
  running && untakenSince !== undefined && Date.now() - untakenSince > within;

/** Ids that a visibility query finds, at most so many. */
export async function listIds(client: Client, query: string, most: number): Promise<string[]> {
  const ids: string[] = [];
  let nextPageToken: Uint8Array | undefined;
  do {
    const page = await client.workflowService.listWorkflowExecutions({
      namespace: client.options.namespace,
      pageSize: Math.min(1_000, most),
      query,
      ...(nextPageToken && { nextPageToken }),
    });
    for (const { execution } of page.executions ?? [])
      if (execution?.workflowId) ids.push(execution.workflowId);
    nextPageToken = page.nextPageToken?.length ? page.nextPageToken : undefined;
  } while (nextPageToken && ids.length < most);
  return ids;
}

/** Ids of workflows whose tasks Temporal reports as failing, at most so many. */
export function listFailing(client: Client, most = 1_000): Promise<string[]> {
  const problems = ['WorkflowTaskFailed', 'WorkflowTaskTimedOut'].map((what) => `"category=${what}"`);
  return listIds(
    client,
    `ExecutionStatus = "Running" AND TemporalReportedProblems IN (${problems.join(', ')})`,
    most,
  );
}

/** The newest events of a run, newest first. */
async function newestEvents(client: Client, workflowId: string, runId: string): Promise<HistoryEvent[]> {
  const { history } = await client.workflowService.getWorkflowExecutionHistoryReverse({
    namespace: client.options.namespace,
    execution: { workflowId, runId },
    maximumPageSize: 50,
  });
  return history?.events ?? [];
}

export interface Reason {
  code: SickCode;
  detail: string;
}

const causes = WorkflowTaskFailedCause;

/** Why a task fails again and again, by its first failure: the history holds no other. */
export async function reasonOfFailing(client: Client, workflowId: string, runId: string): Promise<Reason> {
  for (const event of await newestEvents(client, workflowId, runId)) {
    if (event.workflowTaskTimedOutEventAttributes) return { code: 'timesOut', detail: '' };
    const failed = event.workflowTaskFailedEventAttributes;
    if (!failed) continue;
    const detail = oneLine(failed.failure?.message ?? '');
    switch (failed.cause) {
      case causes.WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR:
        return { code: 'otherVersion', detail };
      case causes.WORKFLOW_TASK_FAILED_CAUSE_WORKFLOW_WORKER_UNHANDLED_FAILURE:
        return { code: 'throws', detail };
      case causes.WORKFLOW_TASK_FAILED_CAUSE_GRPC_MESSAGE_TOO_LARGE:
      case causes.WORKFLOW_TASK_FAILED_CAUSE_PAYLOADS_TOO_LARGE:
        return { code: 'tooLarge', detail };
      default:
        return { code: 'taskFails', detail: [causes[failed.cause ?? 0], detail].filter(Boolean).join(': ') };
    }
  }
  return { code: 'taskFails', detail: '' };
}

/** How a run ended. */
export interface Ending extends Reason {
  byPerson: boolean;
}

/** The server's identity in histories. */
const serverIdentity = 'history-service';

/** Who ended a closed run, and why. */
export async function endingOf(client: Client, workflowId: string, run: Described): Promise<Ending> {
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution: { workflowId, runId: run.runId },
    historyEventFilterType: HistoryEventFilterType.HISTORY_EVENT_FILTER_TYPE_CLOSE_EVENT,
  });
  const event = history?.events?.at(-1);
  const terminated = event?.workflowExecutionTerminatedEventAttributes;
  if (terminated) {
    const { identity, reason } = terminated;
    const byServer = identity === serverIdentity;
    const detail = oneLine([byServer ? '' : (identity ?? ''), reason ?? ''].filter(Boolean).join(': '));
    return { code: byServer ? 'endedByServer' : 'endedByPerson', detail, byPerson: !byServer };
  }
  if (event?.eventType === EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED)
    return { code: 'endedByPerson', detail: 'cancelled', byPerson: true };
  const failure = event?.workflowExecutionFailedEventAttributes?.failure?.message;
  return {
    code: 'endedItself',
    detail: oneLine([run.status.toLowerCase(), failure ?? ''].filter(Boolean).join(': ')),
    byPerson: false,
  };
}

/** Whether the server ended the run because its history was too large. */
export const endedForItsSize = ({ code, detail }: Reason): boolean =>
  code === 'endedByServer' && /history (size|count)/i.test(detail);

/** Every event of a run, oldest first. */
export async function readHistory(
  client: Client,
  workflowId: string,
  runId: string,
): Promise<HistoryEvent[]> {
  const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  return events ?? [];
}

/** A finished task of a run: a point that a reset can go back to. */
export interface FinishedTask {
  /** Id of the event that ended it. */
  eventId: number;
  completed: boolean;
  /** Bytes of the history when it began. */
  bytes: number;
  /** A message came since the task before, or any earlier request to cancel: the task took it, and would again. */
  tookMessages: boolean;
}

/** The finished tasks of a history, oldest first. */
export function finishedTasks(events: readonly HistoryEvent[]): FinishedTask[] {
  const tasks: FinishedTask[] = [];
  let bytes = 0;
  let tookMessages = false;
  let cancelled = false;
  for (const event of events) {
    if (event.workflowExecutionCancelRequestedEventAttributes) cancelled = true;
    if (event.workflowExecutionSignaledEventAttributes) tookMessages = true;
    if (event.workflowTaskStartedEventAttributes)
      bytes = Number(event.workflowTaskStartedEventAttributes.historySizeBytes ?? 0);
    const completed = Boolean(event.workflowTaskCompletedEventAttributes);
    if (!completed && !event.workflowTaskFailedEventAttributes && !event.workflowTaskTimedOutEventAttributes)
      continue;
    tasks.push({ eventId: Number(event.eventId), completed, bytes, tookMessages: tookMessages || cancelled });
    // The messages of a failed task are given to the next one.
    if (completed) tookMessages = false;
  }
  return tasks;
}

/** Does work on many items, at most `atOnce` of them at the same time. */
export async function inParallel<T>(
  many: readonly T[],
  atOnce: number,
  work: (one: T) => Promise<unknown>,
): Promise<void> {
  const left = [...many];
  const lane = async (): Promise<void> => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) await work(one);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, many.length) }, lane));
}

/** Waits until a workflow has no pending task, fails one, or ends. @returns `waits` if none of it happens in time */
export async function untilAtRest(
  client: Client,
  workflowId: string,
  within: number,
): Promise<'rests' | 'fails' | 'ended' | 'waits'> {
  for (const giveUpAt = Date.now() + within; Date.now() < giveUpAt; await pause(200)) {
    const run = await describe(client, workflowId);
    if (!run?.running) return 'ended';
    if (run.taskAttempt === undefined) return 'rests';
    if (isFailing(run)) return 'fails';
  }
  return 'waits';
}
