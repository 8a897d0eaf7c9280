import type { LocalDate } from '../contract/contract';
import { mentionedValues } from './facts-key';
import type { Ruleset } from '../ruleset/read-ruleset';
import { rulesFor } from './rules-for';

const known = new WeakMap<Ruleset, Map<string, LocalDate[]>>();

/** The days on which a rule that can concern the customer may begin or end, ascending. */
export function boundaryDates(ruleset: Ruleset, customer: string): LocalDate[] {
  const ofRuleset = known.get(ruleset) ?? new Map<string, LocalDate[]>();
  known.set(ruleset, ofRuleset);
  const before = ofRuleset.get(customer);
  if (before !== undefined) return before;
  const rules = rulesFor(ruleset, customer).map(({ source }) => source);
  const dates = [...mentionedValues(rules).date].map(String).sort();
  ofRuleset.set(customer, dates);
  return dates;
}
