/** Measures how many events a workflow writes while it has nothing to do. */
import type { Client, WorkflowHandle } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { VirtualTime } from '../../worker/simulation/virtual-time';

const { EventType } = temporal.api.enums.v1;

/** Types of the events that time skipping adds to a history. */
const ofTime = [
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_OPTIONS_UPDATED,
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIME_SKIPPING_TRANSITIONED,
] as unknown[];

/** Milliseconds of real time for a workflow to come to rest, and for playing ten idle minutes. */
const patience = 10_000;
/** Milliseconds without a new event after which a workflow counts as resting. */
const calm = 700;

const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The number of events of a workflow's newest run, without those of time skipping. */
export async function countEvents(handle: WorkflowHandle): Promise<number> {
  const { events } = await handle.fetchHistory();
  return (events ?? []).filter(({ eventType }) => !ofTime.includes(eventType)).length;
}

/** Whether a worker has a workflow's task, or has still to take it: on a slow machine that may last. */
async function isAtWork(handle: WorkflowHandle): Promise<boolean> {
  const { raw } = await handle.describe();
  return Boolean(raw.pendingWorkflowTask);
}

/** Waits until a workflow adds no more events, and has no task. @throws if it never does */
export async function comeToRest(handle: WorkflowHandle): Promise<void> {
  const begun = Date.now();
  let [events, since] = [await countEvents(handle), Date.now()];
  const first = events;
  while (Date.now() - since < calm || (await isAtWork(handle))) {
    if (Date.now() - begun > patience)
      throw new Error(`${handle.workflowId} never rests: ${events - first} events in ten seconds`);
    await sleep(100);
    const now = await countEvents(handle);
    if (now !== events) [events, since] = [now, Date.now()];
  }
}

/**
 * Plays ten minutes of the workflow's virtual clock after it has come to rest. Time cannot be skipped for a workflow in
 * an endless loop or with work under way.
 * @param time what plays the workflow, if anything did before
 * @returns the number of events added in these minutes
 * @throws if the time cannot be skipped
 */
export async function tenIdleMinutes(
  client: Client,
  workflowId: string,
  time = new VirtualTime(client, workflowId, 0),
): Promise<number> {
  const handle = client.workflow.getHandle(workflowId);
  await comeToRest(handle);
  const before = await countEvents(handle);
  const played = time.advanceTo(new Date(Date.parse(await time.now()) + 600_000).toISOString());
  let waited: NodeJS.Timeout | undefined;
  const never = new Promise<never>((_, reject) => {
    waited = setTimeout(() => {
      reject(new Error(`${workflowId} is never idle: its time could not be skipped in ten seconds`));
    }, patience);
  });
  played.catch(() => undefined);
  await Promise.race([played, never]).finally(() => clearTimeout(waited));
  return (await countEvents(handle)) - before;
}

/** The number of events that each workflow adds in some seconds of real time, after all have come to rest. */
export async function idleSeconds(handles: readonly WorkflowHandle[], seconds: number): Promise<number[]> {
  await Promise.all(handles.map(comeToRest));
  const before = await Promise.all(handles.map(countEvents));
  await sleep(seconds * 1000);
  const after = await Promise.all(handles.map(countEvents));
  return after.map((events, index) => events - (before[index] ?? 0));
}
