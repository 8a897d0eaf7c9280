/** Brings what people say on pages to their agreement's workflow. */
import { inWords } from '../basics/spoken';
import type { WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import type { OutboxRow } from '../../activities/agreements/agreements';
import { findAgreement } from '../../activities/agreements/agreements';
import type { Db } from '../../activities/db';
import { keepAnswer } from '../../activities/pages/answers';
import type { PageQuestion } from '../../activities/pages/tell';
import { reasons } from '../../templates/ui/reasons';

interface Telling {
  db: Db;
  language: 'sv' | 'en';
  log: (line: string) => void;
}

/**
 * What somebody said on a page waits for its workflow, however long, and the log says so. Pages of an agreement that has ended take
 * nothing: only what was said in its last moment comes here, and a person has to answer it.
 */
export async function tellFromPage(
  { db, language, log }: Telling,
  { agreement, payload }: OutboxRow,
  workflow: WorkflowHandle,
): Promise<void> {
  const question = 'updates' in payload ? (payload as unknown as PageQuestion) : undefined;
  try {
    if (question) await ask(db, question, workflow);
    else await workflow.signal(String(payload.signal), payload.input);
  } catch (error) {
    const known = error instanceof WorkflowNotFoundError && (await findAgreement(db, agreement));
    if (!known || known.state !== 'ended') throw error;
    if (question) return keepAnswer(db, question, { taken: 0, refused: reasons.ended[language] }, now());
    log(
      inWords({
        sv: `${agreement} har upphört, och det som sades på en sida når inget arbetsflöde: läs det med links show, och svara`,
        en: `${agreement} has ended, and what was said on a page reaches no workflow: read it with links show, and answer`,
      }),
    );
  }
}

const now = (): string => new Date().toISOString();

/** Sends updates one after the other, up to the first that is refused, and keeps the answer. Asked again, each is answered as before. */
async function ask(db: Db, question: PageQuestion, workflow: WorkflowHandle): Promise<void> {
  const { event, updates } = question;
  for (const [index, { signal, input }] of updates.entries()) {
    const refused = await refusalOf(workflow, signal, input, `page-${event}-${index}`);
    if (refused !== undefined) return keepAnswer(db, question, { taken: index, refused }, now());
  }
  await keepAnswer(db, question, { taken: updates.length }, now());
}

/** Why an update is refused, if it is. */
async function refusalOf(
  workflow: WorkflowHandle,
  name: string,
  input: unknown,
  updateId: string,
): Promise<string | undefined> {
  try {
    await workflow.executeUpdate<unknown, [unknown]>(name, { args: [input], updateId });
    return undefined;
  } catch (error) {
    const cause = error instanceof WorkflowUpdateFailedError ? error.cause : undefined;
    // Anything else, as a run that ended meanwhile, is tried again.
    if (cause instanceof ApplicationFailure && cause.type === 'Rejected') return cause.message;
    throw error;
  }
}
