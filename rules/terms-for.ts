import type { Contract, LocalDate } from './contract';
import { effectiveTerms } from './effective-terms';
import type { MatchedRule } from './effective-terms';
import type { Ruleset } from './read-ruleset';
import { factsFor } from './facts';
import type { Terms } from './terms';

/**
 * The terms of one agreement year: what the ruleset gives, and the discount the contract fixes instead if it
 * does ("med timbanken lämnar vi % rabatt" leaves it blank).
 *
 * @throws TermsError if the ruleset gives no complete terms
 */
export async function termsFor(
  contract: Contract,
  ruleset: Ruleset,
  yearNumber: number,
  from: LocalDate,
): Promise<{ terms: Terms; matched: MatchedRule[] }> {
  const { terms, matched } = await effectiveTerms(ruleset, factsFor(contract, yearNumber, from));
  const discountPercent = contract.hourBank.discountPercent ?? terms.hourBank.discountPercent;
  return { terms: { ...terms, hourBank: { ...terms.hourBank, discountPercent } }, matched };
}
