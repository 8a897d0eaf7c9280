import { periodOf, yearNumberOn } from '../calendar/agreement-period';
import { boundaryDates } from '../terms/boundary-dates';
import type { LocalDate } from '../contract/contract';
import type { Comparison, LiveAgreement } from './live-agreement';
import { withSource } from '../terms/with-source';
import type { WithSource } from '../terms/with-source';
import { dearerInPeriod, weakerThanSigned } from './signed-floor';
import type { WeakerPromise } from './signed-floor';
import { termsFor, yearOn } from '../terms/terms-for';
import type { YearTerms } from '../terms/terms-for';

/**
 * Promises that become weaker than signed, on this day, in the next period or on a later day on which a dated rule
 * begins or ends. Each is given once for every amendment that would allow it.
 *
 * @param year the terms of the running year until its end, with the change
 */
export async function brokenPromises(
  { contract, terms, signed, yearNumber }: LiveAgreement,
  { inForce, proposed }: Comparison,
  day: LocalDate,
  year: YearTerms,
): Promise<WithSource<WeakerPromise>[]> {
  const { to } = periodOf(contract.startsOn, yearNumber);
  const dates = [inForce, proposed]
    .flatMap(({ ruleset }) => boundaryDates(ruleset, contract.customer.id))
    .filter((on) => on > day);
  const broken = new Map<string, WithSource<WeakerPromise>>();
  for (const on of [...new Set([day, to, ...dates])].sort()) {
    const number = yearNumberOn(contract.startsOn, on);
    const now = await termsFor(contract, proposed.ruleset, number, on, proposed.decide);
    const before =
      on === day ? terms : (await termsFor(contract, inForce.ruleset, number, on, inForce.decide)).terms;
    const then = on < to ? yearOn(year, on).terms : now.terms;
    for (const promise of weakerThanSigned(signed, before, then)) {
      const found = withSource(proposed.ruleset, now, on, promise);
      const key = JSON.stringify([promise.path, promise.now, found.amendment]);
      if (!broken.has(key)) broken.set(key, found);
    }
  }
  return [...broken.values()];
}

/** Prices that rise within the running period, now or on a later day of it. */
export function dearerHours(
  { terms }: LiveAgreement,
  { proposed }: Comparison,
  day: LocalDate,
  year: YearTerms,
): WithSource<WeakerPromise>[] {
  const dearer = new Map<string, WithSource<WeakerPromise>>();
  for (const { on, terms: then, decided } of [{ on: day, ...year }, ...year.later])
    for (const one of dearerInPeriod(terms, then)) {
      const key = `${one.path}=${String(one.now)}`;
      if (!dearer.has(key)) dearer.set(key, withSource(proposed.ruleset, decided, on, one));
    }
  return [...dearer.values()];
}
