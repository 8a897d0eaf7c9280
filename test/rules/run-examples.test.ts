import { exampleFacts } from '../../rules/engine/examples/example-facts';
import { formatFinding } from '../../rules/engine/reading/format-finding';
import { runExamples } from '../../rules/engine/examples/run-examples';
import type { ExampleRun } from '../../rules/engine/examples/run-examples';
import { fileText, guldRuleset } from './fixtures';

const about = { sv: 's', en: 'e' };
const file = (...examples: object[]): string => JSON.stringify({ about, examples }, null, 1);
const run = (text: string): Promise<ExampleRun> => runExamples(guldRuleset(), { 'tests/g.json': text });
const example = (parts: object) => ({ name: 'a', facts: {}, ...parts });

/** What one example's failure says. */
async function failureOf(parts: object, language: 'sv' | 'en' = 'en'): Promise<string> {
  const { results, findings } = await run(file(example(parts)));
  expect(findings).toEqual([]);
  return results
    .flatMap((result) => result.findings.map((finding) => formatFinding(finding, language)))
    .join('\n');
}

/** What is wrong with a file of one example. */
async function findingsIn(parts: object, language: 'sv' | 'en' = 'en'): Promise<string> {
  const { results, findings } = await run(file(example(parts)));
  expect(results).toEqual([]);
  return findings.map((finding) => formatFinding(finding, language)).join('\n');
}

test('the shipped examples hold and exercise every rule of Guld', async () => {
  const { results, coverage, findings } = await runExamples(guldRuleset(), {
    'tests/guld.json': fileText('rules/tests/guld.json'),
  });
  expect(findings).toEqual([]);
  expect(results.filter(({ passed }) => !passed)).toEqual([]);
  expect(coverage).toEqual({ rules: 10, exercised: 10, percent: 100, unexercised: [] });
});

test.each<[string, object]>([
  ['a path', { 'hourBank.discountPercent': 10 }],
  ['an object within a topic', { hourBank: { rollover: { percent: 20 } } }],
  ['an object at a path', { 'hourBank.rollover': { percent: 20 } }],
  ['a whole list', { 'hourBank.alertPercents': [75, 90, 100] }],
  [
    'the test cases of one module',
    {
      'upgrade.testCases.pector-import': [
        {
          sv: 'Läs in en fil och jämför med föregående inläsning',
          en: 'Import a file and compare with the import before',
        },
      ],
    },
  ],
])('%s is compared', async (_, expect_) => {
  expect(await failureOf({ expect: expect_ })).toBe('');
});

test.each<[string, object, string, string]>([
  [
    'another value',
    { expect: { 'hourBank.discountPercent': 15 } },
    'rules/tests/g.json:11:33 examples[0].expect.hourBank.discountPercent: expected 15, found 10, from the rule "guld: timbank" (rules/levels/guld.json:389)',
    'förväntade 15, hittade 10, från regeln "guld: timbank" (rules/levels/guld.json:389)',
  ],
  [
    'another value deep inside',
    {
      facts: { contractedHours: 100 },
      expect: { hourBank: { rollover: { percent: 25 }, discountPercent: 10 } },
    },
    'examples[0].expect.hourBank.rollover.percent: expected 25, found 20, from the rule "guld: timbank"',
    'hourBank.discountPercent: förväntade 10, hittade 15, från regeln "guld: högre rabatt från 100 timmar"',
  ],
  [
    'a list that only begins the same',
    { expect: { 'hourBank.alertPercents': [75, 90] } },
    'expected [75,90], found [75,90,100]',
    'förväntade [75,90], hittade [75,90,100]',
  ],
  [
    'a value that nothing gives',
    { expect: { 'meetings.months': [1] } },
    'expected [1], found no value',
    'hittade inget värde',
  ],
  [
    'usable terms where an error is expected',
    { expectError: 'no rule gives' },
    'expectError: expected the error "no rule gives", found usable terms',
    'förväntade felet "no rule gives", hittade användbara villkor',
  ],
  [
    'an error where terms are expected',
    { facts: { level: 'silver' }, expect: { 'meetings.perYear': 4 } },
    'expect: expected usable terms, found terms for level silver, customer annan-kund, date 2027-01-01: no rule gives "meetings"',
    'förväntade användbara villkor, hittade villkor för nivå silver, kund annan-kund, datum 2027-01-01: ingen regel ger "meetings"',
  ],
  [
    'another error',
    { facts: { level: 'silver' }, expectError: 'perYear' },
    'expectError: expected "perYear", found terms for level silver',
    'hittade villkor för nivå silver',
  ],
])('%s fails', async (_, parts, en, sv) => {
  expect(await failureOf(parts)).toContain(en);
  expect(await failureOf(parts, 'sv')).toContain(sv);
});

test.each(['ingen regel ger "meetings"', 'no rule gives "meetings"'])(
  'an expected error may be said in either language: %s',
  async (expectError) => {
    expect(await failureOf({ facts: { level: 'silver' }, expectError })).toBe('');
  },
);

test.each<[string, object, string, string]>([
  [
    'a misspelled fact',
    { facts: { contractedHour: 100 }, expect: { 'meetings.perYear': 4 } },
    'examples[0].facts.contractedHour: expected one of level, customer',
    'menade du "contractedHours"?',
  ],
  [
    'a misspelled path',
    { expect: { 'hourBank.discuontPercent': 10 } },
    'expected a topic or a path to a term, as hourBank.discountPercent, found "hourBank.discuontPercent"; did you mean "hourBank.discountPercent"?',
    'förväntade ett ämne eller en sökväg till ett villkor, som hourBank.discountPercent, hittade "hourBank.discuontPercent"; menade du "hourBank.discountPercent"?',
  ],
  [
    'a misspelled term within a topic',
    { expect: { meetings: { perYaer: 4 } } },
    'found unknown property "perYaer"; did you mean "perYear"?',
    'hittade okänd egenskap "perYaer"; menade du "perYear"?',
  ],
  [
    'a value of another type',
    { expect: { 'meetings.perYear': '4' } },
    'expected a whole number, found "4"',
    'förväntade ett heltal, hittade "4"',
  ],
  [
    'a fact of another type',
    { facts: { contractedHours: '100' }, expect: { 'meetings.perYear': 4 } },
    'contractedHours: expected hours with at most two decimals, found "100"',
    'förväntade timmar med högst två decimaler, hittade "100"',
  ],
  [
    'nothing expected',
    {},
    'examples[0]: expected an example with name, facts and either expect or expectError, found an object with name, facts',
    'förväntade ett exempel med name, facts och antingen expect eller expectError',
  ],
  [
    'an empty expectation',
    { expect: {} },
    'expected at least one expected term, found an empty object',
    'förväntade minst ett väntat villkor, hittade ett tomt objekt',
  ],
  [
    'fewer integrations than are listed',
    { facts: { integrations: ['a', 'b'], integrationCount: 1 }, expect: { 'meetings.perYear': 4 } },
    'integrationCount: expected at least 2, as many as integrations has, found 1',
    'förväntade minst 2, antalet i integrations, hittade 1',
  ],
])('%s is refused', async (_, parts, en, sv) => {
  expect(await findingsIn(parts)).toContain(en);
  expect(await findingsIn(parts, 'sv')).toContain(sv);
});

test('a name used twice is refused, and so is a file that is no JSON', async () => {
  const same = example({ expect: { 'meetings.perYear': 4 } });
  expect((await run(file(same, same))).findings).toMatchObject([
    { message: 'examples[1].name: expected each name once, found "a" again' },
  ]);
  expect((await run('{')).findings[0]).toMatchObject({ file: 'rules/tests/g.json', line: 1 });
});

test('rules that no example exercises are named, and 100 % is only said where it is so', async () => {
  const { coverage } = await run(file(example({ expect: { 'hourBank.discountPercent': 10 } })));
  expect(coverage).toMatchObject({ rules: 10, exercised: 9, percent: 90 });
  expect(coverage.unexercised.map((finding) => formatFinding(finding, 'sv'))).toEqual([
    'rules/levels/guld.json:409:15 rules[3].name: förväntade ett exempel där "guld: högre rabatt från 100 timmar" gäller, hittade inget',
  ]);
});

test('facts that follow from others need not be given', () => {
  expect(
    exampleFacts({ integrations: ['a', 'b'], systemVersions: ['visma-business 17.0', 'crm 2'] }),
  ).toMatchObject({
    level: 'guld',
    integrationCount: 2,
    systems: ['crm', 'visma-business'],
    contractedHours: 50,
  });
});
