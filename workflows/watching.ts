/**
 * Keeps a place watched: our own by an activity that runs for a day and stores what it finds itself, a customer's site by
 * an activity that returns whenever something has to be told. Healthy checks add no event.
 */
import {
  ActivityCancellationType,
  ActivityFailure,
  CancellationScope,
  TimeoutFailure,
  condition,
  isCancellation,
  log,
  proxyActivities,
  setDefaultSignalHandler,
  setHandler,
  defineSignal,
  workflowInfo,
} from '@temporalio/workflow';
import type { SiteActivities, SiteChecks } from '../activities/monitors/sites';
import type { WatchActivities } from '../activities/monitors/watch-central';
import type { SiteReport, SiteWatchActivities } from '../activities/monitors/watch-site';
import type { Instant } from '../rules/engine/contract/contract';
import { central } from '../rules/engine/monitoring/place';
import { queueBeside, siteQueueOf } from '../rules/engine/monitoring/queues';
import { attempt } from './basics/attempt';
import type { Outcome } from './basics/attempt';
import { Undecodable } from './basics/payload-converter';
import type { Move } from './basics/versions';
import { goOnAs, isToEnd, listenForVersions } from './basics/versions';

export interface WatchingInput {
  /** `central` or a site's id. */
  place: string;
  shard: number;
  /** From the run before: the site was not heard of. */
  silent?: boolean;
  /** From the run before: milliseconds since 1970 since when the site has not taken its checks. */
  waitingSince?: number | undefined;
}

/** The checks changed, or a fresh result is requested. A site's worker is told; our own watch reads the database. */
export const monitorsChanged = defineSignal('monitorsChanged');
export const recheck = defineSignal('recheck');

const hour = 3_600_000;
const minute = 60_000;
/** Reports after which a site's run is continued as a new one. */
const mostReports = 200;

/** Another worker takes over within a minute: 20 seconds until a lost one is noticed, and at most 10 until the retry. */
const { watchCentral } = proxyActivities<WatchActivities>({
  startToCloseTimeout: '25 hours',
  heartbeatTimeout: '20 seconds',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '10 seconds' },
});

const { loadSiteChecks, recordSite, recordSiteSilence } = proxyActivities<SiteActivities>({
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

interface Bell {
  /** Something has changed since the last look. */
  rung: boolean;
  move: Move;
}

/** Keeps a place watched for as long as it has checks. Never fails. */
export async function watching(input: WatchingInput): Promise<void> {
  if (input instanceof Undecodable) throw new Error(`the input cannot be decoded: ${input.reason}`);
  const bell: Bell = { rung: false, move: listenForVersions() };
  const ring = (): void => {
    bell.rung = true;
  };
  setHandler(monitorsChanged, ring);
  setHandler(recheck, ring);
  setDefaultSignalHandler((name) => log.warn(`a signal that means nothing here was left aside: ${name}`));
  if (input.place === central) return watchOurPlace(input, bell);
  return watchSite(input, bell);
}

async function watchOurPlace(input: WatchingInput, bell: Bell): Promise<void> {
  const { place, shard } = input;
  for (;;) {
    bell.rung = false;
    const end = await unlessRunEnds(bell, () => watchCentral({ place, shard }));
    if (end === 'run-ends' || end === 'renewed') return goOnAs<typeof watching>(bell.move, input);
    if (end === 'failed') await rest(bell, hour);
    else if (!bell.rung) return;
  }
}

interface Started<T> {
  /** Never rejects. */
  result: Promise<Outcome<T>>;
  ended: boolean;
  calledOff: boolean;
  /** Cancels the work; has no effect on work that has ended. */
  callOff(): void;
}

/** Starts work that can be cancelled on its own. */
function start<T>(work: () => Promise<T>): Started<T> {
  const scope = new CancellationScope();
  const started: Started<T> = {
    result: attempt(() => scope.run(work)).then((outcome) => {
      started.ended = true;
      return outcome;
    }),
    ended: false,
    calledOff: false,
    callOff: () => {
      if (started.ended) return;
      started.calledOff = true;
      scope.cancel();
    },
  };
  return started;
}

/** Waits for work; cancels it where the run has to end. A permanent failure is logged. */
async function unlessRunEnds<T>({ move }: Bell, work: () => Promise<T>): Promise<T | 'run-ends' | 'failed'> {
  const out = start(work);
  await condition(() => out.ended || isToEnd(move));
  out.callOff();
  const outcome = await out.result;
  if ('value' in outcome) return outcome.value;
  if (isCancellation(outcome.error)) {
    if (out.calledOff) return 'run-ends';
    throw outcome.error;
  }
  log.error(`watching rests: ${reasonOf(outcome.error)}`);
  return 'failed';
}

const reasonOf = (error: unknown): string =>
  String(error instanceof ActivityFailure ? (error.cause ?? error) : error);

/** Waits until something changes, at most so many milliseconds. */
async function rest(bell: Bell, milliseconds: number): Promise<void> {
  await condition(() => bell.rung || bell.move.to !== undefined, milliseconds);
}

const now = (): Instant => new Date(Date.now()).toISOString();

/** Milliseconds within which a site's worker has to take its checks. */
const takenWithin = 60_000;

const siteQueue = (site: string): string => siteQueueOf(queueBeside(workflowInfo().taskQueue), site);

/** Runs a site's watch until it has something to tell. Without a heartbeat for a while the site counts as silent. */
const untilChanged = (site: string, within: number) =>
  proxyActivities<SiteWatchActivities>({
    taskQueue: siteQueue(site),
    scheduleToStartTimeout: Math.max(1_000, within),
    startToCloseTimeout: '25 hours',
    heartbeatTimeout: '20 seconds',
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: { maximumAttempts: 1 },
  });

/** Waits until a site's worker is there, however long that takes: one event in the history. */
const untilThere = (site: string) =>
  proxyActivities<SiteWatchActivities>({
    taskQueue: siteQueue(site),
    startToCloseTimeout: '1 minute',
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: { initialInterval: '10 seconds', backoffCoefficient: 1 },
  });

async function watchSite(input: WatchingInput, bell: Bell): Promise<void> {
  const { place: site } = input;
  const known: Known = { silent: input.silent === true, waitingSince: input.waitingSince };
  let failures = 0;
  for (let reports = 0; ; reports += 1) {
    if (isToEnd(bell.move) || reports >= mostReports)
      return goOnAs<typeof watching>(bell.move, { ...input, ...known });
    const round = await attempt(() => watchOnce(input, bell, known));
    if ('value' in round) {
      if (round.value === 'nothing') return;
      failures = 0;
      continue;
    }
    if (isCancellation(round.error)) throw round.error;
    log.error(`watching ${site} rests: ${reasonOf(round.error)}`);
    // Only a change that comes from here on ends the rest early.
    bell.rung = false;
    await rest(bell, Math.min(hour, minute * 2 ** failures));
    failures += 1;
  }
}

/** What a site's run hands to the next. */
interface Known {
  silent: boolean;
  /** Milliseconds since 1970. */
  waitingSince: number | undefined;
}

/**
 * Has a site watched until it reports, is silent, or its checks have changed.
 * @returns `nothing` where there is nothing to watch any more
 */
async function watchOnce(input: WatchingInput, bell: Bell, known: Known): Promise<'nothing' | 'watched'> {
  const { place: site, shard } = input;
  if (known.silent) {
    if ((await untilHeard(input, bell)) === 'run-ends') return 'watched';
    known.silent = false;
    known.waitingSince = undefined;
  }
  bell.rung = false;
  const loaded = await loadSiteChecks({ site, shard, asOf: now() });
  if (loaded.checks.length === 0) {
    await recordSiteSilence({ site, silent: false, asOf: now() });
    return bell.rung ? 'watched' : 'nothing';
  }
  known.waitingSince ??= Date.now();
  const report = await sendOut(input, loaded, bell, takenWithin - (Date.now() - known.waitingSince));
  known.silent = report === 'silent';
  if (report === 'silent' || report === 'untaken') return 'watched';
  known.waitingSince = undefined;
  await recordSite({ site, shard, report, asOf: now() });
  return 'watched';
}

const nothing = { checks: [], states: [], wishes: [] };

/**
 * Has the site's worker watch until it reports; cancels that where the checks changed meanwhile.
 * @returns its report; `silent` if it was not heard of in time; `untaken` if it was cancelled before a worker took it
 * @throws any other failure
 */
async function sendOut(
  { place: site, shard }: WatchingInput,
  checks: SiteChecks,
  bell: Bell,
  within: number,
): Promise<SiteReport | 'silent' | 'untaken'> {
  const out = start(() => untilChanged(site, within).watchSite({ site, shard, announce: false, ...checks }));
  await condition(() => out.ended || bell.rung || isToEnd(bell.move));
  out.callOff();
  const outcome = await out.result;
  if ('value' in outcome) return outcome.value;
  const { error } = outcome;
  if (isCancellation(error) && out.calledOff) return 'untaken';
  if (error instanceof ActivityFailure && error.cause instanceof TimeoutFailure) return 'silent';
  throw error;
}

/** Stores that a site is silent, waits until its worker is there, and stores that. */
async function untilHeard(
  { place: site, shard }: WatchingInput,
  bell: Bell,
): Promise<'heard' | 'run-ends' | 'empty'> {
  const out = start(() => untilThere(site).watchSite({ site, shard, announce: true, ...nothing }));
  const heard = await attempt(async () => {
    for (;;) {
      bell.rung = false;
      const { checks } = await recordSiteSilence({ site, silent: true, asOf: now() });
      if (checks > 0) await condition(() => out.ended || bell.rung || isToEnd(bell.move));
      if (out.ended) return 'heard';
      if (checks === 0) return 'empty';
      if (isToEnd(bell.move)) return 'run-ends';
    }
  });
  // Cancelled in any case: else one more would wait for the site after each failure.
  out.callOff();
  const announced = await out.result;
  if ('error' in heard) throw heard.error;
  if (heard.value !== 'heard') return heard.value;
  if ('error' in announced) throw announced.error;
  await recordSiteSilence({ site, silent: false, worker: announced.value.worker, asOf: now() });
  return 'heard';
}
