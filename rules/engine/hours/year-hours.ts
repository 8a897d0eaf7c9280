/** What a burn-down says of one agreement year. Without libraries: workflows use it. */
import type { BurnDown, Period, Use } from './burn-down';
import type { HourClose } from './hour-bank';

/** The hours of a year in whole seconds. What rolls out and expires is known from its last day on. */
export interface YearHours extends HourClose {
  /** Rolled in and lapsed before the year's end; no longer counted as rolled in. */
  lapsed: number;
  /** Given beside the bank's own hours: bought or given by us, and drawn on in this year. */
  besides: number;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

/**
 * The hours of a year as a burn-down found them.
 *
 * @param uses those that the burn-down was made of
 */
export function yearHours(burned: BurnDown, uses: readonly Use[], period: Period): YearHours {
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
  return {
    contracted: given('contracted'),
    rolledIn: given('rolled') - lapsed,
    lapsed,
    besides: drawn((grant) => grant !== undefined && !ids.has(grant)),
    used: drawn(() => true),
    remaining: left + rolledOut + expired,
    overage: drawn((grant) => grant === undefined),
    rolledOut,
    expired,
  };
}
