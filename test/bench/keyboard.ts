/** Seconds from a command to its answer, as a person waits for it. What `npx` takes to find the command comes on top. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { projectRoot } from '../../worker/settings/configuration';
import type { Measured } from './measured';
import { productEnvironment, startProduct } from './second-start';
import { median } from './statistics';

export interface KeyboardOptions {
  repetitions: number;
  dataDir: string;
  onProgress: (text: string) => void;
}

/** Runs a command to its end. @throws Error with what it printed where it fails */
async function secondsOf(command: string, dataDir: string): Promise<number> {
  const begun = performance.now();
  const child = spawn(process.execPath, [path.join(projectRoot, 'bin/serviceavtal.cjs'), command], {
    cwd: projectRoot,
    env: productEnvironment(dataDir),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`expected ${command} to end well, it ended with ${code}:\n${said}`);
  return (performance.now() - begun) / 1000;
}

/** Measures `check`, `test` and `status` while the product runs, in turn; the first round is not counted. */
export async function measureKeyboard(options: KeyboardOptions): Promise<Measured[]> {
  const { repetitions, dataDir, onProgress } = options;
  const commands = ['check', 'test', 'status'] as const;
  const found = commands.map((command) => ({ command, values: [] as number[] }));
  const started = await startProduct(dataDir);
  try {
    for (let round = 0; round <= repetitions; round += 1) {
      for (const { command, values } of found) {
        const seconds = await secondsOf(command, dataDir);
        if (round > 0) values.push(seconds);
      }
      onProgress(`from the keyboard: ${round} of ${repetitions}`);
    }
  } finally {
    await started.stop();
  }
  return found.map(({ command, values }) => ({
    id: `keyboard-${command}`,
    name: `${command}, from the keyboard`,
    unit: 's',
    product: median(values),
    values,
    ...(command === 'check' && { goal: { of: 'product', below: 1 } as const }),
  }));
}
