/** Tells Temporal what PostgreSQL holds: at once by NOTIFY, and by a sweep for what was missed. */
import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { OutboxRow } from '../activities/agreements';
import {
  applyContractChange,
  findAgreement,
  finishOutboxRow,
  postponeOutboxRow,
  takeOutboxRows,
} from '../activities/agreements';
import { consultantAfter, isOvertaken } from '../activities/consultants';
import type { Db } from '../activities/db';
import { outboxChannel } from '../activities/outbox';
import type { Watch } from '../activities/monitors/places';
import { startAgreement, workflowIdOf } from './start-agreement';
import { tellMonitoring, tellWatch } from './start-monitoring';

/** Milliseconds between sweeps: how late a missed notification can be. */
const sweepEvery = 5_000;
const batch = 20;
/** Milliseconds that telling Temporal of one row may take; the client itself would try for longer than people wait. */
const tellWithin = 5_000;

export interface DispatcherOptions {
  db: Db;
  client: Client;
  taskQueue: string;
  language: 'sv' | 'en';
  log: (line: string) => void;
}

export interface Dispatcher {
  stop(): Promise<void>;
}

async function tell(options: DispatcherOptions, row: OutboxRow): Promise<void> {
  const { db, client, taskQueue, language } = options;
  if (row.kind === 'start') {
    const agreement = await findAgreement(db, row.agreement);
    if (agreement) await startAgreement(client, agreement.contract, { taskQueue, language });
    return;
  }
  if (row.kind === 'watch') return tellWatch(client, row.payload as unknown as Watch, options);
  if (row.kind === 'monitoring') {
    const agreement = await findAgreement(db, row.agreement);
    if (agreement) await tellMonitoring(client, agreement.contract, row.payload, options);
    return;
  }
  const agreement = client.workflow.getHandle(workflowIdOf(row.agreement));
  try {
    if (row.kind === 'terms-changed') return await agreement.signal('termsChanged', row.payload);
    const { replacement, until } = row.payload;
    const change = Number(row.payload.change);
    if (replacement !== undefined && (await isOvertaken(db, Number(replacement)))) return;
    await applyContractChange(db, change);
    const consultant = await consultantAfter(db, change);
    await agreement.signal('contractChanged', {
      change,
      ...(replacement !== undefined && { replacement: Number(replacement) }),
      ...(consultant !== undefined && { consultant }),
      ...(typeof until === 'string' && { until }),
    });
  } catch (error) {
    // An agreement that has ended has nobody left to tell; the change itself is recorded.
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}

/** Why Temporal could not be told of a row, if it could not. */
async function failureOf(options: DispatcherOptions, row: OutboxRow): Promise<Error | undefined> {
  try {
    await options.client.withDeadline(Date.now() + tellWithin, () => tell(options, row));
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

/**
 * Takes what is due, oldest first, until nothing is left or it is told to stop. A row that fails waits longer each
 * time; none is lost.
 */
async function sweep(options: DispatcherOptions, stop: AbortSignal): Promise<void> {
  for (let rows = 1; rows > 0 && !stop.aborted;) {
    rows = await options.db.transaction(async (tx) => {
      const taken = await takeOutboxRows(tx, batch);
      const failures = await Promise.all(taken.map((row) => failureOf(options, row)));
      for (const [index, row] of taken.entries()) {
        const failure = failures[index];
        if (!failure) await finishOutboxRow(tx, row.id);
        else {
          options.log(`could not tell Temporal of ${row.kind} ${row.agreement} yet: ${failure.message}`);
          await postponeOutboxRow(tx, row.id, failure.message);
        }
      }
      return taken.length;
    });
  }
}

/** Starts dispatching in this process. */
export function startDispatcher(options: DispatcherOptions): Dispatcher {
  const stop = new AbortController();
  let rung = false;
  let wake: () => void = () => undefined;
  const ring = (): void => {
    rung = true;
    wake();
  };
  let unlisten: (() => void) | undefined;
  const listen = async (): Promise<void> => {
    unlisten = await options.db.listen(outboxChannel, ring, () => {
      unlisten = undefined;
    });
  };
  const loop = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      try {
        if (!unlisten) await listen();
        rung = false;
        await sweep(options, stop.signal);
      } catch (error) {
        options.log(`dispatching waits for the database: ${(error as Error).message}`);
      }
      if (stop.signal.aborted || rung) continue;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, sweepEvery);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  };
  const finished = loop();
  return {
    stop: async () => {
      stop.abort();
      ring();
      await finished;
      unlisten?.();
    },
  };
}
