/** What PostgreSQL keeps of the looks at Temporal: when they were made, what is not well, and what should run. */
import type { Instant, Person } from '../../rules/engine/contract/contract';
import type { Db, Queryable } from '../db';
import { findManagerOf } from '../agreements/digest-readers';
import { central } from '../monitors/places';
import type { Watch } from '../monitors/places';

export const sickKinds = ['failing', 'ended', 'missing', 'growing'] as const;
export type SickKind = (typeof sickKinds)[number];

/** Why a workflow is sick; `templates/words/sick-words.ts` puts it into words. */
export type SickCode =
  | 'throws'
  | 'otherVersion'
  | 'timesOut'
  | 'tooLarge'
  | 'taskFails'
  | 'untaken'
  | 'leftBehind'
  | 'endedByServer'
  | 'endedByPerson'
  | 'endedItself'
  | 'unknownRun'
  | 'fast'
  | 'long';

/** Something not well about a workflow, as one look found it. */
export interface Finding {
  workflowId: string;
  kind: SickKind;
  /** Null for the watch of a place and for the digest clock of a reader. */
  agreement: string | null;
  code: SickCode;
  /** What the server or the workflow itself said, in English; may be empty. */
  detail: string;
  runId: string | null;
}

export interface SickWorkflow extends Finding {
  since: Instant;
  /** How often it was brought back automatically, and when last. */
  tries: number;
  triedAt: Instant | null;
}

const columns = `workflow_id as "workflowId", kind, agreement, code, detail, run_id as "runId", since, tries,
                 tried_at as "triedAt"`;

/** A workflow that was well for this long gets all its tries again. */
const forgetsTriesAfter = `interval '1 day'`;
/** Characters of what others said that are kept. */
const longestDetail = 500;

/**
 * Notes that a workflow is not well.
 * @returns whether that is new
 */
export async function recordSick(db: Queryable, finding: Finding): Promise<boolean> {
  const { workflowId, kind, agreement, code, detail, runId } = finding;
  const [row] = await db.query<{ fresh: boolean }>(
    `with before as (select healed_at from sick_workflows where workflow_id = $1 and kind = $2)
     insert into sick_workflows as s (workflow_id, kind, agreement, code, detail, run_id, since, seen_at)
     values ($1, $2, $3, $4, $5, $6, now(), now())
     on conflict (workflow_id, kind) do update set
       agreement = excluded.agreement, code = excluded.code, detail = excluded.detail, run_id = excluded.run_id,
       since = case when s.healed_at is null then s.since else excluded.since end,
       tries = case when s.healed_at < now() - ${forgetsTriesAfter} then 0 else s.tries end,
       seen_at = excluded.seen_at, healed_at = null
     returning not exists (select from before where healed_at is null) as fresh`,
    [workflowId, kind, agreement, code, detail.slice(0, longestDetail), runId],
  );
  return row?.fresh === true;
}

/** Notes that a workflow is well again: in one respect, or altogether. */
export async function recordHealed(
  db: Queryable,
  { workflowId, kind }: Pick<Finding, 'workflowId'> & { kind?: SickKind },
): Promise<void> {
  await db.query(
    `update sick_workflows set healed_at = now(), seen_at = now()
      where workflow_id = $1 and kind = coalesce($2, kind) and healed_at is null`,
    [workflowId, kind ?? null],
  );
}

/** Notes that a workflow is about to be brought back automatically. */
export async function recordTry(db: Queryable, { workflowId, kind }: Pick<Finding, 'workflowId' | 'kind'>) {
  await db.query(
    'update sick_workflows set tries = tries + 1, tried_at = clock_timestamp() where workflow_id = $1 and kind = $2',
    [workflowId, kind],
  );
}

/** What is not well now, longest first. */
export async function listSick(db: Queryable, agreement?: string): Promise<SickWorkflow[]> {
  return db.query(
    `select ${columns} from sick_workflows
      where healed_at is null and ($1::text is null or agreement = $1) order by since, workflow_id, kind`,
    [agreement ?? null],
  );
}

/** One workflow in one respect, healed or not. */
export async function findSick(
  db: Queryable,
  { workflowId, kind }: Pick<Finding, 'workflowId' | 'kind'>,
): Promise<SickWorkflow | undefined> {
  const [row] = await db.query<SickWorkflow>(
    `select ${columns} from sick_workflows where workflow_id = $1 and kind = $2`,
    [workflowId, kind],
  );
  return row;
}

/** When the looks at Temporal were made. Ages are in seconds, by the database's clock. */
export interface Looking {
  /** Since the last look, or since the first one could have been made. */
  age: number;
  /** Since the last full comparison; null before the first one. */
  comparedAge: number | null;
  lookedAt: Instant | null;
  failed: string | null;
  failedSince: Instant | null;
}

/** Reads when the looks were made; nothing where no process has ever looked. */
export async function readLooking(db: Queryable): Promise<Looking | undefined> {
  const [row] = await db.query<Looking>(
    `select extract(epoch from now() - greatest(looked_at, begun_at))::float8 as age,
            extract(epoch from now() - compared_at)::float8 as "comparedAge",
            looked_at as "lookedAt", failed, failed_since as "failedSince" from health_looks`,
  );
  return row;
}

/** Notes that this process is about to look. */
export async function beginLooking(db: Queryable): Promise<void> {
  await db.query(
    `insert into health_looks (begun_at) values (now())
     on conflict (one) do update set begun_at = now()`,
  );
}

/**
 * Notes a look that was made.
 * @param begunAt when it began; the next look lists what ended since
 * @param compared whether everything was compared
 */
export async function recordLook(db: Queryable, begunAt: Instant, compared: boolean): Promise<void> {
  await db.query(
    `update health_looks set looked_at = $1, failed = null, failed_since = null,
            compared_at = case when $2 then $1 else compared_at end`,
    [begunAt, compared],
  );
}

export async function recordFailedLook(db: Queryable, reason: string): Promise<void> {
  await db.query('update health_looks set failed = $1, failed_since = coalesce(failed_since, now())', [
    reason.slice(0, longestDetail),
  ]);
}

/** Seconds after which a look is overdue: several were missed. */
const overdueAfter = 300;

/** Why the look itself cannot be trusted; nothing if it can. */
export function troubleOfLooking(looking: Looking | undefined): string | undefined {
  if (looking !== undefined && looking.failed !== null)
    return `the look at Temporal fails since ${looking.failedSince}: ${looking.failed}`;
  if (looking !== undefined && looking.age > overdueAfter)
    return `the look at Temporal is overdue: the last was ${Math.round(looking.age)} s ago, expected at most ${overdueAfter}`;
  return undefined;
}

export interface HealthFigures {
  sick: { kind: SickKind; count: number }[];
  looking: Looking | undefined;
}

export async function readHealthFigures(db: Queryable): Promise<HealthFigures> {
  return {
    sick: await db.query(
      'select kind, count(*)::int as count from sick_workflows where healed_at is null group by kind',
    ),
    looking: await readLooking(db),
  };
}

/** Which workflows should run, according to PostgreSQL. */
export interface Standing {
  agreements: {
    number: string;
    /** Whether its year should run; what the dispatcher has still to start does not count. */
    lives: boolean;
    /** Whether its monitoring should run. */
    monitored: boolean;
  }[];
  watches: Watch[];
  /** Readers of digests, by their keys. */
  readers: string[];
}

/** Time within which the dispatcher and the workflow itself may still be about to act. */
const settles = `interval '2 minutes'`;

const untold = (kind: string, of: string): string =>
  `not exists (select from outbox o where o.done_at is null and o.kind = '${kind}' and ${of})`;

/**
 * Reads which workflows should run.
 * @param numbers these agreements, ended ones too; without it all that have not ended
 */
export async function readStanding(db: Queryable, numbers?: readonly string[]): Promise<Standing> {
  return {
    agreements: await db.query(
      `select number, lives, lives and state = 'live' and ${untold('monitoring', 'o.agreement = number')} as monitored
         from agreements cross join lateral
              (select state in ('signed', 'live') and recorded_at < now() - ${settles}
                      and ${untold('start', 'o.agreement = number')} as lives) l
        where case when $1::text[] is null then state in ('signed', 'live') else number = any ($1) end order by number`,
      [numbers ?? null],
    ),
    watches: await db.query<Watch>(
      `select distinct place, shard from monitors m where state = 'watched'
          and ${untold('watch', `o.payload->>'place' = m.place and (o.payload->>'shard')::int = m.shard`)}
        order by place, shard`,
    ),
    readers: (
      await db.query<{ reader: string }>(
        `select reader from digest_clocks where recorded_at < now() - ${settles}
            and ${untold('digests', `o.payload->>'reader' = reader`)} order by reader`,
      )
    ).map(({ reader }) => reader),
  };
}

/** Whom to mail about a workflow without an operator's address: the manager of its agreement, or of one it serves. */
export async function managerOf(db: Queryable, finding: Finding): Promise<Person | undefined> {
  const [reader] = /^digests-(.+)$/.exec(finding.workflowId)?.slice(1) ?? [];
  if (reader !== undefined) return findManagerOf(db, reader);
  const [place = central, shard = '1'] = /^watching-(.+)-(\d+)$/.exec(finding.workflowId)?.slice(1) ?? [];
  const [row] = await db.query<{ manager: Person }>(
    `select contract #> '{contacts,manager}' as manager from agreements
      where number = coalesce($1, (select min(agreement) from monitors where place = $2 and shard = $3))`,
    [finding.agreement, place, Number(shard)],
  );
  return row?.manager;
}

/** Removes workflows that have been well for long. */
export async function forgetHealed(db: Db): Promise<void> {
  await db.query(`delete from sick_workflows where healed_at < now() - interval '30 days'`);
}
