import { canonicalJson } from '../basics/canonical-json';
import { checkTerms } from '../ruleset/check-terms';
import type { Contract } from '../contract/contract';
import type { AppliedRule } from './effective-terms';
import { termAt, topics } from '../ruleset/term-catalogue';
import { topicProblems } from '../ruleset/topic-problems';
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
  let running = putBack(terms, waiting, before);
  const torn = topics.filter((topic) => {
    const ofTopic = waiting.filter(({ path }) => isOf(path, topic));
    if (ofTopic.length === 0) return false;
    // What is new and waits may have been a part of something, such as the owner of a phase.
    const isPart = ofTopic.some(({ from }) => from === undefined);
    return (isPart ? topicProblems(topic, running[topic]) : checkTerms(topic, running[topic])).length > 0;
  });
  if (torn.length > 0) {
    waiting = differences.filter(
      (change) => waiting.includes(change) || torn.some((topic) => isOf(change.path, topic)),
    );
    running = putBack(terms, waiting, before);
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

/**
 * The terms with some changes undone.
 * @param before what holds without them: an object that it does not have does not stay behind empty
 */
function putBack(terms: Terms, changes: readonly TermChange[], before?: Terms): Terms {
  const result = structuredClone(terms) as unknown as Record<string, unknown>;
  for (const { path, from } of changes) {
    const names = path.split('.');
    if (from === undefined) remove(result, before, names);
    else {
      const last = names.pop() ?? '';
      const holder = names.reduce<Record<string, unknown>>(
        (place, name) => (place[name] ??= {}) as Record<string, unknown>,
        result,
      );
      holder[last] = from;
    }
  }
  return result as unknown as Terms;
}

/** Removes a value, and the objects that are empty without it and that `before` does not have. */
function remove(from: Record<string, unknown>, before: unknown, [name = '', ...rest]: string[]): void {
  const inner = from[name];
  if (rest.length === 0) delete from[name];
  if (rest.length === 0 || typeof inner !== 'object' || inner === null) return;
  const was = (before as Record<string, unknown> | undefined)?.[name];
  remove(inner as Record<string, unknown>, was, rest);
  if (before !== undefined && was === undefined && Object.keys(inner).length === 0) delete from[name];
}

/** Whether two values are equal, in whatever order their properties are: PostgreSQL changes it. */
function same(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object') return a === b;
  return canonicalJson(a) === canonicalJson(b);
}
