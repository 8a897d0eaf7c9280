/**
 * Arithmetic of the hour bank in hundredths of an hour ("centihours"), exact integers. Without libraries:
 * workflows use it.
 */
import type { HourBankTerms } from '../ruleset/terms';

/** The hour bank of one year in hundredths of an hour (exact integers). */
export interface HourBalance {
  contracted: number;
  rolledIn: number;
  /** Bought, or given by us, beside the bank's own: those drawn on in the year and those left. */
  added?: number;
  used: number;
  /** Unused hours; never below zero. */
  remaining: number;
  /** Hours used beyond those contracted and rolled in. */
  overage: number;
}

/** How a year's hour bank ends, in hundredths of an hour. */
export interface HourClose extends HourBalance {
  /** Carried to the next year. */
  rolledOut: number;
  /** Unused and not rolled over: lost. */
  expired: number;
  /** Unused, and held for a question about a line: they can be used later. */
  held?: number;
  /** Unused and paid back, where the agreement ended with the year. */
  refunded?: number;
  refundMinor?: number;
  /** Used beyond what had been paid in instalments when the agreement ended. */
  beyondPaid?: number;
  beyondPaidMinor?: number;
}

/** Most hours one report can name: a year's working time, so that a slip of the decimal point is caught. */
export const mostHours = 2000;

/** Seconds of a hundredth of an hour. */
export const secondsOfHundredth = 36;

/** Seconds as hundredths of an hour, of which they may be a fraction. */
export const inHundredths = (seconds: number): number => seconds / secondsOfHundredth;

/**
 * A number with at most two decimals as a whole number of hundredths, decided on its decimal digits.
 *
 * @param what names the number in the error
 * @throws if it has more decimals, is no number, or too large to count exactly
 */
export function toHundredths(value: number, what: string): number {
  const match = /^(-?)(\d+)(?:\.(\d{1,2}))?$/.exec(String(value));
  const [, sign = '', whole = '', decimals = ''] = match ?? [];
  const hundredths = Number(whole + decimals.padEnd(2, '0'));
  if (match === null || !Number.isSafeInteger(hundredths))
    throw new Error(`expected ${what} with at most two decimals, found ${String(value)}`);
  return sign === '-' ? -hundredths : hundredths;
}

/**
 * Hours as hundredths of an hour; negative ones stay negative.
 *
 * @example toCentihours(12.5) // 1250
 */
export function toCentihours(hours: number): number {
  return toHundredths(hours, 'hours');
}

/** As `toCentihours`, for what people type. @returns NaN if a number has more than two decimals */
export function centihoursOrNaN(hours: number): number {
  try {
    return toCentihours(hours);
  } catch {
    return NaN;
  }
}

/**
 * What the entries of one year add up to; a correction is a negative entry. Rolled hours that have lapsed no longer
 * count as rolled in. All in centihours.
 */
export function balanceOf(
  entries: readonly { kind: 'contracted' | 'rolledIn' | 'used' | 'lapsed'; hours: number }[],
): HourBalance {
  const sum = { contracted: 0, rolledIn: 0, used: 0, lapsed: 0 };
  for (const { kind, hours } of entries) sum[kind] += hours;
  const { contracted, used, lapsed } = sum;
  const rolledIn = sum.rolledIn - lapsed;
  const left = contracted + rolledIn - used;
  return { contracted, rolledIn, used, remaining: Math.max(0, left), overage: Math.max(0, -left) };
}

/**
 * How the hour bank of a year ends: "Ni som kund har alltid rätt att skjuta 20% till nästkommande period".
 * Hours rolled in count as used first, unless the terms say otherwise, and those left of them expire. Only unused
 * contracted hours roll over, at most the terms' share, rounded up to a hundredth in the customer's favour.
 */
export function closeHourBank(
  balance: HourBalance,
  terms: Pick<HourBankTerms, 'orderOfUse' | 'rollover'>,
): HourClose {
  const { percent, basis } = terms.rollover;
  const { contracted, used } = balance;
  const unused =
    terms.orderOfUse === 'contractedFirst'
      ? Math.max(0, contracted - used)
      : Math.min(balance.remaining, contracted);
  const share =
    (basis === 'contracted' ? balance.contracted : unused) * toHundredths(percent, 'a percentage');
  const rolledOut = Math.min(unused, Math.ceil(share / 10_000));
  return { ...balance, rolledOut, expired: balance.remaining - rolledOut };
}

/**
 * Hours rolled in that are not used yet. They lapse on the day that the terms set ("inom ramen för en 12 månaders
 * period").
 */
export function unusedRolledIn(
  { contracted, rolledIn, used }: HourBalance,
  orderOfUse: HourBankTerms['orderOfUse'],
): number {
  const usedOfThem = orderOfUse === 'contractedFirst' ? Math.max(0, used - contracted) : used;
  return Math.max(0, rolledIn - usedOfThem);
}

/** The alert thresholds that are reached after and were not before, ascending. */
export function crossedAlerts(
  before: HourBalance,
  after: HourBalance,
  alertPercents: readonly number[],
): number[] {
  return alertPercents
    .filter((percent) => !hasReached(before, percent) && hasReached(after, percent))
    .sort((a, b) => a - b);
}

/**
 * Whether so many per cent of the available hours are used. While nothing is used no threshold is reached; in an empty
 * bank the first hour used reaches all of them.
 */
export function hasReached(balance: HourBalance, percent: number): boolean {
  return balance.used > 0 && balance.used * 100 >= availableHours(balance) * percent;
}

/** All hours that there are to use, in the unit of the balance. */
export function availableHours({
  contracted,
  rolledIn,
  added = 0,
}: Pick<HourBalance, 'contracted' | 'rolledIn' | 'added'>): number {
  return contracted + rolledIn + added;
}
