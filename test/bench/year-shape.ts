/** Reads from the histories of a played year what its bare counterpart has to do. */
import type { Client } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { runsOf } from '../../worker/simulation/simulate';
import type { Turn } from './bare-workflows';

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;
const Type = temporal.api.enums.v1.EventType;

export interface YearShape {
  runs: Turn[][];
  /** Milliseconds from the start to each moment at which somebody signals; the last one is the end of the play. */
  stops: { afterMs: number; signals: number }[];
  counts: Record<'timers' | 'localActivities' | 'activities' | 'signals' | 'workflowTasks', number>;
}

type ProtoTime =
  { seconds?: { toString(): string } | number | null; nanos?: number | null } | null | undefined;

const toMs = (time: ProtoTime): number =>
  Number(String(time?.seconds ?? 0)) * 1000 + Math.floor((time?.nanos ?? 0) / 1_000_000);

/** The workflow tasks of one run, with what each was woken by and what it asked for. */
function turnsOf(events: HistoryEvent[]): Turn[] {
  const idOf = (id: string | null | undefined): string => id ?? '';
  const cancelled = new Set(events.map((event) => idOf(event.timerCanceledEventAttributes?.timerId)));
  const turns: Turn[] = [];
  let wakes = 0;
  let turn: Turn | undefined;
  for (const event of events) {
    const { timerStartedEventAttributes: timer, markerRecordedEventAttributes: marker } = event;
    if (event.eventType === Type.EVENT_TYPE_WORKFLOW_TASK_COMPLETED) {
      turn = { wakes, localActivities: 0, activities: 0, timers: [], cancels: 0 };
      turns.push(turn);
      wakes = 0;
    }
    if (event.timerFiredEventAttributes || event.workflowExecutionSignaledEventAttributes) wakes += 1;
    if (!turn) continue;
    if (marker?.markerName === 'core_local_activity') turn.localActivities += 1;
    if (event.activityTaskScheduledEventAttributes) turn.activities += 1;
    if (event.timerCanceledEventAttributes) turn.cancels += 1;
    if (timer) {
      const milliseconds = toMs(timer.startToFireTimeout);
      turn.timers.push(cancelled.has(idOf(timer.timerId)) ? -milliseconds : milliseconds);
    }
  }
  return turns;
}

/** Where the play stopped for somebody to signal. */
function stopsOf(events: HistoryEvent[]): YearShape['stops'] {
  const startedMs = toMs(events[0]?.eventTime);
  const stops: YearShape['stops'] = [];
  for (const event of events) {
    if (!event.workflowExecutionSignaledEventAttributes) continue;
    const afterMs = toMs(event.eventTime) - startedMs;
    const last = stops.at(-1);
    // Signals of one noon stand a few real milliseconds apart: time was not advanced between them.
    if (last && afterMs - last.afterMs < 60_000) last.signals += 1;
    else stops.push({ afterMs, signals: 1 });
  }
  const end = toMs(events.at(-1)?.eventTime) - startedMs;
  return [...stops, { afterMs: end, signals: 0 }];
}

/** Reads the runs of a played, terminated workflow. */
export async function readShape(client: Client, workflowId: string): Promise<YearShape> {
  const chain = await runsOf(client, workflowId);
  const histories = await Promise.all(
    chain.map(async ({ runId }) => {
      const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
      return events ?? [];
    }),
  );
  const runs = histories.map(turnsOf);
  const all = runs.flat();
  const sum = (of: (turn: Turn) => number): number => all.reduce((total, turn) => total + of(turn), 0);
  const stops = stopsOf(histories.flat());
  return {
    runs,
    stops,
    counts: {
      timers: sum(({ timers }) => timers.length),
      localActivities: sum(({ localActivities }) => localActivities),
      activities: sum(({ activities }) => activities),
      signals: stops.reduce((total, { signals }) => total + signals, 0),
      workflowTasks: all.length,
    },
  };
}

/** Removes every run of a workflow from the server. */
export async function removeRuns(client: Client, workflowId: string): Promise<void> {
  for (const { runId } of await runsOf(client, workflowId))
    await client.workflowService.deleteWorkflowExecution({
      namespace: client.options.namespace,
      workflowExecution: { workflowId, runId },
    });
}
