/**
 * Watches a customer's site: an activity of the site's own worker, which reaches nothing of ours but Temporal. Its input
 * has the checks; it returns when something has to be told.
 */
import { Context } from '@temporalio/activity';
import type { RunCheck, WatchedCheck } from '../../rules/engine/monitoring/watched';
import type { Clock } from './clock';
import { systemClock } from './clock';
import { fitting } from './site-payload';
import { heartbeatEvery } from './watch-central';
import type { WatchBatch, WatchedState, Wish } from './watch-loop';
import { createWatchLoop } from './watch-loop';
import type { Seen } from './watches';
import { seenOf } from './watches';

export interface WatchSiteInput {
  site: string;
  shard: number;
  /** Only reports that the worker is there, and returns at once. */
  announce: boolean;
  checks: WatchedCheck[];
  states: WatchedState[];
  wishes: Wish[];
}

export interface SiteReport extends WatchBatch {
  /** `asked`: its workflow called it off; `stopping`: the worker ends. */
  reason: 'announced' | 'changed' | 'asked' | 'stopping' | 'renewed';
  worker: string;
  seen: Seen;
  made: number;
  bad: number;
}

/** Milliseconds. */
const usual = {
  /** How long changes are gathered before they are reported. */
  gather: 2_000,
  /** How long states that nobody waits for are gathered. */
  gatherStates: 60_000,
  /** The same before a site's first report, which somebody waits for. Its first checks take ten seconds. */
  gatherFirst: 15_000,
  renew: 24 * 3_600_000,
};

export interface SiteWatchDeps {
  runCheck: RunCheck;
  workerName: string;
  clock?: Clock;
  times?: Partial<typeof usual>;
  concurrency?: number;
}

/** Watches until something has to be told or it is called off; the result says which. */
export async function watchUntilChanged(
  deps: Omit<SiteWatchDeps, 'workerName'>,
  { checks, states, wishes }: Pick<WatchSiteInput, 'checks' | 'states' | 'wishes'>,
  signal: AbortSignal,
): Promise<Omit<SiteReport, 'reason' | 'worker'> & { reason: 'changed' | 'renewed' | 'calledOff' }> {
  const { runCheck, clock = systemClock, concurrency } = deps;
  const times = { ...usual, ...deps.times };
  const ending = new AbortController();
  let reason: 'changed' | 'renewed' | 'calledOff' | undefined;
  const finish = (why: typeof reason): void => {
    reason ??= why;
    ending.abort();
  };
  const calledOff = (): void => finish('calledOff');
  const after = (milliseconds: number, why: 'changed' | 'renewed'): void =>
    void clock.wait(milliseconds, ending.signal).then(() => finish(why));
  const changed = new Map<string, WatchedState>();
  const told: Pick<WatchBatch, 'transitions' | 'rechecked'> = { transitions: [], rechecked: [] };
  const loop = createWatchLoop({
    clock,
    runCheck,
    ...(concurrency !== undefined && { concurrency }),
    sink: (batch) => {
      const telling = batch.transitions.length + batch.rechecked.length > 0;
      const first = changed.size === 0;
      for (const each of batch.states) changed.set(`${each.agreement}/${each.id}`, each);
      told.transitions.push(...batch.transitions);
      told.rechecked.push(...batch.rechecked);
      if (telling) after(times.gather, 'changed');
      else if (first) after(states.length === 0 ? times.gatherFirst : times.gatherStates, 'changed');
      return Promise.resolve();
    },
  });
  if (signal.aborted) calledOff();
  signal.addEventListener('abort', calledOff);
  loop.configure(checks, states);
  loop.recheck(wishes);
  after(times.renew, 'renewed');
  await loop.run(ending.signal);
  signal.removeEventListener('abort', calledOff);
  return {
    reason: reason ?? 'calledOff',
    states: [...changed.values()],
    ...told,
    seen: seenOf(loop.states()),
    ...loop.tally(),
  };
}

export function createSiteWatchActivities(deps: SiteWatchDeps) {
  const worker = deps.workerName;
  return {
    /** Watches a site's checks until something has to be told. Never fails: called off, it returns what it has. */
    async watchSite(input: WatchSiteInput): Promise<SiteReport> {
      if (input.announce)
        return {
          reason: 'announced',
          worker,
          states: [],
          transitions: [],
          rechecked: [],
          seen: {},
          made: 0,
          bad: 0,
        };
      const context = Context.current();
      const alive = setInterval(() => context.heartbeat(), heartbeatEvery);
      context.heartbeat();
      try {
        const { reason, ...report } = await watchUntilChanged(deps, input, context.cancellationSignal);
        const asked = context.cancellationDetails?.cancelRequested === true;
        return fitting<SiteReport>({
          ...report,
          worker,
          reason: reason === 'calledOff' ? (asked ? 'asked' : 'stopping') : reason,
        });
      } finally {
        clearInterval(alive);
      }
    },
  };
}

export type SiteWatchActivities = ReturnType<typeof createSiteWatchActivities>;
