/** Posts what the burn-down of an agreement's hours moves between accounts: each time the difference from what stands. */
import { later } from '../../rules/engine/calendar/dates';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import type { Instant, LocalDate } from '../../rules/engine/contract/contract';
import type { Position, Posting } from '../../rules/engine/hours/postings';
import { differencesFrom, positionsOf } from '../../rules/engine/hours/postings';
import type { Queryable } from '../db';
import { columnsOf } from '../db';
import { burn, pricesOfHours, usesOf, yearOn } from './facts';
import type { HourFacts } from './facts';

/** What happened that makes postings. */
export type PostingReason = 'planned' | 'reported' | 'lapse' | 'close';

interface PostedSubject extends Position {
  /** How many transactions there are about it, and the newest. */
  count: number;
  last: string;
}

/**
 * Posts the difference between what stands and what all facts come to by now. Call it in the transaction that changed
 * the facts, under the lock of the agreement's hours.
 */
export async function postDifferences(
  tx: Queryable,
  agreement: string,
  facts: HourFacts,
  { at, reason }: { at: Instant; reason: PostingReason },
): Promise<void> {
  const posted = await readPosted(tx, agreement);
  const transactions = unposted(posted, facts, localDateOf(at)).map((position) => {
    const before = posted.find(({ subject }) => subject === position.subject);
    const { subject, on: day, postings } = position;
    return {
      ...{ subject, day, postings },
      id: `${agreement}/${subject}/${(before?.count ?? 0) + 1}`,
      period: yearOn(facts.periods, day),
      corrects: before?.last ?? null,
    };
  });
  if (transactions.length === 0) return;
  await tx.query(
    `insert into hour_transactions (agreement, recorded_at, posted_in, reason, id, subject, business_date, period, corrects)
     select $1, $2, $3, $4, * from unnest($5::text[], $6::text[], $7::date[], $8::int[], $9::text[])`,
    [
      ...[agreement, at, openYear(facts, localDateOf(at)), reason],
      ...columnsOf(transactions)('id', 'subject', 'day', 'period', 'corrects'),
    ],
  );
  const moved = transactions.flatMap(({ id, postings }) => postings.map((one) => ({ id, ...one })));
  await tx.query(
    `insert into hour_postings (transaction, account, seconds, minor)
     select * from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[])`,
    columnsOf(moved)('id', 'account', 'seconds', 'minor'),
  );
}

/** What all facts come to by a day and is not posted, position by position. */
function unposted(posted: readonly PostedSubject[], facts: HourFacts, day: LocalDate): Position[] {
  // What comes late does not undo an end that is posted.
  const ends = posted.filter(({ subject }) => subject.startsWith('end/'));
  const on = ends.reduce((last, one) => later(last, one.on), day);
  return differencesFrom(posted, positionsOf(burn(facts, on), usesOf(facts.uses), pricesOfHours(facts)));
}

/** What an agreement's facts come to by a day and nobody has posted. A ledger of before has its postings with its first change. */
export async function readUnposted(
  db: Queryable,
  agreement: string,
  facts: HourFacts,
  day: LocalDate,
): Promise<Position[]> {
  const posted = await readPosted(db, agreement);
  return posted.length === 0 ? [] : unposted(posted, facts, day);
}

/** A transaction of the ledger: amounts that were moved between accounts, and when and why that was recorded. */
export interface Transaction extends Position {
  recordedAt: Instant;
  /** The agreement year that it belongs to, and the open one in which it is posted. */
  period: number;
  postedIn: number;
  reason: PostingReason;
  /** Whether it changes what was posted about the same before. */
  isChange: boolean;
}

/** All transactions of an agreement in the order in which they were recorded. @param knownAt leaves out later ones */
export function readTransactions(
  db: Queryable,
  agreement: string,
  knownAt?: Instant,
): Promise<Transaction[]> {
  return db.query<Transaction>(
    `select t.subject, t.business_date as on, t.recorded_at as "recordedAt", t.period, t.posted_in as "postedIn", t.reason,
            t.corrects is not null as "isChange",
            jsonb_agg(jsonb_build_object('account', p.account, 'seconds', p.seconds, 'minor', p.minor) order by p.account) as postings
       from hour_transactions t join hour_postings p on p.transaction = t.id
      where t.agreement = $1 and ($2::timestamptz is null or t.recorded_at <= $2)
      group by t.id order by t.recorded_at, t.business_date, t.id`,
    [agreement, knownAt ?? null],
  );
}

/** What is posted about each subject, all its transactions together. */
async function readPosted(tx: Queryable, agreement: string): Promise<PostedSubject[]> {
  const rows = await tx.query<PostedSubject>(
    `select subject, max(business_date) as on, count(distinct id) as count,
            (array_agg(id order by length(id) desc, id desc))[1] as last,
            jsonb_agg(jsonb_build_object('account', account, 'seconds', seconds, 'minor', minor)) as postings
       from hour_transactions join hour_postings on transaction = id
      where agreement = $1 group by subject`,
    [agreement],
  );
  return rows.map((row) => ({ ...row, postings: summed(row.postings) }));
}

function summed(postings: readonly Posting[]): Posting[] {
  const sums = new Map<string, Posting>();
  for (const one of postings) {
    const before = sums.get(one.account);
    sums.set(one.account, {
      ...one,
      seconds: one.seconds + (before?.seconds ?? 0),
      minor: one.minor + (before?.minor ?? 0),
    });
  }
  return [...sums.values()].filter(({ seconds, minor }) => seconds !== 0 || minor !== 0);
}

/** The year that books are kept for on a day: the first that is not closed, as far as one is planned. */
function openYear({ periods, closedAt }: HourFacts, day: LocalDate): number {
  const open = periods.filter(({ number }) => !(number in closedAt)).map(({ number }) => number);
  return open[0] ?? yearOn(periods, day);
}
