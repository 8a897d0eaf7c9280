import { execFileSync } from 'node:child_process';
import { chmodSync, linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { checkRuleset } from '../../rules/engine/lint/check-ruleset';
import { formatFinding } from '../../rules/engine/reading/format-finding';
import { unreadable } from '../../worker/files/read-guarded';
import {
  readExampleTexts,
  readMappingTexts,
  readProfileTexts,
  readRulesetTexts,
} from '../../worker/files/rule-folder';
import { readRules } from '../../worker/files/rule-files';
import { fileText } from '../rules/fixtures';

const guld = fileText('rules/levels/guld.json');
let folder: string;
let rules: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'serviceavtal-rules-'));
  rules = path.join(folder, 'rules');
  put('levels/guld.json', guld);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function at(name: string): string {
  const place = path.join(rules, name);
  mkdirSync(path.dirname(place), { recursive: true });
  return place;
}

function put(name: string, content: string | Buffer): void {
  writeFileSync(at(name), content);
}

/** Severity and finding, in English. */
function found(): string[] {
  return readRulesetTexts(rules).findings.map((finding) => `${finding.severity} ${formatFinding(finding)}`);
}

const inSwedish = () =>
  readRulesetTexts(rules)
    .findings.map((finding) => formatFinding(finding, 'sv'))
    .join();

test('levels, customers, data and prices are read; code, schemas, notes and hidden files are left alone', () => {
  put('customers/testbolaget/hourBank.json', '{}');
  put('prices.json', '{}');
  put('rules.schema.json', '{}');
  put('schemas/rules.schema.json', '{}');
  put('facts.ts', '');
  put('check/names.ts', '');
  put('README.md', '');
  put('.DS_Store', '');
  put('levels/.guld.json.swp', '');
  put('tests/guld.json', '{}');
  for (const data of ['releases', 'installations', 'campaigns']) put(`${data}/a.json`, '{}');
  const { texts, findings, unread } = readRulesetTexts(rules);
  expect(findings).toEqual([]);
  expect(unread).toEqual([]);
  expect(Object.keys(texts)).toEqual([
    'prices.json',
    'levels/guld.json',
    'customers/testbolaget/hourBank.json',
    'releases/a.json',
    'installations/a.json',
    'campaigns/a.json',
  ]);
  expect(Object.keys(readExampleTexts(rules).texts)).toEqual(['tests/guld.json']);
});

test('notes may stand in every folder, and the engine and the schemas beside them', () => {
  for (const inner of ['levels', 'customers', 'customers/acme', 'campaigns', 'tests', 'signing', 'imports'])
    put(`${inner}/README.md`, 'Here lies …');
  put('schemas/rules.schema.json', '{}');
  put('engine/facts.ts', '');
  const { texts, findings } = readRulesetTexts(rules);
  expect(findings).toEqual([]);
  expect(Object.keys(texts)).toEqual(['levels/guld.json']);
  expect(readExampleTexts(rules)).toMatchObject({ texts: {}, findings: [] });
  expect(readMappingTexts(rules)).toMatchObject({ texts: {}, findings: [] });
  expect(readProfileTexts(rules)).toMatchObject({ texts: {}, findings: [] });
});

test('a profile whose name does not end in .json is told', () => {
  put('imports/tid.json', '{}');
  put('imports/excel.jsn', '{}');
  const { texts, findings } = readProfileTexts(rules);
  expect(Object.keys(texts)).toEqual(['imports/tid.json']);
  expect(findings).toMatchObject([{ file: 'rules/imports/excel.jsn', severity: 'warning' }]);
});

test('a folder that is not there is said plainly', () => {
  expect(() => readRulesetTexts(path.join(folder, 'none'))).toThrow('found no such folder');
});

test('a file of more than 1 MB is not read', () => {
  put('levels/guld.json', Buffer.alloc(1_000_001, ' '));
  expect(found()).toEqual(['error rules/levels/guld.json:1:1 expected at most 1000000 bytes, found 1000001']);
});

describe('a link', () => {
  const out = 'expected a file or folder within the folder of the rules, found a link that leads out of it';

  test('to a file outside is not followed', () => {
    writeFileSync(path.join(folder, 'secret.json'), guld);
    symlinkSync(path.join(folder, 'secret.json'), at('levels/silver.json'));
    expect(found()).toEqual([`error rules/levels/silver.json:1:1 ${out}`]);
    expect(inSwedish()).toContain('hittade en länk som leder ut ur den');
  });

  test('to a folder outside is not followed', () => {
    mkdirSync(path.join(folder, 'elsewhere'));
    mkdirSync(path.join(rules, 'customers'));
    symlinkSync(path.join(folder, 'elsewhere'), path.join(rules, 'customers/acme'));
    expect(found()).toEqual([`error rules/customers/acme:1:1 ${out}`]);
  });

  test('to a sibling folder whose name only begins the same is one that leads out', () => {
    mkdirSync(`${rules}-old`);
    writeFileSync(`${rules}-old/x.json`, guld);
    symlinkSync(`${rules}-old/x.json`, at('levels/x.json'));
    expect(found()).toEqual([`error rules/levels/x.json:1:1 ${out}`]);
  });

  test('to itself ends', () => {
    symlinkSync(at('levels/loop.json'), at('levels/loop.json'));
    mkdirSync(path.join(rules, 'customers'));
    symlinkSync('..', path.join(rules, 'customers/loop'));
    expect(found()).toContain(
      'error rules/levels/loop.json:1:1 expected a readable file or folder, found a link that leads to itself',
    );
  });

  test('to something removed is said', () => {
    symlinkSync(path.join(rules, 'gone.json'), at('levels/gone.json'));
    expect(found()).toEqual([
      'error rules/levels/gone.json:1:1 expected a readable file or folder, found none; perhaps a link to what was removed',
    ]);
  });

  test('within the folder is followed', () => {
    symlinkSync('guld.json', at('levels/copy.json'));
    expect(found()).toEqual([]);
    expect(readRulesetTexts(rules).texts['levels/copy.json']).toBe(guld);
  });
});

describe('what is no file', () => {
  test('a folder', () => {
    mkdirSync(at('levels/silver.json'));
    expect(found()).toEqual(['error rules/levels/silver.json:1:1 expected a file, found a folder']);
  });

  test('a named pipe, which nobody writes to', () => {
    execFileSync('mkfifo', [at('levels/pipe.json')]);
    expect(found()).toEqual(['error rules/levels/pipe.json:1:1 expected a file, found a named pipe (fifo)']);
    expect(inSwedish()).toContain('förväntade en fil, hittade ett namngivet rör (fifo)');
  });

  test('a socket', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(at('levels/s.json'), resolve));
    expect(found()).toEqual(['error rules/levels/s.json:1:1 expected a file, found a socket']);
    await new Promise((resolve) => server.close(resolve));
  });

  test('a file where a folder belongs', () => {
    rmSync(path.join(rules, 'levels'), { recursive: true });
    put('levels', guld);
    expect(found()).toEqual(['error rules/levels:1:1 expected a folder, found a file']);
  });
});

describe('bytes that are not UTF-8', () => {
  test.each<[string, Buffer, string, string]>([
    [
      'Windows-1252',
      Buffer.from('{\n  "about": { "sv": "två möten', 'latin1'),
      '2:23 expected UTF-8, found the byte 0xE5 ("å" in Windows-1252); save the file as UTF-8',
      'hittade byten 0xE5 ("å" i Windows-1252); spara filen som UTF-8',
    ],
    [
      'UTF-16 with a mark',
      Buffer.from(`\ufeff${guld}`, 'utf16le'),
      '1:1 expected UTF-8, found UTF-16',
      'förväntade UTF-8, hittade UTF-16',
    ],
    ['UTF-16 without', Buffer.from(guld, 'utf16le'), '1:1 expected UTF-8, found UTF-16', 'hittade UTF-16'],
    [
      'UTF-16, big end first',
      Buffer.from(`\ufeff${guld}`, 'utf16le').swap16(),
      '1:1 expected UTF-8, found UTF-16',
      'UTF-16',
    ],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0]), '1:1 expected UTF-8, found UTF-32', 'UTF-32'],
    [
      'a letter cut off at the end',
      Buffer.from('"två"').subarray(0, 4),
      '1:4 expected UTF-8, found the byte 0xC3',
      'byten 0xC3',
    ],
  ])('%s', (_, bytes, en, sv) => {
    put('levels/guld.json', bytes);
    expect(found().join()).toContain(`error rules/levels/guld.json:${en}`);
    expect(inSwedish()).toContain(sv);
  });

  test('a byte order mark of UTF-8 is tolerated', () => {
    put('levels/guld.json', `\ufeff${guld}`);
    expect(found()).toEqual([]);
    expect(readRules(rules).ruleset.files['levels/guld.json']?.rules).toHaveLength(10);
  });
});

test('what may not be read is said so', () => {
  expect(unreadable({ code: 'EACCES' }).en).toContain('found one that may not be read (permissions)');
});

test('a file without permission is refused, unless one may read all', () => {
  chmodSync(path.join(rules, 'levels/guld.json'), 0);
  const mayReadAll = process.getuid?.() === 0;
  expect(found()).toEqual(
    mayReadAll
      ? []
      : [
          'error rules/levels/guld.json:1:1 expected a readable file or folder, found one that may not be read (permissions)',
        ],
  );
});

describe('what is not expected is a warning', () => {
  test.each([
    [
      'levels/gold.jsn',
      'levels/gold.jsn:1:1 expected a file whose name ends in .json, found gold.jsn, which is not read; did you mean "gold.json"?',
    ],
    [
      'levels/old/x.json',
      'levels/old:1:1 expected a file whose name ends in .json, found old, which is not read',
    ],
    [
      'customers/acme.json',
      'customers/acme.json:1:1 expected a folder for each customer, found the file acme.json, which is not read; did you mean "customers/acme/<topic>.json"?',
    ],
    [
      'customers/hourBank.json',
      'customers/hourBank.json:1:1 expected a folder for each customer, found the file hourBank.json, which is not read; did you mean "customers/<customer>/hourBank.json"?',
    ],
    [
      'customers/timbank.json',
      'customers/timbank.json:1:1 expected a folder for each customer, found the file timbank.json, which is not read; did you mean "customers/<customer>/hourBank.json"?',
    ],
    [
      'customers/acme/hourBank.jso',
      'customers/acme/hourBank.jso:1:1 expected a file whose name ends in .json, found hourBank.jso, which is not read; did you mean "hourBank.json"?',
    ],
    [
      'levles/guld.json',
      'levles:1:1 expected only levels, customers, releases, installations, campaigns, tests, signing, imports, exports, prices.json, found levles, which is not read; did you mean "levels"?',
    ],
    [
      'other/guld.json',
      'other:1:1 expected only levels, customers, releases, installations, campaigns, tests, signing, imports, exports, prices.json, found other, which is not read',
    ],
    [
      'price.json',
      'price.json:1:1 expected only levels, customers, releases, installations, campaigns, tests, signing, imports, exports, prices.json, found price.json, which is not read; did you mean "prices.json"?',
    ],
  ])('%s', (name, message) => {
    put(name, '{}');
    expect(found()).toEqual([`warning rules/${message}`]);
    expect(inSwedish()).toContain(', som inte läses');
  });

  test('a line break in a name does not break the line', () => {
    put('levels/a\nb.txt', '');
    expect(found().join()).not.toContain('\n');
  });
});

test('more than 20,000 files are not read', () => {
  // Further names of one file are made faster than files.
  put('customers/kund/0.json', '{}');
  for (let index = 1; index < 20_000; index++)
    linkSync(path.join(rules, 'customers/kund/0.json'), path.join(rules, `customers/kund/${index}.json`));
  expect(found()).toEqual(['error rules:1:1 expected at most 20000 files, found 20001']);
});

test.each([
  ['deep nesting', '['.repeat(100_000), 'expected at most 50 levels of nesting, found more'],
  ['__proto__', '{ "__proto__": { "rules": [] } }', 'found the reserved "__proto__"'],
  ['constructor', '{ "constructor": 1 }', 'found unknown property "constructor"'],
])('%s in a file is refused', (_, content, message) => {
  put('levels/silver.json', content);
  expect(() => readRules(rules)).toThrow(message);
});

test('what cannot be read is not concluded from', () => {
  put('customers/acme/hourBank.json', '{}');
  put('levels/guld.json', Buffer.from(guld, 'utf16le'));
  const { texts, unread, findings } = readRulesetTexts(rules);
  expect(findings).toHaveLength(1);
  const rule = {
    name: 'a',
    priority: 500,
    conditions: {
      all: ['customer', 'level'].map((fact) => ({
        fact,
        operator: 'equal',
        value: fact === 'level' ? 'guld' : 'acme',
      })),
    },
    event: { type: 'hourBank', params: { indexPercent: 2 } },
  };
  const customer = JSON.stringify({ about: { sv: 's', en: 'e' }, rules: [rule] });
  expect(checkRuleset({ ...texts, 'customers/acme/hourBank.json': customer }, unread).findings).toEqual([]);
  expect(checkRuleset({ 'customers/acme/hourBank.json': customer }).findings).toMatchObject([
    { message: 'expected at least one level, levels/<level>.json, found none' },
  ]);
});
