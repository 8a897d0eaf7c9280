/** Plays agreement years on the test stack, and replays their histories. */
import { Worker } from '@temporalio/worker';
import type { RunningSimulation, Simulation, SimulationOptions } from '../../worker/simulation/simulate';
import { runsOf, simulate } from '../../worker/simulation/simulate';
import { silent } from '../../worker/simulation/scenario';
import { payloadConverterPath, workflowBundle } from '../../worker/temporal/workflow-bundle';
import { exampleContract, workingRules } from './example';
import { testStack } from './stack';

type History = Parameters<typeof Worker.runReplayHistory>[1];

/** Replays a history. @throws if the workflow code, by default today's, would act differently from the history */
export async function replayHistory(
  history: History,
  workflowId: string,
  bundle?: { codePath: string },
): Promise<void> {
  await Worker.runReplayHistory(
    {
      workflowBundle: bundle ?? (await workflowBundle(testStack().cacheDir)),
      dataConverter: { payloadConverterPath },
    },
    history,
    workflowId,
  );
}

/**
 * Replays all runs of a simulation.
 * @param bundle bundle that played them, if it is not today's own
 */
export async function replayAll(
  { client, workflowId, clocks }: RunningSimulation,
  bundle?: { codePath: string },
): Promise<void> {
  for (const id of [workflowId, ...clocks])
    for (const { runId } of await runsOf(client, id))
      await replayHistory(await client.workflow.getHandle(id, runId).fetchHistory(), id, bundle);
}

/** Runs `simulate`, by default with the example, the working rules, and nobody acting. */
export function play(options: Partial<SimulationOptions> = {}): Promise<Simulation> {
  const stack = testStack();
  return simulate({
    contract: exampleContract(),
    rules: workingRules(),
    years: 1,
    scenario: () => silent,
    stack,
    cacheDir: stack.cacheDir,
    staffLanguage: 'sv',
    onPlayed: (running) => replayAll(running),
    ...options,
  });
}
