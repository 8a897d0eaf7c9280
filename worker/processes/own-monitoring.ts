/** The monitoring of `npm start`: checks of our own place, and the support desk, on a worker and connections of their own. */
import { hostname } from 'node:os';
import type { ActivityDeps } from '../../activities';
import { openDb } from '../../activities/db';
import { createMonitoringActivities } from '../../activities/monitoring';
import type { RecordKeeper } from '../../activities/record/entries';
import { heartbeatReader } from '../../activities/monitors/heartbeats';
import { composeChecks } from './compose-checks';
import type { Configuration } from '../settings/configuration';
import { secretsOf } from '../settings/configuration';
import { pageLinks } from '../intake/address';
import type { Stack } from '../local/stack';
import type { MonitoringWorkerOptions } from './monitoring-worker';
import { startMonitoringWorker } from './monitoring-worker';
import type { RunningWorker } from '../temporal/temporal-runtime';

/** Starts the monitoring. @returns the worker, and a function that closes its connections once it has stopped */
export async function startOwnMonitoring(
  configuration: Configuration,
  stack: Pick<Stack, 'databaseUrl' | 'intakePort'>,
  {
    deps,
    record,
    ...options
  }: Omit<MonitoringWorkerOptions, 'activities'> & { deps: ActivityDeps; record: RecordKeeper },
): Promise<{ worker: RunningWorker; close: () => Promise<void> }> {
  // A pool of its own: thousands of checks must not keep an agreement's mail from the database.
  const db = openDb(stack.databaseUrl, { maxConnections: 20, record });
  const checks = composeChecks({
    secret: secretsOf(),
    heartbeat: heartbeatReader(db),
    ...configuration.monitors,
  });
  const close = async (): Promise<void> => {
    checks.close();
    await db.close();
  };
  try {
    const activities = createMonitoringActivities({
      ...deps,
      db,
      pageLinks: pageLinks(configuration, stack),
      runCheck: checks.runCheck,
      workerName: `${hostname()} ${process.pid}`,
    });
    return { worker: await startMonitoringWorker({ ...options, activities }), close };
  } catch (error) {
    await close();
    throw error;
  }
}
