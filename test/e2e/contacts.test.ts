/** Contacts change while something is under way: who was told of it hears how it goes on, who was not does not. */
import { completedPhase } from '../helpers/completed-phase';
import type { ParsedMail } from 'mailparser';
import { applyContractChange, storeContractChange } from '../../activities/agreements/agreements';
import type { Contract, CustomerContact } from '../../rules/engine/contract/contract';
import { exampleContract } from '../helpers/example';
import { calendarOf, calendarProblems, mailedEntries } from '../helpers/customer-calendar';
import type { LiveYear } from '../helpers/live-year';
import { beginYear } from '../helpers/live-year';

const { agreement, contacts } = exampleContract();
const [karin, johan] = contacts.customer.map(({ email }) => email) as [string, string];
const lars = 'lars.ny@testbolaget.example.com';
const ofCustomer = /@testbolaget\.example\.(com|net)$/;
const eva = 'eva.ny@testbolaget.example.com';

let year: LiveYear;

beforeAll(async () => {
  year = await beginYear();
});

afterAll(() => year.finish());

/** Changes the customer's contacts at once, as `change` does and as the dispatcher tells it. */
async function changeContacts(become: (contacts: CustomerContact[]) => CustomerContact[]): Promise<void> {
  await changeContract((contract) => ({
    ...contract,
    contacts: { ...contract.contacts, customer: become(contract.contacts.customer) },
  }));
}

async function changeContract(become: (contract: Contract) => Contract, more: object = {}): Promise<void> {
  const [row] = await year.db.query<{ contract: Contract }>('select contract from agreements');
  const now = await year.time.now();
  await storeContractChange(year.db, agreement, become(row!.contract), now.slice(0, 10), now);
  const [change] = await year.db.query<{ id: number }>('select max(id)::int as id from contract_changes');
  await applyContractChange(year.db, change!.id);
  await year.signal('contractChanged', { change: change!.id, ...more });
}

const replaced =
  (address: string, by: Omit<CustomerContact, 'roles'>) =>
  (all: CustomerContact[]): CustomerContact[] =>
    all.map((one) => (one.email === address ? { roles: one.roles, ...by } : one));

const addressOf = ({ to }: ParsedMail): string => [to ?? []].flat()[0]?.value[0]?.address ?? '';
/** Who got the calendar entries of a meeting, by what they ask for, in order. */
const told = (meeting: string): string[] =>
  mailedEntries(year.mailbox.mails)
    .filter(({ uid, to }) => uid === `${agreement}-1-${meeting}@serviceavtal` && ofCustomer.test(to))
    .filter(({ method }) => method !== 'PUBLISH')
    .map(({ method, to }) => `${method} ${to}`);
const inCalendar = (meeting: string, address: string): string | undefined =>
  calendarOf(mailedEntries(year.mailbox.mails), address).find(({ uid }) => uid.includes(`-${meeting}@`))
    ?.start;
const receivers = (obligation: string, step: string): string[] =>
  year.mails(obligation, step).map(addressOf).sort();

describe('a booked meeting, when somebody leaves the contract and somebody else comes', () => {
  it('is taken out of the calendar of who left, and put into that of who came', async () => {
    await year.to('2027-01-18');
    await year.signal('meetingBooked', { meeting: 1, on: '2027-02-18', at: '09:30', place: 'Storgatan 1' });
    await year.wait(6);
    expect(told('meeting-1').sort()).toEqual([`REQUEST ${johan}`, `REQUEST ${karin}`]);
    await year.to('2027-01-20');
    await changeContacts(replaced(johan, { name: 'Lars Ny', email: lars }));
    expect(told('meeting-1').slice(2)).toEqual([`CANCEL ${johan}`, `REQUEST ${lars}`]);
    expect([karin, johan, lars].map((one) => inCalendar('meeting-1', one))).toEqual([
      '2027-02-18T08:30:00.000Z',
      undefined,
      '2027-02-18T08:30:00.000Z',
    ]);
  });

  it('says so in words: who left is not told that the meeting is off, nor who came that it has moved', () => {
    const [left] = year.mails('meeting-1', 'cancel');
    expect(left!.subject).toBe(
      'Inte längre inbjuden: förvaltningsmöte 1, torsdag 18 februari 2027 kl. 09:30',
    );
    expect(left!.text).toContain('Hej Johan!');
    expect(left!.text).not.toContain('blir inte av');
    const came = year.mails('meeting-1', 'invite').find((mail) => addressOf(mail) === lars);
    expect(came!.subject).toBe('Inbjudan: förvaltningsmöte 1, torsdag 18 februari 2027 kl. 09:30');
  });

  it('moves for those who have the invitation, and is cancelled for them alone', async () => {
    await year.signal('meetingBooked', { meeting: 1, on: '2027-02-19', at: '13:00' });
    await year.wait(6);
    expect(told('meeting-1').slice(4).sort()).toEqual([`REQUEST ${karin}`, `REQUEST ${lars}`]);
    await year.to('2027-02-17');
    expect(receivers('meeting-1', 'agenda')).toEqual([karin, lars]);
    await year.signal('meetingCancelled', { meeting: 1 });
    await year.wait(6);
    expect(told('meeting-1').slice(6).sort()).toEqual([`CANCEL ${karin}`, `CANCEL ${lars}`]);
    expect([karin, johan, lars].map((one) => inCalendar('meeting-1', one))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(calendarProblems(mailedEntries(year.mailbox.mails))).toEqual([]);
  });

  it('is told to nobody where it is cancelled before anybody was invited', async () => {
    await year.signal('meetingBooked', { meeting: 1, on: '2027-03-02' });
    await year.wait(1);
    await changeContacts(replaced(lars, { name: 'Johan Lind', email: johan }));
    await year.signal('meetingCancelled', { meeting: 1 });
    await year.wait(10);
    expect(told('meeting-1')).toHaveLength(8);
  });

  it('is called off as it was told, where its move was not told yet', async () => {
    await year.signal('meetingBooked', { meeting: 1, on: '2027-03-04', at: '10:00' });
    await year.wait(6);
    await year.signal('meetingBooked', { meeting: 1, on: '2027-03-05', at: '14:00' });
    await year.signal('meetingCancelled', { meeting: 1 });
    await year.wait(6);
    const last = year.mails('meeting-1', 'cancel').slice(-2);
    expect(last.map(addressOf).sort()).toEqual([johan, karin]);
    expect(last.map(({ subject }) => subject)).toEqual(
      last.map(() => 'Inställt: förvaltningsmöte 1, torsdag 4 mars 2027 kl. 10:00'),
    );
  });

  it('stays in the calendar of somebody who only has another address', async () => {
    await year.signal('meetingBooked', { meeting: 1, on: '2027-03-09', at: '10:00' });
    await year.wait(6);
    const before = told('meeting-1').length;
    const another = 'karin.ek@testbolaget.example.net';
    await changeContacts((all) => all.map((one) => (one.email === karin ? { ...one, email: another } : one)));
    expect(told('meeting-1').slice(before)).toEqual([`CANCEL ${karin}`, `REQUEST ${another}`]);
    await changeContacts((all) => all.map((one) => (one.email === another ? { ...one, email: karin } : one)));
    await year.to('2027-03-08');
    // Those of the first booking in February come first.
    expect(year.mails('meeting-1', 'remind').slice(2).map(addressOf).sort()).toEqual([johan, karin]);
    expect(inCalendar('meeting-1', karin)).toBe('2027-03-09T09:00:00.000Z');
  });

  it('is mailed as it was held to those who were invited, whoever answers for it since', async () => {
    await year.to('2027-03-09', '15:00');
    await changeContacts(replaced(johan, { name: 'Lars Ny', email: lars }));
    await year.signal('meetingHeld', { meeting: 1, decisions: ['Orderimporten flyttas'] });
    await year.wait(6);
    expect(receivers('meeting-1', 'minutes')).toEqual([johan, karin]);
    expect(told('meeting-1').filter((one) => one.endsWith(lars))).toHaveLength(3);
  });

  it('leaves the calendar of a consultant who is replaced by a change of the contract', async () => {
    await year.to('2027-04-14');
    await year.signal('meetingBooked', { meeting: 2, on: '2027-05-19' });
    await year.wait(6);
    const bo = { id: 'konsult-9', name: 'Bo Ek', email: 'bo.ek@pector.example' };
    await changeContract(
      (contract) => ({ ...contract, contacts: { ...contract.contacts, consultant: bo } }),
      { consultant: bo.id },
    );
    await year.wait(6);
    expect(receivers('meeting-2', 'former-blocks')).toEqual([contacts.consultant.email]);
    expect(receivers('meeting-2', 'blocks')).toEqual([contacts.consultant.email, bo.email]);
  });
});

describe('the customer’s test, when somebody else is to make it', () => {
  it('is told to who came, who then is reminded, and called off for who left', async () => {
    for (const phase of ['plan', 'precheck', 'technical', 'integrations'])
      await year.signal('upgradePhaseCompleted', completedPhase(phase));
    const due = (await year.overview()).next.find(({ id }) => id === 'upgrade/test')!.on;
    const opened = new Date(Date.parse(due) - 13 * 86_400_000).toISOString().slice(0, 10);
    await year.to(opened);
    expect(receivers('upgrade/test', 'start')).toEqual([lars]);
    await changeContacts((all) => [
      ...all.filter(({ email }) => email !== lars),
      { name: 'Eva Ny', email: eva, roles: ['tester'] },
    ]);
    const instructions = year.mailbox.mails.filter(
      (mail) => addressOf(mail) === eva && mail.messageId?.includes('.upgrade.test.'),
    );
    expect(instructions).toHaveLength(1);
    expect(instructions[0]!.text).toContain('Logga in med era egna användare');
    const handedOver = year.mailbox.mails.filter(({ messageId = '' }) =>
      messageId.includes('.upgrade.test.left-'),
    );
    expect(handedOver.map((mail) => [addressOf(mail), mail.subject])).toEqual([
      [lars, 'Du behöver inte längre testa uppgraderingen'],
    ]);
    await year.to(due, '17:00');
    const reminded = year.mailbox.mails.filter(({ messageId = '' }) =>
      /\.upgrade\.test\.(remind|overdue-customer)/.test(messageId),
    );
    expect([...new Set(reminded.map(addressOf))]).toEqual([eva]);
  });
});

describe('an action whose owner has left', () => {
  it('is reminded of with the consultant', async () => {
    await year.signal('meetingHeld', {
      meeting: 2,
      actions: [{ what: 'Skicka prislistan', owner: 'contact-1', due: '2027-09-10' }],
    });
    await changeContacts((all) => all.filter(({ email }) => email !== karin));
    await year.to('2027-09-20');
    expect([receivers('action/1', 'remind'), receivers('action/1', 'overdue')]).toEqual([
      ['bo.ek@pector.example'],
      ['bo.ek@pector.example'],
    ]);
  });
});
