/** What becomes of an hour bank when an agreement ends early. Without libraries: workflows use it. */
import { addDays, addMonths } from '../calendar/dates';
import type { LocalDate } from '../contract/contract';
import type { HourBankTerms, InvoicingTerms } from '../ruleset/terms';

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
  { termination, instalments, when }: Pick<HourBankTerms, 'termination'> & InstalmentTerms,
  from: LocalDate,
  lastDay: LocalDate,
): EndOfHours {
  const isOrdinary = endedBy === 'customer' && cause === 'notice';
  return {
    ...{ endedBy, cause },
    unused: isOrdinary ? (termination?.unusedOnNotice ?? 'forfeit') : 'refund',
    ...(instalments !== undefined && {
      paid: { of: instalments, due: instalmentsDue(from, instalments, lastDay, when) },
    }),
    beyondPaid: termination?.beyondPaid ?? 'manager',
  };
}

/** How a year is paid; without the terms it is paid at once. */
export type InstalmentTerms = Partial<Pick<InvoicingTerms, 'instalments' | 'when'>>;

/** The first day of a year's parts, evenly spread, and that of the year after: each part ends where the next begins. */
export const partsOfYear = (from: LocalDate, parts: number): LocalDate[] =>
  Array.from({ length: parts + 1 }, (_, index) => addMonths(from, Math.floor((12 * index) / parts)));

/**
 * How many of a year's instalments, evenly spread, have fallen due by a day: those in advance with the first day of their
 * part, those in arrears with its last.
 *
 * @example instalmentsDue('2027-01-01', 4, '2027-05-31') // 2
 * @example instalmentsDue('2027-01-01', 4, '2027-05-31', 'arrears') // 1
 */
export function instalmentsDue(
  from: LocalDate,
  instalments: number,
  day: LocalDate,
  when: InvoicingTerms['when'] = 'advance',
): number {
  const days = partsOfYear(from, instalments);
  return when === 'advance'
    ? days.slice(0, -1).filter((first) => first <= day).length
    : days.slice(1).filter((next) => next <= addDays(day, 1)).length;
}

/** Seconds of a year's contracted hours that the instalments due so far pay, rounded up in the customer's favour. */
export const paidSeconds = (contracted: number, paid: EndOfHours['paid']): number =>
  paid === undefined ? contracted : Math.ceil((contracted * paid.due) / paid.of);
