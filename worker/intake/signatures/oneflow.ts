/**
 * Oneflow: a JSON body with `signature`, the SHA-1 of `callback_id` followed by the sign key. The signature does not
 * cover the rest of the body, so the contract is always fetched from Oneflow itself.
 */
import { createHash } from 'node:crypto';
import { isObject } from '../../../rules/engine/signing/payload';
import { readPayload } from '../../../rules/engine/signing/read-payload';
import type { Arrived, Refusal, Verifier } from './verify';
import { anyEqual, compared, megabytes, notGenuine, nothing, unreadable } from './verify';

const object = { sv: 'ett JSON-objekt i UTF-8', en: 'a JSON object in UTF-8' };

const noObject = unreadable('', object, { sv: 'något annat', en: 'something else' });

/** The body as a JSON object, or why it is none. */
function readObject(body: Buffer): { given: Record<string, unknown> } | { refusal: Refusal } {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return { refusal: noObject };
  }
  const read = readPayload(text);
  if ('reasons' in read) {
    const twice = read.reasons.find(({ about }) => about !== undefined);
    return {
      refusal: twice === undefined ? noObject : { status: 400, reason: twice, told: twice.message.en },
    };
  }
  return isObject(read.value) ? { given: read.value } : { refusal: noObject };
}

/** An id as a text, whether it came as one or as a number. */
function idOf(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Id of the contract that a body is about. */
function contractOf({ contract }: Record<string, unknown>): string | undefined {
  return typeof contract === 'object' && contract !== null
    ? idOf((contract as { id?: unknown }).id)
    : undefined;
}

function refuse({ keys, body }: Arrived): Refusal | undefined {
  const read = readObject(body);
  if ('refusal' in read) return read.refusal;
  const { given } = read;
  const callback = idOf(given.callback_id);
  if (callback === undefined || typeof given.signature !== 'string')
    return notGenuine(
      'signature',
      { sv: 'callback_id och signature', en: 'callback_id and signature' },
      nothing,
    );
  const ours = keys.map((key) => createHash('sha1').update(`${callback}${key}`).digest('hex'));
  if (!anyEqual(ours, [given.signature.toLowerCase()]))
    return notGenuine(
      'signature',
      { sv: 'en signatur med en av våra nycklar', en: 'a signature by one of our keys' },
      compared(1, keys.length),
    );
  return contractOf(given) === undefined ? unreadable('contract.id', 'contract.id', nothing) : undefined;
}

export const oneflow: Verifier = {
  mediaType: 'application/json',
  mostBytes: megabytes(1),
  isSignature: () => false,
  refuseEarly: () => undefined,
  refuse,
};
