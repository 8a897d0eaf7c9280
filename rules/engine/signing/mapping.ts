/** `rules/signing/<service>.json`: where in a signed document each value of our contract stands. */
import type { Contract, LocalDate, Person } from '../contract/contract';
import type { Text } from '../basics/text';
import type { Kind } from './convert';
import type { SigningService } from './signing';

/** A mapping file, read and checked. */
export interface SigningMapping {
  service: SigningService;
  /** Who is mailed when a document cannot be mapped. */
  manager: Person;
  /** What makes a document a service agreement: other things are signed with the same account. */
  document?: { when: Condition[] };
  /** Where the day stands from which an amendment shall hold. */
  from?: Lookup;
  /** Shaped as the contract; its leaves are values, or say which field of the document holds them. */
  contract: unknown;
}

/** Where something stands: in a field, or in what the service says of the document. */
export interface Source {
  field?: string;
  /** `completedOn`, `document`, `title`, `signer.<number>.name`, `signer.<number>.email`. */
  signing?: string;
}

/** A leaf of the mapping. */
export interface Lookup extends Source {
  /** How the text is read; as the contract's schema asks unless told. */
  as?: Kind;
  /** What may follow a number. */
  units?: string[];
  /** The contract's value for each choice in the document. */
  choices?: Record<string, unknown>;
  /** The value if there is none in the document. */
  default?: unknown;
  /** Left out if there is none in the document. */
  optional?: true;
}

/** That a field, or the title, reads as one of several; `*` stands for any characters. */
export interface Condition extends Source {
  is: string[];
}

/** What a document gives. */
export interface MappedSigning {
  contract: Contract;
  /** The day from which an amendment shall hold, where the document says one. */
  from?: LocalDate;
}

/** A document that is no service agreement, with why. */
export interface NotOurs {
  notOurs: Text;
}
