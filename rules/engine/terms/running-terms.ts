import { canonicalJson } from '../basics/canonical-json';
import { checkTerms } from '../ruleset/check-terms';
import type { Contract } from '../contract/contract';
import type { AppliedRule } from './effective-terms';
import { termAt, topics } from '../ruleset/term-catalogue';
import { originsOf, termValues } from './term-values';
import type { Origin } from './term-values';
import type { Terms } from '../ruleset/terms';

/** A single value of the terms that differs. `undefined` if there is none. */
export interface TermChange {
  /** As `hourBank.rollover.percent`. */
  path: string;
  from: unknown;
  to: unknown;
}

/** Terms, and the rules that gave them. */
export interface Decided {
  terms: Terms;
  applied: readonly AppliedRule[];
}

/** The single values that differ between two terms, in the order of their paths. */
export function diffTerms(before: object, after: object): TermChange[] {
  const [old, now] = [termValues(before), termValues(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((path) => !same(old.get(path), now.get(path)))
    .sort()
    .map((path) => ({ path, from: old.get(path), to: now.get(path) }));
}

/**
 * The terms of a running year after the rules have changed. Price and discount, and what a rule puts off with
 * `appliesFrom: "nextPeriod"`, stay as they were until the next period. If old and new values of a topic would
 * contradict each other, the whole topic waits.
 *
 * @param before the year's terms so far
 * @returns the terms, and the changes that wait: `from` is the value that still holds, `to` that of the rules
 */
export function runningTerms(
  before: Terms,
  { terms, applied }: Decided,
): { terms: Terms; waiting: TermChange[] } {
  const differences = diffTerms(before, terms);
  if (differences.length === 0) return { terms: before, waiting: [] };
  const origins = originsOf(applied);
  let waiting = differences.filter(({ path }) => waits(path, origins.get(path)));
  let running = putBack(terms, waiting);
  const torn = topics.filter(
    (topic) => waiting.some(({ path }) => isOf(path, topic)) && checkTerms(topic, running[topic]).length > 0,
  );
  if (torn.length > 0) {
    waiting = differences.filter(
      (change) => waiting.includes(change) || torn.some((topic) => isOf(change.path, topic)),
    );
    running = putBack(terms, waiting);
  }
  return { terms: running, waiting };
}

/**
 * The terms so far, for a re-plan to keep what is fixed for the period. Before the period has begun, a discount in the
 * contract replaces the one in the terms: it may have been signed since.
 */
export function termsSoFar(before: Terms, { hourBank }: Pick<Contract, 'hourBank'>, begun: boolean): Terms {
  const { discountPercent } = hourBank;
  if (begun || discountPercent === undefined) return before;
  return { ...before, hourBank: { ...before.hourBank, discountPercent } };
}

/** The terms with some changes applied. */
export function withTerms(terms: Terms, changes: readonly TermChange[]): Terms {
  return putBack(
    terms,
    changes.map(({ path, from, to }) => ({ path, from: to, to: from })),
  );
}

function waits(path: string, origin: Origin | undefined): boolean {
  const appliesFrom = origin?.rule.source.appliesFrom ?? termAt(path.split('.'))?.appliesFrom;
  return appliesFrom === 'nextPeriod';
}

function isOf(path: string, topic: string): boolean {
  return path.startsWith(`${topic}.`);
}

/** The terms with some changes undone. */
function putBack(terms: Terms, changes: readonly TermChange[]): Terms {
  const result = structuredClone(terms) as unknown as Record<string, unknown>;
  for (const { path, from } of changes) {
    const names = path.split('.');
    const last = names.pop() ?? '';
    const holder = names.reduce<Record<string, unknown>>(
      (place, name) => (place[name] ??= {}) as Record<string, unknown>,
      result,
    );
    if (from === undefined) delete holder[last];
    else holder[last] = from;
  }
  return result as unknown as Terms;
}

/** Whether two values are equal, in whatever order their properties are: PostgreSQL changes it. */
function same(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object') return a === b;
  return canonicalJson(a) === canonicalJson(b);
}
