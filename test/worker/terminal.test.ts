/** Questions on a terminal of the system, as a person sees them. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const endOfInput = '\x04';
const interrupt = '\x03';

let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(path.join(os.tmpdir(), 'serviceavtal-terminal-'));
  writeFileSync(path.join(dataDir, 'ports.json'), '{}');
});

afterEach(() => rmSync(dataDir, { recursive: true }));

/** Runs `reset` in a terminal, and types an answer each time it has asked. @returns its exit code, and what it showed */
function resetAnswered(...answers: string[]): Promise<{ code: number | null; shown: string }> {
  const words = [process.execPath, '--require', 'tsx/cjs', 'worker/cli.ts', 'reset'];
  const asShell = words.map((word) => `'${word}'`).join(' ');
  const inTerminal =
    process.platform === 'darwin'
      ? ['-q', '/dev/null', ...words]
      : ['--quiet', '--return', '--command', asShell, '/dev/null'];
  const child = spawn('script', inTerminal, {
    cwd: path.resolve(__dirname, '../..'),
    env: { ...process.env, SERVICEAVTAL_DATA: dataDir, SERVICEAVTAL_STAFF_LANGUAGE: 'en', TERM: 'dumb' },
  });
  const left = [...answers];
  let shown = '';
  let asked = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
    if (shown.split('[y/N] ').length - 1 <= asked) return;
    asked = shown.split('[y/N] ').length - 1;
    child.stdin.write(left.shift() ?? endOfInput);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, shown }));
  });
}

it.each([
  ['Ctrl-D', endOfInput],
  ['Ctrl-C', interrupt],
])('%s ends the command with a sentence and code 1, and nothing is done', async (_, key) => {
  const { code, shown } = await resetAnswered(key);
  expect(code).toBe(1);
  expect(shown).toContain(
    'The input ended without an answer; the command was stopped, and nothing was done.',
  );
  expect(existsSync(path.join(dataDir, 'ports.json'))).toBe(true);
});

it('asks again after what is neither yes nor no', async () => {
  const { code, shown } = await resetAnswered('maybe\r', 'yes\r');
  expect(shown).toContain('Answer yes or no.');
  expect(shown).toContain('Removed:');
  expect(code).toBe(0);
  expect(existsSync(path.join(dataDir, 'ports.json'))).toBe(false);
});

it('takes Enter alone for no', async () => {
  const { code, shown } = await resetAnswered('\r');
  expect(shown).toContain('Nothing was removed.');
  expect(code).toBe(1);
});
