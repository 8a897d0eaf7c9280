/** Checks, on its own machine, whether a system service runs or how many processes of a program there are. */
import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';
import type { Limit } from '../../../rules/engine/contract/monitor';
import { isWithinHours } from '../../../rules/engine/monitoring/expected-hours';
import type { Text } from '../../../rules/engine/basics/text';
import { expectedFound, joined } from '../../../rules/engine/basics/text';
import type { Checker, Found } from './checker';
import { answerText, NotMade, NotWell, withinLimits } from './checker';
import { versionInFile } from './version-found';

const isWindows = process.platform === 'win32';

/**
 * Outside the expected hours neither has to run; too many processes are reported at any time.
 *
 * @throws NotMade if the machine cannot tell: no service manager, no permission, a name that is none
 * @throws NotWell if there is no such service
 */
export const checkProcess: Checker = async (watched, deps, signal) => {
  const found = await lookedAt(watched, deps, signal);
  const { reportsVersion: report } = watched.check;
  const version = report && (await versionInFile(report, report.file ?? '', deps, signal));
  return { ...found, ...(version && { version }) };
};

const lookedAt: Checker = async ({ check, closedDays }, { now }, signal) => {
  const { service, program, limits, expectedHours } = check;
  const at = new Date(now()).toISOString();
  const expected = isWithinHours(at, expectedHours, new Set(closedDays));
  if (service !== undefined)
    return serviceFound(service, await stateOf(checkedName(service), signal), expected);
  const count = await countOf(checkedName(program ?? ''), signal);
  return programFound(program ?? '', count, limits?.count, expected);
};

/** Checks a name: no shell sees it, but a command must not read it as an option or a pattern. */
function checkedName(name: string): string {
  if (/^[\p{L}\p{N}_.@$][\p{L}\p{N}_.@$:+\\ -]*$/u.test(name)) return name;
  throw new NotMade(
    expectedFound(
      {
        sv: 'namnet på en tjänst eller ett program, av bokstäver, siffror och _ . @ $ : + \\ -',
        en: 'the name of a service or a program, of letters, digits and _ . @ $ : + \\ -',
      },
      `"${name}"`,
    ),
  );
}

function serviceFound(service: string, { running, state }: ServiceState, expected: boolean): Found {
  const message = joined(
    { sv: `tjänsten ${service}: `, en: `the service ${service}: ` },
    running || !expected ? state : expectedFound(isWindows ? 'RUNNING' : 'active', state),
  );
  return { outcome: running || !expected ? 'ok' : 'down', message };
}

function programFound(
  program: string,
  count: number,
  limit: Limit = { errorBelow: 1 },
  expected: boolean,
): Found {
  const { warnBelow: _, errorBelow: __, ...above } = limit;
  const label: Text = { sv: `processer av ${program}`, en: `processes of ${program}` };
  return withinLimits('count', count, expected ? limit : above, label);
}

/** The state of a service, in its system's word. */
export interface ServiceState {
  running: boolean;
  state: string;
}

async function stateOf(service: string, signal: AbortSignal): Promise<ServiceState> {
  return isWindows
    ? readScQuery(await run('sc', ['query', service], signal))
    : readIsActive(await run('systemctl', ['is-active', '--', service], signal));
}

async function countOf(program: string, signal: AbortSignal): Promise<number> {
  if (isWindows)
    return countInTasklist((await run('tasklist', ['/FO', 'CSV', '/NH'], signal)).output, program);
  return countInProc(program, signal);
}

/** What a command printed, whatever its exit code. */
export interface Output {
  output: string;
  exitCode: number;
}

/** @throws NotMade if there is no such command, or it does not end in time */
function run(command: string, args: string[], signal: AbortSignal): Promise<Output> {
  return new Promise((resolve, reject) => {
    const options = { signal, maxBuffer: 16_000_000, windowsHide: true };
    execFile(command, args, options, (error, stdout, stderr) => {
      // Without an exit code it did not run to its end: not found, or killed.
      const { code = undefined, signal: by = undefined } = error ?? { code: 0 };
      if (typeof code === 'number') resolve({ output: stdout || stderr, exitCode: code });
      else
        reject(
          new NotMade(
            {
              sv: `kommandot ${command} gick inte att köra här (${code ?? by})`,
              en: `the command ${command} could not be run here (${code ?? by})`,
            },
            { cause: error },
          ),
        );
    });
  });
}

/**
 * Reads what `systemctl is-active` says: a state in a word.
 *
 * @throws NotMade where systemd does not run the machine, so that there are no services to ask for
 */
export function readIsActive({ output }: Output): ServiceState {
  const [first = ''] = output.trim().split('\n');
  if (/^[a-z]+(-[a-z]+)*$/.test(first) && first !== 'offline')
    return { running: first === 'active' || first === 'reloading' || first === 'refreshing', state: first };
  throw notTold('systemctl', output);
}

const missingService = 1060;
const refusedAccess = 5;
const running = '4';

/**
 * Reads what `sc query` says, whatever language it speaks: of the lines with a number and its name the second is the
 * state.
 *
 * @throws NotWell if there is no such service
 * @throws NotMade if it may not be asked for
 */
export function readScQuery({ output }: Output): ServiceState {
  const [, state] = [...output.matchAll(/^\s+\S+\s*: ([0-9a-f]+) +([A-Z_]+)/gm)];
  if (state) return { running: state[1] === running, state: String(state[2]) };
  const code = Number(/\[SC\][^\n]* (\d+):/.exec(output)?.[1]);
  if (code === missingService)
    throw new NotWell(
      { sv: 'det finns ingen sådan tjänst', en: 'there is no such service' },
      answerText(output),
    );
  if (code === refusedAccess)
    throw new NotMade({ sv: 'tjänsten får inte frågas efter', en: 'the service may not be asked for' });
  throw notTold('sc', output);
}

const notTold = (command: string, output: string): NotMade => {
  const said = answerText(output.trim().slice(0, 200));
  return new NotMade({
    sv: `${command} säger inte hur tjänsten är: ${said}`,
    en: `${command} does not tell how the service is: ${said}`,
  });
};

/** Processes of a program in what `tasklist /FO CSV /NH` says; `.exe` may be left out. */
export function countInTasklist(output: string, program: string): number {
  const wanted = program.toLowerCase();
  const names = [...output.matchAll(/^"((?:[^"]|"")*)",/gm)].map(([, name = '']) =>
    name.replaceAll('""', '"').toLowerCase(),
  );
  return names.filter((name) => name === wanted || name === `${wanted}.exe`).length;
}

/** What Linux tells of a process in a line: its short name, between parentheses it may hold itself, and its state. */
export function readStat(line: string): { name: string; alive: boolean } | undefined {
  const found = /^\d+ \((.*)\) (\S)/s.exec(line);
  return found ? { name: found[1] as string, alive: !/[ZXx]/.test(found[2] as string) } : undefined;
}

/** Whether a process is one of a program, by its short name, its command line, or the file it runs. */
export function isOfProgram(
  program: string,
  { name, commandLine, file }: { name: string; commandLine: string; file?: string },
): boolean {
  if (name === program) return true;
  // Linux cuts the short name of a long one, and a program can change its own.
  const [called = ''] = commandLine.split('\0');
  return (
    path.posix.basename(called) === program || (file !== undefined && path.posix.basename(file) === program)
  );
}

async function countInProc(program: string, signal: AbortSignal): Promise<number> {
  await seesOthers();
  let count = 0;
  for (const id of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    if (signal.aborted) throw new NotMade({ sv: 'hann inte räknas', en: 'could not be counted in time' });
    if (await isAlive(id, program)) count += 1;
  }
  return count;
}

/** Whether a process of the program runs under this id; it may have ended since the id was read. */
async function isAlive(id: string, program: string): Promise<boolean> {
  const read = (file: string): Promise<string> => readFile(`/proc/${id}/${file}`, 'utf8').catch(() => '');
  const stat = readStat(await read('stat'));
  if (!stat?.alive) return false;
  const file = await readlink(`/proc/${id}/exe`).catch(() => undefined);
  const commandLine = await read('cmdline');
  return isOfProgram(program, {
    name: stat.name,
    commandLine,
    // Where an update replaced the file, Linux adds "(deleted)" to its name.
    ...(file !== undefined && { file: file.replace(/ \(deleted\)$/, '') }),
  });
}

/** @throws NotMade where the system shows us our own processes only: none would look like none at all */
async function seesOthers(): Promise<void> {
  try {
    await readFile('/proc/1/stat');
  } catch (error) {
    throw new NotMade(
      {
        sv: 'andras processer syns inte för den som kör kontrollen',
        en: "whoever runs the check does not see others' processes",
      },
      { cause: error },
    );
  }
}
