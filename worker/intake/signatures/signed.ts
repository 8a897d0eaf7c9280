/**
 * Our own form: `Serviceavtal-Signature: t=<unix seconds>,v1=<hex>[,v1=<hex>…]`, HMAC-SHA256 of `<t>.<body>`, one `v1`
 * for each key that the sender signs with.
 */
import { createHmac } from 'node:crypto';
import type { Arriving, Verifier } from './verify';
import { anyEqual, compared, megabytes, notGenuine, nothing } from './verify';

export const signatureHeader = 'serviceavtal-signature';
/** Seconds that a signature's time may differ from our clock. */
export const signatureWindow = 300;

const shape = /^t=(0|[1-9]\d{0,11})((?:,v1=[0-9a-fA-F]{64}){1,10})$/;
const about = 'Serviceavtal-Signature';
const form = 't=<seconds>,v1=<64 hex>[,v1=<64 hex>]';

/** Parses the header. @returns undefined unless it has exactly the expected form */
function readHeader({ headers }: Pick<Arriving, 'headers'>): { t: string; v1: string[] } | undefined {
  const [, t = '', v1 = ''] = shape.exec(String(headers[signatureHeader] ?? '')) ?? [];
  if (t === '') return undefined;
  return {
    t,
    v1: v1
      .toLowerCase()
      .split(',v1=')
      .filter((each) => each !== ''),
  };
}

export const signed: Verifier = {
  mediaType: 'application/json',
  mostBytes: megabytes(10),
  isSignature: (name) => name === signatureHeader,
  refuseEarly: (arriving) => {
    if (arriving.headers[signatureHeader] === undefined) return notGenuine(about, form, nothing);
    if (readHeader(arriving)) return undefined;
    return notGenuine(about, form, { sv: 'något annat', en: 'something else' });
  },
  refuse: (arrived) => {
    const header = readHeader(arrived);
    if (!header) return signed.refuseEarly(arrived);
    const { keys, body, now } = arrived;
    const { t, v1 } = header;
    const ours = keys.map((key) => createHmac('sha256', key).update(`${t}.`).update(body).digest('hex'));
    if (!anyEqual(ours, v1))
      return notGenuine(
        about,
        { sv: 'en signatur med en av våra nycklar', en: 'a signature by one of our keys' },
        compared(v1.length, keys.length),
      );
    // The time is checked last: in a forged delivery it means nothing.
    const behind = Math.round(now / 1_000) - Number(t);
    if (Math.abs(behind) <= signatureWindow) return undefined;
    return notGenuine(
      about,
      {
        sv: `en tid inom ${signatureWindow} s från vår klocka`,
        en: `a time within ${signatureWindow} s of our clock`,
      },
      behind > 0
        ? { sv: `en som är ${behind} s gammal`, en: `one that is ${behind} s old` }
        : { sv: `en som ligger ${-behind} s framåt`, en: `one that is ${-behind} s ahead` },
    );
  },
};
