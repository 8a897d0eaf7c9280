/** Plays agreement years on the test stack, and replays their histories. */
import { Worker } from '@temporalio/worker';
import type { RunningSimulation, Simulation, SimulationOptions } from '../../worker/simulation/simulate';
import { runsOf, simulate, startSimulationWorker } from '../../worker/simulation/simulate';
import { silent } from '../../worker/simulation/scenario';
import { payloadConverterPath, workflowBundle } from '../../worker/temporal/workflow-bundle';
import { exampleContract, workingRules } from './example';
import { takeDatabase } from './spare-databases';
import { testStack } from './stack';

let todaysBundle: ReturnType<typeof workflowBundle> | undefined;

/** Today's bundle, looked for once for a file: to see that it is today's, all sources are read. */
const bundleOfToday = (): ReturnType<typeof workflowBundle> =>
  (todaysBundle ??= workflowBundle(testStack().cacheDir));

type History = Parameters<typeof Worker.runReplayHistory>[1];

/** The histories of a workflow's runs, first to last. */
async function* historiesOf({ client, workflowId, clocks }: RunningSimulation) {
  for (const id of [workflowId, ...clocks])
    for (const { runId } of await runsOf(client, id))
      yield { workflowId: id, history: await client.workflow.getHandle(id, runId).fetchHistory() };
}

/**
 * Replays histories in one worker.
 * @param bundle bundle to replay with, by default today's
 * @throws at the first one in which the workflow code would act differently
 */
async function replayHistories(
  histories: Parameters<typeof Worker.runReplayHistories>[1],
  bundle?: { codePath: string },
): Promise<void> {
  const options = {
    workflowBundle: bundle ?? (await bundleOfToday()),
    dataConverter: { payloadConverterPath },
    // In a thread of its own, as in production: on jest's thread each stack that the SDK notes costs a millisecond.
    debugMode: false,
    // By the wall clock: on a busy machine the usual five seconds are little.
    isolateExecutionTimeout: '1 minute',
  };
  for await (const { error, workflowId } of Worker.runReplayHistories(options, histories))
    if (error) throw new Error(`${workflowId} cannot be replayed: ${error.message}`, { cause: error });
}

/** Replays a history. @throws if the workflow code would act differently from the history */
export async function replayHistory(history: History, workflowId: string): Promise<void> {
  await replayHistories([{ workflowId, history }]);
}

/**
 * Replays all runs of a simulation.
 * @param bundle bundle that played them, if it is not today's own
 */
export async function replayAll(running: RunningSimulation, bundle?: { codePath: string }): Promise<void> {
  await replayHistories(historiesOf(running), bundle);
}

/**
 * Runs `simulate`, by default with the example, the working rules, and nobody acting. Digests go out only with
 * `digests: true`: their readers' clocks double what a year costs.
 */
export function play(options: Partial<SimulationOptions> = {}): Promise<Simulation> {
  const stack = testStack();
  return simulate({
    contract: exampleContract(),
    rules: workingRules(),
    years: 1,
    scenario: () => silent,
    stack,
    database: async () => {
      const { databaseUrl, leave } = await takeDatabase((options.stack ?? stack).databaseUrl);
      return { databaseUrl, drop: leave };
    },
    cacheDir: stack.cacheDir,
    staffLanguage: 'sv',
    digests: false,
    startWorker: async (given) => startSimulationWorker({ ...given, bundle: await bundleOfToday() }),
    onPlayed: (running) => replayAll(running),
    ...options,
  });
}
