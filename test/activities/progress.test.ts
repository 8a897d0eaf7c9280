import { createActivities } from '../../activities';
import type { JournalEntry } from '../../activities/years/progress';
import { createProgressActivities } from '../../activities/years/progress';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase } from '../helpers/stack';
import { signAndPlan } from './signed-agreement';

let database: FreshDatabase;

beforeEach(async () => {
  database = await freshDatabase();
  await signAndPlan(database.db);
});

afterEach(() => database.close());

const agreement = 'testbolaget-2027';
const at = '2027-02-16T11:00:00.000Z';
const held: JournalEntry = {
  id: '1',
  at,
  kind: 'phase',
  ref: 'meeting-1',
  detail: { state: 'done' },
  obligation: { id: 'meeting-1', state: 'done', by: 'anna', note: 'minutes sent' },
};
const raised: JournalEntry = {
  id: '2',
  at,
  kind: 'attention',
  ref: 'mail-unknown',
  detail: {},
  attention: { code: 'mail-unknown', subject: 'key', detail: 'settle it', cleared: false },
};

const record = (...entries: JournalEntry[]) =>
  createProgressActivities(database).recordProgress({ agreement, year: 1, entries });
const events = () => database.db.query('select * from events order by id');

describe('recording progress', () => {
  it('writes an entry once, however often it is tried', async () => {
    await record(held, raised);
    const first = await events();
    await record(held, raised);
    expect(first).toHaveLength(2);
    expect(await events()).toEqual(first);
  });

  it('writes what is new of a batch that was written in part', async () => {
    await record(held);
    await record(held, raised);
    expect(await events()).toHaveLength(2);
  });

  it('holds the later of two entries with one id, as of a workflow task that was lost and run again', async () => {
    const note = (text: string): JournalEntry => ({
      ...{ id: '7', at, kind: 'row', ref: 'note', detail: {} },
      note: { id: '1-1', kind: 'other', text, by: 'anna', withdrawn: false },
    });
    await record({ ...raised, id: '3', ref: 'lost' }, note('lost'));
    await record({ ...raised, id: '3' }, note('kept'));
    expect(await database.db.query('select ref from events')).toEqual([{ ref: raised.ref }]);
    expect(await database.db.query('select text from notes')).toEqual([{ text: 'kept' }]);
  });

  it('has the checks of an integration made once for each time that they are asked', async () => {
    const asked = (id: string, at: string): JournalEntry => ({
      ...{ id, at, kind: 'row', ref: 'webshop-orders', detail: {} },
      asks: { integration: 'webshop-orders', monitors: ['order-import'], asked: at },
    });
    await record(asked('4', at));
    await record(asked('4', at), asked('5', '2027-02-16T12:00:00.000Z'));
    const rows = await database.db.query<{ asked: string }>(
      `select payload->'input'->>'asked' as asked from outbox where payload->>'signal' = 'integrationAsked' order by id`,
    );
    expect(rows).toEqual([{ asked: at }, { asked: '2027-02-16T12:00:00.000Z' }]);
  });

  it('keeps the state of the obligation', async () => {
    await record(held);
    expect(
      await database.db.query(
        `select state, closed_at, closed_by, note from obligations where id = 'meeting-1'`,
      ),
    ).toEqual([{ state: 'done', closed_at: at, closed_by: 'anna', note: 'minutes sent' }]);
  });

  it('raises attention and clears it', async () => {
    await record(raised);
    await record({ ...raised, id: '3', attention: { ...raised.attention!, cleared: true } });
    expect(await database.db.query('select code, cleared_at is not null as cleared from attention')).toEqual([
      { code: 'mail-unknown', cleared: true },
    ]);
  });

  it('dates attention from when it was raised last, not from a time that was cleared', async () => {
    const later = '2027-05-03T08:00:00.000Z';
    await record(raised);
    await record({ ...raised, id: '3', attention: { ...raised.attention!, cleared: true } });
    await record({ ...raised, id: '4', at: later });
    expect(await database.db.query('select raised_at, cleared_at from attention')).toEqual([
      { raised_at: later, cleared_at: null },
    ]);
  });

  it('dates attention that a step had settled, and that is there again, from when it was raised', async () => {
    const item = raised.attention!;
    await record(raised);
    await record({ ...raised, id: '3', attention: { ...item, cleared: true } });
    const again = { ...item, at: raised.at, cleared: false };
    await record({ ...raised, id: '4', at: '2027-05-03T08:00:00.000Z', attention: again });
    expect(await database.db.query('select raised_at, cleared_at from attention')).toEqual([
      { raised_at: raised.at, cleared_at: null },
    ]);
  });

  it('takes back a result of an upgrade that was carried on, also where the year before has it, and no other', async () => {
    const { recordProgress } = createProgressActivities(database);
    const said = (year: number, upgrade: string, part: string, result?: { ok: boolean }) =>
      recordProgress({
        ...{ agreement, year },
        entries: [
          {
            ...{ id: `${year}-${part}-${String(result?.ok)}`, at, kind: 'row', ref: part, detail: {} },
            part: {
              ...{ upgrade, phase: 'precheck', part, kind: 'check' },
              ...(result && { result: { ...result, at } }),
            },
          },
        ],
      });
    await said(1, 'upgrade', '1', { ok: true });
    await said(1, 'upgrade', '2', { ok: true });
    await said(2, 'upgrade-1', '1', { ok: false });
    await said(2, 'upgrade', '1', { ok: true });
    await said(2, 'upgrade-1', '1');
    const left = await database.db.query(
      'select year, of_year as "ofYear", part from upgrade_parts order by year, part',
    );
    expect(left).toEqual([
      { year: 1, ofYear: 1, part: '2' },
      { year: 2, ofYear: 2, part: '1' },
    ]);
  });

  it('marks the agreement as ended', async () => {
    await record({ id: '5', at, kind: 'agreement', ref: 'ended', detail: {}, ended: true });
    expect(await database.db.query('select state from agreements')).toEqual([{ state: 'ended' }]);
  });

  it('writes all of a batch or nothing', async () => {
    const impossible = { ...held, id: '9', obligation: { id: 'meeting-1', state: 'lost' as 'done' } };
    await expect(record(raised, impossible)).rejects.toThrow();
    expect(await events()).toEqual([]);
  });

  it('keeps what happened beside a text that PostgreSQL cannot store', async () => {
    const note = 'zero \u0000, half a pair \ud83d';
    const poisoned: JournalEntry = {
      ...held,
      detail: { input: { note, nested: [note], 'a\u0000b': 1 } },
      obligation: { ...held.obligation!, note, by: note },
    };
    await record(raised, poisoned);
    expect(await events()).toHaveLength(2);
    expect(await database.db.query(`select note from obligations where state = 'done'`)).toEqual([
      { note: 'zero \ufffd, half a pair \ufffd' },
    ]);
  });

  it('fails for good with its own type when a table is gone', async () => {
    await database.db.query('drop table events');
    const activities = createActivities({
      db: database.db,
      sendMessage: () => Promise.reject(new Error('no mail is sent here')),
      mailFrom: 'avtal@pector.example',
      agreementLink: (number) => number,
      staffLanguage: 'sv',
    });
    await expect(activities.recordProgress({ agreement, year: 1, entries: [held] })).rejects.toMatchObject({
      type: 'DatabaseRefused',
      nonRetryable: true,
      message: expect.stringContaining('recordProgress: relation "events" does not exist') as string,
    });
  });
});
