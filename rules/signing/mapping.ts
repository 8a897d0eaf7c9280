/** `rules/signing/<service>.json`: where in a signed document each value of our contract stands. */
import type { Contract, Finding, LocalDate, Person } from '../contract';
import type { Read, SigningDocument, SigningService } from './signing';

/** A mapping file, read and checked. */
export interface SigningMapping {
  service: SigningService;
  /** Who is mailed when a document cannot be mapped. */
  manager: Person;
  /** Shaped as the contract; its leaves are values, or say which field of the document holds them. */
  contract: unknown;
}

/** What a document gives. */
export interface MappedSigning {
  contract: Contract;
  /** The day from which an amendment shall hold, where the document says one. */
  from?: LocalDate;
}

/** Reads a mapping file's text. @returns the mapping, or all that is wrong with it */
export function readMapping(_text: string, _file: string): { mapping?: SigningMapping; findings: Finding[] } {
  throw new Error('not here yet');
}

/** The contract that a document gives, or everything it lacks. */
export function mapSigning(_mapping: SigningMapping, _document: SigningDocument): Read<MappedSigning> {
  throw new Error('not here yet');
}
