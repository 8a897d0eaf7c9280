import fc from 'fast-check';
import type { FieldKind } from '../../workflows/messages/fields';
import { isMessage, messageNames, messages } from '../../workflows/messages/messages';
import { failedTasks, pageOf } from '../helpers/histories';
import type { LiveYear } from '../helpers/live-year';
import { beginYear } from '../helpers/live-year';

/** The same garbage each time: what breaks once can be looked at again. */
const seed = 2027;

/** Something sent as it would travel: a name, and bytes said to be of an encoding. */
interface Sent {
  name: string;
  encoding: string;
  data: Buffer;
}

const known = new Set([
  'agreement',
  'by',
  ...messageNames.flatMap((name) => Object.keys(messages[name].fields)),
]);

const unknownField = fc
  .oneof(
    fc.constantFrom(
      '__proto__',
      'constructor',
      'prototype',
      'toString',
      'hasOwnProperty',
      'Meeting',
      'on ',
      '\ud800',
    ),
    fc.string({ minLength: 1, maxLength: 300 }),
  )
  .filter((name) => !known.has(name));

const nested = fc.integer({ min: 100, max: 20_000 }).map((depth) => '['.repeat(depth) + ']'.repeat(depth));

/** JSON that is no field's value, by what the field holds. */
const wrong: Record<FieldKind, unknown[]> = {
  text: [{}, [], [1], { toString: 1 }],
  number: ['many', {}, [1], true, '1e', 'NaN', '0x10', '1e2', 'Infinity', '1,200'],
  hours: ['many', {}, [1], true, '1e', 'NaN', '0x10', '1e1', 'Infinity', '1:75'],
  minutes: ['many', {}, [1], true, '1e', 'NaN', '0x10', '1e2', 'Infinity', '1:75'],
  date: ['2027-02-30', 'i morgon', 20270101, {}, '2027-1-1'],
  time: ['25:00', 'nio', 900, {}, '10:60'],
  moment: ['2027-05-08', '17:00', '2027-02-30 17:00', '2027-05-08 25:00', 7, {}],
  flag: ['kanske', 7, {}, []],
  versions: ['18.0', [], 7, { a: {} }, { a: null }],
  texts: [[{}], {}, 7, Array.from({ length: 31 }, () => 'x')],
  actions: [
    'text',
    [{}],
    [{ what: '' }],
    [{ what: 1 }],
    [[]],
    [null],
    {},
    [{ what: 'x', who: 'y' }],
    [{ what: 'x', due: 'nu' }],
  ],
};

/** Fields of which one is there that nobody knows, or holds what it cannot. */
function wrongFields(name: string): fc.Arbitrary<string> {
  const fields: Record<string, FieldKind> = {
    ...(isMessage(name) ? messages[name].fields : {}),
    by: 'text',
  };
  const wrongValue = fc
    .constantFrom(...Object.entries(fields))
    .chain(([field, kind]) => fc.constantFrom(...wrong[kind]).map((value) => [field, value] as const));
  const tooMuch = fc.tuple(
    unknownField,
    fc.oneof(fc.jsonValue({ maxDepth: 4 }), fc.constant('å'.repeat(28_000))),
  );
  const otherAgreement = fc
    .constantFrom('annan-2027', '', 7, {}, [])
    .map((number) => ['agreement', number] as const);
  const example = isMessage(name) ? messages[name].example : {};
  return fc
    .tuple(fc.boolean(), fc.oneof(wrongValue, tooMuch, otherAgreement))
    .map(([amongOthers, [field, value]]) =>
      // Not by assignment: `__proto__` is to be a field like any other.
      JSON.stringify(Object.fromEntries([...(amongOthers ? Object.entries(example) : []), [field, value]])),
    );
}

const json = (name: string): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 5, arbitrary: wrongFields(name) },
    {
      weight: 2,
      arbitrary: fc
        .oneof(fc.integer(), fc.boolean(), fc.array(fc.jsonValue()))
        .map((value) => JSON.stringify(value)),
    },
    {
      weight: 1,
      arbitrary: fc.string({ minLength: 1, unit: 'binary' }).map((value) => JSON.stringify(value)),
    },
    { weight: 1, arbitrary: nested },
  );

const plain = 'json/plain';
const bytes = fc.uint8Array({ minLength: 1, maxLength: 200 }).map((data) => Buffer.from(data));

function sentTo(name: string): fc.Arbitrary<Sent> {
  const readable = json(name).map((text): Sent => ({ name, encoding: plain, data: Buffer.from(text) }));
  const cut = json(name).map((text): Sent => ({
    name,
    encoding: plain,
    data: Buffer.from(`{"note": ${text}`),
  }));
  const foreign = fc
    .tuple(
      fc.constantFrom('json/protobuf', 'binary/plain', 'binary/protobuf', 'binary/encrypted', 'text', ''),
      bytes,
    )
    .map(([encoding, data]): Sent => ({ name, encoding, data }));
  return fc.oneof(
    { weight: 6, arbitrary: readable },
    { weight: 1, arbitrary: cut },
    { weight: 2, arbitrary: foreign },
  );
}

const strangeNames = fc.oneof(
  fc.constantFrom(
    '__proto__',
    'toString',
    'constructor',
    'MeetingHeld',
    'meetingheld',
    'overview',
    ' ',
    '\u0000',
    'å'.repeat(400),
  ),
  fc.string({ minLength: 1, maxLength: 60 }),
);

/** Garbage to every message in turn, and now and then to a name that nobody declared. */
const garbage = (count: number): Sent[] =>
  Array.from({ length: count }, (_, index) => {
    const name = messageNames[index % (messageNames.length + 2)];
    const to =
      name === undefined ? strangeNames.filter((one) => !isMessage(one)).chain(sentTo) : sentTo(name);
    return fc.sample(to, { numRuns: 1, seed: seed + index })[0]!;
  });

describe('a running agreement that is sent garbage of every kind', () => {
  let year: LiveYear;
  const signals = garbage(270);
  const updates = garbage(108);
  const refused: string[] = [];

  const payloads = ({ encoding, data }: Sent) => ({
    payloads: [{ metadata: { encoding: Buffer.from(encoding) }, data }],
  });
  const target = () => ({
    namespace: year.client.options.namespace,
    workflowExecution: { workflowId: year.workflowId },
  });
  const signal = (sent: Sent) =>
    year.client.workflowService.signalWorkflowExecution({
      ...target(),
      signalName: sent.name,
      input: payloads(sent),
    });
  const update = async (sent: Sent, index: number): Promise<void> => {
    const { outcome } = await year.client.workflowService.updateWorkflowExecution({
      ...target(),
      request: { meta: { updateId: `garbage-${index}` }, input: { name: sent.name, args: payloads(sent) } },
      waitPolicy: { lifecycleStage: 3 },
    });
    refused.push(
      outcome?.failure?.message ?? `taken: ${sent.name} ${sent.data.toString('utf8').slice(0, 200)}`,
    );
  };
  /** What people send meanwhile, as it is meant. */
  const valid: [string, Record<string, unknown>][] = [
    ['meetingBooked', { meeting: 1, on: '2027-02-18', by: 'anna' }],
    ['monitoringPaused', { monitor: 'order-import', until: '2027-06-05' }],
    ...Array.from({ length: 20 }, (_, index): [string, Record<string, unknown>][] => [
      ['hoursUsed', { hours: 0.25, ref: `valid-${index}`, note: 'å'.repeat(index === 7 ? 28_000 : 5) }],
      ['noteAdded', { text: `valid-${index}` }],
      ['improvementAdded', { title: `valid-${index}` }],
    ]).flat(),
  ];

  beforeAll(async () => {
    year = await beginYear({ years: 0 });
    await year.to('2027-01-20');
    const rest = [...valid];
    for (const [index, sent] of signals.entries()) {
      await signal(sent);
      if (index % 4 === 0 && rest.length > 0) {
        const [name, input] = rest.shift()!;
        await year.handle.signal(name, input);
      }
      const also = updates[index];
      if (also) await update(also, index);
    }
    expect(rest).toEqual([]);
    await year.time.untilIdle();
  });

  afterAll(() => year.finish());

  it('rejects all of it, each with a reason in the language of the staff', async () => {
    const [rejected] = await year.db.query<{ count: number; silent: number }>(
      `select count(*)::int as count, (count(*) filter (where length(detail->>'reason') < 10))::int as silent
         from events where kind = 'rejected'`,
    );
    expect(rejected).toEqual({ count: signals.length, silent: 0 });
    expect(refused).toHaveLength(updates.length);
    expect(
      refused.filter((reason) => !/förväntade|finns ingen signal|det här är avtalet/.test(reason)),
    ).toEqual([]);
  });

  it('takes everything that is right exactly once', async () => {
    const once = async (table: string, column: string): Promise<unknown> => {
      const rows = await year.db.query(
        `select ${column} as what from ${table} where ${column} like 'valid-%' order by length(${column}), ${column}`,
      );
      return rows;
    };
    const all = Array.from({ length: 20 }, (_, index) => ({ what: `valid-${index}` }));
    expect(await once('hour_entry_refs', 'ref')).toEqual(all);
    expect(await once('notes', 'text')).toEqual(all);
    expect(await once('improvements', 'title')).toEqual(all);
    const overview = await year.overview();
    expect(overview.hours?.used).toBe(500);
    expect(overview.paused).toMatchObject([{ monitor: 'order-import', until: '2027-06-05' }]);
    expect(await year.db.query('select id, booked_at as at from meetings')).toEqual([
      { id: 'meeting-1', at: '2027-02-18T09:00:00.000Z' },
    ]);
    const untouched = await year.db.query(`select id from obligations where state not in ('open', 'done')`);
    expect(untouched).toEqual([]);
  });

  it('refuses at the door what is larger than 64 KiB, and is not the worse for it', async () => {
    const large = { text: 'x'.repeat(70_000) };
    await expect(year.handle.signal('noteAdded', large)).rejects.toThrow();
    // The server says that it is too much just now, and the client would ask again for a while.
    const soon = Date.now() + 2_000;
    await expect(
      year.client.withDeadline(soon, () =>
        year.handle.executeUpdate<unknown, [unknown]>('noteAdded', { args: [large] }),
      ),
    ).rejects.toThrow();
    await year.signal('noteAdded', { text: 'after it all' });
    expect(
      await year.db.query(`select count(*)::int as notes from notes where text not like 'valid-%'`),
    ).toEqual([{ notes: 1 }]);
  });

  it('fails no task, answers what it is asked, and its page stays below what is shown', async () => {
    expect(await failedTasks(year)).toEqual([]);
    expect(await year.overview()).toMatchObject({ agreement: 'testbolaget-2027', phase: 'running' });
    expect(Buffer.byteLength(await pageOf(year))).toBeLessThan(20_000);
    await year.wait(120);
    const told = year.mails('signals', 'rejected');
    expect(told.length).toBeGreaterThan(0);
    expect(told.length).toBeLessThanOrEqual(3);
  });
});
