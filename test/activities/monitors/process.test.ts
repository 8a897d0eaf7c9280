import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, chmod, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Found } from '../../../activities/monitors/checks/checker';
import { NotMade, NotWell } from '../../../activities/monitors/checks/checker';
import {
  checkProcess,
  countInTasklist,
  isOfProgram,
  readIsActive,
  readScQuery,
  readStat,
} from '../../../activities/monitors/checks/process';
import type { Check } from '../../../rules/engine/contract/monitor';
import { depsWith, watchedCheck } from './watched-check';

const check = (more: Partial<Check>, now = Date.now()): Promise<Found> =>
  Promise.resolve(
    checkProcess(
      watchedCheck({ id: 'import', kind: 'process', ...more }),
      depsWith({ now: () => now }),
      AbortSignal.timeout(20_000),
    ),
  );
const failure = (more: Partial<Check>): Promise<unknown> =>
  check(more).then(
    (found) => found,
    (error: unknown) => error,
  );

describe('a program', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'process-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test.each(['orderimp', 'order-import-from-web-shop'])(
    '%s is found while it runs, and then gone',
    async (name) => {
      // Of a name of this run's own: others may run tests on this machine.
      const program = `${name}${process.pid % 1000}`;
      await copyFile('/bin/sleep', path.join(folder, program));
      await chmod(path.join(folder, program), 0o755);
      await expect(check({ program })).resolves.toMatchObject({
        outcome: 'down',
        message: { en: `processes of ${program}: expected at least 1, found 0` },
      });
      const running = [0, 1].map(() => spawn(path.join(folder, program), ['60']));
      await Promise.all(running.map((one) => once(one, 'spawn')));
      await expect(check({ program })).resolves.toMatchObject({ outcome: 'ok', measured: { count: 2 } });
      await expect(check({ program, limits: { count: { errorAbove: 1 } } })).resolves.toMatchObject({
        outcome: 'down',
      });
      for (const one of running) {
        one.kill();
        await once(one, 'exit');
      }
      await expect(check({ program })).resolves.toMatchObject({ outcome: 'down', measured: { count: 0 } });
    },
  );

  test('need not run outside the expected hours', async () => {
    const expectedHours = [{ from: '08:00', to: '16:00' }];
    const program = 'no-such-program';
    const monday = (time: string): number => Date.parse(`2027-05-03T${time}:00.000Z`);
    await expect(check({ program, expectedHours }, monday('10:00'))).resolves.toMatchObject({
      outcome: 'down',
    });
    await expect(check({ program, expectedHours }, monday('20:00'))).resolves.toMatchObject({
      outcome: 'ok',
    });
  });

  test('one that has ended and is not collected yet does not run', () => {
    expect(readStat('41 (import) Z 1 41 41 0 -1')).toEqual({ name: 'import', alive: false });
  });

  test.each([
    ['41 (import) S 1 41', { name: 'import', alive: true }],
    ['41 (a) R (b c) R 1 41', { name: 'a) R (b c', alive: true }],
    ['41 (two\nlines) D 1', { name: 'two\nlines', alive: true }],
    ['', undefined],
  ])('the system’s line %j', (line, expected) => {
    expect(readStat(line)).toEqual(expected);
  });

  test.each<[string, Parameters<typeof isOfProgram>[1], boolean]>([
    ['import', { name: 'import', commandLine: '' }, true],
    ['import', { name: 'x', commandLine: '/opt/import\0--now\0' }, true],
    ['import', { name: 'x', commandLine: 'x\0import\0' }, false],
    ['import', { name: 'x', commandLine: 'x\0', file: '/opt/import' }, true],
    ['import', { name: 'importer', commandLine: '/opt/importer\0', file: '/opt/importer' }, false],
    [
      'order-import-from-web',
      { name: 'order-import-fr', commandLine: '/opt/order-import-from-mail\0' },
      false,
    ],
    ['order-import-from-web', { name: 'order-import-fr', commandLine: '/opt/order-import-from-web\0' }, true],
  ])('%s in %j: %s', (program, found, expected) => {
    expect(isOfProgram(program, found)).toBe(expected);
  });
});

it('tells the version of a file beside whether the program runs', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'process-'));
  const file = path.join(folder, 'about.json');
  await writeFile(file, '{ "version": "18.10.0" }');
  const watched = watchedCheck({
    id: 'import',
    kind: 'process',
    program: 'node',
    reportsVersion: { of: 'visma-business', file },
  });
  const found = (roots: string[]) =>
    checkProcess(watched, depsWith({ fileRoots: roots }), AbortSignal.timeout(20_000));
  expect(await found([await realpath(folder)])).toMatchObject({
    outcome: 'ok',
    version: { of: 'visma-business', version: '18.10.0' },
  });
  expect((await found([])).version?.problem?.en).toContain('is not below any of the roots');
  await rm(folder, { recursive: true });
});

describe('names', () => {
  test.each([
    '',
    '-H',
    '--host=a',
    'a*',
    'a?',
    'a[b]',
    'a;b',
    'a/b',
    '/all',
    'a"b',
    '$(a)',
    'a\nb',
    'a|b',
    '%A%',
  ])('%j is no name of a service', async (service) => {
    const error = await failure({ service });
    expect(error).toBeInstanceOf(NotMade);
    expect((error as NotMade).text.en).toMatch(/^expected the name of a service/);
    expect(await failure({ program: service })).toBeInstanceOf(NotMade);
  });
});

describe('a service of systemd', () => {
  test.each([
    ['active\n', 0, true, 'active'],
    ['reloading\n', 0, true, 'reloading'],
    ['inactive\n', 3, false, 'inactive'],
    ['failed\n', 3, false, 'failed'],
    ['activating\n', 3, false, 'activating'],
    ['deactivating\n', 3, false, 'deactivating'],
  ])('%j with exit code %i', (output, exitCode, running, state) => {
    expect(readIsActive({ output, exitCode })).toEqual({ running, state });
  });

  test.each([
    [
      "System has not been booted with systemd as init system (PID 1). Can't operate.\nFailed to connect to bus: Host is down\n",
    ],
    ['Failed to connect to bus: No such file or directory\n'],
    ['offline\n'],
    [''],
  ])('a machine that says %j is not run by it', (output) => {
    expect(() => readIsActive({ output, exitCode: 1 })).toThrow(NotMade);
  });

  test('this machine tells how a service is, or says that it cannot', async () => {
    const found = await failure({ service: 'no-such-service-here' });
    if (found instanceof Error) {
      expect(found).toBeInstanceOf(NotMade);
      expect((found as NotMade).text.en).toMatch(/systemctl/);
    } else
      expect(found).toMatchObject({
        outcome: 'down',
        message: { en: 'the service no-such-service-here: expected active, found inactive' },
      });
  });
});

/** As Windows Server 2019 says it. */
const scRunning = `
SERVICE_NAME: MSSQL$SQLEXPRESS
        TYPE               : 10  WIN32_OWN_PROCESS
        STATE              : 4  RUNNING
                                (STOPPABLE, PAUSABLE, ACCEPTS_SHUTDOWN)
        WIN32_EXIT_CODE    : 0  (0x0)
        SERVICE_EXIT_CODE  : 0  (0x0)
        CHECKPOINT         : 0x0
        WAIT_HINT          : 0x0
`;

describe('a service of Windows', () => {
  test.each([
    ['running', scRunning, true, 'RUNNING'],
    ['with the line ends of Windows', scRunning.replaceAll('\n', '\r\n'), true, 'RUNNING'],
    ['stopped', scRunning.replace('4  RUNNING', '1  STOPPED'), false, 'STOPPED'],
    ['starting', scRunning.replace('4  RUNNING', '2  START_PENDING'), false, 'START_PENDING'],
    ['paused', scRunning.replace('4  RUNNING', '7  PAUSED'), false, 'PAUSED'],
    ['a driver', scRunning.replace('10  WIN32_OWN_PROCESS', '1  KERNEL_DRIVER'), true, 'RUNNING'],
    ['in German', scRunning.replace('TYPE  ', 'TYP   ').replace('STATE ', 'STATUS'), true, 'RUNNING'],
  ])('%s', (_, output, running, state) => {
    expect(readScQuery({ output, exitCode: 0 })).toEqual({ running, state });
  });

  const failed = (code: number, said: string): string =>
    `[SC] EnumQueryServicesStatus:OpenService FAILED ${code}:\r\n\r\n${said}\r\n\r\n`;

  test.each<[string, string, typeof NotMade | typeof NotWell]>([
    [
      'one that is not there',
      failed(1060, 'The specified service does not exist as an installed service.'),
      NotWell,
    ],
    ['one that may not be asked for', failed(5, 'Access is denied.'), NotMade],
    ['a failure of Windows', failed(1722, 'The RPC server is unavailable.'), NotMade],
    ['silence', '', NotMade],
  ])('%s', (_, output, kind) => {
    expect(() => readScQuery({ output, exitCode: 1 })).toThrow(kind);
  });
});

describe('a program of Windows', () => {
  const tasks = [
    '"System Idle Process","0","Services","0","8 K"',
    '"svchost.exe","1040","Services","0","12,345 K"',
    '"Import.exe","2040","Services","0","1,120 K"',
    '"import.exe","2044","RDP-Tcp#1","2","1,124 K"',
    '"importer.exe","2048","Services","0","1,124 K"',
  ].join('\r\n');

  test.each([
    ['import.exe', 2],
    ['IMPORT', 2],
    ['System Idle Process', 1],
    ['Services', 0],
    ['export', 0],
  ])('%s runs %i times', (program, count) => {
    expect(countInTasklist(tasks, program)).toBe(count);
  });

  test('where there is none, Windows says so in a sentence', () => {
    expect(
      countInTasklist('INFO: No tasks are running which match the specified criteria.\r\n', 'import'),
    ).toBe(0);
  });
});
