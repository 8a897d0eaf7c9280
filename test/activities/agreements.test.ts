import {
  applyContractChange,
  findAgreement,
  postponeOutboxRow,
  storeContractChange,
  storeSignedContract,
  takeOutboxRows,
} from '../../activities/agreements/agreements';
import type { Contract } from '../../rules/engine/contract/contract';
import { exampleContract } from '../helpers/example';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase } from '../helpers/stack';
import { besides } from './signed-agreement';

let database: FreshDatabase;

beforeEach(async () => {
  database = await freshDatabase();
});

afterEach(() => database.close());

const contract = exampleContract();
const number = contract.agreement;
const now = '2020-12-02T00:00:00.000Z';

const outbox = () => database.db.query<{ kind: string }>('select * from outbox order by id');
const current = async (): Promise<Contract> => (await findAgreement(database.db, number))!.contract;
const consultant = { name: 'Lars Nyman', email: 'lars.nyman@pector.example' };
const withConsultant = { ...contract, contacts: { ...contract.contacts, consultant } };
const withMonitors = { ...contract, monitors: [] };

async function change(changed: Contract, dueAt = now): Promise<number> {
  await storeContractChange(database.db, number, changed, dueAt.slice(0, 10), dueAt);
  const [row] = await database.db.query<{ id: number }>('select max(id) as id from contract_changes');
  return row!.id;
}

describe('signing', () => {
  it('stores the agreement and tells the outbox', async () => {
    expect(await storeSignedContract(database.db, contract)).toBe('signed');
    expect(await findAgreement(database.db, number)).toMatchObject({ state: 'signed', yearNumber: null });
    expect(await outbox()).toMatchObject([{ agreement: number, kind: 'start', done_at: null }]);
  });

  it('gives every contact of the customer an id that lasts', async () => {
    await storeSignedContract(database.db, contract);
    expect((await current()).contacts.customer.map(({ id }) => id)).toEqual([
      'contact-1',
      'contact-2',
      'contact-3',
    ]);
  });

  it('knows the very same contract again, whatever the order of its keys', async () => {
    await storeSignedContract(database.db, contract);
    const reordered = Object.fromEntries(Object.entries(contract).reverse()) as unknown as Contract;
    expect(await storeSignedContract(database.db, reordered)).toBe('already-signed');
    expect(await outbox()).toHaveLength(1);
  });

  it('refuses another content under a signed number, and changes nothing', async () => {
    await storeSignedContract(database.db, contract);
    const before = await current();
    expect(
      await storeSignedContract(database.db, {
        ...contract,
        hourBank: { ...contract.hourBank, hours: 240 },
      }),
    ).toBe('refused');
    expect(await current()).toEqual(before);
    expect(await outbox()).toHaveLength(1);
  });

  it('still knows the signed contract after a change that needed no signature', async () => {
    await storeSignedContract(database.db, contract);
    await applyContractChange(database.db, await change(withConsultant));
    expect(await storeSignedContract(database.db, contract)).toBe('already-signed');
  });

  it('signs once when many sign at the same time', async () => {
    const results = await besides(database.databaseUrl, (other) =>
      Promise.all(
        Array.from({ length: 8 }, (_, index) =>
          storeSignedContract(index % 2 ? database.db : other, contract),
        ),
      ),
    );
    expect(results.sort()).toEqual([...Array<string>(7).fill('already-signed'), 'signed']);
    expect(await outbox()).toHaveLength(1);
  });

  it('leaves no agreement behind when the outbox cannot be written', async () => {
    await database.db.query('alter table outbox add constraint broken check (false) not valid');
    await expect(storeSignedContract(database.db, contract)).rejects.toThrow('broken');
    expect(await findAgreement(database.db, number)).toBeUndefined();
    await database.db.query('alter table outbox drop constraint broken');
    expect(await storeSignedContract(database.db, contract)).toBe('signed');
  });
});

describe('a change that needs no signature', () => {
  beforeEach(async () => {
    await storeSignedContract(database.db, contract);
    await database.db.query('update outbox set done_at = now()');
  });

  it('is recorded with what differs, and told, before it is in effect', async () => {
    const id = await change(withConsultant, '2099-01-01T00:00:00.000Z');
    const [row] = await database.db.query('select * from contract_changes');
    expect(row).toMatchObject({ id, agreement: number, from_date: '2099-01-01', applied_at: null });
    expect(JSON.stringify(row!.changes)).toContain('contacts.consultant.name');
    expect((await outbox())[1]).toMatchObject({ kind: 'contract-changed', payload: { change: id } });
    expect((await current()).contacts.consultant.name).toBe('Anna Berg');
  });

  it('waits in the outbox until its day', async () => {
    await change(withConsultant, '2099-01-01T00:00:00.000Z');
    expect(await database.db.transaction((tx) => takeOutboxRows(tx, 10))).toEqual([]);
    await change(withMonitors);
    expect(await database.db.transaction((tx) => takeOutboxRows(tx, 10))).toHaveLength(1);
  });

  it('takes effect once: applied again, it does not undo what came after', async () => {
    const first = await change(withConsultant);
    await applyContractChange(database.db, first);
    await applyContractChange(database.db, await change(contract));
    await applyContractChange(database.db, first);
    expect((await current()).contacts.consultant.name).toBe('Anna Berg');
  });

  it('leaves sections alone that it does not change', async () => {
    const later = await change(withConsultant, '2099-01-01T00:00:00.000Z');
    await applyContractChange(database.db, await change(withMonitors));
    await applyContractChange(database.db, later);
    expect(await current()).toMatchObject({ monitors: [], contacts: { consultant } });
  });

  it('keeps the ids of contacts that stay, and gives no old id to a new one', async () => {
    const [karin, johan] = contract.contacts.customer;
    const added = { name: 'Ny Person', email: 'ny@testbolaget.example.com', roles: ['finance' as const] };
    const customer = [{ ...karin!, email: 'karin@new.example.com' }, johan!, added];
    const changed = { ...contract, contacts: { ...contract.contacts, customer } };
    await applyContractChange(database.db, await change(changed));
    expect((await current()).contacts.customer.map(({ id, name }) => [id, name])).toEqual([
      ['contact-1', 'Karin Ek'],
      ['contact-2', 'Johan Lind'],
      ['contact-4', 'Ny Person'],
    ]);
  });

  it('is refused for an agreement that nobody signed', async () => {
    await expect(storeContractChange(database.db, 'nobody', contract, '2026-12-02', now)).rejects.toThrow(
      'expected a signed agreement, found none with number nobody',
    );
  });
});

describe('the outbox', () => {
  beforeEach(async () => {
    await storeSignedContract(database.db, contract);
    await storeSignedContract(database.db, { ...contract, agreement: 'another' });
  });

  it('never gives the same row to two at the same time', async () => {
    const [mine, theirs] = await database.db.transaction(async (tx) => {
      const first = await takeOutboxRows(tx, 1);
      return [first, await database.db.transaction((other) => takeOutboxRows(other, 10))] as const;
    });
    expect(mine.map(({ agreement }) => agreement)).toEqual([number]);
    expect(theirs.map(({ agreement }) => agreement)).toEqual(['another']);
  });

  it('puts a row that failed off for longer each time, up to fifteen seconds', async () => {
    const [row] = await database.db.query<{ id: number }>('select id from outbox order by id limit 1');
    const waits: number[] = [];
    for (let attempt = 0; attempt < 12; attempt += 1) {
      await postponeOutboxRow(database.db, row!.id, 'no connection');
      const [put] = await database.db.query<{ seconds: number; last_error: string }>(
        'select round(extract(epoch from due_at - now()))::int as seconds, last_error from outbox where id = $1',
        [row!.id],
      );
      expect(put!.last_error).toBe('no connection');
      waits.push(put!.seconds);
    }
    expect(waits.slice(0, 5)).toEqual([1, 2, 4, 8, 15]);
    expect(Math.max(...waits)).toBe(15);
  });
});
