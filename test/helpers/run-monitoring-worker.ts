/** Runs a monitoring worker, ours or a site's, until it is killed. The first argument holds its options. */
import { openDb } from '../../activities/db';
import { createSiteActivities } from '../../activities/monitors/sites';
import { createWatchActivities } from '../../activities/monitors/watch-central';
import { startMonitoringWorker } from '../../worker/processes/monitoring-worker';
import { startSiteWorker } from '../../worker/processes/site-worker';
import { fetchCheck } from './fetching-checks';

export interface MonitoringProcess {
  temporalAddress: string;
  namespace: string;
  taskQueue: string;
  cacheDir: string;
  databaseUrl: string;
  /** Id of the site whose worker to run instead of ours. */
  site?: string;
}

async function run(options: MonitoringProcess): Promise<void> {
  const { temporalAddress, namespace, taskQueue, cacheDir, databaseUrl, site } = options;
  const common = { connection: { address: temporalAddress }, namespace, taskQueue };
  if (site !== undefined) await startSiteWorker({ ...common, site, runCheck: fetchCheck });
  else {
    const db = openDb(databaseUrl);
    await startMonitoringWorker({
      ...common,
      cacheDir,
      activities: {
        ...createSiteActivities({ db }),
        ...createWatchActivities({ db, runCheck: fetchCheck, workerName: `process ${process.pid}` }),
      },
    });
  }
  process.stdout.write('worker is running\n');
}

void run(JSON.parse(process.argv[2] ?? '{}') as MonitoringProcess);
