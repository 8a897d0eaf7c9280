import { formatFinding } from '../../rules/engine/reading/format-finding';
import { readContract } from '../../rules/engine/contract/read-contract';
import { readJson } from '../../rules/engine/reading/read-json';
import { readRuleFile } from '../../rules/engine/ruleset/read-rule-file';
import { readRuleset } from '../../rules/engine/ruleset/read-ruleset';
import { exampleContract, fileText } from './fixtures';

const guld = fileText('rules/levels/guld.json');
const inSwedish = (findings: Parameters<typeof formatFinding>[0][]) =>
  findings.map((finding) => formatFinding(finding, 'sv')).join('\n');
const contract = (parts: object) =>
  readContract(JSON.stringify({ ...exampleContract(), ...parts }), 'c.json');

/** The level Guld with one wording replaced. */
const changed = (from: string, to: string) => readRuleFile(guld.replace(from, to), 'g.json');

describe('findings in Swedish', () => {
  test.each([
    [
      'a misspelled property',
      changed('"perYear"', '"perYaer"'),
      'förväntade egenskapen "perYear", hittade "perYaer"',
    ],
    ['a missing property', changed('"perYear": 4,', ''), 'förväntade egenskapen "perYear", hittade ingen'],
    [
      'one of several',
      changed('"even"', '"evn"'),
      'förväntade ett av even, months, hittade "evn"; menade du "even"?',
    ],
    ['too little', changed('"perYear": 4', '"perYear": 0'), 'förväntade minst 1, hittade 0'],
    ['too much', changed('"perYear": 4', '"perYear": 99'), 'förväntade högst 24, hittade 99'],
    [
      'an empty list',
      changed(
        '"agenda": ["new-needs", "completed-work", "training", "improvements", "release-news"]',
        '"agenda": []',
      ),
      'förväntade minst 1 i listan, hittade en tom lista',
    ],
    [
      'the same twice in a list',
      changed('"training"', '"new-needs"'),
      'förväntade var och en en gång i listan, hittade en lista med 5',
    ],
    ['a titled value', changed('"08:30"', '"8"'), 'förväntade ett klockslag som 08:30, hittade "8"'],
    ['an object for a number', changed('"perYear": 4', '"perYear": { "a": 1 }'), 'hittade ett objekt med a'],
    [
      'a name used twice',
      changed('"guld: supporttid"', '"guld: timbank"'),
      'förväntade varje namn en gång, hittade "guld: timbank" igen',
    ],
    [
      'terms that contradict each other',
      changed('"closes": "16:30"', '"closes": "08:00"'),
      'förväntade ett klockslag efter opens (08:30), hittade 08:00',
    ],
    [
      'a list out of order',
      changed('[75, 90, 100]', '[90, 75]'),
      'förväntade listan i stigande ordning, var och en en gång, hittade 75 efter 90',
    ],
    [
      'too late',
      changed('"inviteDaysBefore": 21', '"inviteDaysBefore": 40'),
      'förväntade högst callDaysBefore (35), hittade 40',
    ],
    [
      'months that are missing',
      changed('"spread": "even"', '"spread": "months"'),
      'förväntade 4 månader (perYear), hittade 0',
    ],
    ['a comment', readJson('{ // x\n}', 'g.json'), 'förväntade JSON utan kommentarer'],
    ['nothing at all', readJson('', 'g.json'), 'g.json:1:1 förväntade'],
    ['an end too early', readJson('{ "a": 1', 'g.json'), 'förväntade "}", hittade textens slut'],
    [
      'a key used twice',
      readJson('{ "a": 1, "a": 2 }', 'g.json'),
      'förväntade varje egenskap en gång, hittade "a" igen',
    ],
    [
      'the reserved key',
      readJson('{ "__proto__": 1 }', 'g.json'),
      'förväntade ett egenskapsnamn, hittade det reserverade "__proto__"',
    ],
    [
      'a number too exact',
      readJson('[1.2345678901234567]', 'g.json'),
      'förväntade ett tal med högst 15 siffror',
    ],
    [
      'deep nesting',
      readJson('['.repeat(60), 'g.json'),
      'förväntade högst 50 nivåer av nästling, hittade fler',
    ],
    [
      'a large file',
      readJson(`"${'x'.repeat(1_000_001)}"`, 'g.json'),
      'förväntade högst 1000000 byte, hittade 1000003',
    ],
    ['no file', readRuleset({}), 'rules:1:1 förväntade minst en regelfil, hittade ingen'],
    [
      'a contract’s date',
      contract({ signedOn: '1 maj' }),
      'signedOn: förväntade ett datum som 2027-01-31, åren 2000–2099, hittade "1 maj"',
    ],
    [
      'a contract’s integrations',
      contract({ integrations: [1, 2].map(() => ({ id: 'a', name: 'A', owner: 'partner' })) }),
      'förväntade varje id en gång, hittade "a" igen',
    ],
  ])('%s', (_, { findings }, message) => {
    expect(inSwedish(findings)).toContain(message);
  });

  test('every title of the contract’s schema has its Swedish one', () => {
    const schema = fileText('rules/schemas/contract.schema.json');
    expect(schema.match(/"titleSv"/g)).toHaveLength(schema.match(/"title"/g)?.length ?? 0);
  });
});
