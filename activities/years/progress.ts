/** Writes what happened in a running year to PostgreSQL: events, the state of obligations, attention. */
import { applyContractChanges, diffContract } from '../../rules/engine/contract/change-contract';
import type { Contract, Instant, LocalDate } from '../../rules/engine/contract/contract';
import { instantAt } from '../../rules/engine/calendar/calendar';
import { addDays } from '../../rules/engine/calendar/dates';
import type { UpgradeStands } from '../../rules/engine/upgrade/phases';
import { phaseOfUpgrade } from '../../rules/engine/upgrade/phases';
import type { PartKind, PartResult } from '../../rules/engine/upgrade/parts';
import type { Db, Queryable } from '../db';
import { wakeMonitoring } from '../monitors/incidents';
import { storable } from '../storable';
import type { RecordedTogether } from './upgrade-together';
import { tellTogether } from './upgrade-together';
import type { RecordedAsk } from './asked-monitors';
import { askMonitors } from './asked-monitors';

/** One thing that happened; several are written together. */
export interface JournalEntry {
  /** Unique within the agreement year, given by the workflow: a retry writes once. */
  id: string;
  at: Instant;
  /** `row` only brings rows of meetings and what came of them up to date: it is no event of its own. */
  kind: 'signal' | 'rejected' | 'phase' | 'attention' | 'agreement' | 'row';
  /** What it is about: a signal's name, an obligation, an attention code. */
  ref: string;
  detail: Record<string, unknown>;
  /** Of a message: what was sent, as it came; `bytes` instead where it is too much. For the record, and in no table. */
  message?: { input?: unknown; bytes?: number };
  obligation?: {
    id: string;
    state: 'open' | 'done' | 'missed' | 'cancelled' | 'declined' | 'carried';
    by?: string;
    note?: string;
    /** When it was closed, where that is not now: what had opened it again was undone. */
    closedAt?: Instant;
  };
  /** The meeting as it is now. */
  meeting?: RecordedMeeting;
  actions?: RecordedAction[];
  improvement?: RecordedImprovement;
  note?: RecordedNote;
  attention?: { code: string; subject: string; detail: string; at?: Instant; cleared: boolean };
  /** A part of an upgrade as it is now; without `result` nobody has reported it (any more). */
  part?: RecordedPart;
  /** How an upgrade stands. */
  upgrade?: RecordedUpgrade;
  /**
   * An upgrade has come to its end: the versions that were reported are the contract's from now on. Or the system was
   * restored: then those that it has again, by system, and by integration where the plan tells them; null where none was known.
   */
  upgraded?: {
    upgrade: string;
    restored?: Record<string, string>;
    integrations?: Record<string, string | null>;
  };
  /** What the agreements that share the installation are told. */
  together?: RecordedTogether;
  /** Checks of the monitoring that are to say how an integration is. */
  asks?: RecordedAsk;
  /** Monitoring of a check, or of `all`, is paused through a day; without a day it is not paused (any more). */
  pause?: { monitor: string; until?: LocalDate; reason?: string; by?: string };
  /** The agreement has come to its end. */
  ended?: boolean;
}

/** A meeting somebody did something about; a field that is left out does not hold (any more). */
export interface RecordedMeeting {
  id: string;
  bookedAt?: Instant;
  minutes?: number;
  place?: string;
  moves?: number;
  invitedAt?: Instant;
  heldOn?: LocalDate;
  heldMinutes?: number;
  /** Ids of contacts and parties. */
  participants?: string[];
  decisions?: string[];
  note?: string;
}

/** Who does what by when. */
export interface RecordedAction {
  id: string;
  meeting: string;
  what: string;
  /** A party, or a contact's id. */
  owner: string;
  dueOn: LocalDate;
  state: 'open' | 'done' | 'withdrawn';
}

/** A proposed improvement. */
export interface RecordedImprovement {
  id: string;
  title: string;
  /** Estimate in hundredths of an hour. */
  hours?: number;
  note?: string;
  state: 'proposed' | 'accepted' | 'rejected' | 'done' | 'withdrawn';
}

/** What was last said of a part of an upgrade. */
export interface RecordedPart {
  /** `upgrade`, or `upgrade-1` for the one that year 1 left unfinished. */
  upgrade: string;
  phase: string;
  part: string;
  kind: PartKind;
  /** The version that was declared before. */
  from?: string;
  result?: PartResult & { at: Instant; by?: string };
}

/** How an upgrade stands: its attempt, and why it does not simply go on. */
export interface RecordedUpgrade extends UpgradeStands {
  upgrade: string;
}

/** Something for the next meeting. */
export interface RecordedNote {
  id: string;
  kind: 'training' | 'proposal' | 'upgrade' | 'other';
  text: string;
  by: string;
  withdrawn: boolean;
}

export interface ProgressInput {
  agreement: string;
  year: number;
  entries: JournalEntry[];
}

export function createProgressActivities({ db }: { db: Db }) {
  return {
    /**
     * Records entries in one transaction; entries written before are left as they are. Of two with the same id the later
     * holds: the earlier comes of a workflow task that was lost, and was run again with more messages than before.
     */
    async recordProgress(input: ProgressInput): Promise<void> {
      // What was sent may be anything, also what PostgreSQL does not store: it goes to the record as it is.
      const bare = input.entries.map(({ message: _, ...entry }): JournalEntry => entry);
      const { agreement, year, entries } = storable({ ...input, entries: bare });
      await db.transaction(async (tx) => {
        await tx.query(
          `insert into events (id, agreement, year, at, kind, ref, detail)
           select $1::text || '/' || $2::int || '/' || e.id, $1, $2, e.at, e.kind, e.ref, e.detail
             from jsonb_to_recordset($3::jsonb) as e(id text, at timestamptz, kind text, ref text, detail jsonb)
           on conflict (id) do update set at = excluded.at, kind = excluded.kind, ref = excluded.ref, detail = excluded.detail
            where (events.kind, events.ref, events.detail) is distinct from (excluded.kind, excluded.ref, excluded.detail)`,
          [agreement, year, JSON.stringify(entries.filter(({ kind }) => kind !== 'row'))],
        );
        for (const entry of input.entries) await keepMessage(tx, agreement, year, entry);
        for (const entry of entries) await recordMeetings(tx, agreement, year, entry);
        for (const entry of entries) await recordUpgrade(tx, agreement, year, entry);
        for (const { upgraded } of entries) if (upgraded) await takeVersions(tx, agreement, year, upgraded);
        for (const { id, together } of entries)
          if (together) await tellTogether(tx, `${agreement}/${year}/${id}`, together);
        for (const { asks } of entries) if (asks) await askMonitors(tx, agreement, asks);
        for (const { at, obligation, attention, ended } of entries) {
          if (obligation)
            await tx.query(
              `update obligations set state = $4, closed_at = case when $4 = 'open' then null else $5::timestamptz end,
                      closed_by = $6, note = $7
                where agreement = $1 and year = $2 and id = $3`,
              [
                agreement,
                year,
                obligation.id,
                obligation.state,
                obligation.closedAt ?? at,
                obligation.by ?? null,
                obligation.note ?? null,
              ],
            );
          if (attention)
            await tx.query(
              `insert into attention (agreement, code, subject, detail, raised_at, cleared_at)
               values ($1, $2, $3, $4, $7, case when $6::boolean then $5::timestamptz end)
               on conflict (agreement, code, subject) do update set detail = excluded.detail,
                      cleared_at = excluded.cleared_at,
                      raised_at = case when attention.cleared_at is not null and excluded.cleared_at is null
                                       then excluded.raised_at else attention.raised_at end`,
              [
                agreement,
                attention.code,
                attention.subject,
                attention.detail,
                ...[at, attention.cleared, attention.at ?? at],
              ],
            );
          if (ended) await tx.query(`update agreements set state = 'ended' where number = $1`, [agreement]);
        }
        for (const { at, pause } of entries) if (pause) await recordPause(tx, agreement, at, pause);
        if (entries.some(({ ended }) => ended)) await wakeMonitoring(tx, agreement, 'configurationChanged');
        else if (entries.some(concernsMonitoring)) await wakeMonitoring(tx, agreement);
      });
    },
  };
}

/** Keeps a message in the record outside of the database. Runs of before 0.3.0 do not tell what was sent. */
async function keepMessage(
  tx: Queryable,
  agreement: string,
  year: number,
  { id, at, kind, ref, message }: JournalEntry,
): Promise<void> {
  if (!message || (kind !== 'signal' && kind !== 'rejected')) return;
  const taken = kind === 'signal';
  await tx.keep?.({ ...{ kind: 'message', agreement, year, id, at, name: ref, taken }, ...message });
}

/** Parts of upgrades and how these stand: each row as it is now. */
async function recordUpgrade(
  tx: Queryable,
  agreement: string,
  year: number,
  { at, part, upgrade }: JournalEntry,
): Promise<void> {
  if (part && !part.result)
    await tx.query(
      // Also what an earlier year has of it, which the upgrade was carried from.
      'delete from upgrade_parts where agreement = $1 and of_year = $2 and phase = $3 and part = $4',
      [agreement, phaseOfUpgrade(`${part.upgrade}/any`)?.leftBy ?? year, part.phase, part.part],
    );
  if (part?.result) {
    const { ok, version, on, time, contact, note, waived, by, notApplicable, retest, shown } = part.result;
    await tx.query(
      `insert into upgrade_parts (agreement, year, upgrade, phase, part, kind, ok, version_from, version, on_day,
                                  contact, note, waived_by, waived_reason, reported_by, moment, shown, not_applicable, retest, at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
       on conflict (agreement, year, upgrade, phase, part) do update set ok = excluded.ok,
              version_from = excluded.version_from, version = excluded.version, on_day = excluded.on_day,
              contact = excluded.contact, note = excluded.note, waived_by = excluded.waived_by,
              waived_reason = excluded.waived_reason, reported_by = excluded.reported_by, moment = excluded.moment,
              shown = excluded.shown, not_applicable = excluded.not_applicable, retest = excluded.retest, at = excluded.at`,
      [
        ...[agreement, year, part.upgrade, part.phase, part.part, part.kind, ok],
        ...[part.from, version, on, contact, note, waived?.by, waived?.reason, by, time, shown].map(
          (value) => value ?? null,
        ),
        ...[notApplicable ?? false, retest ?? false, part.result.at],
      ],
    );
  }
  if (upgrade)
    await tx.query(
      `insert into upgrades (agreement, year, upgrade, attempt, state, from_day, reason, by, lost_since, at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       on conflict (agreement, year, upgrade) do update set attempt = excluded.attempt, state = excluded.state,
              from_day = excluded.from_day, reason = excluded.reason, by = excluded.by,
              lost_since = excluded.lost_since, at = excluded.at`,
      [
        ...[agreement, year, upgrade.upgrade, upgrade.attempt ?? 1],
        ...[upgrade.state, upgrade.from, upgrade.reason, upgrade.by, upgrade.lostSince].map(
          (value) => value ?? null,
        ),
        at,
      ],
    );
}

/**
 * Makes the versions that an upgrade reported the contract's, so that facts and the next upgrade go by them. The running
 * year is not told: its page goes on to say what the upgrade began from. Done twice, it changes nothing.
 */
async function takeVersions(
  tx: Queryable,
  agreement: string,
  year: number,
  { upgrade, restored, integrations = {} }: NonNullable<JournalEntry['upgraded']>,
): Promise<void> {
  const [row] = await tx.query<{ contract: Contract }>(
    'select contract from agreements where number = $1 for update',
    [agreement],
  );
  if (!row) return;
  const reported = restored
    ? [
        ...Object.entries(restored).map(([part, version]) => ({ kind: 'system', part, version })),
        ...Object.entries(integrations).map(([part, version]) => ({ kind: 'integration', part, version })),
      ]
    : await tx.query<{ kind: PartKind; part: string; version: string }>(
        `select distinct on (kind, part) kind, part, version from upgrade_parts
      where agreement = $1 and of_year = $2 and ok and version is not null and kind in ('system', 'integration')
      order by kind, part, year desc`,
        [agreement, phaseOfUpgrade(`${upgrade}/any`)?.leftBy ?? year],
      );
  const paths = reported.map(({ kind, part, version }) => ({
    path: kind === 'system' ? `systems.${part}.version` : `integrations.${part}.version`,
    to: version ?? undefined,
  }));
  const contract = applyContractChanges(row.contract, paths);
  const changes = diffContract(row.contract, contract);
  if (changes.length === 0) return;
  await tx.query('update agreements set contract = $2 where number = $1', [
    agreement,
    JSON.stringify(contract),
  ]);
  await tx.query(
    'insert into contract_changes (agreement, changes, from_date, applied_at) values ($1, $2, current_date, now())',
    [agreement, JSON.stringify(changes)],
  );
}

/** Whether an entry matters to the monitoring: its alerts wait for pauses, and for phases of the upgrade. */
function concernsMonitoring({ pause, obligation }: JournalEntry): boolean {
  return pause !== undefined || (obligation !== undefined && phaseOfUpgrade(obligation.id) !== undefined);
}

/** A pause as it is now: until the end of its last day. */
async function recordPause(
  tx: Queryable,
  agreement: string,
  at: Instant,
  { monitor, until, reason, by }: NonNullable<JournalEntry['pause']>,
): Promise<void> {
  if (until === undefined) {
    await tx.query(`delete from monitor_pauses where agreement = $1 and monitor = $2 and source = 'signal'`, [
      agreement,
      monitor,
    ]);
    return;
  }
  await tx.query(
    `insert into monitor_pauses (agreement, monitor, source, from_at, until_at, reason, by)
     values ($1, $2, 'signal', $3, $4, $5, $6)
     on conflict (agreement, monitor, source) do update set from_at = excluded.from_at, until_at = excluded.until_at,
            reason = excluded.reason, by = excluded.by`,
    [agreement, monitor, at, instantAt(addDays(until, 1), '00:00'), reason ?? null, by ?? null],
  );
}

/** Meetings and what came of them: each row as it is now, so that undoing a step writes what was before. */
async function recordMeetings(
  tx: Queryable,
  agreement: string,
  year: number,
  { at, meeting, actions = [], improvement, note }: JournalEntry,
): Promise<void> {
  if (meeting)
    await tx.query(
      `insert into meetings (agreement, year, id, booked_at, minutes, place, moves, invited_at, held_on, held_minutes,
                             participants, decisions, note)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
       on conflict (agreement, year, id) do update set booked_at = excluded.booked_at, minutes = excluded.minutes,
              place = excluded.place, moves = excluded.moves, invited_at = excluded.invited_at,
              held_on = excluded.held_on, held_minutes = excluded.held_minutes,
              participants = case when excluded.held_on is null then '[]'
                                  else coalesce(nullif(excluded.participants, '[]'), meetings.participants) end,
              decisions = case when excluded.held_on is null then '[]'
                               else coalesce(nullif(excluded.decisions, '[]'), meetings.decisions) end,
              note = case when excluded.held_on is not null then coalesce(excluded.note, meetings.note) end`,
      [
        agreement,
        year,
        meeting.id,
        meeting.bookedAt ?? null,
        meeting.minutes ?? null,
        meeting.place ?? null,
        meeting.moves ?? 0,
        meeting.invitedAt ?? null,
        meeting.heldOn ?? null,
        meeting.heldMinutes ?? null,
        JSON.stringify(meeting.participants ?? []),
        JSON.stringify(meeting.decisions ?? []),
        meeting.note ?? null,
      ],
    );
  for (const { id, meeting: from, what, owner, dueOn, state } of actions)
    await tx.query(
      `insert into actions (agreement, id, year, meeting, what, owner, due_on, state, changed_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       on conflict (agreement, id) do update set what = excluded.what, owner = excluded.owner,
              due_on = excluded.due_on, state = excluded.state, changed_at = excluded.changed_at`,
      [agreement, id, year, from, what, owner, dueOn, state, at],
    );
  if (improvement)
    await tx.query(
      `insert into improvements (agreement, id, title, hours, note, state, added_at, changed_at)
       values ($1, $2, $3, $4, $5, $6, $7, $7)
       on conflict (agreement, id) do update set title = excluded.title, hours = excluded.hours,
              note = coalesce(excluded.note, improvements.note),
              state = excluded.state, changed_at = excluded.changed_at`,
      [
        agreement,
        improvement.id,
        improvement.title,
        improvement.hours ?? null,
        improvement.note ?? null,
        improvement.state,
        at,
      ],
    );
  if (note)
    await tx.query(
      `insert into notes (agreement, id, kind, text, by, at, withdrawn) values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (agreement, id) do update set kind = excluded.kind, text = excluded.text, by = excluded.by,
              at = case when notes.text = excluded.text then notes.at else excluded.at end,
              withdrawn = excluded.withdrawn`,
      [agreement, note.id, note.kind, note.text, note.by, at, note.withdrawn],
    );
}
