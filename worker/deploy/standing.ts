/** How the versions of the worker stand: what runs on each, and what has gone wrong there. */
import type { Db } from '../../activities/db';
import { listSick } from '../../activities/health/health';
import { raisedSince } from '../../activities/health/raised-since';
import type { Raised } from '../../activities/health/raised-since';
import { agreementOf, listFailing } from '../health/workflows';
import type { Deployed, Run, Version } from '../temporal/deployment';
import { listRuns, readRouting, servedVersions } from '../temporal/deployment';

export interface StandingVersion extends Version {
  /** Whether a process runs a worker of it now. */
  served: boolean;
  /** Running workflows on it, and how many of them are agreement years. */
  runs: number;
  agreements: number;
  /** Workflows on it that fail their tasks, or were found unwell. */
  unwell: string[];
  /** Attention raised in its agreements since it began to ramp or, without that, became current. */
  raised: Raised[];
}

export interface Standing {
  current: string | undefined;
  ramping: string | undefined;
  /** Newest first; of those that nobody is of and that have no runs, the last one that was current. */
  versions: StandingVersion[];
  /** Running workflows that no version has had yet. */
  unversioned: number;
  runs: Run[];
}

/** Reads how the versions stand. @returns undefined before the first worker of any version */
export async function readStandingOf(options: Deployed & { db: Db }): Promise<Standing | undefined> {
  const { db, client, taskQueue } = options;
  const routing = await readRouting(options);
  if (!routing) return undefined;
  const builds = routing.versions.map(({ build }) => build);
  const [served, runs, failing, sick] = await Promise.all([
    servedVersions(db, taskQueue, builds),
    listRuns(options),
    listFailing(client),
    listSick(db),
  ]);
  const unwell = new Set([...failing, ...sick.map(({ workflowId }) => workflowId)]);
  const versions = await Promise.all(
    routing.versions.map(async (version): Promise<StandingVersion> => {
      const own = runs.filter(({ build }) => build === version.build);
      const agreements = own.flatMap(({ workflowId, type }) =>
        type === 'agreementYear' ? (agreementOf(workflowId) ?? []) : [],
      );
      const since = version.rampingSince ?? version.currentAt;
      return {
        ...version,
        served: served.has(version.build),
        runs: own.length,
        agreements: agreements.length,
        unwell: own.map(({ workflowId }) => workflowId).filter((id) => unwell.has(id)),
        raised: since === null ? [] : await raisedSince(db, new Date(since).toISOString(), agreements),
      };
    }),
  );
  const before = earlierOf(versions, routing.current);
  return {
    current: routing.current,
    ramping: routing.ramping,
    versions: versions.filter(
      (version) => version.served || version.runs > 0 || version.state === 'current' || version === before,
    ),
    unversioned: runs.filter(({ build }) => build === undefined).length,
    runs,
  };
}

/** The version that was current before the one that is. */
export function earlierOf<V extends Version>(
  versions: readonly V[],
  current: string | undefined,
): V | undefined {
  return versions
    .filter(({ build, currentAt }) => build !== current && currentAt !== null)
    .sort((a, b) => b.currentAt! - a.currentAt!)[0];
}
