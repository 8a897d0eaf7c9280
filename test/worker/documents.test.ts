/** `serviceavtal documents`, as somebody runs it on a stack that runs. */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fetchWantedFiles, listFiles, storeFiles } from '../../activities/signings/papers';
import { openSigningApis } from '../../activities/signings/open-apis';
import { keepReport } from '../../activities/years/kept-reports';
import { rulesetInForce } from '../../activities/agreements/rulesets';
import { recordSigning } from '../activities/signings/recorded';
import { sign } from '../activities/signed-agreement';
import { serviceavtalOn, writeDownStack } from '../helpers/command-line';
import { noServices, smallPdf, startOneflow } from '../helpers/signing-services';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase, testStack } from '../helpers/stack';

const agreement = 'testbolaget-2027';
const [contract, certificate] = [smallPdf('Signed contract'), smallPdf('Certificate')];
const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');
const contractFile = `${agreement}-contract-${sha256(contract).slice(0, 12)}.pdf`;
const certificateFile = `${agreement}-certificate-${sha256(certificate).slice(0, 12)}.pdf`;

let database: FreshDatabase;
let dataDir: string;
let folder: string;
let ruleset: string;

beforeEach(async () => {
  database = await freshDatabase();
  await sign(database.db);
  ruleset = (await rulesetInForce(database.db)) as string;
  dataDir = writeDownStack({ ...testStack(), databaseUrl: database.databaseUrl });
  folder = mkdtempSync(path.join(os.tmpdir(), 'serviceavtal-documents-'));
});

afterEach(async () => {
  await database.close();
  for (const each of [dataDir, folder]) rmSync(each, { recursive: true });
});

const inSwedish = (...args: string[]) => serviceavtalOn(dataDir, 'documents', agreement, ...args);
const documents = (...args: string[]) => inSwedish(...args, '--language', 'en');

/** An envelope with both papers, and an amendment that was signed later and waits. */
async function signedTwice(): Promise<void> {
  const { db } = database;
  await db.query('update agreements set signed_ruleset = $1', [ruleset]);
  await recordSigning(db, {
    service: 'docusign',
    document: 'e-1',
    title: 'Serviceavtal\u001b[31m Guld',
    completedAt: '2026-12-01T10:00:00.000Z',
    signers: [
      { name: 'Karin Ek', email: 'karin.ek@testbolaget.example.com', signedAt: '2026-12-01T09:58:00.000Z' },
      { name: 'Anna Berg', email: 'anna.berg@pector.example' },
    ],
    ruleset,
  });
  await recordSigning(db, { service: 'signed', document: '../../evil', kind: 'amendment', ruleset });
  await db.query(
    `insert into amendments (agreement, service, document, contract, from_date)
     values ($1, 'signed', '../../evil', '{}', '2027-06-01')`,
    [agreement],
  );
  await storeFiles(db, [
    {
      service: 'docusign',
      document: 'e-1',
      files: [
        {
          kind: 'contract',
          name: '../../x.pdf',
          mediaType: 'application/pdf',
          base64: contract.toString('base64'),
        },
        {
          kind: 'certificate',
          name: 'Summary',
          mediaType: 'application/pdf',
          base64: certificate.toString('base64'),
        },
      ],
      api: false,
    },
    { service: 'signed', document: '../../evil', files: [], api: false },
  ]);
}

describe('documents', () => {
  it('says that an agreement was signed by command', async () => {
    const { code, out } = await documents();
    expect(code).toBe(0);
    expect(out).toBe(
      `${agreement}: the ruleset at signing was not noted\n` +
        'It was signed by command: no document of a signing service belongs to it, and no paper is kept.\n',
    );
    const saving = await documents('--save', folder);
    expect(saving).toMatchObject({ code: 0, errors: 'There is no paper to save.\n' });
    const unknown = await serviceavtalOn(dataDir, 'documents', 'nobody-2027');
    expect(unknown).toMatchObject({
      code: 1,
      errors: 'förväntade ett signerat avtal, hittade inget med numret nobody-2027\n',
    });
    expect(await serviceavtalOn(dataDir, 'documents', 'nobody-2027', '--language', 'en')).toMatchObject({
      code: 1,
      errors: 'expected a signed agreement, found none with number nobody-2027\n',
    });
    expect((await inSwedish('--save', folder)).errors).toBe('Det finns inget papper att spara.\n');
  });

  it('shows what was signed when by whom, by which rules, and each paper', async () => {
    await signedTwice();
    const { code, out } = await documents();
    expect(code).toBe(0);
    const short = ruleset.slice(0, 8);
    expect(
      out
        .replace(/kept \d{4}-\d\d-\d\d \d\d:\d\d/g, 'kept <time>')
        .replace(/recorded [-\d]+ [:\d]+/, 'recorded <time>'),
    ).toBe(
      `testbolaget-2027: signed under ruleset ${short}

original: Serviceavtal [31m Guld
  docusign document e-1
  signed 2026-12-01 11:00, ruleset ${short}
  by Karin Ek <karin.ek@testbolaget.example.com>, 2026-12-01 10:58
  by Anna Berg <anna.berg@pector.example>
  contract     ${contract.length} bytes, kept <time>
               sha256 ${sha256(contract)}
  certificate  ${certificate.length} bytes, kept <time>
               sha256 ${sha256(certificate)}

amendment: (without a title)
  signed document ../../evil
  recorded <time>, ruleset ${short}
  amendment 1, to hold from 2027-06-01: waits for a manager
  contract     not here: not enclosed
  certificate  not here: not enclosed
`,
    );
    expect((await inSwedish()).out).toContain(`
tilläggsavtal: (utan titel)
  signed, dokument ../../evil
`);
    expect((await inSwedish()).out).toContain(`
  tilläggsavtal 1, ska gälla från 2027-06-01: väntar på en ansvarig
  avtal        finns inte här: inte bifogat
  intyg        finns inte här: inte bifogat
`);
  });

  it('gives all of it as one document', async () => {
    await signedTwice();
    await database.db.query(
      `update amendments set state = 'approved', decided_at = '2027-05-20T10:00:00Z', by = 'Anna Berg', reason = 'ok'`,
    );
    const { out } = await documents('--json');
    expect(JSON.parse(out)).toMatchObject({
      agreement,
      signedRuleset: ruleset,
      documents: [
        {
          service: 'docusign',
          document: 'e-1',
          kind: 'original',
          completedAt: '2026-12-01T10:00:00.000Z',
          ruleset,
          amendment: null,
          files: [
            { kind: 'contract', state: 'kept', size: contract.length, digest: sha256(contract) },
            { kind: 'certificate', state: 'kept' },
          ],
        },
        {
          amendment: {
            id: 1,
            state: 'approved',
            from: '2027-06-01',
            decidedAt: '2027-05-20T10:00:00.000Z',
            by: 'Anna Berg',
            reason: 'ok',
          },
          files: [{ state: 'unavailable', lastError: 'not enclosed' }, { state: 'unavailable' }],
        },
      ],
    });
  });

  it('saves the papers under names of our own, and never over a file that differs', async () => {
    await signedTwice();
    const first = await documents('--save', path.join(folder, 'new', 'papers'));
    expect(first.code).toBe(0);
    const papers = path.join(folder, 'new', 'papers');
    expect(readdirSync(papers).sort()).toEqual([certificateFile, contractFile].sort());
    expect(readFileSync(path.join(papers, contractFile))).toEqual(contract);
    writeFileSync(path.join(papers, certificateFile), 'mine');
    const second = await documents('--save', papers);
    expect(second.code).toBe(1);
    expect(second.out).toContain(`Saved: ${path.join(papers, contractFile)}`);
    expect(second.errors).toContain(
      `${path.join(papers, certificateFile)}: expected no file, or the very same one, found one that differs`,
    );
    expect(readFileSync(path.join(papers, certificateFile), 'utf8')).toBe('mine');
    expect(existsSync(path.join(folder, 'x.pdf'))).toBe(false);
  });

  it('tells a damaged paper loudly, and saves the others', async () => {
    await signedTwice();
    await database.db.query(
      "update signed_files set content = '%PDF-forged' where kind = 'contract' and state = 'kept'",
    );
    const shown = await documents();
    expect(shown.code).toBe(1);
    expect(shown.out).toContain(
      `sha256 ${sha256(contract)}\n               ! DAMAGED: its content does not have this sha256 any more`,
    );
    const { code, errors } = await documents('--save', folder);
    expect(code).toBe(1);
    expect(errors).toContain(
      `! the contract of docusign document e-1 is DAMAGED: expected sha256 ${sha256(contract)} as it was kept, found`,
    );
    expect((await inSwedish('--save', folder)).errors).toContain(
      `! avtalet i docusign, dokument e-1, är SKADAT: förväntade sha256 ${sha256(contract)} som det sparades, hittade`,
    );
    expect(readdirSync(folder)).toEqual([certificateFile]);
    const { out } = await documents('--save', folder, '--json');
    expect(JSON.parse(out)).toMatchObject({
      documents: [
        {
          files: [
            { problem: expect.stringContaining('DAMAGED') as string },
            { savedAs: path.join(folder, certificateFile) },
          ],
        },
        {},
      ],
    });
  });

  it('lists the reports of upgrades with their sha256, saves them, and tells a damaged one', async () => {
    const { db } = database;
    const name = { agreement, ofYear: 1, year: 1, obligation: 'upgrade/approval', step: 'a', revision: 1 };
    const asOf = '2027-06-15T08:25:00.000Z';
    const pdf = (version: number, language: string) => smallPdf(`Report ${version} in ${language}`);
    await keepReport(db, { ...name, asOf }, { language: 'sv', languages: ['sv', 'en'] }, (...of) =>
      Promise.resolve(pdf(...of)),
    );
    const [swedish, english] = [sha256(pdf(1, 'sv')), sha256(pdf(1, 'en'))];
    expect((await inSwedish()).out).toContain(`
uppgraderingsrapport, avtalsår 1, version 1, på svenska
  ${pdf(1, 'sv').length} byte, gjord 2027-06-15 10:25
  sha256 ${swedish}

uppgraderingsrapport, avtalsår 1, version 1, på engelska
`);
    const { out } = await documents('--save', folder, '--json');
    const file = `${agreement}-upgrade-report-1-v1-sv-${swedish.slice(0, 12)}.pdf`;
    expect(JSON.parse(out)).toMatchObject({
      upgradeReports: [
        { ofYear: 1, version: 1, language: 'sv', sha256: swedish, savedAs: path.join(folder, file) },
        { language: 'en', sha256: english, intact: true },
      ],
    });
    expect(readFileSync(path.join(folder, file))).toEqual(pdf(1, 'sv'));

    await db.transaction(async (tx) => {
      await tx.query('set local session_replication_role = replica');
      await tx.query(`update upgrade_reports set content = 'forged' where language = 'en'`);
    });
    const damaged = await documents('--save', folder);
    expect([damaged.code, damaged.errors]).toEqual([
      1,
      '! upgrade report, agreement year 1, version 1, in English: DAMAGED: its content does not have this sha256 any more\n',
    ]);
    expect(damaged.out).toContain(`sha256 ${english}\n  ! DAMAGED`);
  });

  it('tells how fetching goes, and asks anew for what was given up', async () => {
    const { db } = database;
    const oneflow = await startOneflow();
    try {
      const document = oneflow.sign();
      await recordSigning(db, { service: 'oneflow', document });
      await storeFiles(db, [{ service: 'oneflow', document, files: [], api: true }]);
      expect((await documents()).out).toMatch(/ contract {5}not here yet: fetched from oneflow\n/);
      oneflow.misbehave({ how: 'status', status: 500 });
      const apis = openSigningApis({ ...noServices, oneflow: oneflow.settings });
      await fetchWantedFiles(db, apis, 10);
      expect((await documents()).out).toMatch(
        / contract {5}not here yet: fetched from oneflow, tried once, next 20[-\d]+ [:\d]+\n {15}oneflow: files of contract \d+: the service fails \(500\)/,
      );
      oneflow.misbehave({ how: 'status', status: 403 });
      await db.query('update signed_files set due_at = now()');
      await fetchWantedFiles(db, apis, 10);
      expect((await documents()).out).toContain('not here: oneflow: files of contract');
      expect((await documents('--retry')).out).toContain('No paper can be asked for');
      process.env.SERVICEAVTAL_ONEFLOW_TOKEN = 'a-token';
      expect((await documents('--retry')).out).toContain('2 papers are asked for anew.');
      oneflow.misbehave();
      await fetchWantedFiles(db, apis, 10);
      expect((await listFiles(db, agreement))[0]).toMatchObject({ kind: 'contract', state: 'kept' });
    } finally {
      delete process.env.SERVICEAVTAL_ONEFLOW_TOKEN;
      await oneflow.close();
    }
  });
});
