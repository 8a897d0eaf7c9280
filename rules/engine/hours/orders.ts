/**
 * Who answers for what goes beyond the hour bank: overage is ordered before it is charged. What nobody has ordered, waived or
 * decided waits, and is charged to nobody. Without libraries: workflows use it.
 */
import { compare } from '../basics/compare';
import type { LocalDate } from '../contract/contract';
import type { Draw, Use } from './burn-down';
import { amountOf } from './price';

/** The kinds of decision there are: the customer orders, or takes it from the next period; a manager charges or waives it after silence. */
export const orderKinds = ['order', 'ahead', 'charge', 'waive'] as const;

export type OrderKind = (typeof orderKinds)[number];

/** A decision about work beyond the bank, as it stands. */
export interface HourOrder {
  id: string;
  kind: OrderKind;
  /** At most so much. */
  seconds: number;
  /** The first and the last day of work that it covers. */
  from: LocalDate;
  until: LocalDate;
}

/** What the contract lets us do beyond the bank without asking, in a calendar month; whichever is reached first. */
export interface StandingApproval {
  seconds?: number;
  /** Minor units, excl. VAT. */
  minor?: number;
}

/** Who answers for time beyond the bank: the standing approval of the contract, a decision, or nobody yet. */
export type Cover =
  | { by: 'standing' }
  | { by: Exclude<OrderKind, 'ahead'>; order: string }
  | { by: 'ahead'; order: string; /** The next period's hours. */ grant: string }
  | { by: 'nobody' };

export interface CoveredDraw extends Draw {
  /** Of a draw beyond the bank. */
  cover?: Cover;
}

/** What a cover is decided by. */
export interface CoverTerms {
  orders: readonly HourOrder[];
  /** The standing approval on a day, if there is one. */
  standing(day: LocalDate): StandingApproval | undefined;
  /** The price of an hour of a use beyond the bank, in minor units. */
  beyond(use: string): number;
  /** The contracted hours of the period after that of a day; nothing where the agreement ends before. */
  next(day: LocalDate): string | undefined;
}

/**
 * Divides what a burn-down found beyond the bank among those who answer for it, in the order of work: first the standing approval of
 * its month, then orders and decisions, those that end sooner first. The order in which they were told makes no difference.
 *
 * @returns all draws in their order; one beyond the bank may become several
 */
export function coverDraws(
  draws: readonly Draw[],
  uses: readonly Use[],
  { orders, standing, beyond, next }: CoverTerms,
): CoveredDraw[] {
  const days = new Map(uses.map(({ id, on }) => [id, on]));
  const used: Record<string, Required<StandingApproval>> = {};
  const left = [...orders]
    .sort((a, b) => compare(a.until, b.until) || compare(a.from, b.from) || compare(a.id, b.id))
    .map((order) => ({ order, seconds: order.seconds }));
  return draws.flatMap((draw): CoveredDraw[] => {
    if (draw.grant !== undefined) return [draw];
    const on = days.get(draw.use) ?? '';
    let { seconds } = draw;
    const covered: CoveredDraw[] = [];
    const take = (most: number, cover: Cover): number => {
      const taken = Math.min(seconds, most);
      if (taken <= 0) return 0;
      seconds -= taken;
      covered.push({ use: draw.use, seconds: taken, cover });
      return taken;
    };
    const approved = standing(on);
    if (approved) {
      const month = (used[on.slice(0, 7)] ??= { seconds: 0, minor: 0 });
      const taken = take(leftOf(approved, month, beyond(draw.use)), { by: 'standing' });
      month.seconds += taken;
      month.minor += amountOf(taken, beyond(draw.use));
    }
    for (const one of left) {
      const { id, kind, from, until } = one.order;
      const cover = coverOf(kind, id, next(on));
      if (cover && from <= on && on <= until) one.seconds -= take(one.seconds, cover);
    }
    take(seconds, { by: 'nobody' });
    return covered;
  });
}

function coverOf(kind: OrderKind, order: string, next: string | undefined): Cover | undefined {
  if (kind !== 'ahead') return { by: kind, order };
  return next === undefined ? undefined : { by: kind, order, grant: next };
}

/** Seconds taken of the next periods' hours, by grant. */
export function takenAhead(draws: readonly CoveredDraw[]): Record<string, number> {
  const taken: Record<string, number> = {};
  for (const { cover, seconds } of draws)
    if (cover?.by === 'ahead') taken[cover.grant] = (taken[cover.grant] ?? 0) + seconds;
  return taken;
}

/** Seconds that a month's standing approval still has, at a price of an hour. */
function leftOf(approved: StandingApproval, used: Required<StandingApproval>, price: number): number {
  const inTime = (approved.seconds ?? Infinity) - used.seconds;
  const money = (approved.minor ?? Infinity) - used.minor;
  const inMoney =
    price === 0 || money === Infinity ? Infinity : Math.floor((Math.max(0, money) * 3600) / price);
  return Math.max(0, Math.min(inTime, inMoney));
}
