/** The ledger of a year line by line: what was given, used and corrected, and what rolled over, lapsed or expired. */
import { compare } from '../../rules/engine/basics/compare';
import { sum } from '../../rules/engine/basics/sum';
import { instantAt, localDateOf } from '../../rules/engine/calendar/calendar';
import { later } from '../../rules/engine/calendar/dates';
import type { Instant, LocalDate } from '../../rules/engine/contract/contract';
import { isIncluded } from '../../rules/engine/hours/billable';
import type { BookingTermsOfYear } from '../../rules/engine/hours/billable';
import { entryChanges } from '../../rules/engine/hours/entries';
import { questionsOf } from '../../rules/engine/hours/questions';
import type { EntryChange } from '../../rules/engine/hours/entries';
import { addedHours } from '../../rules/engine/hours/year-hours';
import type { Period } from '../../rules/engine/hours/burn-down';
import type { Cover } from '../../rules/engine/hours/orders';
import type { StatementLine } from '../../templates/statement/data';
import { beyondBank, burn, pricesOfHours, usesOf } from './facts';
import type { HourFacts } from './facts';

/** A line of the ledger. A correction counts what it changed; all times are whole seconds. */
export interface HourLine {
  at: Instant;
  kind:
    'contracted' | 'rolledIn' | 'added' | 'used' | 'lapsed' | 'rolledOut' | 'expired' | 'held' | 'refunded';
  seconds: number;
  /** Of a use: the entry, with the day of its work. */
  change?: EntryChange;
  reason?: string;
}

/** The changes of uses on days of a year, in the order of their work. */
export function changesOf(facts: HourFacts, year: number): EntryChange[] {
  const period = facts.periods.find(({ number }) => number === year);
  if (!period) return [];
  return entryChanges(facts.entries)
    .filter(({ on }) => period.from <= on && on < period.to)
    .sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : a.entry.number - b.entry.number));
}

/** All lines of a year as they stand on a day, what is derived from them included. */
export function hourLines(facts: HourFacts, year: number, on: LocalDate): HourLine[] {
  const period = facts.periods.find(({ number }) => number === year);
  if (!period) return [];
  const given = facts.recorded
    .filter((grant) => grant.year === year && grant.kind === 'contracted')
    .map(({ recordedAt, seconds, reason }): HourLine => ({
      ...{ at: recordedAt, kind: 'contracted', seconds },
      ...(reason !== null && { reason }),
    }));
  const used = changesOf(facts, year).map((change): HourLine => ({
    ...{ at: change.entry.recordedAt, kind: 'used', seconds: change.billable, change },
  }));
  const burned = burn(facts, on);
  const own = burned.grants.filter((grant) => grant.year === year);
  const starts = own.flatMap(({ kind, seconds, from }): HourLine[] =>
    kind === 'rolled' && seconds > 0 ? [{ at: instantAt(from, '00:00'), kind: 'rolledIn', seconds }] : [],
  );
  const added = addedHours(burned, usesOf(facts.uses), period).map(({ from, seconds }): HourLine => ({
    ...{ at: instantAt(from, '00:00'), kind: 'added', seconds },
  }));
  const refunds = burned.ends.flatMap((end): HourLine[] =>
    end.refunded !== undefined && end.on === period.to
      ? [{ at: instantAt(end.on, '00:00'), kind: 'refunded', seconds: end.refunded }]
      : [],
  );
  const ends = burned.ends
    .filter(({ grant }) => own.some(({ id }) => id === grant))
    .flatMap(({ on: day, rolled, expired, held = [] }): HourLine[] => {
      const at = instantAt(day, '00:00');
      const isLast = day >= period.to;
      return [
        { at, kind: 'rolledOut', seconds: rolled },
        { at, kind: isLast ? 'expired' : 'lapsed', seconds: expired },
        { at, kind: 'held', seconds: sum(held.map(({ seconds }) => seconds)) },
      ];
    });
  return [...given, ...starts, ...added, ...used, ...merged([...ends, ...refunds])];
}

/** What ends at one time in one way is one line. */
function merged(lines: readonly HourLine[]): HourLine[] {
  const sums = new Map<string, HourLine>();
  for (const line of lines) {
    const key = `${line.at} ${line.kind}`;
    sums.set(key, { ...line, seconds: line.seconds + (sums.get(key)?.seconds ?? 0) });
  }
  return [...sums.values()].filter(({ seconds }) => seconds > 0);
}

/** The lines of a statement, in order of the days on which they count; they add up to what is left. What ends counts below zero. */
export function statementLines(facts: HourFacts, year: number, on: LocalDate): StatementLine[] {
  const period = facts.periods.find(({ number }) => number === year);
  if (!period) return [];
  const pricesOf = pricesOfUses(facts, on);
  const askedOn = new Map(
    questionsOf(facts.entries).flatMap(({ use, questions: [asked], answer }) =>
      asked && !answer ? [[use.id, localDateOf(asked.recordedAt)]] : [],
    ),
  );
  const lines = hourLines(facts, year, on).map((line): StatementLine => {
    const { change, kind, seconds } = line;
    const asked = change && askedOn.get(change.use.id);
    if (change)
      return {
        ...lineOfUse(change, pricesOf(change.use.id), facts.booking[year]),
        ...(asked !== undefined && { asked }),
      };
    return { on: dayOf(line, period), kind, seconds: gives.includes(kind) ? seconds : -seconds };
  });
  return [
    ...lines,
    ...aheadLines(facts, period, on),
    ...addedEnds(facts, period, on),
    ...beyondLines(facts, year, on),
  ]
    .filter((line) => line.on <= on)
    .sort((a, b) => compare(a.on, b.on) || rank(a) - rank(b) || (a.number ?? 0) - (b.number ?? 0));
}

const gives: HourLine['kind'][] = ['contracted', 'rolledIn', 'added'];

/** Contracted hours are there from the year's first day, whenever they were agreed on: so are they drawn on. */
const dayOf = ({ kind, at }: HourLine, { from }: Period): LocalDate =>
  kind === 'contracted' ? from : later(localDateOf(at), from);

function lineOfUse(
  { entry, use, on, reported, billable }: EntryChange,
  prices: number[],
  terms: BookingTermsOfYear | undefined,
): StatementLine {
  const included = terms && isIncluded({ reported, billable }, use.service, terms);
  return {
    ...{ on, number: entry.number, seconds: -billable },
    kind: entry.action === 'use' ? (entry.service ?? 'other') : 'correction',
    ...(reported !== billable && { reported }),
    ...(included && { included }),
    ...(entry.by !== undefined && { by: entry.by }),
    ...(entry.note !== undefined && { note: entry.note }),
    ...(prices.length > 0 && { prices }),
  };
}

/** Prices of an hour that a use drew on the bank, each once, in the order in which it drew. */
function pricesOfUses(facts: HourFacts, on: LocalDate): (use: string) => number[] {
  const { draws, grants } = burn(facts, on);
  const { of } = pricesOfHours(facts);
  const prices = new Map(grants.map((grant) => [grant.id, of(grant)]));
  const byUse = new Map<string, Set<number>>();
  for (const { use, grant } of draws) {
    const price = grant === undefined ? undefined : prices.get(grant);
    if (price !== undefined) byUse.set(use, (byUse.get(use) ?? new Set()).add(price));
  }
  return (use) => [...(byUse.get(use) ?? [])];
}

/** Hours bought, or given by us, that end within the year. */
function addedEnds(facts: HourFacts, { from, to }: Period, on: LocalDate): StatementLine[] {
  const { grants, ends } = burn(facts, on);
  const added = new Set(grants.flatMap(({ id, year }) => (year === undefined ? [id] : [])));
  return ends
    .filter((end) => added.has(end.grant) && end.expired > 0 && from < end.on && end.on <= to)
    .map((end) => ({ on: end.on, kind: 'addedExpired', seconds: -end.expired }));
}

/** What of uses went beyond the bank: it is not drawn on it, and waits for the customer's order unless somebody answers for it. */
function beyondLines(facts: HourFacts, year: number, on: LocalDate): StatementLine[] {
  return beyondBank(facts, year, on).map(({ use, cover, seconds, priceMinor, amountMinor }) => ({
    ...{ on: use.on, number: use.entry.number, kind: beyondKinds[cover.by], seconds },
    ...(cover.by === 'waive' || cover.by === 'ahead' ? {} : { prices: [priceMinor], amountMinor }),
  }));
}

const beyondKinds = {
  nobody: 'beyond',
  standing: 'beyondApproved',
  order: 'beyondOrdered',
  charge: 'beyondOrdered',
  ahead: 'beyondAhead',
  waive: 'beyondWaived',
} as const satisfies Record<Cover['by'], string>;

/** Contracted hours of a year that the customer used in the year before. */
function aheadLines(facts: HourFacts, { number, from }: Period, on: LocalDate): StatementLine[] {
  return burn(facts, on).grants.flatMap(({ year, taken }) =>
    year === number && taken !== undefined ? [{ on: from, kind: 'ahead', seconds: -taken }] : [],
  );
}

/** On one day hours are given first; then what ends is gone, then hours are used, last is what lies beyond the bank. */
function rank({ number, kind, seconds }: StatementLine): number {
  if (number !== undefined) return kind.startsWith('beyond') ? 3 : 2;
  return seconds > 0 ? 0 : 1;
}
