/** What is owed either way when an agreement has ended. */
import { sum } from '../basics/sum';
import type { LocalDate } from '../contract/contract';
import type { BurnDown, Grant } from './burn-down';
import { amountOf } from './price';
import { paidSeconds } from './termination';
import type { EndOfHours } from './termination';

/** What is owed either way when an agreement has ended: times in seconds, money in minor units without VAT. */
export interface Settlement {
  refunded: number;
  refundMinor: number;
  /** Used beyond what the instalments that had fallen due pay. */
  beyondPaid: number;
  beyondPaidMinor: number;
}

/**
 * Settles the hours of an agreement that has ended; each grant is a line, rounded down.
 *
 * @param period the agreement's last year, up to the day after its end
 * @param priceOf price of an hour of a grant
 */
export function settlementOf(
  { grants, draws, ends }: BurnDown,
  period: { number: number; to: LocalDate },
  { paid }: EndOfHours,
  priceOf: (grant: Grant) => number,
): Settlement {
  const back = ends.filter(({ on, refunded }) => on === period.to && refunded !== undefined);
  const lines = back.flatMap(({ grant: id, refunded = 0 }) =>
    grants.filter((grant) => grant.id === id).map((grant) => amountOf(refunded, priceOf(grant))),
  );
  const beyond = grants
    .filter(({ kind, year }) => kind === 'contracted' && year === period.number)
    .map((grant) => {
      const drawn = sum(draws.flatMap((draw) => (draw.grant === grant.id ? [draw.seconds] : [])));
      const seconds = Math.max(0, drawn - paidSeconds(grant.seconds, paid));
      return { seconds, minor: amountOf(seconds, priceOf(grant)) };
    });
  return {
    refunded: sum(back.map(({ refunded = 0 }) => refunded)),
    refundMinor: sum(lines),
    beyondPaid: sum(beyond.map(({ seconds }) => seconds)),
    beyondPaidMinor: sum(beyond.map(({ minor }) => minor)),
  };
}
