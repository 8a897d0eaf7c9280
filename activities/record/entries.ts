/** What the record outside of the database holds. Addresses and subjects are kept as hashes. */
import { createHash } from 'node:crypto';
import type { Instant, LocalDate } from '../../rules/engine/contract/contract';

/** A mail that is handed to the mail server, and that the server took. */
export interface RecordedMail {
  kind: 'mail';
  /** `sending` before it is handed over; `sent` once it is taken; `kept` where the server did not take it. */
  state: 'sending' | 'sent' | 'kept';
  key: string;
  agreement: string | null;
  /** Id of the contact, and the hash of the address. */
  contact: string;
  recipient: string;
  /** Hash of the subject. */
  subject: string;
  asOf: Instant;
  /** Names it beside its key, which may hold a number that a restored database gives to another mail. */
  once?: string;
}

/** A message that an agreement took or refused, by its place in the journal. */
export interface RecordedMessage {
  kind: 'message';
  agreement: string;
  year: number;
  /** In the journal of that year. */
  id: string;
  at: Instant;
  name: string;
  taken: boolean;
  /** What was sent, as it came; `bytes` instead where that was too much. */
  input?: unknown;
  bytes?: number;
}

export interface RecordedHours {
  kind: 'hours';
  agreement: string;
  id: string;
  number: number;
  action: string;
  /** Whole seconds. */
  seconds?: number;
  on?: LocalDate;
  ref?: string;
  at: Instant;
}

export interface RecordedBasis {
  kind: 'invoice';
  /** As `U-2027-00042`. */
  number: string;
  agreement: string;
  month: string;
}

/** The record was opened by a process; lines that were to be written since `since` are not there. */
export type RecordedOpening = { kind: 'opened' };
export interface RecordedGap {
  kind: 'gap';
  since: Instant;
  lost: number;
}

export type RecordEntry =
  RecordedMail | RecordedMessage | RecordedHours | RecordedBasis | RecordedOpening | RecordedGap;

/** A line: an entry, and when it was written. */
export type RecordLine = RecordEntry & { written: Instant };

/** Keeps entries outside of the database. */
export interface RecordKeeper {
  /** Resolves when they are on the disk, or when it is known that they cannot be; never rejects. */
  append(entries: readonly RecordEntry[]): Promise<void>;
}

/** Hash by which an address or a subject is recognised and not read. */
export const hashOf = (text: string): string =>
  createHash('sha256').update(text.trim().toLowerCase()).digest('hex').slice(0, 24);
