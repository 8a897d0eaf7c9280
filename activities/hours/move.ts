/** Moves hours that were booked on the wrong agreement to the right one: both sides or none. */
import { randomUUID } from 'node:crypto';
import { instantAt, localDateOf } from '../../rules/engine/calendar/calendar';
import { later } from '../../rules/engine/calendar/dates';
import type { Instant, LocalDate } from '../../rules/engine/contract/contract';
import type { HourEntry } from '../../rules/engine/hours/entries';
import { standingUses } from '../../rules/engine/hours/entries';
import type { HourBalance } from '../../rules/engine/hours/hour-bank';
import type { Db, Queryable } from '../db';
import type { Changed } from './change';
import { changeHours, inTransaction, tellRuns } from './change';
import { balanceAt, readHours, yearOn } from './facts';
import { bookingTerms } from './hours';
import type { NeedsManager, Outside, ReportedEntry } from './ledger';
import { book, lockHours } from './ledger';

export interface Move {
  /** The agreement that has the entry, and the entry's number. */
  from: string;
  entry: number;
  to: string;
  reason: string;
  by: string;
  /** The manager who has said yes to more hours in a year whose final statement has gone out. */
  approvedBy?: string;
  asOf: Instant;
  /** Works out what would become of it, and changes nothing. */
  dryRun?: boolean;
}

/** A side of a move: the agreement's hours in the year of the work, in hundredths of an hour. */
export interface MovedSide {
  agreement: string;
  year: number;
  /** The number of the entry that takes the hours back, or books them. */
  entry: number;
  before: HourBalance;
  after: HourBalance;
  /** Closed years of which the customer gets a corrected statement. */
  corrected: number[];
}

export type Moved =
  | { moved: HourEntry; on: LocalDate; seconds: number; from: MovedSide; to: MovedSide }
  | { unknown: number[] }
  | { gone: true; movedTo?: { agreement: string; entry: number } }
  | { unplanned: string }
  | NeedsManager
  | Outside;

/**
 * Takes an entry back on one agreement and books it, as it stands, on another, in one transaction; both runs are told by
 * the outbox.
 *
 * @returns what became of it, or why nothing did: `unknown` with the numbers of the uses there are, `gone` where it was
 *   taken back before, `unplanned` where the other agreement has no year yet
 */
export async function moveHours(db: Db, move: Move): Promise<Moved> {
  const { from, to } = move;
  return inTransaction(db, async (tx) => {
    // In one order, so that two moves that cross do not wait for each other.
    for (const agreement of [from, to].sort()) await lockHours(tx, agreement);
    const result = await moveIn(tx, move);
    const keep = 'moved' in result && move.dryRun !== true;
    if (keep) await tellRuns(tx, [result.from, result.to]);
    return { result, keep };
  });
}

async function moveIn(tx: Queryable, move: Move): Promise<Moved> {
  const { from, to, entry: number, asOf, by, approvedBy, reason } = move;
  const facts = await readHours(tx, from);
  const entry = facts.entries.find((one) => one.number === number && one.action === 'use');
  if (!entry) return { unknown: standingUses(facts.entries).map((use) => use.entry.number) };
  const use = facts.uses.find((one) => one.entry === entry);
  if (!use) return { gone: true, ...(await whereTo(tx, entry.id)) };
  if ((await readHours(tx, to)).periods.length === 0) return { unplanned: to };
  const about = { asOf, confirmed: true, ...(approvedBy !== undefined && { approvedBy }) };
  const [back, booked] = [randomUUID(), randomUUID()];
  const taken = await bookOn(tx, from, {
    ...{ entryId: back, seconds: 0, undoes: { number }, note: reason, by, byAssumed: false },
    ...about,
  });
  // What the customer reads of it says nothing of another customer's agreement.
  const given = await bookOn(tx, to, {
    ...{ entryId: booked, seconds: use.reported, on: use.on, ref: `moved ${from}/${number}` },
    ...{ by: entry.by ?? by, byAssumed: entry.by === undefined },
    ...(entry.service !== undefined && { service: entry.service }),
    ...(entry.note !== undefined && { note: entry.note }),
    ...about,
  });
  if ('refused' in taken) return taken.refused;
  if ('refused' in given) return given.refused;
  await tx.query('insert into hour_moves (taken_back, booked, moved, recorded_at) values ($1, $2, $3, $4)', [
    ...[back, booked, entry.id, asOf],
  ]);
  const year = yearOn(facts.periods, use.on);
  // A balance counts work up to its day.
  const at = later(asOf, instantAt(use.on, '12:00'));
  const side = ({ agreement, changed, entry: one }: Booked): MovedSide => {
    const ofWork = agreement === from ? year : yearOn(changed.after.periods, use.on);
    return {
      ...{ agreement, year: ofWork, entry: one, corrected: changed.corrected },
      before: balanceAt(changed.before, ofWork, at),
      after: balanceAt(changed.after, ofWork, at),
    };
  };
  return { moved: entry, on: use.on, seconds: use.reported, from: side(taken), to: side(given) };
}

interface Booked {
  agreement: string;
  entry: number;
  changed: Changed<unknown>;
}

/** Books one entry on an agreement. */
async function bookOn(
  tx: Queryable,
  agreement: string,
  report: ReportedEntry,
): Promise<Booked | { refused: NeedsManager | Outside }> {
  const changed = await changeHours(tx, { agreement, asOf: report.asOf }, (facts, stated) =>
    book(tx, agreement, [...facts.entries], report, bookingTerms(facts, stated, localDateOf(report.asOf))),
  );
  const { value } = changed;
  if ('booked' in value) return { agreement, entry: value.booked.number, changed };
  if ('needsManager' in value || 'outside' in value) return { refused: value };
  throw new Error(`expected ${agreement} to take entry ${report.entryId}, found ${JSON.stringify(value)}`);
}

/** Where an entry was moved to, if it was. */
async function whereTo(
  tx: Queryable,
  entry: string,
): Promise<{ movedTo?: { agreement: string; entry: number } }> {
  const [movedTo] = await tx.query<{ agreement: string; entry: number }>(
    `select e.agreement, e.number as entry from hour_moves m join hour_entries e on e.id = m.booked
      where m.moved = $1 order by m.recorded_at desc limit 1`,
    [entry],
  );
  return movedTo ? { movedTo } : {};
}

/** Entries that took hours back because they were moved, by id, with the agreement and the entry that have them now. */
export async function readMoves(db: Queryable, agreement: string): Promise<ReadonlyMap<string, string>> {
  const moves = await db.query<{ back: string; to: string }>(
    `select m.taken_back as back, e.agreement || '/' || e.number as to
       from hour_moves m join hour_entries e on e.id = m.booked
      where m.taken_back in (select id from hour_entries where agreement = $1)`,
    [agreement],
  );
  return new Map(moves.map(({ back, to }) => [back, to]));
}
