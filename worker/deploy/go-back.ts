/** Goes back from a version, and leaves no agreement apart from its monitoring. */
import { describe, inParallel } from '../health/workflows';
import { listRuns, makeCurrent, makeRamping } from '../temporal/deployment';
import type { Group, MoveOptions, Moved } from './move';
import { groupsOf, moveBatch, withVersions } from './move';

/** Runs described at a time. */
const atATime = 50;
/** How often what parted is looked for: while the rest follows, others that were told before may move. */
const mostLooks = 5;

/**
 * Has new runs begin on another version, or ends a ramp. What was moved stays; where that is a part of an agreement's
 * workflows, as of a batch that was under way, the others follow it.
 *
 * @param from the version to go back from
 * @param to the one that is to be current; left out, `from` ramps, and that ends
 * @returns those that were told to follow and have something under way: until they have followed, `from` ramps
 */
export async function goBack(options: MoveOptions, from: string, to?: string): Promise<string[]> {
  return withVersions(options.db, async () => {
    if (to === undefined) await makeRamping(options, undefined);
    else await makeCurrent(options, to);
    for (let look = 0; look < mostLooks; look += 1) {
      const parted = await findParted(options, from);
      if (parted.length === 0) return [];
      const outcome: Moved = { moved: 0, late: [], failing: [], overtaken: false };
      // Nothing goes to it unasked.
      await makeRamping(options, from);
      const behind = parted.flatMap(({ runs }) => runs.filter(({ build }) => build !== from));
      await moveBatch(options, behind, { to: from, ramping: true }, outcome);
      if (outcome.late.length > 0) return outcome.late;
      await makeRamping(options, undefined);
    }
    return [];
  });
}

/** Groups of which a part is on a version, and a part on another. */
export const partedBy = (groups: readonly Group[], build: string): Group[] =>
  groups.filter(({ runs }) => {
    const there = runs.filter((run) => run.build === build).length;
    return there > 0 && there < runs.length;
  });

/** Finds them by the runs themselves: the list of what runs lags behind moves. */
async function findParted(options: MoveOptions, build: string): Promise<Group[]> {
  const groups = groupsOf(await listRuns(options));
  const open = groups.filter(({ runs }) => runs.length > 1 && runs.some((run) => run.build !== build));
  await inParallel(
    open.flatMap(({ runs }) => runs),
    atATime,
    async (run) => {
      const described = await describe(options.client, run.workflowId);
      if (described?.running) run.build = described.build;
    },
  );
  return partedBy(open, build);
}
