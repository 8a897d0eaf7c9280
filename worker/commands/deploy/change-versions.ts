/** What `deploy ramp`, `promote` and `rollback` do: each shows what it would change, asks, and does it. */
import { spoken } from '../../basics/spoken';
import type { Group, Moved } from '../../deploy/move';
import { goBack } from '../../deploy/go-back';
import { cohortOf, groupsOf, moveRuns, withVersions } from '../../deploy/move';
import type { Standing, StandingVersion } from '../../deploy/standing';
import { earlierOf, readStandingOf } from '../../deploy/standing';
import { makeCurrent, makeRamping } from '../../temporal/deployment';
import { confirmed, refuse, say, tell } from '../terminal';
import { printVersion } from './print-standing';
import type { DeploymentOptions } from './with-deployment';
import { withDeployment } from './with-deployment';
import { said } from './words';

interface Asks {
  yes?: boolean;
}

/** Moves some agreements to a version. */
export function ramp(wanted: string | undefined, { yes, oneIn }: Asks & { oneIn: number }): Promise<void> {
  return withDeployment(async (options) => {
    const words = said[spoken()];
    const standing = await readOrFail(options);
    const to = chosen(standing, wanted);
    const all = groupsOf(standing.runs.filter(({ build }) => build !== undefined));
    const cohort = cohortOf(all, oneIn);
    const agreements = cohortOf(all, 1).length;
    if (!(await agreed(yes, words.askRamp(to.build, cohort.length, agreements)))) return;
    await withVersions(options.db, () => makeRamping(options, to.build));
    await move(options, standing, cohort, to.build, true);
  });
}

/** Makes a version current and moves everything to it. */
export function promote(
  wanted: string | undefined,
  { yes, anyway }: Asks & { anyway?: boolean },
): Promise<void> {
  return withDeployment(async (options) => {
    const words = said[spoken()];
    const standing = await readOrFail(options);
    const to = chosen(standing, wanted, true);
    const left = remaining(standing, groupsOf(standing.runs), to.build);
    if (to.state === 'current' && left.length === 0) return void say(words.isCurrent(to.build));
    say(printVersion(to, spoken()));
    if (to.unwell.length > 0 && !anyway) return refuse(words.troubled(to.build));
    if (!(await agreed(yes, words.askPromote(to.build, left.length)))) return;
    await withVersions(options.db, () => makeCurrent(options, to.build));
    say(words.isNow(to.build));
    await move(options, standing, groupsOf(standing.runs), to.build, false);
  });
}

/** Has new agreements begin on the version before again. */
export function rollBack({ yes }: Asks): Promise<void> {
  return withDeployment(async (options) => {
    const words = said[spoken()];
    const standing = await readOrFail(options);
    const { ramping, current } = standing;
    const stays = (build: string | undefined): void => {
      const runs = standing.versions.find((version) => version.build === build)?.runs ?? 0;
      if (build !== undefined && runs > 0) say(words.stay(runs, build));
    };
    if (ramping !== undefined) {
      if (!(await agreed(yes, words.stopRamp(ramping)))) return;
      const late = await goBack(options, ramping);
      if (late.length > 0) return refuse(words.followLater(late, ramping));
      say(words.rampOver(ramping));
      return stays(ramping);
    }
    const before = earlierOf(standing.versions, current);
    if (!before || current === undefined) return refuse(words.noEarlier);
    if (!before.served) return refuse(words.notServedNow(before.build));
    if (!(await agreed(yes, words.askRollback(before.build)))) return;
    const late = await goBack(options, current, before.build);
    say(words.isNow(before.build));
    stays(current);
    if (late.length > 0) refuse(words.followLater(late, current));
  });
}

async function readOrFail(options: DeploymentOptions): Promise<Standing> {
  const standing = await readStandingOf(options);
  if (!standing) throw new Error(said[spoken()].none);
  return standing;
}

/**
 * The version that is meant: the named one, else the ramping one, else the only one that runs and is not current.
 * @param orCurrent a promotion that was interrupted goes on with the current one, where no other runs
 */
function chosen({ versions, ramping }: Standing, wanted?: string, orCurrent = false): StandingVersion {
  const words = said[spoken()];
  const named = wanted ?? ramping;
  const running = versions.filter(({ served, state }) => served && state !== 'current');
  const found =
    named === undefined
      ? running.length === 1
        ? running[0]
        : undefined
      : versions.find(({ build }) => build === named);
  const current = versions.find(({ state }) => state === 'current');
  const meant = found ?? (orCurrent && named === undefined && running.length === 0 ? current : undefined);
  if (!meant) throw new Error(words.which(running.map(({ build }) => build)));
  if (!meant.served) throw new Error(words.notServedNow(meant.build));
  return meant;
}

async function agreed(yes: boolean | undefined, question: string): Promise<boolean> {
  if (yes || (await confirmed(question))) return true;
  refuse(said[spoken()].unchanged);
  return false;
}

/** What of these is on another version. */
const remaining = ({ versions }: Standing, groups: readonly Group[], build: string): Group[] => {
  const answers = new Set([undefined, ...versions.filter(({ served }) => served).map((each) => each.build)]);
  return groups
    .map(({ name, runs }) => ({
      name,
      runs: runs.filter((run) => run.build !== build && answers.has(run.build)),
    }))
    .filter(({ runs }) => runs.length > 0);
};

/** Moves what is not there yet, tells of the progress and of the end; sets exit code 1 where something is left. */
async function move(
  options: DeploymentOptions,
  standing: Standing,
  groups: readonly Group[],
  build: string,
  ramping: boolean,
): Promise<void> {
  const words = said[spoken()];
  const onProgress = (done: number, of: number): void => void tell(words.progress(done, of));
  const moved = await moveRuns({ ...options, onProgress }, remaining(standing, groups, build), {
    to: build,
    ramping,
  });
  for (const line of linesOf(moved, build)) say(line);
  const gone = standing.versions.filter(({ served }) => !served).reduce((sum, { runs }) => sum + runs, 0);
  if (gone > 0 && !ramping) say(words.gone(gone));
  if (moved.failing.length > 0 || moved.overtaken) process.exitCode = 1;
}

function linesOf({ moved, late, failing, overtaken }: Moved, build: string): string[] {
  const words = said[spoken()];
  return [
    words.moved(moved, build),
    ...(late.length > 0 ? [words.late(late)] : []),
    ...(failing.length > 0 ? [words.failing(failing)] : []),
    ...(overtaken ? [words.overtaken] : []),
  ];
}
