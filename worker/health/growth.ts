/** Measures how fast histories grow: some at every look, those that grew most first. */
import type { Described, Reason } from './workflows';

/**
 * Events a minute that only a workflow in an endless loop writes for long: a year has a few timers a day, and a burst
 * of messages is over in the next minute.
 */
const mostEventsPerMinute = 300;
/** Measurements in a row in which a history has to grow so fast. */
const fastInARow = 2;
/** A run continues as a new one at 4,096 events or 4 MiB, and is ended by the server at 51,200 or 50 MiB. */
const longEvents = 20_000;
const longBytes = 20 * 1024 * 1024;
/** Milliseconds; a measurement over a shorter time says nothing. */
const shortestInterval = 1_000;

interface Measured {
  runId: string;
  events: number;
  at: number;
  perMinute: number;
  fast: number;
}

export interface Growth {
  /** Whether `watch` has been called. */
  knowsWhatRuns(): boolean;
  /** Sets the workflows that are measured in turn from now on. */
  watch(ids: readonly string[]): void;
  /** The workflows to measure now: those that grew fast, then the next in turn. */
  next(): string[];
  /** Notes a measurement made at `at` (ms). @returns what is wrong, `well`, or `unsure` if it cannot tell yet */
  measure(workflowId: string, run: Described, at: number): Reason | 'well' | 'unsure';
  /** Removes a workflow that does not run. */
  forget(workflowId: string): 'well';
}

/** Creates the measuring. @param most workflows measured at one look */
export function createGrowth(most: number): Growth {
  let watched: readonly string[] | undefined;
  let turn = 0;
  const measured = new Map<string, Measured>();
  const isLong = ({ events, bytes }: Described): boolean => events > longEvents || bytes > longBytes;
  return {
    knowsWhatRuns: () => watched !== undefined,
    watch: (ids) => {
      watched = ids;
      const known = new Set(ids);
      for (const id of [...measured.keys()]) if (!known.has(id)) measured.delete(id);
    },
    next: () => {
      const grew = [...measured.entries()]
        .filter(([, { perMinute }]) => perMinute > mostEventsPerMinute / 10)
        .sort(([, a], [, b]) => b.perMinute - a.perMinute)
        .map(([id]) => id)
        .slice(0, most / 2);
      const all = watched ?? [];
      const chosen = new Set(grew);
      for (let step = 0; step < all.length && chosen.size < most; step += 1) {
        chosen.add(all[turn % all.length]!);
        turn = (turn + 1) % all.length;
      }
      return [...chosen];
    },
    measure: (workflowId, run, at) => {
      const before = measured.get(workflowId);
      const { runId, events, bytes } = run;
      if (before && at - before.at < shortestInterval) return 'unsure';
      // All events of a new run were written since.
      const grown = before === undefined ? 0 : before.runId === runId ? events - before.events : events;
      const minutes = before === undefined ? 1 : (at - before.at) / 60_000;
      const perMinute = grown / minutes;
      const fast = perMinute > mostEventsPerMinute ? (before?.fast ?? 0) + 1 : 0;
      measured.set(workflowId, { runId, events, at, perMinute, fast });
      if (isLong(run))
        return {
          code: 'long',
          detail: `${events} events of 51200, ${Math.round(bytes / 1024 / 1024)} MiB of 50`,
        };
      if (fast >= fastInARow)
        return { code: 'fast', detail: `${Math.round(perMinute)} events a minute, ${events} in all` };
      return before === undefined || fast > 0 ? 'unsure' : 'well';
    },
    forget: (workflowId) => {
      measured.delete(workflowId);
      return 'well';
    },
  };
}
