import type { Finding } from '../reading/finding';
import { eachOnce, joined } from '../basics/text';
import type { CheckContext } from './check-context';
import type { PlacedRule } from './placed-rule';
import { findingIn, nameOf } from './placed-rule';

/** Finds rule names used in two files. Wherever a rule decided something it is known by its name. */
export function checkNames({ files }: CheckContext): Finding[] {
  const first = new Map<string, PlacedRule>();
  return files
    .flatMap(({ rules }) => rules)
    .flatMap((placed) => {
      const { name } = placed.rule;
      const before = first.get(name);
      if (before === undefined) {
        first.set(name, placed);
        return [];
      }
      const where = joined({ sv: '; först i ', en: '; first in ' }, nameOf(before));
      return [findingIn(placed, ['name'], joined(eachOnce('name', name), where))];
    });
}
