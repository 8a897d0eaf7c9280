/** Runs the workers of a version as `npm start` does, until it is killed. The first argument holds its options. */
import { createMonitoringActivities } from '../../activities/monitoring';
import { openDb } from '../../activities/db';
import { createSendMessage } from '../../activities/mail/smtp';
import { startTakingOver } from '../../worker/deploy/take-over';
import { startAgreementWorker } from '../../worker/processes/agreement-worker';
import { startMonitoringWorker } from '../../worker/processes/monitoring-worker';
import { showServed } from '../../worker/temporal/deployment';
import { openClient } from '../../worker/temporal/temporal-connection';
import { workflowBundle } from '../../worker/temporal/workflow-bundle';
import { fetchCheck } from './fetching-checks';

export interface VersionProcess {
  temporalAddress: string;
  namespace: string;
  taskQueue: string;
  cacheDir: string;
  databaseUrl: string;
  smtpUrl: string;
  build: string;
}

const log = (line: string): void => void process.stdout.write(`${line}\n`);

async function run(options: VersionProcess): Promise<void> {
  const { temporalAddress, namespace, taskQueue, cacheDir, databaseUrl, smtpUrl, build } = options;
  const db = openDb(databaseUrl);
  await showServed(db, taskQueue, build);
  const deps = {
    db,
    sendMessage: createSendMessage(smtpUrl),
    mailFrom: 'avtal@pector.example',
    agreementLink: (agreement: string) => `http://temporal.example/agreement-${agreement}`,
    staffLanguage: 'sv' as const,
  };
  const shared = { connection: { address: temporalAddress }, namespace, taskQueue, cacheDir, build };
  await startAgreementWorker({ ...shared, deps });
  await startMonitoringWorker({
    ...shared,
    activities: createMonitoringActivities({
      ...deps,
      runCheck: fetchCheck,
      workerName: `process ${process.pid}`,
    }),
  });
  const client = await openClient({ temporalAddress, namespace, embedded: { temporal: true } });
  const bundle = await workflowBundle(cacheDir);
  const { place } = await startTakingOver({
    ...{ db, client, taskQueue, build, log },
    workflowBundle: bundle,
    lookEvery: 500,
  });
  log(`worker is running: ${place}`);
}

void run(JSON.parse(process.argv[2] ?? '{}') as VersionProcess);
