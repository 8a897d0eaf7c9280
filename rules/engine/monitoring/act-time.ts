/**
 * Time to act, in minutes of support hours ("08:30-16:30 helgfria vardagar om ej annat avtalas"): while support is
 * closed no time passes.
 */
import { localDateOf } from '../calendar/calendar';
import { addDays } from '../calendar/dates';
import type { Instant } from '../contract/contract';
import { spansOn } from '../terms/support-hours';
import type { SupportTerms } from '../ruleset/terms';

/**
 * Minutes of support hours from one instant to another; 0 if the other is not later.
 *
 * @example supportMinutesBetween('2027-02-12T15:00:00.000Z', '2027-02-15T08:00:00.000Z', support) // 60, over a weekend
 */
export function supportMinutesBetween(from: Instant, to: Instant, support: SupportTerms): number {
  const [start, end] = [Date.parse(from), Date.parse(to)];
  const last = localDateOf(to);
  let milliseconds = 0;
  let counted = start;
  for (let day = addDays(localDateOf(from), -1); day <= last; day = addDays(day, 1))
    for (const [opens, closes] of spansOn(day, support)) {
      milliseconds += Math.max(0, Math.min(closes, end) - Math.max(opens, counted));
      counted = Math.max(counted, closes);
    }
  return milliseconds / 60_000;
}

/**
 * The first instant within support hours by which so many minutes of them have passed. If they are full just when
 * support closes, it is the next opening.
 */
export function supportInstantAfter(instant: Instant, minutes: number, support: SupportTerms): Instant {
  let counted = Date.parse(instant);
  let left = minutes * 60_000;
  for (let day = addDays(localDateOf(instant), -1); ; day = addDays(day, 1))
    for (const [opens, closes] of spansOn(day, support)) {
      const from = Math.max(opens, counted);
      if (from + left < closes) return new Date(from + left).toISOString();
      left -= Math.max(0, closes - from);
      counted = Math.max(counted, closes);
    }
}

/** How often somebody acted, and how long it took, in minutes of support hours. */
export interface ActTimes {
  count: number;
  median: number;
  longest: number;
}

/** Sums up times to act; all are 0 if there are none. */
export function actTimes(minutes: readonly number[]): ActTimes {
  const sorted = [...minutes].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [below = 0, above = 0] = [sorted[middle - 1], sorted[middle]];
  return {
    count: sorted.length,
    median: sorted.length % 2 === 1 ? above : (below + above) / 2,
    longest: sorted.at(-1) ?? 0,
  };
}
