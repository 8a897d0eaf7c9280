/** Signed papers: those that came along, those that are fetched, and those that are nowhere. */
import { createHash } from 'node:crypto';
import type { DeliveredFiles } from '../../../activities/signings/papers';
import {
  fetchWantedFiles,
  listFiles,
  readFile,
  storeFiles,
  wantFilesAgain,
} from '../../../activities/signings/papers';
import { openSigningApis } from '../../../activities/signings/open-apis';
import type { SigningApis } from '../../../activities/signings/service-api';
import { ServiceError } from '../../../activities/signings/service-api';
import type { EnclosedFile } from '../../../rules/engine/signing/signing';
import type { OneflowServer, ScriveServer } from '../../helpers/signing-services';
import { noServices, smallPdf, startOneflow, startScrive } from '../../helpers/signing-services';
import type { FreshDatabase } from '../../helpers/stack';
import { freshDatabase } from '../../helpers/stack';
import { besides, sign } from '../signed-agreement';
import { recordSigning } from './recorded';

const agreement = 'testbolaget-2027';

let database: FreshDatabase;

beforeEach(async () => {
  database = await freshDatabase();
  await sign(database.db);
});

afterEach(() => database.close());

const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

const enclosed = (content: Buffer, changed: Partial<EnclosedFile> = {}): EnclosedFile => ({
  kind: 'contract',
  name: 'Serviceavtal.pdf',
  mediaType: 'application/pdf',
  base64: content.toString('base64'),
  ...changed,
});

/** Records a document and stores what its delivery brought. */
async function store(...delivered: DeliveredFiles[]): Promise<void> {
  for (const { service, document } of delivered) await recordSigning(database.db, { service, document });
  await database.db.transaction((tx) => storeFiles(tx, delivered));
}

const files = () => listFiles(database.db, agreement);
const states = async () => (await files()).map(({ kind, state, lastError }) => [kind, state, lastError]);
const becomeDue = () => database.db.query("update signed_files set due_at = now() - interval '1 second'");

/** Seconds until each wanted paper is asked for next. */
async function waits(): Promise<number[]> {
  const rows = await database.db.query<{ seconds: number }>(
    `select round(extract(epoch from due_at - now()))::integer as seconds from signed_files where state = 'wanted'`,
  );
  return rows.map(({ seconds }) => seconds);
}

describe('papers that came along', () => {
  it('are kept with their sha256 and read back as they came', async () => {
    const contract = smallPdf('Signed contract');
    const certificate = smallPdf('Certificate');
    await store({
      service: 'docusign',
      document: 'e-1',
      files: [enclosed(contract), enclosed(certificate, { kind: 'certificate', name: 'Summary' })],
      api: false,
    });
    expect(await files()).toMatchObject([
      {
        kind: 'contract',
        state: 'kept',
        name: 'Serviceavtal.pdf',
        mediaType: 'application/pdf',
        size: contract.length,
        digest: sha256(contract),
        lastError: null,
      },
      { kind: 'certificate', state: 'kept', name: 'Summary', size: certificate.length },
    ]);
    const paper = { service: 'docusign', document: 'e-1', kind: 'contract' } as const;
    expect(await readFile(database.db, paper)).toEqual({ content: contract, digest: sha256(contract) });
  });

  it.each([
    ['base64', enclosed(Buffer.alloc(0), { base64: 'JVBERi0*' }), 'expected base64, found other characters'],
    ['a PDF', enclosed(Buffer.from('<html>')), 'expected a PDF, found 6 bytes of something else'],
    ['a PDF', enclosed(Buffer.alloc(0)), 'expected a PDF, found 0 bytes of something else'],
    [
      'at most 25 MB',
      enclosed(Buffer.concat([Buffer.from('%PDF-'), Buffer.alloc(25_000_000)])),
      'at most 25000000',
    ],
  ])('are not kept where they are not %s', async (_, file, why) => {
    await store(
      { service: 'signed', document: 'a', files: [file], api: false },
      { service: 'docusign', document: 'b', files: [file], api: true },
    );
    expect(await files()).toMatchObject([
      { document: 'a', kind: 'contract', state: 'unavailable', size: null },
      { document: 'a', kind: 'certificate', state: 'unavailable' },
      { document: 'b', kind: 'contract', state: 'wanted', size: null },
      { document: 'b', kind: 'certificate', state: 'wanted' },
    ]);
    const told = (await files()).map(({ lastError }) => lastError);
    expect(told[0]).toContain(`enclosed, but ${why.startsWith('at') ? 'expected ' : ''}${why}`);
    expect(told[1]).toBe('not enclosed');
    expect(told[2]).toBe(told[0]);
  });

  it('take the good one of two', async () => {
    const good = smallPdf('good');
    await store({
      service: 'signed',
      document: 'a',
      files: [enclosed(Buffer.from('x')), enclosed(good)],
      api: false,
    });
    expect((await files())[0]).toMatchObject({ state: 'kept', digest: sha256(good) });
  });

  it('have names that PostgreSQL can store, and one where there is none', async () => {
    const pdf = smallPdf('x');
    await store(
      { service: 'signed', document: 'a/../b', files: [enclosed(pdf, { name: 'a\0b\ud800' })], api: false },
      { service: 'signed', document: 'c', files: [enclosed(pdf, { name: ' ' })], api: false },
    );
    const names = (await files()).filter(({ kind }) => kind === 'contract').map(({ name }) => name);
    expect(names).toEqual(['a\ufffdb\ufffd', 'signed-c-contract.pdf']);
  });

  it('are stored for many documents at once, larger together than one statement', async () => {
    const large = Buffer.concat([smallPdf('large'), Buffer.alloc(7_000_000, 'x')]);
    const many = Array.from({ length: 50 }, (_, index) => ({
      service: 'docusign' as const,
      document: `d-${index}`,
      files: index < 5 ? [enclosed(large)] : index < 10 ? [] : [enclosed(smallPdf(`${index}`))],
      api: index % 2 === 0,
    }));
    await store(...many);
    const kept = (await files()).filter(({ state }) => state === 'kept');
    expect(kept).toHaveLength(45);
    expect(kept.filter(({ size }) => size === large.length)).toHaveLength(5);
    expect(await files()).toHaveLength(100);
  });

  it('once kept stay, whatever comes later; what was missing is filled in', async () => {
    const first = smallPdf('first');
    const late = smallPdf('late certificate');
    await store({ service: 'docusign', document: 'a', files: [enclosed(first)], api: true });
    const again: DeliveredFiles = {
      service: 'docusign',
      document: 'a',
      files: [enclosed(smallPdf('another')), enclosed(late, { kind: 'certificate' })],
      api: false,
    };
    await storeFiles(database.db, [again, again]);
    await storeFiles(database.db, [{ ...again, files: [] }]);
    expect(await files()).toMatchObject([
      { kind: 'contract', state: 'kept', digest: sha256(first) },
      { kind: 'certificate', state: 'kept', digest: sha256(late), lastError: null },
    ]);
  });

  it('are told to be damaged where they are not what was kept', async () => {
    await store({ service: 'signed', document: 'a', files: [enclosed(smallPdf('x'))], api: false });
    await database.db.query("update signed_files set content = content || '\\x00' where kind = 'contract'");
    const paper = { service: 'signed', document: 'a' } as const;
    await expect(readFile(database.db, { ...paper, kind: 'contract' })).rejects.toThrow(
      /contract of signed document a is DAMAGED: expected sha256 [0-9a-f]{64} as it was kept, found [0-9a-f]{64}/,
    );
    expect(await readFile(database.db, { ...paper, kind: 'certificate' })).toBeUndefined();
  });
});

describe('papers that did not come along', () => {
  it('say why they are nowhere', async () => {
    await store(
      { service: 'docusign', document: 'a', files: [], api: false },
      { service: 'scrive', document: '1', files: [], api: false },
      { service: 'signed', document: 's', files: [], api: false },
    );
    expect(await states()).toEqual([
      ['contract', 'unavailable', 'not enclosed, and the API of docusign is not set up'],
      ['certificate', 'unavailable', 'not enclosed, and the API of docusign is not set up'],
      ['contract', 'unavailable', 'not enclosed, and the API of scrive is not set up'],
      ['certificate', 'unavailable', expect.stringContaining("into the contract's own PDF")],
      ['contract', 'unavailable', 'not enclosed'],
      ['certificate', 'unavailable', 'not enclosed'],
    ]);
  });
});

describe('fetching papers', () => {
  let oneflow: OneflowServer;
  let scrive: ScriveServer;
  let apis: SigningApis;

  beforeEach(async () => {
    [oneflow, scrive] = await Promise.all([startOneflow(), startScrive()]);
    apis = openSigningApis(
      { ...noServices, oneflow: oneflow.settings, scrive: scrive.settings },
      { seconds: 2 },
    );
  });

  afterEach(() => Promise.all([oneflow.close(), scrive.close()]));

  it('keeps what the service has, and says what it has not', async () => {
    const document = scrive.sign();
    await store({ service: 'scrive', document, files: [], api: true });
    expect(await states()).toEqual([
      ['contract', 'wanted', null],
      ['certificate', 'wanted', null],
    ]);
    expect(await fetchWantedFiles(database.db, apis, 10)).toBe(2);
    const contract = scrive.documents.get(document)?.contract as Buffer;
    expect(await files()).toMatchObject([
      { kind: 'contract', state: 'kept', name: `scrive-${document}-contract.pdf`, digest: sha256(contract) },
      {
        kind: 'certificate',
        state: 'unavailable',
        lastError: expect.stringContaining('no separate certificate'),
      },
    ]);
    expect(await fetchWantedFiles(database.db, apis, 10)).toBe(0);
  });

  it('waits for a PDF that is not sealed yet, longer each time but no more than an hour', async () => {
    const document = scrive.sign({ contract: null });
    await store({ service: 'scrive', document, files: [], api: true });
    const seen: number[] = [];
    for (let tries = 0; tries < 10; tries += 1) {
      await becomeDue();
      await fetchWantedFiles(database.db, apis, 10);
      seen.push(...(await waits()));
    }
    expect(seen).toEqual([30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]);
    expect((await files())[0]).toMatchObject({
      attempts: 10,
      lastError: expect.stringContaining('503 document_state_error') as string,
    });
    await scrive.deliverSealedAgain('http://127.0.0.1:9', document);
    await becomeDue();
    await fetchWantedFiles(database.db, apis, 10);
    expect((await files())[0]).toMatchObject({ state: 'kept', lastError: null });
  });

  it('waits for a contract that the service does not list yet, not for a certificate', async () => {
    await store({ service: 'oneflow', document: oneflow.sign({ contract: null }), files: [], api: true });
    await fetchWantedFiles(database.db, apis, 10);
    expect(await states()).toEqual([
      ['contract', 'wanted', 'oneflow has no signed PDF of it yet'],
      ['certificate', 'unavailable', expect.stringContaining("part of the contract's PDF")],
    ]);
  });

  it('leaves the service alone as long as it wants', async () => {
    await store({ service: 'oneflow', document: oneflow.sign(), files: [], api: true });
    oneflow.misbehave({ how: 'status', status: 429, retryAfter: 500 });
    await fetchWantedFiles(database.db, apis, 1);
    expect(Math.max(...(await waits()))).toBe(500);
  });

  it('gives up what is not there or not to be seen, with the reason', async () => {
    await store(
      { service: 'oneflow', document: '4711', files: [], api: true },
      { service: 'oneflow', document: '../../users', files: [], api: true },
    );
    await fetchWantedFiles(database.db, apis, 10);
    const told = (await files()).map(({ state, lastError }) => `${state}: ${lastError}`);
    expect(told).toEqual([
      ...Array<string>(2).fill('unavailable: oneflow: files of contract 4711: it is not there (404)'),
      ...Array<string>(2).fill('unavailable: oneflow: expected a document\'s id, found "../../users"'),
    ]);
    expect(oneflow.requests.map(({ path }) => path)).toEqual(Array(2).fill('/v1/contracts/4711/files'));
  });

  it('does not ask for what is not wanted, not due, or of a service that cannot be asked', async () => {
    const document = oneflow.sign();
    await store(
      { service: 'oneflow', document, files: [], api: true },
      { service: 'docusign', document: 'a', files: [], api: true },
    );
    await database.db.query("update signed_files set due_at = now() + interval '1 minute'");
    expect(await fetchWantedFiles(database.db, apis, 10)).toBe(0);
    await becomeDue();
    expect(await fetchWantedFiles(database.db, apis, 1)).toBe(1);
    expect(await fetchWantedFiles(database.db, apis, 10)).toBe(1);
    expect((await files()).map(({ service, state }) => `${service} ${state}`)).toEqual([
      'oneflow kept',
      'oneflow unavailable',
      'docusign wanted',
      'docusign wanted',
    ]);
    expect(await fetchWantedFiles(database.db, {}, 10)).toBe(0);
  });

  it('asks for each paper once, however many ask at the same time', async () => {
    const documents = Array.from({ length: 6 }, () => scrive.sign());
    await store(
      ...documents.map((document) => ({ service: 'scrive' as const, document, files: [], api: true })),
    );
    scrive.misbehave({ how: 'slow', milliseconds: 200, times: 3 });
    const counts = await besides(database.databaseUrl, (other) =>
      Promise.all([database.db, other, database.db].map((db) => fetchWantedFiles(db, apis, 10))),
    );
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(12);
    expect(scrive.requests.map(({ path }) => path).sort()).toEqual(
      documents.map((id) => `/api/v2/documents/${id}/files/main/scrive-${id}-contract.pdf`).sort(),
    );
    expect((await files()).filter(({ state }) => state === 'kept')).toHaveLength(6);
  });

  it('holds no lock while it asks, and asks again if whoever asked died', async () => {
    const document = scrive.sign();
    await store({ service: 'scrive', document, files: [], api: true });
    let locked: unknown[] | undefined;
    const dying: SigningApis = {
      scrive: {
        fetchDocument: () => Promise.reject(new ServiceError('unasked', true)),
        fetchFile: async () => {
          locked = await database.db.query('select kind from signed_files for update nowait');
          throw new Error('the process ended');
        },
      },
    };
    await expect(fetchWantedFiles(database.db, dying, 1)).rejects.toThrow('the process ended');
    expect(locked).toHaveLength(2);
    expect(Math.max(...(await waits()))).toBe(180);
    await becomeDue();
    await fetchWantedFiles(database.db, apis, 10);
    expect((await files())[0]).toMatchObject({ state: 'kept', attempts: 2 });
  });

  it('is begun anew for papers that were not to be had, when the API is set up since', async () => {
    const document = oneflow.sign();
    await store(
      { service: 'oneflow', document, files: [], api: false },
      { service: 'docusign', document: 'a', files: [], api: false },
    );
    expect(await wantFilesAgain(database.db, agreement, ['oneflow', 'scrive'])).toBe(2);
    expect(await wantFilesAgain(database.db, 'another', ['oneflow'])).toBe(0);
    await fetchWantedFiles(database.db, apis, 10);
    expect((await files()).map(({ state }) => state).sort()).toEqual([
      'kept',
      'unavailable',
      'unavailable',
      'unavailable',
    ]);
    expect(await wantFilesAgain(database.db, agreement, ['oneflow'])).toBe(1);
  });
});
