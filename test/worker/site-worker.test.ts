/** `npx serviceavtal site-worker`, as it is run in a customer's network: with Temporal's address and nothing else. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { projectRoot } from '../../worker/settings/configuration';
import { testStack } from '../helpers/stack';

interface Ran {
  code: number | null;
  said: string;
}

/** @param until text after which it is told to stop */
async function siteWorker(args: string[], environment: NodeJS.ProcessEnv, until?: string): Promise<Ran> {
  const child = spawn(process.execPath, ['--require', 'tsx/cjs', 'worker/cli.ts', 'site-worker', ...args], {
    cwd: projectRoot,
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (until !== undefined && said.includes(until)) child.kill('SIGTERM');
    });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, said };
}

const { temporalAddress, namespace } = testStack();
const home = {
  TEMPORAL_ADDRESS: temporalAddress,
  TEMPORAL_NAMESPACE: namespace,
  SERVICEAVTAL_TASK_QUEUE: `cli-${randomBytes(4).toString('hex')}`,
};

const queue = `${home.SERVICEAVTAL_TASK_QUEUE}-site-lund`;
const english = ['--language', 'en'];

it.each([
  [
    'in English',
    english,
    'waits on',
    `The site worker lund waits on ${queue} at ${temporalAddress}. Ctrl-C stops it.\nStopping …\n`,
  ],
  [
    'in Swedish',
    [],
    'väntar på',
    `Platsarbetaren lund väntar på ${queue} på ${temporalAddress}. Ctrl-C stoppar den.\nStoppar …\n`,
  ],
])('runs with an address alone, says %s where it waits, and stops in order', async (_, more, until, all) => {
  const { code, said } = await siteWorker(['--site', 'lund', '--files', 'rules', ...more], home, until);
  expect(said).toBe(all);
  expect(code).toBe(0);
});

it.each([
  [
    'no address',
    ['--site', 'lund', ...english],
    {},
    /TEMPORAL_ADDRESS: expected the address of the Temporal server at home/,
  ],
  [
    'nobody at the address',
    ['--site', 'lund', ...english],
    { TEMPORAL_ADDRESS: '127.0.0.1:1' },
    /Temporal at 127\.0\.0\.1:1 cannot be used: /,
  ],
  ['no site', english, home, /required option '--site <id>' not specified/],
  [
    'a site that cannot be one',
    ['--site', 'Lund!', ...english],
    home,
    /expected an id as the contract has it/,
  ],
  ['our own place', ['--site', 'central', ...english], home, /expected a site, found our own place/],
  [
    'a folder that is not there',
    ['--site', 'lund', '--files', 'nowhere', ...english],
    home,
    /--files: expected a folder that exists, found "nowhere"/,
  ],
  [
    'a folder that is not there, in Swedish',
    ['--site', 'lund', '--files', 'nowhere'],
    home,
    /--files: förväntade en mapp som finns, hittade "nowhere"/,
  ],
  ['no address, in Swedish', ['--site', 'lund'], {}, /förväntade adressen till Temporalservern hemma/],
  [
    'a site that cannot be one, in Swedish',
    ['--site', 'Lund!'],
    home,
    /kan inte ha värdet 'Lund!': förväntade ett id som i kontraktet/,
  ],
])('is refused with %s', async (_what, args, environment, reason) => {
  const { code, said } = await siteWorker(args, environment);
  expect(said).toMatch(reason);
  expect(said).not.toMatch(/\n\s+at /);
  expect(code).toBe(1);
});

it('says in its help what it needs', async () => {
  const { code, said } = await siteWorker(['--help'], {});
  expect(code).toBe(0);
  for (const part of [
    '--site',
    '--allow',
    '--files',
    'TEMPORAL_ADDRESS',
    'TEMPORAL_API_KEY',
    'SERVICEAVTAL_SECRET_',
  ])
    expect(said).toContain(part);
});
