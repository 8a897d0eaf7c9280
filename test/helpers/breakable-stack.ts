/**
 * PostgreSQL, Temporal and our own process side by side. Each can be killed without warning by SIGKILL, and is then
 * started again, as by an operator's service manager; or be stopped for a while, made slow, or run out of disk.
 */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { projectRoot } from '../../worker/settings/configuration';
import { buildTemporal } from '../../worker/local/build-temporal';
import { LIVE } from '../../worker/local/namespaces';
import type { Part } from '../../worker/local/parts';
import { createPartKeeper } from '../../worker/local/parts';
import { workflowBundle } from '../../worker/temporal/workflow-bundle';
import type { TestStack } from './stack';
import { killAny, mountSmallDisk, runs, withChildren } from './faults';
import { openLink } from './link';
import type { Link } from './link';
import { choosePorts, isPortFree } from '../../worker/local/ports';
import { startPostgres } from '../../worker/local/postgres';
import { createProgressReporter } from '../../worker/local/progress';
import { ensureSchema, startTemporal } from '../../worker/local/temporal-server';

export const breakableParts = ['postgres', 'temporal', 'ours'] as const;
export type BreakablePart = (typeof breakableParts)[number];

export interface BreakableStack {
  databaseUrl: string;
  temporalAddress: string;
  namespace: string;
  /** Address of Temporal's HTTP server. */
  temporalHttp: string;
  /** Address of our intake, while our process lives. */
  intakeUrl: string;
  /** The ways of our process to PostgreSQL and Temporal; who tests it does not go over them. */
  links: Record<'postgres' | 'temporal', Link>;
  /** Ends a part with SIGKILL and starts it again; resolves when it answers. */
  kill(part: BreakablePart): Promise<void>;
  /** The processes of a part. */
  pids(part: BreakablePart): number[];
  /** Leaves no room on the disk of all three for some milliseconds; nothing where it has no disk of its own. */
  fillDisk?: (forMs: number) => Promise<void>;
  /** Output of our process, over all its restarts. */
  said(): string;
  stop(): Promise<void>;
}

/** Milliseconds that a part may take to answer again. */
const backWithin = 90_000;

/**
 * Starts the three.
 * @param parent folder in which a folder for them is made
 * @param environment settings of our process, besides the addresses of its services
 * @param options `namespace`: that of our process; `ownDisk`: whether to give them a small disk, where that is permitted
 */
export async function startBreakableStack(
  parent: string,
  environment: Record<string, string>,
  { namespace = LIVE.name, ownDisk = false }: { namespace?: string; ownDisk?: boolean } = {},
): Promise<BreakableStack> {
  const dataDir = mkdtempSync(path.join(parent, 'breakable-'));
  const disk = ownDisk ? mountSmallDisk(dataDir) : undefined;
  const { signal } = new AbortController();
  const log = createProgressReporter();
  const keeper = createPartKeeper(dataDir, () => undefined);
  const programs = await buildTemporal({ dataDir, log, signal });
  const ports = await choosePorts(dataDir, {}, () => true);

  // With fsync: a commit survives a kill only if it has been written to the disk.
  const postgresOnce = () => startPostgres({ dataDir, port: ports.postgres, fsync: true, keeper, signal });
  // The children of a killed server end a moment after it; until then the next server cannot start.
  const postgres = (): ReturnType<typeof postgresOnce> => again(postgresOnce);
  let database = await postgresOnce();
  const temporalOptions = { dataDir, ports, programs, keeper, signal };
  await ensureSchema({ ...temporalOptions, postgres: database });
  const temporal = (): Promise<Part> =>
    again(async () => {
      if (!(await isPortFree(ports.temporal))) throw new Error('the server that was killed still listens');
      return startTemporal({ ...temporalOptions, postgres: database });
    });
  let server = await temporal();
  const addresses = {
    databaseUrl: database.url('serviceavtal'),
    temporalAddress: `127.0.0.1:${ports.temporal}`,
    namespace,
    temporalHttp: `http://127.0.0.1:${ports.temporalHttp}`,
    intakeUrl: `http://127.0.0.1:${ports.intake}`,
  };

  const links = {
    postgres: await openLink(() => ports.postgres),
    temporal: await openLink(() => ports.temporal),
  };
  const databaseUrl = new URL(addresses.databaseUrl);
  databaseUrl.port = String(links.postgres.port);

  await giveBundle(path.join(dataDir, 'own/cache'));
  let said = '';
  let ending = false;
  let own: ChildProcess | undefined;
  const startOwn = (): void => {
    const child = spawn(
      process.execPath,
      ['--require', 'tsx/cjs', 'worker/cli.ts', 'start', '--language', 'en'],
      {
        cwd: projectRoot,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          ...process.env,
          ...environment,
          DATABASE_URL: databaseUrl.href,
          TEMPORAL_ADDRESS: `127.0.0.1:${links.temporal.port}`,
          TEMPORAL_NAMESPACE: addresses.namespace,
          SERVICEAVTAL_DATA: path.join(dataDir, 'own'),
          SERVICEAVTAL_PORT_INTAKE: String(ports.intake),
          SERVICEAVTAL_INTAKE_URL: addresses.intakeUrl,
        },
      },
    );
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-200_000)));
    // It also ends by itself if its services are away when it starts.
    child.once('exit', () => {
      if (!ending) setTimeout(startOwn, 300);
    });
    own = child;
  };
  const answers = async (): Promise<void> => {
    const { ok } = await fetch(`${addresses.intakeUrl}/readyz`, { signal: AbortSignal.timeout(2_000) });
    if (!ok) throw new Error('not ready');
  };
  startOwn();
  await again(answers);

  const restart: Record<BreakablePart, () => Promise<void>> = {
    postgres: async () => {
      killAny(database.part.pid);
      database = await postgres();
    },
    temporal: async () => {
      killAny(server.pid);
      server = await temporal();
    },
    ours: async () => {
      own?.kill('SIGKILL');
      await pause(500);
      await again(answers);
    },
  };
  const pids: Record<BreakablePart, () => number[]> = {
    postgres: () => withChildren(database.part.pid),
    temporal: () => [server.pid],
    ours: () => (own?.pid === undefined ? [] : [own.pid]),
  };
  /** Starts again whatever ended by itself, as it may without room to write. */
  const revive = async (): Promise<void> => {
    for (const part of ['postgres', 'temporal'] as const) {
      const isUp = pids[part]()[0];
      if (isUp === undefined || !runs(isUp)) await restart[part]();
    }
    await again(answers);
  };
  return {
    ...addresses,
    links,
    kill: (part) => restart[part](),
    pids: (part) => pids[part](),
    ...(disk && {
      fillDisk: async (forMs) => {
        disk.fill();
        await pause(forMs);
        disk.free();
        await revive();
      },
    }),
    said: () => said,
    stop: async () => {
      ending = true;
      const gone = new Promise((resolve) => own?.once('exit', resolve));
      own?.kill('SIGTERM');
      await Promise.race([gone, pause(15_000).then(() => own?.kill('SIGKILL'))]);
      await Promise.all(Object.values(links).map((link) => link.stop()));
      await keeper.close();
      disk?.remove();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Gives our process the bundle of its workflows that `npm test` has: to build one takes longer than all else of a start. */
async function giveBundle(cacheDir: string): Promise<void> {
  const { cacheDir: shared } = JSON.parse(process.env.SERVICEAVTAL_TEST_STACK ?? '{}') as Partial<TestStack>;
  if (shared === undefined) return;
  const { codePath } = await workflowBundle(shared);
  mkdirSync(cacheDir, { recursive: true });
  copyFileSync(codePath, path.join(cacheDir, path.basename(codePath)));
}

/** Tries until it succeeds. */
async function again<T>(work: () => Promise<T>): Promise<T> {
  for (const giveUpAt = Date.now() + backWithin; ; await pause(200)) {
    try {
      return await work();
    } catch (error) {
      if (Date.now() > giveUpAt) throw error;
    }
  }
}
