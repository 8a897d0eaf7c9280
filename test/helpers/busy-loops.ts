/** A machine that does other things too: two processes that take all the time they are given. */
import { spawn } from 'node:child_process';

/** @returns ends them */
export function startBusyLoops(): { stop(): void } {
  const loops = [1, 2].map(() => spawn(process.execPath, ['--eval', 'for (;;);'], { stdio: 'ignore' }));
  return {
    stop: () => {
      for (const loop of loops) loop.kill('SIGKILL');
    },
  };
}
