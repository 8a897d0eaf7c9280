/** How the workflow asks for work outside: quickly if it goes well, patiently if it does not. */
import {
  ActivityFailure,
  ApplicationFailure,
  isCancellation,
  proxyActivities,
  proxyLocalActivities,
} from '@temporalio/workflow';
import type { Activities } from '../../activities';
import type { Language } from '../../rules/engine/basics/text';
import { activitySummary } from '../../templates/ui/wording';
import { attempt } from './attempt';
import { Undecodable } from './payload-converter';

/**
 * First try: inside the workflow task. A healthy year costs one history event for each piece of work instead of six.
 * One second is plenty for PostgreSQL and SMTP when they are well.
 */
const quick = proxyLocalActivities<Activities>({
  scheduleToCloseTimeout: '1 second',
  retry: { maximumAttempts: 1 },
});

/**
 * Second try: an ordinary activity, retried for as long as it takes, visible as pending in the Web UI. A worker that was
 * killed with it is missed within half a minute: workers say what they are at every few seconds.
 */
const patient = proxyActivities<Activities>({
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout: '30 seconds',
  retry: { initialInterval: '2 seconds', backoffCoefficient: 2, maximumInterval: '5 minutes' },
});

type Input<N extends keyof Activities> = Parameters<Activities[N]>[0];
type Output<N extends keyof Activities> = Awaited<ReturnType<Activities[N]>>;
type Proxy = { executeWithOptions(options: { summary: string }, args: unknown[]): Promise<unknown> };

/** The permanent failure behind an error, if that is what it is. */
export function permanentFailure(error: unknown): ApplicationFailure | undefined {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  return cause instanceof ApplicationFailure && cause.nonRetryable === true ? cause : undefined;
}

/** Why something failed, for the page. */
export const reasonOf = (error: unknown): string => permanentFailure(error)?.message ?? String(error);

/** The way to the first try: one at a time, and closed while something outside is slow. */
export interface QuickLane {
  last: Promise<unknown>;
  closed: boolean;
}

/**
 * Performs an activity until it succeeds or fails for good.
 *
 * First tries stand in line. Two at once would be resolved in the order they end, but replayed in the order they were
 * asked for: a burst of signals showed that their strands then go on in another order than they did. And a first try
 * that fails closes the lane until a second try has ended, so that one task never comes near the eight seconds after
 * which the server would slip another task in between.
 * @param summary what the Web UI shows for it, if something more telling than what the activity always does
 * @throws the failure, if no retry can mend it
 */
export async function perform<N extends keyof Activities>(
  { lane, input: { language } }: { lane: QuickLane; input: { language: Language } },
  name: N,
  input: Input<N>,
  summary = activitySummary(name, language),
): Promise<Output<N>> {
  const options = { summary };
  const call = async (activities: object): Promise<Output<N>> => {
    const value = await (activities as Record<N, Proxy>)[name].executeWithOptions(options, [input]);
    // A plain error: the task is tried again, perhaps by a worker that can decode what this one cannot.
    if (value instanceof Undecodable)
      throw new Error(`${name}: the result cannot be decoded: ${value.reason}`);
    return value as Output<N>;
  };
  const inLine = lane.last.then(() => (lane.closed ? undefined : attempt(() => call(quick))));
  lane.last = inLine;
  const first = await inLine;
  if (first && 'value' in first) return first.value;
  if (first) {
    if (permanentFailure(first.error) || isCancellation(first.error)) throw first.error;
    lane.closed = true;
  }
  const second = await attempt(() => call(patient));
  lane.closed = false;
  if ('error' in second) throw second.error;
  return second.value;
}
