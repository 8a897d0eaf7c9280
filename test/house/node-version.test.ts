/** Which Node the project asks for: `engines` in `package.json` says it, the bootstrap holds whoever starts it to that. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const { isOlder } = jest.requireActual<{ isOlder: (found: string, needed: string) => boolean }>(
  '../../bin/bootstrap.cjs',
);
const root = path.resolve(__dirname, '../..');
const { engines } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  engines: { node: string };
};

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

test('an older Node is refused in a sentence, before anything is installed', () => {
  const program = `
    Object.defineProperty(process.versions, 'node', { value: '20.3.0' });
    require('./bin/bootstrap.cjs').run('worker/cli.ts', [], false);`;
  const { status, stderr } = spawnSync(process.execPath, ['-e', program], { cwd: root, encoding: 'utf8' });
  expect(status).toBe(1);
  expect(engines.node).toMatch(/^>=\d+\.\d+\.\d+$/);
  expect(stderr).toContain(`serviceavtal needs Node ${engines.node.slice(2)} or newer; this is Node 20.3.0`);
});
