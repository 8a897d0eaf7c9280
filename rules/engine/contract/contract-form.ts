/** The one form in which a contract is kept, whichever way it was written. */
import { addressKey, asciiAddress, writtenAddress } from '../basics/mail-address';
import { readOrgNumber } from '../basics/org-number';
import type { Contract, ContactRole, CustomerContact, Person } from './contract';

/** A contact as a file may have it: with one `role`, as all had before there were several. */
export type WrittenContact = Omit<CustomerContact, 'roles'> & { role?: ContactRole; roles?: ContactRole[] };

/** A contract by its schema. */
export type WrittenContract = Omit<Contract, 'contacts'> & {
  $schema?: string;
  contacts: Omit<Contract['contacts'], 'customer'> & { customer: WrittenContact[] };
};

/**
 * The contract as it is kept: without `$schema`, each contact with its list of roles, one person once, organisation
 * number and addresses in one form.
 */
export function contractForm({ $schema: _, ...written }: WrittenContract): Contract {
  const { customer, billTo, contacts } = written;
  return {
    ...written,
    customer: withOrgNumber(customer),
    ...(billTo && { billTo: withOrgNumber(billTo) }),
    contacts: {
      customer: eachPersonOnce(contacts.customer.map(contactForm)),
      consultant: withAddress(contacts.consultant),
      manager: withAddress(contacts.manager),
      support: withAddress(contacts.support),
    },
  };
}

const withOrgNumber = <T extends { orgNumber: string }>(company: T): T => ({
  ...company,
  orgNumber: readOrgNumber(company.orgNumber) ?? company.orgNumber,
});

const withAddress = <T extends Person>(person: T): T => ({ ...person, email: writtenAddress(person.email) });

function contactForm({ role, roles, ...contact }: WrittenContact): CustomerContact {
  return { ...withAddress(contact), roles: roles ?? (role === undefined ? [] : [role]) };
}

/** A person who stands in the list once for each role becomes one contact with all of them. */
function eachPersonOnce(contacts: readonly CustomerContact[]): CustomerContact[] {
  return contacts.reduce<CustomerContact[]>((once, contact) => {
    const index = once.findIndex((other) => isSamePerson(other, contact));
    const known = once[index];
    if (known === undefined) return [...once, contact];
    const roles = [...new Set([...known.roles, ...contact.roles])];
    return once.with(index, { ...contact, ...known, roles });
  }, []);
}

/** What tells one contact from another. */
type Identity = Pick<CustomerContact, 'id' | 'name' | 'email'>;

/** Whether two entries of a list are one person: the same address and name, and no two ids. */
export function isSamePerson(one: Identity, other: Identity): boolean {
  const folded = ({ name }: Identity): string =>
    name.normalize('NFC').replace(/\s+/gu, ' ').trim().toLowerCase();
  return (
    addressKey(one.email) === addressKey(other.email) &&
    folded(one) === folded(other) &&
    (one.id === undefined || other.id === undefined)
  );
}

/**
 * The form that a contract is recognised by when it is signed again. It is the form of the time when a contact had one
 * role and a domain was in ASCII, so that what was signed then is recognised too.
 */
export function signedForm(contract: Contract): object {
  const inAscii = <T extends Person>(person: T): T => ({ ...person, email: asciiAddress(person.email) });
  const { customer, consultant, manager, support } = contract.contacts;
  return {
    ...contract,
    contacts: {
      customer: customer.map(({ roles, ...contact }) => ({
        ...inAscii(contact),
        ...(roles.length === 1 ? { role: roles[0] } : { roles }),
      })),
      consultant: inAscii(consultant),
      manager: inAscii(manager),
      support: inAscii(support),
    },
  };
}
