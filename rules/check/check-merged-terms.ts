import type { Finding } from '../contract';
import { explainAt } from '../explain-at';
import { mergeParams } from '../merge-params';
import type { TermConflict } from '../check-terms';
import { joined } from '../text';
import { topicProblems } from '../topic-problems';
import type { Outcome, Scope } from './outcomes';
import type { PlacedRule } from './placed-rule';
import { findingIn } from './placed-rule';
import { describeSituation } from './situations';

/**
 * Topics that no rule gives, and terms that are incomplete or contradict each other once merged, in any situation of
 * a scope. Each problem is told once, at the last rule that spoke of the value; what is wrong without the customer's
 * rules is told of the level alone.
 */
export function checkMergedTerms(
  scope: Scope,
  outcomes: readonly Outcome[],
): { key: string; finding: Finding }[] {
  return outcomes.flatMap(({ facts, applied }) => {
    const withoutCustomer = new Set(
      scope.customerFile === undefined
        ? []
        : problemsOf(
            scope,
            applied.filter(({ home }) => home.folder === 'levels'),
          ).map(keyOf),
    );
    return problemsOf(scope, applied)
      .filter((problem) => !withoutCustomer.has(keyOf(problem)))
      .map((problem) => {
        const when = describeSituation(facts);
        const message = joined(problem.message, { sv: ` (${when.sv})`, en: ` (${when.en})` });
        const blamed = lastToSpeakOf(problem.path, applied);
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

/** The last rule that gives a value at, within or around `path`. */
function lastToSpeakOf(path: readonly string[], applied: readonly PlacedRule[]): PlacedRule | undefined {
  const speaks = ({ leaves }: PlacedRule): boolean =>
    leaves.some((leaf) => leaf.path.every((part, index) => index >= path.length || part === path[index]));
  return [...applied].reverse().find(speaks);
}
