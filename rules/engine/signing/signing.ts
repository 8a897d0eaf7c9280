/** A document as a signing service tells of it, in one form for all services. */
import type { Instant } from '../contract/contract';
import type { Text } from '../basics/text';

/** Where signed contracts come from; `signed` is our own form, for every other system. */
export const signingServices = ['docusign', 'scrive', 'oneflow', 'signed'] as const;
export type SigningService = (typeof signingServices)[number];

/** What happened to a document. Only a completed one starts anything. */
export type SigningOutcome = 'completed' | 'declined' | 'voided' | 'expired' | 'other';

/** A value that somebody typed or chose in the document, under the name that the document gives it. */
export interface SigningField {
  name: string;
  /** A second name under which it is known, where the service gives one (Oneflow's external key). */
  key?: string;
  /** Which of several companies on the other side it is about, counted from 1. */
  company?: number;
  value: string;
}

export interface Signer {
  name: string;
  email: string;
  signedAt?: Instant;
}

/** A paper that came along with the delivery itself. */
export interface EnclosedFile {
  kind: 'contract' | 'certificate';
  name: string;
  mediaType: string;
  base64: string;
}

/** One document as its service tells of it. */
export interface SigningDocument {
  service: SigningService;
  /** The service's own id of it; the same in every delivery about it. */
  document: string;
  outcome: SigningOutcome;
  /** The service's own word for the outcome. */
  status: string;
  title?: string;
  completedAt?: Instant;
  fields: SigningField[];
  signers: Signer[];
  /** True if a private person signs on the other side, and no company does. */
  privatePerson?: true;
  /** Only `signed`: the contract as it stands in the body. */
  contract?: unknown;
  files: EnclosedFile[];
}

/** Why something cannot be used: what was expected, what was found, and where. */
export interface SigningReason {
  /** `contract.hourBank.hours`, a field's name, or nothing if it is about the whole. */
  about?: string;
  message: Text;
}

/** What was read, or why it could not be. */
export type Read<T> = { value: T } | { reasons: SigningReason[] };
