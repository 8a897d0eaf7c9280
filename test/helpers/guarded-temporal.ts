/** A separate Temporal server that requires tokens, with its Web UI behind a login, as in `docs/operating.md`. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildTemporal } from '../../worker/local/build-temporal';
import { createPartKeeper, plainEnvironment, waitForPort } from '../../worker/local/parts';
import { choosePorts, isPortFree } from '../../worker/local/ports';
import { startPostgres } from '../../worker/local/postgres';
import { silentReporter } from '../../worker/local/progress';
import { resetStack } from '../../worker/local/reset';
import {
  DYNAMIC_CONFIG,
  ensureSchema,
  serverConfig,
  uiConfig,
  writeConfig,
} from '../../worker/local/temporal-server';
import type { IdentityProvider } from './identity-provider';
import { clientId } from './identity-provider';

export interface GuardedTemporal {
  address: string;
  webUiUrl: string;
  close(): Promise<void>;
}

const services = ['frontend', 'internal-frontend', 'history', 'matching', 'worker'];

/** The server's configuration for tokens. */
const authorization = (provider: IdentityProvider) => ({
  authorizer: 'default',
  claimMapper: 'default',
  jwtKeyProvider: { keySourceURIs: [provider.keysUrl], refreshInterval: '1m' },
  permissionsClaimName: 'permissions',
  audience: 'temporal',
});

/** The Web UI's configuration for the login. */
const auth = (provider: IdentityProvider, webUiUrl: string) => ({
  enabled: true,
  redirectToProvider: true,
  maxSessionDuration: '10h',
  providers: [
    {
      label: 'Pector',
      type: 'oidc',
      providerUrl: provider.url,
      clientId,
      clientSecret: 'kept-by-the-operator',
      scopes: ['openid', 'profile', 'email'],
      callbackUrl: `${webUiUrl}/auth/sso/callback`,
    },
  ],
});

/** Starts PostgreSQL, the server and the Web UI in a folder that `close` removes. */
export async function startGuardedTemporal(provider: IdentityProvider): Promise<GuardedTemporal> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'guarded-temporal-'));
  const { signal } = new AbortController();
  const keeper = createPartKeeper(dataDir, () => undefined);
  const close = async (): Promise<void> => {
    await keeper.close();
    // For root the database may lie outside the folder.
    await resetStack(dataDir);
    rmSync(dataDir, { recursive: true });
  };
  try {
    const programs = await buildTemporal({ dataDir, log: silentReporter });
    const ports = await choosePorts(dataDir, {}, () => true);
    const postgres = await startPostgres({ dataDir, port: ports.postgres, fsync: false, keeper, signal });
    const options = { dataDir, ports, postgres, programs, keeper, signal };
    await ensureSchema(options);
    const address = `127.0.0.1:${ports.temporal}`;
    const webUiUrl = `http://127.0.0.1:${ports.webUi}`;

    const root = path.join(dataDir, 'temporal');
    const [dynamicFile, serverFile] = [path.join(root, 'dynamic.yaml'), path.join(root, 'server.yaml')];
    writeConfig(dynamicFile, { ...DYNAMIC_CONFIG, 'frontend.enablePrincipalPropagation': [{ value: true }] });
    // Without `publicClient` the server's own workers talk to the internal frontend, which asks for no token.
    const { publicClient: _, ...config } = serverConfig(options, dynamicFile);
    const [grpcPort, membershipPort] = await freePorts(ports.workerMembership);
    writeConfig(serverFile, {
      ...config,
      global: { ...config.global, authorization: authorization(provider) },
      services: {
        ...config.services,
        'internal-frontend': { rpc: { grpcPort, membershipPort, bindOnLocalHost: true } },
      },
    });
    const server = keeper.start({
      name: 'temporal',
      command: programs.server,
      // All services are named: by default the server starts all but the internal frontend.
      args: ['--config-file', serverFile, 'start', ...services.map((name) => `--service=${name}`)],
      cwd: root,
      env: plainEnvironment({ TEMPORAL_VERSION_CHECK_DISABLED: '1' }),
      stopOrder: 1,
      stopSignals: [{ signal: 'SIGTERM', waitMs: 10_000 }],
    });
    writeConfig(path.join(root, 'ui', 'local.yaml'), { ...uiConfig(ports), auth: auth(provider, webUiUrl) });
    const webUi = keeper.start({
      name: 'temporal-ui',
      command: programs.ui,
      args: ['--root', root, '-c', 'ui', '-e', 'local', 'start'],
      cwd: root,
      stopOrder: 0,
      stopSignals: [{ signal: 'SIGTERM', waitMs: 3_000 }],
    });
    await waitForPort(server, ports.temporal, signal);
    await waitForPort(webUi, ports.webUi, signal);
    return { address, webUiUrl, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Two free ports above the others. */
async function freePorts(above: number): Promise<number[]> {
  const found: number[] = [];
  for (let port = above + 1; found.length < 2; port += 1) if (await isPortFree(port)) found.push(port);
  return found;
}
