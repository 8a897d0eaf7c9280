/** The example in `rules/customers/README.md`, done as it says. */
import { cpSync, mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readRuleset } from '../../rules/engine/ruleset/read-ruleset';
import { effectiveTerms } from '../../rules/engine/terms/effective-terms';
import { factsFor } from '../../rules/engine/ruleset/facts';
import { projectRoot } from '../../worker/settings/configuration';
import { readRulesetTexts } from '../../worker/files/rule-folder';
import { serviceavtal } from '../helpers/command-line';
import { exampleContract } from '../rules/fixtures';

const shipped = path.join(projectRoot, 'rules');
const readme = readFileSync(path.join(shipped, 'customers/README.md'), 'utf8');
/** What is to be pasted, without the indentation of its list. */
const [rule = '', example = ''] = [...readme.matchAll(/ {3}```json\n(.*?) {3}```/gs)].map(([, block = '']) =>
  block.replace(/^ {3}/gm, ''),
);

let rules: string;

beforeEach(() => {
  rules = path.join(mkdtempSync(path.join(os.tmpdir(), 'serviceavtal-customers-')), 'rules');
  cpSync(shipped, rules, {
    recursive: true,
    filter: (file) => !file.startsWith(path.join(shipped, 'engine')),
  });
});
afterEach(() => rmSync(path.dirname(rules), { recursive: true }));

test('nothing of it is in force as long as it stands in the text', () => {
  const { texts, findings } = readRulesetTexts(shipped);
  expect(Object.keys(texts).filter((file) => !file.endsWith('.json'))).toEqual([]);
  expect(Object.values(texts).filter((text) => text.includes('25 procent får skjutas'))).toEqual([]);
  expect(findings).toEqual([]);
});

test('pasted into its files it is without fault, and is tried by its example', async () => {
  mkdirSync(path.join(rules, 'customers/testbolaget'));
  writeFileSync(path.join(rules, 'customers/testbolaget/hourBank.json'), rule);
  writeFileSync(path.join(rules, 'tests/testbolaget.json'), example);
  expect(await serviceavtal('check', '--rules', rules)).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^\d+ filer, \d+ regler: 0 fel, 0 varningar\n$/) as string,
  });
  expect(await serviceavtal('test', '--rules', rules)).toMatchObject({
    code: 0,
    out: expect.stringMatching(
      /^\d+ exempel godkända, 0 underkända; (\d+) av \1 regler prövade \(100 %\)\n$/,
    ) as string,
  });
  const { ruleset } = readRuleset(readRulesetTexts(rules).texts);
  if (!ruleset) throw new Error('expected rules, found none');
  const percentFor = async (id: string): Promise<number> => {
    const contract = exampleContract();
    const facts = factsFor({ ...contract, customer: { ...contract.customer, id } }, 1, contract.startsOn);
    return (await effectiveTerms(ruleset, facts)).terms.hourBank.rollover.percent;
  };
  expect(await percentFor('testbolaget')).toBe(25);
  expect(await percentFor('another')).toBe(20);
});

test('its links lead somewhere', () => {
  const links = [...readme.matchAll(/\]\(([^)]+)\)/g)].map(([, link = '']) => link);
  expect(links).toHaveLength(2);
  for (const link of links) expect(readFileSync(path.join(shipped, 'customers', link), 'utf8')).not.toBe('');
});
