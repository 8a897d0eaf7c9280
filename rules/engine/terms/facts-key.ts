import { factCatalogue, factNames } from '../ruleset/facts';
import type { FactName, FactValue, Facts } from '../ruleset/facts';
import type { Ruleset } from '../ruleset/read-ruleset';
import type { Rule } from '../ruleset/terms';
import { compare } from '../basics/compare';

/**
 * Finds which facts a ruleset cannot tell apart: names that no condition mentions, amounts between the same two
 * limits, dates between the same boundaries. Agreements with equal keys have the same terms, so that a preview over
 * many of them asks the engine once for each key.
 *
 * @returns makes the key of facts: with equal keys, every condition of the ruleset gives the same answer
 */
export function factsKeys(ruleset: Ruleset): (facts: Facts) => string {
  const mentioned = mentionedValues(Object.values(ruleset.files).flatMap(({ rules }) => rules));
  for (const file of Object.keys(ruleset.files)) {
    const [folder, customer = ''] = file.split('/');
    if (folder === 'customers') mentioned.customer.add(customer);
  }
  const limits = factNames.map((name): [FactName, Limits] => [
    name,
    {
      ordered: ['date', 'count', 'hours'].includes(factCatalogue[name].type),
      values: mentioned[name],
      sorted: [...mentioned[name]].sort(compare),
    },
  ]);
  return (facts) => limits.map(([name, limit]) => classOf(facts[name], limit)).join('|');
}

interface Limits {
  /** Whether the fact is compared by size: then its place among the mentioned values counts. */
  ordered: boolean;
  values: ReadonlySet<string | number>;
  sorted: readonly (string | number)[];
}

/** Every value that some condition compares each fact with. */
export function mentionedValues(rules: readonly Rule[]): Record<FactName, Set<string | number>> {
  const mentioned = Object.fromEntries(factNames.map((name) => [name, new Set<string | number>()])) as Record<
    FactName,
    Set<string | number>
  >;
  const visit = (condition: unknown): void => {
    if (Array.isArray(condition)) condition.forEach(visit);
    else if (typeof condition === 'object' && condition !== null) {
      const { fact, value, ...groups } = condition as { fact?: FactName; value?: unknown };
      if (fact !== undefined)
        for (const one of Array.isArray(value) ? value : [value])
          mentioned[fact]?.add(one as string | number);
      else Object.values(groups).forEach(visit);
    }
  };
  for (const { conditions } of rules) visit(conditions);
  return mentioned;
}

function classOf(value: FactValue | undefined, { ordered, values, sorted }: Limits): string {
  if (Array.isArray(value)) return JSON.stringify(value.filter((one) => values.has(one)).sort());
  if (value === undefined) return '';
  if (values.has(value)) return `=${value}`;
  return ordered ? String(sorted.filter((limit) => limit < value).length) : '*';
}
