import type { LocalDate } from '../contract/contract';
import { formatPlace, locateTerm } from './locate-term';
import type { Ruleset } from '../ruleset/read-ruleset';
import { originsOf } from './term-values';
import type { Amendment } from '../ruleset/terms';
import type { DecidedTerms } from './terms-for';

/** Something about a term, with its first day and the rule that gives the value. */
export type WithSource<T> = T & {
  on: LocalDate;
  rule?: string;
  /** `rules/levels/guld.json:14:9`. */
  place?: string;
  amendment?: Amendment;
};

/** Adds the rule that gives the value at `one.path`, and its place; neither if no rule gives it. */
export function withSource<T extends { path: string }>(
  ruleset: Ruleset,
  { applied }: DecidedTerms,
  on: LocalDate,
  one: T,
): WithSource<T> {
  const origin = originsOf(applied).get(one.path);
  if (origin === undefined) return { ...one, on };
  const { amendment } = origin.rule.source;
  return {
    ...one,
    on,
    rule: origin.rule.rule,
    place: formatPlace(locateTerm(ruleset, origin)),
    ...(amendment && { amendment }),
  };
}
