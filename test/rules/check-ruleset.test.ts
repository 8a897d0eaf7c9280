import type { Language } from '../../rules/engine/basics/text';
import { checkRuleset } from '../../rules/engine/lint/check-ruleset';
import { formatFinding } from '../../rules/engine/reading/format-finding';
import type { Rule, RuleFile, RulesetFiles } from '../../rules/engine/ruleset/terms';
import { fileText } from './fixtures';

const guld = fileText('rules/levels/guld.json');
const ask = (fact: string, operator: string, value: unknown) => ({ fact, operator, value });
const ofGuld = ask('level', 'equal', 'guld');
const ofAcme = ask('customer', 'equal', 'acme');

type Parts = Partial<Rule> & { name: string };

const about = { sv: 's', en: 'e' };
const text = (rules: object[]): string => JSON.stringify({ about, rules }, null, 1);

/** The level Guld, with more rules or changed ones. */
function level(...rules: Parts[]): RulesetFiles {
  const file = JSON.parse(guld) as RuleFile;
  const conditions = { all: [ofGuld] };
  const made = rules.map((rule) => ({ conditions, priority: 300, ...rule }));
  const kept = file.rules.filter(({ name }) => !made.some((rule) => rule.name === name));
  return { 'levels/guld.json': text([...kept, ...made]) };
}

/** One file of the customer Acme beside the level Guld. */
function customer(topic: string, ...rules: Parts[]): RulesetFiles {
  const made = rules.map((rule) => ({ conditions: { all: [ofAcme] }, priority: 500, ...rule }));
  return { 'levels/guld.json': guld, [`customers/acme/${topic}.json`]: text(made) };
}

const hours = (params: Record<string, unknown>) => ({ type: 'hourBank', params });
const discount = (discountPercent: number) => hours({ discountPercent });
const all = (...conditions: object[]) => ({ all: conditions });

/** The findings without the places, or with them. */
function said(files: RulesetFiles, language: Language = 'en', severity = 'error'): string[] {
  return checkRuleset(files)
    .findings.filter((finding) => finding.severity === severity)
    .map((finding) => formatFinding(finding, language));
}

describe('a ruleset without fault', () => {
  test('the shipped one', () => {
    const { ruleset, findings, files, rules } = checkRuleset({ 'levels/guld.json': guld });
    expect(findings).toEqual([]);
    expect(ruleset).toBeDefined();
    expect({ files, rules }).toEqual({ files: 1, rules: 10 });
  });

  test.each<[string, RulesetFiles]>([
    [
      'a customer with a discount of its own and an exception for a time',
      customer(
        'hourBank',
        { name: 'a', event: discount(12) },
        {
          name: 'b',
          priority: 900,
          conditions: all(
            ofAcme,
            ask('date', 'greaterThanInclusive', '2028-01-01'),
            ask('date', 'lessThan', '2028-07-01'),
          ),
          event: discount(25),
        },
      ),
    ],
    [
      'rules of one priority that follow each other in time',
      customer(
        'hourBank',
        { name: 'a', conditions: all(ofAcme, ask('date', 'lessThan', '2028-01-01')), event: discount(12) },
        {
          name: 'b',
          conditions: all(ofAcme, ask('date', 'greaterThanInclusive', '2028-01-01')),
          event: discount(13),
        },
      ),
    ],
    [
      'rules of one priority that give different values of one topic',
      customer(
        'hourBank',
        { name: 'a', event: discount(12) },
        { name: 'b', event: hours({ indexPercent: 2 }) },
      ),
    ],
    [
      'rules for a number of integrations that the list fits',
      level({
        name: 'a',
        conditions: all(
          ofGuld,
          ask('integrations', 'contains', 'edi'),
          ask('integrationCount', 'lessThan', 2),
        ),
        event: hours({ indexPercent: 2 }),
      }),
    ],
  ])('%s', (_, files) => {
    expect(checkRuleset(files).findings.map((finding) => formatFinding(finding))).toEqual([]);
  });
});

describe.each<[what: string, files: RulesetFiles, en: string, sv: string]>([
  [
    'a name used in two files',
    customer('hourBank', { name: 'guld: timbank', event: discount(12) }),
    'rules/customers/acme/hourBank.json:18:12 rules[0].name: expected each name once, found "guld: timbank" again; first in "guld: timbank" (rules/levels/guld.json:383)',
    'förväntade varje namn en gång, hittade "guld: timbank" igen; först i "guld: timbank" (rules/levels/guld.json:383)',
  ],
  [
    'a customer’s priority in a level',
    level({ name: 'a', priority: 500, event: discount(12) }),
    'rules[10].priority: expected 100 (base) or 300–499 (addition) in levels/, found 500',
    'förväntade 100 (grund) eller 300–499 (tillägg) i levels/, hittade 500',
  ],
  [
    'a level’s priority at a customer',
    customer('hourBank', { name: 'a', priority: 300, event: discount(12) }),
    'rules[0].priority: expected 500–899 (customer) or 900–999 (exception) in customers/, found 300',
    'förväntade 500–899 (kund) eller 900–999 (undantag) i customers/, hittade 300',
  ],
  [
    'a rule of a level that does not ask for it',
    level({ name: 'a', conditions: all(ask('yearNumber', 'equal', 2)), event: discount(12) }),
    'rules[10].conditions: expected the condition { "fact": "level", "operator": "equal", "value": "guld" } in the topmost "all" (the file is for guld), found none',
    'förväntade villkoret { "fact": "level", "operator": "equal", "value": "guld" } i översta "all" (filen hör till guld), hittade inget',
  ],
  [
    'a rule of a level that asks for it in an any',
    level({ name: 'a', conditions: { any: [ofGuld] }, event: discount(12) }),
    'in the topmost "all" (the file is for guld), found none',
    'i översta "all"',
  ],
  [
    'a rule of a level that misspells it',
    level({ name: 'a', conditions: all(ask('level', 'equal', 'gult')), event: discount(12) }),
    'rules[10].conditions.all[0].value: expected the condition { "fact": "level", "operator": "equal", "value": "guld" } in the topmost "all" (the file is for guld), found "gult"; did you mean "guld"?',
    'hittade "gult"; menade du "guld"?',
  ],
  [
    'a rule of a customer that asks for another',
    customer('hourBank', {
      name: 'a',
      conditions: all(ask('customer', 'equal', 'acne')),
      event: discount(12),
    }),
    'rules[0].conditions.all[0].value: expected the condition { "fact": "customer", "operator": "equal", "value": "acme" } in the topmost "all" (the file is for acme), found "acne"; did you mean "acme"?',
    '(filen hör till acme), hittade "acne"; menade du "acme"?',
  ],
  [
    'a rule on another topic than its file',
    customer('hourBank', { name: 'a', event: { type: 'meetings', params: { perYear: 6 } } }),
    'rules[0].event.type: expected the topic "hourBank", as the file is named, found "meetings"',
    'förväntade ämnet "hourBank", som filen heter, hittade "meetings"',
  ],
  [
    'a file named for no topic',
    customer('hourbank', { name: 'a', event: discount(12) }),
    'rules/customers/acme/hourbank.json:1:1 expected the topic as name, one of meetings, upgrade, monitoring, support, hourBank, invoicing, notices, start, calendar, found hourbank; did you mean "hourBank"?',
    'förväntade ämnet som namn, ett av meetings, upgrade, monitoring, support, hourBank, invoicing, notices, start, calendar, hittade hourbank; menade du "hourBank"?',
  ],
  [
    'a file where none belongs',
    { 'levels/guld.json': guld, 'customers/acme.json': guld },
    'rules/customers/acme.json:1:1 expected levels/<level>.json, customers/<customer>/<topic>.json, found customers/acme.json',
    'hittade customers/acme.json',
  ],
  [
    'a folder that no customer’s id fits',
    {
      'levels/guld.json': guld,
      'customers/Åkes/hourBank.json': text([
        { name: 'a', priority: 500, conditions: all(ask('customer', 'equal', 'akes')), event: discount(12) },
      ]),
    },
    'rules/customers/Åkes/hourBank.json:1:1 expected an id of 1 to 40 characters a–z, 0–9 and hyphen as name, found Åkes',
    'förväntade ett id av 1 till 40 tecken a–z, 0–9 och bindestreck som namn, hittade Åkes',
  ],
  [
    'an amendment of a level',
    level({
      name: 'a',
      amendment: { reference: 'T1', signedOn: '2027-01-01', agreements: ['a-1'] },
      event: discount(12),
    }),
    "rules[10].amendment: expected amendments in customers' rules only (customers/), found one in a level's rule",
    'förväntade tilläggsavtal bara i kunders regler (customers/), hittade ett i en nivås regel',
  ],
  [
    'a level that is asked for and has no file',
    customer('hourBank', {
      name: 'a',
      conditions: all(ofAcme, ask('level', 'in', ['guld', 'gudl'])),
      event: discount(12),
    }),
    'rules[0].conditions.all[1].value[1]: expected one of guld, found "gudl"; did you mean "guld"?',
    'förväntade ett av guld, hittade "gudl"; menade du "guld"?',
  ],
  [
    'a kind of monitor that there is not',
    level({
      name: 'a',
      conditions: all(ofGuld, ask('monitorKinds', 'doesNotContain', 'htp')),
      event: discount(12),
    }),
    'rules[10].conditions.all[1].value: expected one of http, tcp, tls, sql, files, heartbeat, process, found "htp"; did you mean "http"?',
    'hittade "htp"; menade du "http"?',
  ],
  [
    'a currency that no contract has',
    level({ name: 'a', conditions: all(ofGuld, ask('currency', 'notEqual', 'sekr')), event: discount(12) }),
    'expected one of sek, nok, dkk, eur, gbp, usd, chf, pln, found "sekr"; did you mean "sek"?',
    'hittade "sekr"; menade du "sek"?',
  ],
  [
    'a range of dates that is empty',
    level({
      name: 'a',
      conditions: all(
        ofGuld,
        ask('date', 'greaterThanInclusive', '2028-01-01'),
        ask('date', 'lessThan', '2028-01-01'),
      ),
      event: discount(12),
    }),
    'rules[10].conditions.all[2]: expected a day after 2028-01-01 (the first day) as end, found 2028-01-01: the range is empty (the end day is not included)',
    'förväntade en dag efter 2028-01-01 (från och med) som slut, hittade 2028-01-01: perioden är tom (slutdagen räknas inte med)',
  ],
  [
    'conditions that contradict each other',
    level({
      name: 'a',
      conditions: all(ofGuld, {
        any: [all(ask('contractedHours', 'lessThan', 10), ask('contractedHours', 'greaterThan', 9.99))],
      }),
      event: discount(12),
    }),
    'rules[10].conditions.all[1].any[0].all[1]: expected conditions on contractedHours that can be true together, found lessThan 10 and greaterThan 9.99',
    'förväntade villkor på contractedHours som kan vara sanna samtidigt, hittade lessThan 10 och greaterThan 9.99',
  ],
  [
    'a condition that nothing fulfils',
    level({ name: 'a', conditions: all(ofGuld, ask('yearNumber', 'lessThan', 1)), event: discount(12) }),
    'rules[10].conditions.all[1]: expected conditions on yearNumber that can be true together, found lessThan 1',
    'hittade lessThan 1',
  ],
  [
    'a rule that can never apply',
    level({
      name: 'a',
      conditions: all(ofGuld, {
        not: { any: [ask('yearNumber', 'equal', 1), ask('yearNumber', 'greaterThan', 1)] },
      }),
      event: discount(12),
    }),
    'rules[10].conditions: expected conditions that some agreement can fulfil, found conditions that are never true together',
    'förväntade villkor som något avtal kan uppfylla, hittade villkor som aldrig är sanna tillsammans',
  ],
  [
    'more integrations than are counted',
    level({
      name: 'a',
      conditions: all(ofGuld, ask('integrations', 'contains', 'edi'), ask('integrationCount', 'equal', 0)),
      event: discount(12),
    }),
    'found conditions that are never true together',
    'aldrig är sanna tillsammans',
  ],
  [
    'two values of one priority',
    level(
      { name: 'a', conditions: all(ofGuld, ask('contractedHours', 'lessThan', 50)), event: discount(8) },
      { name: 'b', conditions: all(ofGuld, ask('contractedHours', 'greaterThan', 40)), event: discount(9) },
    ),
    'expected different priorities of rules that can both apply, found 300 here and in "a" (rules/levels/guld.json:',
    'hourBank.discountPercent är 9 här och 8 där, till exempel för level guld, contractedHours 40.01',
  ],
  [
    'a topic that a level does not give',
    {
      'levels/guld.json': text(
        (JSON.parse(guld) as RuleFile).rules.filter(({ event }) => event.type !== 'support'),
      ),
    },
    'rules/levels/guld.json:6:11 rules: no rule gives "support" (level guld)',
    'ingen regel ger "support" (level guld)',
  ],
  [
    'a topic that a level gives up to a day only',
    level({
      ...(JSON.parse(guld) as RuleFile).rules.find(({ name }) => name === 'guld: supporttid')!,
      conditions: all(ofGuld, ask('date', 'lessThan', '2028-01-01')),
    }),
    'rules: no rule gives "support" (level guld, date 2028-01-01)',
    'ingen regel ger "support" (level guld, date 2028-01-01)',
  ],
  [
    'terms that contradict each other when merged',
    customer('meetings', {
      name: 'a',
      conditions: all(ofAcme, ask('yearNumber', 'greaterThan', 2)),
      event: { type: 'meetings', params: { inviteDaysBefore: 60 } },
    }),
    'rules[0].event.params.inviteDaysBefore: expected at most callDaysBefore (35), found 60 (level guld, customer acme, yearNumber 3)',
    'förväntade högst callDaysBefore (35), hittade 60 (level guld, customer acme, yearNumber 3)',
  ],
  [
    'terms that are incomplete without a base',
    level({
      ...(JSON.parse(guld) as RuleFile).rules.find(({ name }) => name === 'guld: timbank')!,
      conditions: all(ofGuld, ask('language', 'equal', 'sv')),
    }),
    'expected property "overage", found none (level guld, language en, contractedHours 100)',
    'förväntade egenskapen "overage", hittade ingen',
  ],
])('%s is refused', (_, files, en, sv) => {
  test('in English', () => {
    expect(said(files).join('\n')).toContain(en);
  });
  test('in Swedish', () => {
    expect(said(files, 'sv').join('\n')).toContain(sv);
  });
});

describe.each<[what: string, files: RulesetFiles, en: string, sv: string]>([
  [
    'a value that is already in force',
    customer('hourBank', { name: 'a', event: hours({ indexPercent: 3, rollover: { percent: 20 } }) }),
    'rules[0].event.params.rollover.percent: expected a value other than the one in force, found 20, which "guld: timbank" (rules/levels/guld.json:383) already gives',
    'förväntade ett annat värde än det som redan gäller, hittade 20, som "guld: timbank" (rules/levels/guld.json:383) redan ger',
  ],
  [
    'a rule that others always override',
    customer(
      'hourBank',
      { name: 'a', event: discount(12) },
      { name: 'b', priority: 900, event: discount(13) },
    ),
    'rules[0].name: expected a rule that decides something, found one whose every value others always override, for example "b" (rules/customers/acme/hourBank.json:',
    'förväntade en regel som bestämmer något, hittade en vars alla värden andra alltid ersätter, till exempel "b"',
  ],
  [
    'a rule without values',
    customer('hourBank', { name: 'a', event: hours({}) }),
    'rules[0].event.params: expected at least one value, found none: the rule has no effect',
    'förväntade minst ett värde, hittade inget: regeln har ingen verkan',
  ],
])('%s is a warning', (_, files, en, sv) => {
  test('in English', () => {
    expect(said(files)).toEqual([]);
    expect(said(files, 'en', 'warning').join('\n')).toContain(en);
  });
  test('in Swedish', () => {
    expect(said(files, 'sv', 'warning').join('\n')).toContain(sv);
  });
});

test('a discount that equals the level’s only for some hours is no repetition', () => {
  expect(said(customer('hourBank', { name: 'a', event: discount(15) }), 'en', 'warning')).toEqual([]);
});

test('all findings come at once, by file and place, and a misshapen file hides no other', () => {
  const files = {
    ...customer('hourBank', { name: 'a', priority: 300, event: discount(12) }),
    'customers/beta/hourBank.json': '{',
    'levels/silver.json': text([]),
  };
  const findings = checkRuleset(files).findings;
  expect(findings.map(({ file }) => file)).toEqual([
    'rules/customers/acme/hourBank.json',
    'rules/customers/beta/hourBank.json',
    'rules/levels/silver.json',
  ]);
  expect(checkRuleset(files).ruleset).toBeUndefined();
});

test('what cannot be tried in full is said, and found where two facts decide', () => {
  const many = Array.from({ length: 9 }, (_, index) => ({
    name: `many ${index}`,
    conditions: all(
      ofGuld,
      ask('systems', 'contains', `s${index}`),
      ask('integrations', 'contains', `i${index}`),
      ask('contractedHours', 'lessThan', index + 1),
    ),
    event: { type: 'meetings', params: { lengthMinutes: 31 + index } },
    priority: 301 + index,
  }));
  const files = level(...many, {
    name: 'bad',
    priority: 400,
    conditions: all(ofGuld, ask('systems', 'contains', 's0'), ask('yearNumber', 'equal', 3)),
    event: { type: 'meetings', params: { callDaysBefore: 5 } },
  });
  expect(said(files, 'en', 'info')).toEqual([
    expect.stringContaining('facts were varied in pairs, not all was tried'),
  ]);
  expect(said(files, 'sv', 'info').join()).toContain('fakta varierades två och två, allt är inte prövat');
  expect(said(files, 'en', 'warning')).toEqual([]);
  expect(said(files).join('\n')).toContain('expected at most callDaysBefore (5), found 21 (level guld');
});

test('a thousand customers are checked', () => {
  const files = Object.fromEntries(
    Array.from({ length: 1000 }, (_, index) => {
      const owner = ask('customer', 'equal', `kund-${index}`);
      const dated = [
        ask('date', 'greaterThanInclusive', '2028-01-01'),
        ask('date', 'lessThan', '2028-07-01'),
      ];
      const rules = [
        { name: `${index} egen`, priority: 500, conditions: all(owner), event: discount(12) },
        { name: `${index} undantag`, priority: 900, conditions: all(owner, ...dated), event: discount(20) },
      ];
      return [`customers/kund-${index}/hourBank.json`, text(rules)];
    }),
  );
  const { findings, rules } = checkRuleset({ 'levels/guld.json': guld, ...files });
  expect({ findings, rules }).toEqual({ findings: [], rules: 2010 });
});

it('tells a topic that nobody has once, whatever stands in the file that is named for it', () => {
  const named = /^rules\/customers\/acme\/training\.json:1:1 expected the topic as name, .*, found training$/;
  const same = customer('training', { name: 'a', event: { type: 'training', params: { days: 3 } } as never });
  const other = customer('training', { name: 'a', event: discount(12) });
  for (const files of [same, other])
    expect(checkRuleset(files).findings.map((finding) => formatFinding(finding))).toEqual([
      expect.stringMatching(named),
    ]);
  const elsewhere = customer('hourBank', { name: 'a', event: { type: 'training', params: {} } as never });
  expect(checkRuleset(elsewhere).findings.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^rules\[0\]\.event\.type: expected one of .*, found "training"$/),
  ]);
});

describe('what contradicts nothing and makes no sense is a warning', () => {
  const prices = (pricePerHour: number) => ({
    'prices.json': JSON.stringify({
      about,
      prices: [
        { service: 'consulting', currency: 'SEK', from: '2025-01-01', pricePerHour: 900 },
        { service: 'consulting', currency: 'SEK', from: '2026-01-01', pricePerHour },
      ],
    }),
  });
  const sold = (pricePerHour: number, currency?: string) =>
    level({
      name: 'a',
      event: hours({ packages: [{ hours: 20, pricePerHour, ...(currency && { currency }) }] }),
    });
  const warnings = (files: RulesetFiles): string => said(files, 'en', 'warning').join('\n');

  it.each<[string, RulesetFiles, boolean]>([
    // Guld has 15 % discount: an hour of the bank costs 1232.5.
    ['a package that costs more than an hour of the bank', { ...sold(1233), ...prices(1450) }, true],
    ['one that costs as much', { ...sold(1275), ...prices(1500) }, false],
    ['one of a currency without a price', { ...sold(9000, 'USD'), ...prices(1450) }, false],
  ])('%s', (_what, files, warned) => {
    const expected =
      'expected at most the price of an hour of the hour bank, SEK 1232.5 (1450 with 15 % discount)';
    expect(warnings(files).includes(expected)).toBe(warned);
    if (warned) expect(warnings(files)).toMatch(/packages\[0\]\.pricePerHour: .*, found 1233$/m);
  });

  it.each([
    ['arrears', true],
    ['advance', false],
  ])('days before an instalment in %s', (when, warned) => {
    const files = level({ name: 'a', event: { type: 'invoicing', params: { when, daysBefore: 30 } } });
    const expected = 'expected daysBefore only with "when": "advance", found 30 with "arrears"';
    expect(warnings(files).includes(expected)).toBe(warned);
  });
});

describe('phases of the upgrade', () => {
  const phases = (changed: object) => ({ type: 'upgrade', params: { phases: changed } });
  const more = { owner: 'consultant', openDays: 2 };
  const acme = (changed: object) => customer('upgrade', { name: 'a', event: phases(changed) });
  const file = 'rules/customers/acme/upgrade.json';

  it.each<[string, RulesetFiles, string]>([
    [
      'no place',
      acme({ 'key-users': more }),
      `${file} rules[0].event.params.phases.key-users.order: expected the place of the phase, a whole number, found none (level guld, customer acme)`,
    ],
    [
      'a name that is misspelt',
      acme({ tehcnical: { openDays: 4, owner: 'consultant' } }),
      'found none; did you mean "technical"? (level guld',
    ],
    [
      'the place of one that comes before it in the alphabet',
      acme({ 'key-users': { ...more, order: 40 } }),
      `${file} rules[0].event.params.phases.key-users.order: expected a place that no other phase has, found 40, which "integrations" has`,
    ],
    [
      'the place of one that comes after it in the alphabet',
      acme({ 'key-users': { ...more, order: 50 } }),
      'rules[0].event.params.phases.key-users.order: expected a place that no other phase has, found 50, which "test" has',
    ],
    [
      'a phase to go back to that is none',
      acme({ technical: { onFailure: 'tests' } }),
      `${file} rules[0].event.params.phases.technical.onFailure: expected one of again, roll-back, plan, precheck, found "tests"`,
    ],
  ])('a customer’s rule that gives a phase %s is told in its own file', (_what, files, expected) => {
    const found = said(files);
    expect(found).toHaveLength(1);
    expect(found[0]!.replace(/:\d+:\d+/, '')).toContain(expected);
  });

  it.each<[string, object, string]>([
    [
      'a later place',
      { precheck: { order: 35 } },
      'phases.precheck.order: expected a phase before "technical"',
    ],
    ['none', { precheck: { omitted: true } }, 'phases.precheck.omitted: expected a phase before "technical"'],
  ])('a customer’s rule that gives a phase to which another goes back %s', (_what, changed, expected) => {
    const back = level({ name: 'b', event: phases({ technical: { onFailure: 'precheck' } }) });
    const found = said({ ...acme(changed), ...back });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(new RegExp(`^${file}:\\d+:\\d+ rules\\[0\\]\\.event\\.params\\.${expected}`));
  });

  it.each<[string, RulesetFiles, string | undefined]>([
    [
      'an approval before the test',
      acme({ approval: { order: 45 } }),
      'rules[0].event.params.phases.approval.order: expected approval after test, found the reverse',
    ],
    [
      'a test before the technical phase',
      acme({ test: { order: 25 } }),
      'phases.test.order: expected test after technical, found the reverse',
    ],
    [
      'a system that goes down before that is planned',
      acme({ plan: { order: 35 } }),
      'phases.plan.order: expected technical after plan, found the reverse',
    ],
    ['integrations before the technical phase', acme({ integrations: { order: 25 } }), undefined],
    [
      'a pause in a phase that nobody has',
      level({ name: 'a', event: { type: 'monitoring', params: { pauseDuringUpgrade: ['tehcnical'] } } }),
      'event.params.pauseDuringUpgrade[0]: expected one of plan, precheck, technical, integrations, test, approval, go-live, after-check, found "tehcnical"; did you mean "technical"?',
    ],
    [
      'a pause in a phase that one customer has',
      {
        ...level({ name: 'b', event: { type: 'monitoring', params: { pauseDuringUpgrade: ['freeze'] } } }),
        'customers/acme/upgrade.json': acme({ freeze: { ...more, order: 25 } })[
          'customers/acme/upgrade.json'
        ]!,
      },
      undefined,
    ],
  ])('%s is doubted', (_what, files, expected) => {
    const found = said(files, 'en', 'warning').filter((one) => /phases|pauseDuring/.test(one));
    if (expected === undefined) expect(found).toEqual([]);
    else expect(found.join('\n')).toContain(expected);
    expect(said(files)).toEqual([]);
  });
});

it('says what an article is, and what came', () => {
  const files = level({ name: 'a', event: { type: 'invoicing', params: { article: 3010 } } });
  expect(said(files).join('\n')).toMatch(
    /article: expected an article, which is the number in the ERP of .*, found 3010$/m,
  );
});
