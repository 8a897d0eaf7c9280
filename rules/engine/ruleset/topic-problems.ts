import { checkPhases, checkTerms } from './check-terms';
import { checkKeepClear } from './check-keep-clear';
import type { TermConflict } from './term-conflict';
import { explainSchemaErrors } from '../reading/explain-schema-error';
import { isOptionalTopic } from './term-catalogue';
import { topicErrors } from './rule-schemas';
import type { UpgradeTerms } from './terms';

/** Why one topic's merged terms cannot be used: no rule gives them, or they are incomplete or contradictory. */
export function topicProblems(topic: string, terms: unknown): TermConflict[] {
  if (terms === undefined && isOptionalTopic(topic)) return [];
  if (terms === undefined)
    return [{ path: [], message: { sv: `ingen regel ger "${topic}"`, en: `no rule gives "${topic}"` } }];
  const errors = explainSchemaErrors(topicErrors(topic, terms));
  if (errors.length > 0) return errors;
  const whole = topic === 'upgrade' ? wholeUpgrade(terms as UpgradeTerms) : [];
  return [...checkTerms(topic, terms), ...whole];
}

/** What only the terms of a whole upgrade can lack; what contradicts is told by `checkTerms`. */
function wholeUpgrade(terms: UpgradeTerms): TermConflict[] {
  const contradictions = checkKeepClear(terms.keepClear).length > 0;
  return [...checkPhases(terms), ...(contradictions ? [] : checkKeepClear(terms.keepClear, true))];
}
