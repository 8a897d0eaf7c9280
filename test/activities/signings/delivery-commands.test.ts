import { keepDelivery, signingsChannel } from '../../../activities/signings/inbox';
import {
  contentOf,
  findDelivery,
  listDeliveries,
  rejectDelivery,
  retryDeliveries,
  retryDelivery,
  takenWithin,
} from '../../../activities/signings/delivery-commands';
import type { FreshDatabase } from '../../helpers/stack';
import { freshDatabase } from '../../helpers/stack';
import { eventually, sign } from '../signed-agreement';
import { arrive, missing, settle, signedBody } from './deliveries';

let database: FreshDatabase;

beforeEach(async () => {
  database = await freshDatabase();
});

afterEach(() => database.close());

const by = 'erik';
const stateOf = async (id: number) => {
  const { state, result, reasons, attempts, lastError, by: who } = await findDelivery(database.db, id);
  return { state, result, reasons, attempts, lastError, by: who };
};
const numbers = async (filter: Partial<Parameters<typeof listDeliveries>[1]> = {}) =>
  (await listDeliveries(database.db, { limit: 100, ...filter })).deliveries.map(({ id }) => id);
const aged = (id: number, minutes: number) =>
  database.db.query(
    `update deliveries set received_at = now() - make_interval(mins => $2), due_at = now() - make_interval(mins => $2)
      where id = $1`,
    [id, minutes],
  );

describe('the list', () => {
  it('is what waits, what is not processed in time, and what failed; newest last', async () => {
    const waiting = await arrive(database.db);
    const fresh = await arrive(database.db, { state: 'received' });
    const late = await arrive(database.db, { state: 'received' });
    await aged(late, 2);
    const failing = await arrive(database.db, { state: 'received' });
    await database.db.query(
      `update deliveries set last_error = 'API away', due_at = now() + interval '5 minutes' where id = $1`,
      [failing],
    );
    for (const state of ['refused', 'rejected'] as const) await arrive(database.db, { state });
    await arrive(database.db, { state: 'done', result: 'started' });
    expect(await numbers()).toEqual([waiting, late, failing]);
    expect(await numbers({ state: 'received' })).toEqual([fresh, late, failing]);
    expect(await numbers({ state: 'all' })).toHaveLength(7);
  });

  it('is of one service where it is asked for, and says how many older ones its limit leaves out', async () => {
    const ids = [await arrive(database.db), await arrive(database.db), await arrive(database.db)];
    const other = await arrive(database.db, { service: 'docusign' });
    expect(await numbers({ service: 'docusign' })).toEqual([other]);
    const { deliveries, older } = await listDeliveries(database.db, { limit: 2, service: 'signed' });
    expect([deliveries.map(({ id }) => id), older]).toEqual([ids.slice(1), 1]);
  });

  it('counts what was taken lately: started or amended, not copies and not long ago', async () => {
    await arrive(database.db, { state: 'done', result: 'started' });
    await arrive(database.db, { state: 'done', result: 'amendment' });
    await arrive(database.db, { state: 'done', result: 'duplicate' });
    const old = await arrive(database.db, { state: 'done', result: 'started' });
    await database.db.query(`update deliveries set processed_at = now() - interval '31 days' where id = $1`, [
      old,
    ]);
    expect(await takenWithin(database.db, 30)).toBe(2);
  });
});

describe('one delivery', () => {
  it('comes with the other deliveries of its document, its papers and amendments, and not with its body', async () => {
    const { agreement } = await sign(database.db);
    const id = await arrive(database.db, { document: 'a', state: 'done', result: 'amendment', agreement });
    const again = await arrive(database.db, { document: 'a', body: Buffer.from('{"other":1}') });
    await arrive(database.db, { document: 'a', service: 'docusign' });
    await database.db.query(
      `insert into signings (service, document, agreement, kind, delivery) values ('signed', 'a', $1, 'amendment', $2)`,
      [agreement, id],
    );
    await database.db.query(
      `insert into signed_files (service, document, kind, state, name, digest)
       values ('signed', 'a', 'contract', 'kept', 'avtal.pdf', 'abc'), ('signed', 'a', 'certificate', 'wanted', null, null)`,
    );
    await database.db.query(
      `insert into amendments (agreement, service, document, contract, from_date) values ($1, 'signed', 'a', '{}', '2027-03-01')`,
      [agreement],
    );
    const found = await findDelivery(database.db, id);
    expect(found).toMatchObject({
      id,
      signing: { agreement, kind: 'amendment' },
      papers: [
        { kind: 'contract', state: 'kept', name: 'avtal.pdf', digest: 'abc' },
        { kind: 'certificate', state: 'wanted', name: null },
      ],
      amendments: [{ state: 'proposed' }],
      bytes: signedBody('a').length,
      fetchedBytes: null,
    });
    expect(found.related.map((each) => each.id)).toEqual([again]);
    expect(found).not.toHaveProperty('body');
  });

  it('that nobody can read has no title and is shown all the same', async () => {
    const id = await arrive(database.db, { body: Buffer.from([0xff, 0x00, 0x7b]) });
    expect(await findDelivery(database.db, id)).toMatchObject({ signers: [], bytes: 3 });
    expect(await contentOf(database.db, id, 'body')).toEqual(Buffer.from([0xff, 0x00, 0x7b]));
    expect(await contentOf(database.db, id, 'fetched')).toBeNull();
  });

  it('that is not there is said so, with the nearest', async () => {
    await expect(findDelivery(database.db, 17)).rejects.toThrow('17; nothing has come in yet');
    const id = await arrive(database.db);
    for (const ask of [
      () => findDelivery(database.db, id + 40),
      () => contentOf(database.db, id + 40, 'body'),
      () => retryDelivery(database.db, id + 40, by),
      () => rejectDelivery(database.db, id + 40, { reason: 'x', by }),
    ])
      await expect(ask()).rejects.toThrow(`found none with number ${id + 40}; the nearest is ${id}`);
  });
});

describe('a retry', () => {
  it('has what waits processed at once, with nothing left of the attempts before, and says so on the channel', async () => {
    const id = await arrive(database.db);
    await database.db.query(
      `update deliveries set attempts = 7, last_error = 'x', due_at = now() + interval '1 day' where id = $1`,
      [id],
    );
    let heard = 0;
    const off = await database.db.listen(
      signingsChannel,
      () => (heard += 1),
      () => undefined,
    );
    await retryDelivery(database.db, id, by);
    expect(await stateOf(id)).toEqual({
      state: 'received',
      result: null,
      reasons: [],
      attempts: 0,
      lastError: null,
      by,
    });
    await eventually('the lanes are told', () => heard === 1);
    off();
    const due = await database.db.query('select id from deliveries where due_at <= now()');
    expect(due).toEqual([{ id }]);
  });

  it('takes up what was rejected, and what was only recorded', async () => {
    const rejected = await arrive(database.db);
    await rejectDelivery(database.db, rejected, { reason: 'a test', by });
    const recorded = await arrive(database.db, { state: 'done', result: 'recorded' });
    for (const id of [rejected, recorded]) {
      await retryDelivery(database.db, id, by);
      expect(await stateOf(id)).toMatchObject({ state: 'received', result: null, reasons: [] });
    }
  });

  it('of what was refused says that it has to be delivered again', async () => {
    const headers = {};
    const refused = { message: { sv: 'fel', en: 'wrong' } };
    const body = Buffer.from('{}');
    const { id } = await keepDelivery(database.db, { service: 'docusign', headers, body, refused });
    await expect(retryDelivery(database.db, id, by)).rejects.toThrow(
      /its signature does not fit any key.*SERVICEAVTAL_DOCUSIGN_KEYS.*have the service send it again/,
    );
    expect(await stateOf(id)).toMatchObject({ state: 'refused', by: null });
  });

  it.each(['started', 'amendment', 'duplicate'] as const)(
    'of what is done (%s) is refused',
    async (result) => {
      const { agreement } = await sign(database.db);
      const id = await arrive(database.db, { state: 'done', result, agreement });
      await expect(retryDelivery(database.db, id, by)).rejects.toThrow(
        `found ${id} done (${result}, ${agreement}): nothing is left to try`,
      );
      expect(await stateOf(id)).toMatchObject({ state: 'done', result });
    },
  );

  it('of all takes what the list shows, of one service if asked, and leaves what people put aside', async () => {
    const waiting = await arrive(database.db);
    const other = await arrive(database.db, { service: 'scrive' });
    const rejected = await arrive(database.db);
    await rejectDelivery(database.db, rejected, { reason: 'a test', by });
    const recorded = await arrive(database.db, { state: 'done', result: 'recorded' });
    expect(await retryDeliveries(database.db, { service: 'scrive', by })).toEqual([other]);
    expect(await stateOf(waiting)).toMatchObject({ state: 'waiting' });
    expect(await retryDeliveries(database.db, { by })).toEqual([waiting]);
    expect(await stateOf(rejected)).toMatchObject({ state: 'rejected' });
    expect(await stateOf(recorded)).toMatchObject({ state: 'done' });
  });
});

describe('a rejection', () => {
  it('keeps who and why before the reasons it waited for', async () => {
    const id = await arrive(database.db);
    await rejectDelivery(database.db, id, { reason: 'Kunden ångrade sig', by });
    expect(await stateOf(id)).toMatchObject({
      state: 'rejected',
      by,
      reasons: [{ message: { sv: 'Kunden ångrade sig', en: 'Kunden ångrade sig' } }, missing('Nivå')],
    });
  });

  it('takes what is not processed yet, and nothing that is settled', async () => {
    const received = await arrive(database.db, { state: 'received' });
    await rejectDelivery(database.db, received, { reason: 'x', by });
    expect(await stateOf(received)).toMatchObject({ state: 'rejected' });
    await settle(database.db, received, { state: 'done', result: 'recorded' });
    await expect(rejectDelivery(database.db, received, { reason: 'x', by })).rejects.toThrow(
      `expected a delivery that is waiting or received, found ${received} done (recorded)`,
    );
  });
});
