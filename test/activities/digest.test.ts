import { createProgressActivities } from '../../activities/years/progress';
import { digestData, digestKey } from '../../activities/mail/digest';
import type { SendNoticeInput } from '../../activities/mail/notice';
import type { MailContext } from '../../activities/mail/notice';
import { findPlan } from '../../activities/agreements/plans';
import type { Contract } from '../../rules/engine/contract/contract';
import { addDays } from '../../rules/engine/calendar/dates';
import { listUnsettled } from '../../activities/mail/unsettled';
import { settleMail } from '../../worker/commands/mails/settle-mails';
import { exampleContract } from '../helpers/example';
import type { Mailbox } from '../helpers/mailbox';
import { openMailbox } from '../helpers/mailbox';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase } from '../helpers/stack';
import { besides, mailActivities, notice, signAndPlan, signAndPlanUnder } from './signed-agreement';

let database: FreshDatabase;

beforeEach(async () => {
  database = await freshDatabase();
});

afterEach(() => database.close());

const agreement = 'testbolaget-2027';
const monday = '2027-02-15T07:30:00.000Z';

/** The days after one and before another. */
function daysBetween(after: string, before: string): string[] {
  const days: string[] = [];
  for (let day = addDays(after, 1); day < before; day = addDays(day, 1)) days.push(day);
  return days;
}

/** Closes obligations of the first year, in the projection. */
async function close(number: string, ...ids: string[]): Promise<void> {
  await createProgressActivities(database).recordProgress({
    agreement: number,
    year: 1,
    entries: ids.map((id) => ({
      id: `${number}/${id}`,
      at: monday,
      kind: 'phase',
      ref: id,
      detail: {},
      obligation: { id, state: 'done', by: 'anna' },
    })),
  });
}

/** Another agreement of the same people, unless told otherwise. */
const other = (name: string, contacts: Partial<Contract['contacts']> = {}): Partial<Contract> => ({
  agreement: `${name.toLowerCase()}-2027`,
  customer: { ...exampleContract().customer, id: name.toLowerCase(), name: `${name} AB` },
  contacts: { ...exampleContract().contacts, ...contacts },
});

async function contextOf(number = agreement, asOf = monday): Promise<MailContext> {
  const [{ contract }] = (await database.db.query<{ contract: Contract }>(
    'select contract from agreements where number = $1',
    [number],
  )) as [{ contract: Contract }];
  const stored = (await findPlan(database.db, number, 1))!;
  const linkTo = (one: string): string => `http://temporal.example/agreement-${one}`;
  return { contract, ...stored, asOf, agreementLink: linkTo(number), linkTo };
}

const told = async (context: MailContext, step: string) =>
  (await digestData(database.db, context, step)).digest!;

describe('what a digest lists', () => {
  it('is what is overdue, and what is due before the next one; not what is done or sent by itself', async () => {
    await signAndPlan(database.db);
    await close(agreement, 'start/consultant');
    const closedDays = [
      ...daysBetween('2027-02-15', '2027-04-05'),
      ...daysBetween('2027-04-05', '2028-01-01'),
    ];
    const context = await contextOf(agreement, '2027-02-15T10:00:00.000Z');
    const { terms } = context;
    const sparse = { ...context, terms: { ...terms, support: { ...terms.support, closedDays } } };
    expect(await told(sparse, 'consultant-2027-02-15')).toEqual({
      until: '2027-04-05',
      overdue: 1,
      agreements: [
        {
          agreement,
          customer: 'Testbolaget AB',
          link: `http://temporal.example/agreement-${agreement}`,
          phaseNames: {},
          overdue: [{ id: 'start/kickoff', owner: 'consultant', dueOn: '2027-01-26', overdueOpenDays: 14 }],
          coming: [
            { id: 'meeting-1', owner: 'consultant', dueOn: '2027-02-16', overdueOpenDays: 0 },
            { id: 'start/monitoring', owner: 'consultant', dueOn: '2027-02-16', overdueOpenDays: 0 },
          ],
        },
      ],
    });
    const last = await told(sparse, 'consultant-2027-04-05');
    expect(last.until).toBe('2028-01-01');
    const coming = last.agreements.flatMap((one) => one.coming.map(({ id }) => id));
    expect(coming).not.toContain('hours/statement-1');
    expect(coming).toContain('meeting-4');
  });

  it('is all agreements of the consultant, customers with something overdue first, none that has nothing', async () => {
    await signAndPlan(database.db);
    for (const name of ['Annorlunda', 'Bortglomda', 'Ovriga']) await signAndPlan(database.db, other(name));
    const start = ['start/consultant', 'start/kickoff'];
    await close(agreement, ...start);
    await close('annorlunda-2027', ...start);
    await close('ovriga-2027', ...start, 'start/monitoring', 'meeting-1');
    const { agreements, overdue, until } = await told(await contextOf(), 'consultant-2027-02-15');
    expect(agreements.map((one) => [one.customer, one.overdue.length, one.coming.length])).toEqual([
      ['Bortglomda AB', 2, 2],
      ['Annorlunda AB', 0, 2],
      ['Testbolaget AB', 0, 2],
    ]);
    expect({ overdue, until }).toEqual({ overdue: 2, until: '2027-02-22' });
    expect(agreements[1]?.link).toBe('http://temporal.example/agreement-annorlunda-2027');
  });

  it('calls the phases of each agreement what its own rules call them', async () => {
    await signAndPlan(database.db);
    const name = { sv: 'provdrift', en: 'trial run' };
    const trial = { kind: 'checks', order: 85, owner: 'consultant', openDays: 3, checks: [], name };
    await signAndPlanUnder(database.db, { upgrade: { phases: { 'trial-run': trial } } }, other('Provar'));
    const { agreements } = await told(await contextOf(), 'consultant-2027-02-15');
    expect(agreements.map((one) => [one.customer, one.phaseNames])).toEqual([
      ['Provar AB', { 'trial-run': name }],
      ['Testbolaget AB', {}],
    ]);
  });

  it('is nobody else’s, not what has ended, and not where the terms want no digest', async () => {
    await signAndPlan(database.db);
    const bo = { id: 'konsult-2', name: 'Bo Ek', email: 'bo.ek@pector.example' };
    await signAndPlan(database.db, other('Hennes', { consultant: bo }));
    await signAndPlan(database.db, other('Slut'));
    await database.db.query(`update agreements set state = 'ended' where number = 'slut-2027'`);
    await signAndPlanUnder(
      database.db,
      { notices: { digests: { consultant: 'never', manager: 'never' } } },
      other('Tyst'),
    );
    const { agreements } = await told(await contextOf(), 'consultant-2027-02-15');
    expect(agreements.map((one) => one.agreement)).toEqual([agreement]);
  });

  it('reaches as far as the next digest of those agreements that have fewer', async () => {
    const monthly = { notices: { digests: { consultant: 'monthly', manager: 'never' } } };
    await signAndPlanUnder(database.db, monthly, other('Sallan'));
    await signAndPlan(database.db);
    const march = await contextOf(agreement, '2027-03-01T07:30:00.000Z');
    expect((await told(march, 'consultant-2027-03-01')).until).toBe('2027-04-01');
    expect((await told(await contextOf(), 'consultant-2027-02-15')).until).toBe('2027-03-01');
  });

  it('of a manager is the agreements of the same address', async () => {
    const weekly = { notices: { digests: { consultant: 'never', manager: 'weekly' } } };
    const { manager } = exampleContract().contacts;
    const shouted = { ...manager, email: manager.email.toUpperCase() };
    await signAndPlanUnder(database.db, weekly);
    await signAndPlanUnder(database.db, weekly, other('Hogt', { manager: shouted }));
    await signAndPlanUnder(
      database.db,
      weekly,
      other('Annan', { manager: { ...manager, email: 'a@pector.example' } }),
    );
    const { agreements } = await told(await contextOf(), 'manager-2027-02-15');
    expect(agreements.map((one) => one.agreement)).toEqual(['hogt-2027', agreement]);
  });
});

describe('the key of a digest', () => {
  it('names the reader and the week, or the day where it comes monthly; never an address', async () => {
    await signAndPlan(database.db);
    const context = await contextOf();
    const key = (step: string, changed: Partial<Contract['contacts']> = {}, rhythm = 'weekly') =>
      digestKey(
        { template: 'digest', step },
        {
          contract: { ...context.contract, contacts: { ...context.contract.contacts, ...changed } },
          terms: {
            ...context.terms,
            notices: {
              ...context.terms.notices,
              digests: { consultant: rhythm as 'weekly', manager: rhythm as 'weekly' },
            },
          },
        },
      );
    expect(key('consultant-2027-02-15')).toBe('consultant-konsult-1/digest/2027-02-15');
    expect(key('consultant-2027-03-30')).toBe('consultant-konsult-1/digest/2027-03-29');
    expect(key('consultant-2027-04-01', {}, 'monthly')).toBe('consultant-konsult-1/digest/2027-04-01');
    expect(key('manager-2027-02-15')).toMatch(/^manager-[0-9a-f]{16}\/digest\/2027-02-15$/);
    const { name, email } = context.contract.contacts.consultant;
    expect(key('consultant-2027-02-15', { consultant: { name, email } })).toBeUndefined();
    expect(digestKey({ template: 'attention', step: 'refused' }, context)).toBeUndefined();
  });
});

describe('sending digests', () => {
  let mailbox: Mailbox;
  beforeEach(async () => {
    mailbox = await openMailbox();
  });
  afterEach(() => mailbox.close());

  const once = { sent: 1, refused: [], unknown: [] };
  const send = (changed: Partial<SendNoticeInput> = {}, db = database.db) =>
    mailActivities(db, mailbox.smtpUrl).sendNotice(
      notice({
        obligation: 'digest',
        step: 'consultant-2027-02-15',
        template: 'digest',
        to: 'consultant',
        asOf: monday,
        ...changed,
      }),
    );

  it('makes one mail of the agreements of one consultant, whichever comes first, and counts it for both', async () => {
    await signAndPlan(database.db);
    await signAndPlan(database.db, other('Annorlunda'));
    expect(await send({ agreement: 'annorlunda-2027' })).toEqual(once);
    expect(await send()).toEqual(once);
    expect(mailbox.mails).toHaveLength(1);
    const [mail] = mailbox.mails;
    expect(mail?.subject).toBe('2 avtal: det här är öppet, 4 försenade');
    for (const part of [
      'Testbolaget AB',
      'Annorlunda AB',
      `agreement-${agreement}`,
      'agreement-annorlunda-2027',
    ])
      expect(mail?.text).toContain(part);
    expect(mail?.text).not.toContain('avtalsår');
    await send({ step: 'consultant-2027-02-22', asOf: '2027-02-22T07:30:00.000Z' });
    expect(mailbox.mails).toHaveLength(2);
  });

  it('makes two mails for two consultants, each with their own', async () => {
    await signAndPlan(database.db);
    const bo = { id: 'konsult-2', name: 'Bo Ek', email: 'bo.ek@pector.example' };
    await signAndPlan(database.db, other('Hennes', { consultant: bo }));
    await send();
    await send({ agreement: 'hennes-2027' });
    expect(mailbox.mails.map(({ subject }) => subject)).toEqual([
      'Testbolaget AB: det här är öppet, 2 försenade',
      'Hennes AB: det här är öppet, 2 försenade',
    ]);
  });

  it('makes a mail of each agreement for a consultant without an id', async () => {
    const { name, email } = exampleContract().contacts.consultant;
    await signAndPlan(database.db, other('Forsta', { consultant: { name, email } }));
    await signAndPlan(database.db, other('Andra', { consultant: { name, email } }));
    await send({ agreement: 'forsta-2027' });
    await send({ agreement: 'andra-2027' });
    expect(mailbox.mails.map(({ subject }) => subject?.split(':')[0])).toEqual(['Forsta AB', 'Andra AB']);
  });

  it('makes one mail when two agreements come at the same moment, in two processes', async () => {
    await signAndPlan(database.db);
    await signAndPlan(database.db, other('Annorlunda'));
    await besides(database.databaseUrl, async (db) => {
      const both = [send(), send({ agreement: 'annorlunda-2027' }, db)];
      const [first, second] = await Promise.allSettled(both);
      expect([first, second].some((one) => one?.status === 'fulfilled')).toBe(true);
    });
    expect(await send()).toEqual(once);
    expect(await send({ agreement: 'annorlunda-2027' })).toEqual(once);
    expect(mailbox.mails).toHaveLength(1);
  });

  it('sends nothing where nothing is open any more, and that is no mail that waits', async () => {
    await signAndPlan(database.db);
    await close(agreement, 'start/consultant', 'start/kickoff', 'start/monitoring', 'meeting-1');
    expect(await send()).toEqual(once);
    expect(mailbox.mails).toEqual([]);
    expect(await listUnsettled(database.db)).toEqual([]);
    expect(await database.db.query('select state from mails')).toEqual([{ state: 'abandoned' }]);
  });

  it('names the mail to every agreement whose fate a crash hid; settling it once settles it for all', async () => {
    await signAndPlan(database.db);
    await signAndPlan(database.db, other('Annorlunda'));
    mailbox.next.push('cut-after');
    const key = 'consultant-konsult-1/digest/2027-02-15';
    expect(await send()).toMatchObject({ unknown: [key] });
    expect(await send({ agreement: 'annorlunda-2027' })).toMatchObject({ unknown: [key] });
    await database.db.query(
      `insert into attention (agreement, code, subject, detail, raised_at)
       select number, 'mail-unknown', $1, 'unknown', now() from agreements`,
      [key],
    );
    await settleMail(database.db, key, 'confirm', () => Promise.reject(new Error('nothing is sent')));
    expect(await database.db.query('select 1 from attention where cleared_at is null')).toEqual([]);
  });

  it.each([
    ['consultant', 'konsult-1 is no longer among those who get this mail'],
    ['manager', 'manager is no longer the one who gets this mail'],
  ] as const)('is no mail of the next %s: sending it again is refused', async (to, message) => {
    const digests = { consultant: 'weekly', manager: 'weekly' };
    const { contract } = await signAndPlanUnder(database.db, { notices: { digests } });
    mailbox.refuses.add(contract.contacts[to].email);
    await send({ to, step: `${to}-2027-02-15` });
    const bo = {
      ...(to === 'consultant' && { id: 'konsult-2' }),
      name: 'Bo Ek',
      email: 'bo.ek@pector.example',
    };
    await database.db.query(
      `update agreements set contract = jsonb_set(contract, array['contacts', $1], $2)`,
      [to, JSON.stringify(bo)],
    );
    const [{ key } = { key: '' }] = await listUnsettled(database.db);
    const { sendNotice } = mailActivities(database.db, mailbox.smtpUrl);
    await expect(settleMail(database.db, key, 'resend', sendNotice)).rejects.toThrow(message);
    expect(await database.db.query('select state from mails where key = $1', [key])).toEqual([
      { state: 'refused' },
    ]);
  });
});
