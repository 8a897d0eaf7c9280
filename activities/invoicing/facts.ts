/** Gathers what an agreement is invoiced by: its years with their terms, what was given and bought, and how it ended. */
import { localDateOf } from '../../rules/engine/calendar/calendar';
import { later } from '../../rules/engine/calendar/dates';
import type { Instant, LocalDate } from '../../rules/engine/contract/contract';
import { amountOf } from '../../rules/engine/hours/price';
import { settlementOf } from '../../rules/engine/hours/settlement';
import type {
  EndedYear,
  InvoicedFacts,
  InvoicedYear,
  OrderedOverage,
  Purchase,
} from '../../rules/engine/invoicing/owed';
import type { InvoicingTerms } from '../../rules/engine/ruleset/terms';
import type { Queryable } from '../db';
import { allBeyondBank, burn, pricesOfHours } from '../hours/facts';
import type { HourFacts } from '../hours/facts';

interface PlannedYear {
  year: number;
  from: LocalDate;
  to: LocalDate;
  /** Without the number of instalments somebody else invoices the year: its terms came while it ran. */
  terms: Partial<InvoicingTerms> | null;
  takenOverAt: Instant | null;
}

/** Whether the terms say all that it takes to invoice a year. */
export const isInvoiced = (terms: Partial<InvoicingTerms> | null | undefined): terms is InvoicingTerms =>
  terms?.instalments !== undefined && terms.when !== undefined;

/** What an agreement is invoiced by. @param today the last day looked at */
export async function invoicedFacts(
  db: Queryable,
  agreement: string,
  facts: HourFacts,
  today: LocalDate,
): Promise<InvoicedFacts> {
  const planned = await db.query<PlannedYear>(
    `select distinct on (year) year, plan ->> 'from' as from, plan ->> 'to' as to, terms -> 'invoicing' as terms,
            plan #>> '{takenOver,at}' as "takenOverAt"
       from plans where agreement = $1 order by year, revision desc`,
    [agreement],
  );
  return {
    years: planned.flatMap((year) => (isInvoiced(year.terms) ? [yearOf(year, year.terms, facts)] : [])),
    purchases: purchasesOf(facts),
    overage: orderedOverage(facts, today),
    ended: facts.periods.flatMap(({ number }) => endedYear(facts, number, today) ?? []),
  };
}

function yearOf(
  { year: number, from, to, takenOverAt }: PlannedYear,
  terms: InvoicingTerms,
  { periods, prices, recorded }: HourFacts,
): InvoicedYear {
  const endedOn = periods.find((period) => period.number === number)?.to ?? to;
  const given = recorded
    .filter(({ kind, year }) => kind === 'contracted' && year === number)
    .map(({ seconds, recordedAt }) => ({ seconds, on: localDateOf(recordedAt) }));
  return {
    ...{ number, from, to, terms, given, priceMinor: prices[number]?.bank ?? 0 },
    ...(endedOn < to && { endedOn }),
    ...(takenOverAt !== null && { since: localDateOf(takenOverAt) }),
  };
}

/** Hours that were bought, as their entries stand. */
function purchasesOf({ grants, recorded, entries }: HourFacts): Purchase[] {
  return grants.flatMap(({ id, kind, seconds, from, expires }): Purchase[] => {
    const given = recorded.find((one) => one.id === id);
    const entry = entries.find((one) => one.id === id)?.number;
    if (kind !== 'purchased' || !given || entry === undefined) return [];
    const priceMinor = given.priceMinor ?? 0;
    return [{ ...{ id, entry, from, expires, seconds, priceMinor }, on: localDateOf(given.recordedAt) }];
  });
}

/** Time beyond the bank that is charged: the standing approval covers it, or an order, or a manager's decision. */
function orderedOverage(facts: HourFacts, today: LocalDate): OrderedOverage[] {
  const recorded = new Map(facts.entries.map((entry) => [entry.id, entry]));
  return allBeyondBank(facts, today).flatMap(({ use, cover, ...amounts }): OrderedOverage[] => {
    const { id, number: entry, service } = use.entry;
    const order = 'order' in cover ? cover.order : undefined;
    if (cover.by === 'nobody' || cover.by === 'waive' || cover.by === 'ahead') return [];
    const said = order === undefined ? undefined : recorded.get(order)?.recordedAt;
    return [
      {
        ...{ id: `${id}/${order ?? cover.by}`, entry, on: use.on },
        ordered: said === undefined ? use.on : localDateOf(said),
        ...(service !== undefined && { service }),
        ...amounts,
      },
    ];
  });
}

/** What is owed either way for the hours of a year with which the agreement has ended. */
function endedYear(facts: HourFacts, year: number, today: LocalDate): EndedYear | undefined {
  const period = facts.periods.find(({ number }) => number === year);
  const end = facts.ends[year];
  if (!period || !end || today < period.to) return undefined;
  const burned = burn(facts, later(today, period.to));
  const prices = pricesOfHours(facts);
  const refunds = burned.ends.flatMap(({ grant: id, on, refunded = 0 }) => {
    const grant = burned.grants.find((one) => one.id === id);
    if (on !== period.to || refunded === 0 || !grant) return [];
    const priceMinor = prices.of(grant);
    const given = grant.heldOf ?? grant;
    // Hours that rolled in were paid with the year before.
    const paidIn = given.kind === 'rolled' ? (given.year ?? year) - 1 : (given.year ?? year);
    const source = given.kind === 'purchased' ? { purchase: given.id } : { year: paidIn };
    return [
      { ...{ id, ...source, seconds: refunded, priceMinor }, amountMinor: amountOf(refunded, priceMinor) },
    ];
  });
  const { beyondPaid, beyondPaidMinor } = settlementOf(burned, period, end, prices.of);
  return { ...{ year, on: period.to, end, refunds }, beyondPaid, beyondPaidMinor };
}
