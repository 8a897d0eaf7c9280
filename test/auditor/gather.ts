/** Collects what the auditor goes by: plain SQL, Temporal's HTTP server, and a folder of mails. */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { simpleParser } from 'mailparser';
import { Client } from 'pg';
import type { ArrivedMail, HistoryEvent, LevelTerms, MailRow, Rows, Run } from './evidence';

type Json = Record<string, unknown>;

/** What the level's file promises: the parameters of its rules, by topic, the later ones before the earlier. */
export function readTerms(levelFile: string): LevelTerms {
  const { rules } = JSON.parse(readFileSync(levelFile, 'utf8')) as {
    rules: { event: { type: string; params: Json } }[];
  };
  const topic = (type: string): Json =>
    Object.assign(
      {},
      ...rules.filter(({ event }) => event.type === type).map(({ event }) => event.params),
    ) as Json;
  const bank = topic('hourBank') as { statementsPerYear: number; rollover: { percent: number } };
  return {
    meetings: Number(topic('meetings').perYear),
    statements: bank.statementsPerYear,
    rollover: bank.rollover.percent,
    recipients: topic('notices').recipients as LevelTerms['recipients'],
  };
}

/** Reads a server's answer. @throws what it says, if it does not do what it is asked */
async function ask<T>(url: string): Promise<T> {
  const headers = { accept: 'application/json+no-payload-shorthand' };
  const answer = await fetch(url, { headers, signal: AbortSignal.timeout(30_000) });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** Milliseconds of a duration such as `1.5s`. */
const milliseconds = (duration: unknown): number => Math.round(Number.parseFloat(String(duration)) * 1_000);

/** The content of the first payload, if there is one. */
function contentOf(payloads: unknown): unknown {
  const [first] = (payloads as { payloads?: { data?: string }[] } | undefined)?.payloads ?? [];
  return first?.data === undefined
    ? null
    : (JSON.parse(Buffer.from(first.data, 'base64').toString()) as unknown);
}

function readEvent(event: Json): HistoryEvent {
  const type = String(event.eventType).replace('EVENT_TYPE_', '');
  const at = new Date(String(event.eventTime)).toISOString();
  const attributes = (Object.entries(event).find(([name]) => name.endsWith('Attributes'))?.[1] ?? {}) as Json;
  const request = (attributes.acceptedRequest as { input?: Json } | undefined)?.input;
  const failure = attributes.failure as { message?: string } | undefined;
  return {
    id: Number(event.eventId),
    ...{ type, at },
    ...(/SIGNALED|UPDATE_ACCEPTED/.test(type) && {
      name: String(request?.name ?? attributes.signalName),
      input: contentOf(request?.args ?? attributes.input),
    }),
    ...(type === 'WORKFLOW_TASK_FAILED' && {
      cause: `${String(attributes.cause)}: ${failure?.message ?? ''}`,
    }),
    ...(type === 'TIMER_STARTED' && {
      dueAt: new Date(Date.parse(at) + milliseconds(attributes.startToFireTimeout)).toISOString(),
    }),
    ...(/TIMER_(FIRED|CANCELED)/.test(type) && { startedBy: Number(attributes.startedEventId) }),
    ...(attributes.newExecutionRunId !== undefined && { next: String(attributes.newExecutionRunId) }),
  };
}

/** Reads all runs of a workflow. @param address of the namespace: `http://…/api/v1/namespaces/NAME` */
export async function readRuns(address: string, workflowId: string): Promise<Run[]> {
  const workflow = `${address}/workflows/${encodeURIComponent(workflowId)}`;
  type Described = {
    workflowExecutionInfo: { firstRunId: string; status: string };
    pendingActivities?: unknown[];
    pendingWorkflowTask?: unknown;
  };
  const described = (runId: string): Promise<Described> =>
    ask<Described>(`${workflow}?execution.runId=${runId}`);
  const runs: Run[] = [];
  for (let runId = (await described('')).workflowExecutionInfo.firstRunId; runId !== '';) {
    const events: HistoryEvent[] = [];
    let page = '';
    do {
      const query = `execution.runId=${runId}&nextPageToken=${encodeURIComponent(page)}`;
      const answer = await ask<{ history?: { events?: Json[] }; nextPageToken?: string }>(
        `${workflow}/history?${query}`,
      );
      events.push(...(answer.history?.events ?? []).map(readEvent));
      page = answer.nextPageToken ?? '';
    } while (page !== '');
    const {
      workflowExecutionInfo: info,
      pendingActivities = [],
      pendingWorkflowTask,
    } = await described(runId);
    const pending = pendingActivities.length + Number(pendingWorkflowTask !== undefined);
    runs.push({ runId, status: info.status.replace('WORKFLOW_EXECUTION_STATUS_', ''), pending, events });
    runId = events.at(-1)?.next ?? '';
  }
  return runs;
}

const mailRows = `select obligation, step, year, contact, recipient, message_id as "messageId", state, error from mails`;

const queries: Record<Exclude<keyof Rows, 'agreement'>, string> = {
  mails: `${mailRows} where agreement = $1`,
  entries: `select e.id, number, action, target, reported as seconds, ref from hour_entries e
              left join hour_entry_refs r on r.entry = e.id where agreement = $1 order by number`,
  postings: `select transaction, subject, account, seconds::float8 as seconds, minor::float8 as minor
               from hour_postings join hour_transactions on id = transaction where agreement = $1`,
  obligations: `select year, id, strand, owner, due_at as "dueAt", state, after from obligations where agreement = $1`,
  events: `select at, year, kind, ref, detail from events where agreement = $1 order by at`,
  attention: `select code, subject from attention where agreement = $1`,
};

/** Reads what PostgreSQL holds: of each agreement, by its number, and the mails that belong to none. */
export async function readRows(
  databaseUrl: string,
  agreements: readonly string[],
): Promise<{ byAgreement: Map<string, Rows>; ownMails: MailRow[] }> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const all = new Map<string, Rows>();
    for (const agreement of agreements) {
      const { rows } = await client.query<Rows['agreement']>(
        'select state, year_number as year from agreements where number = $1',
        [agreement],
      );
      const read: Json = { agreement: rows[0] ?? { state: 'absent', year: 0 } };
      for (const [name, sql] of Object.entries(queries))
        read[name] = (await client.query(sql, [agreement])).rows;
      // As plain data, instants are texts.
      all.set(agreement, JSON.parse(JSON.stringify(read)) as Rows);
    }
    const own = await client.query<MailRow>(`${mailRows} where agreement is null`);
    return { byAgreement: all, ownMails: own.rows };
  } finally {
    await client.end();
  }
}

/** Reads the mails that a server kept, a file each. */
export async function readMails(folder: string): Promise<ArrivedMail[]> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.eml'));
  return Promise.all(
    files.sort().map(async (name) => {
      const source = readFileSync(path.join(folder, name));
      const { messageId = '', subject = '', text = '', html, attachments } = await simpleParser(source);
      const calendars = attachments.filter(({ contentType }) => contentType.startsWith('text/'));
      const [to = ''] = /^X-Envelope-To: (.*)$/m.exec(source.toString('latin1'))?.slice(1) ?? [];
      const words = [
        subject,
        text,
        html || '',
        ...calendars.map(({ content }) => content.toString('utf8')),
      ].join('\n');
      return { messageId, to: to.trim(), subject, text, words };
    }),
  );
}
