import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { messageNames } from '../../workflows/messages/messages';
import { runsOf, startSimulationWorker } from '../../worker/simulation/simulate';
import { failedTasks, metadataOf, pageOf, summariesOf } from '../helpers/histories';
import type { LiveYear } from '../helpers/live-year';
import { beginYear } from '../helpers/live-year';

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('the page of an agreement in the Web UI', () => {
  let year: LiveYear;
  const events = async () => (await year.handle.describe()).historyLength;
  const notes = async (prefix: string) =>
    (
      await year.db.query<{ text: string }>('select text from notes where text like $1 order by at, text', [
        `${prefix}%`,
      ])
    ).map(({ text }) => text);

  beforeAll(async () => {
    year = await beginYear({ years: 0 });
    await year.to('2027-02-01');
  });

  afterAll(() => year.finish());

  it('offers every message as a signal and as an update of the same name, described with an example', async () => {
    const { definition } = await metadataOf(year);
    for (const list of [definition.signalDefinitions, definition.updateDefinitions]) {
      const described = list.filter(({ name }) => messageNames.some((one) => one === name));
      expect(described.map(({ name }) => name).sort()).toEqual([...messageNames].sort());
      for (const { description = '' } of described) {
        const example = description.slice(description.indexOf('{'));
        expect(JSON.parse(example)).toMatchObject({ agreement: 'testbolaget-2027' });
      }
    }
  });

  it.each([
    ['nothing at all', undefined],
    ['null', null],
    ['an empty text', ''],
    ['an empty object', {}],
  ])('takes %s as no fields', async (_what, input) => {
    const before = (await year.overview()).last.length;
    await year.signal('improvementAdded', input);
    const { rejected, last } = await year.overview();
    expect(rejected[0]).toMatchObject({ signal: 'improvementAdded' });
    expect(rejected[0]!.reason).toBe('title: förväntade en text eller ett tal, hittade ingenting');
    expect(last.length).toBeGreaterThanOrEqual(Math.min(before, 10));
  });

  it('does the same for a signal and for the update of its name', async () => {
    await year.signal('noteAdded', { text: 'same by signal' });
    const answer = await year.update('noteAdded', { text: 'same by update' });
    expect(answer.last[0]!.text).toContain('noteAdded');
    expect(await notes('same')).toEqual(['same by signal', 'same by update']);
  });

  it('answers an update that is not taken at once, with the reason and without a trace in the history', async () => {
    const before = await events();
    expect(await year.refused('hoursUsed', { hours: 'many' })).toBe(
      'hours: förväntade timmar som 1,5 eller 1:30, hittade "many"',
    );
    expect(await year.refused('hoursUsed', { hourz: 1 })).toContain('hittade hourz');
    expect(await events()).toBe(before);
  });

  it('answers an update of a name that nobody declared, with the one that is nearest', async () => {
    expect(await year.refused('meetingHelt', {})).toMatch(/finns ingen signal "meetingHelt".*meetingHeld/);
  });

  it.each([
    ['broken JSON', 'json/plain', '{"text": "never'],
    ['the other encoding', 'json/protobuf', '{"text": "never"}'],
    ['an encoding that nobody knows', 'binary/unheard-of', 'never'],
  ])('answers an update with %s like any other slip', async (_what, encoding, data) => {
    const before = await events();
    const slip = { metadata: { encoding: Buffer.from(encoding) }, data: Buffer.from(data) };
    const { outcome } = await year.client.workflowService.updateWorkflowExecution({
      namespace: year.client.options.namespace,
      workflowExecution: { workflowId: year.workflowId },
      request: {
        meta: { updateId: `slip-${encoding}` },
        input: { name: 'noteAdded', args: { payloads: [slip] } },
      },
      waitPolicy: { lifecycleStage: 3 },
    });
    expect(outcome?.failure?.message).toContain('förväntade JSON, hittade något som inte kan läsas');
    expect(await events()).toBe(before);
    expect(await notes('never')).toEqual([]);
  });

  it('finishes every update it has accepted before the next run begins, and takes none twice', async () => {
    await year.to('2027-12-31', '23:59');
    const end = Date.parse('2027-12-31T23:00:00.000Z');
    await year.time.advanceTo(new Date(end - 1_500).toISOString());
    const until = Date.now() + (end - Date.parse(await year.time.now())) + 2_500;
    const answered: string[] = [];
    const years = new Set<number>();
    const refused: string[] = [];
    const send = async (text: string): Promise<void> => {
      try {
        const overview = await year.handle.executeUpdate<{ year: number }, [unknown]>('noteAdded', {
          args: [{ text }],
        });
        years.add(overview.year);
        answered.push(text);
      } catch (error) {
        if (error instanceof WorkflowUpdateFailedError) refused.push(error.cause?.message ?? '');
        else if (!(error instanceof WorkflowNotFoundError)) throw error;
      }
    };
    for (let index = 0; Date.now() < until; index += 1)
      await Promise.all([send(`update-${index}-a`), send(`update-${index}-b`)]);
    await year.time.untilIdle();
    const kept = await notes('update-');
    expect(new Set(kept).size).toBe(kept.length);
    expect(answered.filter((text) => !kept.includes(text))).toEqual([]);
    expect([...years].sort()).toEqual([1, 2]);
    for (const reason of refused) expect(reason).toContain('året är inte planerat än');
  });

  it('says "already completed" in a tab that was left open for the run before', async () => {
    const [first, second] = await runsOf(year.client, year.workflowId);
    const old = year.client.workflow.getHandle(year.workflowId, first!.runId);
    for (const sent of [
      old.signal('noteAdded', { text: 'old tab' }),
      old.executeUpdate<unknown, [unknown]>('noteAdded', { args: [{ text: 'old tab' }] }),
    ])
      await expect(sent).rejects.toThrow(/already completed/);
    await year.client.workflow
      .getHandle(year.workflowId, second!.runId)
      .signal('noteAdded', { text: 'new tab' });
    await year.time.untilIdle();
    expect([await notes('old tab'), await notes('new tab')]).toEqual([[], ['new tab']]);
  });

  it('shows its page in the next run as well, though what the first was started with is gone there', async () => {
    const [first, second] = await runsOf(year.client, year.workflowId);
    const summary = async (runId: string) =>
      (await year.client.workflow.getHandle(year.workflowId, runId).describe()).staticSummary();
    expect([await summary(first!.runId), await summary(second!.runId)]).toEqual([
      'testbolaget-2027',
      undefined,
    ]);
    expect(await pageOf(year)).toMatch(/^## Testbolaget AB: avtal testbolaget-2027, avtalsår 2/);
    expect(await pageOf(year)).toContain('noteAdded');
  });

  it('keeps every summary below 400 bytes and the page below 20,000', async () => {
    const summaries = await summariesOf(year);
    expect(summaries.length).toBeGreaterThan(20);
    for (const text of summaries) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(400);
    expect(Buffer.byteLength(await pageOf(year))).toBeLessThan(20_000);
    expect(await failedTasks(year)).toEqual([]);
  });
});

describe('what is sent before there is a plan', () => {
  let year: LiveYear;

  beforeAll(async () => {
    let started: ReturnType<typeof startSimulationWorker> | undefined;
    year = await beginYear({
      years: 0,
      startWorker: (options) => {
        started = pause(1_500).then(() => startSimulationWorker(options));
        return Promise.resolve({ stop: async () => (await started!).stop() });
      },
      onStarted: async ({ client, db, workflowId }) => {
        await db.query('alter table plans rename to gone');
        const handle = client.workflow.getHandle(workflowId);
        await handle.signal('noteAdded', { text: 'before the first task' });
        await handle.signal('meetingBooked', { meeting: 1, on: '2027-02-18' });
      },
    });
  });

  afterAll(() => year.finish());

  it('is kept, also over the time in which no year can be planned, and taken in its order', async () => {
    await year.signal('meetingBooked', { meeting: 1, on: '2027-02-19' });
    expect(await year.refused('meetingBooked', { meeting: 1 })).toContain('året är inte planerat än');
    const waiting = await year.overview();
    expect([waiting.planRevision, waiting.attention.map(({ code }) => code)]).toEqual([0, ['plan-failed']]);
    expect(await year.db.query('select 1 from notes')).toEqual([]);
    await year.db.query('alter table gone rename to plans');
    await year.signal('failuresRetried');
    await year.wait(6);
    expect(await year.db.query('select text from notes')).toEqual([{ text: 'before the first task' }]);
    expect((await year.overview()).attention).toEqual([]);
    expect(await year.db.query('select booked_at as at, moves from meetings')).toEqual([
      { at: '2027-02-19T09:00:00.000Z', moves: 1 },
    ]);
    expect(year.mails('meeting-1', 'invite').map(({ subject }) => subject?.includes('19 februari'))).toEqual([
      true,
      true,
    ]);
    expect(await failedTasks(year)).toEqual([]);
  });
});
