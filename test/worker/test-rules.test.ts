import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { serviceavtal } from '../helpers/command-line';

const shipped = path.resolve(__dirname, '../../rules');
let rules: string;

beforeEach(() => {
  rules = mkdtempSync(path.join(os.tmpdir(), 'serviceavtal-test-'));
  cpSync(path.join(shipped, 'levels'), path.join(rules, 'levels'), { recursive: true });
  mkdirSync(path.join(rules, 'tests'));
});

afterEach(() => rmSync(rules, { recursive: true }));

const put = (...examples: object[]) =>
  writeFileSync(path.join(rules, 'tests/a.json'), JSON.stringify({ about: { sv: 's', en: 'e' }, examples }));

test('the shipped examples exercise every shipped rule', async () => {
  const { code, out } = await serviceavtal('test', '--coverage', '100');
  expect(out).toMatch(/^\d+ exempel godkända, 0 underkända; (\d+) av \1 regler prövade \(100 %\)\n$/);
  expect(code).toBe(0);
});

test('a failed example is told with its rule, and makes the exit code 1', async () => {
  put({ name: 'a', facts: {}, expect: { 'hourBank.discountPercent': 15 } });
  const { code, out } = await serviceavtal('test', '--rules', rules);
  expect(out).toContain('förväntade 15, hittade 10, från regeln "guld: timbank" (rules/levels/guld.json:');
  expect(out).toContain('0 exempel godkända, 1 underkänt; 9 av 10 regler prövade (90 %)');
  expect(code).toBe(1);
});

test('coverage below what is asked for makes the exit code 1; rules without an example are named', async () => {
  put({ name: 'a', facts: {}, expect: { 'hourBank.discountPercent': 10 } });
  expect(await serviceavtal('test', '--rules', rules)).toMatchObject({ code: 0 });
  const { code, out } = await serviceavtal('test', '--rules', rules, '--coverage', '100', '--language', 'en');
  expect(out).toContain(
    'note: rules[3].name: expected an example in which "guld: högre rabatt från 100 timmar" applies',
  );
  expect(out).toContain('expected at least 100 % of the rules exercised, found 90 %');
  expect(code).toBe(1);
});

test('as JSON it is one document', async () => {
  put({ name: 'a', facts: {}, expect: { 'meetings.perYaer': 4 } });
  const { code, out } = await serviceavtal('test', '--rules', rules, '--json');
  expect(JSON.parse(out)).toMatchObject({
    passed: 0,
    failed: 0,
    coverage: { rules: 10, exercised: 0 },
    findings: [
      { severity: 'error', message: expect.stringContaining('did you mean "meetings.perYear"?') as string },
    ],
  });
  expect(code).toBe(1);
});

test('rules that cannot be read are told instead', async () => {
  put({ name: 'a', facts: {}, expect: { 'meetings.perYear': 4 } });
  writeFileSync(path.join(rules, 'levels/silver.json'), '{');
  const { code, out } = await serviceavtal('test', '--rules', rules);
  expect(out).toContain('silver.json:1:2 förväntade');
  expect(code).toBe(1);
});
