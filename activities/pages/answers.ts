/** What a workflow answered to what somebody asked of it on a page. */
import type { Instant } from '../../rules/engine/contract/contract';
import type { Queryable } from '../db';
import type { PageEvent } from './events';
import { eventOfForm, keepEvent } from './events';
import type { PageMessage, PageQuestion } from './tell';

/** All was taken or, of the updates, so many until one was refused, and why. */
export type PageAnswer = { taken: number } & ({ refused?: undefined } | { refused: string });

/** The form under which an answer is kept: once. */
const answerTo = (event: number): string => `answer/${event}`;

/** Keeps an answer; one that is kept already stays. */
export async function keepAnswer(
  db: Queryable,
  { event, link }: Pick<PageQuestion, 'event' | 'link'>,
  answer: PageAnswer,
  at: Instant,
): Promise<void> {
  await keepEvent(db, { link, event: 'answered', at, details: { ...answer }, form: answerTo(event) });
}

/** @returns undefined as long as there is no answer */
export async function findAnswer(db: Queryable, event: number): Promise<PageAnswer | undefined> {
  return (await eventOfForm(db, answerTo(event)))?.details as PageAnswer | undefined;
}

/** What somebody asked on a page, as it is kept. */
export interface AskedEvent extends Omit<PageEvent, 'details'> {
  details: { updates: PageMessage[]; form: Record<string, string> };
  answer?: PageAnswer;
}

/** What was last asked by a link, with the answer where there is one. */
export async function lastAsked(db: Queryable, link: number): Promise<AskedEvent | undefined> {
  const [row] = await db.query<AskedEvent>(
    `select id, event, at, details from page_events where link = $1 and details ? 'updates' order by id desc limit 1`,
    [link],
  );
  const answer = row && (await findAnswer(db, row.id));
  return row && { ...row, ...(answer && { answer }) };
}

/** How many messages of these names an agreement has taken, as far as they are written down. */
export async function writtenMessages(
  db: Queryable,
  agreement: string,
  updates: readonly PageMessage[],
): Promise<number> {
  const [row] = await db.query<{ count: number }>(
    `select count(*)::int as count from events where agreement = $1 and kind = 'signal' and ref = any ($2)`,
    [agreement, updates.map(({ signal }) => signal)],
  );
  return row?.count ?? 0;
}

/** Milliseconds between looks for an answer, at first and at last. */
const [shortest, longest] = [40, 400];

/**
 * Waits until what was asked is answered, and what was taken of it written down.
 * @param before `writtenMessages` before it was asked; without it only the answer is waited for
 * @param patience milliseconds to wait at most
 */
export async function untilAnswered(
  db: Queryable,
  agreement: string,
  { event, updates, before }: { event: number; updates: readonly PageMessage[]; before?: number },
  patience: number,
): Promise<void> {
  const until = Date.now() + patience;
  for (let pause = shortest; Date.now() < until; pause = Math.min(longest, pause * 1.3)) {
    const answer = await findAnswer(db, event);
    if (answer && before === undefined) return;
    if (answer && (await writtenMessages(db, agreement, updates)) >= (before ?? 0) + answer.taken) return;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
