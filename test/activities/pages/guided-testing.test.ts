/** What is kept of guided testing: testers, what was said of cases, and the links that mails bring. */
import type { SendNoticeInput } from '../../../activities/mail/notice';
import {
  findTester,
  inviteTester,
  listTesters,
  removeTester,
  testerNames,
} from '../../../activities/agreements/testers';
import type { PageLink } from '../../../activities/pages/links';
import { findHolder } from '../../../activities/pages/holder';
import { issueLinks, readPageLink } from '../../../activities/pages/links';
import { readTestPage } from '../../../activities/pages/test';
import { readThreads } from '../../../activities/pages/test-thread';
import { testFindings } from '../../../activities/years/test-findings';
import type { Mailbox } from '../../helpers/mailbox';
import { openMailbox } from '../../helpers/mailbox';
import type { FreshDatabase } from '../../helpers/stack';
import { freshDatabase } from '../../helpers/stack';
import { mailActivities, notice, signAndPlan } from '../signed-agreement';

const agreement = 'testbolaget-2027';
const at = '2027-05-10T09:00:00.000Z';
const key = 'a key of the tests, longer than 32 characters';
let database: FreshDatabase;
let mailbox: Mailbox;

beforeAll(async () => {
  [database, mailbox] = await Promise.all([freshDatabase(), openMailbox()]);
  await signAndPlan(database.db);
});
afterAll(() => Promise.all([database.close(), mailbox.close()]));

const eva = {
  ...{ name: 'Eva Åkesson', email: 'eva@testbolaget.example.com', language: 'sv' as const },
  ...{ processes: ['vat'], invitedBy: 'contact-2', at },
};

describe('testers', () => {
  it('are one for each address, also if invited at the same moment, and no number is used again', async () => {
    const { db } = database;
    const both = await Promise.all(
      [eva, { ...eva, email: 'EVA@testbolaget.example.com' }].map((one) =>
        db.transaction((tx) => inviteTester(tx, agreement, 1, one)),
      ),
    );
    expect(both.map(({ tester, isNew }) => [tester.id, isNew]).sort()).toEqual([
      ['tester-1', false],
      ['tester-1', true],
    ]);
    expect(await removeTester(db, agreement, { id: 'tester-1', at })).toBe(true);
    expect(await removeTester(db, agreement, { id: 'tester-1', at })).toBe(false);
    expect(await findTester(db, agreement, 'tester-1')).toBeUndefined();
    const again = await db.transaction((tx) => inviteTester(tx, agreement, 1, eva));
    expect(again).toMatchObject({ isNew: true, tester: { id: 'tester-2', processes: ['vat'] } });
    expect(await listTesters(db, agreement, 1)).toHaveLength(1);
    // What somebody said keeps their name.
    expect(Object.keys(await testerNames(db, agreement))).toEqual(['tester-1', 'tester-2']);
  });

  it('are given the cases of their processes, and nobody else’s names', async () => {
    const about = { ofYear: 1, link: null };
    const all = await readTestPage(database.db, agreement, { ...about, contact: 'contact-2' });
    const theirs = await readTestPage(database.db, agreement, { ...about, contact: 'tester-2' });
    expect(all?.cases.length).toBeGreaterThan(10);
    expect(all?.testers.map(({ id }) => id)).toEqual(['tester-2']);
    expect(theirs?.cases.map(({ id }) => id)).toEqual(['vat.1']);
    expect(theirs?.testers).toEqual([]);
    expect(await readTestPage(database.db, agreement, { ...about, ofYear: 2, contact: 'contact-2' })).toBe(
      undefined,
    );
  });
});

describe('a contact who is invited to test', () => {
  const maria = { ...eva, name: 'Maria Strand', email: 'maria.strand@testbolaget.example.com' };
  const about = { ofYear: 1, link: null };

  it('stands in the list, sees the cases that are theirs, and none once removed', async () => {
    const { db } = database;
    const { tester } = await db.transaction((tx) => inviteTester(tx, agreement, 1, maria));
    const links = { key, url: (token: string) => token };
    const of = {
      agreement,
      contact: 'contact-3',
      recipient: maria.email,
      roles: [],
      language: 'sv' as const,
    };
    const expires = '2027-09-01T00:00:00.000Z';
    const [token] = await issueLinks(db, links, [
      { ...of, purpose: 'test', subject: 'upgrade/1', mail: 'm', issuedAt: at, expires },
    ]);
    const held = async () => (await findHolder(db, readPageLink(key, token!)!)).state;
    const seen = async (contact: string) => {
      const page = await readTestPage(db, agreement, { ...about, contact });
      return [page?.cases.length === 1, page?.testers.map(({ name }) => name)];
    };
    expect(await seen('contact-3')).toEqual([true, []]);
    // Who invites sees all, whoever has invited them.
    expect(await seen('contact-2')).toEqual([false, ['Eva Åkesson', 'Maria Strand']]);
    expect(await held()).toBe('good');
    await removeTester(db, agreement, { id: tester.id, at });
    expect(await held()).toBe('left');
    await db.transaction((tx) =>
      inviteTester(tx, agreement, 1, { ...maria, at: '2027-05-11T09:00:00.000Z' }),
    );
    expect(await held()).toBe('good');
    await removeTester(db, agreement, { id: 'tester-4', at });
  });
});

it('what is said of an upgrade that goes on past its year is told from the next one’s', async () => {
  const said = (id: number, year: number, ref: string, detail: object): Promise<unknown> =>
    database.db.query(
      `insert into events (id, agreement, year, at, kind, ref, detail) values ($1, $2, $3, $4, 'signal', $5, $6)`,
      [`${agreement}/${year}/${id}`, agreement, year, at, ref, JSON.stringify(detail)],
    );
  const carried = { obligation: 'upgrade-1/test', case: 'vat.1' };
  await said(9, 1, 'customerTested', {
    by: 'contact-1',
    case: 'vat.1',
    ok: false,
    note: 'a',
    pictures: ['p'],
  });
  await said(10, 1, 'customerTested', { by: 'contact-1', obligation: 'upgrade/test', tested: 'all' });
  await said(11, 1, 'customerTested', { by: 'contact-1', case: 'vat.1', obligation: 'upgrade-0/test' });
  await said(1, 2, 'testAnswered', { by: 'consultant', ...carried, note: 'b', retest: true });
  await said(2, 2, 'customerTested', { by: 'contact-1', ...carried, ok: true, notApplicable: true });
  await said(3, 2, 'customerTested', { by: 'contact-1', case: 'vat.1', ok: true });
  const first = await readThreads(database.db, agreement, { ofYear: 1, cases: ['vat.1', 'stock.1'] });
  expect(first.get('vat.1')).toEqual([
    { at, by: 'contact-1', kind: 'reported', ok: false, note: 'a', pictures: ['p'] },
    { at, by: 'contact-1', kind: 'reported', ok: true, pictures: [] },
    { at, by: 'consultant', kind: 'answered', note: 'b', retest: true, pictures: [] },
    { at, by: 'contact-1', kind: 'reported', ok: true, notApplicable: true, pictures: [] },
  ]);
  expect(first.get('stock.1')).toHaveLength(1);
  const second = await readThreads(database.db, agreement, { ofYear: 2, cases: ['vat.1'] });
  expect(second.get('vat.1')).toHaveLength(1);
  // What fails in the next year's own upgrade is no finding of the one before.
  await said(4, 2, 'customerTested', { by: 'contact-1', case: 'stock.1', ok: false });
  const found = await testFindings(database.db, agreement, 3);
  expect(found.map(({ year, process }) => [year, process])).toEqual([[1, 'vat']]);
});

describe('the session', () => {
  const session = { at: '2027-06-15T07:00:00.000Z', minutes: 120, place: 'Teams' };
  const tell = async (asOf: string, revision: number, about: Partial<SendNoticeInput>): Promise<void> => {
    mailbox.mails.length = 0;
    const input = {
      template: 'test-session',
      step: 'session',
      obligation: 'upgrade/test',
      asOf,
      revision,
    } as const;
    await mailActivities(database.db, mailbox.smtpUrl).sendNotice(
      notice({ roles: ['tester', 'system-owner'], ...input, ...about }),
    );
  };
  const entries = (): unknown[] =>
    mailbox.mails
      .map(({ to, subject, attachments }) => {
        const file = String(attachments.find(({ contentType }) => contentType === 'text/calendar')?.content);
        const field = (name: string): string | undefined =>
          new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(file)?.[1];
        const address = [to].flat()[0]?.text.replace(/.*<|>/g, '');
        return [
          address,
          subject?.split(':')[0],
          field('METHOD'),
          field('UID'),
          Number(field('SEQUENCE')),
          field('DTSTART'),
        ];
      })
      .sort();

  it('is an entry in the calendars of those who test, which moves and goes; who was not invited is not told that it is off', async () => {
    const uid = `${agreement}-1-test-session@serviceavtal`;
    const now = Date.parse('2027-06-01T07:00:00.000Z') / 1000 - 1_767_225_600;
    await tell('2027-06-01T07:00:00.000Z', 1, { session: { ...session, cancelled: true } });
    expect(mailbox.mails).toEqual([]);
    await tell('2027-06-01T07:00:00.000Z', 2, { session });
    const first = ['Inbjudan', 'REQUEST', uid, now - 1, '20270615T070000Z'];
    const theirs = entries() as [string][];
    expect(theirs.map(([, ...entry]) => entry)).toEqual([first, first]);
    expect(theirs.map(([address]) => address)).toContain(eva.email);
    await tell('2027-06-01T07:00:10.000Z', 3, { session: { ...session, at: '2027-06-16T07:00:00.000Z' } });
    expect(entries()).toEqual(
      theirs.map(([address]) => [address, 'Ny tid', 'REQUEST', uid, now + 9, '20270616T070000Z']),
    );
    await tell('2027-06-01T07:00:20.000Z', 4, { session: { ...session, cancelled: true } });
    expect(entries()).toEqual(
      theirs.map(([address]) => [address, 'Inställd', 'CANCEL', uid, now + 19, '20270615T070000Z']),
    );
    await tell('2027-06-01T07:00:30.000Z', 5, { session: { ...session, cancelled: true } });
    expect(mailbox.mails).toEqual([]);
  });

  it('goes to the consultant as a file, and is told by the mails of its phase', async () => {
    await tell('2027-06-01T08:00:00.000Z', 6, { session, to: 'consultant', step: 'session-consultant' });
    expect(String(mailbox.mails[0]?.attachments[0]?.content)).toContain('METHOD:PUBLISH');
    const opens: Partial<SendNoticeInput> = {
      template: 'upgrade-test',
      step: 'start',
      roles: ['system-owner'],
    };
    await tell('2027-06-01T08:00:00.000Z', 7, opens);
    expect(mailbox.mails[0]?.text).toContain('bokar en tid för genomgången');
    await database.db.query(
      `insert into upgrade_parts (agreement, year, upgrade, phase, part, kind, ok, moment, note, at)
       values ($1, 1, 'upgrade', 'test', 'booked', 'booked', true, $2, 'Teams', $3)`,
      [agreement, session.at, at],
    );
    await tell('2027-06-01T08:00:00.000Z', 8, opens);
    expect(mailbox.mails[0]?.text).toContain('Genomgången är tisdag 15 juni 2027 kl. 09:00, Teams');
    await tell('2027-06-01T08:00:00.000Z', 9, { ...opens, step: 'start-consultant', to: 'consultant' });
    expect(mailbox.mails[0]?.text).toContain('"session":"2027-06-15"');
  });
});

it('the mail of a test that opens again says what it is about, and not how testing is done', async () => {
  mailbox.mails.length = 0;
  const about = {
    template: 'upgrade-test',
    step: 'start',
    obligation: 'upgrade/test',
    revision: 20,
  } as const;
  await mailActivities(database.db, mailbox.smtpUrl).sendNotice(
    notice({ roles: ['system-owner'], asOf: at, ...about, reopened: ['vat.1'] }),
  );
  const [mail] = mailbox.mails;
  expect(mail?.subject).toBe('Testet är öppet igen: Ta fram momsrapporten för förra perioden');
  expect(mail?.text).toContain('Ta fram momsrapporten för förra perioden: a');
  expect(mail?.text).not.toContain('SÅ GÅR DET TILL');
});

describe('mails', () => {
  const linked = async (about: Partial<SendNoticeInput>): Promise<Partial<PageLink> | undefined> => {
    mailbox.mails.length = 0;
    const url = (token: string): string => `http://pages.example/pages/${token}`;
    await mailActivities(database.db, mailbox.smtpUrl, { pageLinks: { key, url } }).sendNotice(
      notice({ roles: ['system-owner'], asOf: at, ...about }),
    );
    const { text = '' } = mailbox.mails[0] ?? {};
    const token = /http:\/\/pages\.example\/pages\/(\S+)/.exec(text)?.[1];
    return token === undefined ? undefined : readPageLink(key, token);
  };
  const test = { obligation: 'upgrade/test', step: 'start', to: 'customer' } as const;

  it.each<[string, Partial<SendNoticeInput>, Partial<PageLink>]>([
    ['upgrade-test', { ...test, template: 'upgrade-test' }, { purpose: 'test', contact: 'contact-2' }],
    [
      'test-invitation',
      { ...test, template: 'test-invitation', step: 'invite-tester-2', only: 'tester-2' },
      { purpose: 'test', contact: 'tester-2' },
    ],
    [
      'test-invitation of a contact',
      {
        ...test,
        template: 'test-invitation',
        step: 'invite-contact-3',
        only: 'contact-3',
        roles: ['finance'],
      },
      { purpose: 'test', contact: 'contact-3' },
    ],
    [
      'upgrade-approval',
      { ...test, template: 'upgrade-approval', obligation: 'upgrade/approval' },
      { purpose: 'approval', contact: 'contact-2' },
    ],
    [
      'upgrade-approval where the terms tell nobody who may approve',
      {
        ...test,
        template: 'upgrade-approval',
        obligation: 'upgrade/approval',
        roles: ['finance'],
        revision: 2,
      },
      { purpose: 'approval', contact: 'contact-1' },
    ],
    [
      'its reminder',
      {
        ...test,
        template: 'step-reminder',
        step: 'remind',
        obligation: 'upgrade/approval',
        roles: ['finance'],
        revision: 2,
      },
      { purpose: 'approval', contact: 'contact-1' },
    ],
  ])('%s links the page that it is about, for its reader', async (_template, about, link) => {
    expect(await linked(about)).toMatchObject({ agreement, subject: 'upgrade/1', ...link });
  });

  it('the reminder of an approval that the rules call something else goes to who may approve', async () => {
    await database.db.query(
      `update plans set plan = replace(replace(plan::text, '"id": "approval"', '"id": "sign-off"'), 'upgrade/approval', 'upgrade/sign-off')::jsonb`,
    );
    const reminder = { template: 'step-reminder', step: 'remind', obligation: 'upgrade/sign-off' } as const;
    expect(await linked({ ...test, ...reminder, roles: ['finance'], revision: 2 })).toMatchObject({
      purpose: 'approval',
      contact: 'contact-1',
    });
  });
});
