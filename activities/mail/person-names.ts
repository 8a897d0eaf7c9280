/** Names of those who did work: whoever reported it may have written an address, a user name or a party. */
import { addressKey } from '../../rules/engine/basics/mail-address';
import { contactId } from '../../rules/engine/contract/change-contract';
import type { Contract, LocalDate, Person } from '../../rules/engine/contract/contract';
import type { Queryable } from '../db';

interface Known extends Person {
  id?: string | null;
}

/**
 * Finds what to call those who did work.
 *
 * @param by as they were written: an address, an id, the part of an address of ours before the `@`, a party, or a name
 * @returns the name of whoever is meant on a day; what was written where that is nobody, or several
 */
export async function findNames(
  db: Queryable,
  contract: Contract,
  by: readonly string[],
): Promise<(by: string, on: LocalDate) => string> {
  const { customer, contacts } = contract;
  const consultantOn = await consultants(db, contract);
  const ours: Known[] = [contacts.consultant, contacts.manager, contacts.support];
  const theirs = contacts.customer.map((contact, index) => ({ ...contact, id: contactId(contact, index) }));
  const known = [...ours, ...theirs];
  const others = await registered(
    db,
    by.filter((each) => /^\S+$/.test(each)),
  );
  return (written, on) => {
    if (written === 'consultant') return consultantOn(on);
    if (written === 'manager' || written === 'support') return contacts[written].name;
    if (written === 'customer') return customer.name;
    const key = addressKey(written);
    const isNamed = ({ id, email }: Known): boolean => id?.toLowerCase() === key || addressKey(email) === key;
    const isUser = ({ email }: Known): boolean => addressKey(email).split('@')[0] === key;
    const ways = [
      known.filter(isNamed),
      others.filter(isNamed),
      ours.filter(isUser),
      others.filter(isUser),
    ].map((found) => [...new Set(found.map(({ name }) => name))]);
    return ways.find((names) => names.length === 1)?.[0] ?? written;
  };
}

/** Who was the agreement's consultant on a day. */
async function consultants(
  db: Queryable,
  { agreement, contacts }: Contract,
): Promise<(on: LocalDate) => string> {
  const changes = await db.query<{ name: string; from: LocalDate }>(
    `select old ->> 'name' as name, from_on as "from" from consultant_changes c join contract_changes k on k.id = change
      where c.agreement = $1 and void_at is null and applied_at is not null order by from_on, c.id`,
    [agreement],
  );
  return (on) => changes.find(({ from }) => from > on)?.name ?? contacts.consultant.name;
}

/** Consultants of all agreements, and those whom they followed, by an id, an address or the beginning of one. */
async function registered(db: Queryable, written: readonly string[]): Promise<Known[]> {
  if (written.length === 0) return [];
  return db.query<Known>(
    `select distinct person ->> 'id' as id, person ->> 'name' as name, person ->> 'email' as email
       from (select contract #> '{contacts,consultant}' as person from agreements
             union all select old from consultant_changes union all select new from consultant_changes) as people
      where lower(person ->> 'id') = any ($1) or lower(person ->> 'email') = any ($1)
         or lower(split_part(person ->> 'email', '@', 1)) = any ($1)`,
    [[...new Set(written.map((each) => each.toLowerCase()))]],
  );
}
