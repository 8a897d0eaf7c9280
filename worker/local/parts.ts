/**
 * The stack's child processes. Each writes to its own log, is recorded in the data directory (so that the next
 * start finds what a killed launcher left) and is known to the watchdog (which stops it when the launcher is gone).
 */
import { inWords } from '../basics/spoken';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { isPortFree } from './ports';
import { makePrivateFolder, privateFile } from './private-folder';
import { commandLine, identifyProcess, isRunning, sleep, stopInOrder, stopProcess } from './processes.cjs';
import type { PartRecord, ProcessIdentity, StopSignal } from './processes.cjs';

/** A log that has grown past this is set aside as `<part>.log.old` at the next start. */
const MAX_LOG_BYTES = 10 * 1024 * 1024;
const TAIL_LINES = 15;
/** A line of a log is shown to this length: the Temporal server writes stack traces of thousands of characters into one. */
const SHOWN_LENGTH = 300;
const LISTENS_WITHIN_MS = 90_000;
const POLL_MS = 50;

export interface PartSpec {
  name: string;
  command: string;
  args: string[];
  cwd: string;
  /** The whole environment: nothing of the caller's is passed on otherwise. */
  env?: Record<string, string>;
  /** The user to run as, where it is not this one. */
  user?: { uid: number; gid: number } | undefined;
  /** Ports of 127.0.0.1 that it listens on; it does not start if another program has taken one. */
  ports?: number[];
  /** Parts with a lower number stop first. */
  stopOrder: number;
  stopSignals: StopSignal[];
}

export interface Part {
  name: string;
  pid: number;
  /** What the part has written since this start, at most the last lines. */
  logTail(): string;
  /** Throws, with the tail of the log, when the part no longer runs. */
  assertRunning(): void;
  stop(): Promise<void>;
}

/** Where the parts of one data directory are kept track of. */
export interface PartKeeper {
  start(spec: PartSpec): Part;
  /** Starts the watchdog again after it has died; the first part starts it by itself. */
  startWatchdog(): Pick<Part, 'name' | 'assertRunning'>;
  /** Stops what still runs, in order, and lets the watchdog go. */
  close(): Promise<void>;
}

/** The few environment variables that programs need. */
export function plainEnvironment(extra: Record<string, string> = {}): Record<string, string> {
  const env: Record<string, string> = { LC_ALL: 'C', LANG: 'C', TZ: 'UTC' };
  for (const name of ['PATH', 'HOME', 'TMPDIR']) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  return { ...env, ...extra };
}

export function logFile(dataDir: string, name: string): string {
  return path.join(dataDir, 'logs', `${name}.log`);
}

/** What stands before the name of a part's log. */
export const fullLog = { sv: 'Hela loggen', en: 'The full log' };

const recordFile = (dataDir: string): string => path.join(dataDir, 'parts.json');

function openLog(file: string): { fd: number; start: number } {
  makePrivateFolder(path.dirname(file));
  const size = fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > MAX_LOG_BYTES) fs.renameSync(file, `${file}.old`);
  return { fd: fs.openSync(file, 'a', privateFile), start: size > MAX_LOG_BYTES ? 0 : size };
}

/** The last lines a file has gained since `start` (in bytes). */
export function readTail(file: string, start = 0, lines = TAIL_LINES): string {
  const size = fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const from = Math.max(start, size - 16_384);
  if (size <= from) return '';
  const buffer = Buffer.alloc(size - from);
  const fd = fs.openSync(file, 'r');
  try {
    fs.readSync(fd, buffer, 0, buffer.length, from);
  } finally {
    fs.closeSync(fd);
  }
  return buffer.toString('utf8').trimEnd().split('\n').slice(-lines).join('\n');
}

/**
 * Keeps track of the parts of `dataDir`. `onDied` is called once for each part, or watchdog, that ended without being
 * asked to, with the reason and the end of its log.
 */
export function createPartKeeper(
  dataDir: string,
  onDied: (part: string, reason: string) => void,
): PartKeeper {
  const running = new Map<number, PartRecord>();
  let closing = false;
  let watchdog: ChildProcess | undefined;
  let watched = false;

  const startWatchdog = (): void => {
    if (closing || watchdog !== undefined) return;
    const child = spawn(process.execPath, [path.join(__dirname, 'watchdog.cjs')], {
      // A session of its own, so that Ctrl-C and a closed terminal do not reach it.
      detached: true,
      cwd: '/',
      env: plainEnvironment(),
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    // Node reports the reason in an event; by then the caller has the error below.
    child.once('error', () => undefined);
    if (child.pid === undefined)
      throw new Error(
        inWords({
          sv: 'watchdog går inte att starta: inga fler processer kan skapas',
          en: 'watchdog cannot be started: no more processes can be made',
        }),
      );
    child.unref();
    // The pipe breaks only when the watchdog is killed, which its `exit` event below reports.
    child.stdin?.on('error', () => undefined);
    child.once('exit', (code, signal) => {
      if (closing || watchdog !== child) return;
      watchdog = undefined;
      onDied('watchdog', howEnded(code, signal));
    });
    watchdog = child;
    tell();
  };
  const tell = (): void => {
    const records = [...running.values()];
    // Replaced as a whole: readers, also after a kill, find either the old list of parts or the new one.
    fs.writeFileSync(`${recordFile(dataDir)}.new`, JSON.stringify(records, null, 2));
    fs.renameSync(`${recordFile(dataDir)}.new`, recordFile(dataDir));
    watchdog?.stdin?.write(`${JSON.stringify(records)}\n`);
  };

  return {
    start(spec) {
      if (closing)
        throw new Error(
          inWords({
            sv: `Stacken stoppas; ${spec.name} startas inte.`,
            en: `The stack is stopping; ${spec.name} is not started.`,
          }),
        );
      const file = logFile(dataDir, spec.name);
      const log = openLog(file);
      const child = spawn(spec.command, spec.args, {
        // A session of its own: Ctrl-C reaches the launcher alone, which stops the parts in order.
        detached: true,
        cwd: spec.cwd,
        env: spec.env ?? plainEnvironment(),
        stdio: ['ignore', log.fd, log.fd],
        ...spec.user,
      });
      fs.closeSync(log.fd);
      const describeEnd = (how: string): string => {
        const tail = readTail(file, log.start);
        return `${how}${tail === '' ? '' : `\n${shown(tail)}`}\n  ${inWords(fullLog)}: ${file}`;
      };
      if (child.pid === undefined) {
        // Node reports the reason in an event; by then the caller has this error.
        child.once('error', () => undefined);
        throw new Error(
          inWords({
            sv: `${spec.name} går inte att starta: ${spec.command} är inget program som den här användaren får köra.`,
            en: `${spec.name} cannot be started: ${spec.command} is not a program this user may run.`,
          }),
        );
      }
      const pid = child.pid;
      let stopping = false;
      let ended: string | undefined;
      const record: PartRecord = {
        ...identifyProcess(pid),
        name: spec.name,
        stopOrder: spec.stopOrder,
        stopSignals: spec.stopSignals,
      };
      running.set(pid, record);
      tell();
      if (!watched) startWatchdog();
      watched = true;
      child.once('exit', (code, signal) => {
        ended = howEnded(code, signal);
        running.delete(pid);
        if (!closing) tell();
        if (!stopping && !closing) onDied(spec.name, describeEnd(ended));
      });
      return {
        name: spec.name,
        pid,
        logTail: () => readTail(file, log.start),
        assertRunning() {
          if (ended !== undefined) throw new Error(`${spec.name} ${describeEnd(ended)}`);
        },
        async stop() {
          stopping = true;
          await stopProcess(record, spec.stopSignals);
        },
      };
    },
    startWatchdog() {
      startWatchdog();
      return {
        name: 'watchdog',
        assertRunning() {
          if (!closing && watchdog === undefined)
            throw new Error(inWords({ sv: 'watchdog avslutades genast', en: 'watchdog ended at once' }));
        },
      };
    },
    async close() {
      closing = true;
      await stopInOrder([...running.values()]);
      running.clear();
      fs.rmSync(recordFile(dataDir), { force: true });
      if (watchdog !== undefined) {
        watchdog.stdin?.end('[]\n');
        watchdog = undefined;
      }
    },
  };
}

const shown = (tail: string): string =>
  tail
    .split('\n')
    .map((line) => `    | ${line.length > SHOWN_LENGTH ? `${line.slice(0, SHOWN_LENGTH)} …` : line}`)
    .join('\n');

const howEnded = (code: number | null, signal: NodeJS.Signals | null): string =>
  inWords(
    signal === null
      ? { sv: `avslutades med kod ${code}`, en: `ended with code ${code}` }
      : { sv: `dödades av ${signal}`, en: `was killed by ${signal}` },
  );

/**
 * Starts a part and waits until `ready` resolves. A part that does not become ready is stopped.
 *
 * @throws with the reason, and with the tail of its log where it has ended
 */
export async function startPart(
  keeper: PartKeeper,
  spec: PartSpec,
  ready: (part: Part) => Promise<unknown>,
): Promise<Part> {
  for (const port of spec.ports ?? []) {
    if (!(await isPortFree(port)))
      throw new Error(
        inWords({
          sv: `${spec.name} går inte att starta: port ${port} är upptagen av ett annat program`,
          en: `${spec.name} cannot be started: port ${port} is taken by another program`,
        }),
      );
  }
  const part = keeper.start(spec);
  try {
    await ready(part);
    return part;
  } catch (error) {
    await part.stop();
    throw error;
  }
}

/** Resolves when something listens on the port; fails when the part that should has ended. */
export async function waitForPort(part: Part, port: number, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + LISTENS_WITHIN_MS;
  while (!(await canConnect(port))) {
    signal.throwIfAborted();
    part.assertRunning();
    if (Date.now() > deadline) {
      throw new Error(
        inWords({
          sv: `${part.name} lyssnade inte på port ${port} inom ${LISTENS_WITHIN_MS / 1000} s.`,
          en: `${part.name} did not listen on port ${port} within ${LISTENS_WITHIN_MS / 1000} s.`,
        }) + `\n${part.logTail()}`,
      );
    }
    await sleep(POLL_MS);
  }
}

/** Tries to connect. Binding the port instead, even for a moment, could keep the part from it. */
function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host: '127.0.0.1' });
    const answer = (connected: boolean): void => {
      socket.destroy();
      resolve(connected);
    };
    socket.once('connect', () => answer(true)).once('error', () => answer(false));
  });
}

function readRecords(dataDir: string): PartRecord[] {
  try {
    const value: unknown = JSON.parse(fs.readFileSync(recordFile(dataDir), 'utf8'));
    return Array.isArray(value) ? (value as PartRecord[]) : [];
  } catch {
    // Absent, or damaged by a full disk: the database's own record is read, too.
    return [];
  }
}

/** The database server on `databaseDir`, found by its own record, if it still runs and is ours. */
export function findDatabaseServer(databaseDir: string): ProcessIdentity | undefined {
  let pid: number;
  try {
    pid = Number(fs.readFileSync(path.join(databaseDir, 'postmaster.pid'), 'utf8').split('\n')[0]);
  } catch {
    return undefined;
  }
  const command = Number.isInteger(pid) && pid > 1 ? commandLine(pid) : '';
  const ours = [databaseDir, fs.realpathSync(databaseDir)].some((place) => command.includes(place));
  return ours ? identifyProcess(pid) : undefined;
}

/**
 * Stops what a killed launcher left running on `dataDir`. A process is stopped only if its id and start match the
 * record or, for the database, if its command line names this data.
 * Returns the names of what was stopped.
 */
export async function recoverLeftovers(
  dataDir: string,
  databaseDir: string,
  databaseStop: StopSignal[],
): Promise<string[]> {
  const parts = readRecords(dataDir).filter(isRunning);
  const server = findDatabaseServer(databaseDir);
  if (server !== undefined && !parts.some((part) => part.pid === server.pid)) {
    parts.push({
      ...server,
      name: 'postgres',
      stopOrder: Number.MAX_SAFE_INTEGER,
      stopSignals: databaseStop,
    });
  }
  await stopInOrder(parts);
  fs.rmSync(recordFile(dataDir), { force: true });
  return parts.map((part) => part.name);
}
