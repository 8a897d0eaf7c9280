/** Runs activities: first as a quick local one, and where that fails as an ordinary one that is retried. */
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
 * Second try: an ordinary activity, retried for as long as it takes, visible as pending in the Web UI. If its worker is
 * killed, that is noticed within half a minute: activities send a heartbeat every few seconds.
 */
const patient = proxyActivities<Activities>({
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout: '30 seconds',
  retry: { initialInterval: '2 seconds', backoffCoefficient: 2, maximumInterval: '5 minutes' },
});

type Input<N extends keyof Activities> = Parameters<Activities[N]>[0];
type Output<N extends keyof Activities> = Awaited<ReturnType<Activities[N]>>;
type Proxy = { executeWithOptions(options: { summary: string }, args: unknown[]): Promise<unknown> };

/** The permanent failure that caused an error, if there is one. */
export function permanentFailure(error: unknown): ApplicationFailure | undefined {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  return cause instanceof ApplicationFailure && cause.nonRetryable === true ? cause : undefined;
}

/** Why something failed, for the page. */
export const reasonOf = (error: unknown): string => permanentFailure(error)?.message ?? String(error);

/** The queue of first tries: one runs at a time, and none while it is closed because a first try failed. */
export interface QuickLane {
  last: Promise<unknown>;
  closed: boolean;
}

/**
 * Performs an activity until it succeeds or fails for good.
 *
 * First tries run one after the other. Two at once would resolve in the order they end, but replay in the order they
 * were started, and the strands would go on in another order than before (a burst of signals showed this). A first try
 * that fails closes the queue until a second try has ended, so that a workflow task stays far below eight seconds, after
 * which the server would add another task in between.
 * @param summary what the Web UI shows for it; by default the activity's own summary
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
