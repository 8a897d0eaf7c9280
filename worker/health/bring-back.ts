/** Brings back by itself what has ended and should not have: with its state, and not for ever. */
import type { SickWorkflow } from '../../activities/health/health';
import { recordTry } from '../../activities/health/health';
import { carryOutCure } from './cure';
import type { CureOptions } from './plan-cure';
import { planCure } from './plan-cure';
import { startAgain } from './start-again';
import { readWorkflowId } from './workflows';

const minute = 60_000;
/** Milliseconds before each try; after the last it is for a person. */
const waits = [0, 10 * minute, 60 * minute];

/** Whether a workflow that ended may be brought back now. */
export function isDue({ tries, triedAt }: SickWorkflow, now: number): boolean {
  const wait = waits[tries];
  return wait !== undefined && (triedAt === null || now >= Date.parse(triedAt) + wait);
}

/** Whether it can begin without anything that only its history held. */
export const isStartable = (workflowId: string): boolean =>
  readWorkflowId(workflowId)?.type !== 'agreementYear';

/**
 * Monitoring, and a reader's clock, is started again. An agreement year is cured: it goes on from its last good task, with what it knew then and
 * all that was sent to it since. Where something would have to be left out, or the year to start anew, a person decides.
 *
 * @returns what came of it, for the log
 */
export async function bringBack(options: CureOptions, sick: SickWorkflow): Promise<string> {
  const { workflowId } = sick;
  // Counted before it is done: what kills this process at it is not tried for ever.
  await recordTry(options.db, sick);
  if (isStartable(workflowId))
    return (await startAgain(options, workflowId)) ? 'is started again' : 'is not known here';
  const plan = await planCure(options, workflowId);
  if (!('cure' in plan) || plan.cure.taskEvent === null || plan.cure.dropped.length > 0)
    return 'is not brought back by itself: a person has to see what would be lost';
  const { cured, because } = await carryOutCure(options, plan);
  return cured ? 'is brought back' : `is not well after it was brought back: ${because}`;
}
