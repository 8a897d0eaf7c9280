/** Who is invoiced, by a contract. */
import type { Text } from '../basics/text';
import type { Contract } from '../contract/contract';

type Billed = Pick<Contract, 'agreement' | 'customer' | 'billTo'>;

/** What an invoice says of the company that it goes to. */
export interface BilledTo {
  name: string;
  orgNumber: string;
  /** Its number in the ERP. */
  number?: string;
  reference?: string;
  costCentre?: string;
}

/** The company that the contract names for its invoices, or the customer. */
export function billedTo({ customer, billTo }: Billed): BilledTo {
  const { name, orgNumber, number = billTo ? undefined : numberIn(customer.id) } = billTo ?? customer;
  const { reference = customer.reference } = billTo ?? customer;
  const { costCentre } = customer;
  return {
    ...{ name, orgNumber },
    ...(number !== undefined && { number }),
    ...(reference !== undefined && { reference }),
    ...(costCentre !== undefined && { costCentre }),
  };
}

/** A customer's id that is a number is the one that the ERP gave. */
const numberIn = (id: string): string | undefined => (/^\d+$/.test(id) ? id : undefined);

/**
 * What an e-invoice of a contract would be refused for, besides a wrong organisation number, which no contract is signed with: it
 * names no reference of the buyer's.
 */
export function missingReference(contract: Billed): Text | undefined {
  if (billedTo(contract).reference !== undefined) return undefined;
  const { agreement } = contract;
  return {
    sv: `${agreement}: er referens saknas (customer.reference); en e-faktura utan den avvisas`,
    en: `${agreement}: there is no reference of the buyer (customer.reference); an e-invoice without it is refused`,
  };
}
