/** Deliveries on their way to agreements: real rules, mappings and database, and services on local ports. */
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { storeSignedContract } from '../../../activities/agreements/agreements';
import type { Db } from '../../../activities/db';
import { openDb } from '../../../activities/db';
import { rulesetInForce, termsAtSigning } from '../../../activities/agreements/rulesets';
import { listDocuments, listFiles } from '../../../activities/signings/papers';
import { rejectDelivery, retryDelivery } from '../../../activities/signings/delivery-commands';
import { keepDelivery, takeDeliveries } from '../../../activities/signings/inbox';
import { openSigningApis } from '../../../activities/signings/open-apis';
import type { SigningDeps } from '../../../activities/signings/settle-deliveries';
import { settleDeliveries } from '../../../activities/signings/settle-deliveries';
import { localDateOf } from '../../../rules/engine/calendar/calendar';
import { addDays } from '../../../rules/engine/calendar/dates';
import type { Contract } from '../../../rules/engine/contract/contract';
import type { SigningReason, SigningService } from '../../../rules/engine/signing/signing';
import { projectRoot } from '../../../worker/settings/configuration';
import { openMappings } from '../../../worker/files/signing-mappings';
import { exampleContract } from '../../helpers/example';
import type { OneflowServer, ScriveServer } from '../../helpers/signing-services';
import { noServices, smallPdf, startOneflow, startScrive } from '../../helpers/signing-services';
import type { FreshDatabase } from '../../helpers/stack';
import { emptyDatabase } from '../../helpers/spare-databases';
import { freshDatabase } from '../../helpers/stack';
import { payload } from '../../rules/signing/documents';
import { publishWorkingRules } from '../signed-agreement';

let database: FreshDatabase;
let db: Db;
let oneflow: OneflowServer;
let scrive: ScriveServer;
let rulesDir: string;
let clock = 0;

beforeAll(async () => {
  database = await freshDatabase();
  ({ db } = database);
  [oneflow, scrive] = await Promise.all([startOneflow(), startScrive()]);
});
afterAll(() => Promise.all([oneflow.close(), scrive.close(), database.close()]));

beforeEach(async () => {
  await emptyDatabase(db);
  await publishWorkingRules(db);
  rulesDir = mkdtempSync(path.join(os.tmpdir(), 'serviceavtal-process-'));
  cpSync(path.join(projectRoot, 'rules/signing'), path.join(rulesDir, 'signing'), { recursive: true });
  oneflow.misbehave();
  scrive.misbehave();
});
afterEach(() => rmSync(rulesDir, { recursive: true }));

/** As the worker composes it; with a mapping file of our own. */
function deps(changed: Partial<SigningDeps> = {}): SigningDeps {
  const apis = openSigningApis(
    { ...noServices, oneflow: oneflow.settings, scrive: scrive.settings },
    { seconds: 2 },
  );
  const mappingOf = openMappings(
    rulesDir,
    () => undefined,
    () => clock,
  );
  return { db, apis, mappingOf, ...changed };
}

/** Processes until nothing is due. @returns how many were processed */
async function processAll(given = deps(), service: SigningService = 'signed', limit = 50): Promise<number> {
  let all = 0;
  for (let taken = 1; taken > 0; all += taken) taken = await settleDeliveries(given, service, limit);
  return all;
}

let count = 0;

/** A contract under a number and a customer of its own. */
const contractOf = (number: string, changed: Partial<Contract> = {}): Contract =>
  exampleContract({ agreement: number, ...changed });

interface Body {
  event?: string;
  document?: object;
  contract?: unknown;
  /** Anything that makes the body another one. */
  attempt?: number;
}

/** A body in our own form. */
const bodyOf = (id: string, { event = 'completed', document = {}, ...rest }: Body): Buffer =>
  Buffer.from(
    JSON.stringify({
      event,
      document: {
        id,
        title: 'Serviceavtal Guld',
        completedAt: '2026-12-01T10:00:00Z',
        signers: [{ name: 'Karin Ek', email: 'karin.ek@testbolaget.example.com' }],
        ...document,
      },
      ...rest,
    }),
  );

const keep = async (body: Buffer | string, service: SigningService = 'signed'): Promise<number> =>
  (await keepDelivery(db, { service, headers: {}, body: Buffer.from(body) })).id;

/** Keeps a delivery of a document that gives this contract, each time in other bytes. */
const deliver = (id: string, contract: unknown, body: Body = {}): Promise<number> =>
  keep(bodyOf(id, { contract, attempt: ++count, ...body }));

interface Row {
  id: number;
  state: string;
  result: string | null;
  reasons: SigningReason[];
  document: string | null;
  outcome: string | null;
  agreement: string | null;
  attempts: number;
  wait: number;
  lastError: string | null;
  processed: boolean;
}

const rows = (): Promise<Row[]> =>
  db.query<Row>(
    `select id, state, result, reasons, document, outcome, agreement, attempts, last_error as "lastError",
            processed_at is not null as processed, extract(epoch from due_at - now())::float8 as wait
       from deliveries order by id`,
  );
const rowOf = async (id: number): Promise<Row> => (await rows()).find((row) => row.id === id)!;
const ends = async (): Promise<string[]> => (await rows()).map(({ state, result }) => result ?? state);
const whys = async (id: number): Promise<string[]> =>
  (await rowOf(id)).reasons.map(({ about, message }) => `${about ?? ''}: ${message.en}`);
const many = async (table: string): Promise<number> =>
  (await db.query<{ n: number }>(`select count(*)::int as n from ${table}`))[0]!.n;
/** Agreements, starts, documents and amendments there are. */
const counts = async (): Promise<number[]> =>
  Promise.all(['agreements', `outbox where kind = 'start'`, 'signings', 'amendments'].map(many));
/** Lets what was put off come up now. */
const later = (): Promise<unknown> => db.query('update deliveries set due_at = now()');

const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');
const enclosed = (content: Buffer) => ({
  kind: 'contract',
  name: 'avtal.pdf',
  mediaType: 'application/pdf',
  base64: content.toString('base64'),
});

describe('a completed document', () => {
  it.each([
    ['docusign', 'docusign'],
    ['signed', 'signed'],
    ['signed', 'signed-contract'],
    ['oneflow', 'oneflow'],
    ['scrive', 'scrive'],
  ] as [SigningService, string][])(
    'of %s, as in examples/signing/%s.json, starts its agreement',
    async (service, example) => {
      const form = payload(example) as Record<string, unknown>;
      const id = String(form.id ?? '');
      if (service === 'oneflow' || service === 'scrive') {
        const server = { oneflow, scrive }[service];
        server.sign({ id, change: () => form });
        const said =
          service === 'oneflow' ? JSON.stringify({ contract: { id: Number(id) } }) : `document_id=${id}`;
        await keep(said, service);
      } else await keep(JSON.stringify(form), service);
      expect(await processAll(deps(), service)).toBe(1);

      const [row] = await rows();
      // None of the examples names the buyer's reference: it starts, and that is told.
      expect(row).toMatchObject({
        ...{ state: 'done', result: 'started', outcome: 'completed' },
        reasons: [{ about: 'contract.customer.reference' }],
      });
      expect(row).toMatchObject({
        agreement: 'testbolaget-2027',
        attempts: 1,
        lastError: null,
        processed: true,
      });
      const agreements = await db.query<{ contract: Contract }>(
        `select number, state, contract, signed_terms #>> '{meetings,perYear}' as meetings, signed_ruleset as ruleset
         from agreements`,
      );
      const ruleset = await rulesetInForce(db);
      expect(agreements).toMatchObject([
        { number: 'testbolaget-2027', state: 'signed', meetings: '4', ruleset },
      ]);
      expect(agreements[0]?.contract).toMatchObject({
        level: 'guld',
        signedOn: '2026-12-01',
        startsOn: '2027-01-01',
        customer: { name: 'Testbolaget AB' },
        hourBank: { hours: 120, hourlyRate: 1450, currency: 'SEK' },
      });
      const documents = await listDocuments(db, 'testbolaget-2027');
      expect(documents).toMatchObject([{ service, document: row?.document, kind: 'original', ruleset }]);
      expect(documents[0]?.signers.map(({ name }) => name)).toContain('Karin Ek');
      expect(
        (await listFiles(db, 'testbolaget-2027')).map(({ kind, state }) => `${kind} ${state}`),
      ).toHaveLength(2);
      expect(await counts()).toEqual([1, 1, 1, 0]);
    },
  );

  it('has its enclosed papers kept, with their hash', async () => {
    const paper = smallPdf('Serviceavtal');
    await deliver('d-1', contractOf('a-1'), { document: { files: [enclosed(paper)] } });
    await processAll();
    expect(await listFiles(db, 'a-1')).toMatchObject([
      { kind: 'contract', state: 'kept', digest: sha256(paper), intact: true, size: paper.length },
      { kind: 'certificate', state: 'unavailable' },
    ]);
  });

  it('can call itself anything: what PostgreSQL cannot keep becomes something it can', async () => {
    const body = JSON.stringify({
      event: 'completed',
      document: { id: 'd\0-1', title: 'nul\0 half\ud800', completedAt: '2026-12-01T10:00:00Z' },
      contract: contractOf('a-1'),
    });
    await keep(body);
    await keep(body.replace('"completed"', '"Completed"'));
    await processAll();
    expect(await ends()).toEqual(['started', 'duplicate']);
  });
});

describe('a document that says it is signed far in the future', () => {
  const farAhead = addDays(localDateOf(new Date().toISOString()), 400);
  const slip = (changed: Partial<Contract> = {}): Contract =>
    contractOf('a-1', { signedOn: farAhead, ...changed });

  it('waits, however often it comes, and its manager is asked whether the year is right', async () => {
    const id = await deliver('d-1', slip());
    await deliver('d-1', slip());
    await deliver('d-2', contractOf('a-2'));
    await processAll();
    expect(await ends()).toEqual(['waiting', 'waiting', 'started']);
    expect(await whys(id)).toEqual([
      `contract.signedOn: signedOn is ${farAhead}, which is in the future: is the year right? ` +
        'If it is: write the contract with `intake test`, sign it with `sign`, and try again.',
    ]);
    const message = (await rowOf(id)).reasons[0]?.message.sv;
    expect(message).toMatch(
      /^signedOn är \d{4}-\d\d-\d\d, som ligger i framtiden: är året rätt\? Är det rätt: /,
    );
    expect(await counts()).toEqual([1, 1, 1, 0]);
  });

  it('is the paper of the agreement, once a person has signed it by command', async () => {
    const id = await deliver('d-1', slip());
    await processAll();
    await storeSignedContract(db, slip(), { start: false });
    await retryDelivery(db, id, 'Erik Holm');
    await processAll();
    expect(await rowOf(id)).toMatchObject({ state: 'done', result: 'duplicate', agreement: 'a-1' });
  });

  it('starts an agreement up to a month ahead, or where the service itself says that it was signed then', async () => {
    await deliver('d-1', contractOf('a-1', { signedOn: addDays(farAhead, -400 + 31) }));
    await deliver('d-2', contractOf('a-2', { signedOn: farAhead }), {
      document: { completedAt: `${farAhead}T10:00:00Z` },
    });
    await processAll();
    expect(await ends()).toEqual(['started', 'started']);
  });
});

describe('the same document again', () => {
  it('five times at once, and weeks later, does nothing more', async () => {
    for (let times = 0; times < 5; times += 1) await deliver('d-1', contractOf('a-1'));
    await processAll();
    await deliver('d-1', contractOf('a-1'));
    await processAll();
    // Also if it says something else now.
    await deliver('d-1', contractOf('a-2', { level: 'guld' }));
    await processAll();
    expect(await ends()).toEqual(['started', ...Array<string>(6).fill('duplicate')]);
    const last = (await rows()).at(-1);
    expect(last).toMatchObject({ agreement: 'a-1', outcome: 'completed' });
    expect(await whys(last!.id)).toEqual([': the document was taken in before']);
    expect(await counts()).toEqual([1, 1, 1, 0]);
  });

  it('brings the papers that it came without at first', async () => {
    const paper = smallPdf('Serviceavtal');
    await deliver('d-1', contractOf('a-1'));
    await processAll();
    expect((await listFiles(db, 'a-1'))[0]).toMatchObject({ kind: 'contract', state: 'unavailable' });
    await deliver('d-1', contractOf('a-1'), { document: { files: [enclosed(paper)] } });
    await deliver('d-1', contractOf('a-1'), { document: { files: [enclosed(smallPdf('another'))] } });
    await processAll();
    expect((await listFiles(db, 'a-1'))[0]).toMatchObject({ state: 'kept', digest: sha256(paper) });
    expect(await ends()).toEqual(['started', 'duplicate', 'duplicate']);
  });

  it('settles what waited about it', async () => {
    const first = await deliver('d-1', { ...contractOf('a-1'), level: 7 });
    const other = await deliver('d-2', { ...contractOf('a-2'), level: 7 });
    await processAll();
    expect(await ends()).toEqual(['waiting', 'waiting']);
    await deliver('d-1', contractOf('a-1'));
    await processAll();
    expect(await ends()).toEqual(['duplicate', 'waiting', 'started']);
    expect(await rowOf(first)).toMatchObject({ agreement: 'a-1', document: 'd-1' });
    expect(await rowOf(other)).toMatchObject({ agreement: null });
  });

  it('twice at once under a number it cannot have waits twice', async () => {
    await deliver('d-1', contractOf('a-1'));
    await processAll();
    const stranger = { ...exampleContract().customer, id: 'stranger', orgNumber: '556000-0019' };
    await deliver('d-2', contractOf('a-1', { customer: stranger }));
    await deliver('d-2', contractOf('a-1', { customer: stranger }));
    await processAll();
    expect(await ends()).toEqual(['started', 'waiting', 'waiting']);
    expect((await rows()).slice(1).map(({ reasons }) => reasons.length)).toEqual([2, 2]);
  });
});

describe('an agreement that was signed when no check digit was looked at', () => {
  const customer = { ...exampleContract().customer, orgNumber: '556000-0002' };

  beforeEach(async () => {
    await storeSignedContract(db, contractOf('a-1', { customer }), { start: false });
  });

  it('is changed by an amendment with its number', async () => {
    await deliver(
      'd-1',
      contractOf('a-1', { customer, hourBank: { ...exampleContract().hourBank, hours: 160 } }),
    );
    await processAll();
    expect(await ends()).toEqual(['amendment']);
  });

  it('gets its number right by an amendment', async () => {
    await deliver('d-1', contractOf('a-1', { customer: { ...customer, orgNumber: '556000-0001' } }));
    await processAll();
    expect(await ends()).toEqual(['amendment']);
    expect(await db.query(`select changes -> 0 ->> 'path' as path from amendments`)).toEqual([
      { path: 'customer.orgNumber' },
    ]);
  });
});

describe('several processes', () => {
  /** Two processes, each with connections of its own, work until nothing is left. */
  async function race(given = 50): Promise<void> {
    const others = [openDb(database.databaseUrl), openDb(database.databaseUrl)];
    await Promise.all(others.map((each) => processAll(deps({ db: each }), 'signed', given)));
    await Promise.all(others.map((each) => each.close()));
  }

  it('on the same deliveries start each agreement once', async () => {
    for (let index = 0; index < 30; index += 1) await deliver(`d-${index}`, contractOf(`a-${index}`));
    await race(7);
    expect(await ends()).toEqual(Array<string>(30).fill('started'));
    expect(await counts()).toEqual([30, 30, 30, 0]);
  });

  it('on the same document and the same number, over and over, in any order, get the same', async () => {
    const others = [openDb(database.databaseUrl), openDb(database.databaseUrl)];
    for (let round = 0; round < 30; round += 1) {
      await emptyDatabase(db);
      await publishWorkingRules(db);
      const [x, y] = [contractOf('x'), contractOf('y')];
      // Each process takes two of them: the documents, and the numbers, are the other way round in the other's.
      const batches = [
        [await deliver('same', x), await deliver(`own-${round}`, y)],
        [await deliver('own-y', y), await deliver('same', x), await deliver('own-x', x)],
      ];
      const taken = batches.flat();
      await db.query(`update deliveries set due_at = 'infinity'`);
      const work = async (index: number): Promise<void> => {
        await others[index]!.query('update deliveries set due_at = now() where id = any ($1)', [
          batches[index],
        ]);
        await processAll(deps({ db: others[index]! }));
      };
      await Promise.all([work(0), work(1)]);
      await later();
      await processAll();
      const found = await rows();
      expect(found.map(({ id }) => id)).toEqual(taken);
      expect(found.every(({ state, lastError }) => state === 'done' && lastError === null)).toBe(true);
      expect(found.map(({ result }) => result).sort()).toEqual([
        ...Array<string>(3).fill('duplicate'),
        'started',
        'started',
      ]);
      expect(await counts()).toEqual([2, 2, 4, 0]);
    }
    await Promise.all(others.map((each) => each.close()));
  });

  it('on amendments of the same agreements, the other way round, do not wait for each other for ever', async () => {
    const others = [openDb(database.databaseUrl), openDb(database.databaseUrl)];
    for (const number of ['x', 'y']) await deliver(`first-${number}`, contractOf(number));
    await processAll();
    const bank = (hours: number) => ({ hourBank: { ...exampleContract().hourBank, hours } });
    for (let round = 1; round <= 15; round += 1) {
      // Two each: the one has x and y, the other y and x.
      for (const number of ['x', 'y', 'y', 'x'])
        await deliver(`${number}-${++count}`, contractOf(number, bank(120 + count)));
      await Promise.all(others.map((each) => processAll(deps({ db: each }), 'signed', 2)));
    }
    expect((await ends()).filter((end) => end === 'amendment')).toHaveLength(60);
    expect(await counts()).toEqual([2, 2, 62, 60]);
    // One that is ended by PostgreSQL is made up for, and takes a second each time.
    await Promise.all(others.map((each) => each.close()));
    const [stats] = await db.query<{ deadlocks: number }>(
      'select deadlocks from pg_stat_database where datname = current_database()',
    );
    expect(stats).toEqual({ deadlocks: 0 });
  });

  it('leave to each other what one has taken; nobody who delivers it again is kept waiting', async () => {
    oneflow.misbehave({ how: 'slow', milliseconds: 1_200, times: 1 });
    oneflow.sign({ id: '777', change: () => ({ ...(payload('oneflow') as object), id: 777 }) });
    const body = JSON.stringify({ contract: { id: 777 } });
    await keep(body, 'oneflow');
    let isWorking = true;
    const working = processAll(deps(), 'oneflow').finally(() => (isWorking = false));
    await new Promise((resolve) => setTimeout(resolve, 300));
    await keep(body, 'oneflow');
    expect(await settleDeliveries(deps(), 'oneflow', 10)).toBe(0);
    expect(isWorking).toBe(true);
    await working;
    expect(await ends()).toEqual(['started']);
    expect(await many('deliveries where times = 2')).toBe(1);
  });

  it('that die leave what they had taken to whoever comes later', async () => {
    await deliver('d-1', contractOf('a-1'));
    expect(await takeDeliveries(db, 'signed', 50)).toHaveLength(1);
    expect(await processAll()).toBe(0);
    expect((await rows())[0]?.wait).toBeGreaterThan(10);
    expect((await rows())[0]?.wait).toBeLessThan(31);
    await later();
    await processAll();
    expect(await ends()).toEqual(['started']);
  });

  it('write nothing of a delivery that a person put aside, or had tried again, meanwhile', async () => {
    oneflow.misbehave({ how: 'slow', milliseconds: 500 });
    const said = (id: number): string => JSON.stringify({ contract: { id } });
    const ids = [await keep(said(11), 'oneflow'), await keep(said(12), 'oneflow')];
    const working = settleDeliveries(deps(), 'oneflow', 10);
    await new Promise((resolve) => setTimeout(resolve, 150));
    await rejectDelivery(db, ids[0]!, { reason: 'a test', by: 'erik' });
    await retryDelivery(db, ids[1]!, 'erik');
    expect(await working).toBe(2);
    expect(await ends()).toEqual(['rejected', 'received']);
    oneflow.misbehave();
    await processAll(deps(), 'oneflow');
    // There are no such documents.
    expect(await ends()).toEqual(['rejected', 'waiting']);
  });
});

describe('what is not completed', () => {
  it.each(['declined', 'voided', 'expired', 'sent'])('%s is recorded, and starts nothing', async (event) => {
    const id = await deliver('d-1', contractOf('a-1'), { event });
    await processAll();
    const outcome = event === 'sent' ? 'other' : event;
    expect(await rowOf(id)).toMatchObject({ state: 'done', result: 'recorded', outcome, document: 'd-1' });
    expect(await counts()).toEqual([0, 0, 0, 0]);
  });

  it('takes nothing back, in whatever order it comes', async () => {
    for (const event of ['sent', 'completed', 'declined', 'completed', 'sent'])
      await deliver('d-1', contractOf('a-1'), { event });
    await processAll();
    await deliver('d-1', contractOf('a-1'), { event: 'voided' });
    await processAll();
    expect(await ends()).toEqual(['recorded', 'started', 'recorded', 'duplicate', 'recorded', 'recorded']);
    expect(await counts()).toEqual([1, 1, 1, 0]);
  });

  it('is what the service says, whatever the event claims', async () => {
    const id = oneflow.sign({ status: 'pending' });
    const first = await keep(
      JSON.stringify({ contract: { id }, events: [{ type: 'contract:sign' }] }),
      'oneflow',
    );
    await processAll(deps(), 'oneflow');
    expect(await rowOf(first)).toMatchObject({ result: 'recorded', outcome: 'other', document: id });
    expect(await counts()).toEqual([0, 0, 0, 0]);
  });

  it('or no service agreement, is recorded with why', async () => {
    const id = scrive.sign({ title: 'Sekretessavtal' });
    const first = await keep(`document_id=${id}`, 'scrive');
    await processAll(deps(), 'scrive');
    expect(await rowOf(first)).toMatchObject({ state: 'done', result: 'recorded', outcome: 'completed' });
    expect((await whys(first)).join()).toMatch(/Serviceavtal\*.*Sekretessavtal/);
    expect(await counts()).toEqual([0, 0, 0, 0]);
  });
});

describe('what cannot be used waits, and says why', () => {
  const waits = async (id: number, ...reasons: RegExp[]): Promise<void> => {
    expect(await rowOf(id)).toMatchObject({ state: 'waiting', result: null, processed: true, attempts: 1 });
    const said = await whys(id);
    for (const reason of reasons) expect(said.join('\n')).toMatch(reason);
    expect((await rowOf(id)).reasons.every(({ message }) => message.sv !== '')).toBe(true);
    expect(await counts()).toEqual([0, 0, 0, 0]);
  };

  it('fields that are missing', async () => {
    const form = payload('signed') as { fields: Record<string, unknown> };
    delete form.fields['Startdatum'];
    form.fields['Timmar per år'] = 'många';
    const id = await keep(JSON.stringify(form));
    await processAll();
    await waits(
      id,
      /^contract\.startsOn: expected .*Startdatum/m,
      /^contract\.hourBank\.hours: expected a number.*found "många".*Timmar per år/m,
    );
    expect(await rowOf(id)).toMatchObject({ document: 'avtalsarkiv-10442', outcome: 'completed' });
  });

  it('a level for which the rules give no terms', async () => {
    const id = await deliver('d-1', contractOf('a-1', { level: 'brons' }));
    await processAll();
    await waits(id, /^contract\.level: .*brons/);
  });

  it('an organisation number that cannot be right, told with the level that no rule gives', async () => {
    const customer = { ...exampleContract().customer, orgNumber: '556000-0002' };
    const id = await deliver('d-1', contractOf('a-1', { customer, level: 'brons' }));
    await processAll();
    expect(await whys(id)).toEqual([
      expect.stringMatching(/^contract\.level: .*brons/),
      expect.stringMatching(/^contract\.customer\.orgNumber: .*last digit.*556000-0002/),
    ]);
  });

  it('a currency without any price', async () => {
    const id = await deliver('d-1', contractOf('a-1', { hourBank: { hours: 120, currency: 'NOK' } }));
    await processAll();
    await waits(id, /^contract\.hourBank: .*NOK/);
  });

  it('bodies that nobody can read', async () => {
    const ids = [
      await keep('not JSON'),
      await keep(Buffer.from('{"event": "slutfört"}', 'latin1')),
      await keep(Buffer.from(JSON.stringify(payload('signed')), 'utf16le')),
      await keep(''),
      await keep('[]'),
      await keep('null'),
      await keep('{"event":"completed"}'),
      await keep('x'.repeat(100), 'docusign'),
    ];
    await processAll();
    await processAll(deps(), 'docusign');
    for (const id of [...ids.slice(0, 4), ids[7]!]) await waits(id, /expected JSON in UTF-8/);
    await waits(ids[4]!, /expected an object/);
    await waits(ids[5]!, /expected a document/);
    await waits(ids[6]!, /document\.id: expected the document's id/);
  });

  it('bodies with a property twice, told with its place: readers differ in which of them counts', async () => {
    const body = bodyOf('d-1', { contract: contractOf('a-1') }).toString();
    const ids = [
      await keep(body.replace('"hours":', '"hours":1,"hours":')),
      await keep(`{"fields":{"a":[{},{"b":1,"\\u0062":2}]},${body.slice(1)}`),
      await keep('{"event":"completed","data":{},"event":"voided"}', 'docusign'),
    ];
    await processAll();
    await processAll(deps(), 'docusign');
    await waits(ids[0]!, /^contract\.hourBank\.hours: expected each property once, found "hours" again$/);
    await waits(ids[1]!, /^fields\.a\[1\]\.b: expected each property once, found "b" again$/);
    await waits(ids[2]!, /^event: expected each property once, found "event" again$/);
  });

  it('deliveries that name no document, or of a service whose API is not set up', async () => {
    const ids = [
      await keep('nothing=here', 'scrive'),
      await keep('{"contract":{"id":"../../etc"}}', 'oneflow'),
      await keep('document_id=123', 'scrive'),
    ];
    await processAll(deps({ apis: {} }), 'scrive');
    await processAll(deps({ apis: {} }), 'oneflow');
    for (const id of ids.slice(0, 2)) await waits(id, /expected the document's id, found none/);
    await waits(ids[2]!, /expected settings of the service's API, to fetch the document with/);
    expect(await rowOf(ids[2]!)).toMatchObject({ document: '123' });
  });

  it('a mapping that is not there, or broken; once it is mended a retry starts the agreement', async () => {
    const file = path.join(rulesDir, 'signing/signed.json');
    rmSync(file);
    const id = await keep(JSON.stringify(payload('signed')));
    const given = deps();
    await processAll(given);
    await waits(id, /^rules\/signing\/signed\.json:1:1: expected a mapping file, found none/);
    writeFileSync(file, '{ "service": "signed", ');
    clock += 5_000;
    await retryDelivery(db, id, 'erik');
    await processAll(given);
    await waits(id, /^rules\/signing\/signed\.json:1:\d+: /);
    cpSync(path.join(projectRoot, 'rules/signing/signed.json'), file);
    clock += 5_000;
    await retryDelivery(db, id, 'erik');
    await processAll(given);
    expect(await rowOf(id)).toMatchObject({ result: 'started', agreement: 'testbolaget-2027' });
  });
});

describe('a service that is asked', () => {
  const ask = async (id = '424242'): Promise<number> => {
    const form = { ...(payload('oneflow') as object), id: Number(id) };
    oneflow.sign({ id, change: () => form });
    return keep(JSON.stringify({ contract: { id } }), 'oneflow');
  };

  it.each([
    ['fails', { how: 'status', status: 500 }, /the service fails \(500\)/],
    ['does not accept our token', { how: 'status', status: 401 }, /credentials are not accepted/],
    ['is too slow', { how: 'slow', milliseconds: 5_000 }, /no whole answer in time/],
    ['hangs up', { how: 'hang up' }, /no answer/],
    ['answers something that is no JSON, as a gateway does', { how: 'garbage' }, /expected a JSON object/],
    ['leads elsewhere', { how: 'redirect' }, /redirect/],
  ] as const)('and %s is asked again, later each time, and nobody is bothered', async (_, how, why) => {
    const id = await ask();
    oneflow.misbehave(how);
    const waits: number[] = [];
    for (let tries = 1; tries <= ('milliseconds' in how ? 1 : 4); tries += 1) {
      await later();
      await processAll(deps(), 'oneflow');
      const row = await rowOf(id);
      expect(row).toMatchObject({ state: 'received', attempts: tries, reasons: [], processed: false });
      expect(row.lastError).toMatch(why);
      waits.push(Math.round(row.wait));
    }
    expect(waits).toEqual([1, 2, 4, 8].slice(0, waits.length));
    oneflow.misbehave();
    await later();
    await processAll(deps(), 'oneflow');
    expect(await rowOf(id)).toMatchObject({ result: 'started', lastError: null });
  });

  it('and is down for days still is, after any number of tries, four times an hour', async () => {
    const id = await ask();
    oneflow.misbehave({ how: 'status', status: 503 });
    await db.query('update deliveries set attempts = 500');
    await processAll(deps(), 'oneflow');
    expect(await rowOf(id)).toMatchObject({ state: 'received', attempts: 501 });
    expect(Math.round((await rowOf(id)).wait)).toBe(900);
  });

  it('is left alone for as long as it says', async () => {
    const id = await ask();
    oneflow.misbehave({ how: 'status', status: 429, retryAfter: 3_600 });
    await processAll(deps(), 'oneflow');
    expect(Math.round((await rowOf(id)).wait)).toBe(3_600);
    expect((await rowOf(id)).lastError).toMatch(/asked too often/);
  });

  it('and has no such document, or does not let us see it, is not asked again', async () => {
    const gone = await keep(JSON.stringify({ contract: { id: 31337 } }), 'oneflow');
    await processAll(deps(), 'oneflow');
    expect(await rowOf(gone)).toMatchObject({ state: 'waiting', document: '31337' });
    expect(await whys(gone)).toEqual([expect.stringMatching(/it is not there \(404\)/)]);
    const secret = await ask();
    oneflow.misbehave({ how: 'status', status: 403 });
    await processAll(deps(), 'oneflow');
    expect(await whys(secret)).toEqual([expect.stringMatching(/we may not see it \(403\)/)]);
  });

  it('and tells of a document in another shape has a person look at it, with what it said', async () => {
    const id = oneflow.sign({ change: (form) => ({ ...form, parties: 'none', data_fields: { a: 1 } }) });
    const delivery = await keep(JSON.stringify({ contract: { id } }), 'oneflow');
    await processAll(deps(), 'oneflow');
    expect(await rowOf(delivery)).toMatchObject({ state: 'waiting', document: id });
    expect((await whys(delivery)).join('\n')).toMatch(/^parties: expected a list/m);
    expect(await many(`deliveries where convert_from(fetched, 'utf8')::jsonb ->> 'parties' = 'none'`)).toBe(
      1,
    );
  });

  it('does not hold up the others of its batch', async () => {
    const ids = [await ask('1001'), await ask('1002'), await ask('1003')];
    oneflow.misbehave({ how: 'status', status: 500, at: /1002/ });
    await processAll(deps(), 'oneflow');
    // All three documents are about the same agreement.
    expect(await ends()).toEqual(['started', 'received', 'duplicate']);
    expect((await rowOf(ids[1]!)).lastError).toMatch(/500/);
  });
});

describe('a delivery that cannot be written', () => {
  it('keeps none of its batch from theirs, is tried again, and is a person’s in the end', async () => {
    await db.query(`alter table agreements add constraint refused check (number <> 'bad')`);
    for (const number of ['a-1', 'bad', 'a-2', 'a-3']) await deliver(`d-${number}`, contractOf(number));
    await processAll();
    expect(await ends()).toEqual(['started', 'received', 'started', 'started']);
    const bad = (await rows())[1]!;
    expect(bad).toMatchObject({ attempts: 1, processed: false });
    expect(bad.lastError).toMatch(/violates check constraint "refused"/);
    await db.query('update deliveries set attempts = 12, due_at = now() where id = $1', [bad.id]);
    await processAll();
    expect(await rowOf(bad.id)).toMatchObject({ state: 'waiting', processed: true });
    await db.query('alter table agreements drop constraint refused');
    await retryDelivery(db, bad.id, 'erik');
    await processAll();
    expect(await ends()).toEqual(['started', 'started', 'started', 'started']);
  });

  it('for a reason that is no matter of the database does the same', async () => {
    await deliver('d-1', contractOf('a-1'));
    await processAll();
    // A contract that nothing can be compared with.
    await db.query(`update agreements set contract = '{}'`);
    await deliver('d-2', contractOf('a-1', { systems: {} }));
    await deliver('d-3', contractOf('a-3'));
    await processAll();
    expect(await ends()).toEqual(['started', 'received', 'started']);
    expect((await rows())[1]).toMatchObject({ attempts: 1, lastError: expect.any(String) as string });
  });

  it('while no ruleset is in force is not its fault: all of them stay due', async () => {
    await db.query('delete from publications');
    await deliver('d-1', contractOf('a-1'));
    await expect(settleDeliveries(deps(), 'signed', 50)).rejects.toThrow('expected a ruleset in force');
    expect(await rows()).toMatchObject([{ state: 'received', attempts: 0, lastError: null }]);
    await publishWorkingRules(db);
    await processAll();
    expect(await ends()).toEqual(['started']);
  });
});

describe('another document under a number that is known', () => {
  const hours = (number: number) => ({ hourBank: { ...exampleContract().hourBank, hours: number } });
  const kinds = async (): Promise<string[]> =>
    (await listDocuments(db, 'a-1')).map(({ document, kind }) => `${document} ${kind}`);

  beforeEach(async () => {
    await deliver('d-1', contractOf('a-1'));
    await processAll();
  });

  it('with the same content is a copy whose papers are kept', async () => {
    const paper = smallPdf('again');
    const id = await deliver('d-2', contractOf('a-1'), { document: { files: [enclosed(paper)] } });
    await processAll();
    expect(await rowOf(id)).toMatchObject({ result: 'duplicate', agreement: 'a-1' });
    expect(await whys(id)).toEqual([expect.stringContaining('the same content is signed already')]);
    expect(await kinds()).toEqual(['d-1 original', 'd-2 copy']);
    expect((await listFiles(db, 'a-1')).filter(({ state }) => state === 'kept')).toMatchObject([
      { document: 'd-2', digest: sha256(paper) },
    ]);
    expect(await counts()).toEqual([1, 1, 2, 0]);
  });

  it('with another content is an amendment, in the same batch or later; a third that says the same is a copy', async () => {
    await deliver('d-2', contractOf('a-1', hours(160)));
    await deliver('d-3', contractOf('a-1', hours(160)));
    await deliver('d-4', contractOf('a-1', hours(200)));
    await deliver('d-2', contractOf('a-1', hours(160)));
    await processAll();
    expect(await ends()).toEqual(['started', 'amendment', 'duplicate', 'amendment', 'duplicate']);
    expect(await kinds()).toEqual(['d-1 original', 'd-2 amendment', 'd-3 copy', 'd-4 amendment']);
    expect(await counts()).toEqual([1, 1, 4, 2]);
    const proposed = await db.query<{ hours: string }>(
      `select contract #>> '{hourBank,hours}' as hours, state from amendments order by id`,
    );
    expect(proposed).toEqual([
      { hours: '160', state: 'proposed' },
      { hours: '200', state: 'proposed' },
    ]);
  });

  it('in the very batch of the first is what it would be later', async () => {
    await deliver('e-1', contractOf('a-9'));
    await deliver('e-2', contractOf('a-9', hours(160)));
    await deliver('e-3', contractOf('a-9'));
    await processAll();
    expect((await ends()).slice(1)).toEqual(['started', 'amendment', 'duplicate']);
  });

  it('of another customer waits, with why; so does one for an agreement that has ended', async () => {
    const stranger = { ...exampleContract().customer, id: 'stranger', orgNumber: '556000-0019' };
    const other = await deliver('d-2', contractOf('a-1', { customer: stranger }));
    await processAll();
    expect(await rowOf(other)).toMatchObject({ state: 'waiting', agreement: 'a-1', document: 'd-2' });
    expect((await whys(other)).join()).toMatch(/contract\.customer\.id: expected the agreement's customer/);
    await db.query(`update agreements set state = 'ended'`);
    const ended = await deliver('d-3', contractOf('a-1', hours(160)));
    const same = await deliver('d-4', contractOf('a-1'));
    await processAll();
    expect((await whys(ended)).join()).toMatch(/a-1, which has ended/);
    expect(await rowOf(same)).toMatchObject({ result: 'duplicate' });
    expect(await kinds()).toEqual(['d-1 original', 'd-4 copy']);
  });

  it('signed by hand before its document comes has that document as a copy', async () => {
    const contract = contractOf('by-hand');
    await storeSignedContract(db, contract, await termsAtSigning(db, contract));
    const paper = smallPdf('by hand');
    const id = await deliver('d-5', contract, { document: { files: [enclosed(paper)] } });
    await processAll();
    expect(await rowOf(id)).toMatchObject({ result: 'duplicate', agreement: 'by-hand' });
    expect(await listDocuments(db, 'by-hand')).toMatchObject([{ document: 'd-5', kind: 'copy' }]);
    expect((await listFiles(db, 'by-hand'))[0]).toMatchObject({ state: 'kept', digest: sha256(paper) });
    expect(await many(`outbox where agreement = 'by-hand'`)).toBe(1);
  });
});

describe('what is taken at once', () => {
  it('is bounded by size: large ones come few, and none too large never', async () => {
    const large = Buffer.alloc(6_700_000, 'x');
    large.write('%PDF-1.4\n');
    const files = [enclosed(large)];
    for (let index = 0; index < 4; index += 1)
      await deliver(`large-${index}`, contractOf(`l-${index}`), { document: { files } });
    for (let index = 0; index < 50; index += 1) await deliver(`small-${index}`, contractOf(`s-${index}`));
    const given = deps();
    const taken: number[] = [];
    for (let now = 1; now > 0;) taken.push((now = await settleDeliveries(given, 'signed', 50)));
    // Nine megabytes each: two reach the bound of sixteen.
    expect(taken).toEqual([2, 2, 50, 0]);
    expect(new Set(await ends())).toEqual(new Set(['started']));
    expect((await listFiles(db, 'l-3'))[0]).toMatchObject({ state: 'kept', size: 6_700_000, intact: true });
  });

  it('is settled together, also where it is two hundred', async () => {
    for (let index = 0; index < 200; index += 1) await deliver(`d-${index}`, contractOf(`a-${index}`));
    expect(await processAll()).toBe(200);
    expect(await counts()).toEqual([200, 200, 200, 0]);
  });
});
