/** How the workflow asks for work outside: quickly if it goes well, patiently if it does not. */
import {
  ActivityFailure,
  ApplicationFailure,
  proxyActivities,
  proxyLocalActivities,
} from '@temporalio/workflow';
import type { Activities } from '../activities';

/**
 * First try: inside the workflow task. A healthy year costs one history event for each piece of work instead of six;
 * ten seconds are enough for PostgreSQL and SMTP when they are well.
 */
const quick = proxyLocalActivities<Activities>({
  scheduleToCloseTimeout: '10 seconds',
  retry: { maximumAttempts: 2, initialInterval: '200 milliseconds' },
});

/** Second try: an ordinary activity, retried for as long as it takes, visible as pending in the Web UI. */
const patient = proxyActivities<Activities>({
  startToCloseTimeout: '2 minutes',
  retry: { initialInterval: '2 seconds', backoffCoefficient: 2, maximumInterval: '5 minutes' },
});

type Input<N extends keyof Activities> = Parameters<Activities[N]>[0];
type Output<N extends keyof Activities> = Awaited<ReturnType<Activities[N]>>;
type Proxy = { executeWithOptions(options: { summary?: string }, args: unknown[]): Promise<unknown> };

/** The permanent failure behind an error, if that is what it is. */
export function permanentFailure(error: unknown): ApplicationFailure | undefined {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  return cause instanceof ApplicationFailure && cause.nonRetryable === true ? cause : undefined;
}

/**
 * Performs an activity until it succeeds or fails for good.
 * @param summary what the Web UI shows for it
 * @throws the failure, if no retry can mend it
 */
export async function perform<N extends keyof Activities>(
  name: N,
  input: Input<N>,
  summary?: string,
): Promise<Output<N>> {
  const options = summary === undefined ? {} : { summary };
  try {
    return (await (quick[name] as unknown as Proxy).executeWithOptions(options, [input])) as Output<N>;
  } catch (error) {
    if (permanentFailure(error)) throw error;
  }
  return (await (patient[name] as unknown as Proxy).executeWithOptions(options, [input])) as Output<N>;
}
