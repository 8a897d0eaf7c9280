/** What a burn-down says of one agreement year. Without libraries: workflows use it. */
import type { BurnDown, Period, Use } from './burn-down';
import { sum } from '../basics/sum';
import { later } from '../calendar/dates';
import type { LocalDate } from '../contract/contract';
import type { HourClose } from './hour-bank';

/** The hours of a year in whole seconds. What rolls out and expires is known from its last day on. */
export interface YearHours extends HourClose {
  /** Rolled in and lapsed before the year's end; no longer counted as rolled in. */
  lapsed: number;
  /** Unused, and paid back when the agreement ended with the year. */
  refunded: number;
  held: number;
  /** Bought or given by us beside the bank's own: drawn on in this year, or left for it. */
  added: number;
}

/**
 * The hours of a year as a burn-down found them.
 *
 * @param uses those that the burn-down was made of
 * @param on the last day that it looked at
 */
export function yearHours(burned: BurnDown, uses: readonly Use[], period: Period, on: LocalDate): YearHours {
  const { number, from, to } = period;
  const own = burned.grants.filter(({ year }) => year === number);
  const ids = new Set(own.map(({ id }) => id));
  const given = (kind: string): number =>
    sum(own.flatMap((grant) => (grant.kind === kind ? [grant.seconds] : [])));
  const ends = burned.ends.filter(({ grant }) => ids.has(grant));
  const last = ends.filter(({ on }) => on >= to);
  const lapsed = sum(ends.flatMap(({ on, expired }) => (on < to ? [expired] : [])));
  const days = new Map(uses.map(({ id, on }) => [id, on]));
  const draws = burned.draws.filter(({ use }) => {
    const on = days.get(use) ?? '';
    return from <= on && on < to;
  });
  const drawn = (isWanted: (grant: string | undefined) => boolean): number =>
    sum(draws.flatMap(({ grant, seconds }) => (isWanted(grant) ? [seconds] : [])));
  const left = sum(own.map(({ id }) => burned.left[id] ?? 0));
  const rolledOut = sum(last.map(({ rolled }) => rolled));
  const expired = sum(last.map((one) => one.expired));
  const held = sum(last.flatMap((end) => end.held?.map(({ seconds }) => seconds) ?? []));
  const added = addedHours(burned, uses, period).filter((one) => one.from <= on);
  const leftBesides = sum(added.map((one) => one.left));
  const refundedOf = (isWanted: (grant: string) => boolean): number =>
    sum(burned.ends.flatMap((end) => (end.on === to && isWanted(end.grant) ? [end.refunded ?? 0] : [])));
  const refundedBesides = refundedOf((grant) => !ids.has(grant));
  const refunded = refundedBesides + refundedOf((grant) => ids.has(grant));
  return {
    contracted: given('contracted') - sum(own.map(({ taken = 0 }) => taken)),
    rolledIn: given('rolled') - lapsed,
    lapsed,
    added: drawn((grant) => grant !== undefined && !ids.has(grant)) + leftBesides + refundedBesides,
    used: drawn(() => true),
    ...{ refunded, held },
    remaining: left + rolledOut + expired + refunded + held + leftBesides,
    overage: drawn((grant) => grant === undefined),
    rolledOut,
    expired,
  };
}

/** Hours bought, or given by us, as far as a year has them: from which day, how many then, and how many at its end. */
export function addedHours(
  { grants, draws, ends }: BurnDown,
  uses: readonly Use[],
  { from, to }: Period,
): { from: LocalDate; seconds: number; left: number }[] {
  const days = new Map(uses.map(({ id, on }) => [id, on]));
  return grants
    .filter((grant) => grant.year === undefined && grant.from < to && grant.expires > from)
    .map((grant) => {
      const drawnBefore = (day: LocalDate): number =>
        sum(
          draws.flatMap(({ use, grant: id, seconds }) =>
            id === grant.id && (days.get(use) ?? '') < day ? [seconds] : [],
          ),
        );
      const expired = sum(
        ends.flatMap((end) =>
          end.grant === grant.id && end.on <= to ? [end.expired + (end.refunded ?? 0)] : [],
        ),
      );
      return {
        from: later(grant.from, from),
        seconds: grant.seconds - drawnBefore(from),
        left: grant.seconds - drawnBefore(to) - expired,
      };
    });
}
