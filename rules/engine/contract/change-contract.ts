import { addressKey } from '../basics/mail-address';
import { rightsOrgNumber } from '../basics/org-number';
import type { Contract, CustomerContact } from './contract';

/** One difference between two versions of a contract. */
export interface ContractChange {
  /** As `hourBank.hours`; items of lists by their id: `integrations.webshop.name`. */
  path: string;
  /** `undefined` if it was not there before, or is not there after. */
  from: unknown;
  to: unknown;
  /** False if it takes an amendment: a new signature. */
  allowed: boolean;
}

/**
 * Paths that may change without a new signature: none of them is a price, a date or the identity of a party. Who in the customer's group
 * gets the invoices is none either.
 */
const free = [
  ...['contacts', 'systems', 'integrations', 'monitors', 'customer.name', 'customer.language'],
  ...['customer.number', 'customer.reference', 'customer.costCentre', 'customer.industry', 'billTo'],
];

/**
 * All that differs between two versions of a contract, in the order of the paths. Contacts without an id
 * are matched as `assignContactIds` does.
 */
export function diffContract(before: Contract, after: Contract): ContractChange[] {
  const withIds = assignContactIds(before);
  return differences('', withIds, assignContactIds(after, withIds))
    .map((change) => ({
      ...change,
      allowed: free.some((path) => `${change.path}.`.startsWith(`${path}.`)) || isNumberRighted(change),
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

const isNumberRighted = ({ path, from, to }: Omit<ContractChange, 'allowed'>): boolean =>
  path === 'customer.orgNumber' && rightsOrgNumber(String(from), String(to));

/**
 * A contract with some differences applied one by one; all else stays, also what has changed in the meantime.
 * A difference about a list's item that is no longer there changes nothing.
 */
export function applyContractChanges(
  contract: Contract,
  changes: readonly Pick<ContractChange, 'path' | 'to'>[],
): Contract {
  return changes.reduce<unknown>(
    (changed, { path, to }) => withValue(changed, path.split('.'), to),
    assignContactIds(contract),
  ) as Contract;
}

function withValue(holder: unknown, [key = '', ...rest]: string[], to: unknown): unknown {
  const place = fields(holder) ?? new Map<string, unknown>();
  const value = rest.length === 0 ? to : withValue(place.get(key), rest, to);
  if (rest.length > 0 && !place.has(key)) return holder;
  if (value === undefined) place.delete(key);
  else place.set(key, value);
  return Array.isArray(holder) ? [...place.values()] : Object.fromEntries(place);
}

function differences(path: string, from: unknown, to: unknown): Omit<ContractChange, 'allowed'>[] {
  const [left, right] = [fields(from), fields(to)];
  if (left === undefined || right === undefined)
    return JSON.stringify(from) === JSON.stringify(to) ? [] : [{ path, from, to }];
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((key) =>
    differences(path === '' ? key : `${path}.${key}`, left.get(key), right.get(key)),
  );
}

/** An object's properties, or a list's items by their id; nothing for plain values. */
function fields(value: unknown): Map<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!Array.isArray(value)) return new Map(Object.entries(value));
  return new Map(value.map((item: { id?: string }, index) => [item.id ?? String(index), item]));
}

/**
 * Gives every customer contact an id that is stable for the life of the agreement: its own, else that of the
 * contact with the same address in `previous`, else that of the one with the same name, else a new `contact-N`.
 * A new number is higher than all before, so that nobody inherits the mails of somebody who left.
 */
export function assignContactIds(contract: Contract, previous?: Contract): Contract {
  const contacts = contract.contacts.customer;
  const known = previous?.contacts.customer ?? [];
  const ids: (string | undefined)[] = contacts.map((contact) => contact.id);
  const taken = new Set(ids);
  for (const sameOne of [sameEmail, sameName])
    contacts.forEach((contact, index) => {
      if (ids[index] !== undefined) return;
      const match = known.find((old) => old.id !== undefined && !taken.has(old.id) && sameOne(old, contact));
      ids[index] = match?.id;
      taken.add(match?.id);
    });
  let last = Math.max(0, ...[...ids, ...known.map((old) => old.id)].map(contactNumber));
  const customer = contacts.map((contact, index) => ({ ...contact, id: ids[index] ?? `contact-${++last}` }));
  return { ...contract, contacts: { ...contract.contacts, customer } };
}

/** The id of one of the customer's contacts; one without is known by its place, counted from 1. */
export function contactId({ id }: CustomerContact, index: number): string {
  return id ?? `contact-${index + 1}`;
}

function sameEmail(a: CustomerContact, b: CustomerContact): boolean {
  return addressKey(a.email) === addressKey(b.email);
}

function sameName(a: CustomerContact, b: CustomerContact): boolean {
  return a.name.trim().toLowerCase() === b.name.trim().toLowerCase();
}

function contactNumber(id: string | undefined): number {
  return Number(/^contact-(\d{1,9})$/.exec(id ?? '')?.[1] ?? 0);
}
