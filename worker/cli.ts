/** The command line: `npx serviceavtal …`. */
import { runProgram } from './program';

// Whoever reads the output may stop reading: `… | head` is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

void runProgram(process.argv.slice(2));
