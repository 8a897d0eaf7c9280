import type { Finding } from '../reading/finding';
import type { FactValues } from '../terms/evaluate-conditions';
import type { CheckContext } from './check-context';
import { domainsOf } from './check-context';
import type { Leaf, PlacedRule } from './placed-rule';
import { findingIn, nameOf } from './placed-rule';
import type { Domains } from './situations';
import { describeSituation, situationsOf } from './situations';

const limit = 20_000;

/**
 * Finds two rules of one topic and priority that can apply together and give one value differently: only their names
 * would decide. Looks within each file, since rules of different files differ in owner or priority.
 */
export function checkEqualPriority({ files, levels }: CheckContext): Finding[] {
  return files.flatMap(({ home, rules }) =>
    rules.flatMap((placed, index) =>
      rules.slice(0, index).flatMap((before) => {
        if (
          before.rule.event.type !== placed.rule.event.type ||
          before.rule.priority !== placed.rule.priority
        )
          return [];
        const differing = firstDifference(before, placed);
        const facts = differing && firstOverlap(before, placed, domainsOf(home, levels));
        return differing && facts ? [explain(before, placed, differing, facts)] : [];
      }),
    ),
  );
}

interface Difference {
  mine: Leaf;
  theirs: Leaf;
}

function firstDifference(before: PlacedRule, placed: PlacedRule): Difference | undefined {
  const given = new Map(before.leaves.map((leaf) => [leaf.path.join('.'), leaf]));
  return placed.leaves
    .flatMap((mine) => {
      const theirs = given.get(mine.path.join('.'));
      return theirs && theirs.json !== mine.json ? [{ mine, theirs }] : [];
    })
    .at(0);
}

function firstOverlap(before: PlacedRule, placed: PlacedRule, domains: Domains): FactValues | undefined {
  return situationsOf([...before.questions, ...placed.questions], domains, limit).facts.find(
    (facts) => before.applies(facts) && placed.applies(facts),
  );
}

function explain(
  before: PlacedRule,
  placed: PlacedRule,
  { mine, theirs }: Difference,
  facts: FactValues,
): Finding {
  const when = describeSituation(facts);
  const [other, value] = [nameOf(before), [placed.rule.event.type, ...mine.path].join('.')];
  const priority = placed.rule.priority;
  return findingIn(placed, ['event', 'params', ...mine.path], {
    sv: `förväntade olika prioritet för regler som båda kan gälla, hittade ${priority} här och i ${other}: ${value} är ${mine.json} här och ${theirs.json} där, till exempel för ${when.sv}`,
    en: `expected different priorities of rules that can both apply, found ${priority} here and in ${other}: ${value} is ${mine.json} here and ${theirs.json} there, for example for ${when.en}`,
  });
}
