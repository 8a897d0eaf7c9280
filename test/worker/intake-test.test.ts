import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readContract } from '../../rules/engine/contract/read-contract';
import { signingServices } from '../../rules/engine/signing/signing';
import { serviceavtal } from '../helpers/command-line';
import { fileText } from '../rules/fixtures';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'serviceavtal-intake-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

const intakeTest = (...args: string[]) => serviceavtal('intake', 'test', ...args);

function put(name: string, text: string): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

test.each(signingServices)('the example of %s is printed as sign takes it', async (service) => {
  const { code, out, errors } = await intakeTest(service, `examples/signing/${service}.json`);
  expect(code).toBe(0);
  expect(readContract(out, 'contract').findings).toEqual([]);
  expect(errors).toContain('completed (');
  expect(errors).toMatch(/undertecknare +Karin Ek {2}karin\.ek@testbolaget\.example\.com/);
});

test('what is missing is told by the names of the fields, in Swedish, and makes the exit code 1', async () => {
  const file = put('signed.json', fileText('examples/signing/signed.json').replace('"Nivå"', '"Niva"'));
  const { code, out, errors } = await intakeTest('signed', file);
  expect(errors).toContain('används inte    Niva');
  expect(errors).toContain(
    'En sak saknas:\n  contract.level: förväntade ett värde, hittade inget sådant fält; menade du "Niva"? (fältet "Nivå")',
  );
  expect(out).toBe('');
  expect(code).toBe(1);
});

test('as JSON it is one document with both languages, and papers by their size', async () => {
  const file = put(
    'docusign.json',
    fileText('examples/signing/docusign.json').replace('"120 timmar"', '"många"'),
  );
  const { code, out } = await intakeTest('docusign', file, '--json');
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({
    service: 'docusign',
    document: {
      document: '93be49ab-afa0-4adf-933c-f752070d71ec',
      outcome: 'completed',
      files: [
        { kind: 'contract', bytes: 155 },
        { kind: 'certificate', bytes: 153 },
      ],
    },
    missing: [
      {
        about: 'contract.hourBank.hours',
        message: expect.stringContaining('found "många" (field "Timmar per år")') as string,
        messageSv: expect.stringContaining('hittade "många" (fältet "Timmar per år")') as string,
      },
    ],
    unused: ['Datum', 'Villkoren är lästa'],
  });
});

test('a document that is none of ours is no failure, one that is under way is told as such', async () => {
  const text = fileText('examples/signing/oneflow.json').replace('"state": "signed"', '"state": "pending"');
  const pending = await intakeTest('oneflow', put('a.json', text), '--language', 'en');
  expect(pending.errors).toContain('Only a completed document starts an agreement.');
  const other = await intakeTest(
    'oneflow',
    put('b.json', text.replace('"Serviceavtal ', '"Offert ')),
    '--language',
    'en',
  );
  expect(other).toMatchObject({ code: 0, out: '' });
  expect(other.errors).toContain(
    'No service agreement by the mapping\'s conditions: signing title: expected one of "Serviceavtal*", "Tilläggsavtal*", found "Offert Guld, Testbolaget AB"',
  );
});

test('an unknown service, a file that is none, and a broken mapping are told plainly', async () => {
  const service = await intakeTest('docusing', 'examples/signing/docusign.json', '--language', 'en');
  expect(service.errors).toBe(
    'expected a signing service, one of docusign, scrive, oneflow, signed, found "docusing"; did you mean "docusign"?\n',
  );
  expect(service.code).toBe(1);
  expect((await intakeTest('signed', put('c.json', '{'))).errors).toContain('c.json: ');
  put('rules/signing/signed.json', '{}');
  const broken = await intakeTest(
    'signed',
    'examples/signing/signed.json',
    '--rules',
    path.join(folder, 'rules'),
  );
  expect(broken.errors).toMatch(/^Mappningen kan inte användas:\n {2}.*signing\/signed\.json:1:1 förväntade/);
  expect(broken.code).toBe(1);
});
