/** What the program of today makes of a history, found out without touching the workflow. */
import { temporal } from '@temporalio/proto';
import type { WorkflowBundleOption } from '@temporalio/worker';
import { Worker } from '@temporalio/worker';
import type { Message } from '../../activities/agreements/cures';
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
 * Finds the last task that a run can be begun again at: all before it replays, and it can be done.
 *
 * @param tasks those that may be chosen, oldest first
 * @returns nothing where not even the first can
 */
export async function lastGoodTask(
  replayed: Replayed,
  tasks: readonly FinishedTask[],
): Promise<FinishedTask | undefined> {
  const isGood = async (index: number): Promise<boolean> =>
    (await failureOf(replayed, eventsBefore(replayed, tasks[index]!.eventId))) === undefined;
  // Mostly the trouble came last.
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
 * Finds which messages fail the task that they arrive with: all are given to it together, then halves of them.
 *
 * @param taskEvent the event that ended the task after which they come; without it they come first of all
 * @returns them, with what each fails of
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

/** What led to a task, up to its beginning. */
const eventsBefore = ({ events }: Replayed, taskEvent: number): HistoryEvent[] =>
  events.filter((event) => Number(event.eventId) < taskEvent);

/** The history that a run has which is begun again at a task, and takes messages with the next. */
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

/** @param after the event before them */
const taskBegins = (after: number): object[] => [
  { eventType: EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED, workflowTaskScheduledEventAttributes: {} },
  {
    eventType: EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED,
    workflowTaskStartedEventAttributes: { scheduledEventId: after + 1 },
  },
];

/** A history that goes on, at the time of its last event. */
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
 * Why a history cannot be gone on with, if it cannot. What its last task fails of is told only of a task that was done
 * before: so it is replayed as one that was.
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
    return withSource(error as Error);
  }
}

/** What the workflow itself said, where the SDK wraps it into its own words. */
const withSource = ({ message }: Error): string =>
  /message: "((?:[^"\\]|\\.)*)"/.exec(message)?.[1]?.replace(/\\(.)/g, '$1') ?? message;
