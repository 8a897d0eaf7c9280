/** Restarts workflows that ended and should not have, with their state, in a limited number of tries. */
import { inWords } from '../basics/spoken';
import type { SickWorkflow } from '../../activities/health/health';
import { recordTry } from '../../activities/health/health';
import { carryOutCure } from './cure';
import type { CureOptions } from './plan-cure';
import { planCure } from './plan-cure';
import { startAgain } from './start-again';
import { readWorkflowId } from './workflows';

const minute = 60_000;
/** Milliseconds before each try; after the last one a person has to act. */
const waits = [0, 10 * minute, 60 * minute];

/** Whether a workflow that ended may be brought back now. */
export function isDue({ tries, triedAt }: SickWorkflow, now: number): boolean {
  const wait = waits[tries];
  return wait !== undefined && (triedAt === null || now >= Date.parse(triedAt) + wait);
}

/** Whether a workflow can begin without data that stands in its history alone. */
export const isStartable = (workflowId: string): boolean =>
  readWorkflowId(workflowId)?.type !== 'agreementYear';

/**
 * Starts monitoring, a watch or a reader's clock again. An agreement year is cured: it goes on from its last good task,
 * and all messages since are sent again. If a message would be left out or the year start anew, a person decides.
 *
 * @returns the outcome, for the log
 */
export async function bringBack(options: CureOptions, sick: SickWorkflow): Promise<string> {
  const { workflowId } = sick;
  // The try is counted first: if it kills this process, it is not repeated for ever.
  await recordTry(options.db, sick);
  if (isStartable(workflowId))
    return inWords(
      (await startAgain(options, workflowId))
        ? { sv: 'startas igen', en: 'is started again' }
        : { sv: 'är inte känt här', en: 'is not known here' },
    );
  const plan = await planCure(options, workflowId);
  if (!('cure' in plan) || plan.cure.taskEvent === null || plan.cure.dropped.length > 0)
    return inWords({
      sv: 'tas inte tillbaka av sig självt: en människa måste se vad som skulle gå förlorat',
      en: 'is not brought back by itself: a person has to see what would be lost',
    });
  const { cured, because } = await carryOutCure(options, plan);
  return cured ? 'is brought back' : `is not well after it was brought back: ${because}`;
}
