import {
  applyContractChange,
  findAgreement,
  storeContractChange,
} from '../../activities/agreements/agreements';
import type { AskedReplacement } from '../../activities/agreements/replace-consultant';
import {
  consultantAfter,
  findConsultantChange,
  voidIfOvertaken,
} from '../../activities/agreements/consultant-changes';
import { listConsultants } from '../../activities/agreements/list-consultants';
import { planReplacement, storeReplacement } from '../../activities/agreements/replace-consultant';
import type { Contract } from '../../rules/engine/contract/contract';
import { exampleContract } from '../helpers/example';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase } from '../helpers/stack';
import { besides, signAndPlan } from './signed-agreement';

let database: FreshDatabase;

beforeEach(async () => {
  database = await freshDatabase();
});

afterEach(() => database.close());

const today = '2027-03-01';
const anna = { id: 'konsult-1', name: 'Anna Berg', email: 'anna.berg@pector.example' };
const bo = { id: 'konsult-2', name: 'Bo Ek', email: 'bo.ek@pector.example' };
const cilla = { id: 'konsult-3', name: 'Cilla Dal', email: 'cilla.dal@pector.example' };
const numbers = ['annorlunda-2027', 'testbolaget-2027'];

const other = (name: string, consultant = anna): Partial<Contract> => ({
  agreement: `${name}-2027`,
  customer: { ...exampleContract().customer, id: name, name: `${name} AB` },
  contacts: { ...exampleContract().contacts, consultant },
});

/** Two agreements of Anna's and one of Bo's. */
async function signThree(): Promise<void> {
  await signAndPlan(database.db);
  await signAndPlan(database.db, other('annorlunda'));
  await signAndPlan(database.db, other('boende', bo));
}

const leave: AskedReplacement = {
  old: anna.id,
  new: bo.id,
  from: '2027-03-08',
  until: '2027-03-19',
  today,
};

async function store(asked: AskedReplacement): Promise<string[]> {
  const seen = (await planReplacement(database.db, asked)).agreements.map(({ agreement }) => agreement);
  await storeReplacement(database.db, asked, seen);
  return seen;
}

interface OutboxEntry {
  agreement: string;
  payload: { change: number; replacement: number; until: string | null };
  dueAt: string;
}

const outbox = () =>
  database.db.query<OutboxEntry>(
    `select agreement, payload, due_at as "dueAt" from outbox where kind = 'contract-changed' order by id`,
  );

/** Takes effect as the dispatcher has it. */
async function dispatch({ payload: { change, replacement } }: OutboxEntry): Promise<boolean> {
  if (await voidIfOvertaken(database.db, replacement)) return false;
  await applyContractChange(database.db, change);
  return true;
}

const consultantOf = async (number: string) =>
  (await findAgreement(database.db, number))?.contract.contacts.consultant;

async function change(
  number: string,
  consultant: Contract['contacts']['consultant'],
  on = today,
): Promise<number> {
  const { contract } = (await findAgreement(database.db, number))!;
  const contacts = { ...contract.contacts, consultant };
  await storeContractChange(database.db, number, { ...contract, contacts }, on, `${on}T00:00:00.000Z`);
  const [row] = await database.db.query<{ id: number }>('select max(id) as id from contract_changes');
  return row!.id;
}

describe('what a replacement would do', () => {
  it('is every agreement of the consultant, with what is open and booked in the time', async () => {
    await signThree();
    await database.db.query(
      `insert into meetings (agreement, year, id, booked_at, place, held_on)
       values ('testbolaget-2027', 1, 'meeting-1', '2027-03-19T22:30:00Z', 'Teams', null),
              ('testbolaget-2027', 1, 'meeting-2', '2027-03-19T23:30:00Z', null, null),
              ('annorlunda-2027', 1, 'meeting-1', '2027-03-10T09:00:00Z', null, '2027-03-10')`,
    );
    await database.db.query(
      `update obligations set state = 'done' where agreement = 'annorlunda-2027' and id = 'start/kickoff'`,
    );
    const plan = await planReplacement(database.db, leave);
    expect(plan).toMatchObject({ from: '2027-03-08', until: '2027-03-19', new: bo, recorded: [], away: [] });
    expect(plan.agreements.map(({ agreement, openSteps, old }) => [agreement, openSteps, old])).toEqual([
      ['annorlunda-2027', 2, anna],
      ['testbolaget-2027', 3, anna],
    ]);
    expect(plan.agreements.map(({ meetings }) => meetings)).toEqual([
      [],
      [{ id: 'meeting-1', at: '2027-03-19T22:30:00.000Z', minutes: null, place: 'Teams' }],
    ]);
    const { until: _none, ...forGood } = leave;
    const [, all] = (await planReplacement(database.db, forGood)).agreements;
    expect(all?.meetings).toHaveLength(2);
    expect(all?.openSteps).toBeGreaterThan(6);
    expect(await outbox()).toEqual([]);
  });

  it('takes effect today where an earlier day is asked for', async () => {
    await signThree();
    expect(await planReplacement(database.db, { ...leave, from: '2027-02-01' })).toMatchObject({
      from: today,
    });
  });

  it.each<[string, Partial<AskedReplacement>, string]>([
    ['one consultant twice', { new: anna.id }, 'expected two consultants, found konsult-1 twice'],
    [
      'an end before the beginning',
      { until: '2027-03-07' },
      '--until: expected 2027-03-08 or later, found 2027-03-07',
    ],
    [
      'somebody nobody knows',
      { old: 'konsult-9' },
      'expected the id of a dedicated consultant, found konsult-9',
    ],
    [
      'a stand-in nobody knows',
      { new: 'konsult-9' },
      'konsult-9 is not the consultant of any live agreement: expected a name',
    ],
    [
      'an address that is none',
      { new: 'konsult-9', person: { name: 'Ny', email: 'ny' } },
      'contacts.consultant.email: expected a mail address',
    ],
  ])('refuses %s', async (_what, changed, message) => {
    await signThree();
    await expect(planReplacement(database.db, { ...leave, ...changed })).rejects.toThrow(message);
  });

  it('asks which one is meant where the stand-in has two addresses, and takes the answer', async () => {
    await signThree();
    await signAndPlan(database.db, other('sista', { ...bo, email: 'bo@pector.example' }));
    await expect(planReplacement(database.db, leave)).rejects.toThrow(
      /konsult-2: expected one name and address, found .*Bo Ek <bo@pector\.example>.*--email/,
    );
    const person = { name: bo.name, email: bo.email };
    expect(await planReplacement(database.db, { ...leave, person })).toMatchObject({ new: bo });
  });

  it('says when the stand-in is away as well', async () => {
    await signThree();
    const { today: _today, ...away } = { ...leave, old: bo.id, new: cilla.id, person: cilla };
    await store({ ...away, today, until: '2027-03-10' });
    expect((await planReplacement(database.db, { ...leave, person: bo })).away).toEqual([
      { from: '2027-03-08', until: '2027-03-10' },
    ]);
  });
});

describe('a replacement', () => {
  it('for leave is recorded for every agreement with its way back, each on its day', async () => {
    await signThree();
    expect(await store(leave)).toEqual(numbers);
    const rows = await outbox();
    expect(rows.map(({ agreement, dueAt, payload }) => [agreement, dueAt, payload.until])).toEqual(
      numbers.flatMap((number) => [
        [number, '2027-03-07T23:00:00.000Z', '2027-03-19'],
        [number, '2027-03-19T23:00:00.000Z', null],
      ]),
    );
    const [there, back] = await Promise.all(
      rows.slice(0, 2).map(({ payload }) => findConsultantChange(database.db, payload.replacement)),
    );
    expect(there).toMatchObject({
      old: anna,
      new: bo,
      from: '2027-03-08',
      until: '2027-03-19',
      wayBackOf: null,
    });
    expect(back).toMatchObject({ old: bo, new: anna, from: '2027-03-20', until: null, wayBackOf: there?.id });
    expect(await consultantOf('testbolaget-2027')).toEqual(anna);
    for (const row of rows.slice(2)) {
      expect(await dispatch(row)).toBe(true);
      expect(await consultantAfter(database.db, row.payload.change)).toBe(row === rows[2] ? bo.id : anna.id);
    }
    expect(await consultantOf('testbolaget-2027')).toEqual(anna);
  });

  it('for good has no way back, and takes effect at once', async () => {
    await signThree();
    const { until: _none, ...forGood } = { ...leave, from: today, person: { name: 'Bo', email: bo.email } };
    await store(forGood);
    const rows = await outbox();
    expect(rows.map(({ agreement }) => agreement)).toEqual(numbers);
    expect(rows.every(({ dueAt }) => Date.parse(dueAt) <= Date.now())).toBe(true);
    for (const row of rows) await dispatch(row);
    expect(await consultantOf('annorlunda-2027')).toEqual({ ...bo, name: 'Bo' });
    expect(await store(forGood)).toEqual([]);
    expect(await store({ ...forGood, today: '2027-03-02', from: '2027-03-02' })).toEqual([]);
  });

  it('asked for again does nothing, before and after its day, but for agreements signed since', async () => {
    await signThree();
    await store(leave);
    expect(await store(leave)).toEqual([]);
    expect(await planReplacement(database.db, leave)).toMatchObject({ recorded: numbers, new: null });
    const [first] = await outbox();
    await dispatch(first!);
    expect(await store({ ...leave, today: '2027-03-09', from: '2027-03-09' })).toEqual([]);
    await signAndPlan(database.db, other('ny'));
    expect(await store(leave)).toEqual(['ny-2027']);
  });

  it('that overlaps is refused for all agreements, and says with what', async () => {
    await signThree();
    await store(leave);
    await signAndPlan(database.db, other('ny'));
    const overlapping = { ...leave, new: cilla.id, person: cilla, from: '2027-03-15', until: '2027-04-02' };
    await expect(planReplacement(database.db, overlapping)).rejects.toThrow(
      'expected no other change of consultant from 2027-03-15 until 2027-04-02, and the day after, found\n' +
        '  annorlunda-2027: konsult-1 is replaced by konsult-2 from 2027-03-08 until 2027-03-19\n' +
        '  testbolaget-2027: konsult-1 is replaced by konsult-2 from 2027-03-08 until 2027-03-19\n',
    );
    expect(await outbox()).toHaveLength(4);
  });

  it('is refused where the contract is to change its consultant in that time', async () => {
    await signThree();
    await change('testbolaget-2027', cilla, '2027-03-12');
    await expect(planReplacement(database.db, leave)).rejects.toThrow(
      'testbolaget-2027: the contract changes its consultant on 2027-03-12',
    );
  });

  it('concerns an agreement that is to be the consultant’s by then', async () => {
    await signThree();
    await change('boende-2027', anna, '2027-03-05');
    expect((await planReplacement(database.db, leave)).agreements.map(({ agreement }) => agreement)).toEqual([
      'annorlunda-2027',
      'boende-2027',
      'testbolaget-2027',
    ]);
  });

  it('records nothing where it would concern other agreements than were shown', async () => {
    await signThree();
    await expect(storeReplacement(database.db, leave, ['testbolaget-2027'])).rejects.toThrow(
      'expected to replace konsult-1 in testbolaget-2027, found annorlunda-2027, testbolaget-2027 by now',
    );
    expect(await outbox()).toEqual([]);
  });

  it('is recorded once when it is asked for twice at the same moment', async () => {
    await signThree();
    await besides(database.databaseUrl, async (db) => {
      const both = await Promise.allSettled([
        storeReplacement(database.db, leave, numbers),
        storeReplacement(db, leave, numbers),
      ]);
      expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });
    expect(await outbox()).toHaveLength(4);
  });

  it('does not send away a consultant whom the contract was given meanwhile, and brings nobody back then', async () => {
    await signThree();
    await store(leave);
    await applyContractChange(database.db, await change('annorlunda-2027', bo));
    const [there, back] = (await outbox()) as [OutboxEntry, OutboxEntry];
    expect(await dispatch(there)).toBe(false);
    expect(await dispatch(there)).toBe(false);
    expect(await dispatch(back)).toBe(false);
    expect(await consultantOf('annorlunda-2027')).toEqual(bo);
  });

  it('ends early where the contract names another: then others can follow, and the old way back is none', async () => {
    await signThree();
    await store(leave);
    const [there, back] = (await outbox()) as [OutboxEntry, OutboxEntry];
    await dispatch(there);
    await applyContractChange(database.db, await change('annorlunda-2027', anna));
    await database.db.query(`delete from consultant_changes where agreement <> 'annorlunda-2027'`);
    await database.db.query(`update agreements set state = 'ended' where number <> 'annorlunda-2027'`);
    const again = { ...leave, today: '2027-03-12', from: '2027-03-12', until: '2027-03-31', person: bo };
    expect(await store(again)).toEqual(['annorlunda-2027']);
    const next = (await outbox()).filter(({ agreement }) => agreement === 'annorlunda-2027').at(-2)!;
    expect(await dispatch(next)).toBe(true);
    expect(await dispatch(back)).toBe(false);
    expect(await consultantOf('annorlunda-2027')).toEqual(bo);
  });

  it('is told again after a crash, although the contract has changed by then', async () => {
    await signThree();
    await store(leave);
    const [there] = (await outbox()) as [OutboxEntry];
    expect(await dispatch(there)).toBe(true);
    expect(await dispatch(there)).toBe(true);
  });
});

describe('the list of consultants', () => {
  it('says who has what, what is due next, and who stands in when', async () => {
    await signThree();
    const { name, email } = cilla;
    await signAndPlan(database.db, other('utan', { name, email } as typeof anna));
    await signAndPlan(database.db, other('slut'));
    await database.db.query(`update agreements set state = 'ended' where number = 'slut-2027'`);
    await store(leave);
    const all = await listConsultants(database.db, today);
    expect(all.map((one) => [one.id, one.name, one.agreements.map(({ agreement }) => agreement)])).toEqual([
      ['konsult-1', 'Anna Berg', numbers],
      ['konsult-2', 'Bo Ek', ['boende-2027']],
      [null, 'Cilla Dal', ['utan-2027']],
    ]);
    expect(all[0]?.agreements[0]).toMatchObject({
      customer: 'annorlunda AB',
      next: { id: 'start/kickoff', dueOn: '2027-01-26', overdue: true },
    });
    expect(all[0]?.agreements[0]?.openSteps).toBeGreaterThan(6);
    expect(all.map(({ absences }) => absences)).toEqual([
      [{ from: '2027-03-08', until: '2027-03-19', standIn: 'konsult-2', agreements: numbers }],
      [],
      [],
    ]);
    expect((await listConsultants(database.db, '2027-03-20')).flatMap(({ absences }) => absences)).toEqual(
      [],
    );
  });

  it('has somebody who is away and has no agreement left', async () => {
    await signThree();
    await store(leave);
    for (const row of await outbox()) if (row.payload.until !== null) await dispatch(row);
    const [first] = await listConsultants(database.db, '2027-03-10');
    expect(first).toMatchObject({ id: 'konsult-1', agreements: [], absences: [{ agreements: numbers }] });
  });
});

it('a telephone number comes with a stand-in who has one, and never stays with another person', async () => {
  await signAndPlan(database.db, other('annorlunda', { ...anna, phone: '08-465 004 01' } as typeof anna));
  await signAndPlan(database.db, other('boende', bo));
  await signAndPlan(database.db, other('cirkel', { ...cilla, phone: '08-465 004 03' } as typeof cilla));
  for (const [standIn, phone] of [
    [bo.id, undefined],
    [cilla.id, '08-465 004 03'],
  ] as const) {
    const from = standIn === bo.id ? '2027-03-01' : '2027-03-02';
    const old = standIn === bo.id ? anna.id : bo.id;
    await store({ old, new: standIn, from, today: from });
    for (const entry of (await outbox()).slice(-2)) await dispatch(entry);
    expect((await consultantOf('annorlunda-2027'))?.phone).toBe(phone);
  }
});
