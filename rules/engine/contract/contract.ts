/**
 * The contract as it is signed: what `examples/*.json` hold and `contract.schema.json` describes.
 * Dates are local calendar dates in Europe/Stockholm, `YYYY-MM-DD`.
 */
import type { Language } from '../basics/text';
import type { Check } from './monitor';

/** A calendar date in Europe/Stockholm, `YYYY-MM-DD`. ISO dates compare correctly as strings. */
export type LocalDate = string;

/** An absolute instant, ISO 8601 in UTC with milliseconds: `2027-02-15T09:00:00.000Z`. */
export type Instant = string;

/** What a customer's contact answers for; decides which mails reach them (term `notices.recipients`). */
export const contactRoles = ['management', 'system-owner', 'finance', 'tester'] as const;
export type ContactRole = (typeof contactRoles)[number];
/** Those who see prices and order hours. */
export const moneyRoles: ContactRole[] = ['management', 'finance'];

/** What a customer can ask for on the page of the agreement: a meeting, another time of one, a contact to be put right. */
export const askKinds = ['meeting', 'time', 'contact'] as const;
export type AskKind = (typeof askKinds)[number];

/** Who has to act, or who a mail goes to. */
export const parties = ['consultant', 'manager', 'support', 'customer'] as const;
export type Party = (typeof parties)[number];

/** Somebody at the customer who receives mail. `id` is stable for the life of the agreement. */
export interface CustomerContact {
  /** Optional in the file; `sign` gives one (`contact-1`, …) and keeps it when the contact changes. */
  id?: string;
  name: string;
  email: string;
  /** At least one, each once. */
  roles: ContactRole[];
}

/** Somebody on our side. */
export interface Person {
  name: string;
  email: string;
  /** A number of ours: told where people are asked to call. */
  phone?: string;
}

/** An integration that the upgrade has to check, and who is responsible for it. */
export interface Integration {
  id: string;
  name: string;
  /** `supplier`: we are responsible and upgrade it; `customer` or `partner`: we check it together. */
  owner: 'supplier' | 'customer' | 'partner';
  /** As installed. */
  version?: string;
  /** Whom at the partner we ask when the system is upgraded; only where the owner is a partner. */
  contact?: PartnerContact;
}

/** Somebody at a partner, who is no contact of the customer. */
export interface PartnerContact {
  name: string;
  email: string;
  language: Language;
}

/** A system as it is installed. */
export interface InstalledSystem {
  version: string;
  /** Versions of its components, by the ids that releases use. */
  components?: Record<string, string>;
  /** Ids of the modules that the customer uses; without them all are taken for used. */
  modules?: string[];
}

/** What an invoice says of the company that it goes to. */
interface InvoiceParty {
  /** Its number in the ERP. */
  number?: string;
  /** The buyer's reference. */
  reference?: string;
}

export interface Contract {
  agreement: string;
  level: string;
  /** `orgNumber` as 556000-0001. */
  customer: { id: string; name: string; orgNumber: string; language: Language } & InvoiceParty & {
      /** The customer's cost centre, told on invoices. */
      costCentre?: string;
      /** Decides which news of releases concern it. */
      industry?: string;
    };
  /** A company of the group that is invoiced in place of the customer. */
  billTo?: { name: string; orgNumber: string } & InvoiceParty;
  signedOn: LocalDate;
  startsOn: LocalDate;
  contacts: {
    customer: CustomerContact[];
    /** `id` names the dedicated consultant where no name may stand: in Temporal's search attributes. */
    consultant: Person & { id?: string };
    manager: Person;
    support: Person;
  };
  hourBank: {
    /** Hours a year; at most two decimals. */
    hours: number;
    /**
     * Ordinary price per hour fixed in the contract, in whole currency units with at most two decimals, before
     * discount. Without it the ordinary price of consulting holds (`prices.json`).
     */
    hourlyRate?: number;
    currency: string;
    /** Overrides the discount of the terms (the clause leaves it blank). */
    discountPercent?: number;
  };
  systems: Record<string, InstalledSystem>;
  integrations: Integration[];
  /** What is to be watched. */
  monitors: Check[];
}
