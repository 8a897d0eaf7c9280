/** Does the dispatcher's part in a simulation: signals the clocks of digest readers, returned mails, and that no check is made. */
import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { Db } from '../../activities/db';
import { takeWaitingForReaders } from '../../activities/agreements/digest-readers';
import { takeAskedMonitors } from '../../activities/years/asked-monitors';
import { digestClockIdOf, tellDigestClock } from '../temporal/start-digest-clock';
import type { Companion, Played } from './virtual-time';

interface SimulatedReaders {
  client: Client;
  db: Db;
  /** Workflow id of the simulated agreement. */
  workflowId: string;
  taskQueue: string;
  language: 'sv' | 'en';
  /** Suffix of the ids of this simulation's workflows. */
  suffix: string;
  /** Ids of all clock workflows that were ever started. */
  clocks: Set<string>;
}

/**
 * Signals the clocks, and the agreement, what waits for them in the simulation's own database. A new clock begins at the
 * time that is played.
 *
 * @returns the clocks that were signalled; undefined if nothing waited
 */
export async function tellReaders(
  { client, db, workflowId, taskQueue, language, suffix, clocks }: SimulatedReaders,
  played: () => Played,
): Promise<Companion[] | undefined> {
  const [rows, asked] = [await takeWaitingForReaders(db), await takeAskedMonitors(db)];
  if (rows.length + asked.length === 0) return undefined;
  const { alongside, now, catchUp } = played();
  for (const { integration, asked: at } of asked)
    await signalUnlessEnded(client, workflowId, 'integrationMonitored', {
      ...{ integration, asked: at, note: notChecked[language] },
    });
  for (const { kind, payload } of rows)
    if (kind === 'mail-returned') {
      await catchUp(workflowId);
      await signalUnlessEnded(client, workflowId, 'mailReturned', payload);
    }
  const readers = rows.flatMap(({ kind, payload }) => (kind === 'digests' ? [String(payload.reader)] : []));
  const told: Companion[] = [];
  for (const reader of new Set(readers)) {
    const clock = { workflowId: `${digestClockIdOf(reader)}-simulation-${suffix}`, clockOffset: 0 };
    if (alongside.has(clock.workflowId)) await catchUp(clock.workflowId);
    else clock.clockOffset = Date.parse(now) - Date.now();
    await tellDigestClock(client, reader, { taskQueue, language, ...clock });
    clocks.add(clock.workflowId);
    told.push(clock);
  }
  return told;
}

/** A simulation looks at nobody's systems: the integration is the consultant's from the start. */
const notChecked = {
  sv: 'i en simulering görs inga kontroller',
  en: 'in a simulation no checks are made',
} as const;

async function signalUnlessEnded(
  client: Client,
  workflowId: string,
  signal: 'mailReturned' | 'integrationMonitored',
  payload: unknown,
): Promise<void> {
  try {
    await client.workflow.getHandle(workflowId).signal(signal, payload);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}
