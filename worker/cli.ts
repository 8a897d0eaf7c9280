/** The command line: `npx serviceavtal …`. */
import { setTimeout } from 'node:timers/promises';
import { runProgram } from './program';

const words = process.argv.slice(2);
/** True for the commands that run until somebody ends them: they go on when nobody reads their output any more. */
const serves = words[0] === 'start' || words[0] === 'site-worker';

// A reader that closes the pipe early, as in `… | head`, is no failure.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (serves) return;
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });

/** Resolves when all output has been written, or when nobody reads it. */
const handedOver = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise((resolve) => void (stream.writable ? stream.write('', () => resolve()) : resolve()));

/**
 * Resolves when no file is being written, at most five seconds later: tsx keeps what it has translated, for the next command, and
 * files that are cut off are left empty.
 */
async function filesWritten(): Promise<void> {
  const deadline = Date.now() + 5_000;
  const isWriting = (): boolean =>
    process.getActiveResourcesInfo().some((kind) => /^(FSReq|FileHandle)/.test(kind));
  while (isWriting() && Date.now() < deadline) await setTimeout(10);
}

// Everything has been stopped in order by now. A handle that was left open must not keep the process alive.
void runProgram(words).finally(async () => {
  await Promise.all([process.stdout, process.stderr].map(handedOver));
  await filesWritten();
  process.exit();
});
