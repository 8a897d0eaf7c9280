/** Runs every check on time, keeps its state, and hands on what changed. Knows neither PostgreSQL nor Temporal. */
import type { Instant } from '../../rules/engine/contract/contract';
import type { CheckState, Transition } from '../../rules/engine/monitoring/check-state';
import {
  isUnsettled,
  nextState,
  stillSo,
  tellsVersion,
  transitionOf,
  unseen,
} from '../../rules/engine/monitoring/check-state';
import type { CheckResult, RunCheck, WatchedCheck } from '../../rules/engine/monitoring/watched';
import type { Clock } from './clock';
import { dueQueue } from './due-queue';

/** Identifies a check. */
export interface CheckId {
  agreement: string;
  id: string;
}

export interface WatchedState extends CheckId {
  state: CheckState;
}

/** A request for a result that is newer than `at`. */
export interface Wish extends CheckId {
  at: Instant;
}

/** An answered request. `still` has what was found, where that is bad and no transition tells it. */
export interface Rechecked extends Wish {
  still?: Transition;
}

/** What a watch hands on at a time. Checks that stay healthy are in no batch. */
export interface WatchBatch {
  states: WatchedState[];
  transitions: Transition[];
  rechecked: Rechecked[];
}

export interface WatchLoopOptions {
  clock: Clock;
  runCheck: RunCheck;
  /** Most checks that run at once. */
  concurrency?: number;
  /** Milliseconds in which changes are gathered before they are handed on. */
  gather?: number;
  /** Takes a batch. While it fails, the batch is kept and handed on later, with what came since. */
  sink: (batch: WatchBatch) => Promise<void>;
  /** Called with the reason when the sink failed. */
  onSinkFailure?: (reason: Error) => void;
}

export interface WatchLoop {
  /**
   * Watches these checks, and no others, from now on. A check it watches already keeps its state, and its schedule unless
   * its declaration changed. `states` are the states of checks that are new to it.
   */
  configure(checks: readonly WatchedCheck[], states: readonly WatchedState[]): void;
  /** Runs these checks at once and hands on that they ran; the same request twice is one request. */
  recheck(wishes: readonly Wish[]): void;
  /** Watches until called off; then hands on what is left. */
  run(signal: AbortSignal): Promise<void>;
  /** The state of every check. */
  states(): WatchedState[];
  /** Checks that ran since the last call, and how many of them were not good. */
  tally(): { made: number; bad: number };
  /** Number of checks that are watched. */
  readonly size: number;
}

interface Entry {
  key: string;
  watched: WatchedCheck;
  /** `watched` as text, to see whether the declaration changed. */
  declared: string;
  state: CheckState;
  /** From 0 to 1, always the same for a check: where in its interval it runs. */
  phase: number;
  /** Only the newest place in the queue counts. */
  ticket: number;
  startedAt: number;
  running?: AbortController;
  /** To run once more as soon as the current run has ended. */
  again: boolean;
  /** Somebody waits for a result; `asked` until a run begins after the request. */
  wish?: 'asked' | 'answering';
  wishedAt?: Instant;
  parents: Entry[];
  children: Entry[];
}

/** Milliseconds over which the first results of new checks are spread, where the interval is not shorter. */
const firstWithin = 10_000;
/** Milliseconds over which checks that became overdue while nobody watched are spread. */
const overdueWithin = 5_000;
/** Milliseconds until the sink is tried again: first, and at most. */
const sinkRetry = { first: 1_000, longest: 30_000 };

export const keyOf = ({ agreement, id }: CheckId): string => `${agreement}/${id}`;

/** From 0 to 1, evenly spread over keys. */
function phaseOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at += 1) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32;
}

const intervalOf = ({ watched }: Entry): number => watched.settings.intervalMinutes * 60_000;
const isGood = ({ recent }: CheckState): boolean => recent === '' || recent.endsWith('o');
const isPlainlyHealthy = (state: CheckState): boolean => state.status === 'ok' && isGood(state);

/** When a check is next due after `at`: its times lie one interval apart, whenever the process restarts. */
function onSchedule(entry: Entry, at: number): number {
  const interval = intervalOf(entry);
  const offset = Math.floor(entry.phase * interval);
  return (Math.floor((at - offset) / interval) + 1) * interval + offset;
}

/** When a check runs for the first time in this process. */
function firstDue(entry: Entry, now: number): number {
  const { state, phase, watched } = entry;
  if (state.lastAt === undefined) return now + phase * Math.min(intervalOf(entry), firstWithin);
  const last = Date.parse(state.lastAt);
  // A clock that ran ahead elsewhere must not keep a check waiting.
  if (isUnsettled(state)) return Math.min(last, now) + watched.settings.retrySeconds * 1000;
  const due = onSchedule(entry, Math.min(last, now));
  return due > now ? due : now + phase * Math.min(intervalOf(entry), overdueWithin);
}

/** When a check runs again after a result. */
function nextDue(entry: Entry, now: number): number {
  const { retrySeconds } = entry.watched.settings;
  const regular = onSchedule(entry, now);
  return isUnsettled(entry.state) ? Math.min(regular, now + retrySeconds * 1000) : regular;
}

/** A watch of checks; see `WatchLoop`. */
export function createWatchLoop(options: WatchLoopOptions): WatchLoop {
  const { clock, runCheck } = options;
  const concurrency = options.concurrency ?? 200;
  const entries = new Map<string, Entry>();
  const queue = dueQueue<{ entry: Entry; ticket: number }>();
  const handOver = createHandOver(options);
  let active = 0;
  let tally = { made: 0, bad: 0 };
  let over = false;
  let sleepingUntil = -Infinity;
  let alarm = new AbortController();

  const schedule = (entry: Entry, due: number): void => {
    entry.ticket += 1;
    queue.push(due, { entry, ticket: entry.ticket });
    if (due < sleepingUntil) alarm.abort();
  };
  const isCurrent = ({ entry, ticket }: { entry: Entry; ticket: number }): boolean =>
    entry.ticket === ticket && entries.get(entry.key) === entry;

  /** Runs a check at once; if it is running, once more after that. */
  const hurry = (entry: Entry): void => {
    if (entry.running) entry.again = true;
    else schedule(entry, clock.now());
  };

  /**
   * Runs the parents of a check that failed, so that they are known to be down before it alerts. Parents that have
   * failed already are retried on their own schedule: more often would turn a hiccup into an outage.
   */
  const lookAtParents = (child: Entry): void => {
    for (const parent of child.parents) {
      const since = parent.running ? parent.startedAt : Date.parse(parent.state.lastAt ?? '') || 0;
      if (isGood(parent.state) && since <= child.startedAt) hurry(parent);
    }
  };

  const take = (entry: Entry, result: CheckResult): void => {
    const before = entry.state;
    const after = nextState(before, result, entry.watched.settings);
    entry.state = after;
    tally.made += 1;
    if (result.outcome !== 'ok') tally.bad += 1;
    const id = { agreement: entry.watched.agreement, id: entry.watched.check.id };
    const transition = transitionOf(entry.watched, before, after);
    if (
      before.status !== after.status ||
      tellsVersion(before, after) ||
      !isPlainlyHealthy(before) ||
      !isPlainlyHealthy(after)
    )
      handOver.state({ ...id, state: after });
    if (transition) handOver.transition(transition);
    if (entry.wish === 'answering') answer(entry, id, transition !== undefined);
    if (!isGood(after) && (isUnsettled(after) || transition)) lookAtParents(entry);
    if (transition?.to === 'ok') entry.children.forEach(hurry);
  };

  /** Answers a request once the state is settled: between two states the last result proves nothing. */
  const answer = (entry: Entry, id: CheckId, told: boolean): void => {
    const { state } = entry;
    if (isUnsettled(state)) return;
    delete entry.wish;
    const wish = { ...id, at: entry.wishedAt ?? state.since };
    const still = told || state.status === 'ok' ? undefined : stillSo(entry.watched, state.status, state);
    handOver.rechecked({ ...wish, ...(still && { still }) });
  };

  const make = async (entry: Entry): Promise<void> => {
    const { watched } = entry;
    const running = new AbortController();
    entry.running = running;
    entry.startedAt = clock.now();
    entry.again = false;
    if (entry.wish) entry.wish = 'answering';
    active += 1;
    let result: CheckResult;
    try {
      result = await runCheck(watched, running.signal);
    } catch (error) {
      result = failed(error as Error, entry.startedAt, clock.now());
    }
    active -= 1;
    const wanted = !running.signal.aborted;
    delete entry.running;
    if (over || entries.get(entry.key) !== entry) return alarm.abort();
    if (wanted) take(entry, result);
    const now = clock.now();
    schedule(entry, entry.again ? now : nextDue(entry, now));
    if (active === concurrency - 1) alarm.abort();
  };

  const startDue = (): void => {
    const now = clock.now();
    for (let next = queue.peek(); next && active < concurrency; next = queue.peek()) {
      if (isCurrent(next.item)) {
        if (next.due > now) return;
        queue.pop();
        void make(next.item.entry);
      } else queue.pop();
    }
  };

  return {
    get size() {
      return entries.size;
    },
    configure(checks, states) {
      const known = new Map(states.map((each) => [keyOf(each), each.state]));
      const now = clock.now();
      const gone = new Set(entries.keys());
      for (const watched of checks) {
        const key = keyOf({ agreement: watched.agreement, id: watched.check.id });
        gone.delete(key);
        const declared = JSON.stringify(watched);
        const entry = entries.get(key);
        if (!entry) {
          const state = known.get(key) ?? unseen(new Date(now).toISOString());
          const phase = phaseOf(key);
          const fresh: Entry = {
            key,
            watched,
            declared,
            state,
            phase,
            ticket: 0,
            startedAt: 0,
            again: false,
            parents: [],
            children: [],
          };
          entries.set(key, fresh);
          schedule(fresh, firstDue(fresh, now));
        } else if (entry.declared !== declared) {
          entry.watched = watched;
          entry.declared = declared;
          // A result of the earlier declaration says nothing about the new one.
          entry.running?.abort();
          hurry(entry);
        }
      }
      for (const key of gone) {
        entries.get(key)?.running?.abort();
        entries.delete(key);
      }
      relate(entries);
    },
    recheck(wishes) {
      for (const wish of wishes) {
        const entry = entries.get(keyOf(wish));
        if (!entry || (entry.wishedAt !== undefined && entry.wishedAt >= wish.at)) continue;
        entry.wishedAt = wish.at;
        entry.wish = 'asked';
        hurry(entry);
      }
    },
    async run(signal) {
      const finish = (): void => {
        over = true;
        for (const { running } of entries.values()) running?.abort();
        alarm.abort();
      };
      if (signal.aborted) finish();
      signal.addEventListener('abort', finish);
      const handingOver = handOver.run(signal);
      while (!over) {
        if (alarm.signal.aborted) alarm = new AbortController();
        startDue();
        const next = queue.peek();
        sleepingUntil = active < concurrency ? (next?.due ?? Infinity) : -Infinity;
        const pause = active < concurrency && next ? next.due - clock.now() : firstWithin;
        if (!over) await clock.wait(Math.max(0, pause), alarm.signal);
        sleepingUntil = -Infinity;
      }
      await handingOver;
      signal.removeEventListener('abort', finish);
    },
    states: () =>
      [...entries.values()].map(({ watched, state }) => ({
        agreement: watched.agreement,
        id: watched.check.id,
        state,
      })),
    tally() {
      const counted = tally;
      tally = { made: 0, bad: 0 };
      return counted;
    },
  };
}

/** Finds each check's parents and children: of the same agreement and watched here. */
function relate(entries: ReadonlyMap<string, Entry>): void {
  for (const entry of entries.values()) entry.children = [];
  for (const entry of entries.values()) {
    const { agreement, check } = entry.watched;
    entry.parents = (check.dependsOn ?? []).flatMap((id) => entries.get(keyOf({ agreement, id })) ?? []);
    for (const parent of entry.parents) parent.children.push(entry);
  }
}

/** The result where running a check failed: nothing is known of what it checks. */
function failed({ message }: Error, from: number, to: number): CheckResult {
  return {
    outcome: 'unknown',
    at: new Date(to).toISOString(),
    milliseconds: to - from,
    message: {
      sv: `kontrollen kunde inte göras: ${message}`,
      en: `the check could not be made: ${message}`,
    },
  };
}

interface HandOver {
  state(state: WatchedState): void;
  transition(transition: Transition): void;
  rechecked(rechecked: Rechecked): void;
  run(signal: AbortSignal): Promise<void>;
}

/** Gathers changes and hands them on, one batch at a time; keeps them while the sink fails. */
function createHandOver({ clock, sink, gather = 250, onSinkFailure }: WatchLoopOptions): HandOver {
  let states = new Map<string, WatchedState>();
  let transitions: Transition[] = [];
  let rechecked: Rechecked[] = [];
  let bell = new AbortController();

  const isEmpty = (): boolean => states.size + transitions.length + rechecked.length === 0;
  const handOn = async (): Promise<boolean> => {
    const batch: WatchBatch = { states: [...states.values()], transitions, rechecked };
    states = new Map();
    transitions = [];
    rechecked = [];
    try {
      await sink(batch);
      return true;
    } catch (error) {
      const older = new Map(batch.states.map((each) => [keyOf(each), each]));
      states = new Map([...older, ...states]);
      transitions = [...batch.transitions, ...transitions];
      rechecked = [...batch.rechecked, ...rechecked];
      onSinkFailure?.(error as Error);
      return false;
    }
  };
  return {
    state: (state) => {
      states.set(keyOf(state), state);
      bell.abort();
    },
    transition: (transition) => void transitions.push(transition),
    rechecked: (each) => {
      rechecked.push(each);
      bell.abort();
    },
    async run(signal) {
      let pause = sinkRetry.first;
      const finish = (): void => bell.abort();
      signal.addEventListener('abort', finish);
      while (!signal.aborted) {
        if (bell.signal.aborted) bell = new AbortController();
        if (isEmpty()) {
          await clock.wait(firstWithin, bell.signal);
          continue;
        }
        await clock.wait(gather, signal);
        if (await handOn()) pause = sinkRetry.first;
        else {
          await clock.wait(pause, signal);
          pause = Math.min(2 * pause, sinkRetry.longest);
        }
      }
      signal.removeEventListener('abort', finish);
      if (!isEmpty()) await handOn();
    },
  };
}
