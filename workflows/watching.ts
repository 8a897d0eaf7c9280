/**
 * Keeps a place watched: our own by one activity that goes on for a day and reports by itself, a customer's site by one
 * that returns whenever something has to be told. Healthy checks add no event.
 */
import {
  ActivityCancellationType,
  ActivityFailure,
  CancellationScope,
  TimeoutFailure,
  condition,
  continueAsNew,
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
import type { Instant } from '../rules/contract';
import { central } from '../rules/monitoring/place';
import { queueBeside, siteQueueOf } from '../rules/monitoring/queues';
import { Undecodable } from './payload-converter';

export interface WatchingInput {
  /** `central` or a site's id. */
  place: string;
  shard: number;
  /** From the run before: the site was not heard of. */
  silent?: boolean;
}

/** What is to be checked has changed, or a fresh result is wanted: a site is told at once, our own watch knows. */
export const monitorsChanged = defineSignal('monitorsChanged');
export const recheck = defineSignal('recheck');

const hour = 3_600_000;
const minute = 60_000;
/** Reports after which a site's run is continued as a new one. */
const mostReports = 200;

/** Another worker takes over within a minute: 20 seconds until it is noticed, and at most 10 until it is tried again. */
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
  /** Something has changed since it was last looked at. */
  rung: boolean;
}

/** Keeps a place watched for as long as it has checks. Never fails. */
export async function watching(input: WatchingInput): Promise<void> {
  if (input instanceof Undecodable) throw new Error(`the input cannot be decoded: ${input.reason}`);
  const bell: Bell = { rung: false };
  const ring = (): void => {
    bell.rung = true;
  };
  setHandler(monitorsChanged, ring);
  setHandler(recheck, ring);
  setDefaultSignalHandler((name) => log.warn(`a signal that means nothing here was left aside: ${name}`));
  if (input.place === central) return watchOurPlace(input, bell);
  return watchSite(input, bell);
}

const isLong = (): boolean => workflowInfo().continueAsNewSuggested;

async function watchOurPlace(input: WatchingInput, bell: Bell): Promise<void> {
  const { place, shard } = input;
  for (;;) {
    bell.rung = false;
    const end = await unlessLong(() => watchCentral({ place, shard }));
    if (end === 'long' || end === 'renewed') return continueAsNew<typeof watching>(input);
    if (end === 'failed') await rest(bell, hour);
    else if (!bell.rung) return;
  }
}

interface Started<T> {
  result: Promise<T>;
  ended: boolean;
  calledOff: boolean;
  /** Has no effect on what has ended. */
  callOff(): void;
}

/** Starts what can be called off by itself. */
function start<T>(work: () => Promise<T>): Started<T> {
  const scope = new CancellationScope();
  const started: Started<T> = {
    result: scope.run(work).finally(() => {
      started.ended = true;
    }),
    ended: false,
    calledOff: false,
    callOff: () => {
      if (started.ended) return;
      started.calledOff = true;
      scope.cancel();
    },
  };
  started.result.catch(() => undefined);
  return started;
}

/** Watches; calls that off where the history has grown too long. What fails for good is told in the log. */
async function unlessLong<T>(work: () => Promise<T>): Promise<T | 'long' | 'failed'> {
  const out = start(work);
  await condition(() => out.ended || isLong());
  out.callOff();
  try {
    return await out.result;
  } catch (error) {
    if (isCancellation(error)) {
      if (out.calledOff) return 'long';
      throw error;
    }
    log.error(`watching rests: ${reasonOf(error)}`);
    return 'failed';
  }
}

const reasonOf = (error: unknown): string =>
  String(error instanceof ActivityFailure ? (error.cause ?? error) : error);

/** Until something changes, but not for longer than this. */
async function rest(bell: Bell, milliseconds: number): Promise<void> {
  await condition(() => bell.rung, milliseconds);
}

const now = (): Instant => new Date(Date.now()).toISOString();

/** Milliseconds within which a site's worker has to take its checks. */
const takenWithin = 60_000;

const siteQueue = (site: string): string => siteQueueOf(queueBeside(workflowInfo().taskQueue), site);

/** Until a site's worker has something to tell. It is heard of every few seconds, or counts as silent. */
const untilChanged = (site: string, within: number) =>
  proxyActivities<SiteWatchActivities>({
    taskQueue: siteQueue(site),
    scheduleToStartTimeout: Math.max(1_000, within),
    startToCloseTimeout: '25 hours',
    heartbeatTimeout: '20 seconds',
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: { maximumAttempts: 1 },
  });

/** Until a site's worker is there, however long that takes: one event in the history. */
const untilThere = (site: string) =>
  proxyActivities<SiteWatchActivities>({
    taskQueue: siteQueue(site),
    startToCloseTimeout: '1 minute',
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: { initialInterval: '10 seconds', backoffCoefficient: 1 },
  });

async function watchSite(input: WatchingInput, bell: Bell): Promise<void> {
  const { place: site, shard } = input;
  let silent = input.silent === true;
  let failures = 0;
  let waitingSince: number | undefined;
  for (let reports = 0; ; reports += 1) {
    if (isLong() || reports >= mostReports) return continueAsNew<typeof watching>({ ...input, silent });
    try {
      if (silent) {
        if ((await untilHeard(input, bell)) === 'long') continue;
        silent = false;
        waitingSince = undefined;
      }
      bell.rung = false;
      const loaded = await loadSiteChecks({ site, shard, asOf: now() });
      if (loaded.checks.length === 0) {
        await recordSiteSilence({ site, silent: false, asOf: now() });
        if (!bell.rung) return;
        continue;
      }
      waitingSince ??= Date.now();
      const report = await sendOut(input, loaded, bell, takenWithin - (Date.now() - waitingSince));
      silent = report === 'silent';
      if (report === 'silent' || report === 'untaken') continue;
      waitingSince = undefined;
      await recordSite({ site, shard, report, asOf: now() });
      failures = 0;
    } catch (error) {
      if (isCancellation(error)) throw error;
      log.error(`watching ${site} rests: ${reasonOf(error)}`);
      await rest(bell, Math.min(hour, minute * 2 ** failures));
      failures += 1;
    }
  }
}

const nothing = { checks: [], states: [], wishes: [] };

/**
 * Has the site's worker watch until it has something to tell; calls it off where something changed meanwhile.
 * @returns its report; `silent` if it was not heard of in time; `untaken` if it was called off before anybody took it
 * @throws what it fails with otherwise
 */
async function sendOut(
  { place: site, shard }: WatchingInput,
  checks: SiteChecks,
  bell: Bell,
  within: number,
): Promise<SiteReport | 'silent' | 'untaken'> {
  const out = start(() => untilChanged(site, within).watchSite({ site, shard, announce: false, ...checks }));
  await condition(() => out.ended || bell.rung || isLong());
  out.callOff();
  try {
    return await out.result;
  } catch (error) {
    if (isCancellation(error) && out.calledOff) return 'untaken';
    if (error instanceof ActivityFailure && error.cause instanceof TimeoutFailure) return 'silent';
    throw error;
  }
}

/** Notes a site's silence, waits until its worker says that it is there, and notes that. */
async function untilHeard(
  { place: site, shard }: WatchingInput,
  bell: Bell,
): Promise<'heard' | 'long' | 'empty'> {
  const out = start(() => untilThere(site).watchSite({ site, shard, announce: true, ...nothing }));
  const callOff = async (): Promise<void> => {
    out.callOff();
    await out.result.catch(() => undefined);
  };
  for (;;) {
    bell.rung = false;
    const { checks } = await recordSiteSilence({ site, silent: true, asOf: now() });
    if (checks > 0) await condition(() => out.ended || bell.rung || isLong());
    if (out.ended) {
      const { worker } = await out.result;
      await recordSiteSilence({ site, silent: false, worker, asOf: now() });
      return 'heard';
    }
    if (checks > 0 && !isLong()) continue;
    await callOff();
    return checks > 0 ? 'long' : 'empty';
  }
}
