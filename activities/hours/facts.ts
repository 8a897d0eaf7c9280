/** Reads what the ledger's burn-down is made of: grants, entries, and the years with the terms they were closed by. */
import { addMonths } from '../../rules/engine/calendar/dates';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import type { Instant, LocalDate } from '../../rules/engine/contract/contract';
import { burnDown } from '../../rules/engine/hours/burn-down';
import type { BookingTermsOfYear } from '../../rules/engine/hours/billable';
import type { BurnDown, Grant, GrantKind, Hold, Period, Use } from '../../rules/engine/hours/burn-down';
import { standingOf, standingUses } from '../../rules/engine/hours/entries';
import type { HourEntry, StandingUse } from '../../rules/engine/hours/entries';
import { inHundredths, toHundredths } from '../../rules/engine/hours/hour-bank';
import { holdsOf } from '../../rules/engine/hours/questions';
import { coverDraws, takenAhead } from '../../rules/engine/hours/orders';
import type {
  Cover,
  CoverTerms,
  CoveredDraw,
  HourOrder,
  OrderKind,
  StandingApproval,
} from '../../rules/engine/hours/orders';
import type { HourPrices } from '../../rules/engine/hours/postings';
import type { HourBalance, HourClose } from '../../rules/engine/hours/hour-bank';
import { amountOf, discountedRate, overagePrice } from '../../rules/engine/hours/price';
import { yearHours } from '../../rules/engine/hours/year-hours';
import type { YearHours } from '../../rules/engine/hours/year-hours';
import { settlementOf } from '../../rules/engine/hours/settlement';
import type { EndOfHours } from '../../rules/engine/hours/termination';
import type { HourBankTerms } from '../../rules/engine/ruleset/terms';
import type { RolloverFacts } from '../agreements/decisions';
import type { Queryable } from '../db';

/** Hours given, as they were recorded. */
export interface RecordedGrant {
  id: string;
  year: number | null;
  kind: GrantKind;
  seconds: number;
  effectiveFrom: LocalDate | null;
  expiresOn: LocalDate | null;
  /** Of an hour that was bought, in minor units. */
  priceMinor: number | null;
  recordedAt: Instant;
  reason: string | null;
}

/** A decision about work beyond the bank, as it was recorded. */
export interface RecordedOrder {
  id: string;
  kind: OrderKind;
  until: LocalDate;
  /** Of what a manager charges: the id of the contact who ordered it, and when. */
  orderedBy: string | null;
  orderedOn: LocalDate | null;
}

/** What a burn-down found, with who answers for what went beyond the bank. */
export type Burned = Omit<BurnDown, 'draws'> & { draws: CoveredDraw[] };

/** All that is known of an agreement's hours. */
export interface HourFacts {
  recorded: RecordedGrant[];
  ordered: RecordedOrder[];
  entries: HourEntry[];
  years: HourYear[];
  grants: Grant[];
  orders: HourOrder[];
  periods: Period[];
  uses: StandingUse[];
  /** Hours that answers to questions gave back. */
  holds: Hold[];
  /** When each closed year was closed. */
  closedAt: Record<number, Instant>;
  /** What was decided about the hours where the agreement ended early, by year. */
  ends: Record<number, EndOfHours | undefined>;
  /** By which terms time is booked, by year. */
  booking: Record<number, BookingTermsOfYear>;
  prices: Record<number, PricesOfYear>;
  /** Days back that work may lie without a manager's yes, by year. */
  lateDays: Record<number, number | undefined>;
}

/** Prices of an hour in a year, in minor units. */
interface PricesOfYear {
  /** Of an hour of the bank, after discount. */
  bank: number;
  /** Of hours beyond it, by kind of work. */
  beyond(service: string | undefined): number;
}

/** A year with the terms of its hours, those it was closed by if it is, and the day on which hours rolled in lapse. */
export interface HourYear {
  year: number;
  from: LocalDate;
  to: LocalDate;
  hourBank: Pick<
    HourBankTerms,
    | 'orderOfUse'
    | 'rollover'
    | 'roundToMinutes'
    | 'kinds'
    | 'discountPercent'
    | 'overage'
    | 'lateEntry'
    | 'questions'
  >;
  /** Ordinary prices of an hour: the year's, and those of kinds of work that have another. */
  rate: number;
  rates: Record<string, number> | null;
  close: RolloverFacts | null;
  closedAt: Instant | null;
  lapsesOn: LocalDate | null;
}

/**
 * Reads an agreement's hours.
 * @param about.knownAt leaves out what was recorded later
 * @param about.year what is decided about a year and not stored yet
 */
export async function readHours(
  db: Queryable,
  agreement: string,
  about: {
    knownAt?: Instant;
    year?: Partial<HourYear> & Pick<HourYear, 'year'>;
  } = {},
): Promise<HourFacts> {
  const { knownAt } = about;
  const known = [agreement, knownAt ?? null];
  const recorded = await db.query<RecordedGrant>(
    `select id, year, kind, seconds, effective_from as "effectiveFrom", expires_on as "expiresOn",
            price_minor as "priceMinor", recorded_at as "recordedAt", reason
       from hour_grants where agreement = $1 and ($2::timestamptz is null or recorded_at <= $2) order by recorded_at, id`,
    known,
  );
  const rows = await db.query<{ [name in keyof HourEntry]-?: HourEntry[name] | null }>(
    `select e.id, e.number, e.action, e.target, e.work_date as on, e.service, e.reported, e.billable, r.ref,
            e.recorded_at as "recordedAt", t.by, t.note, t.approved_by as "approvedBy"
       from hour_entries e left join hour_entry_texts t on t.entry = e.id left join hour_entry_refs r on r.entry = e.id
      where e.agreement = $1 and ($2::timestamptz is null or e.recorded_at <= $2) order by e.number`,
    known,
  );
  const entries = rows.map(
    (row) =>
      Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as unknown as HourEntry,
  );
  const ordered = await db.query<RecordedOrder>(
    `select o.id, o.kind, o.until, o.ordered_by as "orderedBy", o.ordered_on as "orderedOn"
       from hour_orders o join hour_entries e on e.id = o.id
      where e.agreement = $1 and ($2::timestamptz is null or e.recorded_at <= $2)`,
    known,
  );
  const stored = await db.query<HourYear>(
    `select distinct on (p.year) p.year, p.plan ->> 'from' as from, p.plan ->> 'to' as to, p.terms -> 'hourBank' as "hourBank",
            (p.plan ->> 'hourlyRateMinor')::int as rate, p.plan -> 'ratesMinor' as rates, d.facts as close, d.as_of as "closedAt", o.due_on as "lapsesOn"
       from plans p
       left join decisions d on d.agreement = p.agreement and d.year = p.year and d.key = 'rollover'
       left join obligations o on o.agreement = p.agreement and o.year = p.year and o.id = 'hours/lapse'
                              and (o.state <> 'cancelled' or o.closed_by = 'takeover')
      where p.agreement = $1 order by p.year, p.revision desc`,
    [agreement],
  );
  return factsOf({ recorded, ordered, entries, years: withYear(stored, about.year) });
}

/** The same as if some entries had not been recorded. @param ids of the entries */
export const factsWithout = (facts: HourFacts, ids: readonly string[]): HourFacts =>
  factsOf({ ...facts, entries: facts.entries.filter(({ id }) => !ids.includes(id)) });

type Recorded = Pick<HourFacts, 'recorded' | 'ordered' | 'entries' | 'years'>;

function factsOf({ recorded, ordered, entries, years }: Recorded): HourFacts {
  const periods = years.map((year, index) => periodOf(year, years[index + 1]));
  return {
    ...{ recorded, ordered, entries, years, periods },
    grants: grantsOf(recorded, standingOf(entries, 'grant'), years, periods),
    orders: ordersOf(ordered, standingOf(entries, 'order')),
    uses: standingUses(entries),
    holds: holdsOf(entries),
    closedAt: Object.fromEntries(years.flatMap(({ year, closedAt }) => (closedAt ? [[year, closedAt]] : []))),
    ends: Object.fromEntries(years.map(({ year, close }) => [year, close?.end])),
    booking: Object.fromEntries(years.map(({ year, hourBank }) => [year, hourBank])),
    prices: Object.fromEntries(years.map((year) => [year.year, pricesOf(year)])),
    lateDays: Object.fromEntries(years.map(({ year, hourBank }) => [year, hourBank.lateEntry?.maxDays])),
  };
}

const pricesOf = ({ hourBank, rate, rates }: HourYear): PricesOfYear => ({
  bank: discountedRate(rate, hourBank.discountPercent),
  beyond: (service = '') => overagePrice(rates?.[service] ?? rate, hourBank),
});

function withYear(
  years: readonly HourYear[],
  decided: (Partial<HourYear> & Pick<HourYear, 'year'>) | undefined,
): HourYear[] {
  if (!decided) return [...years];
  const known = years.find(({ year }) => year === decided.year);
  return [...years.filter((one) => one !== known), { ...(known as HourYear), ...decided }].sort(
    (a, b) => a.year - b.year,
  );
}

/** What the contract lets us do beyond the bank without asking, in a month. */
function standingApproval(terms: HourYear['hourBank'] | undefined): StandingApproval | undefined {
  const { hours, amount } = terms?.overage.approvedUpTo ?? {};
  if (hours === undefined && amount === undefined) return undefined;
  return {
    ...(hours !== undefined && { seconds: hours * 3600 }),
    ...(amount !== undefined && { minor: amount * 100 }),
  };
}

/** A year's days end with the agreement; once it is closed, the terms it was closed by stay its terms. */
function periodOf(
  { year, from, to, hourBank, close, closedAt }: HourYear,
  next: HourYear | undefined,
): Period {
  const { rollover, orderOfUse = 'rolledFirst' } = close ?? hourBank;
  const isEnded = close?.ended === true;
  const endedOn = isEnded && closedAt ? localDateOf(closedAt) : to;
  return {
    number: year,
    from,
    to: endedOn < to ? endedOn : to,
    order:
      orderOfUse === 'rolledFirst'
        ? { soonestFirst: true, kinds: ['held', 'rolled', 'contracted', 'purchased', 'goodwill'] }
        : { soonestFirst: false, kinds: ['held', 'contracted', 'rolled', 'purchased', 'goodwill'] },
    ...(close?.end?.unused === 'refund' && { refund: close.end.paid ? { paid: close.end.paid } : {} }),
    ...(!isEnded && {
      rollover: {
        share: toHundredths(rollover.percent, 'a percentage'),
        basis: rollover.basis,
        expires: next ? (next.lapsesOn ?? next.to) : addMonths(to, rollover.expiresAfterMonths),
      },
    }),
  };
}

/**
 * Contracted hours of a year are one grant: an amendment makes it larger or smaller from its first day on. Hours that
 * somebody gave are as many as the entry of the same id says.
 */
function grantsOf(
  recorded: readonly RecordedGrant[],
  standing: readonly StandingUse[],
  years: readonly HourYear[],
  periods: readonly Period[],
): Grant[] {
  const ofYears = years.flatMap(({ year, lapsesOn }, index): Grant[] => {
    const { from, to } = periods[index]!;
    return (['rolled', 'contracted'] as const).flatMap((kind) => {
      const own = recorded.filter((grant) => grant.kind === kind && grant.year === year);
      if (own.length === 0) return [];
      const seconds = own.reduce((sum, one) => sum + one.seconds, 0);
      return {
        id: `${kind}-${year}`,
        kind,
        year,
        seconds,
        from,
        expires: kind === 'rolled' ? (lapsesOn ?? to) : to,
      };
    });
  });
  const others = standing.flatMap(({ entry: { id }, on, billable }): Grant[] => {
    const { kind, expiresOn } = recorded.find((grant) => grant.id === id) ?? {};
    return kind && expiresOn ? [{ id, kind, seconds: billable, from: on, expires: expiresOn }] : [];
  });
  return [...ofYears, ...others];
}

const ordersOf = (ordered: readonly RecordedOrder[], standing: readonly StandingUse[]): HourOrder[] =>
  standing.flatMap(({ entry: { id }, on, billable }) => {
    const one = ordered.find((each) => each.id === id);
    return one ? [{ id, kind: one.kind, seconds: billable, from: on, until: one.until }] : [];
  });

/** What the burn-down takes of the uses that stand. */
export const usesOf = (standing: readonly StandingUse[]): Use[] =>
  standing.map(({ entry, on, billable }) => ({ id: entry.id, on, seconds: billable }));

/** What was found of facts, by the last day looked at: statements and mails ask for the same again and again. */
const found = new WeakMap<HourFacts, Map<LocalDate, Burned>>();

/** Draws all that was worked on the hours given, and finds who answers for the rest. @param on the last day looked at */
export function burn(facts: HourFacts, on: LocalDate): Burned {
  const byDay = found.get(facts) ?? new Map<LocalDate, Burned>();
  found.set(facts, byDay);
  const burned = byDay.get(on) ?? burnAnew(facts, on);
  byDay.set(on, burned);
  return burned;
}

function burnAnew(facts: HourFacts, on: LocalDate): Burned {
  const { periods, holds, orders, years } = facts;
  const uses = usesOf(facts.uses);
  const terms: CoverTerms = {
    orders,
    beyond: pricesOfHours(facts).beyond,
    standing: (day) => standingApproval(years.find(({ year }) => year === yearOn(periods, day))?.hourBank),
    next: (day) => {
      const period = periods.find(({ from, to }) => from <= day && day < to);
      return period?.rollover && `contracted-${period.number + 1}`;
    },
  };
  // What is taken from the next period leaves less there, so that more may be taken from the one after it.
  let taken: Record<string, number> = {};
  for (;;) {
    const grants = facts.grants.map((grant) => {
      const less = Math.min(grant.seconds, taken[grant.id] ?? 0);
      return less > 0 ? { ...grant, taken: less } : grant;
    });
    const burned = burnDown({ grants, periods, uses, holds }, on);
    const draws = coverDraws(burned.draws, uses, terms);
    const ahead = takenAhead(draws);
    if (Object.keys(ahead).every((id) => ahead[id] === taken[id])) return { ...burned, draws };
    taken = ahead;
  }
}

/** The hours of a year on a day, in seconds; nothing where the year is not planned. */
export function hoursOfYear(facts: HourFacts, year: number, on: LocalDate): YearHours | undefined {
  const period = facts.periods.find(({ number }) => number === year);
  return period && yearHours(burn(facts, on), usesOf(facts.uses), period, on);
}

/** Time of a use that went beyond the bank, who answers for it, and what it costs by the agreement. */
export interface BeyondBank {
  use: StandingUse;
  cover: Cover;
  seconds: number;
  /** Of an hour, in minor units. */
  priceMinor: number;
  amountMinor: number;
}

/** What was used beyond the bank in a year, use by use, as it stands on a day. */
export function beyondBank(facts: HourFacts, year: number, on: LocalDate): BeyondBank[] {
  const period = facts.periods.find(({ number }) => number === year);
  if (!period) return [];
  const uses = new Map(facts.uses.map((use) => [use.entry.id, use]));
  const prices = pricesOfHours(facts);
  return burn(facts, on).draws.flatMap(({ use: id, cover, seconds }) => {
    const use = uses.get(id);
    if (!cover || !use || use.on < period.from || use.on >= period.to) return [];
    const priceMinor = prices.beyond(id);
    return { use, cover, seconds, priceMinor, amountMinor: amountOf(seconds, priceMinor) };
  });
}

/** What was used beyond the bank in all years, in the order of work. */
export const allBeyondBank = (facts: HourFacts, on: LocalDate): BeyondBank[] =>
  facts.periods.flatMap(({ number }) => beyondBank(facts, number, on));

/** What hours are worth: those rolled over as much as in the year that they come from. */
export function pricesOfHours({ prices, uses, periods, recorded }: HourFacts): HourPrices {
  const services = new Map(uses.map(({ entry, on }) => [entry.id, { service: entry.service, on }]));
  const given = new Map(recorded.map((grant) => [grant.id, grant]));
  const of = ({ id, kind, year = 1, heldOf }: Grant): number => {
    if (heldOf) return of(heldOf);
    if (kind === 'rolled') return (prices[year - 1] ?? prices[year])?.bank ?? 0;
    return kind === 'contracted' ? (prices[year]?.bank ?? 0) : (given.get(id)?.priceMinor ?? 0);
  };
  return {
    of,
    beyond: (use) => {
      const { service, on = '' } = services.get(use) ?? {};
      return prices[yearOn(periods, on)]?.beyond(service) ?? 0;
    },
    ahead: (use) => {
      const year = yearOn(periods, services.get(use)?.on ?? '');
      return (prices[year + 1] ?? prices[year])?.bank ?? 0;
    },
  };
}

/** The agreement year that a day belongs to: the first or the last where it lies outside of all. */
export const yearOn = (periods: readonly Period[], day: LocalDate): number =>
  (periods.findLast(({ from }) => from <= day) ?? periods[0])?.number ?? 1;

/** The first day after a year, or after the agreement if it ended in it. */
export const firstDayAfter = ({ periods }: HourFacts, year: number): LocalDate | undefined =>
  periods.find(({ number }) => number === year)?.to;

const nothing: YearHours = {
  contracted: 0,
  rolledIn: 0,
  lapsed: 0,
  refunded: 0,
  held: 0,
  added: 0,
  used: 0,
  remaining: 0,
  overage: 0,
  rolledOut: 0,
  expired: 0,
};

/** The same in hundredths of an hour; nothing at all where the year is not planned. */
export function closeOf(facts: HourFacts, year: number, on: LocalDate): HourClose & { lapsed: number } {
  const found = hoursOfYear(facts, year, on) ?? nothing;
  return {
    contracted: inHundredths(found.contracted),
    rolledIn: inHundredths(found.rolledIn),
    ...(found.added > 0 && { added: inHundredths(found.added) }),
    lapsed: inHundredths(found.lapsed),
    used: inHundredths(found.used),
    remaining: inHundredths(found.remaining),
    overage: inHundredths(found.overage),
    rolledOut: inHundredths(found.rolledOut),
    expired: inHundredths(found.expired),
    ...(found.held > 0 && { held: inHundredths(found.held) }),
    ...settled(facts, year, on),
  };
}

/** What is owed either way once the agreement has ended with a year. */
function settled(facts: HourFacts, year: number, on: LocalDate): Partial<HourClose> {
  const period = facts.periods.find(({ number }) => number === year);
  const end = facts.ends[year];
  if (!period || !end || on < period.to) return {};
  const owed = settlementOf(burn(facts, on), period, end, pricesOfHours(facts).of);
  const { refunded, refundMinor, beyondPaid, beyondPaidMinor } = owed;
  return {
    ...(refunded > 0 && { refunded: inHundredths(refunded), refundMinor }),
    ...(beyondPaid > 0 && { beyondPaid: inHundredths(beyondPaid), beyondPaidMinor }),
  };
}

/** The balance of a year at an instant, in hundredths of an hour. */
export function balanceAt(facts: HourFacts, year: number, at: Instant): HourBalance {
  const { contracted, rolledIn, added, used, remaining, overage } = closeOf(facts, year, localDateOf(at));
  return { contracted, rolledIn, ...(added !== undefined && { added }), used, remaining, overage };
}

/** Reads the balance of a year's hour bank at an instant, in hundredths of an hour. */
export async function hourBalance(
  db: Queryable,
  agreement: string,
  year: number,
  at: Instant,
): Promise<HourBalance> {
  return balanceAt(await readHours(db, agreement), year, at);
}
