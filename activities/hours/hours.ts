/** The hour bank's ledger: append-only, exact, every entry once. */
import type { Instant } from '../../rules/engine/contract/contract';
import {
  balanceOf,
  closeHourBank,
  roundDownToUnits,
  unusedRolledIn,
} from '../../rules/engine/hours/hour-bank';
import { nextOpening } from '../../rules/engine/calendar/calendar';
import type { HourBalance, HourClose } from '../../rules/engine/hours/hour-bank';
import { closedDaysOf, mailInstant } from '../../rules/engine/terms/support-hours';
import { isCured, refOfCure } from '../agreements/cures';
import type { Db, Queryable } from '../db';
import { permanent } from '../permanent';
import { storable } from '../storable';
import type { RolloverFacts } from '../agreements/decisions';
import { findPlan } from '../agreements/plans';

/** One entry as somebody reported it. */
export interface ReportedEntry {
  /** Given by the workflow, so that a retried activity books once. */
  entryId: string;
  /** Hundredths of an hour, above zero; booked in whole units if the terms round. */
  hours: number;
  service?: string;
  note?: string;
  /** Names the entry for the one who reports it: the same again is a repeat. */
  ref?: string;
  by: string;
  byAssumed: boolean;
  asOf: Instant;
  /** It corrects what was booked under this reference or id this year: `hours` is what it is to be. */
  corrects?: { ref: string } | { entryId: string };
}

export interface ReportHoursInput {
  agreement: string;
  year: number;
  /** In the order they were reported. */
  entries: ReportedEntry[];
}

export type Repeat = 'same-ref' | 'same-content-within-the-hour' | 'sent-by-a-cure';

export interface ReportedHours {
  /** Entries that were taken as repeats and not booked, and why. */
  repeats: { entryId: string; repeat: Repeat }[];
  /** Corrections of what is not booked this year, by what they were to correct. */
  unknown: string[];
  before: HourBalance;
  after: HourBalance;
  /** When an alert about it may be mailed: at once within support hours, or always if the terms say so. */
  mailAt: Instant;
}

export interface ClosedHours extends HourClose {
  /** When people are told: the first time support opens after the end. */
  announceAt: Instant;
}

interface EntryRow {
  kind: 'contracted' | 'rolledIn' | 'used' | 'lapsed' | 'rolledOut' | 'expired';
  hours: number;
}

/** Balance of a year's hour bank as the ledger stands. */
export async function hourBalance(db: Queryable, agreement: string, year: number): Promise<HourBalance> {
  const entries = await db.query<EntryRow>(
    'select kind, hours from hour_entries where agreement = $1 and year = $2',
    [agreement, year],
  );
  return balanceOf(
    entries.flatMap(({ kind, hours }) =>
      kind === 'rolledOut' || kind === 'expired' ? [] : [{ kind, hours }],
    ),
  );
}

/** Hours rolled into a year that have lapsed within it, in hundredths of an hour. */
export async function lapsedHours(db: Queryable, agreement: string, year: number): Promise<number> {
  const [row] = await db.query<{ hours: number }>(
    `select hours from hour_entries where agreement = $1 and year = $2 and kind = 'lapsed'`,
    [agreement, year],
  );
  return row?.hours ?? 0;
}

async function findByRef(
  tx: Queryable,
  agreement: string,
  { entryId, ref }: ReportedEntry,
): Promise<Repeat | undefined> {
  const same = await tx.query('select 1 from hour_entries where agreement = $1 and ref = $2 and id <> $3', [
    agreement,
    ref,
    entryId,
  ]);
  return same.length > 0 ? 'same-ref' : undefined;
}

async function findRepeat(
  tx: Queryable,
  agreement: string,
  entry: ReportedEntry,
): Promise<Repeat | undefined> {
  const { entryId, hours, service, note, ref, by, asOf } = entry;
  const named = ref === undefined ? undefined : await findByRef(tx, agreement, entry);
  if (named || (ref !== undefined && !ref.startsWith(refOfCure))) return named;
  // A cure names what was reported without a `ref`. What it has not seen is a task of the run that it left which books
  // still: that entry has no name, and comes before or after the one that was sent again.
  const same = await tx.query(
    `select 1 from hour_entries where agreement = $1 and id <> $2 and kind = 'used' and corrects is null
        and coalesce(reported, hours) = $3 and service is not distinct from $4 and note is not distinct from $5 and by = $6
        and (ref is null or ($8::text is null and starts_with(ref, $9)))
        and as_of between $7::timestamptz - interval '1 hour'
                  and $7::timestamptz + case when ref is null and $8::text is null then interval '0' else interval '1 hour' end`,
    [agreement, entryId, hours, service ?? null, note ?? null, by, asOf, ref ?? null, refOfCure],
  );
  return same.length > 0 ? 'same-content-within-the-hour' : undefined;
}

/** @param hours what of the reported time counts */
async function book(
  tx: Queryable,
  agreement: string,
  year: number,
  entry: ReportedEntry,
  hours: number,
): Promise<void> {
  const { entryId, hours: reported, service, note, ref, by, byAssumed, asOf } = entry;
  await tx.query(
    `insert into hour_entries (id, agreement, year, kind, hours, reported, service, note, ref, by, by_assumed, as_of)
     values ($1, $2, $3, 'used', $4, $5, $6, $7, $8, $9, $10, $11) on conflict (id) do nothing`,
    [
      entryId,
      agreement,
      year,
      hours,
      reported,
      service ?? null,
      note ?? null,
      ref ?? null,
      by,
      byAssumed,
      asOf,
    ],
  );
}

/**
 * Books the difference between what an entry and its corrections come to and what it is to be; a retry adds nothing.
 * @returns false if nothing of the year is booked so
 */
async function correct(
  tx: Queryable,
  agreement: string,
  year: number,
  entry: ReportedEntry,
  minutes: number,
): Promise<boolean> {
  const { entryId, hours, corrects, note, by, byAssumed, asOf } = entry;
  if (!corrects) return false;
  const [original] = await tx.query<{ id: string; service: string | null; hours: number; reported: number }>(
    `select id, service, hours + coalesce((select sum(hours) from hour_entries c where c.corrects = e.id and c.id <> $4), 0)::int as hours,
            coalesce(reported, hours) + coalesce((select sum(reported) from hour_entries c where c.corrects = e.id and c.id <> $4), 0)::int as reported
       from hour_entries e where agreement = $1 and year = $2 and kind = 'used' and corrects is null
        and ${'ref' in corrects ? 'ref' : 'id'} = $3`,
    [agreement, year, 'ref' in corrects ? corrects.ref : corrects.entryId, entryId],
  );
  if (!original) return false;
  const difference = roundDownToUnits(hours, minutes) - original.hours;
  if (difference === 0) return true;
  await tx.query(
    `insert into hour_entries (id, agreement, year, kind, hours, reported, service, note, by, by_assumed, as_of, corrects)
     values ($1, $2, $3, 'used', $4, $5, $6, $7, $8, $9, $10, $11) on conflict (id) do nothing`,
    [
      entryId,
      agreement,
      year,
      difference,
      hours - original.reported,
      original.service,
      note ?? null,
      by,
      byAssumed,
      asOf,
      original.id,
    ],
  );
  return true;
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
        await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 1))', [agreement]);
        const stored = await findPlan(tx, agreement, year);
        const minutes = stored?.terms.hourBank.roundToMinutes ?? 0;
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
            // What a cure sends again and is booked already is nobody's mistake.
            const cured = await isCured(tx, agreement);
            repeats.push({ entryId: entry.entryId, repeat: cured ? 'sent-by-a-cure' : repeat });
          } else await book(tx, agreement, year, entry, roundDownToUnits(entry.hours, minutes));
        }
        const others = await tx.query<{ kind: 'contracted' | 'rolledIn' | 'used' | 'lapsed'; hours: number }>(
          `select kind, hours from hour_entries where agreement = $1 and year = $2 and id <> all ($3)
              and kind in ('contracted', 'rolledIn', 'used', 'lapsed')`,
          [agreement, year, entries.map(({ entryId }) => entryId)],
        );
        const asOf = entries.at(-1)?.asOf ?? new Date(0).toISOString();
        const mailAt = stored ? mailInstant(asOf, stored.terms.support) : asOf;
        return {
          repeats,
          unknown,
          before: balanceOf(others),
          after: await hourBalance(tx, agreement, year),
          mailAt,
        };
      });
    },

    /**
     * Lets the hours rolled in lapse that nobody has used by the day the terms give them. Asked again it gives what
     * was decided the first time.
     * @returns how many lapsed, in hundredths of an hour, and the balance after
     */
    async lapseRolled(input: {
      agreement: string;
      year: number;
      asOf: Instant;
    }): Promise<{ lapsed: number; balance: HourBalance }> {
      const { agreement, year, asOf } = input;
      return db.transaction(async (tx) => {
        await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 1))', [agreement]);
        const stored = await findPlan(tx, agreement, year);
        if (!stored)
          throw permanent('NotFound', `expected a plan of year ${year} of ${agreement}, found none`);
        const before = await hourBalance(tx, agreement, year);
        const unused = unusedRolledIn(before, stored.terms.hourBank.orderOfUse);
        await tx.query(
          `insert into hour_entries (id, agreement, year, kind, hours, as_of) values ($1, $2, $3, 'lapsed', $4, $5)
           on conflict (id) do nothing`,
          [`${agreement}/${year}/lapsed`, agreement, year, unused, asOf],
        );
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
    async closeHours(input: {
      agreement: string;
      year: number;
      asOf: Instant;
      ended: boolean;
    }): Promise<ClosedHours> {
      return db.transaction(async (tx) => {
        await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 1))', [input.agreement]);
        const stored = await findPlan(tx, input.agreement, input.year);
        if (!stored)
          throw permanent(
            'NotFound',
            `expected a plan of year ${input.year} of ${input.agreement}, found none`,
          );
        const { support } = stored.terms;
        const announceAt = nextOpening(input.asOf, support.opens, closedDaysOf(support));
        const [known] = await tx.query<{ result: HourClose }>(
          `select result from decisions where agreement = $1 and year = $2 and key = 'rollover'`,
          [input.agreement, input.year],
        );
        if (known) return { ...known.result, announceAt };
        const balance = await hourBalance(tx, input.agreement, input.year);
        const { rollover, orderOfUse } = stored.terms.hourBank;
        const close = closeHourBank(balance, {
          orderOfUse,
          rollover: input.ended ? { ...rollover, percent: 0 } : rollover,
        });
        for (const kind of ['rolledOut', 'expired'] as const)
          if (close[kind] > 0)
            await tx.query(
              `insert into hour_entries (id, agreement, year, kind, hours, as_of) values ($1, $2, $3, $4, $5, $6)`,
              [
                `${input.agreement}/${input.year}/${kind}`,
                input.agreement,
                input.year,
                kind,
                close[kind],
                input.asOf,
              ],
            );
        await tx.query(
          `insert into decisions (agreement, year, key, kind, as_of, ruleset_hash, facts, matched, result)
           values ($1, $2, 'rollover', 'rollover', $3, $4, $5, '[]', $6)`,
          [
            input.agreement,
            input.year,
            input.asOf,
            stored.plan.rulesetHash,
            JSON.stringify({ rollover, orderOfUse, ended: input.ended } satisfies RolloverFacts),
            JSON.stringify(close),
          ],
        );
        return { ...close, announceAt };
      });
    },
  };
}
