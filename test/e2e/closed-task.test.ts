import { temporal } from '@temporalio/proto';
import { runsOf } from '../../worker/simulation/simulate';
import type { LiveYear } from '../helpers/live-year';
import { beginYear } from '../helpers/live-year';

const { WORKFLOW_TASK_FAILED_CAUSE_FORCE_CLOSE_COMMAND: forced } =
  temporal.api.enums.v1.WorkflowTaskFailedCause;

/** More messages than the 100 that the server holds back while a workflow task runs. */
const many = 110;

let year: LiveYear;

beforeAll(async () => {
  year = await beginYear({ years: 0 });
  await year.to('2027-03-01');
});

afterAll(() => year.finish());

async function events(): Promise<temporal.api.history.v1.IHistoryEvent[]> {
  const histories = (await runsOf(year.client, year.workflowId)).map(({ runId }) =>
    year.client.workflow.getHandle(year.workflowId, runId).fetchHistory(),
  );
  return (await Promise.all(histories)).flatMap((history) => history.events ?? []);
}

const begunTasks = async (): Promise<number> =>
  (await events()).filter(({ workflowTaskStartedEventAttributes: begun }) => begun).length;

const closedByForce = async (): Promise<number> =>
  (await events()).filter(({ workflowTaskFailedEventAttributes: failed }) => failed?.cause === forced).length;

/** Sends hours and, while an activity that follows from them waits for PostgreSQL, more than the server holds back. */
async function overfill(round: number): Promise<void> {
  const send = (name: string, input: object): Promise<void> => year.handle.signal(name, input);
  const before = await begunTasks();
  await year.db.transaction(async (tx) => {
    await tx.query('lock table events');
    await send('hoursUsed', { hours: 0.01, ref: `before-${round}` });
    const notes = Array.from({ length: many }, (_, index) =>
      send('noteAdded', { text: `while-${round}-${index}` }),
    );
    await Promise.all([...notes, send('hoursUsed', { hours: 0.01, ref: `while-${round}` })]);
    // The activity ends only when the task that takes the place of its own has begun.
    while ((await begunTasks()) < before + 2);
  });
  await year.time.untilIdle();
}

it('a year takes each message once, and can be replayed, where so many come that the server closes a task by force', async () => {
  let rounds = 0;
  while ((await closedByForce()) < 4) await overfill(rounds++);
  const notes = await year.db.query<{ text: string }>(`select text from notes where text like 'while-%'`);
  expect(new Set(notes.map(({ text }) => text)).size).toBe(many * rounds);
  expect(notes).toHaveLength(many * rounds);
  const told = await year.db.query<{ ref: string; count: number }>(
    `select ref, count(*)::int as count from events where kind = 'signal' group by ref order by ref`,
  );
  expect(told).toEqual([
    { ref: 'hoursUsed', count: 2 * rounds },
    { ref: 'noteAdded', count: many * rounds },
  ]);
  const { hours } = await year.overview();
  expect(hours!.used).toBe(2 * rounds);
  await year.finish();
});
