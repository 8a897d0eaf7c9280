/** The hour bank's activities: hours are reported, those rolled in lapse, the year's bank is closed. */
import { addDays } from '../../rules/engine/calendar/dates';
import { instantAt, localDateOf, previousOpenDay } from '../../rules/engine/calendar/calendar';
import type { Instant, LocalDate } from '../../rules/engine/contract/contract';
import { billableOf } from '../../rules/engine/hours/billable';
import type { HourEntry } from '../../rules/engine/hours/entries';
import { standingUses } from '../../rules/engine/hours/entries';
import type { HourBalance, HourClose } from '../../rules/engine/hours/hour-bank';
import { endOfHours } from '../../rules/engine/hours/termination';
import type { Ending } from '../../rules/engine/hours/termination';
import type { Terms } from '../../rules/engine/ruleset/terms';
import { announcementOf, closedDaysOf, mailInstant, workdayOf } from '../../rules/engine/terms/support-hours';
import { isCured } from '../agreements/cures';
import type { Db, Queryable } from '../db';
import { permanent } from '../permanent';
import { storable } from '../storable';
import type { RolloverFacts } from '../agreements/decisions';
import { findPlan } from '../agreements/plans';
import { changeHours } from './change';
import type { Elsewhere } from './elsewhere';
import { workElsewhere } from './elsewhere';
import { balanceAt, closeOf, readHours, yearOn } from './facts';
import type { HourFacts } from './facts';
import type { FreedHours } from './freed-hours';
import { freedHours } from './freed-hours';
import type {
  AskedTooLate,
  BookingTerms,
  EntryName,
  NeedsManager,
  Outside,
  Repeat,
  ReportedEntry,
  Stated,
  TooMuch,
} from './ledger';
import { book, findClose, findEntry, lockHours } from './ledger';
import { ownEntries } from './own-entries';
import { postDifferences } from './postings';
import { ordersToTell, waitingWork } from './orders';
import type { ToldOrders } from './orders';
import type { ToldQuestions } from './questions';
import { questionsToTell } from './questions';

export interface ReportHoursInput {
  agreement: string;
  year: number;
  /** In the order they were reported. */
  entries: ReportedEntry[];
  /** When it is asked, where nothing is reported: the balance is read anew. */
  asOf?: Instant;
}

export interface ReportedHours {
  /** Entries that were taken as repeats and not booked, why, and the number of what they repeat. */
  repeats: { entryId: string; repeat: Repeat; number: number }[];
  /** Numbers of what was booked, by the id of the entry. */
  booked: Record<string, number>;
  /** Entries whose `ref` stands for something else, and the number of that. */
  conflicts: { entryId: string; number: number }[];
  /** Corrections of what is not booked, by what they were to correct. */
  unknown: { entryId: string; name: string }[];
  /** Entries that would make more hours of one person on a day than it has, and how many seconds. */
  tooMuch: ({ entryId: string } & TooMuch['tooMuch'])[];
  /** Entries that only a manager may have booked, and why. */
  needsManager: ({ entryId: string } & NeedsManager['needsManager'])[];
  /** Entries whose day the agreement did not run on. */
  outside: ({ entryId: string } & Outside['outside'])[];
  /** Questions that came too long after the statement, and until when they could be asked. */
  tooLate?: ({ entryId: string } & AskedTooLate['tooLate'])[];
  /** What is asked about lines and not answered, and what was asked and answered now; not told before 0.3.0. */
  questions?: ToldQuestions;
  /** What waits beyond the bank for the customer's order, and what was ordered or decided now; not told before 0.3.0. */
  orders?: ToldOrders;
  /** All hours that corrections freed after they had expired, and that nobody has given back. */
  freed: FreedHours[];
  /** Closed years whose final statement has gone out, and whose hours are others now. */
  corrected: number[];
  /** Hours given by what was booked; in answers of before 0.3.0 not told, nor is the customer. */
  given?: GivenTold[];
  before: HourBalance;
  after: HourBalance;
  /** When an alert about it may be mailed: at once within the working day, or always if the terms say so. */
  mailAt: Instant;
}

/** Hours that somebody gave, of which the customer is to be told. */
export interface GivenTold {
  /** Of the entry. */
  number: number;
  /** When the customer is warned that they expire; nothing where the terms ask for none, or the day has passed. */
  warnAt?: Instant;
}

export interface ClosedHours extends HourClose {
  /** Hours that corrections of the last weeks freed and that expired; in answers of before 0.3.0 not told. */
  freed?: FreedHours[];
  /** When people are told: when the first working day after the end begins. */
  announceAt: Instant;
}

/** Hours rolled in that lapsed. In answers of before 0.3.0 neither what was freed is told, nor when people may be. */
export interface LapsedHours {
  lapsed: number;
  balance: HourBalance;
  freed?: FreedHours[];
  mailAt?: Instant;
}

/** A year whose hour bank somebody asks about. */
interface YearInput {
  agreement: string;
  year: number;
  asOf: Instant;
}

export function createHoursActivities({ db }: { db: Db }) {
  return {
    /**
     * Books hours in the order they were reported, in the whole units the terms ask for; a repeat is told, not
     * booked. A retry books nothing twice.
     */
    async reportHours(input: ReportHoursInput): Promise<ReportedHours> {
      const { agreement, year, entries } = storable(input);
      return db.transaction(async (tx) => {
        await lockHours(tx, agreement);
        const stored = await findPlan(tx, agreement, year);
        const asOf = entries.at(-1)?.asOf ?? input.asOf ?? new Date(0).toISOString();
        const own = (known: readonly HourEntry[]): ReportedEntry[] => ownEntries(known, entries);
        const ids = (known: readonly HourEntry[]): string[] => own(known).map(({ entryId }) => entryId);
        let names: string[] = [];
        const { value, before, after, corrected } = await changeHours(
          tx,
          { agreement, asOf, own: ids },
          (facts, stated) => {
            names = ids(facts.entries);
            return bookReported(tx, { agreement, entries: own(facts.entries) }, facts, stated);
          },
        );
        return {
          ...asReported(value, new Map(names.map((name, index) => [name, entries[index]?.entryId ?? name]))),
          freed: freedHours(after, asOf, stored?.terms.support),
          given: stored ? givenBy(value, after, stored.terms, asOf) : [],
          ...(stored && { orders: ordersToTell(value.booked, after, stored.terms, asOf) }),
          ...(stored && { questions: questionsToTell(value.booked, after, stored.terms, asOf) }),
          corrected,
          before: balanceAt(before, year, asOf),
          after: balanceAt(after, year, asOf),
          mailAt: stored ? mailInstant(asOf, stored.terms.support) : asOf,
        };
      });
    },

    /**
     * Lets the hours rolled in lapse that nobody has used by the day the terms give them. Asked again it gives what
     * was decided the first time.
     * @returns how many lapsed, in hundredths of an hour, the balance after, and when an alert about it may be mailed
     */
    async lapseRolled(input: YearInput): Promise<LapsedHours> {
      const { agreement, year, asOf } = input;
      return db.transaction(async (tx) => {
        await lockHours(tx, agreement);
        const { terms } = await requirePlan(tx, input);
        const facts = await readHours(tx, agreement);
        await postDifferences(tx, agreement, facts, { at: asOf, reason: 'lapse' });
        return {
          mailAt: mailInstant(asOf, terms.support),
          freed: freedHours(facts, asOf, terms.support),
          lapsed: closeOf(facts, year, localDateOf(asOf)).lapsed,
          balance: balanceAt(facts, year, asOf),
        };
      });
    },

    /**
     * Ends the year's hour bank: what rolls over (clause "alltid rätt att skjuta 20 %"), what expires.
     * Asked again it gives what was decided the first time.
     * @param input.ended the agreement ends with this year: nothing rolls over
     * @param input.ending who ends it and why: what is unused is refunded, or expires
     */
    async closeHours(input: YearInput & { ended: boolean; ending?: Ending }): Promise<ClosedHours> {
      const { agreement, year, asOf } = input;
      return db.transaction(async (tx) => {
        await lockHours(tx, agreement);
        const { plan, terms } = await requirePlan(tx, input);
        const { support, hourBank, invoicing } = terms;
        const announceAt = announcementOf(asOf, support, hourBank.close?.graceWorkingDays);
        // Corrections of the last weeks may have freed what expires now.
        const freedOf = (known: HourFacts): Pick<ClosedHours, 'freed'> => {
          const freed = freedHours(known, asOf, support);
          return freed.length > 0 ? { freed } : {};
        };
        const known = await findClose(tx, agreement, year);
        if (known) return { ...known, announceAt, ...freedOf(await readHours(tx, agreement)) };
        const { rollover, orderOfUse } = hourBank;
        const lastDay = addDays(localDateOf(asOf), -1);
        const decided = {
          ...{ rollover, orderOfUse, ended: input.ended },
          ...(input.ending && {
            end: endOfHours(input.ending, { ...hourBank, ...invoicing }, plan.from, lastDay),
          }),
        };
        const facts = await readHours(tx, agreement, { year: { year, close: decided, closedAt: asOf } });
        const { lapsed: _lapsed, ...close } = closeOf(facts, year, localDateOf(asOf));
        await keepRollover(tx, input, plan.rulesetHash, decided, close);
        await postDifferences(tx, agreement, facts, { at: asOf, reason: 'close' });
        return { ...close, announceAt, ...freedOf(facts) };
      });
    },
  };
}

/** What booking told, under the names that the run gave. */
function asReported(told: Told, names: ReadonlyMap<string, string>): Told {
  const back = <T extends { entryId: string }>(each: T): T => ({
    ...each,
    entryId: names.get(each.entryId) ?? each.entryId,
  });
  const { repeats, conflicts, unknown, tooMuch, needsManager, outside, tooLate = [], booked } = told;
  return {
    ...{ repeats: repeats.map(back), conflicts: conflicts.map(back), unknown: unknown.map(back) },
    ...{ tooMuch: tooMuch.map(back), needsManager: needsManager.map(back), outside: outside.map(back) },
    tooLate: tooLate.map(back),
    booked: Object.fromEntries(Object.entries(booked).map(([id, number]) => [names.get(id) ?? id, number])),
  };
}

/** What the customer is told of hours that were given by what was booked. */
function givenBy({ booked }: Told, { grants }: HourFacts, terms: Terms, asOf: Instant): GivenTold[] {
  const { support, hourBank } = terms;
  return Object.entries(booked).flatMap(([id, number]) => {
    const grant = grants.find((one) => one.id === id);
    if (!grant) return [];
    if (!hourBank.expiry) return [{ number }];
    const day = previousOpenDay(
      addDays(grant.expires, -hourBank.expiry.warnDaysBefore),
      closedDaysOf(support),
    );
    const warnAt = instantAt(day, workdayOf(support).opens);
    return [{ number, ...(warnAt > asOf && { warnAt }) }];
  });
}

type FoundPlan = NonNullable<Awaited<ReturnType<typeof findPlan>>>;

async function requirePlan(tx: Queryable, { agreement, year }: YearInput): Promise<FoundPlan> {
  const stored = await findPlan(tx, agreement, year);
  if (!stored) throw permanent('NotFound', `expected a plan of year ${year} of ${agreement}, found none`);
  return stored;
}

type Told = Omit<
  ReportedHours,
  'orders' | 'questions' | 'corrected' | 'freed' | 'given' | 'before' | 'after' | 'mailAt'
>;

const nameOf = (name: EntryName): string => String(Object.values(name)[0]);

/** Books entries, corrections and what takes them back, in their order. */
async function bookReported(
  tx: Queryable,
  { agreement, entries }: Pick<ReportHoursInput, 'agreement' | 'entries'>,
  facts: HourFacts,
  stated: readonly Stated[],
): Promise<Told> {
  const told: Told = {
    repeats: [],
    booked: {},
    conflicts: [],
    unknown: [],
    tooMuch: [],
    needsManager: [],
    outside: [],
    tooLate: [],
  };
  const known = [...facts.entries];
  for (const entry of entries) {
    const { entryId } = entry;
    const elsewhere = await elsewhereOf(tx, agreement, known, entry);
    const terms = {
      ...bookingTerms(facts, stated, localDateOf(entry.asOf)),
      ...(elsewhere && { elsewhere }),
    };
    const outcome = await book(tx, agreement, known, entry, terms);
    if ('unknown' in outcome) told.unknown.push({ entryId, name: nameOf(outcome.unknown) });
    else if ('tooMuch' in outcome) told.tooMuch.push({ entryId, ...outcome.tooMuch });
    else if ('needsManager' in outcome) told.needsManager.push({ entryId, ...outcome.needsManager });
    else if ('tooLate' in outcome) told.tooLate?.push({ entryId, ...outcome.tooLate });
    else if ('outside' in outcome) told.outside.push({ entryId, ...outcome.outside });
    else if ('conflict' in outcome) told.conflicts.push({ entryId, number: outcome.conflict.number });
    else if ('repeat' in outcome) {
      // A repeat that a cure sent is nobody's mistake.
      const repeat = (await isCured(tx, agreement)) ? 'sent-by-a-cure' : outcome.repeat;
      told.repeats.push({ entryId, repeat, number: outcome.entry.number });
    } else told.booked[entryId] = numberOf(outcome);
  }
  return told;
}

/** What whoever worked did for other agreements on the day of a report; nothing where nobody is asked about it. */
async function elsewhereOf(
  tx: Queryable,
  agreement: string,
  known: readonly HourEntry[],
  { seconds, confirmed, corrects, undoes, asks, answers, gives, orders, by, on, asOf }: ReportedEntry,
): Promise<Elsewhere | undefined> {
  if (seconds === undefined || confirmed || (undoes ?? asks ?? answers ?? gives ?? orders)) return undefined;
  const named = corrects && findEntry(known, corrects);
  const subject = known.find(({ id }) => id === named?.target) ?? named;
  const day = standingUses(known).find(({ entry }) => entry === subject)?.on;
  return workElsewhere(tx, agreement, {
    people: [subject?.by ?? by],
    days: [on ?? day ?? localDateOf(asOf)],
  });
}

const numberOf = (outcome: { booked: HourEntry } | { nothing: HourEntry }): number =>
  ('booked' in outcome ? outcome.booked : outcome.nothing).number;

/** How time is rounded in each year, and the days there are: to the agreement's last one once it has ended. */
export function bookingTerms(facts: HourFacts, stated: readonly Stated[], today: LocalDate): BookingTerms {
  const { periods, booking, prices, lateDays, years } = facts;
  const last = periods.at(-1);
  const running = yearOn(periods, today);
  const maxDays = lateDays[running];
  const { questions, overage } = years.find(({ year }) => year === running)?.hourBank ?? {};
  const questionDays = questions?.days;
  const orderDays = overage?.ask?.validDays;
  return {
    given: (id) => facts.recorded.find((grant) => grant.id === id),
    billable: (seconds, kind, day) => {
      const terms = booking[yearOn(periods, day)];
      return terms ? billableOf(seconds, kind, terms) : seconds;
    },
    priceOn: (day) => prices[yearOn(periods, day)]?.bank ?? 0,
    firstWaiting: () => waitingWork(facts, today)[0]?.use.on,
    firstDay: periods[0]?.from ?? '',
    stated,
    ...(maxDays !== undefined && { maxDays }),
    ...(questionDays !== undefined && { questionDays }),
    ...(orderDays !== undefined && { orderDays }),
    ...(last && !last.rollover && { lastDay: addDays(last.to, -1) }),
  };
}

/** Keeps by which terms the year's hours are closed, which stay the year's, and how they were then. */
async function keepRollover(
  tx: Queryable,
  { agreement, year, asOf }: YearInput,
  rulesetHash: string,
  facts: RolloverFacts,
  close: HourClose,
): Promise<void> {
  await tx.query(
    `insert into decisions (agreement, year, key, kind, as_of, ruleset_hash, facts, matched, result)
     values ($1, $2, 'rollover', 'rollover', $3, $4, $5, '[]', $6)`,
    [agreement, year, asOf, rulesetHash, JSON.stringify(facts), JSON.stringify(close)],
  );
}
