/**
 * What an agreement has to be invoiced: one line for each instalment, package, and time ordered beyond the bank, each with a
 * key that never changes. A pure function of facts; what was exported before is not its business.
 */
import { compare } from '../basics/compare';
import { sum } from '../basics/sum';
import { addDays, later } from '../calendar/dates';
import type { LocalDate } from '../contract/contract';
import { amountOf } from '../hours/price';
import { instalmentsDue, partsOfYear } from '../hours/termination';
import type { EndOfHours } from '../hours/termination';
import type { InvoicingTerms } from '../ruleset/terms';

export const owedKinds = ['instalment', 'amendment', 'purchase', 'overage', 'beyondPaid', 'refund'] as const;

/** Something to invoice. Times are whole seconds, money minor units without VAT; a refund is below zero. */
export interface OwedLine {
  /** The same for the same thing, whatever becomes of it: `instalment/1/2`, `purchase/<entry>`. */
  key: string;
  kind: (typeof owedKinds)[number];
  /** The agreement year by whose terms it is invoiced. */
  year: number;
  /** The first and the last day that it is about ("avser"). */
  from: LocalDate;
  to: LocalDate;
  /** The day from which it can be invoiced. */
  on: LocalDate;
  seconds: number;
  priceMinor: number;
  amountMinor: number;
  article: string;
  vatCode: string;
  /** Of an instalment: which of how many. */
  part?: { number: number; of: number };
  /** Of time beyond the bank: the kind of work. */
  service?: string;
  /** The number of the entry that it comes from. */
  entry?: number;
  /** Of a refund: the key of what it pays back. */
  of?: string;
}

/** An agreement year that is invoiced by us. */
export interface InvoicedYear {
  number: number;
  /** Half-open; where the agreement ended within the year, `to` is still the year's. */
  from: LocalDate;
  to: LocalDate;
  /** The first day on which the agreement runs no more, where it ended before `to`. */
  endedOn?: LocalDate;
  terms: InvoicingTerms;
  /** Of an hour of the bank. */
  priceMinor: number;
  /** Contracted hours as they were given: the year's own, and those that amendments added, with the day of that. */
  given: readonly { seconds: number; on: LocalDate }[];
  /** Instalments of before this day were invoiced by somebody else: the agreement was taken over then. */
  since?: LocalDate;
}

/** Hours that the customer bought. */
export interface Purchase {
  /** Id and number of its entry. */
  id: string;
  entry: number;
  /** The day on which it was bought, and by when the hours can be used. */
  on: LocalDate;
  from: LocalDate;
  expires: LocalDate;
  seconds: number;
  priceMinor: number;
}

/** Time beyond the bank that the customer ordered, or that is to be charged. */
export interface OrderedOverage {
  /** Never changes for the same time and order. */
  id: string;
  entry: number;
  /** The day of the work, and the day since which it may be invoiced. */
  on: LocalDate;
  ordered: LocalDate;
  service?: string;
  seconds: number;
  priceMinor: number;
  amountMinor: number;
}

/** Unused hours of a grant that are paid back. */
export interface Refund {
  /** Of the grant. */
  id: string;
  /** What paid for them: the id of a purchase, or the instalments of a year. */
  purchase?: string;
  year?: number;
  seconds: number;
  priceMinor: number;
  amountMinor: number;
}

/** What is owed either way once the agreement has ended with a year. */
export interface EndedYear {
  year: number;
  /** The first day on which the agreement runs no more. */
  on: LocalDate;
  end: EndOfHours;
  /** Unused hours paid back. */
  refunds: readonly Refund[];
  beyondPaid: number;
  beyondPaidMinor: number;
}

export interface InvoicedFacts {
  years: readonly InvoicedYear[];
  purchases: readonly Purchase[];
  overage: readonly OrderedOverage[];
  ended: readonly EndedYear[];
}

/** All that the agreement has to be invoiced by its facts, whatever its day, in the order of its days. */
export function owedLines({ years, purchases, overage, ended }: InvoicedFacts): OwedLine[] {
  // What was bought before the first year belongs to it. A year that somebody else invoices is none of these.
  const yearOn = (day: LocalDate): InvoicedYear | undefined =>
    years.find(({ from, to }) => from <= day && day < to) ??
    (years[0]?.number === 1 && day < years[0].from ? years[0] : undefined);
  const bank = years.flatMap(instalmentLines);
  const bought = purchases.flatMap((purchase) => {
    const year = yearOn(purchase.on);
    return year ? [purchaseLine(purchase, year)] : [];
  });
  const beyond = overage.flatMap((one) => {
    const year = yearOn(one.on);
    return year ? [overageLine(one, year)] : [];
  });
  const settled = ended.flatMap((end) => {
    const year = years.find(({ number }) => number === end.year);
    return year ? settlementLines(end, year, [...bank, ...bought]) : [];
  });
  return [...bank, ...bought, ...beyond, ...settled]
    .filter(({ amountMinor }) => amountMinor !== 0)
    .sort((a, b) => compare(a.on, b.on) || compare(a.from, b.from) || compare(a.key, b.key));
}

/** Parts of a whole in minor units or seconds: equal ones, of which the last takes the rest. */
function shares(whole: number, parts: number): number[] {
  const part = Math.floor(whole / parts);
  return Array.from({ length: parts }, (_, index) => (index < parts - 1 ? part : whole - part * (parts - 1)));
}

/**
 * A year's instalments. Hours that an amendment adds are in those that can be invoiced later than its day; what it adds to
 * those of before is a line of its own.
 */
function instalmentLines(year: InvoicedYear): OwedLine[] {
  const { number, from, terms, priceMinor, given, since = '' } = year;
  const { instalments: of, when } = terms;
  const days = partsOfYear(from, of);
  const lastDay = addDays(year.endedOn ?? year.to, -1);
  const due = instalmentsDue(from, of, lastDay, when);
  const onOf = (index: number): LocalDate =>
    when === 'advance' ? addDays(days[index]!, -(terms.daysBefore ?? 0)) : days[index + 1]!;
  const opening = given.filter(({ on }) => on <= from);
  const first = sum(opening.map(({ seconds }) => seconds));
  const parts = amountsOf([first, ...given.filter(({ on }) => on > from).map(({ seconds }) => seconds)], {
    of,
    priceMinor,
  });
  const common = { year: number, priceMinor, article: terms.article, vatCode: terms.vatCode };
  const added = given
    .filter(({ on }) => on > from)
    .map(({ on }, index) => ({ on, index, parts: parts[index + 1]! }));
  const lines = Array.from({ length: due }, (_, index): OwedLine => {
    const on = onOf(index);
    const own = [parts[0]!, ...added.filter((one) => on > one.on).map((one) => one.parts)];
    return {
      ...common,
      ...{ key: `instalment/${number}/${index + 1}`, kind: 'instalment', on },
      ...{ from: days[index]!, to: addDays(days[index + 1]!, -1) },
      seconds: sum(own.map((one) => one.seconds[index]!)),
      amountMinor: sum(own.map((one) => one.minor[index]!)),
      part: { number: index + 1, of },
    };
  });
  const amendments = added.map(({ on, index, parts: one }): OwedLine => {
    const before = Array.from({ length: due }, (_, part) => part).filter((part) => onOf(part) <= on);
    return {
      ...common,
      ...{ key: `amendment/${number}/${index + 1}`, kind: 'amendment', on },
      ...{ from: on, to: addDays(days[(before.at(-1) ?? 0) + 1]!, -1) },
      seconds: sum(before.map((part) => one.seconds[part]!)),
      amountMinor: sum(before.map((part) => one.minor[part]!)),
    };
  });
  return [...lines, ...amendments].filter(({ on }) => on >= since);
}

/** Each grant's parts; what all come to is the price of all their time, rounded once. */
function amountsOf(
  grants: readonly number[],
  { of, priceMinor }: { of: number; priceMinor: number },
): { seconds: number[]; minor: number[] }[] {
  let before = 0;
  return grants.map((seconds) => {
    const minor = amountOf(before + seconds, priceMinor) - amountOf(before, priceMinor);
    before += seconds;
    return { seconds: shares(seconds, of), minor: shares(minor, of) };
  });
}

function purchaseLine(purchase: Purchase, { number, terms }: InvoicedYear): OwedLine {
  const { id, entry, on, from, expires, seconds, priceMinor } = purchase;
  return {
    ...{ key: `purchase/${id}`, kind: 'purchase', year: number, entry, on },
    ...{ from, to: addDays(expires, -1), seconds, priceMinor },
    amountMinor: amountOf(seconds, priceMinor),
    ...{ article: terms.article, vatCode: terms.vatCode },
  };
}

function overageLine(one: OrderedOverage, { number, terms }: InvoicedYear): OwedLine {
  const { id, entry, on, ordered, service, seconds, priceMinor, amountMinor } = one;
  return {
    ...{ key: `overage/${id}`, kind: 'overage', year: number, entry, on: later(on, ordered) },
    ...{ from: on, to: on, seconds, priceMinor, amountMinor },
    ...(service !== undefined && { service }),
    ...{ article: terms.overageArticle ?? terms.article, vatCode: terms.vatCode },
  };
}

/** What is paid back of instalments, the last first, and of packages; and what was used beyond the instalments. */
function settlementLines(
  { year, on, end, refunds, beyondPaid, beyondPaidMinor }: EndedYear,
  { from: first, priceMinor, terms }: InvoicedYear,
  invoiced: readonly OwedLine[],
): OwedLine[] {
  const common = { year, on, from: on, to: on, article: terms.article, vatCode: terms.vatCode };
  const back = refunds.flatMap((refund) =>
    spread(refund, sourcesOf(refund, invoiced, year)).map(({ source, seconds, amountMinor }): OwedLine => ({
      ...common,
      ...{ key: `refund/${refund.id}/${source.key}`, kind: 'refund', of: source.key },
      ...{ from: source.from, to: source.to, priceMinor: refund.priceMinor, seconds: -seconds },
      amountMinor: -amountMinor,
    })),
  );
  const isInvoiced = end.beyondPaid === 'invoice' && beyondPaidMinor > 0;
  const beyond: OwedLine[] = isInvoiced
    ? [
        {
          ...common,
          ...{ key: `beyond-paid/${year}`, kind: 'beyondPaid', from: first, to: addDays(on, -1), priceMinor },
          ...{ seconds: beyondPaid, amountMinor: beyondPaidMinor },
        },
      ]
    : [];
  return [...back, ...beyond];
}

/** The lines that paid for hours that are paid back, the last first. */
function sourcesOf({ purchase, year }: Refund, invoiced: readonly OwedLine[], ended: number): OwedLine[] {
  if (purchase !== undefined) return invoiced.filter(({ key }) => key === `purchase/${purchase}`);
  const bankOf = (number: number): OwedLine[] =>
    invoiced.filter(
      (line) => line.year === number && (line.kind === 'instalment' || line.kind === 'amendment'),
    );
  const own = bankOf(year ?? ended);
  return (own.length > 0 ? own : bankOf(ended)).reverse();
}

/** Takes an amount from lines, one after the other, from each at most what it was. */
function spread(
  { seconds, amountMinor }: { seconds: number; amountMinor: number },
  sources: readonly OwedLine[],
): { source: OwedLine; seconds: number; amountMinor: number }[] {
  let [time, money] = [seconds, amountMinor];
  return sources.flatMap((source) => {
    const taken = {
      seconds: Math.min(time, source.seconds),
      amountMinor: Math.min(money, source.amountMinor),
    };
    time -= taken.seconds;
    money -= taken.amountMinor;
    return taken.amountMinor === 0 ? [] : [{ source, ...taken }];
  });
}
