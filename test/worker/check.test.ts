import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { publishWorkingRules, sign } from '../activities/signed-agreement';
import { serviceavtal, serviceavtalOn, writeDownStack } from '../helpers/command-line';
import { freshDatabase, testStack } from '../helpers/stack';
import { fileText } from '../rules/fixtures';

const guld = fileText('rules/levels/guld.json');
let rules: string;

beforeEach(() => {
  rules = mkdtempSync(path.join(os.tmpdir(), 'serviceavtal-check-'));
  mkdirSync(path.join(rules, 'levels'));
});

afterEach(() => rmSync(rules, { recursive: true }));

const put = (text: string, name = 'levels/guld.json') => writeFileSync(path.join(rules, name), text);

test('the shipped rules are without fault', async () => {
  expect(await serviceavtal('check')).toEqual({
    code: 0,
    out: expect.stringMatching(/^\d+ fil(er)?, \d+ regler: 0 fel, 0 varningar\n$/) as string,
    errors: '',
  });
});

test('an error is told with its place, in Swedish, and makes the exit code 1', async () => {
  put(guld.replace('"perYear"', '"perYaer"'));
  const { code, out } = await serviceavtal('check', '--rules', rules);
  const lines = out.trimEnd().split('\n');
  expect(lines[0]).toContain(
    'guld.json:15:11 rules[0].event.params.perYaer: förväntade egenskapen "perYear", hittade "perYaer"',
  );
  expect(lines.at(-1)).toBe('1 fil, 0 regler: 1 fel, 0 varningar');
  expect(code).toBe(1);
});

test('a warning alone is no failure; it is marked', async () => {
  put(guld);
  put('{}', 'levels/silver.jsn');
  const { code, out } = await serviceavtal('check', '--rules', rules, '--language', 'en');
  expect(out).toContain('silver.jsn:1:1 warning: expected a file whose name ends in .json, found silver.jsn');
  expect(out).toContain('1 file, 10 rules: 0 errors, 1 warning');
  expect(code).toBe(0);
});

test('as JSON it is one document with both languages', async () => {
  put(guld.replace('"value": 100', '"value": "100"'));
  const { code, out } = await serviceavtal('check', '--rules', rules, '--json');
  expect(JSON.parse(out)).toMatchObject({
    files: 1,
    errors: 1,
    warnings: 0,
    findings: [
      {
        line: 414,
        severity: 'error',
        message: expect.stringContaining('expected hours') as string,
        messageSv: expect.stringContaining('förväntade timmar') as string,
      },
    ],
  });
  expect(code).toBe(1);
});

test('a folder that is not there and a language we do not speak are said plainly', async () => {
  const missing = await serviceavtal('check', '--rules', path.join(rules, 'none'));
  expect(missing).toMatchObject({ code: 1, out: '' });
  expect(missing.errors).toContain('hittade ingen sådan mapp');
  const language = await serviceavtal('check', '--language', 'no');
  expect(language).toMatchObject({ code: 1, errors: expect.stringContaining('sv, en') as string });
});

test('mappings of signing services are checked beside the rules', async () => {
  put(guld);
  mkdirSync(path.join(rules, 'signing'));
  put(fileText('rules/signing/scrive.json').replace('"startsOn"', '"startOn"'), 'signing/scrive.json');
  put('{}', 'signing/docusing.json');
  put('', 'signing/mapping.ts');
  put('{}', 'signing/mapping.schema.json');
  const { code, out } = await serviceavtal('check', '--rules', rules, '--language', 'en');
  expect(out).toMatch(
    /signing\/scrive\.json:\d+:5 contract\.startOn: expected .*; did you mean "startsOn"\?\n/,
  );
  expect(out).toMatch(
    /signing\/docusing\.json:1:1 warning: expected only .*; did you mean "docusign\.json"\?\n/,
  );
  expect(out).toContain('2 files, 10 rules: 2 errors, 1 warning\n');
  expect(code).toBe(1);
});

test('profiles of exports are checked beside the rules', async () => {
  put(guld);
  mkdirSync(path.join(rules, 'exports'));
  const shipped = fileText('rules/exports/visma-business.json');
  put(shipped.replace('{ "value": "article" }', '{ "value": "artikel" }'), 'exports/eget.json');
  const { code, out } = await serviceavtal('check', '--rules', rules);
  expect(out).toMatch(
    /exports\/eget\.json:\d+:\d+ row\[2\]\.value: förväntade ett av agreement, .*, hittade "artikel"/,
  );
  expect(out).toContain('2 filer, 10 regler: 1 fel, 0 varningar\n');
  expect(code).toBe(1);
});

test('profiles of imports are checked beside the rules', async () => {
  put(guld);
  mkdirSync(path.join(rules, 'imports'));
  put(fileText('rules/imports/tidrapport.json').replace('"Timmar"', '"Kund"'), 'imports/tidrapport.json');
  const { code, out } = await serviceavtal('check', '--rules', rules);
  expect(out).toMatch(
    /imports\/tidrapport\.json:\d+:\d+ columns\.time: förväntade varje rubrik en gång, hittade "Kund" igen, som redan är customer\n/,
  );
  expect(out).toContain('2 filer, 10 regler: 1 fel, 0 varningar\n');
  expect(code).toBe(1);
});

describe('on a stack that runs', () => {
  let database: Awaited<ReturnType<typeof freshDatabase>>;
  let dataDir: string;
  beforeEach(async () => {
    database = await freshDatabase();
    dataDir = writeDownStack({ ...testStack(), databaseUrl: database.databaseUrl });
    put(guld);
    for (const customer of ['testbolaget', 'testbolget', 'nordan']) {
      mkdirSync(path.join(rules, 'customers', customer), { recursive: true });
      const rule = {
        name: `${customer}: möten`,
        conditions: { all: [] },
        event: { type: 'meetings', params: { perYear: 6 } },
      };
      put(JSON.stringify({ rules: [rule] }), `customers/${customer}/meetings.json`);
    }
  });
  afterEach(async () => {
    await database.close();
    rmSync(dataDir, { recursive: true });
  });

  const warnings = async (): Promise<string[]> => {
    const { out } = await serviceavtalOn(dataDir, 'check', '--rules', rules, '--language', 'en');
    return out
      .split('\n')
      .flatMap((line) => /warning: (.*expected (?:the id|levels).*)$/.exec(line)?.[1] ?? []);
  };

  test('a rule file for a customer that no agreement has is warned of, once', async () => {
    await publishWorkingRules(database.db);
    await sign(database.db);
    expect(await warnings()).toEqual([
      'expected the id of a customer with an agreement, found "nordan"',
      'expected the id of a customer with an agreement, found "testbolget"; did you mean "testbolaget"?',
    ]);
  });

  test('an agreement at a level without a file is warned of', async () => {
    await publishWorkingRules(database.db);
    await sign(database.db);
    await database.db.query(`update agreements set contract = jsonb_set(contract, '{level}', '"silver"')`);
    expect(await warnings()).toContain(
      'expected levels/silver.json, found none, but agreements at that level: testbolaget-2027',
    );
  });

  test('a condition on a customer that no agreement has is warned of, at its place', async () => {
    await publishWorkingRules(database.db);
    await sign(database.db);
    const level = JSON.parse(guld) as { rules: { conditions: object }[] };
    level.rules[0]!.conditions = {
      all: [{ fact: 'customer', operator: 'in', value: ['testbolaget', 'testbolgaet'] }],
    };
    put(JSON.stringify(level, null, 2));
    expect(await warnings()).toContain(
      'rules[0].conditions.all[0].value[1]: expected the id of a customer with an agreement, found "testbolgaet"; did you mean "testbolaget"?',
    );
  });

  test('a folder for a customer that no agreement has is warned of once, however many of its rules name the customer', async () => {
    await publishWorkingRules(database.db);
    await sign(database.db);
    const two = [500, 501].map((priority) => ({
      name: `möten ${priority}`,
      priority,
      conditions: { all: [{ fact: 'customer', operator: 'equal', value: 'nordan' }] },
      event: { type: 'meetings', params: { perYear: priority - 494 } },
    }));
    const about = { sv: 'Möten', en: 'Meetings' };
    put(JSON.stringify({ about, rules: two }), 'customers/nordan/meetings.json');
    rmSync(path.join(rules, 'customers', 'testbolget'), { recursive: true });
    expect(await warnings()).toEqual(['expected the id of a customer with an agreement, found "nordan"']);
  });

  test('nothing is warned of before anything was signed', async () => {
    expect(await warnings()).toEqual([]);
  });
});
