/** Which Node the project asks for: `engines` in `package.json` says it, the bootstrap holds whoever starts it to that. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const { isOlder } = jest.requireActual<{ isOlder: (found: string, needed: string) => boolean }>(
  '../../bin/bootstrap.cjs',
);
const root = path.resolve(__dirname, '../..');
const { engines, scripts: commands } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  engines: { node: string };
  scripts: Record<string, string>;
};
const needed = engines.node.slice(2);
/** The words after `npm run` that start something, all by the bootstrap. */
const scripts = Object.entries(commands).map(([name, command]) => {
  if (command !== `node bin/bootstrap.cjs ${name}`)
    throw new Error(`expected the bootstrap, found ${command}`);
  return name;
});

test.each([
  ['20.18.0', true],
  ['20.3.0', true],
  ['18.99.99', true],
  ['20.18.1', false],
  ['20.18.10', false],
  ['20.20.0', false],
  ['22.0.0', false],
])('%s is older than 20.18.1: %s', (found, older) => {
  expect(isOlder(found, '20.18.1')).toBe(older);
});

test.each(['20.3.0', '20.18.0', '18.20.8'])('no way in takes Node %s', (version) => {
  const pretend = path.join(mkdtempSync(path.join(tmpdir(), 'node-version-')), 'pretend.cjs');
  writeFileSync(pretend, `Object.defineProperty(process.versions, 'node', { value: '${version}' });`);
  const ways = [['bin/serviceavtal.cjs', 'status'], ...scripts.map((name) => ['bin/bootstrap.cjs', name])];
  for (const way of ways) {
    const args = ['--require', pretend, ...way];
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
    expect([way, status, stderr.split('\n')[0]]).toEqual([
      way,
      1,
      `serviceavtal needs Node ${needed} or newer; this is Node ${version} (${process.execPath}).`,
    ]);
  }
  rmSync(path.dirname(pretend), { recursive: true });
});

test('documents name the version that is asked for', () => {
  expect(readFileSync(path.join(root, 'README.md'), 'utf8')).toContain(`You need Node ${needed} or newer`);
});

test('an older Node is refused in a sentence, before anything is installed', () => {
  const program = `
    Object.defineProperty(process.versions, 'node', { value: '20.3.0' });
    require('./bin/bootstrap.cjs').run('worker/cli.ts', [], false);`;
  const { status, stderr } = spawnSync(process.execPath, ['-e', program], { cwd: root, encoding: 'utf8' });
  expect(status).toBe(1);
  expect(engines.node).toMatch(/^>=\d+\.\d+\.\d+$/);
  expect(stderr).toContain(`serviceavtal needs Node ${engines.node.slice(2)} or newer; this is Node 20.3.0`);
});
