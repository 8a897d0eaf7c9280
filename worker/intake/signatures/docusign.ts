/**
 * DocuSign Connect: HMAC-SHA256 of the body in base64, one header `X-DocuSign-Signature-<n>` for each key that is
 * active there. The key is the text that DocuSign shows, not what its base64 stands for.
 */
import { createHmac } from 'node:crypto';
import type { Verifier } from './verify';
import { anyEqual, compared, megabytes, notGenuine, nothing } from './verify';

const isSignature = (name: string): boolean => /^x-docusign-signature-\d{1,3}$/.test(name);
const about = 'X-DocuSign-Signature-1';
/** DocuSign signs with at most this many keys. */
const mostSignatures = 100;
const expected = { sv: 'en signatur med en av våra nycklar', en: 'a signature by one of our keys' };

export const docusign: Verifier = {
  mediaType: 'application/json',
  mostBytes: megabytes(10),
  isSignature,
  refuseEarly: ({ headers }) =>
    Object.keys(headers).some(isSignature) ? undefined : notGenuine(about, expected, nothing),
  refuse: ({ headers, keys, body }) => {
    // Node joins two headers of the same name with a comma.
    const given = Object.keys(headers)
      .filter(isSignature)
      .flatMap((name) => String(headers[name]).split(','))
      .map((each) => each.trim());
    if (given.length > mostSignatures)
      return notGenuine(
        about,
        { sv: `högst ${mostSignatures} signaturer`, en: `at most ${mostSignatures} signatures` },
        String(given.length),
      );
    const ours = keys.map((key) => createHmac('sha256', key).update(body).digest('base64'));
    return anyEqual(ours, given)
      ? undefined
      : notGenuine(about, expected, compared(given.length, keys.length));
  },
};
