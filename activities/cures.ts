/** Cures of workflows that are not well, as they are written down before and while they are carried out. */
import type { Instant } from '../rules/contract';
import type { Db, Queryable } from './db';

/** One part of what a message carries, as it came; bytes in base64. */
export interface StoredPayload {
  metadata: Record<string, string>;
  data: string;
}

/** Something that was sent to the run that is left, and is to be sent again. */
export interface Resent {
  /** Its event in that run. */
  eventId: number;
  at: Instant;
  name: string;
  /** An update is sent again as the signal of the same name: whoever asked is gone. */
  kind: 'signal' | 'update';
  input: StoredPayload[];
  /** `good`: the workflow has taken it before; `sent`: to the present run; `dropped`: it is left out, because … */
  state: 'waiting' | 'sent' | 'dropped';
  good?: true;
  because?: string;
}

export interface Cure {
  id: string;
  workflowId: string;
  /** The run that is left. */
  runId: string;
  /** The event that ended the task which is done again; without it a run starts anew from the same input. */
  taskEvent: number | null;
  messages: Resent[];
  /** Counts the runs that were begun. */
  attempt: number;
  /** The run of this attempt, once it has begun. */
  newRunId: string | null;
}

/** The cure of a workflow that is under way or was cut short. */
export async function findOpenCure(db: Queryable, workflowId: string): Promise<Cure | undefined> {
  const [cure] = await db.query<Cure>(
    `select id, workflow_id as "workflowId", run_id as "runId", task_event as "taskEvent", messages, attempt,
            new_run_id as "newRunId" from cures where workflow_id = $1 and ended_at is null`,
    [workflowId],
  );
  return cure;
}

/** Writes a cure down before anything of it is done, with the names that keep hours from being booked twice. */
export async function beginCure(db: Db, cure: Cure, agreement: string, clockOffset: number): Promise<Cure> {
  return db.transaction(async (tx) => {
    const messages = await nameHours(tx, cure, agreement, clockOffset);
    await tx.query(
      'insert into cures (id, workflow_id, run_id, task_event, messages, attempt) values ($1, $2, $3, $4, $5, $6)',
      [cure.id, cure.workflowId, cure.runId, cure.taskEvent, JSON.stringify(messages), cure.attempt],
    );
    return { ...cure, messages };
  });
}

export async function saveCure(db: Queryable, cure: Cure): Promise<void> {
  await db.query(
    'update cures set task_event = $2, messages = $3, attempt = $4, new_run_id = $5 where id = $1',
    [cure.id, cure.taskEvent, JSON.stringify(cure.messages), cure.attempt, cure.newRunId],
  );
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

/**
 * Hours that are reported without a `ref` count as a repeat within the hour only, and are sent again later than that.
 * Each report gets a `ref`, and so does the entry of the hour bank that was booked for it: the same is then a repeat.
 */
async function nameHours(
  tx: Queryable,
  cure: Cure,
  agreement: string,
  clockOffset: number,
): Promise<Resent[]> {
  const named = new Map<string, { at: number; ref: string }>();
  const messages: Resent[] = [];
  for (const message of cure.messages) {
    const report =
      message.name === 'hoursUsed' && message.state !== 'dropped' ? reportOf(message) : undefined;
    if (!report || report.ref !== undefined) {
      messages.push(message);
      continue;
    }
    const content = JSON.stringify([report.hours, report.kind, report.note, report.by]);
    const at = Date.parse(message.at) + clockOffset;
    const before = named.get(content);
    const repeats = before !== undefined && at - before.at <= hour;
    const ref = repeats ? before.ref : `${cure.id}-${message.eventId}`;
    if (!repeats) {
      named.set(content, { at, ref });
      await nameEntry(tx, agreement, report, new Date(at), ref);
    }
    messages.push({ ...message, input: [jsonPayload({ ...report, ref })] });
  }
  return messages;
}

/** Gives the first entry that was booked for a report a `ref`, where one was. */
async function nameEntry(tx: Queryable, agreement: string, report: ReportedHours, at: Date, ref: string) {
  await tx.query(
    `update hour_entries set ref = $1 where id =
       (select id from hour_entries
         where agreement = $2 and kind = 'used' and ref is null and corrects is null
           and coalesce(reported, hours) = $3 and service is not distinct from $4 and note is not distinct from $5
           and by = $6 and as_of >= $7::timestamptz - interval '1 hour'
         order by as_of limit 1)`,
    [
      ref,
      agreement,
      Math.round(report.hours * 100),
      report.kind ?? null,
      report.note ?? null,
      report.by ?? 'consultant',
      at.toISOString(),
    ],
  );
}

const jsonPayload = (value: unknown): StoredPayload => ({
  metadata: { encoding: Buffer.from('json/plain').toString('base64') },
  data: Buffer.from(JSON.stringify(value)).toString('base64'),
});

/** What a message reports, where it can be read as hours; everything else is sent again as it came. */
function reportOf({ input: [payload] }: Resent): ReportedHours | undefined {
  if (!payload) return undefined;
  try {
    const value = JSON.parse(Buffer.from(payload.data, 'base64').toString('utf8')) as ReportedHours | null;
    const texts = [value?.kind, value?.note, value?.by].every(
      (text) => text === undefined || typeof text === 'string',
    );
    return typeof value?.hours === 'number' && Number.isFinite(value.hours) && texts ? value : undefined;
  } catch {
    return undefined;
  }
}
