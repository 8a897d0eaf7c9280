/** What the sides of the monitoring's benchmark have in common: what is checked, how fast, and what it costs. */
import { readFileSync } from 'node:fs';

/** What is checked: an address that keeps connections open, one that does not, a port. */
export type Kind = 'kept' | 'closed' | 'tcp';

/** Where the targets listen, at every loopback address. */
export interface TargetPorts {
  http: number;
  tcp: number;
}

export interface Spot {
  host: string;
  port: number;
  /** Of http only. */
  path: string;
}

/** Addresses among which checks take turns: near ends of connections to one alone would run out. */
const hosts = 50;

/** The target of check number so and so. */
export function spotOf(kind: Kind, ports: TargetPorts, number: number): Spot {
  const port = kind === 'tcp' ? ports.tcp : ports.http;
  return { host: `127.0.0.${1 + (number % hosts)}`, port, path: kind === 'closed' ? '/closed' : '/kept' };
}

export interface Cost {
  /** Checks a second. */
  rate: number;
  /** Microseconds of processor time of whoever makes them, for each. */
  cpu: number;
}

/** What a side says of so many checks. @param cpu microseconds of processor time until now */
export async function costOf(cpu: () => number, make: () => Promise<number>): Promise<Cost> {
  const [begun, before] = [performance.now(), cpu()];
  const checks = await make();
  return { rate: checks / ((performance.now() - begun) / 1000), cpu: (cpu() - before) / checks };
}

/** Makes checks in so many lanes, one after the other in each, until the time is up. @returns how many */
export async function inLanes(
  { lanes, seconds }: { lanes: number; seconds: number },
  once: (number: number) => Promise<void>,
): Promise<number> {
  const end = performance.now() + seconds * 1000;
  let made = 0;
  const lane = async (): Promise<void> => {
    while (performance.now() < end) await once((made += 1));
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return made;
}

/** Ticks of processor time a second on Linux, whatever the machine. */
const tick = 1_000_000 / 100;

/** Microseconds of processor time of a process, or of its children that have ended. */
export function cpuOf(pid: number | 'self', whose: 'own' | 'children' = 'own'): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ').map(Number);
  const [user, system] = whose === 'own' ? fields.slice(11, 13) : fields.slice(13, 15);
  return (user! + system!) * tick;
}

/** MiB that a process has resident, now or at most so far. */
export function residentOf(pid: number, when: 'VmRSS' | 'VmHWM' = 'VmRSS'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${when}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? NaN) / 1024;
}
