/** Who is invoiced, by a contract. */
import { hasCheckDigit } from '../basics/org-number';
import { joined } from '../basics/text';
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

/** What an e-invoice would be refused for, and which of what it says is wrong. */
export interface BillingProblem<F extends string = 'reference' | 'orgNumber'> {
  about: F;
  message: Text;
}

/**
 * What an e-invoice to a company would be refused for: it names no reference of the buyer's, or an organisation number whose check
 * digit is wrong. No new contract is signed with such a number, but one that another contract has is known and taken.
 */
export const billingProblems = ({ reference, orgNumber }: BilledTo): BillingProblem[] => [
  ...(reference === undefined ? [{ about: 'reference' as const, message: noReference }] : []),
  ...(hasCheckDigit(orgNumber) ? [] : [{ about: 'orgNumber' as const, message: wrongDigit(orgNumber) }]),
];

/** The same of a contract, each with its place there. */
export const eInvoiceProblems = (contract: Billed): BillingProblem<string>[] =>
  billingProblems(billedTo(contract)).map(({ about, message }) => ({
    about: `${contract.billTo ? 'billTo' : 'customer'}.${about}`,
    message,
  }));

/** The same as sentences that name the agreement. */
export const eInvoiceWarnings = (contract: Billed): Text[] =>
  eInvoiceProblems(contract).map(({ about, message }) =>
    joined(`${contract.agreement}: `, message, ` (${about})`),
  );

const noReference = {
  sv: 'er referens saknas; en e-faktura utan den avvisas',
  en: 'there is no reference of the buyer; an e-invoice without it is refused',
};

const wrongDigit = (orgNumber: string): Text => ({
  sv: `sista siffran i organisationsnumret ${orgNumber} stämmer inte med de andra; en e-faktura dit avvisas`,
  en: `the last digit of the organisation number ${orgNumber} does not fit the others; an e-invoice there is refused`,
});
