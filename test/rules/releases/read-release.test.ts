import { checkRuleset } from '../../../rules/engine/lint/check-ruleset';
import { readRelease } from '../../../rules/engine/releases/read-release';
import { formatFinding } from '../../../rules/engine/reading/format-finding';
import { readRuleset } from '../../../rules/engine/ruleset/read-ruleset';
import { diffRulesets } from '../../../rules/engine/change/diff-rulesets';
import { fileText } from '../fixtures';
import { changed as changedText, shippedText } from './shipped';

const guld = {
  'levels/guld.json': fileText('rules/levels/guld.json'),
  'prices.json': fileText('rules/prices.json'),
};
const versions = ['17.10.0', '18.00.0', '18.10.0'];
const shipped = Object.fromEntries(
  versions.map((version) => [`releases/visma-business-${version}.json`, shippedText(version)[0]]),
);
const path = (version: string) => `releases/visma-business-${version}.json`;

test.each([
  ['"18.10.0"', '"18.10"', 'version: expected a version as AA.BC.D, such as 18.10.0, found "18.10"'],
  [
    '"version": "18.10.0"',
    '"version": "18.20.0"',
    'version: expected the file visma-business-18.20.0.json, by product and version, found visma-business-18.10.0.json',
  ],
  ['"usableFrom"', '"usableForm"', 'usableForm: expected property "usableFrom", found "usableForm"'],
  [
    '"2028-06-30"',
    '"2027-03-14"',
    'previousSupportedUntil: expected 2027-03-15 or later, as usableFrom, found 2027-03-14',
  ],
  ['"2028-06-30"', '"2027-02-30"', 'previousSupportedUntil: expected a calendar date'],
  [
    '"18.00.0",\n          "because"',
    '"18.00.0", "with": { "contractin": "16" },\n          "because"',
    'components.user-directory.exceptions[0].with.contractin: expected one of client, services, user-directory, document-center, contracting, pector-import, found "contractin"; did you mean "contracting"?',
  ],
  [
    '"18.00.0",\n          "because"',
    '"18.00.0", "with": { "user-directory": "16" },\n          "because"',
    'components.user-directory.exceptions[0].with.user-directory: expected another component, found "user-directory"',
  ],
  [
    '"fits": ["6.x"]',
    '"fits": ["6.x"], "fit": { "digits": 2 }',
    'components.pector-import.fits: expected fit or fits, found both',
  ],
  [
    '"fits": ["6.x"]',
    '"fits": ["sex"]',
    'components.pector-import.fits[0]: expected a version as 18.00.0, 16.10 or 6.x, found "sex"',
  ],
  ['"digits": 3', '"digits": 9', 'fit.digits: expected at most 5, found 9'],
  ['"id": "e-invoice"', '"id": "import-log"', 'news[1].id: expected each id once, found "import-log" again'],
  ['"process": "order-import",', '', 'testScenarios[0]: expected module or process, found none'],
  [
    '"modules": ["finance"]',
    '"module": ["finance"]',
    'news[1].tags.module: expected one of modules, industries, found unknown property "module"; did you mean "modules"?',
  ],
])('%s as %s is told with its place', (from, to, message) => {
  const [text, file] = shippedText('18.10.0');
  const { placed, findings } = readRelease(changedText(text, from, to), file);
  expect(placed).toBeUndefined();
  expect(findings.map((finding) => formatFinding(finding)).join('\n')).toMatch(
    new RegExp(`^rules/releases/visma-business-18\\.10\\.0\\.json:\\d+:\\d+ ${escaped(message)}`),
  );
  expect(findings).toHaveLength(1);
});

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

describe('together', () => {
  const found = (texts: Record<string, string>) =>
    checkRuleset({ ...guld, ...shipped, ...texts }).findings.map((finding) =>
      formatFinding(finding, 'sv').replace(/:\d+:\d+/, ''),
    );
  const withdrawn = (version: string, replacedBy?: string) =>
    changedText(
      shippedText(version)[0],
      '"fit": {',
      `"withdrawn": { "on": "2027-04-01", "reason": { "sv": "fel", "en": "wrong" }${replacedBy === undefined ? '' : `, "replacedBy": "${replacedBy}"`} },\n  "fit": {`,
    );

  it('the shipped releases are without fault', () => {
    expect(found({})).toEqual([]);
  });

  test.each([
    [
      'dates that go backwards',
      { [path('18.00.0')]: changedText(shippedText('18.00.0')[0], '2026-10-05', '2025-10-05') },
      'rules/releases/visma-business-18.00.0.json usableFrom: förväntade tidigast 2025-10-06, då 17.10.0 får användas, hittade 2025-10-05',
    ],
    [
      'a successor that is not there',
      { [path('18.00.0')]: withdrawn('18.00.0', '18.11.0') },
      'rules/releases/visma-business-18.00.0.json withdrawn.replacedBy: förväntade ett av 18.10.0, hittade "18.11.0"; menade du "18.10.0"?',
    ],
    [
      'a successor that is not there, near an older one alone',
      { [path('18.10.0')]: withdrawn('18.10.0', '17.11.0') },
      'rules/releases/visma-business-18.10.0.json withdrawn.replacedBy: förväntade en nyare version än 18.10.0, hittade 17.11.0',
    ],
    [
      'an older successor',
      { [path('18.00.0')]: withdrawn('18.00.0', '17.10.0') },
      'rules/releases/visma-business-18.00.0.json withdrawn.replacedBy: förväntade en nyare version än 18.00.0, hittade 17.10.0',
    ],
    [
      'a successor that is withdrawn',
      { [path('18.00.0')]: withdrawn('18.00.0', '18.10.0'), [path('18.10.0')]: withdrawn('18.10.0') },
      'rules/releases/visma-business-18.00.0.json withdrawn.replacedBy: förväntade en version som inte är tillbakadragen, hittade "18.10.0"',
    ],
    [
      'a withdrawn one that no other follows',
      { [path('18.10.0')]: withdrawn('18.10.0') },
      'rules/releases/visma-business-18.10.0.json withdrawn: 18.10.0 är tillbakadragen och ingen nyare version följer: det finns inget att uppgradera till',
    ],
    [
      'components without a rule',
      { [path('18.10.0')]: changedText(shippedText('18.10.0')[0], '  "fit": { "digits": 3 },\n', '') },
      'rules/releases/visma-business-18.10.0.json components.client: vilka versioner av Visma Business klient som passar är inte sagt: förväntade fit eller fits här, eller fit för hela versionen',
    ],
  ])('%s are told', (_, texts, message) => {
    expect(found(texts)).toContain(message);
  });

  it('errors keep the ruleset from being used, warnings do not', () => {
    const usable = (texts: Record<string, string>) => readRuleset({ ...guld, ...shipped, ...texts }).ruleset;
    expect(usable({ [path('18.10.0')]: withdrawn('18.10.0') })?.releases).toHaveLength(3);
    expect(usable({ [path('18.00.0')]: withdrawn('18.00.0', '18.11.0') })).toBeUndefined();
  });

  it('releases belong to the hash; without any it is what it was before there were releases', () => {
    const hashOf = (texts: Record<string, string>) => readRuleset(texts).ruleset?.hash;
    expect(hashOf({ ...guld, ...shipped })).not.toBe(hashOf(guld));
    expect(hashOf({ ...guld, ...shipped })).not.toBe(
      hashOf({ ...guld, ...shipped, [path('18.10.0')]: withdrawn('18.10.0') }),
    );
  });

  it('a difference between rulesets is told release by release', () => {
    const ruleset = (texts: Record<string, string>) => readRuleset({ ...guld, ...texts }).ruleset!;
    const { [path('18.00.0')]: _, ...others } = shipped;
    expect(
      diffRulesets(ruleset(shipped), ruleset({ ...others, [path('18.10.0')]: withdrawn('18.10.0') })),
    ).toMatchObject([
      { change: 'removed', file: path('18.00.0'), rule: 'visma-business 18.00.0' },
      {
        change: 'changed',
        file: path('18.10.0'),
        rule: 'visma-business 18.10.0',
        values: [
          { path: 'withdrawn.on', from: undefined, to: '2027-04-01' },
          { path: 'withdrawn.reason.en' },
          { path: 'withdrawn.reason.sv' },
        ],
      },
    ]);
  });
});
