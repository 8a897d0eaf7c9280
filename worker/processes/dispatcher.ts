/** Delivers the outbox in PostgreSQL to Temporal: at once on NOTIFY, and by a sweep for missed notifications. */
import { inWords } from '../basics/spoken';
import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { OutboxRow } from '../../activities/agreements/agreements';
import type { Contract } from '../../rules/engine/contract/contract';
import {
  applyContractChange,
  findAgreement,
  findContracts,
  finishOutboxRows,
  postponeOutboxRow,
  takeOutboxRows,
} from '../../activities/agreements/agreements';
import { consultantAfter, voidIfOvertaken } from '../../activities/agreements/consultant-changes';
import type { Db } from '../../activities/db';
import { outboxChannel } from '../../activities/outbox';
import type { Watch } from '../../activities/monitors/places';
import { runningAlerts } from '../../activities/monitors/running-alerts';
import { integrationAsked } from '../../activities/years/asked-monitors';
import { startAgreement, workflowIdOf } from '../temporal/start-agreement';
import { startIntegrationCheck, tellMonitoring, tellWatch } from '../temporal/start-monitoring';
import { tellDigestClock } from '../temporal/start-digest-clock';
import type { Sweeper } from './sweeper';
import { startSweeper } from './sweeper';
import { tellFromPage } from './tell-from-page';

/** Rows delivered at the same time. */
const batch = 20;
/** Milliseconds that delivering one row may take; the client itself would retry for longer than people wait. */
const tellWithin = 5_000;

export interface DispatcherOptions {
  db: Db;
  client: Client;
  taskQueue: string;
  language: 'sv' | 'en';
  /** Milliseconds between sweeps for missed notifications. */
  sweepEvery?: number;
  log: (line: string) => void;
}

export type Dispatcher = Sweeper;

/** Delivers one row. @param contracts contracts of the agreements to start */
async function tell(
  options: DispatcherOptions,
  row: OutboxRow,
  contracts: ReadonlyMap<string, Contract>,
): Promise<void> {
  const { db, client, taskQueue, language } = options;
  if (row.kind === 'start') {
    const contract = contracts.get(row.agreement);
    if (contract) await startAgreement(client, contract, { taskQueue, language });
    return;
  }
  if (row.kind === 'watch') return tellWatch(client, row.payload as unknown as Watch, options);
  if (row.kind === 'digests') return tellDigestClock(client, String(row.payload.reader), options);
  if (row.kind === 'monitoring' && row.payload.signal === integrationAsked)
    return startIntegrationCheck(client, row, options);
  if (row.kind === 'monitoring' && row.payload.signal !== 'alertsChanged') {
    const agreement = await findAgreement(db, row.agreement);
    if (agreement) await tellMonitoring(client, agreement.contract, row.payload, options);
    return;
  }
  const agreement = client.workflow.getHandle(workflowIdOf(row.agreement));
  if (row.kind === 'page') return tellFromPage(options, row, agreement);
  try {
    if (row.kind === 'terms-changed') return await agreement.signal('termsChanged', row.payload);
    if (row.kind === 'monitoring')
      return await agreement.signal('alertsChanged', await runningAlerts(db, row.agreement));
    if (row.kind === 'hours-changed') return await agreement.signal('hoursChanged', row.payload);
    if (row.kind === 'mail-returned') return await agreement.signal('mailReturned', row.payload);
    const { replacement, until } = row.payload;
    const change = Number(row.payload.change);
    if (replacement !== undefined && (await voidIfOvertaken(db, Number(replacement)))) return;
    await applyContractChange(db, change);
    const consultant = await consultantAfter(db, change);
    await agreement.signal('contractChanged', {
      change,
      ...(replacement !== undefined && { replacement: Number(replacement) }),
      ...(consultant !== undefined && { consultant }),
      ...(typeof until === 'string' && { until }),
    });
  } catch (error) {
    // The agreement has ended: there is no workflow to signal, and the change is already recorded.
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}

/** Delivers one row within its time. @returns why it failed, if it did */
async function failureOf(
  options: DispatcherOptions,
  row: OutboxRow,
  contracts: ReadonlyMap<string, Contract>,
): Promise<Error | undefined> {
  try {
    await options.client.withDeadline(Date.now() + tellWithin, () => tell(options, row, contracts));
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

/**
 * Delivers due rows, oldest first, until none is left or it is told to stop. A row that fails waits longer each
 * time; none is lost.
 */
async function sweep(options: DispatcherOptions, stop: AbortSignal): Promise<void> {
  for (let rows = 1; rows > 0 && !stop.aborted;) {
    rows = await options.db.transaction(async (tx) => {
      // A crash of the database may undo this commit: the rows are then delivered again, which does no harm.
      await tx.query('set local synchronous_commit = off');
      const taken = await takeOutboxRows(tx, batch);
      if (taken.length === 0) return 0;
      const starting = taken.flatMap(({ kind, agreement }) => (kind === 'start' ? [agreement] : []));
      const contracts = await findContracts(tx, starting);
      const failures = await Promise.all(taken.map((row) => failureOf(options, row, contracts)));
      await finishOutboxRows(
        tx,
        taken.flatMap(({ id }, index) => (failures[index] ? [] : [id])),
      );
      for (const [index, row] of taken.entries()) {
        const failure = failures[index];
        if (!failure) continue;
        options.log(
          inWords({
            sv: `kunde inte tala om ${row.kind} ${row.agreement} för Temporal än: «${failure.message}»`,
            en: `could not tell Temporal of ${row.kind} ${row.agreement} yet: ${failure.message}`,
          }),
        );
        await postponeOutboxRow(tx, row.id, failure.message);
      }
      return taken.length;
    });
  }
}

/** Starts dispatching in this process. */
export function startDispatcher(options: DispatcherOptions): Dispatcher {
  const { db, log } = options;
  return startSweeper({
    db,
    channel: outboxChannel,
    // Two sweeps, which never take the same rows: one delivers while the other waits for the database.
    sweeps: [(stop) => sweep(options, stop), (stop) => sweep(options, stop)],
    sweepEvery: options.sweepEvery,
    log: (reason) =>
      log(
        inWords({
          sv: `utskicken väntar på databasen: ${reason}`,
          en: `dispatching waits for the database: ${reason}`,
        }),
      ),
  });
}
