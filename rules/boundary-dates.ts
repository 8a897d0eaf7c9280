import type { LocalDate } from './contract';
import { mentionedValues } from './fact-class';
import type { Ruleset } from './read-ruleset';

const known = new WeakMap<Ruleset, LocalDate[]>();

/** The days on which a rule of the ruleset may begin or cease to apply, ascending. */
export function boundaryDates(ruleset: Ruleset): LocalDate[] {
  const dates = known.get(ruleset) ?? [...mentionedValues(ruleset).date].map(String).sort();
  known.set(ruleset, dates);
  return dates;
}
