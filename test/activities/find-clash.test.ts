import { createClashActivities } from '../../activities/agreements/find-clash';
import { storeContractChange } from '../../activities/agreements/agreements';
import { storeReplacement } from '../../activities/agreements/replace-consultant';
import type { Contract } from '../../rules/engine/contract/contract';
import { exampleContract } from '../helpers/example';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase } from '../helpers/stack';
import { signAndPlan } from './signed-agreement';

type Consultant = Contract['contacts']['consultant'];

let database: FreshDatabase;

const own = 'testbolaget-2027';
const anna = { id: 'konsult-1', name: 'Anna Berg', email: 'anna.berg@pector.example' };
const bo = { id: 'konsult-2', name: 'Bo Ek', email: 'bo.ek@pector.example' };

const other = (name: string, consultant: Consultant): Partial<Contract> => ({
  agreement: `${name}-2027`,
  customer: { ...exampleContract().customer, id: name, name: `${name} AB` },
  contacts: { ...exampleContract().contacts, consultant },
});

/** A booking of another agreement: 10:00 on 17 February, as long as its rules say, unless told otherwise. */
async function book(agreement: string, more: Record<string, unknown> = {}): Promise<void> {
  const row = { id: 'meeting-2', booked_at: '2027-02-17T09:00:00Z', minutes: null, held_on: null, ...more };
  await database.db.query(
    `insert into meetings (agreement, year, id, booked_at, minutes, held_on) values ($1, 1, $2, $3, $4, $5)`,
    [agreement, row.id, row.booked_at, row.minutes, row.held_on],
  );
}

/** What there is at a time of 17 February, in UTC. */
const find = (begins = '09:00', ends = '10:30', agreement = own) =>
  createClashActivities(database).findClash({
    agreement,
    begins: `2027-02-17T${begins}:00.000Z`,
    ends: `2027-02-17T${ends}:00.000Z`,
  });

const clash = { agreement: 'annat-2027', customer: 'annat AB', id: 'meeting-2', at: '2027-02-17 10:00' };

beforeEach(async () => {
  database = await freshDatabase();
  await signAndPlan(database.db, other('testbolaget', anna));
});

afterEach(() => database.close());

describe('a meeting that the consultant has elsewhere', () => {
  it.each<[string, string, string, boolean]>([
    ['at the same time', '09:00', '10:30', true],
    ['which ends a minute after this begins', '10:29', '11:00', true],
    ['which begins a minute before this ends', '08:00', '09:01', true],
    ['within this', '08:00', '12:00', true],
    ['right before this', '10:30', '12:00', false],
    ['right after this', '08:00', '09:00', false],
  ])('is found %s: %s to %s', async (_when, begins, ends, found) => {
    await signAndPlan(database.db, other('annat', anna));
    await book('annat-2027');
    expect(await find(begins, ends)).toEqual(found ? clash : null);
  });

  it('lasts as long as it was booked for, else as the plan says', async () => {
    await signAndPlan(database.db, other('annat', anna));
    await book('annat-2027', { minutes: 30 });
    expect([await find('09:29'), await find('09:30')]).toEqual([clash, null]);
  });

  it('is one with the same address where contracts name no ids, in whatever case', async () => {
    const nameless = { name: 'A. Berg', email: 'Anna.Berg@pector.example' };
    await signAndPlan(database.db, other('annat', nameless));
    await book('annat-2027');
    expect(await find()).toEqual(clash);
  });

  it('is the first of several', async () => {
    for (const name of ['annat', 'annorlunda']) await signAndPlan(database.db, other(name, anna));
    await book('annat-2027', { booked_at: '2027-02-17T09:30:00Z' });
    await book('annorlunda-2027');
    expect(await find()).toMatchObject({ agreement: 'annorlunda-2027' });
  });
});

describe('no clash', () => {
  it.each<[string, string]>([
    ['is held', `update meetings set held_on = '2027-02-17'`],
    ['is cancelled', `update meetings set booked_at = null`],
    ['is missed', `update obligations set state = 'missed' where agreement = 'annat-2027'`],
    [
      'is that of an agreement that has ended',
      `update agreements set state = 'ended' where number = 'annat-2027'`,
    ],
  ])('is a meeting that %s', async (_what, statement) => {
    await signAndPlan(database.db, other('annat', anna));
    await book('annat-2027');
    expect(await find()).toEqual(clash);
    await database.db.query(statement);
    expect(await find()).toBeNull();
  });

  it('is a meeting of another consultant, or of the agreement itself', async () => {
    await signAndPlan(database.db, other('annat', bo));
    await book('annat-2027');
    await book(own);
    expect(await find()).toBeNull();
  });
});

describe('a consultant who is replaced', () => {
  it.each([
    ['from its first day', '2027-02-17', '2027-02-19', clash],
    ['to its last day', '2027-02-15', '2027-02-17', clash],
    ['not before it', '2027-02-18', '2027-02-19', null],
    ['not after it', '2027-02-15', '2027-02-16', null],
  ])(
    'is led by the stand-in while the leave lasts, as it is recorded: %s',
    async (_when, from, until, found) => {
      await signAndPlan(database.db, other('annat', anna));
      await signAndPlan(database.db, other('boende', bo));
      await book('annat-2027');
      expect(await find('09:00', '10:30', 'boende-2027')).toBeNull();
      const asked = { old: anna.id, new: bo.id, from, until, today: '2027-01-13' };
      await storeReplacement(database.db, asked, ['annat-2027', own]);
      expect(await find('09:00', '10:30', 'boende-2027')).toEqual(found);
      // The stand-in leads both.
      expect(await find()).toEqual(clash);
    },
  );

  it('by a change of the contract counts from its day', async () => {
    await signAndPlan(database.db, other('annat', anna));
    await book('annat-2027');
    const contract = exampleContract(other('annat', bo));
    await storeContractChange(database.db, 'annat-2027', contract, '2027-02-18', '2027-02-18T00:00:00.000Z');
    expect(await find()).toEqual(clash);
    await storeContractChange(database.db, 'annat-2027', contract, '2027-02-17', '2027-02-17T00:00:00.000Z');
    expect(await find()).toBeNull();
  });
});

it('is asked of no agreement that is not signed', async () => {
  await expect(find('09:00', '10:30', 'b')).rejects.toThrow('expected a signed agreement, found none: b');
});
