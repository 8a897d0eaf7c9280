import type { AppliedRule } from './effective-terms';

/** Where a single value of the terms comes from: a path in the params of one rule. */
export interface Origin {
  rule: AppliedRule;
  /** From the topic on: `['hourBank', 'rollover', 'percent']`. */
  path: string[];
}

/**
 * Every single value of some terms by its path. Lists count as single values.
 *
 * @example termValues({ hourBank: { rollover: { percent: 20 } } }) // Map { 'hourBank.rollover.percent' → 20 }
 */
export function termValues(terms: object): Map<string, unknown> {
  const values = new Map<string, unknown>();
  const visit = (value: unknown, path: string): void => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      for (const [name, part] of Object.entries(value)) visit(part, path === '' ? name : `${path}.${name}`);
    else values.set(path, value);
  };
  visit(terms, '');
  return values;
}

/** For every single value of the merged terms the rule that gave it: the last one that has it. */
export function originsOf(applied: readonly AppliedRule[]): Map<string, Origin> {
  const origins = new Map<string, Origin>();
  for (const rule of applied)
    for (const path of termValues({ [rule.topic]: rule.source.event.params }).keys())
      origins.set(path, { rule, path: path.split('.') });
  return origins;
}
