/** `simulate` as a person runs it; what is played is tested elsewhere. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { simpleParser } from 'mailparser';
import { serviceavtalOn, writeDownStack } from '../helpers/command-line';
import { testStack } from '../helpers/stack';

const folder = mkdtempSync(path.join(os.tmpdir(), 'serviceavtal-simulate-'));
const dataDir = writeDownStack({ ...testStack(), fullyEmbedded: true });
afterAll(() => [folder, dataDir].forEach((each) => rmSync(each, { recursive: true })));

/** Of a page: the text and the target of each link, as a browser has them. */
const linksOf = (page: string): [target: string, text: string][] =>
  [...page.matchAll(/<a href="([^"]+)">([^<]*)<\/a>/g)].map(([, target = '', text = '']) => [
    decodeURIComponent(target.replaceAll('&#x3D;', '=')),
    text,
  ]);

const simulate = (...args: string[]) =>
  serviceavtalOn(dataDir, 'simulate', 'examples/testbolaget.json', ...args);

it('speaks one language: the progress, the years, the list of mails and what stands in the way', async () => {
  const mails = path.join(folder, 'mails');
  const swedish = await simulate('--scenario', 'silent', '--mails', mails);
  expect(swedish.errors).toMatch(/^ {2}✓ Spelar testbolaget-2027 /m);
  expect(swedish.out).toMatch(
    /^År 1, 2027-01-01 till 2028-01-01: inte uppfyllt\n {2}timbank: 120 h avtalade, /m,
  );
  expect(swedish.out).toMatch(/ beslut {4}rollover .* h förs över, .* h upphör$/m);
  expect(swedish.out).toMatch(/ beslut {4}\S+ .*; \d+ regler i regelverket [0-9a-f]{8}$/m);
  expect(swedish.out).toMatch(/ mejl {6}/);
  expect(swedish.out).toMatch(/\d+ händelser i historiken, regelverk [0-9a-f]{8}, spelat på /);
  expect(swedish.out).not.toMatch(/ (mail|decision|phase) {2,}|roll over|history events/);

  const links = linksOf(readFileSync(path.join(mails, 'index.html'), 'utf8'));
  const files = readdirSync(mails).filter((name) => name !== 'index.html');
  expect(links.map(([target]) => target.slice(2)).sort()).toEqual(files.sort());
  const [statement = ''] = links.find(([, subject]) => subject.startsWith('Timbanken: slutbesked')) ?? [];
  const shown = readFileSync(path.join(mails, statement), 'utf8');
  expect(shown).toContain('Ingående saldo');
  expect(shown).toContain('class="button" href="https://simulation.invalid/pages/');
  const source = await simpleParser(readFileSync(path.join(mails, statement.replace(/html$/, 'eml'))));
  expect(source.attachments.map(({ contentType }) => contentType)).toEqual(['application/pdf', 'text/csv']);

  const english = await simulate('--scenario', 'silent', '--language', 'en');
  expect(english.errors).toMatch(/^ {2}✓ Playing testbolaget-2027 /m);
  expect(english.out).toMatch(
    /^Year 1, 2027-01-01 to 2028-01-01: unfulfilled\n {2}hour bank: 120 h contracted, /m,
  );
  expect(english.out).toMatch(/ decision {2}rollover .* h roll over, .* h expire$/m);
  expect(english.out).toMatch(/ step-overdue +detail nobody has reported it done, /m);
  expect(english.out).not.toContain('ingen har rapporterat');
}, 180_000);

it.each([
  [
    ['--mails', ''],
    'förväntade en mapp för mejlen, hittade ingenting',
    'expected a folder for the mails, found nothing',
  ],
  [
    ['--scenario', 'nowhere.json'],
    'förväntade en läsbar fil på nowhere.json',
    'expected a readable file at nowhere.json',
  ],
  [
    ['--rules', 'nowhere'],
    /^förväntade regelfiler i .*, hittade ingen sådan mapp$/m,
    /^expected rule files in .*, found no such folder$/m,
  ],
  [['--years', '21'], 'förväntade ett heltal från 1 till 20', 'expected a whole number from 1 to 20'],
])('%j is refused in the language of the command', async (args, sv, en) => {
  const matches = (told: string | RegExp) =>
    typeof told === 'string' ? expect.stringContaining(told) : expect.stringMatching(told);
  expect(await simulate(...args)).toMatchObject({ code: 1, errors: matches(sv) });
  expect(await simulate(...args, '--language', 'en')).toMatchObject({ code: 1, errors: matches(en) });
});

it('tells in Swedish of a scenario that cannot be played', async () => {
  const file = path.join(folder, 'steps.json');
  writeFileSync(file, '[{ "on": "2027-02-30", "signal": "meetingHeld" }]');
  expect((await simulate('--scenario', file)).errors).toMatch(
    /går inte att spela:\n.*förväntade ett datum som ÅÅÅÅ-MM-DD/,
  );
  writeFileSync(file, '[{ "on": "2031-01-01", "signal": "meetingHeld" }]');
  expect((await simulate('--scenario', file)).errors).toMatch(
    /: förväntade dagar från undertecknandet .* hittade meetingHeld den 2031-01-01/,
  );
});
