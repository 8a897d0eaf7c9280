/** Whom the customer's system owner has invited to test an upgrade. */
import { addressKey } from '../../rules/engine/basics/mail-address';
import type { Language } from '../../rules/engine/basics/text';
import { contactId } from '../../rules/engine/contract/change-contract';
import type { Contract, Instant, Person } from '../../rules/engine/contract/contract';
import type { Queryable } from '../db';

export interface Tester extends Person {
  /** `tester-1`; unique within the agreement, and never used again. */
  id: string;
  language: Language;
  /** Ids of the processes that they test; empty: all. */
  processes: string[];
  /** Id of the contact who invited them. */
  invitedBy: string;
}

const columns = `id, name, email, language, processes, invited_by as "invitedBy"`;

/** Those who test an upgrade, in the order in which they were invited. @param ofYear the year that the upgrade belongs to */
export function listTesters(db: Queryable, agreement: string, ofYear: number): Promise<Tester[]> {
  return db.query(
    `select ${columns} from testers where agreement = $1 and of_year = $2 and removed_at is null order by invited_at, id`,
    [agreement, ofYear],
  );
}

/** All whom the customer has invited to test and not removed, of any upgrade. */
export const testersOf = (
  db: Queryable,
  agreement: string,
): Promise<Pick<Tester, 'id' | 'name' | 'email'>[]> =>
  db.query('select id, name, email from testers where agreement = $1 and removed_at is null order by id', [
    agreement,
  ]);

/** A tester by id. @returns undefined if there is none, or they were removed */
export async function findTester(db: Queryable, agreement: string, id: string): Promise<Tester | undefined> {
  const [tester] = await db.query<Tester>(
    `select ${columns} from testers where agreement = $1 and id = $2 and removed_at is null`,
    [agreement, id],
  );
  return tester;
}

/** Testers by the ids that the agreement knows them by: a contact who is invited, by their address, stays that contact. */
export function knownAs<T extends Pick<Tester, 'id' | 'email'>>(
  { contacts: { customer } }: Pick<Contract, 'contacts'>,
  testers: readonly T[],
): T[] {
  return testers.map((tester) => {
    const at = customer.findIndex(({ email }) => addressKey(email) === addressKey(tester.email));
    const contact = customer[at];
    return contact ? { ...tester, id: contactId(contact, at) } : tester;
  });
}

/** Whether somebody with an address was invited to test an upgrade, and last removed. */
export async function isRemoved(
  db: Queryable,
  agreement: string,
  ofYear: number,
  email: string,
): Promise<boolean> {
  const rows = await db.query<{ email: string; removed: boolean }>(
    `select email, removed_at is not null as removed from testers where agreement = $1 and of_year = $2
      order by removed_at is null, invited_at`,
    [agreement, ofYear],
  );
  return rows.findLast((one) => addressKey(one.email) === addressKey(email))?.removed === true;
}

/** Invites somebody; who is invited already, by the same address, is given as they are. */
export async function inviteTester(
  tx: Queryable,
  agreement: string,
  ofYear: number,
  { at, ...tester }: Omit<Tester, 'id'> & { at: Instant },
): Promise<{ tester: Tester; isNew: boolean }> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 2))', [agreement]);
  const known = (await listTesters(tx, agreement, ofYear)).find(
    ({ email }) => addressKey(email) === addressKey(tester.email),
  );
  if (known) return { tester: known, isNew: false };
  const [added] = await tx.query<Tester>(
    `insert into testers (agreement, of_year, id, name, email, language, processes, invited_by, invited_at)
     select $1, $2, 'tester-' || (1 + count(*)), $3, $4, $5, $6, $7, $8 from testers where agreement = $1
     returning ${columns}`,
    [
      ...[agreement, ofYear, tester.name, tester.email, tester.language, tester.processes],
      ...[tester.invitedBy, at],
    ],
  );
  return { tester: added!, isNew: true };
}

/** Removes a tester, whose link then opens nothing. @returns false if there is none */
export async function removeTester(
  tx: Queryable,
  agreement: string,
  { id, at }: { id: string; at: Instant },
): Promise<boolean> {
  const removed = await tx.query(
    'update testers set removed_at = $3 where agreement = $1 and id = $2 and removed_at is null returning id',
    [agreement, id, at],
  );
  return removed.length > 0;
}

/** Names of all who test or have tested for an agreement, by id. */
export async function testerNames(db: Queryable, agreement: string): Promise<Record<string, string>> {
  const rows = await db.query<Pick<Tester, 'id' | 'name'>>(
    'select id, name from testers where agreement = $1',
    [agreement],
  );
  return Object.fromEntries(rows.map(({ id, name }) => [id, name]));
}
