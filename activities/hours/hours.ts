/** The hour bank's activities: hours are reported, those rolled in lapse, the year's bank is closed. */
import type { Instant } from '../../rules/engine/contract/contract';
import { closeHourBank, roundDownToUnits, unusedRolledIn } from '../../rules/engine/hours/hour-bank';
import type { HourBalance, HourClose } from '../../rules/engine/hours/hour-bank';
import { mailInstant, nextWorkday } from '../../rules/engine/terms/support-hours';
import { isCured } from '../agreements/cures';
import type { Db, Queryable } from '../db';
import { permanent } from '../permanent';
import { storable } from '../storable';
import type { RolloverFacts } from '../agreements/decisions';
import { findPlan } from '../agreements/plans';
import type { Repeat, ReportedEntry } from './ledger';
import {
  balanceWithout,
  book,
  bookClose,
  bookLapsed,
  correct,
  findClose,
  findRepeat,
  hourBalance,
  lapsedHours,
  lockHours,
} from './ledger';

export interface ReportHoursInput {
  agreement: string;
  year: number;
  /** In the order they were reported. */
  entries: ReportedEntry[];
}

export interface ReportedHours {
  /** Entries that were taken as repeats and not booked, and why. */
  repeats: { entryId: string; repeat: Repeat }[];
  /** Corrections of what is not booked this year, by what they were to correct. */
  unknown: string[];
  before: HourBalance;
  after: HourBalance;
  /** When an alert about it may be mailed: at once within the working day, or always if the terms say so. */
  mailAt: Instant;
}

export interface ClosedHours extends HourClose {
  /** When people are told: when the first working day after the end begins. */
  announceAt: Instant;
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
        const minutes = stored?.terms.hourBank.roundToMinutes ?? 0;
        const taken = await bookReported(tx, { agreement, year, entries }, minutes);
        const asOf = entries.at(-1)?.asOf ?? new Date(0).toISOString();
        return {
          ...taken,
          before: await balanceWithout(
            tx,
            agreement,
            year,
            entries.map(({ entryId }) => entryId),
          ),
          after: await hourBalance(tx, agreement, year),
          mailAt: stored ? mailInstant(asOf, stored.terms.support) : asOf,
        };
      });
    },

    /**
     * Lets the hours rolled in lapse that nobody has used by the day the terms give them. Asked again it gives what
     * was decided the first time.
     * @returns how many lapsed, in hundredths of an hour, and the balance after
     */
    async lapseRolled(input: YearInput): Promise<{ lapsed: number; balance: HourBalance }> {
      const { agreement, year, asOf } = input;
      return db.transaction(async (tx) => {
        await lockHours(tx, agreement);
        const { terms } = await requirePlan(tx, input);
        const before = await hourBalance(tx, agreement, year);
        await bookLapsed(tx, agreement, year, unusedRolledIn(before, terms.hourBank.orderOfUse), asOf);
        return {
          lapsed: await lapsedHours(tx, agreement, year),
          balance: await hourBalance(tx, agreement, year),
        };
      });
    },

    /**
     * Ends the year's hour bank: what rolls over (clause "alltid rätt att skjuta 20 %"), what expires.
     * Asked again it gives what was decided the first time.
     * @param input.ended the agreement ends with this year: nothing rolls over
     */
    async closeHours(input: YearInput & { ended: boolean }): Promise<ClosedHours> {
      const { agreement, year, asOf } = input;
      return db.transaction(async (tx) => {
        await lockHours(tx, agreement);
        const { plan, terms } = await requirePlan(tx, input);
        const { support, hourBank } = terms;
        const announceAt = nextWorkday(asOf, support);
        const known = await findClose(tx, agreement, year);
        if (known) return { ...known, announceAt };
        const { rollover, orderOfUse } = hourBank;
        const close = closeHourBank(await hourBalance(tx, agreement, year), {
          orderOfUse,
          rollover: input.ended ? { ...rollover, percent: 0 } : rollover,
        });
        await bookClose(tx, agreement, year, close, asOf);
        await keepRollover(tx, input, plan.rulesetHash, { rollover, orderOfUse, ended: input.ended }, close);
        return { ...close, announceAt };
      });
    },
  };
}

type FoundPlan = NonNullable<Awaited<ReturnType<typeof findPlan>>>;

async function requirePlan(tx: Queryable, { agreement, year }: YearInput): Promise<FoundPlan> {
  const stored = await findPlan(tx, agreement, year);
  if (!stored) throw permanent('NotFound', `expected a plan of year ${year} of ${agreement}, found none`);
  return stored;
}

/**
 * Books entries, corrections and repeats in their order.
 * @param minutes length of the unit that time is booked in
 */
async function bookReported(
  tx: Queryable,
  { agreement, year, entries }: ReportHoursInput,
  minutes: number,
): Promise<{ repeats: ReportedHours['repeats']; unknown: string[] }> {
  const repeats: ReportedHours['repeats'] = [];
  const unknown: string[] = [];
  for (const entry of entries) {
    if (entry.corrects) {
      if (!(await correct(tx, agreement, year, entry, minutes)))
        unknown.push('ref' in entry.corrects ? entry.corrects.ref : entry.corrects.entryId);
      continue;
    }
    const repeat = await findRepeat(tx, agreement, entry);
    if (repeat) {
      // A repeat that a cure sent is nobody's mistake.
      const cured = await isCured(tx, agreement);
      repeats.push({ entryId: entry.entryId, repeat: cured ? 'sent-by-a-cure' : repeat });
    } else await book(tx, agreement, year, entry, roundDownToUnits(entry.hours, minutes));
  }
  return { repeats, unknown };
}

/** Keeps why the year's hours were closed as they were. */
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
