/** How the hour bank of a year stands for the customer's page: what is left, where hours went, what waits or is asked about. */
import { later } from '../../rules/engine/calendar/dates';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import type { Contract, LocalDate } from '../../rules/engine/contract/contract';
import { sum } from '../../rules/engine/basics/sum';
import type { HourBalance } from '../../rules/engine/hours/hour-bank';
import { questionsOf } from '../../rules/engine/hours/questions';
import type { StoredPlan } from '../../rules/engine/plan/plan';
import type { Queryable } from '../db';
import { closeOf, readHours } from '../hours/facts';
import type { HourFacts } from '../hours/facts';
import { changesOf } from '../hours/lines';
import { waitingWork } from '../hours/orders';

/** Hours are hundredths, times whole seconds, amounts minor units without VAT. */
export interface PageHours extends HourBalance {
  /** Time of each kind of work, most first. */
  kinds: { kind: string; seconds: number }[];
  /** Work beyond the bank that waits for an order, of all years. */
  waiting: { seconds: number; amountMinor: number };
  /** Lines that somebody asked about and that wait for our answer. */
  questioned: { count: number; seconds: number };
  /** The last day of work that is reported, and when somebody last reported any. */
  reported?: { to: LocalDate; on: LocalDate };
  /** Of an hour of the bank, after discount. */
  priceMinor?: number;
  currency: string;
}

export async function pageHours(
  db: Queryable,
  { agreement, hourBank: { currency } }: Contract,
  { yearNumber: year, from }: StoredPlan,
  today: LocalDate,
): Promise<PageHours> {
  const facts = await readHours(db, agreement);
  const on = later(today, from);
  const { contracted, rolledIn, added, used, remaining, overage } = closeOf(facts, year, on);
  const waiting = waitingWork(facts, on);
  const price = facts.prices[year]?.bank;
  const reported = lastReported(facts);
  return {
    ...{ contracted, rolledIn, used, remaining, overage, currency },
    ...(added !== undefined && { added }),
    kinds: kindsOf(facts, year),
    waiting: {
      seconds: sum(waiting.map(({ seconds }) => seconds)),
      amountMinor: sum(waiting.map(({ amountMinor }) => amountMinor)),
    },
    questioned: questionedIn(facts),
    ...(reported && { reported }),
    ...(price !== undefined && { priceMinor: price }),
  };
}

/** Work of a year by kind; a correction counts to the kind of what it corrects. */
function kindsOf(facts: HourFacts, year: number): PageHours['kinds'] {
  const seconds = new Map<string, number>();
  for (const { use, billable } of changesOf(facts, year)) {
    const kind = use.service ?? 'other';
    seconds.set(kind, (seconds.get(kind) ?? 0) + billable);
  }
  return [...seconds]
    .map(([kind, all]) => ({ kind, seconds: all }))
    .filter((one) => one.seconds > 0)
    .sort((a, b) => b.seconds - a.seconds);
}

function questionedIn({ entries, uses }: HourFacts): PageHours['questioned'] {
  const open = new Set(
    questionsOf(entries).flatMap(({ use, answer }) => (answer === undefined ? [use.id] : [])),
  );
  const lines = uses.filter(({ entry }) => open.has(entry.id));
  return { count: lines.length, seconds: sum(lines.map(({ billable }) => billable)) };
}

function lastReported({ uses, entries }: HourFacts): PageHours['reported'] {
  const days = uses.map(({ on }) => on).sort();
  const recorded = entries.filter(({ action }) => action === 'use').map(({ recordedAt }) => recordedAt);
  const [to, at] = [days.at(-1), recorded.sort().at(-1)];
  return to === undefined || at === undefined ? undefined : { to, on: localDateOf(at) };
}
