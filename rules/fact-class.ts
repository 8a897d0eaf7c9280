import { factCatalogue, factNames } from './facts';
import type { FactName, FactValue, Facts } from './facts';
import type { Ruleset } from './read-ruleset';

/**
 * Tells which facts a ruleset cannot tell apart: a name that no condition mentions, two amounts between the same
 * two limits, two dates between the same boundaries. Agreements of one class have the same terms, so that a
 * preview over many of them asks the engine once for each class.
 *
 * @returns a key for facts; equal keys mean that every condition of the ruleset answers the same
 */
export function factClasses(ruleset: Ruleset): (facts: Facts) => string {
  const mentioned = mentionedValues(ruleset);
  for (const file of Object.keys(ruleset.files)) {
    const [folder, customer = ''] = file.split('/');
    if (folder === 'customers') mentioned.customer.add(customer);
  }
  const limits = factNames.map((name) => ({
    name,
    ordered: ['date', 'count', 'hours'].includes(factCatalogue[name].type),
    values: [...mentioned[name]].sort(compare),
  }));
  return (facts) =>
    limits.map(({ name, ordered, values }) => classOf(facts[name], ordered, values)).join('|');
}

/** Every value that some condition compares each fact with. */
export function mentionedValues(ruleset: Ruleset): Record<FactName, Set<string | number>> {
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
  for (const { rules } of Object.values(ruleset.files)) for (const rule of rules) visit(rule.conditions);
  return mentioned;
}

function classOf(
  value: FactValue | undefined,
  ordered: boolean,
  values: readonly (string | number)[],
): string {
  if (Array.isArray(value)) return values.filter((one) => value.includes(String(one))).join(',');
  if (value === undefined) return '';
  const equal = values.findIndex((one) => one === value);
  if (equal >= 0) return `=${equal}`;
  return ordered ? String(values.filter((limit) => limit < value).length) : '*';
}

function compare(a: string | number, b: string | number): number {
  return a < b ? -1 : Number(a > b);
}
