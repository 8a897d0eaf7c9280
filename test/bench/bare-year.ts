/** Plays the bare year in virtual time, stop by stop as the product's year was played. */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { Client } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Worker, bundleWorkflowCode } from '@temporalio/worker';
import { runsOf, simulationNamespace } from '../../worker/simulation/simulate';
import { VirtualTime } from '../../worker/simulation/virtual-time';
import { removeRuns } from './year-shape';
import type { YearShape } from './year-shape';

export type BareBundle = { code: string };

/** Bundles the bare workflow, once for a run of the benchmark. */
export function bundleBareYear(): Promise<BareBundle> {
  return bundleWorkflowCode({
    workflowsPath: path.join(__dirname, 'bare-workflows.ts'),
    logger: new DefaultLogger('WARN'),
  });
}

export interface PlayedBareYear {
  /** Seconds from the workflow's start until it stands where the product's year ends. */
  seconds: number;
  /** Events of the year's own run, those of virtual time not counted. */
  historyEvents: number;
}

/** Plays it with a worker of its own, which is up before the clock starts, like the one of `simulate`. */
export async function playBareYear(
  client: Client,
  address: string,
  bundle: BareBundle,
  shape: YearShape,
): Promise<PlayedBareYear> {
  const workflowId = `bare-year-${randomBytes(6).toString('hex')}`;
  const connection = await NativeConnection.connect({ address });
  const worker = await Worker.create({
    connection,
    namespace: simulationNamespace,
    taskQueue: workflowId,
    workflowBundle: bundle,
    activities: { nothing: () => Promise.resolve() },
  });
  const working = worker.run();
  try {
    const handle = await client.workflow.start('bareYear', {
      workflowId,
      taskQueue: workflowId,
      args: [{ runs: shape.runs }],
    });
    const begun = performance.now();
    const time = new VirtualTime(client, workflowId, 0);
    const startedAt = Date.parse(await time.now());
    await time.untilIdle();
    for (const { afterMs, signals } of shape.stops) {
      await time.advanceTo(new Date(startedAt + afterMs).toISOString());
      for (let sent = 0; sent < signals; sent += 1) {
        await client.workflow.getHandle(workflowId).signal('pushed');
        await time.untilIdle();
      }
    }
    const seconds = (performance.now() - begun) / 1000;
    const [run, ...later] = await runsOf(client, workflowId);
    if (!run || later.length !== shape.runs.length - 1)
      throw new Error(
        `expected the bare year to reach run ${shape.runs.length}, it reached ${later.length + 1}`,
      );
    await handle.terminate('the play is over');
    await removeRuns(client, workflowId);
    return { seconds, historyEvents: run.events };
  } finally {
    worker.shutdown();
    await working;
    await connection.close();
  }
}
