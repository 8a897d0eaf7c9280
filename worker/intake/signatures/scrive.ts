/**
 * Scrive does not sign its callbacks. The address that it calls ends with a secret, and the document is always fetched
 * from Scrive itself.
 */
import type { Arriving, Refusal, Verifier } from './verify';
import { anyEqual, megabytes, notGenuine, nothing, unreadable } from './verify';

function refuseEarly({ secret, keys }: Arriving): Refusal | undefined {
  const expected = { sv: 'en av våra hemligheter i slutet av adressen', en: 'one of our secrets at its end' };
  if (secret === undefined || secret === '')
    return {
      ...notGenuine('address', expected, nothing),
      told: 'the address lacks its secret: /signings/scrive/<secret>',
    };
  if (anyEqual(keys, [secret])) return undefined;
  return notGenuine('address', expected, { sv: 'en annan', en: 'another' });
}

export const scrive: Verifier = {
  mediaType: 'application/x-www-form-urlencoded',
  mostBytes: megabytes(1),
  isSignature: () => false,
  refuseEarly,
  refuse: (arrived) => {
    const refusal = refuseEarly(arrived);
    if (refusal) return refusal;
    const document = new URLSearchParams(arrived.body.toString('utf8')).get('document_id');
    if (document !== null && document.trim() !== '') return undefined;
    return unreadable('document_id', 'document_id', nothing);
  },
};
