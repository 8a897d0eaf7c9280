/** What can happen to processes and to their disk, besides being killed. */
import { spawnSync } from 'node:child_process';
import { chmodSync, statfsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** Whether a process runs. */
export function runs(pid: number): boolean {
  return send(pid, 0);
}

/** Sends a signal. @returns whether there was a process to send it to */
function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** Ends a process with SIGKILL, if it has not ended by itself. */
export const killAny = (pid: number): boolean => send(pid, 'SIGKILL');

/** A process and those that it started. A stopped one starts no others, so it is to be stopped first. */
export function withChildren(pid: number): number[] {
  const { stdout } = spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' });
  return [pid, ...stdout.trim().split('\n').filter(Boolean).map(Number)];
}

/** Stops processes by SIGSTOP for some milliseconds: they neither answer nor end. */
export async function stopFor(pids: () => number[], forMs: number): Promise<void> {
  const [first] = pids();
  if (first !== undefined) send(first, 'SIGSTOP');
  const all = pids();
  for (const pid of all) send(pid, 'SIGSTOP');
  await pause(forMs);
  for (const pid of all) send(pid, 'SIGCONT');
}

/** Of each slice, the milliseconds in which slow processes stand still, and in which they run. */
const [stands, works] = [120, 30];

/** Makes processes slow for some milliseconds: they get a fifth of their time. */
export async function slowFor(pids: () => number[], forMs: number): Promise<void> {
  for (const until = Date.now() + forMs; Date.now() < until; await pause(works)) await stopFor(pids, stands);
}

/** A small disk, until it is removed. */
export interface SmallDisk {
  /** Leaves no room. */
  fill(): void;
  free(): void;
  remove(): void;
}

const roomy = '4g';

/**
 * Puts a folder on a disk of its own, in memory, which is full when it is made as small as what lies on it.
 * @returns nothing where that is not permitted: Linux lets only root do it
 */
export function mountSmallDisk(folder: string): SmallDisk | undefined {
  const mount = (...args: string[]): boolean => spawnSync('mount', args).status === 0;
  if (!mount('-t', 'tmpfs', '-o', `size=${roomy},mode=755`, 'tmpfs', folder)) return undefined;
  chmodSync(folder, 0o755);
  return {
    fill: () => {
      const { blocks, bfree, bsize } = statfsSync(folder);
      mount('-o', `remount,size=${(blocks - bfree) * bsize}`, folder);
    },
    free: () => void mount('-o', `remount,size=${roomy}`, folder),
    remove: () => void spawnSync('umount', ['-l', folder]),
  };
}
