/** Moves running agreements to another version: some first, then all, in batches that a trouble stops. */
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { Db } from '../../activities/db';
import type { VersionOffer } from '../../workflows/basics/versions';
import { versionOffered } from '../../workflows/basics/versions';
import { agreementOf, describe, inParallel, isFailing } from '../health/workflows';
import type { Deployed, Run } from '../temporal/deployment';
import { lasts, readRouting } from '../temporal/deployment';

export interface MoveOptions extends Deployed {
  db: Db;
  /** Groups told at a time. */
  atATime?: number;
  /** Called after each batch. */
  onProgress?: (done: number, of: number) => void;
}

/** Workflows that move together: an agreement with its monitoring, or one that stands alone. */
export interface Group {
  /** The agreement's number, or the workflow's id. */
  name: string;
  runs: Run[];
}

/** Puts runs together that are to move together, in an order that says nothing of them and is always the same. */
export function groupsOf(runs: readonly Run[]): Group[] {
  const groups = new Map<string, Run[]>();
  for (const run of runs.filter(lasts)) {
    const name = agreementOf(run.workflowId) ?? run.workflowId;
    const together = groups.get(name);
    if (together) together.push(run);
    else groups.set(name, [run]);
  }
  const place = new Map(
    [...groups.keys()].map((name) => [name, createHash('sha256').update(name).digest('hex')]),
  );
  return [...groups]
    .map(([name, together]) => ({ name, runs: together }))
    .sort((a, b) => place.get(a.name)!.localeCompare(place.get(b.name)!));
}

/**
 * One in so many agreements, at least one: always the same, and of a larger share also those of the smaller one.
 * @example cohortOf(groupsOf(runsOfFortyAgreements), 20).length // 2
 */
export function cohortOf(groups: readonly Group[], oneIn: number): Group[] {
  const agreements = groups.filter(({ runs }) => runs.some(({ workflowId }) => agreementOf(workflowId)));
  return agreements.slice(0, Math.ceil(agreements.length / oneIn));
}

export interface Moved {
  /** Workflows that go on with the version now. */
  moved: number;
  /** Those that were told and still have something under way: they move when it is done. */
  late: string[];
  /** Those that fail their tasks there: the rest was not told. */
  failing: string[];
  /** The version to move to was replaced meanwhile: the rest was not told. */
  overtaken: boolean;
}

/** Groups told at a time, by default. */
const usualBatch = 10;
/** Milliseconds that a batch may take until the next one follows, between two looks at a run, and after a batch. */
const [movesWithin, askEvery, restAfterBatch] = [30_000, 200, 100];
/** Milliseconds to wait for whoever changes versions at the moment. */
const tryAgainAfter = 20;

/** Runs work while nobody else changes versions. */
export async function withVersions<T>(db: Db, work: () => Promise<T>): Promise<T> {
  for (;;) {
    const done = await db.withLock('versions', work);
    if (done) return done.value;
    await pause(tryAgainAfter);
  }
}

/**
 * Tells runs to go on with a version, and waits batch by batch until they do. Asked again after it was interrupted, with
 * the runs that are left, it goes on. Between two batches others may change versions; what was told has moved by then.
 */
export async function moveRuns(
  options: MoveOptions,
  groups: readonly Group[],
  offer: VersionOffer,
): Promise<Moved> {
  const outcome: Moved = { moved: 0, late: [], failing: [], overtaken: false };
  const { atATime = usualBatch } = options;
  for (let from = 0; from < groups.length; from += atATime) {
    const batch = groups.slice(from, from + atATime).flatMap(({ runs }) => runs);
    await withVersions(options.db, async () => {
      const routing = await readRouting(options);
      outcome.overtaken = (offer.ramping ? routing?.ramping : routing?.current) !== offer.to;
      if (!outcome.overtaken) await moveBatch(options, batch, offer, outcome);
    });
    options.onProgress?.(Math.min(from + atATime, groups.length), groups.length);
    if (outcome.overtaken || outcome.failing.length > 0) return outcome;
    // Whoever waits to change versions comes in between.
    await pause(restAfterBatch);
  }
  return outcome;
}

/** Tells runs to go on with a version, and waits until they do, or for half a minute; adds to the outcome. */
export async function moveBatch(
  { client }: MoveOptions,
  runs: readonly Run[],
  offer: VersionOffer,
  outcome: Moved,
): Promise<void> {
  const until = Date.now() + movesWithin;
  await inParallel(runs, runs.length, async ({ workflowId }) => {
    try {
      await client.workflow.getHandle(workflowId).signal(versionOffered, offer);
    } catch (error) {
      // It has ended meanwhile.
      if (error instanceof WorkflowNotFoundError) return;
      throw error;
    }
    for (;;) {
      const run = await describe(client, workflowId);
      if (!run?.running) return;
      const isThere = run.build === offer.to;
      if (isThere && isFailing(run)) return void outcome.failing.push(workflowId);
      if (isThere && run.taskAttempt === undefined) return void (outcome.moved += 1);
      if (Date.now() > until) return void outcome.late.push(workflowId);
      await pause(askEvery);
    }
  });
}
