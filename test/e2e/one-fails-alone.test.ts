/** Whatever one agreement's workflow fails of, the worker goes on, and the others are served as if nothing were. */
import { setTimeout as pause } from 'node:timers/promises';
import { addMonths } from '../../rules/engine/calendar/dates';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import { workflowIdOf } from '../../worker/temporal/start-agreement';
import { eventually } from '../activities/signed-agreement';
import { breakAfterBatch, breakingSignals } from '../helpers/breaking-signals';
import { bundleWith } from '../helpers/bundle-with';
import { startBusyLoops } from '../helpers/busy-loops';
import { faultySignals, sendFaultySignals } from '../helpers/faulty-signals';
import type { LiveAgreements } from '../helpers/live-agreements';
import { startLiveAgreements } from '../helpers/live-agreements';
import { replayHistory } from '../helpers/play';

const today = localDateOf(new Date().toISOString());
/** An agreement in the first month of its year. */
const begun = { signedOn: addMonths(today, -1), startsOn: `${today.slice(0, 7)}-01` };

let live: LiveAgreements;
let breakable: { codePath: string };
let other: string;
let entries = 0;

const signal = (agreement: string, name: string, input: object = {}): Promise<void> =>
  live.client.workflow.getHandle(workflowIdOf(agreement)).signal(name, input);

const refsOf = async (agreement: string): Promise<string[]> =>
  (
    await live.db.query<{ ref: string }>(
      `select ref from hour_entries join hour_entry_refs on entry = id where agreement = $1 order by recorded_at, id`,
      [agreement],
    )
  ).map(({ ref }) => ref);

/** Books an hour on an agreement that is well, and waits until it stands in the ledger. */
async function books(agreement: string): Promise<void> {
  const ref = `well-${(entries += 1)}`;
  await signal(agreement, 'hoursUsed', { hours: 0.25, ref });
  await eventually(`${agreement} books ${ref}`, async () => (await refsOf(agreement)).includes(ref));
}

async function signed(): Promise<string> {
  const { agreement } = await live.sign(begun);
  await eventually(`${agreement} is planned`, async () => {
    const plans = await live.db.query('select 1 from plans where agreement = $1', [agreement]);
    return plans.length > 0;
  });
  return agreement;
}

/** How often the task under way has been tried. */
async function attemptsOf(agreement: string): Promise<number> {
  const { pendingWorkflowTask } = await live.client.workflowService.describeWorkflowExecution({
    namespace: live.client.options.namespace,
    execution: { workflowId: workflowIdOf(agreement) },
  });
  return pendingWorkflowTask?.attempt ?? 0;
}

const fails = (agreement: string): Promise<void> =>
  eventually(`a task of ${agreement} fails`, async () => (await attemptsOf(agreement)) >= 2);

/** No task of it has failed. @returns its history */
async function isWell(agreement: string) {
  const history = await live.client.workflow.getHandle(workflowIdOf(agreement)).fetchHistory();
  expect((history.events ?? []).filter((event) => event.workflowTaskFailedEventAttributes)).toEqual([]);
  return history;
}

/** Its history is what its own code does: nothing of another agreement stands in it. */
async function isItsOwn(agreement: string): Promise<void> {
  await replayHistory(await isWell(agreement), workflowIdOf(agreement));
}

beforeAll(async () => {
  breakable = await bundleWith('breaking-signals');
  live = await startLiveAgreements({ holdMinutes: 0 }, breakable);
  other = await signed();
});

afterAll(() => live.close());

describe.each(breakingSignals)('an agreement whose task fails by %s', (name) => {
  it('fails alone: another one books hours before, meanwhile and after the worker was started again', async () => {
    const sick = await signed();
    await books(other);
    await signal(sick, name);
    await fails(sick);
    await books(other);
    await live.worker.stop();
    await signal(other, 'noteAdded', { text: name });
    await live.worker.start(breakable);
    await books(other);
    await fails(sick);
    // Its history is replayed at the end, with all that comes.
    await isWell(other);
    await live.client.workflow.getHandle(workflowIdOf(sick)).terminate('broken for good');
  });
});

describe('what a failed task leaves queued', () => {
  it('does not run in another agreement that acts before the failed one is let go', async () => {
    const sick = await signed();
    const well = await Promise.all(Array.from({ length: 5 }, signed));
    await live.worker.stop();
    // One batch: hours that are booked as soon as what it queued runs, and what fails the task.
    await signal(sick, 'hoursUsed', { hours: 7, ref: 'of-the-sick-one' });
    await signal(sick, breakAfterBatch);
    for (const agreement of well) await signal(agreement, 'hoursUsed', { hours: 1, ref: 'of-a-well-one' });
    await live.worker.start(breakable);
    await fails(sick);
    for (const agreement of well) {
      await eventually(`${agreement} books`, async () => (await refsOf(agreement)).length > 0);
      await books(agreement);
      expect((await refsOf(agreement))[0]).toBe('of-a-well-one');
      await isItsOwn(agreement);
    }
    expect(await refsOf(sick)).toEqual([]);
    await live.client.workflow.getHandle(workflowIdOf(sick)).terminate('broken for good');
  });
});

describe('a history that today’s code does not repeat', () => {
  it('fails alone, also when the worker starts', async () => {
    await live.worker.stop();
    await live.worker.start(await bundleWith('another-command'));
    const sick = await signed();
    await live.worker.stop();
    await signal(sick, 'noteAdded', { text: 'for the other version' });
    await live.worker.start(breakable);
    await books(other);
    await fails(sick);
    await books(other);
    await isWell(other);
    await live.client.workflow.getHandle(workflowIdOf(sick)).terminate('of another version');
  });
});

describe('a burst of signals to one agreement on a busy machine', () => {
  const burst = 700;
  let busy: ReturnType<typeof startBusyLoops>;

  beforeAll(() => {
    busy = startBusyLoops();
  });

  afterAll(() => busy.stop());

  it('is booked whole, each signal once, while another agreement books', async () => {
    const sent = await signed();
    const ours = books(other);
    for (let next = 0; next < burst; next += 70) {
      await Promise.all(
        Array.from({ length: 70 }, (_, index) =>
          signal(sent, 'hoursUsed', { hours: 0.01, ref: `burst-${next + index}` }),
        ),
      );
      await pause(1_000);
    }
    await ours;
    await books(other);
    await eventually('the burst is booked', async () => (await refsOf(sent)).length >= burst);
    expect(new Set(await refsOf(sent)).size).toBe(burst);
    await isWell(other);
  });
});

describe('signals that people and programs really send', () => {
  it('are told as not taken, all of them, and make nobody sick, also after the worker was started again', async () => {
    const sent = await signed();
    await books(other);
    await sendFaultySignals(live.client, workflowIdOf(sent));
    await books(other);
    await live.worker.stop();
    await live.worker.start(breakable);
    await books(other);
    await books(sent);
    const told = await live.db.query<{ kind: string; ref: string }>(
      `select kind, ref from events where agreement = $1 and kind in ('signal', 'rejected') and ref <> 'hoursUsed'`,
      [sent],
    );
    expect(told).toHaveLength(faultySignals.filter((one) => one.signal !== 'hoursUsed').length);
    expect(told).toContainEqual({ kind: 'rejected', ref: 'temporal_internal' });
    await isItsOwn(sent);
    await isItsOwn(other);
  });
});
