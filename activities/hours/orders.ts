/** What goes beyond the hour bank and waits for somebody to order it, and what was ordered or decided. */
import { localDateOf } from '../../rules/engine/calendar/calendar';
import type { Instant, LocalDate } from '../../rules/engine/contract/contract';
import { sum } from '../../rules/engine/basics/sum';
import { inHundredths } from '../../rules/engine/hours/hour-bank';
import { amountOf } from '../../rules/engine/hours/price';
import type { YearPlan } from '../../rules/engine/plan/plan';
import type { MailOrder } from '../../templates/mails/mail-data';
import type { OrderKind } from '../../rules/engine/hours/orders';
import type { Terms } from '../../rules/engine/ruleset/terms';
import { openingIn } from '../../rules/engine/terms/support-hours';
import { allBeyondBank, yearOn } from './facts';
import type { BeyondBank, HourFacts } from './facts';

/** Work beyond the bank for which nobody answers yet, of all years, in its order. */
export const waitingWork = (facts: HourFacts, on: LocalDate): BeyondBank[] =>
  allBeyondBank(facts, on).filter(({ cover }) => cover.by === 'nobody');

export interface ToldOrders {
  /** Seconds that wait, of all years; 0 where nothing does. */
  waits: number;
  /** When the customer is asked again, and when a manager decides, if they are asked now. */
  remindAt: Instant;
  decideAt: Instant;
  /** What was ordered or decided by what was booked, by the number of its entry. */
  placed: { number: number; kind: OrderKind }[];
}

/** Open days after which the customer is reminded and the manager decides, unless the terms say. */
const usualDays = { remindWorkingDays: 3, decideWorkingDays: 10 };

/** @param booked numbers of entries by id */
export function ordersToTell(
  booked: Readonly<Record<string, number>>,
  facts: HourFacts,
  { support, hourBank }: Pick<Terms, 'support' | 'hourBank'>,
  asOf: Instant,
): ToldOrders {
  const { remindWorkingDays, decideWorkingDays } = hourBank.overage.ask ?? usualDays;
  const today = localDateOf(asOf);
  return {
    waits: sum(waitingWork(facts, today).map(({ seconds }) => seconds)),
    remindAt: openingIn(today, remindWorkingDays, support),
    decideAt: openingIn(today, decideWorkingDays, support),
    placed: facts.orders.flatMap(({ id, kind }) => {
      const number = booked[id];
      return number === undefined ? [] : [{ number, kind }];
    }),
  };
}

/** The price of an hour, where all cost the same. */
export function samePrice<N extends string>(
  beyond: readonly BeyondBank[],
  name: N,
): Partial<Record<N, number>> {
  const [price, ...others] = new Set(beyond.map(({ priceMinor }) => priceMinor));
  return price !== undefined && others.length === 0 ? ({ [name]: price } as Record<N, number>) : {};
}

/** What waits, line by line, with its price, and what the customer can do about it; nothing where nothing waits. */
export function waitingOrder(
  facts: HourFacts,
  { plan: { packages = [] }, currency }: { plan: Pick<YearPlan, 'packages'>; currency: string },
  on: LocalDate,
): MailOrder | undefined {
  const waiting = waitingWork(facts, on);
  const [first] = waiting;
  if (!first) return undefined;
  const canTakeAhead = facts.periods.find(({ number }) => number === yearOn(facts.periods, first.use.on));
  return {
    hours: inHundredths(sum(waiting.map(({ seconds }) => seconds))),
    amountMinor: sum(waiting.map(({ amountMinor }) => amountMinor)),
    ...samePrice(waiting, 'priceMinor'),
    ...{ currency, since: first.use.on },
    lines: waiting.map(({ use, seconds, priceMinor, amountMinor }) => ({
      ...{ number: use.entry.number, on: use.on, kind: use.entry.service ?? 'other', seconds },
      ...{ priceMinor, amountMinor },
      ...(use.entry.note !== undefined && { note: use.entry.note }),
    })),
    packages: packages.map(({ hours, priceMinor }) => ({
      ...{ hours: hours * 100, priceMinor },
      amountMinor: amountOf(hours * 3600, priceMinor),
    })),
    ...(canTakeAhead?.rollover && { ahead: true as const }),
  };
}
