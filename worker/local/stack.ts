/**
 * The local stack: PostgreSQL, Temporal with its Web UI, and a mail catcher, each unless the environment names a
 * real one. Started by one launcher for each data directory, found by others through `stack.json`.
 */
import fs from 'node:fs';
import path from 'node:path';
import { inWords } from '../basics/spoken';
import { developmentServerNote, startDevelopmentServer } from './development-server';
import { checkDatabase, checkSmtp, prepareTemporal } from './external';
import { startMail } from './mail';
import { LIVE } from './namespaces';
import { createPartKeeper, recoverLeftovers } from './parts';
import type { Part, PartKeeper } from './parts';
import { choosePorts } from './ports';
import type { PublicPort } from './ports';
import { POSTGRES_STOP, startPostgres } from './postgres';
import { databaseDirectory, outsideDirectory } from './postgres-place';
import { identifyProcess } from './processes.cjs';
import { runStep } from './progress';
import type { ProgressReporter } from './progress';
import type { ProvideOptions } from './provide-temporal';
import { provideTemporal } from './provide-temporal';
import { createRestarts } from './restarts';
import type { Restarts } from './restarts';
import { infoFile, lockStack, restoringFile } from './running-stack';
import type { StackAddresses, StackInfo } from './running-stack';
import { ensureSchema, startTemporal, startWebUi } from './temporal-server';

export interface StackOptions {
  /** `.data`, or `.data/test`: everything the stack keeps lies below it. */
  dataDir: string;
  /** Ports asked for explicitly; one that is taken is an error that names it. */
  ports?: Partial<Record<PublicPort, number>>;
  /** Each service named here is used instead of an embedded one. */
  environment: {
    DATABASE_URL?: string | undefined;
    SMTP_URL?: string | undefined;
    /** Used together with the other `TEMPORAL_*` settings that the SDK's own configuration reads. */
    TEMPORAL_ADDRESS?: string | undefined;
    [name: `TEMPORAL_${string}`]: string | undefined;
  };
  /** Reports also parts that ended by themselves, and their return. */
  log: ProgressReporter;
  /** For tests: where Go, `temporal` and Python are looked for. */
  programs?: Pick<ProvideOptions, 'goCandidates' | 'temporalCommand' | 'pythonCommand' | 'cacheDir'>;
  /** False only where the data may be lost in a power cut: tests. */
  fsync?: boolean;
  /** How many processors Temporal's server may use: all, unless it is to leave some to tests. */
  temporalProcessors?: number;
  /** Aborts a start that is under way, and stops what was started. */
  signal?: AbortSignal;
}

export interface Stack extends StackAddresses {
  /** Stops the parts in order; safe to call twice. */
  stop(): Promise<void>;
}

function refuseHalfRestored(dataDir: string): void {
  if (!fs.existsSync(restoringFile(dataDir))) return;
  throw new Error(
    inWords({
      sv: `Återställningen av ${dataDir} avbröts. Kör \`npx serviceavtal restore\` igen; det börjar om.`,
      en: `The restoration of ${dataDir} was interrupted. Run \`npx serviceavtal restore\` again; it begins anew.`,
    }),
  );
}

/** Starts what the environment does not name, and resolves when everything answers. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { environment, log } = options;
  const embedded = {
    postgres: !environment.DATABASE_URL,
    temporal: !environment.TEMPORAL_ADDRESS,
    mail: !environment.SMTP_URL,
  };
  const anyEmbedded = embedded.postgres || embedded.temporal || embedded.mail;
  if (anyEmbedded && process.platform === 'win32') {
    throw new Error(
      inWords({
        sv: 'Den lokala stacken körs på Linux och macOS. På Windows: starta den i WSL.',
        en: 'The local stack runs on Linux and macOS. On Windows, start it inside WSL.',
      }),
    );
  }
  const dataDir = path.resolve(options.dataDir);
  // With everything outside there is no data to protect, and any number of workers may start.
  const lock = anyEmbedded ? lockStack(dataDir) : undefined;
  const abort = new AbortController();
  const signal =
    options.signal === undefined ? abort.signal : AbortSignal.any([options.signal, abort.signal]);
  let stopped: Promise<void> | undefined;

  const stop = async (): Promise<void> => {
    // Parts that wait for a restart stay down.
    abort.abort();
    try {
      await keeper.close();
    } finally {
      if (lock !== undefined) {
        fs.rmSync(infoFile(dataDir), { force: true });
        lock.release();
      }
    }
  };
  const stopOnce = (): Promise<void> => (stopped ??= stop());
  const restarts = createRestarts(log, signal);
  const keeper = createPartKeeper(dataDir, restarts.died);

  try {
    if (lock !== undefined) {
      refuseHalfRestored(dataDir);
      fs.rmSync(infoFile(dataDir), { force: true });
      const leftovers = await recoverLeftovers(dataDir, databaseDirectory(dataDir), POSTGRES_STOP);
      if (leftovers.length > 0) {
        const names = leftovers.join(', ');
        log.info(
          inWords({
            sv: `  Stoppade det som en dödad start hade lämnat igång: ${names}`,
            en: `  Stopped what a killed start had left running: ${names}`,
          }),
        );
      }
    }
    const addresses = await startParts({ ...options, dataDir, signal }, embedded, {
      keeper,
      restarts,
      abort,
    });
    if (lock !== undefined) {
      const info: StackInfo = {
        ...addresses,
        launcher: identifyProcess(),
        startedOn: new Date().toISOString(),
      };
      fs.writeFileSync(infoFile(dataDir), `${JSON.stringify(info, null, 2)}\n`, { mode: 0o600 });
    }
    return { ...addresses, stop: stopOnce };
  } catch (error) {
    await stopOnce();
    throw error;
  }
}

type Embedded = StackAddresses['embedded'];

async function startParts(
  options: StackOptions & { signal: AbortSignal },
  embedded: Embedded,
  { keeper, restarts, abort }: { keeper: PartKeeper; restarts: Restarts; abort: AbortController },
): Promise<StackAddresses> {
  const { dataDir, environment, log, signal } = options;
  const databaseUrl = environment.DATABASE_URL ?? '';
  const smtpUrl = environment.SMTP_URL ?? '';
  const [, , outsideNamespace] = await together(abort, [
    async () => void (embedded.postgres || (await checkDatabase(databaseUrl))),
    async () => void (embedded.mail || (await checkSmtp(smtpUrl))),
    async () => (embedded.temporal ? undefined : prepareTemporal(environment, log)),
  ]);
  const provided = embedded.temporal
    ? await provideTemporal({ ...options.programs, dataDir, log, signal })
    : undefined;
  const own = { postgres: embedded.postgres || provided?.kind === 'production' };
  const ports = await choosePorts(dataDir, options.ports, (port) => listens(port, { ...embedded, ...own }));

  // The production server persists in a database of ours, never in the one that DATABASE_URL names.
  const postgres = own.postgres
    ? await runStep(log, 'PostgreSQL', () =>
        startPostgres({ dataDir, port: ports.postgres, fsync: options.fsync ?? true, keeper, signal }),
      )
    : undefined;
  if (postgres !== undefined) restarts.keep(postgres.part, postgres.restart);
  const keep = async (start: () => Promise<Part>): Promise<void> => restarts.keep(await start(), start);
  const outside = outsideDirectory(dataDir);
  if (outside !== undefined) {
    log.info(
      inWords({
        sv: `  Databasen ligger i ${outside}: som root körs PostgreSQL som en annan användare, som inte kommer åt ${dataDir}.`,
        en: `  The database lies in ${outside}: as root PostgreSQL runs as another user, who cannot enter ${dataDir}.`,
      }),
    );
  }
  await together(abort, [
    async () => {
      if (!embedded.mail) return;
      await runStep(log, inWords({ sv: 'Mejlfångaren', en: 'Mail catcher' }), () =>
        keep(() => startMail({ dataDir, ports, keeper, signal })),
      );
    },
    async () => {
      if (provided?.kind === 'development')
        await runStep(
          log,
          inWords({ sv: 'Temporals utvecklingsserver', en: "Temporal's development server" }),
          () => keep(() => startDevelopmentServer(provided.program, { dataDir, ports, keeper, signal })),
        );
      if (provided?.kind !== 'production' || postgres === undefined) return;
      const temporal = {
        ...{ dataDir, ports, postgres, keeper, signal },
        programs: provided.programs,
        processors: options.temporalProcessors,
      };
      await together(abort, [
        () =>
          runStep(log, inWords({ sv: 'Temporals server', en: 'Temporal server' }), async () => {
            await ensureSchema(temporal);
            await keep(() => startTemporal(temporal));
          }),
        () =>
          runStep(log, inWords({ sv: 'Temporals webbsidor', en: 'Temporal Web UI' }), () =>
            keep(() => startWebUi(temporal)),
          ),
      ]);
    },
  ]);
  const development = provided?.kind === 'development';
  if (development) log.warn(inWords(developmentServerNote));
  const anyEmbedded = embedded.postgres || embedded.temporal || embedded.mail;
  if (anyEmbedded) restarts.keep(keeper.startWatchdog(), async () => keeper.startWatchdog());
  return {
    databaseUrl: embedded.postgres && postgres !== undefined ? postgres.url('serviceavtal') : databaseUrl,
    temporalAddress: environment.TEMPORAL_ADDRESS || `127.0.0.1:${ports.temporal}`,
    namespace: outsideNamespace ?? LIVE.name,
    ...(embedded.temporal ? { webUiUrl: `http://127.0.0.1:${ports.webUi}` } : {}),
    smtpUrl: embedded.mail ? `smtp://127.0.0.1:${ports.smtp}` : smtpUrl,
    ...(embedded.mail ? { inboxUrl: `http://127.0.0.1:${ports.inbox}` } : {}),
    intakePort: ports.intake,
    embedded,
    ...(development ? { developmentServer: true } : {}),
    fullyEmbedded: embedded.postgres && embedded.temporal && embedded.mail,
  };
}

/** Whether the part behind a port is ours to start. */
function listens(port: PublicPort, embedded: Embedded): boolean {
  if (port === 'intake') return true;
  if (port === 'postgres') return embedded.postgres;
  return port === 'temporal' || port === 'webUi' ? embedded.temporal : embedded.mail;
}

/** Runs all work at the same time. The first failure aborts the rest, and is thrown once all have ended. */
async function together<T extends (() => Promise<unknown>)[]>(
  abort: AbortController,
  tasks: [...T],
): Promise<{ [K in keyof T]: Awaited<ReturnType<T[K]>> }> {
  const running = tasks.map(async (task) => {
    try {
      return await task();
    } catch (error) {
      abort.abort(error);
      throw error;
    }
  });
  await Promise.allSettled(running);
  abort.signal.throwIfAborted();
  return (await Promise.all(running)) as { [K in keyof T]: Awaited<ReturnType<T[K]>> };
}
