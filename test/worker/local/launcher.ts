/** A launcher to be killed: starts the stack on the data directory it is given, says where it is, and waits. */
import { silentReporter } from '../../../worker/local/progress';
import { startStack } from '../../../worker/local/stack';

const dataDir = process.argv[2] ?? '';

startStack({
  dataDir,
  environment: {},
  log: silentReporter,
  fsync: false,
}).then(
  (stack) => {
    process.stdout.write(`${JSON.stringify(stack)}\n`);
    process.once('SIGTERM', () => void stack.stop());
  },
  (error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  },
);
