import { createHoursActivities } from '../../activities/hours/hours';
import { readHours } from '../../activities/hours/facts';
import { listDecisions } from '../../activities/agreements/decisions';
import { readTransactions } from '../../activities/hours/postings';
import { repeatDecision } from '../../activities/hours/repeat-decision';
import type { ReportedEntry } from '../../activities/hours/ledger';
import type { SendNoticeInput } from '../../activities/mail/notice';
import { sum } from '../../rules/engine/basics/sum';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase } from '../helpers/stack';
import type { Mailbox } from '../helpers/mailbox';
import { openMailbox } from '../helpers/mailbox';
import { besides, mailActivities, notice, signAndPlan } from './signed-agreement';

let database: FreshDatabase;
let mailbox: Mailbox;

beforeEach(async () => {
  [database, mailbox] = await Promise.all([freshDatabase(), openMailbox()]);
  await signAndPlan(database.db);
});

afterEach(async () => {
  await Promise.all([database.close(), mailbox.close()]);
});

const agreement = 'testbolaget-2027';
const hour = 3600;
const hours = () => createHoursActivities(database);
let entries = 0;
const report = (said: Partial<ReportedEntry>) =>
  hours().reportHours({
    agreement,
    year: 1,
    entries: [
      {
        ...{ entryId: `told-${++entries}`, by: 'anna', byAssumed: false, confirmed: true },
        ...{ asOf: '2027-03-01T09:00:00.000Z' },
        ...said,
      },
    ],
  });
const send = (changed: Partial<SendNoticeInput>) =>
  mailActivities(database.db, mailbox.smtpUrl).sendNotice(notice({ roles: ['management'], ...changed }));
const texts = (): string[] => mailbox.mails.map(({ text = '' }) => text.replaceAll('\u00a0', ' '));
const end = { agreement, year: 1, ended: true, asOf: '2027-05-31T22:00:00.000Z' };

describe('the warning of hours that expire with the year', () => {
  const warn = () =>
    send({
      template: 'hours-expiry',
      obligation: 'hours/expiry',
      step: 'send',
      asOf: '2027-11-02T07:30:00.000Z',
    });

  it('says how many expire, how many follow, and until when they can be used', async () => {
    await report({ seconds: 90 * hour });
    await warn();
    const [text] = texts();
    expect(text).toContain('6 timmar i er timbank upphör då om de inte används');
    expect(text).toContain('Utöver dem följer 24 timmar med till nästa avtalsår');
    expect(text).toContain('senast fredag 31 december 2027');
    expect(mailbox.mails[0]?.subject?.replaceAll('\u00a0', ' ')).toBe('6 timmar upphör 1 jan 2028');
  });

  it('is not sent where nothing would expire', async () => {
    await report({ seconds: 96 * hour });
    await warn();
    expect(mailbox.mails).toEqual([]);
  });
});

describe('hours that somebody gives', () => {
  const gives = { kind: 'goodwill', months: 3 } as const;
  const said = { gives, seconds: 6 * hour, approvedBy: 'maria', note: 'our late correction' };

  it('are told to the customer once, with their last day, and warned of before that', async () => {
    const { given } = await report(said);
    expect(given).toEqual([{ number: 1, warnAt: '2027-04-02T06:30:00.000Z' }]);
    const tell = {
      template: 'hours-given',
      obligation: 'hours/given-1',
      step: 'given',
      revision: 1,
    } as const;
    await send({ ...tell, asOf: '2027-03-01T09:05:00.000Z' });
    await send({ ...tell, asOf: '2027-03-01T09:05:00.000Z' });
    await send({ ...tell, template: 'hours-expiry', step: 'expiry', asOf: given![0]!.warnAt! });
    expect(texts()).toHaveLength(2);
    expect(texts()[0]).toContain('Vi bjuder er på 6 timmar');
    expect(texts()[0]).toContain('till och med måndag 31 maj 2027');
    expect(texts()[1]).toContain('6 timmar som vi har bjudit er på upphör tisdag 1 juni 2027');
  });

  it('are not told once they are taken back', async () => {
    await report(said);
    await report({ undoes: { number: 1 } });
    await send({ template: 'hours-given', obligation: 'hours/given-1', step: 'given' });
    expect(mailbox.mails).toEqual([]);
  });
});

describe('an agreement that ends early', () => {
  const ours = { endedBy: 'us', cause: 'notice' } as const;

  it('is told at once, with the hours left, the last day and what is paid back', async () => {
    await report({ seconds: 20 * hour });
    const ends = {
      template: 'agreement-ends',
      obligation: 'agreement',
      asOf: '2027-03-02T09:00:00.000Z',
    } as const;
    await send({ ...ends, step: 'ends-1', ending: { on: '2027-05-31', reason: 'x', ...ours } });
    await send({ ...ends, step: 'ends-2', ending: { on: '2027-05-31', reason: 'kunden har sagt upp' } });
    await send({ ...ends, step: 'ends-3', to: 'manager', ending: { on: '2027-05-31', reason: 'flyttar' } });
    await send({ ...ends, step: 'ends-not-3', ending: 'taken-back' });
    const [refund, forfeit, manager, back] = texts();
    expect(refund).toContain('Sista dagen är måndag 31 maj 2027');
    expect(refund).toContain('Används inga fler återbetalas 100 timmar, 123 250,00 kr exkl. moms');
    expect(forfeit).toContain('100 timmar kvar');
    expect(forfeit).toContain('Det som inte har använts då upphör, enligt avtalet');
    expect(forfeit).not.toContain('sagt upp.');
    expect(manager).toContain('Angivet skäl: flyttar');
    expect(back).toContain('avtalet fortsätter som vanligt');
  });

  it('pays back unused hours once, however often and by whomever it is closed', async () => {
    await report({ seconds: 20 * hour });
    await report({ seconds: 4 * hour, gives: { kind: 'purchased', months: 12, priceMinor: 100_000 } });
    const closes = await besides(database.databaseUrl, (other) =>
      Promise.all([
        hours().closeHours({ ...end, ending: ours }),
        createHoursActivities({ db: other }).closeHours({ ...end, ending: ours }),
      ]),
    );
    const again = await hours().closeHours({ ...end, ending: { endedBy: 'customer', cause: 'notice' } });
    for (const close of [...closes, again])
      expect(close).toMatchObject({ refunded: 10_400, refundMinor: 12_725_000, rolledOut: 0, expired: 0 });
    const posted = await readTransactions(database.db, agreement);
    const back = posted.flatMap(({ postings }) => postings.filter(({ account }) => account === 'refunded'));
    expect([sum(back.map((one) => one.seconds)), sum(back.map((one) => one.minor))]).toEqual([
      104 * hour,
      12_725_000,
    ]);
    const decided = (await listDecisions(database.db, agreement)).find(({ key }) => key === 'rollover')!;
    expect(decided.facts).toMatchObject({ end: { ...ours, unused: 'refund' } });
    expect(await repeatDecision(database.db, agreement, decided)).toEqual([]);
  });

  it('lets unused hours expire after the ordinary notice of the customer', async () => {
    const close = await hours().closeHours({ ...end, ending: { endedBy: 'customer', cause: 'notice' } });
    expect(close).toMatchObject({ expired: 12_000, rolledOut: 0 });
    expect(close).not.toHaveProperty('refunded');
  });

  it('has a final statement that tells of its end, what is paid back, and what a late correction changes', async () => {
    await report({ seconds: 20 * hour, ref: 'a' });
    await hours().closeHours({ ...end, ending: ours });
    const statement = {
      template: 'hour-statement',
      obligation: 'close',
      asOf: '2027-06-04T07:00:00.000Z',
    } as const;
    await send({ ...statement, step: 'statement' });
    expect(texts()[0]).toContain('Avtalet upphörde måndag 31 maj 2027.');
    expect(texts()[0]).not.toContain('Avtalsår 1 är slut');
    // The picture ends with the agreement.
    expect(texts()[0]).toContain('- maj 2027: använt 0:00, kvar 100:00');
    expect(texts()[0]).not.toContain('- juni 2027');
    expect(texts()[0]).toContain('Återbetalas: 100:00 (123 250,00 kr exkl. moms)');
    await report({ seconds: 10 * hour, corrects: { ref: 'a' }, asOf: '2027-06-08T09:00:00.000Z' });
    const facts = await readHours(database.db, agreement);
    expect(facts.ends[1]).toMatchObject({ unused: 'refund' });
    await send({ ...statement, step: 'statement-corrected', revision: 2, asOf: '2027-06-08T09:05:00.000Z' });
    expect(texts()[1]).toContain('Återbetalas: 110:00 (135 575,00 kr exkl. moms)');
  });

  it('shows what was used beyond the instalments, and that a manager decides', async () => {
    await database.db.query(`update plans set terms = jsonb_set(terms, '{invoicing,instalments}', '4')`);
    await report({ seconds: 70 * hour });
    await hours().closeHours({ ...end, ending: { endedBy: 'customer', cause: 'notice' } });
    const summary = {
      template: 'year-summary',
      obligation: 'close',
      asOf: '2027-06-04T07:00:00.000Z',
    } as const;
    await send({ ...summary, step: 'summary-manager', to: 'manager' });
    expect(texts()[0]).toContain(
      '10 timmar har använts utöver de delbetalningar som förfallit, 12 325,00 kr exkl. moms',
    );
    expect(texts()[0]).toContain('bestäm och berätta för kunden');
  });
});

test('the notice of renewal proposes the level that this year speaks for, with what it costs either way', async () => {
  await report({ seconds: 60 * hour });
  await send({ template: 'renewal-notice', obligation: 'renewal/notice', asOf: '2027-07-01T07:00:00.000Z' });
  expect(texts()[0]).toContain('omkring 121 timmar på året, och en lagom nivå vore 130 timmar');
  expect(texts()[0]).toContain('160 225,00 kr i stället för 147 900,00 kr per år, exkl. moms');
});
