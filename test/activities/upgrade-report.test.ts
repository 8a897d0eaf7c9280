/** The report of an upgrade: kept once, the same to both sides, and listed. */
import { createHash } from 'node:crypto';
import { findPlan } from '../../activities/agreements/plans';
import { inviteTester, removeTester } from '../../activities/agreements/testers';
import { forgetStatements } from '../../activities/mail/kept-statements';
import type { SendNoticeInput } from '../../activities/mail/notice';
import { upgradeReport } from '../../activities/mail/upgrade-report';
import { keepReport, listReports, readReport } from '../../activities/years/kept-reports';
import type { JournalEntry, RecordedPart } from '../../activities/years/progress';
import { createProgressActivities } from '../../activities/years/progress';
import type { TestCase } from '../../rules/engine/upgrade/test-cases';
import { withPartner } from '../helpers/example';
import type { Mailbox } from '../helpers/mailbox';
import { openMailbox } from '../helpers/mailbox';
import { readPdf } from '../helpers/read-pdf';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase } from '../helpers/stack';
import { mailActivities, notice, signAndPlan } from './signed-agreement';

const agreement = 'testbolaget-2027';
let database: FreshDatabase;
let mailbox: Mailbox;
/** Cases of the plan. */
let [tested, other]: TestCase[] = [];

beforeEach(async () => {
  [database, mailbox] = await Promise.all([freshDatabase(), openMailbox()]);
  const { customer, integrations } = withPartner();
  await signAndPlan(database.db, { integrations, customer: { ...customer, language: 'en' } });
  const { testCases } = (await findPlan(database.db, agreement, 1))!;
  [tested, other] = testCases.filter(({ title }) => title);
  await inviteTester(database.db, agreement, 1, {
    ...{ name: 'Tova Ny', email: 'tova@testbolaget.example.com', language: 'sv', processes: [] },
    ...{ invitedBy: 'contact-1', at: at('06-10') },
  });
  await removeTester(database.db, agreement, { id: 'tester-1', at: at('06-12') });
});
afterEach(() => Promise.all([database.close(), mailbox.close()]));

let count = 0;
/** Records what a running year would. */
const record = (year: number, entries: (Partial<JournalEntry> & { at: string })[]): Promise<void> =>
  createProgressActivities(database).recordProgress({
    ...{ agreement, year },
    entries: entries.map((entry) => ({
      ...{ id: `test-${(count += 1)}`, kind: 'row', ref: 'test', detail: {} },
      ...entry,
    })),
  });

const at = (day: string): string => `2027-${day}T08:00:00.000Z`;
type Said = NonNullable<RecordedPart['result']>;
const told = (
  day: string,
  phase: string,
  kind: RecordedPart['kind'],
  part: string,
  said: Partial<Said> = {},
  from?: string,
): Partial<JournalEntry> & { at: string } => ({
  at: at(day),
  part: {
    ...{ upgrade: 'upgrade', phase, kind, part, result: { ok: true, at: at(day), ...said } },
    ...(from !== undefined && { from }),
  },
});
const closed = (day: string, phase: string): Partial<JournalEntry> & { at: string } => ({
  at: at(day),
  obligation: { id: `upgrade/${phase}`, state: 'done', by: 'consultant' },
});
const failed = (day: string, detail: Record<string, unknown>): Partial<JournalEntry> & { at: string } => ({
  ...{ at: at(day), kind: 'signal', ref: 'upgradePhaseFailed' },
  detail: { obligation: 'upgrade/technical', reason: 'the database could not be converted', ...detail },
});

/** An upgrade until its approval, in a second attempt; one that was given up and undone was none. */
const untilApproval = (): Promise<void> =>
  record(1, [
    failed('05-20', { then: 'roll-back' }),
    failed('05-24', { then: 'roll-back', reason: 'by mistake' }),
    { at: at('05-25'), kind: 'signal', ref: 'stepUndone', detail: { step: 9, undone: 'upgradePhaseFailed' } },
    { at: at('05-25'), upgrade: { upgrade: 'upgrade', attempt: 2 } },
    closed('05-28', 'plan'),
    told('06-01', 'precheck', 'check', '1', { note: 'host SQL01', by: 'consultant' }),
    closed('06-07', 'precheck'),
    told('06-08', 'technical', 'system', 'visma-business', { version: '18.00.2' }, '17.0'),
    closed('06-08', 'technical'),
    told('06-09', 'integrations', 'integration', 'payroll-vouchers', {
      ...{ ok: false, by: 'partner', note: 'says nothing to others' },
      waived: { by: 'Mats Holm', reason: 'loaded by hand until July' },
    }),
    told('06-11', 'test', 'module', tested!.id, { by: 'tester-1', note: 'stämt av' }),
    told('06-15', 'approval', 'decision', 'decision', { contact: 'contact-1', shown: 'abc' }),
    closed('06-15', 'approval'),
  ]);

const news = (changed: Partial<SendNoticeInput> = {}): SendNoticeInput =>
  notice({
    ...{ obligation: 'upgrade/approval', step: 'news-approved-7', template: 'upgrade-news' },
    ...{ asOf: at('06-15'), news: { kind: 'approved', contact: 'contact-1' } },
    ...changed,
  });
const send = (input: SendNoticeInput) => mailActivities(database.db, mailbox.smtpUrl).sendNotice(input);
const reports = (): Buffer[] =>
  mailbox.mails.flatMap(({ attachments }) => attachments.map(({ content }) => content));
const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

it('tells who did what and when, by name, with what was accepted and given up', async () => {
  await untilApproval();
  const report = (await upgradeReport(database.db, { agreement, ofYear: 1, asOf: at('06-15') }))!;
  expect(report).toMatchObject({
    ...{ testedOn: 'production', approval: { by: 'Karin Ek', at: at('06-15'), shown: 'abc' } },
    systems: [{ id: 'pector-import' }, { id: 'visma-business', from: '17.0', to: '18.00.2' }],
    attempts: [
      { number: 1, on: '2027-05-20', phase: 'technical', reason: 'the database could not be converted' },
    ],
  });
  const of = (phase: string) => report.phases.find(({ id }) => id === phase)!;
  expect(of('technical')).toMatchObject({ from: '2027-06-07', to: '2027-06-08', state: 'done' });
  expect(of('after-check')).not.toHaveProperty('from');
  expect(of('integrations').parts).toContainEqual({
    ...{ kind: 'integration', owner: 'partner', ok: false, at: at('06-09'), by: 'Petra Sund' },
    name: { sv: 'Verifikationer från lönesystemet', en: 'Verifikationer från lönesystemet' },
    waived: { by: 'Mats Holm', reason: 'loaded by hand until July' },
  });
  expect(of('test').parts).toContainEqual(
    expect.objectContaining({ kind: 'module', name: tested!.title, by: 'Tova Ny', note: 'stämt av' }),
  );
  // What is written of our own checks, and by a partner, is not the customer's to read.
  expect(of('precheck').parts[0]).toEqual({
    ...{ kind: 'check', ok: true, by: 'Anna Berg', at: at('06-01') },
    name: expect.objectContaining({ sv: expect.any(String) as string }) as object,
  });
});

it('never names another customer of a shared installation', async () => {
  await database.db.query(
    `update plans set plan = jsonb_set(plan, '{upgrade,installation}', '{"id": "koncernen", "with": ["granne-2027"]}')`,
  );
  await record(1, [
    told('06-08', 'precheck', 'check', '1', {
      ...{ ok: false, by: 'granne-2027' },
      waived: { by: 'granne-2027', reason: 'upgraded together with granne-2027' },
    }),
    {
      at: at('06-09'),
      kind: 'signal',
      ref: 'upgradedTogether',
      detail: { of: 'granne-2027', state: 'rolledBack' },
    },
    { at: at('06-09'), upgrade: { upgrade: 'upgrade', attempt: 2, reason: 'x' } },
  ]);
  const report = await upgradeReport(database.db, { agreement, ofYear: 1, asOf: at('06-15') });
  expect(report).toMatchObject({ installation: 'koncernen', attempts: [{ number: 1, on: '2027-06-09' }] });
  expect(JSON.stringify(report)).not.toContain('granne');
});

it('goes to both sides in their languages, kept once, and byte for byte the same when a mail is tried again', async () => {
  await untilApproval();
  mailbox.next.push('cut-after');
  await send(news({ to: 'consultant' }));
  await send(news({ to: 'consultant' }));
  await send(news());
  await record(1, [told('06-16', 'test', 'module', other!.id, { by: 'contact-2' })]);
  await database.db.query(`update mails set state = 'queued' where recipient like '%@pector.example'`);
  await send(news({ to: 'consultant', asOf: at('06-16') }));

  const [swedish, english, ...more] = reports();
  expect(mailbox.mails.map(({ subject }) => subject)).toEqual([
    'Testbolaget AB: Uppgraderingen är godkänd',
    ...['The upgrade is approved', 'The upgrade is approved'],
    'Testbolaget AB: Uppgraderingen är godkänd',
  ]);
  expect(more).toEqual([english, swedish]);
  expect(mailbox.mails[1]!.attachments[0]).toMatchObject({
    ...{ filename: `upgrade-report-${agreement}-1-v1.pdf`, contentType: 'application/pdf' },
  });
  expect(mailbox.mails[1]!.text).toContain('The report is enclosed');
  expect(mailbox.mails[0]!.text).not.toContain('upgradePhaseCompleted');
  const [page = ''] = readPdf(english!).pages;
  expect(page).toContain('Approved by Karin Ek, 15 Jun 2027');

  expect(await listReports(database.db, agreement)).toEqual([
    expect.objectContaining({
      ofYear: 1,
      version: 1,
      language: 'sv',
      sha256: sha256(swedish!),
      intact: true,
    }),
    expect.objectContaining({ language: 'en', sha256: sha256(english!), size: english!.length }),
  ]);
  const one = { ofYear: 1, version: 1, language: 'en' } as const;
  expect((await readReport(database.db, agreement, one))?.content).toEqual(english);
  expect(await readReport(database.db, 'another-2027', one)).toBeUndefined();
});

it('is made anew when the last phase is closed, with what was done since', async () => {
  await untilApproval();
  await send(news());
  await record(1, [told('08-10', 'after-check', 'check', '1'), closed('08-10', 'after-check')]);
  const end = { obligation: 'upgrade/after-check', step: 'news-completed-9', asOf: at('08-10') };
  await send(news({ ...end, roles: ['management'], news: { kind: 'completed' } }));
  const mail = mailbox.mails.at(-1)!;
  expect(mail.subject).toBe('The upgrade is complete');
  expect(readPdf(mail.attachments[0]!.content).pages[0]).toMatch(
    /Version 2, .* takes the place of version 1/,
  );
  expect((await listReports(database.db, agreement)).map(({ version }) => version)).toEqual([1, 1, 2, 2]);
});

it('is not changed, told as damaged if it was, and forgotten with statements of its age', async () => {
  const { db } = database;
  const thisYear = new Date().getUTCFullYear();
  const keep = (step: string, asOf: string) =>
    keepReport(
      db,
      { ...{ agreement, ofYear: 1, year: 1, obligation: 'upgrade/approval', revision: 1 }, step, asOf },
      { language: 'sv', languages: [] },
      (version) => Promise.resolve(Buffer.from(`version ${version}`)),
    );
  await keep('a', `${thisYear - 8}-12-31T12:00:00Z`);
  await keep('b', `${thisYear - 7}-01-02T12:00:00Z`);
  for (const sql of [`update upgrade_reports set content = 'x'`, 'delete from upgrade_reports'])
    await expect(db.query(sql)).rejects.toThrow('of upgrade_reports is refused');
  await forgetStatements(db);
  expect(await listReports(db, agreement)).toMatchObject([{ version: 2, intact: true }]);
  await db.transaction(async (tx) => {
    await tx.query('set local session_replication_role = replica');
    await tx.query(`update upgrade_reports set content = 'forged'`);
  });
  expect(await listReports(db, agreement)).toMatchObject([{ intact: false }]);
  const [one] = await listReports(db, agreement);
  await expect(readReport(db, agreement, one!)).rejects.toThrow(/expected sha256 .*, found /);
});
