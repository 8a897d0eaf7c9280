/** The embedded Temporal: production server and Web UI, persisting in the embedded PostgreSQL. */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { Connection } from '@temporalio/client';
import { Client } from 'pg';
import { inWords } from '../basics/spoken';
import { retryWhileOpen } from '../basics/retry-while-open';
import type { TemporalPrograms } from './build-temporal';
import { LIVE, SIMULATIONS, ensureNamespace, ensureSearchAttributes } from './namespaces';
import type { Part, PartKeeper } from './parts';
import { logFile, plainEnvironment, startPart, waitForPort } from './parts';
import { INTERNAL_PORTS } from './ports';
import type { Ports } from './ports';
import type { Postgres } from './postgres';
import { sleep } from './processes.cjs';
import { makePrivateFolder, privateFile } from './private-folder';

export const HOST = '127.0.0.1';
const READY_POLL_MS = 50;
const READY_WITHIN_MS = 90_000;
const SCHEMAS = [
  { database: 'temporal', schema: 'postgresql/v12/temporal' },
  { database: 'temporal_visibility', schema: 'postgresql/v12/visibility' },
];

export interface TemporalOptions {
  dataDir: string;
  ports: Ports;
  postgres: Postgres;
  programs: TemporalPrograms;
  /** How many processors it may use; all unless told otherwise. */
  processors?: number | undefined;
  keeper: PartKeeper;
  signal: AbortSignal;
}

/** The production server's configuration. It lies in every data folder that this server has served. */
export function serverConfigFile(dataDir: string): string {
  return path.join(dataDir, 'temporal', 'server.yaml');
}

/** YAML is a superset of JSON, so the configuration is written without a YAML library. It holds a password. */
export function writeConfig(file: string, config: unknown): void {
  makePrivateFolder(path.dirname(file));
  fs.writeFileSync(file, `${JSON.stringify(config, null, 2)}\n`, { mode: privateFile });
}

/** The server's configuration, without authorization, which a caller can add. */
export function serverConfig(options: TemporalOptions, dynamicConfig: string) {
  const { ports, postgres } = options;
  const store = (databaseName: string, connections: number): unknown => ({
    sql: {
      pluginName: 'postgres12',
      databaseName,
      connectAddr: `${HOST}:${postgres.port}`,
      connectProtocol: 'tcp',
      user: postgres.user,
      password: postgres.password,
      maxConns: connections,
      maxIdleConns: connections,
      maxConnLifetime: '1h',
    },
  });
  const service = (grpcPort: number, membershipPort: number, extra = {}): unknown => ({
    rpc: { grpcPort, membershipPort, bindOnLocalHost: true, ...extra },
  });
  const frontend = `${HOST}:${ports.temporal}`;
  return {
    log: { stdout: true, level: 'warn' },
    persistence: {
      defaultStore: 'default',
      visibilityStore: 'visibility',
      numHistoryShards: 4,
      datastores: { default: store('temporal', 20), visibility: store('temporal_visibility', 5) },
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: HOST } },
    services: {
      frontend: service(ports.temporal, ports.frontendMembership, { httpPort: ports.temporalHttp }),
      history: service(ports.history, ports.historyMembership),
      matching: service(ports.matching, ports.matchingMembership),
      worker: service(ports.worker, ports.workerMembership),
    },
    clusterMetadata: {
      enableGlobalNamespace: false,
      failoverVersionIncrement: 10,
      masterClusterName: 'active',
      currentClusterName: 'active',
      clusterInformation: {
        active: {
          enabled: true,
          initialFailoverVersion: 1,
          rpcName: 'frontend',
          rpcAddress: frontend,
          httpAddress: `${HOST}:${ports.temporalHttp}`,
        },
      },
    },
    dcRedirectionPolicy: { policy: 'noop' },
    archival: { history: { state: 'disabled' }, visibility: { state: 'disabled' } },
    namespaceDefaults: { archival: { history: { state: 'disabled' }, visibility: { state: 'disabled' } } },
    publicClient: { hostPort: frontend },
    dynamicConfigClient: { filepath: dynamicConfig, pollInterval: '10s' },
  };
}

/** A setting of the server, for one namespace or for all. */
type Setting = [{ value: boolean | number | string; constraints?: { namespace: string } }];

export const DYNAMIC_CONFIG: Record<string, Setting> = {
  // Time can be skipped only where years are simulated, never for live agreements.
  'frontend.WorkflowTimeSkippingEnabled': [{ value: true, constraints: { namespace: SIMULATIONS.name } }],
  // Without a wait before a new run's first task: time skipped then would pass over what the run has yet to plan.
  'history.workflowIdReuseMinimalInterval': [{ value: '0s', constraints: { namespace: SIMULATIONS.name } }],
  // A search attribute just registered can be used at once.
  'system.forceSearchAttributesCacheRefreshOnRead': [{ value: true }],
  // A task that fails is found by `TemporalReportedProblems` after its second failure, not its fifth.
  'system.numConsecutiveWorkflowTaskProblemsToTriggerSearchAttribute': [{ value: 2 }],
  // A simulated year consists of timers: this shortened it from 9.7 s to 0.9 s.
  'history.timerProcessorMaxTimeShift': [{ value: '50ms' }],
  // Each timer is one look at the database; the usual 20 looks a second halve the speed of a simulated year.
  'history.timerProcessorMaxPollRPS': [{ value: 1_000 }],
  'history.timerProcessorMaxPollHostRPS': [{ value: 5_000 }],
  // One machine polls: each further partition of a task queue costs database queries, even without tasks.
  'matching.numTaskqueueReadPartitions': [{ value: 1 }],
  'matching.numTaskqueueWritePartitions': [{ value: 1 }],
  // The server checks the second limit only above the first, which by default is 512 KiB.
  'limit.blobSize.warn': [{ value: 65_536 }],
  'limit.blobSize.error': [{ value: 65_536 }],
  // Updates have a limit of their own: a larger one is returned with its acceptance, and would fail the task.
  'history.maxInFlightUpdatePayloads': [{ value: 65_536 }],
};

export function uiConfig(ports: Pick<Ports, 'temporal' | 'webUi'>) {
  return {
    temporalGrpcAddress: `${HOST}:${ports.temporal}`,
    host: HOST,
    port: ports.webUi,
    enableUi: true,
    cors: { cookieInsecure: true, allowOrigins: [`http://${HOST}:${ports.webUi}`] },
    refreshInterval: '1m',
    defaultNamespace: LIVE.name,
    disableNewsFetch: true,
    hideLogs: true,
    // People send an agreement signals and updates; actions that would end or rewrite it are not offered.
    workflowTerminateDisabled: true,
    workflowCancelDisabled: true,
    workflowResetDisabled: true,
    workflowPauseDisabled: true,
    batchActionsDisabled: true,
    startWorkflowDisabled: true,
    activityCommandsDisabled: true,
  };
}

/**
 * Creates and updates both schemas with Temporal's own tool. A comment on each database names the build that last did
 * so, and the tool runs only if it has changed.
 */
export async function ensureSchema(options: TemporalOptions): Promise<void> {
  const { postgres, programs } = options;
  const mark = `schema of build ${programs.key}`;
  await Promise.all(
    SCHEMAS.map(async ({ database, schema }) => {
      const client = new Client({ connectionString: postgres.url(database) });
      await client.connect();
      try {
        const { rows } = await client.query<{ mark: string | null; created: boolean }>(
          `SELECT shobj_description(oid, 'pg_database') AS mark, to_regclass('schema_version') IS NOT NULL AS created
           FROM pg_database WHERE datname = current_database()`,
        );
        if (rows[0]?.mark === mark) return;
        if (rows[0]?.created !== true) await runSqlTool(options, database, ['setup-schema', '-v', '0.0']);
        await runSqlTool(options, database, ['update-schema', '--schema-name', schema]);
        await client.query(`COMMENT ON DATABASE ${database} IS '${mark}'`);
      } finally {
        await client.end();
      }
    }),
  );
}

async function runSqlTool(options: TemporalOptions, database: string, args: string[]): Promise<void> {
  const { dataDir, postgres, programs, signal } = options;
  const log = logFile(dataDir, 'temporal-schema');
  try {
    const { stdout, stderr } = await promisify(execFile)(programs.sqlTool, args, {
      signal,
      env: plainEnvironment({
        SQL_PLUGIN: 'postgres12',
        SQL_HOST: HOST,
        SQL_PORT: String(postgres.port),
        SQL_USER: postgres.user,
        SQL_PASSWORD: postgres.password,
        SQL_DATABASE: database,
      }),
    });
    fs.appendFileSync(log, `${database} ${args.join(' ')}\n${stdout}${stderr}`, { mode: privateFile });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    const output = `${stdout}${stderr}`.trim();
    fs.appendFileSync(log, `${database} ${args.join(' ')}\n${output}\n`, { mode: privateFile });
    const [call, last] = [args.join(' '), output.split('\n').slice(-8).join('\n')];
    throw new Error(
      inWords({
        sv: `Temporals schemaverktyg misslyckades med ${database}: ${call}\n${last}\n  Hela loggen: ${log}`,
        en: `Temporal's schema tool failed on ${database}: ${call}\n${last}\n  The full log: ${log}`,
      }),
      { cause: error },
    );
  }
}

/** Starts the server and resolves when it answers, with namespaces and search attributes in place. */
export async function startTemporal(options: TemporalOptions): Promise<Part> {
  const { dataDir, ports, programs, processors, keeper, signal } = options;
  const directory = path.join(dataDir, 'temporal');
  const dynamicConfig = path.join(directory, 'dynamic.yaml');
  const config = serverConfigFile(dataDir);
  writeConfig(dynamicConfig, DYNAMIC_CONFIG);
  writeConfig(config, serverConfig(options, dynamicConfig));
  const spec = {
    name: 'temporal',
    command: programs.server,
    args: ['--config-file', config, '--allow-no-auth', 'start'],
    cwd: directory,
    env: plainEnvironment({
      TEMPORAL_VERSION_CHECK_DISABLED: '1',
      ...(processors !== undefined && { GOMAXPROCS: String(processors) }),
    }),
    ports: [ports.temporal, ...INTERNAL_PORTS.map((name) => ports[name])],
    stopOrder: 1,
    stopSignals: [{ signal: 'SIGTERM' as const, waitMs: 10_000 }],
  };
  return startPart(keeper, spec, (part) => prepareServer(part, ports.temporal, signal));
}

/** Waits until a server just started answers, and registers the namespaces and search attributes that it lacks. */
export async function prepareServer(part: Part, port: number, signal: AbortSignal): Promise<void> {
  await waitForPort(part, port, signal);
  const connection = Connection.lazy({ address: `${HOST}:${port}`, interceptors: [retryWhileOpen] });
  try {
    await waitUntilHealthy(part, connection, signal);
    await Promise.all(
      [LIVE, SIMULATIONS].map(async (namespace) => {
        await ensureNamespace(connection, namespace);
        await ensureSearchAttributes(connection, namespace.name);
      }),
    );
  } finally {
    await connection.close();
  }
}

/** Starts the Web UI, which needs no server to come up, and resolves when it listens. */
export async function startWebUi(options: TemporalOptions): Promise<Part> {
  const { dataDir, ports, programs, keeper, signal } = options;
  const root = path.join(dataDir, 'temporal');
  writeConfig(path.join(root, 'ui', 'local.yaml'), uiConfig(ports));
  const spec = {
    name: 'temporal-ui',
    command: programs.ui,
    args: ['--root', root, '-c', 'ui', '-e', 'local', 'start'],
    cwd: root,
    ports: [ports.webUi],
    stopOrder: 0,
    stopSignals: [{ signal: 'SIGTERM' as const, waitMs: 3_000 }],
  };
  return startPart(keeper, spec, (part) => waitForPort(part, ports.webUi, signal));
}

/** Waits for the health check: the server listens on its port before it is healthy. */
async function waitUntilHealthy(part: Part, connection: Connection, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  for (;;) {
    signal.throwIfAborted();
    part.assertRunning();
    try {
      await connection.workflowService.listNamespaces({ pageSize: 1 });
      return;
    } catch (error) {
      if (Date.now() > deadline) {
        const seconds = READY_WITHIN_MS / 1000;
        throw new Error(
          inWords({
            sv: `Temporalservern mådde inte bra inom ${seconds} s.\n${part.logTail()}`,
            en: `The Temporal server was not healthy within ${seconds} s.\n${part.logTail()}`,
          }),
          { cause: error },
        );
      }
    }
    await sleep(READY_POLL_MS);
  }
}
