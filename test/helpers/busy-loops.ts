/** Simulates a busy machine: two processes that use all the CPU time that they get. */
import { spawn } from 'node:child_process';

/** Starts both. */
export function startBusyLoops(): { stop(): void } {
  const loops = [1, 2].map(() => spawn(process.execPath, ['--eval', 'for (;;);'], { stdio: 'ignore' }));
  return {
    stop: () => {
      for (const loop of loops) loop.kill('SIGKILL');
    },
  };
}
