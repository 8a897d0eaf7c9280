/** Which running workflows a check of all looks at, where there are very many. */
import type { Client } from '@temporalio/client';
import { describe, inParallel } from '../health/workflows';
import type { Run } from '../temporal/deployment';

/** A running workflow with the events of its history so far. */
export interface SizedRun extends Run {
  events: number;
}

/** Workflows that are alike: of a type, on a version, with histories of a size. */
export interface Kind {
  type: string;
  build: string | undefined;
  /** Most events that a history of this size has; undefined for the largest ones. */
  upTo: number | undefined;
  /** How many run, and those that are looked at, the longest history first. */
  running: number;
  chosen: SizedRun[];
}

/** Most events of each size; what has more is the largest. */
const sizes = [50, 200, 800, 3_200];

/**
 * Chooses an even share of every type on every version in every size, always the one with the longest history.
 * @param most about how many there are to be
 */
export function sampleOf(runs: readonly SizedRun[], most: number): Kind[] {
  const step = Math.max(1, Math.ceil(runs.length / most));
  const kinds = new Map<string, Kind & { all: SizedRun[] }>();
  for (const run of runs) {
    const { type, build, events } = run;
    const upTo = sizes.find((size) => events <= size);
    const key = JSON.stringify([type, build, upTo]);
    const kind = kinds.get(key) ?? { type, build, upTo, running: 0, chosen: [], all: [] };
    kind.all.push(run);
    kinds.set(key, kind);
  }
  return [...kinds.values()].map(({ all, ...kind }) => ({
    ...kind,
    running: all.length,
    chosen: all.sort((a, b) => b.events - a.events).filter((_run, index) => index % step === 0),
  }));
}

/** Runs described at a time. */
const atATime = 50;

/** Asks how long the histories are: the list of running workflows does not say it. What has ended meanwhile is left out. */
export async function withSizes(client: Client, runs: readonly Run[]): Promise<SizedRun[]> {
  const sized: SizedRun[] = [];
  await inParallel(runs, atATime, async (run) => {
    const described = await describe(client, run.workflowId);
    if (described?.running) sized.push({ ...run, runId: described.runId, events: described.events });
  });
  return sized;
}
