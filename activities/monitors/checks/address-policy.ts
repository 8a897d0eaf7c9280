/**
 * Which addresses checks may connect to. A contract names the host, so without this rule a contract could reach into our
 * own network: only public addresses are allowed, and those that the worker's settings add.
 */
import { promises as dns } from 'node:dns';
import { connect, isIP } from 'node:net';
import type { Socket } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { IPv4, IPv6 } from 'ipaddr.js';
import { BilingualError } from '../../../rules/engine/basics/bilingual-error';
import { expectedFound, joined } from '../../../rules/engine/basics/text';
import type { Text } from '../../../rules/engine/basics/text';
import type { CheckDeps } from './checker';
import { NotMade, NotWell } from './checker';

type Address = IPv4 | IPv6;
type Range = [Address, number];

/** The only part of IPv6 assigned to the internet; the rest is special, also where the library does not know it. */
const global6 = ipaddr.parseCIDR('2000::/3');
const commonNat64 = ipaddr.parseCIDR('64:ff9b::/96');
/** The host agent of a large cloud: an address that only looks public. */
const cloudAgent = ipaddr.parseCIDR('168.63.129.16/32');

const isIn = (address: Address, [network, bits]: Range): boolean =>
  address.kind() === network.kind() && address.match(network, bits);

const v4At = (bytes: number[], at: number): IPv4 => new ipaddr.IPv4(bytes.slice(at, at + 4));

/** The IPv4 addresses that an IPv6 address contains: traffic to it ends there. */
function carried(address: IPv6): IPv4[] | undefined {
  const bytes = address.toByteArray();
  switch (address.range()) {
    case 'rfc6052':
      // In a network's own NAT64 prefix the place of the IPv4 address is not known.
      return isIn(address, commonNat64) ? [v4At(bytes, 12)] : undefined;
    case 'rfc6145':
      return [v4At(bytes, 12)];
    case '6to4':
      return [v4At(bytes, 2)];
    case 'teredo':
      // The server's address, and the client's with every bit inverted.
      return [
        v4At(bytes, 4),
        v4At(
          bytes.map((byte) => byte ^ 0xff),
          12,
        ),
      ];
    default:
      return undefined;
  }
}

/** Whether an address is public: neither private nor for a special purpose. */
function isPublic(address: Address): boolean {
  if (isIn(address, cloudAgent)) return false;
  return address.range() === 'unicast' && (address.kind() === 'ipv4' || isIn(address, global6));
}

const aRange = {
  sv: 'ett adressintervall som 10.1.0.0/16 eller fd00::/8',
  en: 'a range of addresses as 10.1.0.0/16 or fd00::/8',
};

/** @throws if it is not a range of addresses */
function readRange(range: string): Range {
  const whole = isIP(range) === 0 ? range : `${range}/${isIP(range) === 4 ? 32 : 128}`;
  const strict = isIP(whole.split('/')[0] ?? '') !== 0 && ipaddr.isValidCIDR(whole);
  if (!strict) throw new BilingualError(expectedFound(aRange, `"${range}"`));
  const [address, bits] = ipaddr.parseCIDR(whole);
  const network = (address.kind() === 'ipv4' ? ipaddr.IPv4 : ipaddr.IPv6)
    .networkAddressFromCIDR(whole)
    .toString();
  // Most likely a typing error; taken as written it would allow far more than was meant.
  if (network !== address.toString())
    throw new BilingualError(
      expectedFound(aRange, {
        sv: `"${range}", som är ${network}/${bits}`,
        en: `"${range}", which is ${network}/${bits}`,
      }),
    );
  return [address, bits];
}

/**
 * Whether an address is in one of these ranges; an IPv4 address may be written as an IPv6 one.
 *
 * @param ranges as `10.1.0.0/16`, single addresses as `10.1.2.3`
 * @throws if one of them is neither
 */
export function addressesIn(ranges: readonly string[]): (address: string) => boolean {
  const read = ranges.map(readRange);
  return (address) => isIP(address) !== 0 && read.some((range) => isIn(ipaddr.process(address), range));
}

/**
 * Which addresses may be connected to: public ones, and those in `allowed`. An IPv6 address that carries IPv4 addresses
 * (mapped, NAT64, 6to4, Teredo) is allowed if they are.
 *
 * @param allowed ranges as `10.1.0.0/16`, single addresses as `10.1.2.3`
 * @throws if one of them is neither
 * @example addressPolicy(['10.1.0.0/16'])('::ffff:10.1.2.3') // true
 */
export function addressPolicy(allowed: readonly string[]): (address: string) => boolean {
  const ranges = allowed.map(readRange);
  const may = (address: Address): boolean => {
    if (ranges.some((range) => isIn(address, range))) return true;
    const inside = address.kind() === 'ipv6' ? carried(address as IPv6) : undefined;
    return inside ? inside.every(may) : isPublic(address);
  };
  return (address) => isIP(address) !== 0 && may(ipaddr.process(address));
}

type Policy = Pick<CheckDeps, 'addressAllowed'>;

const underWay = new Map<string, Promise<string[]>>();

/**
 * Resolves a name. Lookups of the same name share one request: the system's resolver has few threads, and a name that
 * hangs must not take them all.
 */
function lookUp(host: string): Promise<string[]> {
  const asked = underWay.get(host);
  if (asked) return asked;
  const answer = dns
    .lookup(host, { all: true })
    .then((found) => found.map(({ address }) => address))
    .finally(() => underWay.delete(host));
  underWay.set(host, answer);
  return answer;
}

const unresolved = (host: string, error: unknown): Error => {
  const { code = 'unknown' } = error as NodeJS.ErrnoException;
  if (code === 'ENOTFOUND' || code === 'ENODATA')
    return new NotWell(
      { sv: `namnet ${host} finns inte i DNS`, en: `the name ${host} is not in DNS` },
      undefined,
      { cause: error },
    );
  return new NotMade(
    {
      sv: `vår namnuppslagning svarar inte: ${host} gick inte att slå upp (${code})`,
      en: `our name server does not answer: ${host} could not be resolved (${code})`,
    },
    { cause: error },
  );
};

/** Waits no longer than the signal says. */
function unlessCalledOff<T>(result: Promise<T>, signal: AbortSignal, late: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const calledOff = (): void => reject(late());
    if (signal.aborted) calledOff();
    signal.addEventListener('abort', calledOff, { once: true });
    result.then(resolve, reject).finally(() => signal.removeEventListener('abort', calledOff));
  });
}

/** The addresses of a host that may be connected to; at least one. */
async function allowedAddresses(host: string, deps: Policy, signal: AbortSignal): Promise<string[]> {
  const late = (): Error =>
    new NotMade({
      sv: `vår namnuppslagning svarar inte: ${host} hann inte slås upp`,
      en: `our name server does not answer: ${host} was not resolved in time`,
    });
  const resolve = async (): Promise<string[]> => {
    if (isIP(host) !== 0) return [host];
    const answer = lookUp(host).catch((error: unknown) => Promise.reject(unresolved(host, error)));
    return unlessCalledOff(answer, signal, late);
  };
  const found = await resolve();
  const allowed = found.filter(deps.addressAllowed);
  if (allowed.length > 0) return allowed;
  const of = found.includes(host) ? '' : ` (${host})`;
  throw new NotMade({
    sv: `adressen ${found.join(', ')}${of} får inte nås härifrån: tillåt den med SERVICEAVTAL_MONITOR_ALLOW, på en plats i kundens nät med site-worker --allow`,
    en: `the address ${found.join(', ')}${of} must not be reached from here: allow it by SERVICEAVTAL_MONITOR_ALLOW, at a site in a customer's network by site-worker --allow`,
  });
}

/** Error codes that are about our own machine or network, not about what is checked. */
const ours = new Set([
  'EACCES',
  'EADDRNOTAVAIL',
  'EAFNOSUPPORT',
  'EMFILE',
  'ENETDOWN',
  'ENETUNREACH',
  'ENFILE',
  'ENOBUFS',
  'ENOMEM',
  'EPERM',
]);

function notConnected(error: NodeJS.ErrnoException, to: string): Error {
  const { code = error.message } = error;
  if (ours.has(code))
    return new NotMade(
      {
        sv: `vårt eget nät eller vår egen maskin når inte ${to} (${code})`,
        en: `our own network or machine does not reach ${to} (${code})`,
      },
      { cause: error },
    );
  const why: Record<string, Text> = {
    ECONNREFUSED: { sv: 'ingen tar emot anslutningar där', en: 'nothing takes connections there' },
    ETIMEDOUT: { sv: 'inget svar', en: 'no answer' },
    EHOSTUNREACH: { sv: 'ingen väg dit', en: 'no way there' },
  };
  return new NotWell(
    joined(
      { sv: `ingen anslutning till ${to}: `, en: `no connection to ${to}: ` },
      why[code] ?? code,
      why[code] ? ` (${code})` : '',
    ),
    undefined,
    { cause: error },
  );
}

/** Milliseconds until the next address of a host is tried as well (RFC 8305). */
const nextAddressAfter = 250;

/** Connects to the first of several addresses that answers; a slow one goes on being tried beside the next. */
function connectToFirst(
  addresses: readonly string[],
  port: number,
  host: string,
  signal: AbortSignal,
): Promise<Socket> {
  const name = (address: string): string =>
    address === host ? `${host}:${port}` : `${host}:${port} (${address})`;
  return new Promise((resolve, reject) => {
    const waiting = [...addresses];
    const trying = new Set<Socket>();
    const failures: Error[] = [];
    let timer: NodeJS.Timeout | undefined;
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', calledOff);
      waiting.length = 0;
      trying.forEach((socket) => socket.destroy());
      settle();
    };
    const fail = (error: Error): void => {
      failures.push(error);
      if (waiting.length > 0) return tryNext();
      // An error about the host counts for more than an error about our own network.
      if (trying.size === 0) end(() => reject(failures.find((each) => each instanceof NotWell) ?? error));
    };
    const tryNext = (): void => {
      clearTimeout(timer);
      const address = waiting.shift();
      if (address === undefined) return;
      const socket = connect({ host: address, port });
      trying.add(socket);
      // Stays: an error between two owners of the socket must not end the process; `close` tells them.
      socket.on('error', (error) => {
        if (trying.delete(socket)) fail(notConnected(error, name(address)));
      });
      socket.once('connect', () => {
        if (trying.delete(socket)) end(() => resolve(socket));
      });
      if (waiting.length > 0) timer = setTimeout(tryNext, nextAddressAfter);
    };
    const calledOff = (): void =>
      end(() =>
        reject(
          new NotWell({
            sv: `ingen anslutning till ${name(addresses.join(', '))}`,
            en: `no connection to ${name(addresses.join(', '))}`,
          }),
        ),
      );
    if (signal.aborted) return calledOff();
    signal.addEventListener('abort', calledOff, { once: true });
    tryNext();
  });
}

/**
 * Connects to a host, to an address of it that was found allowed: the name is not resolved a second time, so it cannot
 * lead elsewhere meanwhile. The socket is the caller's to close.
 *
 * @param signal ends the attempt: NotMade while the name is resolved, NotWell afterwards
 * @throws NotMade for a forbidden address, or if our name server, network or machine fails
 * @throws NotWell if there is no such name, or nothing answers
 */
export async function connectChecked(to: {
  host: string;
  port: number;
  deps: Policy;
  signal: AbortSignal;
}): Promise<Socket> {
  const addresses = await allowedAddresses(to.host, to.deps, to.signal);
  return connectToFirst(addresses, to.port, to.host, to.signal);
}
