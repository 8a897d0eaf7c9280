/** Verifies that a delivery of a signing service is genuine: what all services share. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { counted } from '../../../rules/engine/basics/counted';
import type { SigningReason } from '../../../rules/engine/signing/signing';
import type { Wording } from '../../../rules/engine/basics/text';
import { expectedFound } from '../../../rules/engine/basics/text';

/** What is known of a delivery before its body is read. */
export interface Arriving {
  headers: IncomingHttpHeaders;
  /** The end of its address, for a service that proves itself by a secret there. */
  secret?: string | undefined;
  /** The current keys; any of them is accepted. */
  keys: readonly string[];
  /** Milliseconds since 1970. */
  now: number;
}

export interface Arrived extends Arriving {
  /** As it came, byte for byte. */
  body: Buffer;
}

/** Why a delivery is refused. The reason is for us alone; the sender gets a status and a few words. */
export interface Refusal {
  /** 401: not proved genuine; 400: it does not say which document it is about. */
  status: 401 | 400;
  reason: SigningReason;
  /** Text for the sender instead of the usual one. */
  told?: string;
}

/** What one service sends, and how it is verified. */
export interface Verifier {
  mediaType: 'application/json' | 'application/x-www-form-urlencoded';
  /** Most bytes of a body. */
  mostBytes: number;
  /** Whether a header, in lower case, is part of the proof. */
  isSignature(name: string): boolean;
  /** Checks a delivery before its body is read. */
  refuseEarly(arriving: Arriving): Refusal | undefined;
  /** Checks a delivery with its whole body. */
  refuse(arrived: Arrived): Refusal | undefined;
}

export const megabytes = (count: number): number => count * 1024 * 1024;

/** A refusal with status 401: the delivery is not proved genuine. */
export function notGenuine(about: string, expected: Wording, found: Wording): Refusal {
  return { status: 401, reason: { about, message: expectedFound(expected, found) } };
}

/** A refusal with status 400: the delivery holds nothing that can be used. */
export function unreadable(about: string, expected: Wording, found: Wording): Refusal {
  const message = expectedFound(expected, found);
  return { status: 400, reason: { about, message }, told: message.en };
}

/** Whether any given value equals any expected one, compared in constant time. */
export function anyEqual(expected: readonly string[], given: readonly string[]): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const wanted = expected.map(digest);
  let found = false;
  for (const each of given.map(digest))
    for (const one of wanted) if (timingSafeEqual(each, one)) found = true;
  return found;
}

/** Words for how many signatures and keys were compared. */
export const compared = (signatures: number, keys: number): { sv: string; en: string } => ({
  sv: `${counted(signatures, ['signatur', 'signaturer'])} som ingen av ${counted(keys, ['nyckel', 'nycklar'])} ger`,
  en: `${counted(signatures, ['signature', 'signatures'])} that none of ${counted(keys, ['key', 'keys'])} gives`,
});

export const nothing = { sv: 'ingen', en: 'none' };
