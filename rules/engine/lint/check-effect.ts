import type { Finding } from '../reading/finding';
import type { Outcome } from './outcomes';
import type { PlacedRule } from './placed-rule';
import { findingIn, nameOf } from './placed-rule';

/** What the rules did, over all outcomes in which they applied. */
export interface Effects {
  /** Rules that apply in some outcome, each with the rule that gave its first value in the end. */
  overriddenBy: Map<PlacedRule, PlacedRule | undefined>;
  /** Rules that decide a value in some outcome. */
  deciding: Set<PlacedRule>;
  /** Per rule and value: a rule of lower priority that gives the same. */
  repeats: Map<PlacedRule, Map<string, PlacedRule>>;
  /** Per rule: values that differ, in some outcome, from those of lower priority. */
  changes: Map<PlacedRule, Set<string>>;
  /** Rules that were not tried in every situation: nothing can be concluded about them. */
  untried: Set<PlacedRule>;
}

export const noEffects = (): Effects => ({
  overriddenBy: new Map(),
  deciding: new Set(),
  repeats: new Map(),
  changes: new Map(),
  untried: new Set(),
});

/**
 * Adds the outcomes of a scope to the effects.
 *
 * @param concerns which rules to judge by this scope: a level's rules only where no customer's rules override them
 */
export function watchEffects(
  effects: Effects,
  outcomes: readonly Outcome[],
  concerns: (placed: PlacedRule) => boolean,
): void {
  for (const { applied } of outcomes) {
    const given = new Map<string, { json: string; by: PlacedRule }>();
    for (const placed of applied)
      for (const { path, json } of placed.leaves) {
        const name = path.join('.');
        const below = given.get(name);
        const kept = json === '{}' && [...given.keys()].some((other) => other.startsWith(`${name}.`));
        if (!kept) given.set(name, { json, by: placed });
        if (below?.json === json)
          entry(effects.repeats, placed, () => new Map<string, PlacedRule>()).set(name, below.by);
        else entry(effects.changes, placed, () => new Set<string>()).add(name);
      }
    const deciding = new Set([...given.values()].map(({ by }) => by));
    for (const placed of applied.filter(concerns)) {
      if (deciding.has(placed)) effects.deciding.add(placed);
      const [leaf] = placed.leaves;
      effects.overriddenBy.set(placed, leaf && given.get(leaf.path.join('.'))?.by);
    }
  }
}

/** Finds rules that never decide anything, and customers' values that hold without the customer's rule. */
export function checkEffects({ overriddenBy, deciding, repeats, changes, untried }: Effects): Finding[] {
  const tried = [...overriddenBy].filter(([placed]) => !untried.has(placed));
  const idle = tried.filter(([placed]) => !deciding.has(placed));
  const repeating = tried
    .map(([placed]) => placed)
    .filter((placed) => deciding.has(placed) && placed.home.folder === 'customers');
  return [
    ...idle.map(([placed, by]) => idleFinding(placed, by)),
    ...repeating.flatMap((placed) =>
      placed.leaves.flatMap(({ path, json }) => {
        const name = path.join('.');
        const by = repeats.get(placed)?.get(name);
        return by === undefined || changes.get(placed)?.has(name)
          ? []
          : [repeatFinding(placed, path, json, by)];
      }),
    ),
  ];
}

function idleFinding(placed: PlacedRule, by: PlacedRule | undefined): Finding {
  if (by === undefined)
    return findingIn(
      placed,
      ['event', 'params'],
      {
        sv: 'förväntade minst ett värde, hittade inget: regeln har ingen verkan',
        en: 'expected at least one value, found none: the rule has no effect',
      },
      { severity: 'warning' },
    );
  return findingIn(
    placed,
    ['name'],
    {
      sv: `förväntade en regel som bestämmer något, hittade en vars alla värden andra alltid ersätter, till exempel ${nameOf(by)}`,
      en: `expected a rule that decides something, found one whose every value others always override, for example ${nameOf(by)}`,
    },
    { severity: 'warning' },
  );
}

function repeatFinding(placed: PlacedRule, path: string[], json: string, by: PlacedRule): Finding {
  return findingIn(
    placed,
    ['event', 'params', ...path],
    {
      sv: `förväntade ett annat värde än det som redan gäller, hittade ${json}, som ${nameOf(by)} redan ger`,
      en: `expected a value other than the one in force, found ${json}, which ${nameOf(by)} already gives`,
    },
    { severity: 'warning' },
  );
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}
