import { createPeopleActivities } from '../../activities/agreements/find-people';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase } from '../helpers/stack';
import { signAndPlan } from './signed-agreement';

let database: FreshDatabase;

beforeEach(async () => {
  database = await freshDatabase();
  await signAndPlan(database.db);
});

afterEach(() => database.close());

const find = (...names: string[]) =>
  createPeopleActivities(database).findPeople({
    agreement: 'testbolaget-2027',
    asOf: '2027-02-16T11:00:00.000Z',
    names,
  });

describe('people are found', () => {
  it('by whole names, parts of them and addresses, whatever the case', async () => {
    expect(
      await find(
        'Karin Ek',
        'karin',
        'STRAND',
        'johan.lind@testbolaget.example.com',
        'Anna Berg',
        'Erik Holm',
      ),
    ).toEqual([['contact-1'], ['contact-1'], ['contact-3'], ['contact-2'], ['consultant'], ['manager']]);
  });

  it('not at all where nobody is called so, or the name is too short to say who', async () => {
    expect(await find('Eva Ström', 'K', '')).toEqual([[], [], []]);
  });

  it('all of them where several are called so', async () => {
    await database.db.query(
      `update agreements set contract = jsonb_set(contract, '{contacts,customer,1,name}', '"Karin Lind"')`,
    );
    expect(await find('Karin', 'Karin Lind')).toEqual([['contact-1', 'contact-2'], ['contact-2']]);
  });

  it('of no agreement that is not signed', async () => {
    const { findPeople } = createPeopleActivities(database);
    await expect(findPeople({ agreement: 'b', asOf: '2027-02-16T11:00:00.000Z', names: [] })).rejects.toThrow(
      'expected a signed agreement, found none: b',
    );
  });
});
