/** What people are called whom results of an upgrade name by their id. */
import { contactId } from '../../rules/engine/contract/change-contract';
import type { Contract, CustomerContact } from '../../rules/engine/contract/contract';

/** The name of a contact by its id. */
export const contactName = (contacts: readonly CustomerContact[], id: string): string | undefined =>
  contacts.find((one, index) => contactId(one, index) === id)?.name;

/** The name of a contact of the customer's, of the consultant or of the manager; what was written where it is nobody's id. */
export function personOf({ customer, consultant, manager }: Contract['contacts'], by: string): string {
  if (by === 'manager') return manager.name;
  if (by === 'consultant' || by === consultant.id) return consultant.name;
  return contactName(customer, by) ?? by;
}
