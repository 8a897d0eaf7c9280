/** Two years in which the customer answers nothing: hours beyond the bank are asked about, reminded of, put to a manager, and never charged. */
import { readHours } from '../../activities/hours/facts';
import { readTransactions } from '../../activities/hours/postings';
import { sum } from '../../rules/engine/basics/sum';
import { exampleContract } from '../helpers/example';
import type { LiveYear } from '../helpers/live-year';
import { beginYear } from '../helpers/live-year';

const { agreement, contacts } = exampleContract();
const management = contacts.customer.find(({ roles }) => roles.includes('management'))!;

let year: LiveYear;
beforeAll(async () => {
  year = await beginYear({ years: 1 });
});
afterAll(() => year.finish());

/** Subjects of the mails to one address about hours that wait or were decided about, in order. */
const told = (email: string): string[] =>
  year.mailbox.mails
    .filter(
      ({ to, subject = '' }) => JSON.stringify(to).includes(email) && /utöver timbanken|rad 1/.test(subject),
    )
    .map(({ subject = '' }) => subject.replaceAll('\u00a0', ' '));
const codes = async (): Promise<string[]> => (await year.overview()).attention.map(({ code }) => code);
const onAccount = async (account: string): Promise<number> =>
  sum(
    (await readTransactions(year.db, agreement))
      .flatMap(({ postings }) => postings)
      .flatMap((one) => (one.account === account ? [one.seconds / 3600] : [])),
  );

it('a question about a line is answered to who asked, and its hours wait for nothing', async () => {
  await year.to('2027-10-04');
  await year.signal('hoursUsed', { hours: 2, note: 'layout', ref: 'a' });
  await year.signal('lineQuestioned', { entry: 1, question: 'Vad gjordes?', contact: 'contact-1', ref: 'q' });
  await year.wait(30);
  expect(await codes()).toContain('line-questioned');
  await year.signal('questionSettled', { entry: 1, answer: 'Layouten.' });
  await year.wait(30);
  expect(await codes()).not.toContain('line-questioned');
  expect(told(management.email)).toEqual([
    'Vi har fått er fråga om rad 1 i timbanken',
    'Svar på er fråga om rad 1 i timbanken',
  ]);
});

it('silence: asked, reminded, and put to the manager, who takes it up with the customer', async () => {
  await year.to('2027-10-08');
  await year.signal('hoursUsed', { hours: 124, confirm: true, ref: 'b' });
  await year.to('2027-10-25');
  const ask = '6 timmar utöver timbanken väntar på er beställning';
  expect(told(management.email).slice(2)).toEqual([ask, `Påminnelse: ${ask}`]);
  expect(told(contacts.manager.email)).toEqual([
    expect.stringContaining('har inte beställt 6 timmar utöver timbanken: avgör'),
  ]);
  await year.signal('overageDecided', { decision: 'discuss', approvedBy: 'mats', reason: 'ringer' });
  await year.to('2027-11-12');
  expect(told(management.email).slice(4)).toEqual([ask]);
  expect(told(contacts.manager.email)).toHaveLength(2);
  expect([await onAccount('suspense'), await onAccount('overage')]).toEqual([-6, 0]);
});

it('the year closes with it open, and a manager waives it in the next', async () => {
  await year.to('2028-01-12');
  expect(await codes()).toContain('overage-waits');
  expect([await onAccount('suspense'), await onAccount('overage')]).toEqual([-6, 0]);
  await year.signal('overageDecided', { decision: 'waive', approvedBy: 'mats', reason: 'vår miss' });
  await year.wait(30);
  expect(await codes()).not.toContain('overage-waits');
  expect([await onAccount('suspense'), await onAccount('waived')]).toEqual([0, -6]);
  expect(told(management.email).at(-1)).toBe('Timmar utöver timbanken debiteras inte');
  const { orders } = await readHours(year.db, agreement);
  expect(orders).toMatchObject([{ kind: 'waive', seconds: 6 * 3600 }]);
});
