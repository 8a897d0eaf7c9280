/** The command line: `npx serviceavtal …`. */
import { runProgram } from './program';

const words = process.argv.slice(2);
/** What runs until somebody ends it: it goes on also when nobody reads what it says any more. */
const serves = words[0] === 'start' || words[0] === 'site-worker';

// Whoever reads the output may stop reading: `… | head` is no failure.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (serves) return;
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });

/** Resolves when all that was written has been handed over, or nobody takes it. */
const handedOver = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise((resolve) => void (stream.writable ? stream.write('', () => resolve()) : resolve()));

// Everything was stopped in order by now. What was left open all the same must not keep the process.
void runProgram(words).finally(async () => {
  await Promise.all([process.stdout, process.stderr].map(handedOver));
  process.exit();
});
