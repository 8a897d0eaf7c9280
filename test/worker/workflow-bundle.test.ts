import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { workflowBundle } from '../../worker/temporal/workflow-bundle';

let cacheDir: string;

beforeAll(() => {
  cacheDir = fs.mkdtempSync(path.join(os.tmpdir(), 'workflow-bundle-'));
});
afterAll(() => fs.rmSync(cacheDir, { recursive: true }));

it('is built once, and again if its file is damaged', async () => {
  const { codePath } = await workflowBundle(cacheDir);
  const whole = fs.readFileSync(codePath, 'utf8');
  const { ino } = fs.statSync(codePath);
  await workflowBundle(cacheDir);
  expect(fs.statSync(codePath).ino).toBe(ino);
  const middle = Math.floor(whole.length / 2);
  const damaged = [
    whole.slice(0, middle),
    '',
    `${whole.slice(0, middle)}\0${whole.slice(middle + 1)}`,
    // As it was written before bundles had a digest.
    whole.replace(/^\/\*.*?\*\//, ''),
  ];
  for (const content of damaged) {
    fs.writeFileSync(codePath, content);
    expect(await workflowBundle(cacheDir)).toEqual({ codePath });
    expect(fs.readFileSync(codePath, 'utf8') === whole).toBe(true);
  }
  // The map of sources stays the last thing in the file, where the worker looks for it.
  expect(whole).toMatch(/\n\/\/# sourceMappingURL=data:[^,]+,[\w+/=]+\s*$/);
}, 180_000);
