/** What becomes of an hour bank when an agreement ends early. Without libraries: workflows use it. */
import { addMonths } from '../calendar/dates';
import type { LocalDate } from '../contract/contract';
import type { HourBankTerms } from '../ruleset/terms';

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
