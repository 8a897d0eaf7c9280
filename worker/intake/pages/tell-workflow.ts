/** What somebody said on a page goes to the workflow that decides about it. */
import type { Queryable } from '../../../activities/db';
import type { PageMessage, PageQuestion } from '../../../activities/pages/tell';
import { enqueue } from '../../../activities/pages/tell';

/** A message to the agreement's year, or to its monitoring. */
export interface Told extends PageMessage {
  to: 'agreement' | 'monitoring';
}

/**
 * Hands a message to the outbox, in the transaction that keeps what was said: it is never lost, and reaches the workflow
 * once that answers.
 */
export const tellWorkflow = (tx: Queryable, agreement: string, { to, signal, input }: Told): Promise<void> =>
  enqueue(tx, agreement, to === 'monitoring' ? 'monitoring' : 'page', { signal, input });

/** The same for updates, whose answer is kept with what was said. */
export const askWorkflow = (tx: Queryable, agreement: string, question: PageQuestion): Promise<void> =>
  enqueue(tx, agreement, 'page', question);
