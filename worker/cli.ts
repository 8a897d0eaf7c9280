/** The command line: `npx serviceavtal …`. */
import { createProgram } from './program';
import { tell } from './terminal';

// Whoever reads the output may stop reading: `… | head` is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const words = process.argv.slice(2);
createProgram(words)
  .parseAsync(words, { from: 'user' })
  .catch((error: Error) => {
    tell(error.message);
    process.exitCode = 1;
  });
