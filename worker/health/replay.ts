/** Finds out what today's code does with a history, without touching the workflow. */
import type { Client, HistoryAndWorkflowId } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import type { WorkflowBundleOption } from '@temporalio/worker';
import { Worker } from '@temporalio/worker';
import type { Message } from '../../activities/agreements/cures';
import { oneLine } from '../../rules/engine/basics/one-line';
import { installRuntime } from '../temporal/temporal-runtime';
import { payloadConverterPath } from '../temporal/workflow-bundle';
import { guardWorkflowThreads } from '../temporal/workflow-threads';
import { inputOf } from './messages';
import type { FinishedTask, HistoryEvent } from './workflows';

const { EventType } = temporal.api.enums.v1;

export interface Replayed {
  workflowId: string;
  events: readonly HistoryEvent[];
  workflowBundle: WorkflowBundleOption;
}

/**
 * Finds the last task that a run can be reset to: everything before it replays, and the task itself succeeds.
 *
 * @param tasks the candidates, oldest first
 * @returns undefined if there is none
 */
export async function lastGoodTask(
  replayed: Replayed,
  tasks: readonly FinishedTask[],
): Promise<FinishedTask | undefined> {
  const isGood = async (index: number): Promise<boolean> =>
    (await failureOf(replayed, eventsBefore(replayed, tasks[index]!.eventId))) === undefined;
  // Mostly only what came after the last task is bad.
  if (tasks.length > 0 && (await isGood(tasks.length - 1))) return tasks.at(-1);
  let good = -1;
  let bad = tasks.length - 1;
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (await isGood(middle)) good = middle;
    else bad = middle;
  }
  return good < 0 ? undefined : tasks[good];
}

/**
 * Finds the messages that fail the task that they arrive with: tries all together, then each half.
 *
 * @param taskEvent the event that ended the task that the run is reset to; null if the run starts anew
 * @returns each such message with the reason
 */
export async function findRefused(
  replayed: Replayed,
  taskEvent: number | null,
  messages: readonly Message[],
): Promise<Map<Message, string>> {
  const [first] = messages;
  if (!first) return new Map();
  const because = await failureOf(replayed, arrivingAfter(replayed, taskEvent, messages));
  if (because === undefined) return new Map();
  if (messages.length === 1) return new Map([[first, because]]);
  const half = Math.ceil(messages.length / 2);
  return new Map([
    ...(await findRefused(replayed, taskEvent, messages.slice(0, half))),
    ...(await findRefused(replayed, taskEvent, messages.slice(half))),
  ]);
}

/** The events of a history up to the beginning of a task. */
const eventsBefore = ({ events }: Replayed, taskEvent: number): HistoryEvent[] =>
  events.filter((event) => Number(event.eventId) < taskEvent);

/** The history of a run that is reset to a task and receives messages with its next task. */
function arrivingAfter(
  replayed: Replayed,
  taskEvent: number | null,
  messages: readonly Message[],
): HistoryEvent[] {
  const before = taskEvent === null ? replayed.events.slice(0, 1) : eventsBefore(replayed, taskEvent);
  const last = before.length;
  const resetHere = {
    eventType: EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED,
    workflowTaskFailedEventAttributes: { scheduledEventId: last - 1, startedEventId: last },
  };
  return withEvents(before, [
    ...(taskEvent === null ? [] : [resetHere]),
    ...messages.map((message) => ({
      eventType: EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED,
      workflowExecutionSignaledEventAttributes: { signalName: message.name, input: inputOf(message) },
    })),
    ...taskBegins(last + (taskEvent === null ? 0 : 1) + messages.length),
  ]);
}

/** The two events that begin a task. @param after id of the event before them */
const taskBegins = (after: number): object[] => [
  { eventType: EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED, workflowTaskScheduledEventAttributes: {} },
  {
    eventType: EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED,
    workflowTaskStartedEventAttributes: { scheduledEventId: after + 1 },
  },
];

/** A history with further events, at the time of its last one. */
function withEvents(before: readonly HistoryEvent[], next: readonly object[]): HistoryEvent[] {
  const eventTime = before.at(-1)?.eventTime;
  const { HistoryEvent: Event } = temporal.api.history.v1;
  return [
    ...before,
    ...next.map((fields, index) =>
      Event.fromObject({ ...fields, eventId: before.length + index + 1, eventTime }),
    ),
  ];
}

/**
 * Why a history's last task fails, if it does. The SDK's replay reports failures of completed tasks only, so the task
 * is replayed as if it had been completed.
 */
async function failureOf(
  { workflowId, workflowBundle }: Replayed,
  events: HistoryEvent[],
): Promise<string | undefined> {
  installRuntime();
  guardWorkflowThreads();
  const done = {
    eventType: EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED,
    workflowTaskCompletedEventAttributes: {
      scheduledEventId: events.length - 1,
      startedEventId: events.length,
    },
  };
  try {
    await Worker.runReplayHistory(
      { workflowBundle, dataConverter: { payloadConverterPath } },
      temporal.api.history.v1.History.fromObject({ events: withEvents(events, [done]) }),
      workflowId,
    );
    return undefined;
  } catch (error) {
    return messageOf(error as Error);
  }
}

/** The workflow's own error message, without the words that the SDK wraps it into. */
const messageOf = ({ message }: Error): string =>
  /message: "((?:[^"\\]|\\.)*)"/.exec(message)?.[1]?.replace(/\\(.)/g, '$1') ?? message;

/** What today's code does with the history of a run. */
export interface ReplayedRun<R> {
  run: R;
  /** Why it cannot go on; undefined where it can. */
  because?: string;
}

/**
 * Replays the histories of running workflows, one after the other, and changes nothing. A run that is gone meanwhile is
 * passed over.
 */
export async function* replayRuns<R extends { workflowId: string; runId: string }>(
  client: Client,
  workflowBundle: WorkflowBundleOption,
  runs: readonly R[],
): AsyncGenerator<ReplayedRun<R>> {
  if (runs.length === 0) return;
  installRuntime();
  guardWorkflowThreads();
  let current: R | undefined;
  const histories = async function* (): AsyncGenerator<HistoryAndWorkflowId> {
    for (const run of runs) {
      const history = await client.workflow
        .getHandle(run.workflowId, run.runId)
        .fetchHistory()
        .catch((error: unknown) => {
          if (error instanceof WorkflowNotFoundError) return undefined;
          throw error;
        });
      current = run;
      if (history) yield { workflowId: run.workflowId, history };
    }
  };
  const results = Worker.runReplayHistories(
    { workflowBundle, dataConverter: { payloadConverterPath } },
    histories(),
  );
  for await (const { error } of results)
    yield { run: current!, ...(error && { because: oneLine(messageOf(error)) }) };
}
