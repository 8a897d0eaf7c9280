/** A launcher to be killed: starts the stack on the data directory it is given, says where it is, and waits. */
import { silentReporter } from '../../../worker/local/progress';
import { startStack } from '../../../worker/local/stack';

const dataDir = process.argv[2] ?? '';
let ready = false;
/** What is said once the stack is up; before that standard output is its addresses alone. */
const tell = (line: string): void => void (ready && process.stdout.write(`${JSON.stringify(line)}\n`));

startStack({
  dataDir,
  environment: {},
  log: { ...silentReporter, info: tell, warn: tell },
  fsync: false,
}).then(
  (stack) => {
    ready = true;
    process.stdout.write(`${JSON.stringify(stack)}\n`);
    process.once('SIGTERM', () => void stack.stop());
  },
  (error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  },
);
