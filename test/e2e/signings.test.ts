/** Contracts that signing services deliver, from their webhook to the customer's welcome, as `npm start` runs it. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { rulesetInForce } from '../../activities/agreements/rulesets';
import { approveAmendment } from '../../activities/signings/amendments';
import { listFiles } from '../../activities/signings/papers';
import { retryDelivery } from '../../activities/signings/delivery-commands';
import type { SigningReason } from '../../rules/engine/signing/signing';
import type { Overview } from '../../templates/ui/overview';
import { workflowIdOf } from '../../worker/temporal/start-agreement';
import { readStatus } from '../../activities/health/read-status';
import { eventually } from '../activities/signed-agreement';
import type { LiveSignings } from '../helpers/live-signings';
import { fieldsOf, ownForm, startLiveSignings, today } from '../helpers/live-signings';
import type { SignedInput } from '../helpers/signing-services';
import { smallPdf } from '../helpers/signing-services';

let live: LiveSignings;

beforeAll(async () => {
  live = await startLiveSignings();
}, 60_000);
afterAll(() => live.close());

interface Row {
  id: number;
  state: string;
  result: string | null;
  agreement: string | null;
  times: number;
  reasons: SigningReason[];
}
const rowsOf = (document: string): Promise<Row[]> =>
  live.db.query<Row>(
    'select id, state, result, agreement, times, reasons from deliveries where document = $1 order by id',
    [document],
  );
const endsOf = async (document: string): Promise<string[]> =>
  (await rowsOf(document)).map(({ state, result }) => result ?? state);
const ends = (document: string, ...expected: string[]): Promise<void> =>
  eventually(
    `deliveries of ${document} end ${expected.join(', ')}`,
    async () => (await endsOf(document)).join() === expected.join(),
  );
const count = async (sql: string, values: unknown[] = []): Promise<number> =>
  (await live.db.query<{ n: number }>(`select count(*)::int as n from ${sql}`, values))[0]!.n;
const agreements = (number: string): Promise<number> => count('agreements where number = $1', [number]);

/** Whom an agreement's welcome reached, with each time it came. */
const welcomed = async (number: string): Promise<string[]> => {
  const sent = await live.db.query<{ id: string; to: string }>(
    `select message_id as id, recipient as to from mails where agreement = $1 and template = 'welcome'`,
    [number],
  );
  return sent
    .flatMap(({ id, to }) => live.mailbox.mails.filter(({ messageId }) => messageId === id).map(() => to))
    .sort();
};
const contacts = ['johan.lind@testbolaget.example.com', 'karin.ek@testbolaget.example.com'];
const untilWelcomed = (number: string): Promise<void> =>
  eventually(`${number} is welcomed`, async () => (await welcomed(number)).length >= contacts.length);
const welcomedOnce = async (number: string): Promise<void> => {
  await untilWelcomed(number);
  expect(await welcomed(number)).toEqual(contacts);
};
const runsOf = async (number: string): Promise<number> => {
  let runs = 0;
  for await (const _ of live.client.workflow.list({ query: `WorkflowId = '${workflowIdOf(number)}'` }))
    runs += 1;
  return runs;
};
const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

/** Both services know the customer by its party, not by a field. */
const orgNumber = '5560000001';
const ofOneflow: SignedInput['change'] = (form) => {
  const [customer, ...others] = form.parties as object[];
  return { ...form, parties: [{ ...customer, identification_number: orgNumber }, ...others] };
};
const ofScrive: SignedInput['change'] = (form) => {
  const [customer, ...others] = form.parties as { fields: { type: string }[] }[];
  const fields = customer!.fields.map((each) =>
    each.type === 'company_number' ? { ...each, value: orgNumber } : each,
  );
  return { ...form, parties: [{ ...customer, fields }, ...others] };
};
const signedNow = (number: string, changed?: Record<string, string | undefined>): SignedInput => ({
  title: 'Serviceavtal Guld, Testbolaget AB',
  completedAt: new Date().toISOString(),
  fields: fieldsOf(number, changed),
});

describe('a contract that everybody signed', () => {
  const paper = smallPdf('Serviceavtal i vår egen form');
  const documents: Record<string, string> = {};
  const numberOf = (service: string): string => live.number(service);

  it('is taken from every service, each five times, and from our own form', async () => {
    const { docusign, oneflow, scrive, address } = live;
    documents.docusign = docusign.sign(signedNow(numberOf('docusign')));
    documents.oneflow = oneflow.sign({ ...signedNow(numberOf('oneflow')), change: ofOneflow });
    documents.scrive = scrive.sign({ ...signedNow(numberOf('scrive')), change: ofScrive });
    documents.signed = 'own-1';
    const form = ownForm(fieldsOf(numberOf('signed')), {
      id: documents.signed,
      files: [
        {
          kind: 'contract',
          name: 'avtal.pdf',
          mediaType: 'application/pdf',
          base64: paper.toString('base64'),
        },
      ],
    });
    const five = { times: 5 };
    const answers = await Promise.all([
      docusign.deliver(address.docusign, documents.docusign, five),
      oneflow.deliver(address.oneflow, documents.oneflow, { ...five, callbackId: 'the-same' }),
      scrive.deliver(address.scrive, documents.scrive, five),
      Promise.all(Array.from({ length: 5 }, () => live.deliver(form))),
    ]);
    for (const each of answers) {
      expect(each.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
      expect(each.map(({ body }) => body.trim()).sort()).toEqual([
        ...Array<string>(4).fill('known'),
        'received',
      ]);
    }
    for (const document of Object.values(documents)) await ends(document, 'started');
    for (const service of Object.keys(documents))
      expect(await rowsOf(documents[service]!)).toMatchObject([{ agreement: numberOf(service), times: 5 }]);
  });

  it.each(['docusign', 'oneflow', 'scrive', 'signed'])(
    'by %s runs, and its customer is welcomed once',
    async (service) => {
      await welcomedOnce(numberOf(service));
      const page = await live.client.workflow
        .getHandle(workflowIdOf(numberOf(service)))
        .query<Overview>('overview');
      expect(page).toMatchObject({ agreement: numberOf(service), hours: { contracted: 12_000 } });
    },
  );

  it.each(['docusign', 'oneflow', 'scrive', 'signed'] as const)(
    'by %s has its papers, and the rules it was signed by',
    async (service) => {
      const number = numberOf(service);
      const document = documents[service]!;
      await eventually('nothing is still to be fetched', async () =>
        (await listFiles(live.db, number)).every(({ state }) => state !== 'wanted'),
      );
      const [contract, certificate] = await listFiles(live.db, number);
      const original = service === 'signed' ? paper : live[service].documents.get(document)!.contract!;
      expect(contract).toMatchObject({
        kind: 'contract',
        state: 'kept',
        digest: sha256(original),
        intact: true,
      });
      expect(certificate?.state).toBe(service === 'docusign' ? 'kept' : 'unavailable');
      const [status] = await readStatus(live.db, new Date(), number);
      expect(status?.signed).toMatchObject({
        service,
        document,
        on: today,
        ruleset: await rulesetInForce(live.db),
        papers: { kept: service === 'docusign' ? 2 : 1, wanted: 0 },
        amendments: [],
      });
    },
  );

  it('and comes again, in other words or under another seal, does nothing', async () => {
    const { docusign, oneflow, scrive, address } = live;
    const [envelope, contract, sealed] = [documents.docusign!, documents.oneflow!, documents.scrive!];
    // What the buyer's reference is missing in is told to us within a while, and once.
    const mailed = (): number =>
      live.mailbox.mails.filter(({ subject = '' }) => !subject.includes('e-fakturor avvisas')).length;
    const before = [await count('agreements'), await count('signings'), mailed()];
    const digests = (await listFiles(live.db, numberOf('scrive'))).map(({ digest }) => digest);
    await docusign.deliver(address.docusign, envelope, { includeDocuments: true });
    await oneflow.deliver(address.oneflow, contract, { event: 'contract:lifecycle_state:start' });
    const { change, ...doc } = scrive.documents.get(sealed)!;
    scrive.documents.set(sealed, {
      ...doc,
      change: (form) => ({ ...change!(form), mtime: '2027-01-20T08:00:00Z' }),
    });
    await scrive.deliverSealedAgain(address.scrive, sealed);
    for (const document of [envelope, contract, sealed]) await ends(document, 'started', 'duplicate');
    expect([await count('agreements'), await count('signings'), mailed()]).toEqual(before);
    expect((await listFiles(live.db, numberOf('scrive'))).map(({ digest }) => digest)).toEqual(digests);
    for (const service of Object.keys(documents)) await welcomedOnce(numberOf(service));
  });
});

describe('what is not what it seems', () => {
  it('is refused where it is changed on its way, or signed with another key', async () => {
    const { docusign, oneflow, scrive, address } = live;
    const number = live.number('forged');
    const [before] = await live.db.query<{ id: number }>('select max(id) as id from deliveries');
    const envelope = docusign.sign(signedNow(number));
    const changedBody = (body: string): string => body.replace('Testbolaget', 'Testbolagen');
    const contract = oneflow.sign({ ...signedNow(number), change: ofOneflow });
    const sealed = scrive.sign({ ...signedNow(number), change: ofScrive });
    const answers = await Promise.all([
      docusign.deliver(address.docusign, envelope, { changedBody }),
      docusign.deliver(address.docusign, envelope, { wrongSignature: true }),
      oneflow.deliver(address.oneflow, contract, { wrongSignature: true }),
      scrive.deliver(address.scrive, sealed, { wrongSignature: true }),
      Promise.all([live.deliver(ownForm(fieldsOf(number)), { changedBody })]),
      Promise.all([
        live.deliver(ownForm(fieldsOf(number)), { key: 'another key, as long as the right one' }),
      ]),
    ]);
    expect(answers.flat().map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 401]);
    const kept = await live.db.query<{ state: string }>(
      'select distinct state from deliveries where id > $1',
      [before!.id],
    );
    expect(kept).toEqual([{ state: 'refused' }]);
    expect(await agreements(number)).toBe(0);
  });

  it('is recorded where the service itself knows nothing of a signature', async () => {
    const number = live.number('claimed');
    const document = live.oneflow.sign({ ...signedNow(number), status: 'pending', change: ofOneflow });
    const [answer] = await live.oneflow.deliver(live.address.oneflow, document, { event: 'contract:sign' });
    expect(answer?.status).toBe(200);
    await ends(document, 'recorded');
    expect(await agreements(number)).toBe(0);
  });

  it('is recorded where it was declined', async () => {
    const number = live.number('declined');
    const document = live.docusign.sign({ ...signedNow(number), status: 'declined' });
    await live.docusign.deliver(live.address.docusign, document);
    await ends(document, 'recorded');
    expect(await agreements(number)).toBe(0);
  });
});

describe('a document that lacks something', () => {
  const toldOf = (document: string) =>
    live.mailbox.mails.filter(
      ({ to, text }) =>
        [to].flat().some((each) => each?.text.includes('erik.holm@')) && text?.includes(document) === true,
    );

  it('is told to the manager in one mail that says what; mended at the service, a retry starts it', async () => {
    const number = live.number('lacking');
    const document = live.scrive.sign({
      ...signedNow(number, { Startdatum: undefined, 'Timmar per år': 'många' }),
      change: ofScrive,
    });
    await live.scrive.deliver(live.address.scrive, document, { times: 3 });
    await ends(document, 'waiting');
    await eventually('the manager is told', () => toldOf(document).length > 0);
    const { text = '' } = toldOf(document)[0]!;
    expect(text).toContain('Startdatum');
    expect(text).toMatch(/Timmar per år/);
    expect(text).toContain('många');
    expect(await agreements(number)).toBe(0);

    live.scrive.documents.get(document)!.fields = fieldsOf(number);
    const [row] = await rowsOf(document);
    await retryDelivery(live.db, row!.id, 'erik');
    await ends(document, 'started');
    await welcomedOnce(number);
    expect(toldOf(document)).toHaveLength(1);
  });

  it('for a mapping that does not know its words starts when the mapping is mended', async () => {
    const number = live.number('unmapped');
    const document = 'own-unmapped';
    const form = ownForm(fieldsOf(number, { Nivå: 'Guldnivå' }), { id: document });
    expect((await live.deliver(form)).status).toBe(200);
    await ends(document, 'waiting');
    await eventually('the manager is told', () => toldOf(document).length > 0);
    expect(toldOf(document)[0]?.text).toContain('Guldnivå');
    const file = path.join(live.mappings, 'signed.json');
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace('"Guld": "guld"', '"Guld": "guld", "Guldnivå": "guld"'),
    );
    const [row] = await rowsOf(document);
    // A file that is saved is seen within a second.
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    await retryDelivery(live.db, row!.id, 'erik');
    await ends(document, 'started');
    await welcomedOnce(number);
  });
});

describe('a document under the number of an agreement that runs', () => {
  it('is told to the manager; approved, the same workflow goes on by it', async () => {
    const number = live.number('signed');
    const handle = live.client.workflow.getHandle(workflowIdOf(number));
    const overview = (): Promise<Overview> => handle.query<Overview>('overview');
    const { planRevision } = await overview();
    const document = 'own-amendment';
    await live.deliver(ownForm(fieldsOf(number, { 'Timmar per år': '160' }), { id: document }));
    await ends(document, 'amendment');
    const [amendment] = await live.db.query<{ id: number }>('select id from amendments where document = $1', [
      document,
    ]);
    const [status] = await readStatus(live.db, new Date(), number);
    expect(status?.signed?.amendments).toEqual([amendment!.id]);
    await eventually('the manager is told', () =>
      live.mailbox.mails.some(({ messageId = '' }) => messageId.includes(`amendments.${amendment!.id}.`)),
    );
    expect((await overview()).hours?.contracted).toBe(12_000);

    const asOf = new Date().toISOString();
    await approveAmendment(live.db, amendment!.id, { by: 'erik', asOf });
    await eventually('the year is planned again', async () => (await overview()).planRevision > planRevision);
    expect((await overview()).hours).toMatchObject({ contracted: 16_000 });
    expect(await runsOf(number)).toBe(1);
    expect(await welcomed(number)).toEqual(contacts);
  });
});

describe('while a part is away', () => {
  it('the database: the service is told to come again, and then it is taken', async () => {
    const number = live.number('no-database');
    const { intakeDatabase } = live.parts;
    const document = live.docusign.sign(signedNow(number));
    await intakeDatabase.stop();
    const [answer] = await live.docusign.deliver(live.address.docusign, document);
    expect(answer?.status).toBe(503);
    const trying = live.docusign.deliver(live.address.docusign, document, { retries: 20, wait: 250 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    await intakeDatabase.start();
    const answers = await trying;
    expect(answers.at(-1)?.status).toBe(200);
    expect(answers.slice(0, -1).every(({ status }) => status === 503)).toBe(true);
    await ends(document, 'started');
    await welcomedOnce(number);
  });

  it('whoever works on deliveries, then the worker: they are taken in, and nothing is lost', async () => {
    const { signings, worker } = live.parts;
    const numbers = ['away-1', 'away-2', 'away-3'].map(live.number);
    await signings.stop();
    for (const number of numbers)
      for (let times = 0; times < 2; times += 1)
        expect((await live.deliver(ownForm(fieldsOf(number), { id: number }))).status).toBe(200);
    expect(await count(`deliveries where state = 'received'`)).toBe(6);
    await worker.stop();
    await signings.start();
    await eventually(
      'all are settled',
      async () => (await count(`deliveries where state = 'received'`)) === 0,
    );
    for (const number of numbers) {
      const [row] = await live.db.query('select state from agreements where number = $1', [number]);
      expect(row).toEqual({ state: 'signed' });
      expect(await welcomed(number)).toEqual([]);
    }
    await worker.start();
    for (const number of numbers) await welcomedOnce(number);
    for (const number of numbers) expect(await runsOf(number)).toBe(1);
  });
});

it('of all this no customer was welcomed twice, and no mail came twice', async () => {
  const ids = live.mailbox.mails.map(({ messageId }) => messageId);
  expect(new Set(ids).size).toBe(ids.length);
  const started = await live.db.query<{ number: string }>('select number from agreements');
  expect(started).toHaveLength(10);
  for (const { number } of started) expect(await welcomed(number)).toEqual(contacts);
  expect(await count(`deliveries where state in ('received', 'waiting')`)).toBe(0);
});
