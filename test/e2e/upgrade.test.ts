/** An upgrade that is rolled back, fails again, and goes on past the year's end: one story, and nothing twice. */
import { createHash } from 'node:crypto';
import type { KeptReport } from '../../activities/years/kept-reports';
import { listReports } from '../../activities/years/kept-reports';
import { readUpgrades } from '../../activities/years/upgrades';
import type { UpgradeOfAgreement } from '../../rules/engine/upgrade/portfolio';
import type { Simulation } from '../../worker/simulation/simulate';
import { withPartner } from '../helpers/example';
import { openMailbox } from '../helpers/mailbox';
import type { Mailbox } from '../helpers/mailbox';
import { play } from '../helpers/play';
import { readPdf } from '../helpers/read-pdf';
import { stories } from '../helpers/stories';

let mailbox: Mailbox;
let played: Simulation;
let portfolio: UpgradeOfAgreement[] | undefined;
let reports: KeptReport[];

beforeAll(async () => {
  mailbox = await openMailbox();
  played = await play({
    contract: withPartner(),
    years: 2,
    smtpUrl: mailbox.smtpUrl,
    scenario: (db) => {
      const story = stories.upgrade!(db);
      return async (year, to) => {
        const step = await story(year, to);
        reports = await listReports(db, withPartner().agreement);
        if (step || year < 2 || portfolio) return step;
        portfolio = await readUpgrades(db, '2028-02-10T11:00:00.000Z');
        const on = '2028-02-10';
        return { on, signal: 'agreementTerminated', input: { on, reason: 'the test has seen enough' } };
      };
    },
  });
});

afterAll(() => mailbox.close());

const phases = ({ timeline }: Simulation['years'][number]): string[] =>
  timeline
    .filter(({ kind, id, detail }) => kind === 'phase' && /^upgrade.*\//.test(id) && !/open$/.test(detail))
    .map(({ at, id, detail }) => `${at.slice(0, 10)} ${id}: ${detail}`);

it('does again in a second attempt what was rolled back, and nothing of it in the next year', () => {
  const [first, second] = played.years;
  const carried = ['after-check', 'approval', 'test'].map(
    (phase) => `2028-01-01 upgrade/${phase}: state carried`,
  );
  expect(phases(first!).filter((line) => line < '2028')).toEqual([
    '2027-05-10 upgrade/plan: state done',
    '2027-05-20 upgrade/precheck: state done',
    '2027-11-03 upgrade/plan: state done',
    '2027-11-05 upgrade/precheck: state done',
    '2027-11-09 upgrade/technical: state done',
    '2027-11-17 upgrade/integrations: state done',
  ]);
  expect(
    phases(first!)
      .filter((line) => line >= '2028')
      .sort(),
  ).toEqual(carried);
  expect(phases(second!).filter((line) => line.endsWith(' done'))).toEqual([
    '2028-01-13 upgrade-1/test: state done',
    '2028-02-03 upgrade-1/approval: state done',
  ]);
  expect(second!.timeline.filter(({ id }) => /^upgrade.*(plan|precheck)\/start/.test(id))).toEqual([]);
});

it('does not close over what failed until somebody accepts it, and says so in the approval', () => {
  const rejected = played.years[0]!.timeline.filter(({ detail }) =>
    /^rejected: .*kan inte avslutas/.test(detail),
  );
  expect(rejected).toHaveLength(1);
  expect(rejected[0]!.detail).toContain('Underkänt: payroll-vouchers');
  const asked = mailbox.mails.filter(({ subject = '' }) => subject.startsWith('Godkänn uppgraderingen'));
  expect(asked.length).toBeGreaterThanOrEqual(1);
  expect(asked[0]!.text).toMatch(/Verifikationer från lönesystemet.*godtagen av Erik Holm/);
  expect(asked[0]!.text).toMatch(/Visma Business, 17\.0 → 18\.0\.2: godkänd/);
});

it('tells the customer of each turn, once', () => {
  const told = mailbox.mails.flatMap(({ messageId = '', subject }) =>
    /\.news-/.test(messageId) && !subject?.startsWith('Testbolaget AB: ') ? [`${subject}`] : [],
  );
  expect(told).toEqual([
    expect.stringMatching(/^Uppgraderingen görs .*10 maj/),
    'Uppgraderingen är återställd och planeras på nytt',
    expect.stringMatching(/^Uppgraderingen görs .*3 nov/),
    'Systemet är uppgraderat',
    ...['Uppgraderingen är godkänd', 'Uppgraderingen är godkänd'],
  ]);
  const keys = mailbox.mails.map(({ messageId }) => messageId);
  expect(new Set(keys).size).toBe(keys.length);
});

it('asks a partner before each attempt and after it, once more, and then tells the consultant of the silence', () => {
  const mails = played.years.flatMap((year) => year.mails);
  const asked = mails.filter(({ template }) => template === 'upgrade-partner');
  expect(new Set(asked.map(({ to }) => to))).toEqual(new Set(['petra.sund@lonepartner.example']));
  expect(asked.map(({ at, subject }) => `${at.slice(0, 10)} ${subject.split(' ')[0]}`)).toEqual([
    ...['2027-05-10 Stöds', '2027-05-12 Påminnelse:'],
    ...['2027-11-03 Stöds', '2027-11-05 Påminnelse:'],
    ...['2027-11-09 Fungerar', '2027-11-11 Påminnelse:'],
  ]);
  const silent = mails.filter(({ subject }) => subject.endsWith('en partner svarar inte om uppgraderingen'));
  expect(silent.map(({ at, to }) => `${at.slice(0, 10)} ${to}`)).toEqual([
    '2027-05-14 anna.berg@pector.example',
    '2027-11-07 anna.berg@pector.example',
    '2027-11-13 anna.berg@pector.example',
  ]);
});

it('is reported to both sides when it is approved: both attempts, what was accepted, and what is left', () => {
  const approved = mailbox.mails.filter(({ subject = '' }) => subject.endsWith('Uppgraderingen är godkänd'));
  expect(approved.map(({ subject }) => subject)).toEqual(
    expect.arrayContaining(['Testbolaget AB: Uppgraderingen är godkänd', 'Uppgraderingen är godkänd']),
  );
  const files = approved.map(({ attachments: [file] }) => file!);
  for (const { content } of files) expect(content).toEqual(files[0]!.content);
  const sha256 = createHash('sha256').update(files[0]!.content).digest('hex');
  expect(reports).toMatchObject([{ ofYear: 1, version: 1, language: 'sv', sha256, intact: true }]);
  const text = readPdf(files[0]!.content).pages.join(' ');
  for (const said of [
    /Visma Business från 17\.0 till 18\.0\.2/,
    /1 25 maj 2027 Återställt innan någon arbetat i den nya versionen\. Teknisk uppgradering the database could not/,
    /Verifikationer från lönesystemet Integrationer Erik Holm loaded by hand until the partner has mended it/,
    /Karin Ek har godkänt uppgraderingen för Testbolaget AB, enligt Anna Berg, som .* rapporterade det torsdag 3 februari 2028/,
    /Efterkontroll, planerad till/,
    /Testledning Kunden \d+ nov 2027 13 jan 2028/,
  ])
    expect(text).toMatch(said);
});

it('is told honestly in the year’s summary', () => {
  const [summary] = mailbox.mails.filter(({ messageId }) => messageId?.includes('.close.summary'));
  expect(summary!.text).toContain('Fortsätter nästa avtalsår: 3.');
  expect(summary!.text).toMatch(/Uppgradering: testledning, planerat .*: fortsätter nästa avtalsår/);
  expect(played.years[0]!.outcome).toBe('unfulfilled');
});

it('stands in the portfolio as the workflow has it', () => {
  expect(portfolio).toMatchObject([
    {
      ...{ ofYear: 1, year: 2, attempt: 2, phase: 'after-check', done: 2, phases: 3 },
      risks: [{ kind: 'accepted', part: { id: 'payroll-vouchers' } }],
    },
    { ofYear: 2, standing: 'coming', phase: 'plan', attempt: 1 },
  ]);
});
