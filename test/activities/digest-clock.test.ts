import { applyContractChange, storeContractChange } from '../../activities/agreements/agreements';
import { createTermsActivities } from '../../activities/years/terms';
import { migrate } from '../../activities/db';
import { publishRuleset } from '../../activities/agreements/rulesets';
import { createDigestActivities } from '../../activities/mail/digest-clock';
import { findReadAgreements, readerKey } from '../../activities/agreements/digest-readers';
import { createSendMessage } from '../../activities/mail/smtp';
import type { Contract } from '../../rules/engine/contract/contract';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import { rule, withRules } from '../helpers/changed-rules';
import { exampleContract } from '../helpers/example';
import type { Mailbox } from '../helpers/mailbox';
import { openMailbox } from '../helpers/mailbox';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase } from '../helpers/stack';
import { signAndPlan, signAndPlanUnder } from './signed-agreement';

let database: FreshDatabase;
let mailbox: Mailbox;

beforeEach(async () => {
  database = await freshDatabase();
  mailbox = await openMailbox();
});

afterEach(async () => {
  await mailbox.close();
  await database.close();
});

const agreement = 'testbolaget-2027';
const reader = 'consultant-konsult-1';

const attend = (asOf: string, of = reader) =>
  createDigestActivities({
    db: database.db,
    sendMessage: createSendMessage(mailbox.smtpUrl),
    mailFrom: 'avtal@pector.example',
    agreementLink: (one) => `http://temporal.example/agreement-${one}`,
    staffLanguage: 'sv',
  }).attendDigests({ reader: of, asOf });

/** Another agreement of the same people, unless told otherwise. */
const other = (name: string, contacts: Partial<Contract['contacts']> = {}): Partial<Contract> => ({
  agreement: `${name.toLowerCase()}-2027`,
  customer: { ...exampleContract().customer, id: name.toLowerCase(), name: `${name} AB` },
  contacts: { ...exampleContract().contacts, ...contacts },
});

const sent = async (): Promise<string[]> =>
  (
    await database.db.query<{ mail: string }>(
      `select agreement || ' ' || step as mail from mails where state = 'sent' order by as_of`,
    )
  ).map(({ mail }) => mail);

const toldUntil = async (of = reader): Promise<string | undefined> =>
  (
    await database.db.query<{ at: string }>('select told_until as at from digest_clocks where reader = $1', [
      of,
    ])
  )[0]?.at;

/** What the dispatcher is to tell, of one kind. */
const toTell = (kind: string): Promise<{ agreement: string; payload: Record<string, unknown> }[]> =>
  database.db.query(
    'select agreement, payload from outbox where kind = $1 and done_at is null order by id, agreement',
    [kind],
  );

const setOpen = (state: 'open' | 'done'): Promise<unknown> =>
  database.db.query(`update obligations set state = $1 where state in ('open', 'done')`, [state]);

describe('a reader’s clock', () => {
  it('sends the digest that is due once, and is told when the next may be', async () => {
    await signAndPlan(database.db);
    expect(await attend('2027-01-10T12:00:00.000Z')).toEqual({ nextAt: '2027-01-11T07:30:00.000Z' });
    expect(await attend('2027-01-11T07:30:00.000Z')).toEqual({ nextAt: '2027-01-18T07:30:00.000Z' });
    await attend('2027-01-11T07:30:00.000Z');
    await attend('2027-01-13T12:00:00.000Z');
    expect(await sent()).toEqual([`${agreement} consultant-2027-01-11`]);
    expect(mailbox.mails.map(({ date }) => date?.toISOString())).toEqual(['2027-01-11T07:30:00.000Z']);
  });

  it('sends the newest alone after a long break', async () => {
    await signAndPlan(database.db);
    await attend('2027-06-10T10:00:00.000Z');
    expect(await sent()).toEqual([`${agreement} consultant-2027-06-07`]);
  });

  it('is silent where nothing is open, and makes up for nothing', async () => {
    await signAndPlan(database.db);
    await setOpen('done');
    expect(await attend('2027-02-15T07:30:00.000Z')).toEqual({ nextAt: '2027-02-22T07:30:00.000Z' });
    await setOpen('open');
    await attend('2027-02-17T12:00:00.000Z');
    expect(await database.db.query('select 1 from mails')).toEqual([]);
    await attend('2027-02-22T07:30:00.000Z');
    expect(await sent()).toEqual([`${agreement} consultant-2027-02-22`]);
  });

  it('goes by the hours of each agreement; whichever comes first and has something open tells of all', async () => {
    await signAndPlan(database.db);
    const early = { support: { opens: '07:00' } };
    await signAndPlanUnder(database.db, early, other('Tidiga'));
    await database.db.query(`update digest_clocks set told_until = '2027-02-14T12:00:00Z'`);
    expect(await attend('2027-02-14T12:00:00.000Z')).toEqual({ nextAt: '2027-02-15T06:00:00.000Z' });
    expect(await attend('2027-02-15T06:00:00.000Z')).toEqual({ nextAt: '2027-02-15T07:30:00.000Z' });
    await attend('2027-02-15T07:30:00.000Z');
    await database.db.query(`update obligations set state = 'done' where agreement = 'tidiga-2027'`);
    await attend('2027-02-22T06:00:00.000Z');
    await attend('2027-02-22T07:30:00.000Z');
    expect(await sent()).toEqual(['tidiga-2027 consultant-2027-02-15', `${agreement} consultant-2027-02-22`]);
  });

  it('ends with its last live agreement, and begins anew with the next', async () => {
    await signAndPlan(database.db);
    await attend('2027-01-11T07:30:00.000Z');
    await database.db.query(`update agreements set state = 'ended'`);
    expect(await attend('2027-01-18T07:30:00.000Z')).toEqual({ ended: true });
    expect(await toldUntil()).toBeUndefined();
    await signAndPlan(database.db, other('Nya'));
    expect(await toldUntil()).toBe('2026-12-01T12:00:00.000Z');
  });

  it('waits for the next year’s plan when the year’s digests are over', async () => {
    await signAndPlan(database.db);
    expect(await attend('2027-12-28T12:00:00.000Z')).toEqual({});
  });

  it('is each agreement’s own where the consultant has no id', async () => {
    const { name, email } = exampleContract().contacts.consultant;
    const { contract } = await signAndPlan(database.db, other('Namnlos', { consultant: { name, email } }));
    await signAndPlan(database.db);
    expect(readerKey(contract, 'consultant')).toBe('agreement-namnlos-2027');
    await attend('2027-01-11T07:30:00.000Z', 'agreement-namnlos-2027');
    expect(await sent()).toEqual(['namnlos-2027 consultant-2027-01-11']);
  });

  it('of a manager is known by a fingerprint, however the address is written', async () => {
    const weekly = { notices: { digests: { consultant: 'never', manager: 'weekly' } } };
    const { manager } = exampleContract().contacts;
    const { contract } = await signAndPlanUnder(database.db, weekly);
    const shouted = { ...manager, email: manager.email.toUpperCase() };
    await signAndPlanUnder(database.db, weekly, other('Hogt', { manager: shouted }));
    const of = readerKey(contract, 'manager');
    expect(of).toMatch(/^manager-[0-9a-f]{16}$/);
    expect((await findReadAgreements(database.db, of)).map((one) => one.agreement)).toEqual([
      'hogt-2027',
      agreement,
    ]);
    await attend('2027-01-11T07:30:00.000Z', of);
    expect(mailbox.mails).toHaveLength(1);
  });
});

describe('a digest that cannot be sent', () => {
  it('is due until it is', async () => {
    await signAndPlan(database.db);
    const before = await toldUntil();
    mailbox.next.push('cut-before');
    await expect(attend('2027-01-11T07:30:00.000Z')).rejects.toThrow();
    expect(await toldUntil()).toBe(before);
    await attend('2027-01-11T07:30:00.000Z');
    expect(await sent()).toEqual([`${agreement} consultant-2027-01-11`]);
  });

  it('is told to every agreement that it was due for, where the address refuses it', async () => {
    const { contract } = await signAndPlan(database.db);
    await signAndPlan(database.db, other('Annorlunda'));
    mailbox.refuses.add(contract.contacts.consultant.email);
    expect(await attend('2027-01-11T07:30:00.000Z')).toEqual({ nextAt: '2027-01-18T07:30:00.000Z' });
    const told = await toTell('mail-returned');
    expect(told.map((row) => row.agreement)).toEqual(['annorlunda-2027', agreement]);
    expect(told[1]?.payload).toMatchObject({
      mail: { agreement, year: 1, obligation: 'digest', step: 'consultant-2027-01-11', to: 'consultant' },
      refused: [{ contact: 'konsult-1' }],
      unknown: [],
    });
    expect(JSON.stringify(told)).not.toContain(contract.contacts.consultant.email);
  });
});

describe('the clocks of an agreement’s readers', () => {
  const readers = async (): Promise<unknown[]> =>
    (await toTell('digests')).map(({ payload }) => payload.reader);
  const told = (): Promise<unknown> => database.db.query('update outbox set done_at = now()');

  it('are told when it is planned, those of people who want no digest are not', async () => {
    await signAndPlan(database.db);
    expect(await readers()).toEqual([reader]);
    await told();
    const both = { notices: { digests: { consultant: 'weekly', manager: 'monthly' } } };
    const { contract } = await signAndPlanUnder(database.db, both, other('Annorlunda'));
    expect(await readers()).toEqual([reader, readerKey(contract, 'manager')]);
  });

  it('are told once of many plans that nobody has told of yet', async () => {
    for (const name of ['Ett', 'Tva', 'Tre']) await signAndPlan(database.db, other(name));
    expect(await readers()).toEqual([reader]);
  });

  it('are the same where an agreement ran before there were clocks', async () => {
    const both = { notices: { digests: { consultant: 'weekly', manager: 'monthly' } } };
    const { name, email } = exampleContract().contacts.consultant;
    const { contract } = await signAndPlanUnder(
      database.db,
      both,
      other('Namnlos', { consultant: { name, email } }),
    );
    await signAndPlan(database.db);
    const known = [reader, 'agreement-namnlos-2027', readerKey(contract, 'manager')].sort();
    expect((await readers()).sort()).toEqual(known);
    await database.db.query(`drop table digest_clocks`);
    await database.db.query(`delete from outbox`);
    await database.db.query(`delete from migrations where name like '013%'`);
    await migrate(database.db);
    expect((await readers()).sort()).toEqual(known);
    expect(await Promise.all(known.map(toldUntil))).not.toContain(undefined);
  });

  it('are told when it gets another consultant', async () => {
    const { contract } = await signAndPlan(database.db);
    await told();
    const bo = { id: 'konsult-2', name: 'Bo Ek', email: 'bo.ek@pector.example' };
    const contacts = { ...contract.contacts, consultant: bo };
    await storeContractChange(
      database.db,
      agreement,
      { ...contract, contacts },
      '2027-02-01',
      '2027-02-01T00:00:00.000Z',
    );
    const [change] = await toTell('contract-changed');
    await applyContractChange(database.db, Number(change?.payload.change));
    expect(await readers()).toEqual(['consultant-konsult-2']);
    expect(await attend('2027-02-01T07:30:00.000Z')).toEqual({ ended: true });
  });
});

describe('digests', () => {
  const asOf = '2027-09-15T12:00:00.000Z';
  const days = async (of: string): Promise<string[]> => {
    const [one] = await findReadAgreements(database.db, of);
    return one?.digests.map(({ at }) => localDateOf(at)) ?? [];
  };
  const planAgain = () =>
    createTermsActivities(database).planAgreementYear({
      agreement,
      yearNumber: 1,
      asOf,
      revision: 2,
      closed: {},
    });

  test('stay where they were when the year is planned again', async () => {
    await signAndPlan(database.db);
    const before = await findReadAgreements(database.db, reader);
    await planAgain();
    expect(await findReadAgreements(database.db, reader)).toEqual(before);
    expect(before[0]?.digests).toHaveLength(52);
  });

  test('begin with the next one under terms that begin to ask for them, or ask for them in another rhythm', async () => {
    const { contract } = await signAndPlan(database.db);
    const digests = { consultant: 'monthly', manager: 'monthly' };
    await publishRuleset(database.db, withRules(rule('notices', { digests })), {
      author: 'test',
      message: '',
    });
    await planAgain();
    const late = ['2027-10-01', '2027-11-01', '2027-12-01'];
    expect(await days(reader)).toEqual(late);
    expect(await days(readerKey(contract, 'manager'))).toEqual(late);
  });
});
