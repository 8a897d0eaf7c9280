/**
 * Mail addresses with letters as å, ä, ö: a domain has two forms, in letters (`åkeri.se`) and in ASCII
 * (`xn--keri-poa.se`), and both are the same address.
 */
import { domainToASCII, domainToUnicode } from 'node:url';

const letter = '\\p{L}\\p{M}\\p{N}';
const local = new RegExp(`^[${letter}!#$%&'*+/=?^_\`{|}~-]+(\\.[${letter}!#$%&'*+/=?^_\`{|}~-]+)*$`, 'u');
const writtenLabel = `[${letter}]([${letter}-]*[${letter}])?`;
const writtenDomain = new RegExp(`^${writtenLabel}(\\.${writtenLabel})+$`, 'u');
const asciiDomain = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/;
/** In ASCII form, as mail servers have it. */
const longest = 254;

/** The parts before and after the last `@`. */
function parts(address: string): [local: string, domain: string] {
  const at = address.lastIndexOf('@');
  return at < 0 ? [address, ''] : [address.slice(0, at), address.slice(at + 1)];
}

/** Whether a text is a mail address alone, as `name@example.com`; letters of any language may stand on both sides. */
export function isMailAddress(text: string): boolean {
  const [name, domain] = parts(text);
  return (
    local.test(name) &&
    writtenDomain.test(domain) &&
    asciiDomain.test(domainToASCII(domain)) &&
    Buffer.byteLength(asciiAddress(text)) <= longest
  );
}

/**
 * The address with its domain in ASCII, as mail servers take it. What stands before the `@` has no such form.
 *
 * @example asciiAddress('Bo@åkeri.se') // 'Bo@xn--keri-poa.se'
 */
export function asciiAddress(address: string): string {
  const [name, domain] = parts(address);
  return isPlain(domain) ? address : `${name}@${domainToASCII(domain) || domain}`;
}

/**
 * The address as it is kept: a domain with letters as å in letters, however it was written, so that people can read
 * it. Other addresses stay as they are.
 */
export function writtenAddress(address: string): string {
  const [name, domain] = parts(address.normalize('NFC'));
  if (isPlain(domain) && !/(^|\.)xn--/i.test(domain)) return address.normalize('NFC');
  return `${name}@${domainToUnicode(domain) || domain}`;
}

/** The form in which addresses are compared: neither capitals nor the form of the domain make a difference. */
export function addressKey(address: string): string {
  return asciiAddress(address.normalize('NFC').toLowerCase());
}

/** Whether a text is all ASCII. */
export function isPlain(text: string): boolean {
  return !/[^\0-\x7f]/.test(text);
}
