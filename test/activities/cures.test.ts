import type { Cure, Message } from '../../activities/agreements/cures';
import {
  endCure,
  findOpenCure,
  isCured,
  saveCure,
  saveRound,
  saveSent,
  wasCured,
} from '../../activities/agreements/cures';
import { createHoursActivities } from '../../activities/hours/hours';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase } from '../helpers/stack';
import { signAndPlan } from './signed-agreement';

let database: FreshDatabase;

beforeEach(async () => {
  database = await freshDatabase();
  await signAndPlan(database.db);
});
afterEach(() => database.close());

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const message = (name: string, value: unknown, at = '2027-03-01T10:00:00.000Z'): Message => ({
  at,
  name,
  kind: 'signal',
  input: [{ metadata: { encoding: base64('json/plain') }, data: base64(JSON.stringify(value)) }],
});
const valueOf = ({ input }: Message): unknown =>
  JSON.parse(Buffer.from(input[0]!.data, 'base64').toString('utf8'));

const cure = (messages: Message[]): Cure => ({
  id: 'cure-1',
  workflowId: 'agreement-testbolaget-2027',
  runId: 'left',
  taskEvent: 4,
  round: 1,
  newRunId: 'new',
  messages,
  sent: 0,
  dropped: [],
});

const book = (id: string, hours: number, asOf: string, ref: string | null = null) =>
  createHoursActivities(database).reportHours({
    agreement: 'testbolaget-2027',
    year: 1,
    entries: [{ entryId: id, hours, by: 'consultant', byAssumed: true, asOf, ...(ref !== null && { ref }) }],
  });

const refsOf = async (): Promise<Record<string, string | null>> => {
  const rows = await database.db.query<{ id: string; ref: string | null }>(
    'select id, ref from hour_entries left join hour_entry_refs on entry = id',
  );
  return Object.fromEntries(rows.map(({ id, ref }) => [id, ref]));
};

const saved = async (messages: Message[], clockOffset = 0): Promise<unknown[]> => {
  await saveRound(database.db, cure(messages), 'testbolaget-2027', clockOffset);
  return (await findOpenCure(database.db, 'agreement-testbolaget-2027'))!.messages.map(valueOf);
};

describe('hours that are sent again', () => {
  it('get a name, and so does the entry that was booked for them: long after, they are a repeat', async () => {
    await book('before', 300, '2027-02-01T10:00:00.000Z');
    await book('booked', 300, '2027-03-01T10:00:00.400Z');
    expect(await saved([message('noteAdded', { text: 'x' }), message('hoursUsed', { hours: 3 })])).toEqual([
      { text: 'x' },
      { hours: 3, ref: 'cure-1-1-1' },
    ]);
    expect(await refsOf()).toEqual({ before: null, booked: 'cure-1-1-1' });
  });

  it('keep one name within the hour, as they counted once, and get another one later', async () => {
    const hours = (at: string): Message => message('hoursUsed', { hours: 3 }, at);
    expect(
      await saved([
        hours('2027-03-01T10:00:00.000Z'),
        hours('2027-03-01T10:59:00.000Z'),
        hours('2027-03-01T12:30:00.000Z'),
      ]),
    ).toMatchObject([{ ref: 'cure-1-1-0' }, { ref: 'cure-1-1-0' }, { ref: 'cure-1-1-2' }]);
  });

  it('are found by the clock of the year where that is another one', async () => {
    const aYear = 365 * 24 * 3_600_000;
    await book('booked', 300, '2028-02-29T10:00:00.400Z');
    await saved([message('hoursUsed', { hours: 3 })], aYear);
    expect(await refsOf()).toEqual({ booked: 'cure-1-1-0' });
  });

  it.each([
    ['a name of their own', { hours: 3, ref: 'mine' }],
    ['what no hour bank takes', { hours: 1e308 }],
    ['less than nothing', { hours: -3 }],
    ['a text', { hours: 'tre' }],
    ['nothing', null],
    ['an object for a name', { hours: 3, by: {} }],
  ])('are sent as they came with %s', async (_what, value) => {
    await book('booked', 300, '2027-03-01T10:00:00.400Z');
    expect(await saved([message('hoursUsed', value)])).toEqual([value]);
    expect(await refsOf()).toEqual({ booked: null });
  });
});

it('is open until it ends, with how much of it is sent', async () => {
  await saveCure(database.db, { ...cure([message('noteAdded', {})]), newRunId: null });
  await saveCure(database.db, { ...cure([message('noteAdded', {})]), round: 2, taskEvent: null });
  await saveSent(database.db, { id: 'cure-1', sent: 1 });
  const open = await findOpenCure(database.db, 'agreement-testbolaget-2027');
  expect(open).toMatchObject({ round: 2, newRunId: 'new', taskEvent: 4, sent: 1 });
  await endCure(database.db, { id: 'cure-1' });
  expect(await findOpenCure(database.db, 'agreement-testbolaget-2027')).toBeUndefined();
});

describe('a cure', () => {
  const id = 'agreement-testbolaget-2027';

  it('is under way until it ends, and what it sent is expected for a while after', async () => {
    expect([await isCured(database.db, 'testbolaget-2027'), await wasCured(database.db, id)]).toEqual([
      false,
      false,
    ]);
    await saveCure(database.db, cure([]));
    expect([await isCured(database.db, 'testbolaget-2027'), await wasCured(database.db, id)]).toEqual([
      true,
      true,
    ]);
    await endCure(database.db, { id: 'cure-1' });
    expect([await isCured(database.db, 'testbolaget-2027'), await wasCured(database.db, id)]).toEqual([
      false,
      true,
    ]);
    await database.db.query(`update cures set ended_at = now() - interval '11 minutes'`);
    expect(await wasCured(database.db, id)).toBe(false);
  });

  it('is one at a time: another of the same workflow is refused', async () => {
    await saveCure(database.db, cure([]));
    await saveCure(database.db, { ...cure([]), sent: 1 });
    await expect(saveCure(database.db, { ...cure([]), id: 'cure-2' })).rejects.toThrow(
      /a cure of .* is under way/,
    );
  });
});
