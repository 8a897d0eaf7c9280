import type { NewDelivery } from '../../../activities/signings/inbox';
import {
  forgetRefused,
  keepDelivery,
  signingsChannel,
  takeDeliveries,
} from '../../../activities/signings/inbox';
import type { SigningReason } from '../../../rules/engine/signing/signing';
import { eventually } from '../signed-agreement';
import type { FreshDatabase } from '../../helpers/stack';
import { freshDatabase } from '../../helpers/stack';
import { settle } from './deliveries';

let database: FreshDatabase;

beforeEach(async () => {
  database = await freshDatabase();
});

afterEach(() => database.close());

const forged: SigningReason = { about: 'X', message: { sv: 'förfalskad', en: 'forged' } };
const keep = (changed: Partial<NewDelivery> = {}) =>
  keepDelivery(database.db, {
    service: 'signed',
    headers: { 'user-agent': 'first' },
    body: Buffer.from('{"a":1}'),
    ...changed,
  });
const rows = () =>
  database.db.query<{ id: number; state: string; times: number; headers: object; reasons: object[] }>(
    'select id, state, times, headers, reasons from deliveries order by id',
  );
const alter = (sql: string) => database.db.query(`update deliveries set ${sql}`);

/** How often it was announced while the work was done: notifications come in the order they were made in. */
async function announced(work: () => Promise<unknown>): Promise<number> {
  let [heard, ended] = [0, false];
  const silence = [
    await database.db.listen(
      signingsChannel,
      () => (heard += 1),
      () => undefined,
    ),
    await database.db.listen(
      'the_end',
      () => (ended = true),
      () => undefined,
    ),
  ];
  await work();
  await eventually('whatever was announced was heard', async () => {
    await database.db.query('notify the_end');
    return ended;
  });
  // Each listens on a connection of its own.
  await new Promise((resolve) => setTimeout(resolve, 100));
  silence.forEach((each) => each());
  return heard;
}

describe('a delivery that comes in', () => {
  it('is kept as it is, announced, and to be processed at once', async () => {
    const body = Buffer.from([0, 0xff, 0x7b, 0x5c]);
    let kept: { id: number; repeat: boolean } | undefined;
    expect(await announced(async () => (kept = await keep({ body })))).toBe(1);
    expect(kept?.repeat).toBe(false);
    expect(await rows()).toEqual([
      { id: kept?.id, state: 'received', times: 1, headers: { 'user-agent': 'first' }, reasons: [] },
    ]);
    const [taken] = await takeDeliveries(database.db, 'signed', 10);
    expect(taken).toMatchObject({ id: kept?.id, attempts: 0, document: null });
    expect(taken?.body.equals(body)).toBe(true);
  });

  it('is counted when the same bytes come again, whatever became of it; another service’s are its own', async () => {
    const { id } = await keep();
    expect(await keep({ headers: { 'user-agent': 'second' } })).toEqual({ id, repeat: true });
    await settle(database.db, id, { state: 'done', result: 'recorded' });
    expect(await announced(() => keep())).toBe(0);
    expect(await rows()).toMatchObject([{ id, state: 'done', times: 3, headers: { 'user-agent': 'first' } }]);
    expect((await keep({ service: 'docusign' })).repeat).toBe(false);
    expect(await rows()).toHaveLength(2);
  });

  it('is one, however many bring the same bytes at the same time', async () => {
    const kept = await Promise.all(Array.from({ length: 20 }, () => keep()));
    expect(new Set(kept.map(({ id }) => id)).size).toBe(1);
    expect(kept.filter(({ repeat }) => !repeat)).toHaveLength(1);
    expect(await rows()).toMatchObject([{ state: 'received', times: 20 }]);
  });

  it('is genuine if one of those that bring its bytes at the same time is', async () => {
    await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const { repeat } = await keep(index === 7 ? {} : { refused: forged });
        if (index === 7) expect(repeat).toBe(false);
      }),
    );
    expect(await rows()).toMatchObject([
      { state: 'received', times: 20, headers: { 'user-agent': 'first' }, reasons: [] },
    ]);
  });
});

describe('a delivery that is refused', () => {
  it('leaves one that is genuine the first, however many of both bring the same bytes at the same time', async () => {
    for (let round = 0; round < 5; round += 1) {
      const body = Buffer.from(`{"round":${round}}`);
      const kept = await Promise.all(
        Array.from({ length: 20 }, async (_, index) => {
          const genuine = index % 2 === 1;
          const { repeat } = await keep(genuine ? { body } : { body, refused: forged });
          return genuine && !repeat;
        }),
      );
      expect([round, kept.filter((first) => first).length]).toEqual([round, 1]);
    }
  });

  it('is kept with the reason of its last time, and neither announced nor processed', async () => {
    const other = { ...forged, about: 'Y' };
    expect(
      await announced(async () => {
        await keep({ refused: forged });
        await keep({ refused: other, headers: {} });
      }),
    ).toBe(0);
    expect(await rows()).toMatchObject([{ state: 'refused', times: 2, headers: {}, reasons: [other] }]);
    expect(await takeDeliveries(database.db, 'signed', 10)).toEqual([]);
  });

  it('is taken up when it is genuine by the keys of today, and is not overdue by then', async () => {
    const { id } = await keep({ refused: forged, headers: {} });
    await alter(`due_at = now() - interval '3 days', received_at = now() - interval '3 days'`);
    expect(await announced(async () => expect(await keep()).toEqual({ id, repeat: false }))).toBe(1);
    expect(await keep()).toEqual({ id, repeat: true });
    expect(await rows()).toMatchObject([
      { id, state: 'received', times: 3, headers: { 'user-agent': 'first' }, reasons: [] },
    ]);
    const [row] = await database.db.query<{ late: number }>(
      'select extract(epoch from now() - due_at)::float8 as late from deliveries',
    );
    expect(row?.late).toBeLessThan(60);
    expect((await takeDeliveries(database.db, 'signed', 10)).map((each) => each.id)).toEqual([id]);
  });

  it('changes nothing of one that was genuine with the same bytes, whatever became of it', async () => {
    const { id } = await keep();
    for (const state of ['received', 'waiting', 'done', 'rejected'] as const) {
      await settle(database.db, id, { state, reasons: [] });
      expect(await keep({ refused: forged, headers: {} })).toEqual({ id, repeat: true });
      expect(await rows()).toMatchObject([{ id, state, headers: { 'user-agent': 'first' }, reasons: [] }]);
    }
  });
});

describe('what is refused', () => {
  /** Refused ones of so many bytes; the last came last. */
  async function refuse(...lengths: number[]): Promise<number[]> {
    const ids: number[] = [];
    for (const [index, length] of lengths.entries()) {
      const body = Buffer.alloc(length, `${index}`);
      ids.push((await keep({ body, refused: forged })).id);
    }
    return ids;
  }
  const left = async (): Promise<number[]> => (await rows()).map(({ id }) => id);

  it('is kept up to a number: those that came last', async () => {
    const ids = await refuse(1, 2, 3, 4, 5);
    await keep({ body: Buffer.alloc(2, '1'), refused: forged });
    await forgetRefused(database.db, { most: 5 });
    expect(await left()).toEqual(ids);
    await forgetRefused(database.db, { most: 3 });
    // The second came again after all others.
    expect(await left()).toEqual([ids[1], ids[3], ids[4]]);
  });

  it('is kept up to a number of bytes, as they came and not as they are stored', async () => {
    const ids = await refuse(5, 100_000, 50_000, 10);
    await forgetRefused(database.db, { mostBytes: 150_010 });
    expect(await left()).toEqual(ids.slice(1));
    await forgetRefused(database.db, { mostBytes: 150_009 });
    expect(await left()).toEqual(ids.slice(2));
    await forgetRefused(database.db, { mostBytes: 9 });
    expect(await left()).toEqual([]);
  });

  it('is kept for thirty days after it came last', async () => {
    const ids = await refuse(1, 2, 3);
    await alter(`received_at = now() - interval '90 days', last_received_at = now() - interval '29 days'`);
    await alter(`last_received_at = now() - interval '31 days' where id = ${ids[1]}`);
    await forgetRefused(database.db);
    expect(await left()).toEqual([ids[0], ids[2]]);
  });

  it('is all that is forgotten: whatever else there is stays, of whatever age and size', async () => {
    const [first] = await refuse(10);
    const others: number[] = [];
    for (const state of ['received', 'waiting', 'done', 'rejected'] as const) {
      const { id } = await keep({ body: Buffer.from(state) });
      await settle(database.db, id, { state });
      others.push(id);
    }
    await alter(`last_received_at = now() - interval '1 year'`);
    await forgetRefused(database.db, { most: 0, mostBytes: 0, days: 0 });
    expect(await left()).toEqual(others);
    expect(others).not.toContain(first);
  });

  it('stays where it is found to be genuine while it is being forgotten', async () => {
    const [id] = await refuse(7);
    const { db } = database;
    let forgetting: Promise<void> | undefined;
    await db.transaction(async (tx) => {
      await keepDelivery(tx, { service: 'signed', headers: {}, body: Buffer.alloc(7, '0') });
      forgetting = forgetRefused(db, { most: 0 });
      await eventually('it waits', async () => {
        const [row] = await db.query<{ count: number }>(
          `select count(*)::int as count from pg_stat_activity
            where datname = current_database() and wait_event_type = 'Lock'`,
        );
        return row?.count === 1;
      });
    });
    await forgetting;
    expect(await rows()).toMatchObject([{ id, state: 'received' }]);
  });
});
