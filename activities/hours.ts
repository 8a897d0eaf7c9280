/** The hour bank's ledger: append-only, exact, every entry once. */
import type { Instant } from '../rules/contract';
import { balanceOf, closeHourBank } from '../rules/hour-bank';
import { nextOpening } from '../rules/calendar';
import type { HourBalance, HourClose } from '../rules/plan';
import { nextSupportInstant } from '../rules/support-hours';
import type { Db, Queryable } from './db';
import { permanent } from './permanent';
import { findPlan } from './terms';

export interface ReportHoursInput {
  agreement: string;
  year: number;
  /** Given by the workflow, so that a retried activity books once. */
  entryId: string;
  /** Hundredths of an hour, above zero. */
  hours: number;
  service?: string;
  note?: string;
  /** Names the entry for the one who reports it: the same again is a repeat. */
  ref?: string;
  by: string;
  byAssumed: boolean;
  asOf: Instant;
}

export interface ReportedHours {
  booked: boolean;
  /** Why it was taken as a repeat, if it was. */
  repeat?: 'same-ref' | 'same-content-within-the-hour';
  before: HourBalance;
  after: HourBalance;
  /** When an alert about it may be mailed: at once within support hours. */
  mailAt: Instant;
}

export interface ClosedHours extends HourClose {
  /** When people are told: the first time support opens after the end. */
  announceAt: Instant;
}

interface EntryRow {
  kind: 'contracted' | 'rolledIn' | 'used' | 'rolledOut' | 'expired';
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

async function findRepeat(tx: Queryable, input: ReportHoursInput): Promise<ReportedHours['repeat']> {
  if (input.ref !== undefined) {
    const same = await tx.query('select 1 from hour_entries where agreement = $1 and ref = $2 and id <> $3', [
      input.agreement,
      input.ref,
      input.entryId,
    ]);
    return same.length > 0 ? 'same-ref' : undefined;
  }
  const same = await tx.query(
    `select 1 from hour_entries where agreement = $1 and id <> $2 and kind = 'used' and ref is null and hours = $3
        and service is not distinct from $4 and note is not distinct from $5 and by = $6
        and as_of between $7::timestamptz - interval '1 hour' and $7::timestamptz`,
    [
      input.agreement,
      input.entryId,
      input.hours,
      input.service ?? null,
      input.note ?? null,
      input.by,
      input.asOf,
    ],
  );
  return same.length > 0 ? 'same-content-within-the-hour' : undefined;
}

export function createHoursActivities({ db }: { db: Db }) {
  return {
    /** Books hours in the year they were reported in; a repeat is told, not booked. */
    async reportHours(input: ReportHoursInput): Promise<ReportedHours> {
      return db.transaction(async (tx) => {
        await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 1))', [input.agreement]);
        const repeat = await findRepeat(tx, input);
        if (!repeat)
          await tx.query(
            `insert into hour_entries (id, agreement, year, kind, hours, service, note, ref, by, by_assumed, as_of)
             values ($1, $2, $3, 'used', $4, $5, $6, $7, $8, $9, $10) on conflict (id) do nothing`,
            [
              input.entryId,
              input.agreement,
              input.year,
              input.hours,
              input.service ?? null,
              input.note ?? null,
              input.ref ?? null,
              input.by,
              input.byAssumed,
              input.asOf,
            ],
          );
        const after = await hourBalance(tx, input.agreement, input.year);
        const others = await tx.query<{ kind: 'contracted' | 'rolledIn' | 'used'; hours: number }>(
          `select kind, hours from hour_entries where agreement = $1 and year = $2 and id <> $3
              and kind in ('contracted', 'rolledIn', 'used')`,
          [input.agreement, input.year, repeat ? '' : input.entryId],
        );
        const stored = await findPlan(tx, input.agreement, input.year);
        const mailAt = stored ? nextSupportInstant(input.asOf, stored.terms.support) : input.asOf;
        return { booked: !repeat, ...(repeat ? { repeat } : {}), before: balanceOf(others), after, mailAt };
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
        const announceAt = nextOpening(input.asOf, stored.terms.support.opens);
        const [known] = await tx.query<{ result: HourClose }>(
          `select result from decisions where agreement = $1 and year = $2 and key = 'rollover'`,
          [input.agreement, input.year],
        );
        if (known) return { ...known.result, announceAt };
        const balance = await hourBalance(tx, input.agreement, input.year);
        const { rollover } = stored.terms.hourBank;
        const close = closeHourBank(balance, {
          ...stored.terms.hourBank,
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
            JSON.stringify({ rollover, ended: input.ended }),
            JSON.stringify(close),
          ],
        );
        return { ...close, announceAt };
      });
    },
  };
}
