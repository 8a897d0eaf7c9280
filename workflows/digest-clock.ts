/**
 * The clock of one reader of digests: it wakes whenever one may be due in any of the reader's agreements, and has what is
 * open sent. It knows nothing that PostgreSQL does not: one that is started anew goes on where the last one was.
 */
import { condition, defineSignal, isCancellation, setHandler, workflowInfo } from '@temporalio/workflow';
import type { Language } from '../rules/engine/basics/text';
import { addMinutes } from '../rules/engine/calendar/dates';
import type { Instant } from '../rules/engine/contract/contract';
import { timerSummary } from '../templates/ui/wording';
import type { QuickLane } from './basics/activities';
import { perform } from './basics/activities';
import { Undecodable } from './basics/payload-converter';
import { attempt } from './basics/attempt';
import { goOnAs, isToEnd, listenForVersions } from './basics/versions';

export interface DigestClockInput {
  /** Key of the reader, as in `activities/agreements/digest-readers.ts`. */
  reader: string;
  language: Language;
  /** Milliseconds added to Temporal's clock; 0 in production. */
  clockOffset: number;
}

/** An agreement of the reader was planned, or got this reader. */
export const digestsChanged = defineSignal('digestsChanged');

/** Minutes until what failed for good is tried again, unless something changes before. */
const restAfterFailure = 15;
/** Events after which the run is continued as a new one. */
const longHistory = 2_000;

/** Runs for as long as the reader has a live agreement whose terms want digests. */
export async function digestClock(input: DigestClockInput): Promise<void> {
  if (input instanceof Undecodable) throw new Error(`the input cannot be decoded: ${input.reason}`);
  const { reader, language, clockOffset } = input;
  const lane: QuickLane = { last: Promise.resolve(), closed: false };
  const now = (): Instant => new Date(Date.now() + clockOffset).toISOString();
  let changed = false;
  setHandler(digestsChanged, () => {
    changed = true;
  });
  const move = listenForVersions();
  const awake = (): boolean => changed || move.to !== undefined;
  for (;;) {
    if (isToEnd(move) || workflowInfo().historyLength > longHistory)
      return goOnAs<typeof digestClock>(move, input);
    changed = false;
    const asOf = now();
    const attended = await attempt(() => perform({ lane, input }, 'attendDigests', { reader, asOf }));
    if ('error' in attended && isCancellation(attended.error)) throw attended.error;
    const { nextAt, ended } =
      'value' in attended ? attended.value : { nextAt: addMinutes(asOf, restAfterFailure), ended: undefined };
    if (ended && !changed) return;
    const summary = timerSummary('digest', undefined, language);
    const milliseconds = nextAt === undefined ? undefined : Date.parse(nextAt) - Date.parse(now());
    if (ended || (milliseconds !== undefined && milliseconds <= 0)) continue;
    if (milliseconds === undefined) await condition(awake);
    else await condition(awake, milliseconds, { summary });
  }
}
