/**
 * Builds Temporal's server, schema tool and Web UI from the pinned `temporal/go.mod`, once for each user: the
 * result lies in the user's cache under a key of everything that could change it.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { inWords } from '../basics/spoken';
import { readTail } from './parts';
import type { ProgressReporter, Step } from './progress';
import { makePrivateFolder, privateFile } from './private-folder';
import { makeOnce, userCacheDir } from './user-cache';

const MODULE_DIR = path.join(__dirname, 'temporal');
const BUILD_FLAGS = ['-trimpath', '-ldflags=-s -w'];
const BUILD_ENV = {
  CGO_ENABLED: '0',
  GOFLAGS: '-mod=readonly -buildvcs=false',
  // Use the installed Go and never download another one; ignore a Go workspace of a folder above.
  GOTOOLCHAIN: 'local',
  GOWORK: 'off',
};

/** Both servers' packages end in `cmd/server`, so each program is built with a name of its own. */
const PROGRAMS = [
  { name: 'temporal-server', package: 'go.temporal.io/server/cmd/server' },
  { name: 'temporal-sql-tool', package: 'go.temporal.io/server/cmd/tools/sql' },
  { name: 'temporal-ui', package: 'github.com/temporalio/ui-server/v2/cmd/server' },
] as const;

/** Progress of linking one program, in packages: it takes about as long as compiling so many. */
const LINK_WEIGHT = 60;

/** Usual places of Go, for when it is not on the PATH. */
const USUAL_GO = ['/usr/local/go/bin/go', '/opt/homebrew/bin/go', '/usr/lib/go/bin/go'];

export interface TemporalPrograms {
  server: string;
  sqlTool: string;
  ui: string;
  /** Changes when the programs change. */
  key: string;
}

export interface BuildOptions {
  /** Where the log goes: `<dataDir>/logs/temporal-build.log`. */
  dataDir: string;
  log: ProgressReporter;
  signal?: AbortSignal;
  /** For tests; by default the user's cache, the PATH and the usual places. */
  cacheDir?: string;
  goCandidates?: string[];
}

interface Go {
  command: string;
  /** As Go gives it: `go1.26.8`. */
  version: string;
  platform: string;
}

/** The first 16 hex digits of a hash over everything that a build depends on. */
export function buildKey(goSum: string, goMod: string, go: { version: string; platform: string }): string {
  const parts = [goSum, goMod, go.version, go.platform, ...BUILD_FLAGS, JSON.stringify(BUILD_ENV)];
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 16);
}

/** The file of a build that names what it was made of, for a machine that has lost its Go since. */
const MADE_OF = 'made-of';

/** A build of the same sources, whichever Go made it; its folder in the cache. */
function findBuild(cache: string, sources: string): string | undefined {
  if (!fs.existsSync(cache)) return undefined;
  const places = fs.readdirSync(cache).filter((name) => /^temporal-[0-9a-f]{16}$/.test(name));
  return places
    .map((name) => path.join(cache, name))
    .find((place) => {
      const file = path.join(place, MADE_OF);
      return fs.existsSync(file) && fs.readFileSync(file, 'utf8') === sources;
    });
}

/** The version a `go.mod` asks for: `1.26.8`. */
export function requiredGo(goMod: string): string {
  const version = /^go (\S+)$/m.exec(goMod)?.[1];
  if (version === undefined) throw new Error(`${path.join(MODULE_DIR, 'go.mod')} has no \`go\` line.`);
  return version;
}

/** Whether a Go that calls itself `go1.26.8` is at least `1.26.8`. Development versions are taken as new enough. */
export function isGoNewEnough(version: string, required: string): boolean {
  const numbers = /^go(\d+)\.(\d+)(?:\.(\d+))?/.exec(version);
  if (numbers === null) return version.startsWith('devel');
  const wanted = required.split('.').map(Number);
  for (const [index, number] of numbers.slice(1).entries()) {
    const difference = Number(number ?? 0) - (wanted[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

function findGo(candidates: string[]): Go | undefined {
  for (const command of candidates) {
    const result = spawnSync(command, ['env', 'GOVERSION', 'GOOS', 'GOARCH'], {
      encoding: 'utf8',
      env: { ...process.env, ...BUILD_ENV },
      cwd: os.tmpdir(),
    });
    const [version, system, architecture] = (result.stdout ?? '').trim().split('\n');
    if (result.status === 0 && version && system && architecture) {
      return { command, version, platform: `${system}/${architecture}` };
    }
  }
  return undefined;
}

/** Thrown when there is no Go to build with. */
export class NoGoError extends Error {
  override readonly name = 'NoGoError';
}

function programsIn(directory: string, key: string): TemporalPrograms {
  const [server, sqlTool, ui] = PROGRAMS.map(({ name }) => path.join(directory, name)) as [
    string,
    string,
    string,
  ];
  return { server, sqlTool, ui, key };
}

/** Gives the three programs, building them when the cache has none for this key. */
export async function buildTemporal(options: BuildOptions): Promise<TemporalPrograms> {
  const goMod = fs.readFileSync(path.join(MODULE_DIR, 'go.mod'), 'utf8');
  const goSum = fs.readFileSync(path.join(MODULE_DIR, 'go.sum'), 'utf8');
  const required = requiredGo(goMod);
  const go = findGo(options.goCandidates ?? ['go', ...USUAL_GO]);
  const cache = options.cacheDir ?? userCacheDir();
  const sources = `${createHash('sha256').update(`${goSum}\0${goMod}`).digest('hex')} ${os.platform()} ${os.arch()}\n`;
  if (go === undefined || !isGoNewEnough(go.version, required)) {
    const built = findBuild(cache, sources);
    if (built !== undefined) return programsIn(built, path.basename(built).replace('temporal-', ''));
    const [sv, en] =
      go === undefined
        ? ['ingen Go hittades', 'no Go was found']
        : [`den här datorn har ${go.version}`, `this machine has ${go.version}`];
    throw new NoGoError(
      inWords({
        sv:
          `Temporals server byggs en gång med Go ${required} eller nyare, och ${sv}.\n` +
          `Installera Go ${required} eller nyare (https://go.dev/dl/), se till att \`go version\` visar den, och starta igen.`,
        en:
          `Temporal's server is built once with Go ${required} or newer, and ${en}.\n` +
          `Install Go ${required} or newer (https://go.dev/dl/), make sure \`go version\` shows it, and start again.`,
      }),
    );
  }
  const key = buildKey(goSum, goMod, go);
  const place = path.join(cache, `temporal-${key}`);
  if (fs.existsSync(place)) return programsIn(place, key);

  const step = options.log.step(
    inWords({
      sv: 'Temporals server byggs (en gång för varje användare, några minuter)',
      en: 'Building the Temporal server (once for each user, some minutes)',
    }),
  );
  await makeOnce(place, step, options.signal, async (unfinished) => {
    await build(go, unfinished, step, options);
    fs.writeFileSync(path.join(unfinished, MADE_OF), sources);
  });
  return programsIn(place, key);
}

async function build(go: Go, folder: string, step: Step, options: BuildOptions): Promise<void> {
  const log = path.join(options.dataDir, 'logs', 'temporal-build.log');
  makePrivateFolder(path.dirname(log));
  fs.writeFileSync(log, `${new Date().toISOString()} ${go.command} ${go.version} ${go.platform}\n`, {
    mode: privateFile,
  });
  const run = (args: string[], onLine: (line: string) => void): Promise<void> =>
    runGo(go, args, log, onLine, options.signal);
  // Only packages that are not in Go's own cache are compiled, so only those are counted.
  const stale = new Set<string>();
  const modules =
    fs.readFileSync(path.join(MODULE_DIR, 'go.mod'), 'utf8').match(/^\t\S+ v\S+/gm)?.length ?? 1;
  let downloaded = 0;
  step.update('finding out what has to be compiled');
  await run(
    [
      'list',
      '-deps',
      '-f',
      '{{if .Stale}}{{.ImportPath}}{{end}}',
      ...BUILD_FLAGS,
      ...PROGRAMS.map((program) => program.package),
    ],
    (line) => {
      const module = /^go: downloading (\S+)/.exec(line)?.[1];
      if (module !== undefined) step.update(`downloading ${module}`, Math.min(0.99, ++downloaded / modules));
      else if (line !== '' && !line.includes(' ')) stale.add(line);
    },
  );
  const total = stale.size + PROGRAMS.length * LINK_WEIGHT;
  let linked = 0;
  const say = (text: string): void =>
    step.update(text, 1 - (stale.size + (PROGRAMS.length - linked) * LINK_WEIGHT) / total);
  for (const program of PROGRAMS) {
    say(`linking ${program.name}`);
    await run(
      ['build', '-v', ...BUILD_FLAGS, '-o', path.join(folder, program.name), program.package],
      (line) => {
        if (stale.delete(line))
          say(line === program.package ? `linking ${program.name}` : `${program.name}: ${line}`);
      },
    );
    linked++;
  }
}

/** Runs Go in the module's directory; every line goes to the log and to `onLine`. */
function runGo(
  go: Go,
  args: string[],
  log: string,
  onLine: (line: string) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const output = fs.createWriteStream(log, { flags: 'a' });
    const start = fs.statSync(log).size;
    output.write(`\n$ go ${args.join(' ')}\n`);
    const child = spawn(go.command, args, {
      cwd: MODULE_DIR,
      env: { ...process.env, ...BUILD_ENV },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(signal === undefined ? {} : { signal }),
    });
    for (const stream of [child.stdout, child.stderr]) {
      readline.createInterface({ input: stream }).on('line', (line) => {
        output.write(`${line}\n`);
        onLine(line);
      });
    }
    child.once('error', (error) => output.end(() => reject(error)));
    child.once('close', (code, killedBy) => {
      output.end(() => {
        if (code === 0) return resolve();
        const tail = readTail(log, start).replace(/^/gm, '    | ');
        reject(
          new Error(
            inWords({
              sv:
                `go ${args[0]} slutade med ${code ?? killedBy}:\n${tail}\n` +
                '  Go behöver modulproxyn (eller dess cache) för det första bygget, och ungefär 4 GB disk för sin cache.\n' +
                `  Hela loggen: ${log}`,
              en:
                `go ${args[0]} ended with ${code ?? killedBy}:\n${tail}\n` +
                '  Go needs the module proxy (or its cache) for the first build, and about 4 GB of disk for its caches.\n' +
                `  The full log: ${log}`,
            }),
          ),
        );
      });
    });
  });
}
