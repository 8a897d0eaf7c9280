/** Cures of workflows that are not well. PostgreSQL keeps each step of a cure before it is carried out. */
import type { Instant } from '../../rules/engine/contract/contract';
import { mostHours } from '../../rules/engine/hours/hour-bank';
import type { Db, Queryable } from '../db';
import { BilingualError } from '../../rules/engine/basics/bilingual-error';

/** One part of what a message carries, as it came; bytes in base64. */
export interface StoredPayload {
  metadata: Record<string, string>;
  data: string;
}

/** What people and the dispatcher sent to a run, to be sent again to the one that replaces it. */
export interface Message {
  at: Instant;
  name: string;
  /** An update is sent again as the signal of the same name: its sender waits no more. */
  kind: 'signal' | 'update';
  input: StoredPayload[];
}

/** A message that is not sent again, and why. */
export interface Dropped extends Message {
  because: string;
}

export interface Cure {
  id: string;
  workflowId: string;
  /** The run that is replaced; in later rounds, the run of the round before. */
  runId: string;
  /** The event that ended the workflow task that is done again; without it a new run starts from the same input. */
  taskEvent: number | null;
  /** Counts the runs that are begun, from 1. */
  round: number;
  /** The run of this round, once it has begun and `messages` are all that is to be sent to it. */
  newRunId: string | null;
  messages: Message[];
  /** How many of `messages` are sent. */
  sent: number;
  dropped: Dropped[];
}

/** The cure of a workflow that is under way or was cut short. */
export async function findOpenCure(db: Queryable, workflowId: string): Promise<Cure | undefined> {
  const [cure] = await db.query<Cure>(
    `select id, workflow_id as "workflowId", run_id as "runId", task_event as "taskEvent", round,
            new_run_id as "newRunId", messages, sent, dropped
       from cures where workflow_id = $1 and ended_at is null`,
    [workflowId],
  );
  return cure;
}

/** Whether the year of an agreement is being cured. */
export async function isCured(db: Queryable, agreement: string): Promise<boolean> {
  const open = await db.query(
    `select 1 from cures where workflow_id = 'agreement-' || $1 and ended_at is null`,
    [agreement],
  );
  return open.length > 0;
}

/** Whether a cure of a workflow is under way, or was in the last ten minutes: its messages make a history grow. */
export async function wasCured(db: Queryable, workflowId: string): Promise<boolean> {
  const found = await db.query(
    `select 1 from cures where workflow_id = $1 and coalesce(ended_at, now()) > now() - interval '10 minutes' limit 1`,
    [workflowId],
  );
  return found.length > 0;
}

/**
 * Writes a cure down before anything of it is done, and each of its rounds.
 * @throws where another cure of the same workflow is under way
 */
export async function saveCure(db: Queryable, cure: Cure): Promise<void> {
  const open = await findOpenCure(db, cure.workflowId);
  if (open && open.id !== cure.id)
    throw new BilingualError({
      sv: `en kur av ${cure.workflowId} pågår: vänta på den, eller gör den färdig med samma kommando`,
      en: `a cure of ${cure.workflowId} is under way: wait for it, or finish it by the same command`,
    });
  await db.query(
    `insert into cures (id, workflow_id, run_id, task_event, round, new_run_id, messages, sent, dropped)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (id) do update set run_id = excluded.run_id, round = excluded.round,
       new_run_id = excluded.new_run_id, messages = excluded.messages, sent = excluded.sent,
       dropped = excluded.dropped`,
    [
      cure.id,
      cure.workflowId,
      cure.runId,
      cure.taskEvent,
      cure.round,
      cure.newRunId,
      JSON.stringify(cure.messages),
      cure.sent,
      JSON.stringify(cure.dropped),
    ],
  );
}

/** Stores how many messages are sent, and nothing else: the rest of a cure stays the same, and may be long. */
export async function saveSent(db: Queryable, { id, sent }: Pick<Cure, 'id' | 'sent'>): Promise<void> {
  await db.query('update cures set sent = $2 where id = $1', [id, sent]);
}

export async function endCure(db: Queryable, { id }: Pick<Cure, 'id'>): Promise<void> {
  await db.query('update cures set ended_at = now() where id = $1', [id]);
}

interface ReportedHours {
  hours: number;
  kind?: string;
  note?: string;
  by?: string;
  ref?: string;
}

const hour = 3_600_000;
/** Prefix of each `ref` that a cure gives to hours. */
export const refOfCure = 'cure-';

/**
 * Saves a round, and gives each report of hours in it a `ref`. Without one, a report counts as a repeat only within
 * an hour, and a cure may send it again later than that. The entry of the hour bank that was booked for a report gets
 * the same `ref`, so that the report sent again is a repeat.
 *
 * @param agreement whose hours they are
 * @param clockOffset milliseconds from Temporal's clock to the year's
 */
export async function saveRound(db: Db, cure: Cure, agreement: string, clockOffset: number): Promise<void> {
  await db.transaction(async (tx) => {
    cure.messages = await nameHours(tx, cure, agreement, clockOffset);
    await saveCure(tx, cure);
  });
}

async function nameHours(
  tx: Queryable,
  { id, round, messages }: Cure,
  agreement: string,
  clockOffset: number,
): Promise<Message[]> {
  const named = new Map<string, { at: number; ref: string }>();
  const renamed: Message[] = [];
  for (const [index, message] of messages.entries()) {
    const report = message.name === 'hoursUsed' ? reportOf(message) : undefined;
    if (!report || report.ref !== undefined) {
      renamed.push(message);
      continue;
    }
    const content = JSON.stringify([report.hours, report.kind, report.note, report.by]);
    const at = Date.parse(message.at) + clockOffset;
    const before = named.get(content);
    const repeats = before !== undefined && at - before.at <= hour;
    const ref = repeats ? before.ref : `${id}-${round}-${index}`;
    if (!repeats) {
      named.set(content, { at, ref });
      await nameEntry(tx, agreement, report, new Date(at), ref);
    }
    renamed.push({ ...message, input: [jsonPayload({ ...report, ref })] });
  }
  return renamed;
}

/** Gives the first entry that was booked for a report a `ref`, where one was. */
async function nameEntry(tx: Queryable, agreement: string, report: ReportedHours, at: Date, ref: string) {
  await tx.query(
    `insert into hour_entry_refs (entry, ref) select e.id, $7 from hour_entries e left join hour_entry_texts t on t.entry = e.id
      where e.agreement = $1 and e.action = 'use' and not exists (select 1 from hour_entry_refs r where r.entry = e.id)
        and e.reported = $2 and e.service is not distinct from $3 and t.note is not distinct from $4
        and t.by = $5 and e.recorded_at >= $6::timestamptz - interval '1 hour'
      order by e.recorded_at limit 1`,
    [
      agreement,
      Math.round(report.hours * 3600),
      report.kind ?? null,
      report.note ?? null,
      report.by ?? 'consultant',
      at.toISOString(),
      ref,
    ],
  );
}

const jsonPayload = (value: unknown): StoredPayload => ({
  metadata: { encoding: Buffer.from('json/plain').toString('base64') },
  data: Buffer.from(JSON.stringify(value)).toString('base64'),
});

/** What a message reports, where it can be read as hours; everything else is sent again as it came. */
function reportOf({ input: [payload] }: Message): ReportedHours | undefined {
  if (!payload) return undefined;
  try {
    const value = JSON.parse(Buffer.from(payload.data, 'base64').toString('utf8')) as ReportedHours | null;
    const texts = [value?.kind, value?.note, value?.by].every(
      (text) => text === undefined || typeof text === 'string',
    );
    // A report of other hours than these was refused, and never booked.
    const bookable = typeof value?.hours === 'number' && value.hours > 0 && value.hours <= mostHours;
    return bookable && texts ? value : undefined;
  } catch {
    return undefined;
  }
}
