import type { Text } from '../basics/text';
import type { Contract } from '../contract/contract';

/**
 * What an e-invoice of a contract would be refused for, besides a wrong organisation number, which no contract is signed with: it
 * names no reference of the buyer's.
 */
export function missingReference({
  agreement,
  customer,
  billTo,
}: Pick<Contract, 'agreement' | 'customer' | 'billTo'>): Text | undefined {
  if ((billTo?.reference ?? customer.reference) !== undefined) return undefined;
  return {
    sv: `${agreement}: er referens saknas (customer.reference); en e-faktura utan den avvisas`,
    en: `${agreement}: there is no reference of the buyer (customer.reference); an e-invoice without it is refused`,
  };
}
