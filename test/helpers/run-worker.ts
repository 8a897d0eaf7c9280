/** Runs a simulation's worker until it is stopped. The first argument holds its options. */
import type { SimulationWorkerOptions } from '../../worker/simulation/simulate';
import { startSimulationWorker } from '../../worker/simulation/simulate';

void startSimulationWorker(JSON.parse(process.argv[2] ?? '{}') as SimulationWorkerOptions).then((worker) => {
  process.stdout.write('worker is running\n');
  process.once('SIGTERM', () => void worker.stop().then(() => process.exit(0)));
});
