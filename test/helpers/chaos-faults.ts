/** What can happen to the parts of years of chaos, to the disk under them and to the network between them, in an order from a seed. */
import type { BreakableStack } from './breakable-stack';
import { breakableParts } from './breakable-stack';
import { slowFor, stopFor } from './faults';
import type { Link } from './link';
import type { SmtpProcess } from './smtp-process';

/** What can be broken. */
export interface Breakable {
  stack: BreakableStack;
  smtp: SmtpProcess;
  /** The ways of our process to the others. */
  links: Record<string, Link>;
}

/** What can happen: to a part, or to all of them. */
export interface Fault {
  part: string;
  what: string;
  happen: () => Promise<void>;
}

/** The part of what happens to all. */
export const everything = 'all';

/** Milliseconds that a part is stopped or slow, or a way cut. */
const lengths = [500, 3_000, 12_000];

export function faultsOf({ stack, smtp, links }: Breakable, next: () => number): Fault[] {
  const length = (): number => lengths[Math.floor(next() * lengths.length)]!;
  const parts = [
    ...breakableParts.map((part) => ({ part, pids: () => stack.pids(part), kill: () => stack.kill(part) })),
    { part: 'smtp', pids: () => [smtp.pid()], kill: () => smtp.kill() },
  ];
  const { fillDisk } = stack;
  return [
    ...parts.flatMap(({ part, pids, kill }) => [
      { part, what: `${part} is killed`, happen: kill },
      { part, what: `${part} stands still`, happen: () => stopFor(pids, length()) },
      { part, what: `${part} is slow`, happen: () => slowFor(pids, length()) },
    ]),
    ...Object.entries(links).flatMap(([to, link]) => [
      { part: `way to ${to}`, what: `the way to ${to} is cut`, happen: () => link.cut(length()) },
      { part: `way to ${to}`, what: `the way to ${to} is silent`, happen: () => link.silence(length()) },
      { part: `way to ${to}`, what: `the way to ${to} is slow`, happen: () => link.slow(length()) },
    ]),
    { part: 'smtp', what: 'the mail server is full', happen: () => smtp.fill(length()) },
    ...(fillDisk ? [{ part: everything, what: 'the disk is full', happen: () => fillDisk(length()) }] : []),
  ];
}

/** The faults in their order, each kind once before any comes again. */
export function* shuffledFaults(all: readonly Fault[], count: number, next: () => number): Generator<Fault> {
  let deck: Fault[] = [];
  for (let left = count; left > 0; left -= 1) {
    if (deck.length === 0) deck = [...all];
    yield deck.splice(Math.floor(next() * deck.length), 1)[0]!;
  }
}
