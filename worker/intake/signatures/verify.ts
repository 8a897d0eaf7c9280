/** How a delivery of a signing service shows that it is genuine. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { SigningReason } from '../../../rules/engine/signing/signing';
import type { Wording } from '../../../rules/engine/basics/text';
import { expectedFound } from '../../../rules/engine/basics/text';

/** What is known of a delivery before its body is read. */
export interface Arriving {
  headers: IncomingHttpHeaders;
  /** What stands at the end of its address, where a service proves itself by that. */
  secret?: string | undefined;
  /** The keys of today; any of them will do. */
  keys: readonly string[];
  /** Milliseconds since 1970. */
  now: number;
}

export interface Arrived extends Arriving {
  /** As it came, byte for byte. */
  body: Buffer;
}

/** Why a delivery is not taken: the reason is for us alone, whoever sent it hears a status and a few words. */
export interface Refusal {
  /** 401: not shown to be genuine; 400: it does not say which document it is about. */
  status: 401 | 400;
  reason: SigningReason;
  /** What the sender is told instead of the usual. */
  told?: string;
}

/** What one service sends, and how it is known. */
export interface Verifier {
  mediaType: 'application/json' | 'application/x-www-form-urlencoded';
  /** Bytes of a body. */
  mostBytes: number;
  /** Headers that show whether it is genuine, in lower case. */
  isSignature(name: string): boolean;
  /** What is wrong already before the body is read. */
  refuseEarly(arriving: Arriving): Refusal | undefined;
  /** What is wrong with a delivery that was read whole. */
  refuse(arrived: Arrived): Refusal | undefined;
}

export const megabytes = (count: number): number => count * 1024 * 1024;

/** A refusal of what is not genuine. */
export function notGenuine(about: string, expected: Wording, found: Wording): Refusal {
  return { status: 401, reason: { about, message: expectedFound(expected, found) } };
}

/** A refusal of what says nothing that can be used. */
export function unreadable(about: string, expected: Wording, found: Wording): Refusal {
  const message = expectedFound(expected, found);
  return { status: 400, reason: { about, message }, told: message.en };
}

/** Whether any of what was given is what was expected. How long it takes tells nothing of how near it came. */
export function anyEqual(expected: readonly string[], given: readonly string[]): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const wanted = expected.map(digest);
  let found = false;
  for (const each of given.map(digest))
    for (const one of wanted) if (timingSafeEqual(each, one)) found = true;
  return found;
}

/** For how many keys and signatures were compared. */
export const compared = (signatures: number, keys: number): { sv: string; en: string } => ({
  sv: `${signatures} ${signatures === 1 ? 'signatur' : 'signaturer'} som ingen av ${keys} ${keys === 1 ? 'nyckel' : 'nycklar'} ger`,
  en: `${signatures} ${signatures === 1 ? 'signature' : 'signatures'} that none of ${keys} ${keys === 1 ? 'key' : 'keys'} gives`,
});

export const nothing = { sv: 'ingen', en: 'none' };
