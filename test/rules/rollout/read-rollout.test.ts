import { diffRulesets } from '../../../rules/engine/change/diff-rulesets';
import { checkRuleset } from '../../../rules/engine/lint/check-ruleset';
import { formatFinding } from '../../../rules/engine/reading/format-finding';
import { readCampaign } from '../../../rules/engine/rollout/read-campaign';
import { readInstallation } from '../../../rules/engine/rollout/read-installation';
import { readRuleset } from '../../../rules/engine/ruleset/read-ruleset';
import { textDrawing } from '../../../templates/preview/draw';
import { rolloutBlock } from '../../../templates/preview/rollout';
import { fileText } from '../fixtures';
import { changed, shippedText } from '../releases/shipped';

/** The examples that managers copy. */
const exampleIn = (readme: string): string =>
  /```json\n([\s\S]*?)```/.exec(fileText(readme))![1]!.replace(/^ {3}/gm, '');
const campaignText = exampleIn('rules/campaigns/README.md');
const installationText = exampleIn('rules/installations/README.md');
const campaignPath = 'campaigns/visma-business-2027.json';
const installationPath = 'installations/testkoncernen.json';

const releases = Object.fromEntries(
  ['17.10.0', '18.00.0', '18.10.0'].map((version) => [
    `releases/visma-business-${version}.json`,
    shippedText(version)[0],
  ]),
);
const rules = { 'levels/guld.json': fileText('rules/levels/guld.json') };
const all = { ...rules, ...releases, [campaignPath]: campaignText, [installationPath]: installationText };

const windows = (from: string, to: string): [string, string] => [
  '"rounds"',
  `"windows": { "testbolaget-2027": { "from": "${from}", "to": "${to}" } }, "rounds"`,
];

test.each([
  ['"2027-08-27"', '"2027-05-02"', 'to: expected 2027-05-03 or later, as from, found 2027-05-02'],
  ['"18.00.0"', '"18"', 'release: expected a version as AA.BC.D, such as 18.10.0, found "18"'],
  ['"id": "own"', '"id": "rest"', 'rounds[2].id: expected each id once, found "rest" again'],
  [
    '"id": "own"',
    '"from": "2027-05-01", "id": "own"',
    'rounds[0].from: expected a day of the campaign, 2027-05-03 to 2027-08-27, found 2027-05-01',
  ],
  [
    '"id": "own"',
    '"from": "2027-06-01", "to": "2027-05-31", "id": "own"',
    'rounds[0].to: expected 2027-06-01 or later, as from, found 2027-05-31',
  ],
  [
    '"daysAfterRoundBefore": 7',
    '"daysAfterRoundBefore": 0',
    'rounds[1].daysAfterRoundBefore: expected at least 1, found 0',
  ],
  ['"rounds"', '"round"', 'round: expected property "rounds", found "round"'],
  [
    ...windows('2027-05-08T17:00', '2027-05-08T17:00'),
    'windows.testbolaget-2027.to: expected a time after from (2027-05-08T17:00), at most 72 hours, found 2027-05-08T17:00',
  ],
  [
    ...windows('2027-05-07T17:00', '2027-05-10T17:01'),
    'windows.testbolaget-2027.to: expected a time after from (2027-05-07T17:00), at most 72 hours, found 2027-05-10T17:01',
  ],
  [
    ...windows('2027-05-08', '2027-05-09T17:00'),
    'windows.testbolaget-2027.from: expected a Swedish time as 2027-05-08T17:00, found "2027-05-08"',
  ],
  [
    ...windows('2027-02-30T17:00', '2027-03-01T17:00'),
    'windows.testbolaget-2027.from: expected a day that exists, found "2027-02-30T17:00"',
  ],
])('of a campaign, %s as %s is told with its place', (from, to, message) => {
  const { placed, findings } = readCampaign(changed(campaignText, from, to), `rules/${campaignPath}`);
  expect(placed).toBeUndefined();
  expect(findings.map((finding) => formatFinding(finding).replace(/:\d+:\d+/, ''))).toEqual([
    `rules/${campaignPath} ${message}`,
  ]);
});

test.each([
  ['"companies": ["F0003"]', '', 'agreements.systerbolaget-2027: expected property "companies", found none'],
  ['"sv"', '"se"', 'about.se: expected property "sv", found "se"'],
  ['"clients": 45', '"clients": -1', 'clients: expected at least 0, found -1'],
  ['"leadDays": 10', '"leadDays": "10"', 'host.leadDays: expected a whole number, found "10"'],
  [
    '"per.lind@driftbolaget.example.com"',
    '"per"',
    'host.contact.email: expected a mail address as name@example.com, found "per"',
  ],
  [
    '["fri", "sat"]',
    '["lör"]',
    'host.windows[0].weekdays[0]: expected one of mon, tue, wed, thu, fri, sat, sun, found "lör"',
  ],
  [
    '"consent"',
    '"consents"',
    'host.consents: expected one of name, contact, leadDays, windows, consent, found unknown property "consents"; did you mean "consent"?',
  ],
])('of an installation, %s as %s is told with its place', (from, to, message) => {
  const { placed, findings } = readInstallation(
    changed(installationText, from, to),
    `rules/${installationPath}`,
  );
  expect(placed).toBeUndefined();
  expect(findings.map((finding) => formatFinding(finding).replace(/:\d+:\d+/, ''))).toEqual([
    `rules/${installationPath} ${message}`,
  ]);
});

describe('together', () => {
  const found = (texts: Record<string, string>) =>
    checkRuleset({ ...all, ...texts }).findings.map((finding) =>
      `${finding.severity} ${formatFinding(finding, 'sv')}`.replace(/^error /, ''),
    );

  it('the examples are without fault', () => {
    expect(found({})).toEqual([]);
  });

  const withdrawn = (on: string) =>
    changed(
      shippedText('18.00.0')[0],
      '"fit": {',
      `"withdrawn": { "on": "${on}", "reason": { "sv": "fel", "en": "wrong" }, "replacedBy": "18.10.0" },\n  "fit": {`,
    );
  test.each([
    [
      'a release that is none',
      { [campaignPath]: changed(campaignText, '"18.00.0"', '"18.11.0"') },
      `rules/${campaignPath}:8:14 release: förväntade ett av 17.10.0, 18.00.0, 18.10.0, hittade "18.11.0"; menade du "18.10.0"?`,
    ],
    [
      'a product that is none',
      { [campaignPath]: changed(campaignText, '"product": "visma-business"', '"product": "visma-busines"') },
      `rules/${campaignPath}:7:14 product: förväntade ett av visma-business, hittade "visma-busines"; menade du "visma-business"?`,
    ],
    [
      'a release that is withdrawn before',
      { 'releases/visma-business-18.00.0.json': withdrawn('2027-05-03') },
      `warning rules/${campaignPath}:8:14 release: förväntade 18.10.0, som ersätter den, hittade 18.00.0, tillbakadragen 2027-05-03: fel`,
    ],
    [
      'a release that is withdrawn meanwhile',
      { 'releases/visma-business-18.00.0.json': withdrawn('2027-05-04') },
      `warning rules/${campaignPath}:8:14 release: förväntade 18.10.0, som ersätter den, hittade 18.00.0, tillbakadragen 2027-05-04: fel`,
    ],
    [
      'two campaigns of a product at once',
      { 'campaigns/visma-2027.json': campaignText },
      `warning rules/${campaignPath}:9:11 from: förväntade en utrullning i taget av visma-business, hittade visma-business-2027 samtidigt som visma-2027 (2027-05-03–2027-08-27)`,
    ],
    [
      'an agreement in two installations',
      { 'installations/z.json': installationText },
      `rules/installations/z.json:9:5 agreements.testbolaget-2027: förväntade varje avtal i en installation av visma-business, hittade "testbolaget-2027" även i rules/${installationPath}:9`,
    ],
    [
      'a name that is no id',
      { 'installations/Test koncernen.json': installationText },
      'rules/installations/Test koncernen.json:1:1 förväntade ett id av 1 till 40 tecken a–z, 0–9 och bindestreck som namn, hittade Test koncernen',
    ],
    [
      'a way to another schema',
      { [campaignPath]: changed(campaignText, 'campaign.schema', 'release.schema') },
      `warning rules/${campaignPath}:2:14 $schema: förväntade "../schemas/campaign.schema.json", hittade "../schemas/release.schema.json"`,
    ],
  ])('%s are told', (_, texts, message) => {
    expect(found(texts)).toContain(message);
  });

  const twoCompanies = (more = ''): string =>
    JSON.stringify(
      {
        about: { sv: 'x', en: 'x' },
        product: 'visma-business',
        ...JSON.parse(`{${more}}`),
        agreements: { 'annat-2027': { companies: ['F0001'] } },
      },
      null,
      2,
    );
  const inCampaign = (windows: string): Record<string, string> => ({
    [campaignPath]: changed(campaignText, '"rounds"', `"windows": {${windows}},\n  "rounds"`),
  });
  const time = '{ "from": "2027-05-08T17:00", "to": "2027-05-08T20:00" }';
  const doubts = (texts: Record<string, string>, signed: string[] = [], today?: string) =>
    checkRuleset(
      { ...all, ...texts },
      [],
      signed.map((agreement) => ({ agreement, customer: 'x', level: 'guld' })),
      today,
    )
      .findings.filter(({ file }) => /installations|campaigns/.test(file))
      .map((finding) => `${finding.severity} ${formatFinding(finding, 'sv').replace(/^rules\//, '')}`);

  test.each<[string, string[], string[]]>([
    [
      'agreements that nobody signed',
      doubts({}, ['testbolaget-2027', 'systerbolagen-2027']),
      [
        `warning ${installationPath}:10:5 agreements.systerbolaget-2027: förväntade ett avtal som är tecknat och inte slut, hittade "systerbolaget-2027"; menade du "systerbolagen-2027"?`,
      ],
    ],
    [
      'windows for nobody',
      doubts(inCampaign(`"norr": ${time}`), ['testbolaget-2027', 'systerbolaget-2027']),
      [
        `warning ${campaignPath}:11:15 windows.norr: förväntade ett avtal som är tecknat och inte slut, hittade "norr"`,
      ],
    ],
    ['nothing before anything was signed', doubts(inCampaign(`"norr": ${time}`)), []],
    [
      'a company that two agreements have',
      doubts({ [installationPath]: changed(installationText, '"F0003"', '"F0001"') }),
      [
        `warning ${installationPath}:10:43 agreements.systerbolaget-2027.companies[0]: förväntade varje företag en gång, hittade "F0001" även i rules/${installationPath}:9`,
      ],
    ],
    [
      'a company of two installations on one server',
      doubts({ 'installations/z.json': twoCompanies('"servers": ["TK-SQL01"]') }),
      [
        `warning installations/z.json:13:9 agreements.annat-2027.companies[0]: förväntade varje företag en gång, hittade "F0001" även i rules/${installationPath}:9`,
      ],
    ],
    [
      'no company of the same name elsewhere',
      doubts({ 'installations/z.json': twoCompanies('"servers": ["SRV-DB02"]') }),
      [],
    ],
    [
      "an agreement's window beside its installation's",
      doubts(inCampaign(`"testbolaget-2027": ${time}, "testkoncernen": ${time}`)),
      [
        `warning ${campaignPath}:11:15 windows.testbolaget-2027: förväntade en tid för installationen testkoncernen, hittade "testbolaget-2027" bredvid "testkoncernen", som gäller`,
      ],
    ],
    [
      'windows of two agreements of an installation',
      doubts(inCampaign(`"testbolaget-2027": ${time}, "systerbolaget-2027": ${time}`)),
      [
        `warning ${campaignPath}:11:15 windows.testbolaget-2027: förväntade en tid för installationen testkoncernen, hittade "testbolaget-2027" bredvid "systerbolaget-2027", som gäller`,
      ],
    ],
    ['no campaign on its last day', doubts({}, [], '2027-08-27'), []],
    [
      'a campaign that has ended',
      doubts({}, [], '2027-08-28'),
      [
        `warning ${campaignPath}:10:9 to: förväntade en utrullning som inte är slut (2027-08-28 eller senare), hittade 2027-08-27`,
      ],
    ],
  ])('%s: is warned of', (_what, found, expected) => {
    expect(found).toEqual(expected);
  });

  it('an agreement may be in an installation of another product', () => {
    const other = changed(installationText, '"product": "visma-business"', '"product": "time-system"');
    expect(found({ 'installations/time.json': other })).toEqual([]);
  });

  it('they belong to the hash; without any it is what it was before there were some', () => {
    const hashOf = (texts: Record<string, string>) => readRuleset(texts).ruleset?.hash;
    const before = hashOf({ ...rules, ...releases });
    const hashes = [
      before,
      hashOf({ ...rules, ...releases, [campaignPath]: campaignText }),
      hashOf({ ...rules, ...releases, [installationPath]: installationText }),
      hashOf(all),
    ];
    expect(new Set(hashes).size).toBe(4);
    expect(hashOf(rules)).not.toBe(before);
  });

  it('a difference between rulesets is told by file, and drawn', () => {
    const ruleset = (texts: Record<string, string>) => readRuleset(texts).ruleset!;
    const { [campaignPath]: _, ...without } = all;
    const moved = { ...all, [campaignPath]: changed(campaignText, '"2027-08-27"', '"2027-09-30"') };
    const drawn = (before: Record<string, string>, after: Record<string, string>) =>
      textDrawing(false).block(rolloutBlock(diffRulesets(ruleset(before), ruleset(after)), 'sv')!);
    expect(drawn(without, all)).toBe(
      `\n~ Utrullningar och installationer\n      + visma-business-2027  18.00.0 till alla avtal, 2027-05-03–2027-08-27\n          rules/${campaignPath}\n`,
    );
    expect(drawn(all, moved)).toContain('visma-business-2027\n      ~ to  2027-08-27 → 2027-09-30\n');
    expect(drawn({ ...rules, ...releases }, all)).toContain(
      '+ testkoncernen  uppgraderas en gång: systerbolaget-2027, testbolaget-2027\n',
    );
    expect(rolloutBlock([], 'sv')).toBeUndefined();
  });
});
