import type { Contract } from '../contract/contract';
import { schedules } from '../contract/check-schedule';
import type { Check } from '../contract/monitor';
import type { Terms } from '../ruleset/terms';

/**
 * The checks of an agreement as they are declared: those of the contract with what the rules set of each, and those that
 * only the rules declare. Settings of a check that nobody declares with kind and name are left out: checking the rules
 * reports them.
 */
export function declaredChecks({ monitors }: Contract, { monitoring }: Pick<Terms, 'monitoring'>): Check[] {
  const { checks } = monitoring;
  const known = new Set(monitors.map(({ id }) => id));
  const added = Object.entries(checks).flatMap(([id, { kind, name, ...rest }]): Check[] =>
    known.has(id) || kind === undefined || name === undefined ? [] : [{ ...rest, id, kind, name }],
  );
  return [
    ...monitors.map((check): Check => ({ ...withRules(check, checks[check.id]), id: check.id })),
    ...added,
  ];
}

/** A check of a contract with what rules say of it. When a job reports is said by one of them: the rules' word counts. */
export function withRules<C extends Partial<Check>>(check: C, said: Partial<Check> = {}): C & Partial<Check> {
  const replaced = schedules.some((name) => said[name] !== undefined) ? schedules : [];
  const kept = Object.fromEntries(
    Object.entries(check).filter(([name]) => !replaced.some((each) => each === name)),
  ) as C;
  return { ...kept, ...said };
}
