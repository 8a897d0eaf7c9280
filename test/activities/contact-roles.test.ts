import { findAgreement, storeSignedContract } from '../../activities/agreements/agreements';
import { migrate } from '../../activities/db';
import { exampleContract } from '../helpers/example';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase } from '../helpers/stack';
import { sign } from './signed-agreement';

let database: FreshDatabase;

beforeEach(async () => {
  database = await freshDatabase();
});

afterEach(() => database.close());

/** As contracts and changes were kept when a contact had one role. */
const karin = { id: 'contact-1', name: 'Karin Ek', email: 'k@x.example', role: 'management' };
const bo = { id: 'contact-2', name: 'Bo Ek', email: 'b@x.example', role: 'finance' };
const changes = [
  { path: 'contacts.customer.contact-1.role', from: 'management', to: 'tester', allowed: true },
  { path: 'contacts.customer.contact-2', to: bo, allowed: true },
  { path: 'contacts.customer.contact-3', from: bo, allowed: true },
  { path: 'hourBank.hours', from: 120, to: 160, allowed: false },
];
const changesNow = [
  { path: 'contacts.customer.contact-1.roles', from: ['management'], to: ['tester'], allowed: true },
  { path: 'contacts.customer.contact-2', to: now(bo), allowed: true },
  { path: 'contacts.customer.contact-3', from: now(bo), allowed: true },
  { path: 'hourBank.hours', from: 120, to: 160, allowed: false },
];

function now({ role, ...contact }: typeof karin) {
  return { ...contact, roles: [role] };
}

test('agreements, amendments and changes kept with one role have a list of it', async () => {
  const { db } = database;
  const contract = await sign(db);
  const before = { ...contract, contacts: { ...contract.contacts, customer: [karin, bo] } };
  const number = contract.agreement;
  await db.query('update agreements set contract = $1', [JSON.stringify(before)]);
  await db.query(
    `insert into contract_changes (agreement, changes, from_date) values ($1, $2, '2027-03-01')`,
    [number, JSON.stringify(changes)],
  );
  await db.query(
    `insert into contract_changes (agreement, changes, from_date) values ($1, '[]', '2027-03-01')`,
    [number],
  );
  await db.query(`delete from migrations where name = '015-contact-roles.sql'`);
  expect(await migrate(db)).toEqual(['015-contact-roles.sql']);
  expect((await findAgreement(db, number))?.contract).toEqual({
    ...contract,
    contacts: { ...contract.contacts, customer: [now(karin), now(bo)] },
  });
  expect(await db.query('select changes from contract_changes order by id')).toEqual([
    { changes: changesNow },
    { changes: [] },
  ]);
});

test('what was signed with one role is recognised when it is signed again', async () => {
  const { db } = database;
  const {
    number: _number,
    reference: _reference,
    costCentre: _centre,
    ...customer
  } = exampleContract().customer;
  await sign(db, { customer });
  // Of the same contract, made when a contact had one role, and nothing of it was for invoices.
  const hash = '4f178bcd805a9bb414f1f9a624afdcc65b804a0c815b5774ca8d195cadf31be4';
  expect(await db.query('select signed_hash as hash from agreements')).toEqual([{ hash }]);
  expect(await storeSignedContract(db, exampleContract({ customer }))).toBe('already-signed');
});
