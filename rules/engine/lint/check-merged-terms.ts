import type { Finding } from '../reading/finding';
import { explainAt } from '../reading/explain-at';
import { mergeParams } from '../terms/merge-params';
import type { TermConflict } from '../ruleset/term-conflict';
import { joined } from '../basics/text';
import { topicProblems } from '../ruleset/topic-problems';
import type { Outcome, Scope } from './outcomes';
import type { PlacedRule } from './placed-rule';
import { findingIn } from './placed-rule';
import { describeSituation } from './situations';

/**
 * Finds topics that no rule gives, and terms that are incomplete or contradictory once merged, in any situation of a
 * scope. A finding points at the last rule that gave the value.
 *
 * @returns each finding with a key, which is the same for the same problem in another situation
 */
export function checkMergedTerms(
  scope: Scope,
  outcomes: readonly Outcome[],
): { key: string; finding: Finding }[] {
  return outcomes.flatMap(({ facts, applied }) => {
    // Without the level's base rule (priority 100) all is missing. That is a finding about the level alone.
    const judged = applied.some(({ rule }) => rule.priority === 100)
      ? applied
      : applied.filter(({ home }) => home.folder === 'levels');
    return problemsOf(scope, judged).map((found) => {
      const problem = saidLast(found, judged);
      const when = describeSituation(facts);
      const message = joined(problem.message, { sv: ` (${when.sv})`, en: ` (${when.en})` });
      const blamed = lastToSpeakOf(problem.path, judged);
      const finding = blamed
        ? findingIn(blamed, ['event', 'params', ...problem.path], message)
        : explainAt(scope.levelFile.source, ['rules'], message);
      return { key: `${finding.file}:${finding.line}:${finding.column} ${keyOf(problem)}`, finding };
    });
  });
}

function keyOf({ path, message }: TermConflict): string {
  return `${path.join('.')}: ${message.en}`;
}

function problemsOf({ topic }: Scope, applied: readonly PlacedRule[]): TermConflict[] {
  const merged = applied.reduce<Record<string, unknown> | undefined>(
    (below, { rule }) => mergeParams(below ?? {}, rule.event.params),
    undefined,
  );
  return topicProblems(topic, merged);
}

/** A contradiction of several values, as it is seen from the one that was said last. */
function saidLast({ orElse = [], ...conflict }: TermConflict, applied: readonly PlacedRule[]): TermConflict {
  const placeOf = ({ path }: TermConflict): number => applied.findLastIndex((rule) => speaksOf(path, rule));
  return orElse.reduce((last, other) => (placeOf(other) > placeOf(last) ? other : last), conflict);
}

const speaksOf = (path: readonly string[], { leaves }: PlacedRule): boolean =>
  leaves.some((leaf) => leaf.path.every((part, index) => index >= path.length || part === path[index]));

/**
 * The last rule that gives a value at, within or around `path`; where none does, of what holds it: a value that is missing is
 * missed by who began it.
 */
export function lastToSpeakOf(
  path: readonly string[],
  applied: readonly PlacedRule[],
): PlacedRule | undefined {
  const found = applied.findLast((rule) => speaksOf(path, rule));
  return found || path.length <= 1 ? found : lastToSpeakOf(path.slice(0, -1), applied);
}
