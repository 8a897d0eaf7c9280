/** `rules/signing/<service>.json`: where in a signed document each value of the contract is found. */
import type { Contract, LocalDate, Person } from '../contract/contract';
import type { Text } from '../basics/text';
import type { Kind } from './convert';
import type { SigningService } from './signing';

/** A mapping file, read and checked. */
export interface SigningMapping {
  service: SigningService;
  /** Who is mailed when a document cannot be mapped. */
  manager: Person;
  /** Which documents are service agreements: others are signed with the same account. */
  document?: { when: Condition[] };
  /** Where to find the day from which an amendment shall hold. */
  from?: Lookup;
  /** Where to find which of several companies on the other side is the customer: its name or organisation number. */
  counterpart?: Lookup;
  /** Has the form of a contract; its leaves are values, or say which field of the document holds them. */
  contract: unknown;
}

/** Where to find a text: in a field, or in what the service itself says of the document. */
export interface Source {
  field?: string;
  /** `completedOn`, `document`, `title`, `signer.<number>.name`, `signer.<number>.email`. */
  signing?: string;
}

/** A leaf of the mapping. */
export interface Lookup extends Source {
  /** How the text is read; if absent, as the contract's schema asks. */
  as?: Kind;
  /** Units that may follow a number. */
  units?: string[];
  /** The contract's value for each choice in the document. */
  choices?: Record<string, unknown>;
  /** The value if the document has none. */
  default?: unknown;
  /** Left out if the document has none. */
  optional?: true;
}

/** A condition that a text of the document is one of several; `*` stands for any characters. */
export interface Condition extends Source {
  is: string[];
}

/** The contract that a document gives. */
export interface MappedSigning {
  contract: Contract;
  /** The day from which an amendment shall hold, if the document names one. */
  from?: LocalDate;
}

/** Why a document is no service agreement. */
export interface NotOurs {
  notOurs: Text;
}
