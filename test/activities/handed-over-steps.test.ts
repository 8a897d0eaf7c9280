/** The customer's test, while the contacts who are to make it change: who is told what, by the ledger of mails. */
import { applyContractChange, storeContractChange } from '../../activities/agreements/agreements';
import type { SendNoticeInput } from '../../activities/mail/notice';
import type { Contract, CustomerContact } from '../../rules/engine/contract/contract';
import { exampleContract } from '../helpers/example';
import type { Mailbox } from '../helpers/mailbox';
import { openMailbox } from '../helpers/mailbox';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase } from '../helpers/stack';
import { mailActivities, notice, signAndPlan } from './signed-agreement';

const tester = (name: string): CustomerContact => ({
  name: `${name} Test`,
  email: `${name.toLowerCase()}@testbolaget.example.com`,
  roles: ['tester'],
});
const [anna, bo, eva] = ['Anna', 'Bo', 'Eva'].map(tester) as [
  CustomerContact,
  CustomerContact,
  CustomerContact,
];

let database: FreshDatabase;
let mailbox: Mailbox;
let changes = 0;
let minutes = 0;

/** Sends a mail about the test to the testers, and gives who got it. */
async function sendToAll(changed: Partial<SendNoticeInput>): Promise<(string | undefined)[]> {
  const before = mailbox.mails.length;
  const asOf = new Date(Date.parse('2027-06-14T06:30:00.000Z') + 60_000 * ++minutes).toISOString();
  const opening = { template: 'upgrade-test', step: 'start' } as const;
  const input = notice({ obligation: 'upgrade/test', revision: 1, asOf, roles: ['tester'], ...opening });
  await mailActivities(database.db, mailbox.smtpUrl).sendNotice({ ...input, ...changed });
  return mailbox.mails.slice(before).map(({ to }) => [to].flat()[0]?.value[0]?.address);
}

const left = (plan: number): Partial<SendNoticeInput> => ({
  template: 'step-handed-over',
  step: `left-${plan}`,
  change: 'left',
});
const came = (plan: number): Partial<SendNoticeInput> => ({ step: `start-${plan}`, change: 'came' });
const reminder = { template: 'step-reminder', step: 'remind' } as const;

/** Has others make the test from now on. */
async function become(testers: CustomerContact[], language: 'sv' | 'en' = 'sv'): Promise<void> {
  const { db } = database;
  const [row] = await db.query<{ contract: Contract }>('select contract from agreements');
  const { contacts, customer } = row!.contract;
  const others = contacts.customer.filter(({ roles }) => !roles.includes('tester'));
  const changed = {
    ...row!.contract,
    customer: { ...customer, language },
    contacts: { ...contacts, customer: [...others, ...testers] },
  };
  await storeContractChange(db, changed.agreement, changed, '2027-06-14', '2027-06-14T06:30:00.000Z');
  await applyContractChange(db, ++changes);
}

beforeEach(async () => {
  changes = 0;
  [database, mailbox] = await Promise.all([freshDatabase(), openMailbox()]);
  const { contacts } = exampleContract();
  const others = contacts.customer.filter(({ roles }) => !roles.includes('tester'));
  await signAndPlan(database.db, { contacts: { ...contacts, customer: [...others, anna, bo] } });
  expect(await sendToAll({})).toEqual([anna.email, bo.email]);
});

afterEach(async () => {
  await Promise.all([database.close(), mailbox.close()]);
});

it('who leaves is told so, who comes gets the instructions, who stays gets neither, each once', async () => {
  await become([bo, eva]);
  expect(await sendToAll(left(2))).toEqual([anna.email]);
  expect(await sendToAll(left(2))).toEqual([]);
  expect(await sendToAll(came(2))).toEqual([eva.email]);
  expect(await sendToAll(came(2))).toEqual([]);
  expect(await sendToAll(left(3))).toEqual([]);
  expect(await sendToAll(came(3))).toEqual([]);
  expect(await sendToAll(reminder)).toEqual([bo.email, eva.email]);
});

it('who comes back gets the instructions again, and is told again on leaving', async () => {
  await become([bo]);
  expect(await sendToAll(left(2))).toEqual([anna.email]);
  await become([bo, anna]);
  expect([await sendToAll(left(3)), await sendToAll(came(3))]).toEqual([[], [anna.email]]);
  await become([bo]);
  expect([await sendToAll(left(4)), await sendToAll(came(4))]).toEqual([[anna.email], []]);
});

it('who stays a contact without that role is told as well', async () => {
  await become([{ ...anna, roles: ['finance'] }, bo]);
  expect(await sendToAll(left(2))).toEqual([anna.email]);
});

it('whom the instructions never reached is told nothing', async () => {
  await database.db.query(`update mails set state = 'refused' where recipient = $1`, [anna.email]);
  await become([bo, eva]);
  expect(await sendToAll(left(2))).toEqual([]);
});

it.each([
  ['sv', 'Du behöver inte längre testa uppgraderingen', 'Hej Anna!', 'Det behöver du inte längre göra'],
  ['en', 'You need not test the upgrade any more', 'Anna', 'You need not do that any more'],
] as const)('says so in words: %s', async (language, subject, greeting, words) => {
  await become([bo, eva], language);
  await sendToAll(left(2));
  const mail = mailbox.mails.at(-1)!;
  expect(mail.subject).toBe(subject);
  expect(mail.text).toContain(greeting);
  expect(mail.text).toContain(words);
});
