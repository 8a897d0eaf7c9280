/** What becomes of an hour bank when an agreement ends early. Without libraries: workflows use it. */
import { addMonths } from '../calendar/dates';
import type { LocalDate } from '../contract/contract';
import { sum } from '../basics/sum';
import type { HourBankTerms } from '../ruleset/terms';
import type { BurnDown, Grant } from './burn-down';
import { amountOf } from './price';

export const endingParties = ['customer', 'us'] as const;
export const endCauses = ['notice', 'breach'] as const;

/** Who ends an agreement, and why: by ordinary notice, or because the other side broke it. */
export interface Ending {
  endedBy: (typeof endingParties)[number];
  cause: (typeof endCauses)[number];
}

/** What was decided about the hours of an agreement that ended. */
export interface EndOfHours extends Ending {
  unused: 'forfeit' | 'refund';
  /** Where the year is paid in instalments: how many there are, and how many had fallen due. */
  paid?: { of: number; due: number };
  beyondPaid: 'invoice' | 'manager';
}

/**
 * Decides what becomes of the hours when an agreement ends. Unused ones are refunded if we end it, or if we broke it;
 * after the customer's ordinary notice it is as signed, and they expire where nothing was.
 *
 * @param from first day of the agreement year
 * @param lastDay last day of the agreement
 */
export function endOfHours(
  { endedBy, cause }: Ending,
  { termination, instalments }: Pick<HourBankTerms, 'termination' | 'instalments'>,
  from: LocalDate,
  lastDay: LocalDate,
): EndOfHours {
  const isOrdinary = endedBy === 'customer' && cause === 'notice';
  return {
    ...{ endedBy, cause },
    unused: isOrdinary ? (termination?.unusedOnNotice ?? 'forfeit') : 'refund',
    ...(instalments !== undefined && {
      paid: { of: instalments, due: instalmentsDue(from, instalments, lastDay) },
    }),
    beyondPaid: termination?.beyondPaid ?? 'manager',
  };
}

/**
 * How many of a year's instalments, evenly spread and paid in advance, have fallen due by a day.
 *
 * @example instalmentsDue('2027-01-01', 4, '2027-05-31') // 2
 */
export function instalmentsDue(from: LocalDate, instalments: number, day: LocalDate): number {
  const days = Array.from({ length: instalments }, (_, index) =>
    addMonths(from, Math.floor((12 * index) / instalments)),
  );
  return days.filter((due) => due <= day).length;
}

/** Seconds of a year's contracted hours that the instalments due so far pay, rounded up in the customer's favour. */
export const paidSeconds = (contracted: number, paid: EndOfHours['paid']): number =>
  paid === undefined ? contracted : Math.ceil((contracted * paid.due) / paid.of);

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
