/** Runs a worker of the product or a bare one, in a process of its own. The first argument holds its options. */
import { NativeConnection, Worker } from '@temporalio/worker';
import { openDb } from '../../activities/db';
import { createSendMessage } from '../../activities/mail/smtp';
import { startAgreementWorker } from '../../worker/processes/agreement-worker';
import { installRuntime } from '../../worker/temporal/temporal-runtime';

export interface FleetWorkerOptions {
  temporalAddress: string;
  namespace: string;
  taskQueue: string;
  cacheDir: string;
  /** Runs of agreements and their plans; without it the bare workflow runs. */
  product?: { databaseUrl: string; smtpUrl: string };
  /** Code of the bare workflow, and how many of it the worker keeps in memory. */
  bare?: { codePath: string; cached: number };
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function startProduct(
  options: FleetWorkerOptions,
  { databaseUrl, smtpUrl }: NonNullable<FleetWorkerOptions['product']>,
): Promise<void> {
  const { temporalAddress, namespace, taskQueue, cacheDir } = options;
  await startAgreementWorker({
    connection: { address: temporalAddress },
    ...{ namespace, taskQueue, cacheDir },
    deps: {
      db: openDb(databaseUrl, { maxConnections: 20 }),
      sendMessage: createSendMessage(smtpUrl),
      mailFrom: 'avtal@pector.example',
      agreementLink: (agreement) => `http://temporal.example/agreement-${agreement}`,
      staffLanguage: 'sv',
    },
  });
}

/** The bare worker says how many activities it has done so far, whenever that has changed. */
async function startBare(
  { temporalAddress, namespace, taskQueue }: FleetWorkerOptions,
  { codePath, cached }: NonNullable<FleetWorkerOptions['bare']>,
): Promise<void> {
  installRuntime();
  let done = 0;
  let said = 0;
  setInterval(() => {
    if (done !== said) say(`done ${(said = done)}`);
  }, 50);
  const worker = await Worker.create({
    connection: await NativeConnection.connect({ address: temporalAddress }),
    ...{ namespace, taskQueue, workflowBundle: { codePath } },
    maxCachedWorkflows: cached,
    activities: {
      nothing: () => {
        done += 1;
        return Promise.resolve();
      },
    },
  });
  void worker.run();
}

async function run(options: FleetWorkerOptions): Promise<void> {
  if (options.product) await startProduct(options, options.product);
  if (options.bare) await startBare(options, options.bare);
  process.once('SIGTERM', () => process.exit(0));
  say('worker is running');
}

void run(JSON.parse(process.argv[2] ?? '{}') as FleetWorkerOptions);
