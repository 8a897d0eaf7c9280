/** Hours beyond the hour bank on PostgreSQL and by mail: who is asked, what an order covers, and what a year's end makes of it. */
import { burn, hoursOfYear, readHours } from '../../activities/hours/facts';
import { createHoursActivities } from '../../activities/hours/hours';
import type { ReportedEntry } from '../../activities/hours/ledger';
import { statementLines } from '../../activities/hours/lines';
import { readTransactions } from '../../activities/hours/postings';
import type { SendNoticeInput } from '../../activities/mail/notice';
import { createTermsActivities } from '../../activities/years/terms';
import type { Account } from '../../rules/engine/hours/postings';
import { sum } from '../../rules/engine/basics/sum';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase } from '../helpers/stack';
import type { Mailbox } from '../helpers/mailbox';
import { openMailbox } from '../helpers/mailbox';
import { mailActivities, notice, signAndPlanUnder } from './signed-agreement';

let database: FreshDatabase;
let mailbox: Mailbox;

beforeEach(async () => {
  [database, mailbox] = await Promise.all([freshDatabase(), openMailbox()]);
});

afterEach(async () => {
  await Promise.all([database.close(), mailbox.close()]);
});

const agreement = 'testbolaget-2027';
const hour = 3600;
const plan = (hourBank: Record<string, unknown> = {}) => signAndPlanUnder(database.db, { hourBank });
let entries = 0;
const report = (on: string, said: Partial<ReportedEntry>, year = 1) =>
  createHoursActivities(database).reportHours({
    agreement,
    year,
    entries: [
      {
        ...{ entryId: `ordered-${++entries}`, by: 'anna', byAssumed: false, confirmed: true },
        ...{ asOf: `${on}T09:00:00.000Z` },
        ...said,
      },
    ],
  });
const facts = () => readHours(database.db, agreement);
const send = (changed: Partial<SendNoticeInput>) =>
  mailActivities(database.db, mailbox.smtpUrl).sendNotice(
    notice({ obligation: 'hours/order', revision: 1, asOf: '2027-10-11T08:00:00.000Z', ...changed }),
  );
const texts = (): string[] => mailbox.mails.map(({ text = '' }) => text.replaceAll('\u00a0', ' '));
/** What stands on an account, in seconds and minor units. */
const standing = async (account: Account): Promise<[number, number]> => {
  const postings = (await readTransactions(database.db, agreement))
    .flatMap((one) => one.postings)
    .filter((one) => one.account === account);
  return [sum(postings.map(({ seconds }) => seconds)), sum(postings.map(({ minor }) => minor))];
};
/** Kinds of the lines about work beyond the bank, with their seconds. */
const beyond = async (on: string, year = 1) =>
  statementLines(await facts(), year, on)
    .filter(({ kind }) => /^beyond|^ahead/.test(kind))
    .map(({ kind, seconds }) => [kind, seconds / hour]);

it('waits, is asked about once with its price, and reminded of on the days that the terms say', async () => {
  await plan({
    overage: { price: 'discounted', ask: { remindWorkingDays: 2, decideWorkingDays: 4, validDays: 14 } },
    packages: [{ hours: 20, pricePerHour: 1190 }],
  });
  const { orders } = await report('2027-10-08', { seconds: 126 * hour });
  // Friday 8 October: remindWorkingDays is Tuesday, decideWorkingDays Thursday.
  expect(orders).toEqual({
    waits: 6 * hour,
    ...{ remindAt: '2027-10-12T06:30:00.000Z', decideAt: '2027-10-14T06:30:00.000Z' },
    placed: [],
  });
  expect(await standing('suspense')).toEqual([-6 * hour, -6 * 123_250]);
  await send({ template: 'overage-order', step: 'ask', to: 'customer', roles: ['management', 'finance'] });
  expect(texts()[0]).toContain(
    '6 timmar av vårt arbete sedan fredag 8 oktober 2027 ligger utöver er timbank',
  );
  expect(texts()[0]).toContain('7 395,00 kr exkl. moms');
  expect(texts()[0]).toContain('Köp ett timpaket: 20 timmar för 23 800,00 kr exkl. moms');
  await send({ template: 'overage-decision', step: 'decide', to: 'manager' });
  expect(texts().at(-1)).toContain('"decision":"waive"');
  // An order holds for validDays, to and with 25 October.
  await report('2027-10-11', { orders: { kind: 'order' }, seconds: 10 * hour, by: 'contact-1' });
  expect((await facts()).orders).toMatchObject([{ from: '2027-10-08', until: '2027-10-25' }]);
});

it('is in the final statement with a link to order it, for those who may, and with what an hour costs', async () => {
  await plan();
  await report('2027-12-08', { seconds: 126 * hour });
  await createHoursActivities(database).closeHours({
    ...{ agreement, year: 1, ended: false, asOf: '2027-12-31T23:00:00.000Z' },
  });
  const links = { key: 'k', url: (token: string) => `http://pages.example/pages/${token}` };
  await mailActivities(database.db, mailbox.smtpUrl, { pageLinks: links }).sendNotice(
    notice({
      ...{ template: 'hour-statement', obligation: 'close', step: 'statement', to: 'customer' },
      ...{ roles: ['management', 'system-owner'], asOf: '2028-01-10T08:00:00.000Z' },
    }),
  );
  const orders = await database.db.query<{ contact: string; roles: string[] }>(
    `select contact, roles from page_links where purpose = 'order' order by id`,
  );
  expect(orders).toEqual([{ contact: 'contact-1', roles: ['management', 'finance'] }]);
  expect(mailbox.mails).toHaveLength(2);
  expect(texts().filter((text) => text.includes('lösa på annat sätt, på en egen sida:\nhttp'))).toHaveLength(
    1,
  );
  expect(texts()[0]).toContain('kostar de sammanlagt 7 395,00 kr exkl. moms (1 232,50 kr per timme)');
});

it('that is approved in advance needs no order, month by month', async () => {
  await plan({ overage: { price: 'discounted', approvedUpTo: { hours: 4, amount: 100_000 } } });
  await report('2027-09-30', { seconds: 120 * hour });
  expect(await report('2027-10-08', { seconds: 6 * hour })).toMatchObject({ orders: { waits: 2 * hour } });
  expect(await report('2027-11-08', { seconds: 3 * hour })).toMatchObject({ orders: { waits: 2 * hour } });
  expect(await standing('overage')).toEqual([-7 * hour, -7 * 123_250]);
  expect(await beyond('2027-12-01')).toEqual([
    ['beyondApproved', 4],
    ['beyond', 2],
    ['beyondApproved', 3],
  ]);
});

it('is charged once it is ordered, up to the cap; a taken back order waits again', async () => {
  await plan();
  await report('2027-10-08', { seconds: 126 * hour });
  const { orders } = await report('2027-10-11', {
    ...{ orders: { kind: 'order', until: '2027-12-31' }, seconds: 8 * hour },
    ...{ by: 'contact-1', ref: 'page-1' },
  });
  expect(orders).toMatchObject({ waits: 0, placed: [{ number: 2, kind: 'order' }] });
  await send({ template: 'overage-ordered', obligation: 'hours/order-2', step: 'confirmed', to: 'customer' });
  expect(texts()[0]).toContain('upp till 8 timmar utöver timbanken');
  expect(texts()[0]).toContain('högst 9 860,00 kr exkl. moms');
  expect(await report('2027-10-12', { seconds: 3 * hour })).toMatchObject({ orders: { waits: hour } });
  expect([await standing('overage'), await standing('suspense')]).toEqual([
    [-8 * hour, -8 * 123_250],
    [-hour, -123_250],
  ]);
  // Sent twice by the page it is one order; other hours under its `ref` are none.
  const again = { orders: { kind: 'order', until: '2027-12-31' }, by: 'contact-1', ref: 'page-1' } as const;
  expect(await report('2027-10-12', { ...again, seconds: 8 * hour })).toMatchObject({
    repeats: [{ number: 2 }],
  });
  expect(await report('2027-10-12', { ...again, seconds: 9 * hour })).toMatchObject({
    conflicts: [{ number: 2 }],
  });
  expect(await report('2027-10-13', { undoes: { number: 2 } })).toMatchObject({
    orders: { waits: 9 * hour },
  });
  const ask = { template: 'overage-order', step: 'ask', to: 'customer' } as const;
  await send({ ...ask, asOf: '2027-10-14T08:00:00.000Z' });
  expect(texts().at(-1)).toContain('9 timmar av vårt arbete');
});

it('that a manager waives costs nothing, and is told', async () => {
  await plan();
  await report('2027-10-08', { seconds: 126 * hour });
  const waived = {
    orders: { kind: 'waive' },
    seconds: 6 * hour,
    approvedBy: 'mats',
    note: 'vår miss',
  } as const;
  expect(await report('2027-10-25', waived)).toMatchObject({ orders: { waits: 0 } });
  expect([await standing('waived'), await standing('overage'), await standing('suspense')]).toEqual([
    [-6 * hour, -6 * 123_250],
    [0, 0],
    [0, 0],
  ]);
  expect(await beyond('2027-12-01')).toEqual([['beyondWaived', 6]]);
  await send({ template: 'overage-order', step: 'remind', to: 'customer' });
  expect(mailbox.mails).toEqual([]);
});

it('that a manager charges names who ordered it; who decided only where it is the manager of the agreement', async () => {
  await plan();
  await report('2027-10-08', { seconds: 126 * hour });
  const orders = { kind: 'charge', orderedBy: 'contact-1', orderedOn: '2027-10-04' } as const;
  await report('2027-10-25', { orders, seconds: 2 * hour, approvedBy: 'erik', note: 'x' });
  await report('2027-10-25', { orders, seconds: hour, approvedBy: '<b>X</b>', note: '<i>internt</i>' });
  for (const number of [2, 3])
    await send({
      ...{
        template: 'overage-ordered',
        obligation: `hours/order-${number}`,
        step: 'confirmed',
        to: 'customer',
      },
    });
  const ordered = 'Vi utgår från att Karin Ek beställde arbetet måndag 4 oktober 2027.';
  expect(texts()[0]).toContain(`Erik Holm bestämde det måndag 25 oktober 2027. ${ordered}`);
  expect(texts().at(-1)).toContain(`Vi bestämde det måndag 25 oktober 2027. ${ordered}`);
  expect(texts().at(-1)).not.toMatch(/<|X|internt/);
});

describe('across the end of a year', () => {
  const close = async (ended = false) => {
    await createHoursActivities(database).closeHours({
      ...{ agreement, year: 1, ended, asOf: '2027-12-31T23:00:00.000Z' },
      ...(ended && { ending: { endedBy: 'us', cause: 'notice' } }),
    });
    if (!ended)
      await createTermsActivities(database).planAgreementYear({
        ...{ agreement, asOf: '2027-12-31T23:00:00.000Z', revision: 1, year: 2 },
      });
  };

  it('hours taken from the next year are fewer there, and what rolls over stays by the contracted hours', async () => {
    await plan();
    await report('2027-12-08', { seconds: 126 * hour });
    const ahead = {
      orders: { kind: 'ahead', until: '2027-12-31' },
      seconds: 6 * hour,
      by: 'contact-1',
    } as const;
    expect(await report('2027-12-09', ahead)).toMatchObject({ orders: { waits: 0 } });
    await close();
    expect(hoursOfYear(await facts(), 2, '2028-03-01')).toMatchObject({
      contracted: 114 * hour,
      remaining: 114 * hour,
    });
    expect(await beyond('2028-03-01', 2)).toEqual([['ahead', -6]]);
    // Of 114 hours that nobody uses 24 roll: a fifth of the 120 of the contract.
    const { ends } = burn(await facts(), '2029-01-01');
    expect(ends.find(({ grant }) => grant === 'contracted-2')).toMatchObject({ rolled: 24 * hour });
    // Fewer are taken where the work becomes less.
    await report('2028-01-10', { corrects: { number: 1 }, seconds: 123 * hour, note: 'fel' }, 2);
    expect(hoursOfYear(await facts(), 2, '2028-03-01')).toMatchObject({ contracted: 117 * hour });
  });

  it('waits on in the next year, and can be ordered there', async () => {
    await plan();
    await report('2027-12-08', { seconds: 126 * hour });
    await close();
    expect(await report('2028-01-10', { seconds: hour }, 2)).toMatchObject({ orders: { waits: 6 * hour } });
    await report('2028-01-11', { orders: { kind: 'order', until: '2028-02-01' }, seconds: 6 * hour }, 2);
    expect(await standing('suspense')).toEqual([0, 0]);
  });

  it('nothing is taken from a year that does not come', async () => {
    await plan();
    await report('2027-12-08', { seconds: 126 * hour });
    await report('2027-12-09', { orders: { kind: 'ahead', until: '2027-12-31' }, seconds: 6 * hour });
    await close(true);
    expect(await beyond('2027-12-31')).toEqual([['beyond', 6]]);
  });
});
