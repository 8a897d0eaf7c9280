/** What is made once for each user and serves all clones: programs, under a name of all they depend on. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { acquireLock } from './processes.cjs';
import type { Step } from './progress';

/** `serviceavtal` in the user's cache directory, wherever this system keeps it. */
export function userCacheDir(env: NodeJS.ProcessEnv = process.env, home = os.homedir()): string {
  const xdg = env.XDG_CACHE_HOME;
  if (xdg !== undefined && path.isAbsolute(xdg)) return path.join(xdg, 'serviceavtal');
  return process.platform === 'darwin'
    ? path.join(home, 'Library', 'Caches', 'serviceavtal')
    : path.join(home, '.cache', 'serviceavtal');
}

/**
 * Makes a folder of the cache, unless another process does or has: then it is waited for. A folder half made is removed.
 *
 * @param place the folder's final place
 * @param step ends with the work
 * @param fill makes the content in the empty folder it is given
 */
export async function makeOnce(
  place: string,
  step: Step,
  signal: AbortSignal | undefined,
  fill: (unfinished: string) => Promise<void>,
): Promise<void> {
  try {
    const lock = await acquireLock(path.join(path.dirname(place), 'build.lock'), {
      onWait: (holder) => step.update(`another build is under way (process ${holder.pid}); waiting for it`),
      ...(signal === undefined ? {} : { signal }),
    });
    try {
      if (!fs.existsSync(place)) await fillAndName(place, fill);
    } finally {
      lock.release();
    }
    step.done();
  } catch (error) {
    step.fail('failed');
    throw error;
  }
}

async function fillAndName(place: string, fill: (unfinished: string) => Promise<void>): Promise<void> {
  const unfinished = fs.mkdtempSync(`${place}-`);
  try {
    await fill(unfinished);
    fs.chmodSync(unfinished, 0o755);
    fs.renameSync(unfinished, place);
  } catch (error) {
    fs.rmSync(unfinished, { recursive: true, force: true });
    throw error;
  }
}
