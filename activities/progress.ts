/** Writes what happened in a running year to PostgreSQL: events, the state of obligations, attention. */
import type { Instant } from '../rules/contract';
import type { Db } from './db';
import { storable } from './storable';

/** One thing that happened; several are written together. */
export interface JournalEntry {
  /** Unique within the agreement year, given by the workflow: a retry writes once. */
  id: string;
  at: Instant;
  kind: 'signal' | 'rejected' | 'phase' | 'attention' | 'agreement';
  /** What it is about: a signal's name, an obligation, an attention code. */
  ref: string;
  detail: Record<string, unknown>;
  obligation?: { id: string; state: 'done' | 'missed' | 'cancelled'; by?: string; note?: string };
  attention?: { code: string; subject: string; detail: string; cleared: boolean };
  /** The agreement has come to its end. */
  ended?: boolean;
}

export interface ProgressInput {
  agreement: string;
  year: number;
  entries: JournalEntry[];
}

export function createProgressActivities({ db }: { db: Db }) {
  return {
    /** Records entries in one transaction; entries written before are left as they are. */
    async recordProgress(input: ProgressInput): Promise<void> {
      const { agreement, year, entries } = storable(input);
      await db.transaction(async (tx) => {
        await tx.query(
          `insert into events (id, agreement, year, at, kind, ref, detail)
           select $1::text || '/' || $2::int || '/' || e.id, $1, $2, e.at, e.kind, e.ref, e.detail
             from jsonb_to_recordset($3::jsonb) as e(id text, at timestamptz, kind text, ref text, detail jsonb)
           on conflict (id) do nothing`,
          [agreement, year, JSON.stringify(entries)],
        );
        for (const { at, obligation, attention, ended } of entries) {
          if (obligation)
            await tx.query(
              `update obligations set state = $4, closed_at = $5, closed_by = $6, note = $7
                where agreement = $1 and year = $2 and id = $3`,
              [
                agreement,
                year,
                obligation.id,
                obligation.state,
                at,
                obligation.by ?? null,
                obligation.note ?? null,
              ],
            );
          if (attention)
            await tx.query(
              `insert into attention (agreement, code, subject, detail, raised_at, cleared_at)
               values ($1, $2, $3, $4, $5, case when $6::boolean then $5::timestamptz end)
               on conflict (agreement, code, subject) do update set detail = excluded.detail,
                      cleared_at = excluded.cleared_at,
                      raised_at = case when attention.cleared_at is not null and excluded.cleared_at is null
                                       then excluded.raised_at else attention.raised_at end`,
              [agreement, attention.code, attention.subject, attention.detail, at, attention.cleared],
            );
          if (ended) await tx.query(`update agreements set state = 'ended' where number = $1`, [agreement]);
        }
      });
    },
  };
}
