/**
 * Codes by mail: a link can be forwarded, so what binds or shows money asks whoever has it for a code that went to the
 * link's own person. Kept as a keyed hash, good for ten minutes and five tries.
 */
import { createHmac, randomInt, timingSafeEqual } from 'node:crypto';
import { addMinutes } from '../../rules/engine/calendar/dates';
import type { Instant } from '../../rules/engine/contract/contract';
import type { Db, Queryable } from '../db';
import { eventOfForm, keepEvent } from './events';

export const codeMinutes = 10;
export const codeTries = 5;

const hashOf = (key: string, link: number, id: number, code: string): string =>
  createHmac('sha256', key).update(`code:${link}:${id}:${code}`).digest('hex');

/** A code that was made for a link, which goes out now. Those of before are good no more. */
export async function makeCode(
  tx: Queryable,
  key: string,
  link: number,
  now: Instant,
): Promise<{ id: number; digits: string }> {
  const digits = String(randomInt(1_000_000)).padStart(6, '0');
  const [row] = await tx.query<{ id: number }>(
    'insert into page_codes (link, sent_at, expires_at) values ($1, $2, $3) returning id',
    [link, now, addMinutes(now, codeMinutes)],
  );
  const { id } = row!;
  await tx.query('update page_codes set hash = $2 where id = $1', [id, hashOf(key, link, id, digits)]);
  return { id, digits };
}

/** Takes back a code that nobody got. */
export async function dropCode(db: Queryable, id: number): Promise<void> {
  await db.query('update page_codes set expires_at = sent_at where id = $1', [id]);
}

interface CodeRow {
  id: number;
  hash: string;
  tries: number;
  used: boolean;
}

/** The newest code of a link, if it can be entered at an instant. */
async function newestCode(
  db: Queryable,
  link: number,
  now: Instant,
  lock = '',
): Promise<CodeRow | undefined> {
  const [code] = await db.query<CodeRow & { expires: Instant }>(
    `select id, hash, tries, used_at is not null as used, expires_at as expires from page_codes
      where link = $1 order by id desc limit 1 ${lock}`,
    [link],
  );
  return code && code.expires > now ? code : undefined;
}

/** Whether a code of a link waits to be entered. */
export async function awaitsCode(db: Queryable, link: number, now: Instant): Promise<boolean> {
  const code = await newestCode(db, link, now);
  return code !== undefined && !code.used && code.tries < codeTries;
}

/** What came of a code that was entered; `left` says how many tries there are still. */
export type Entered = { state: 'right' } | { state: 'wrong'; left: number } | { state: 'none' };

/**
 * Enters a code. A form that is sent twice counts once.
 * @param form the form that it was sent by
 */
export function enterCode(
  db: Db,
  key: string,
  { link, code, form, now }: { link: number; code: string; form: string; now: Instant },
): Promise<Entered> {
  return db.transaction(async (tx): Promise<Entered> => {
    const known = await newestCode(tx, link, now, 'for update');
    if (!known || known.tries >= codeTries) return { state: 'none' };
    const [given, expected] = [hashOf(key, link, known.id, code), known.hash].map((hash) =>
      Buffer.from(hash, 'hex'),
    );
    const right = timingSafeEqual(given!, expected!);
    // Used up, except for the form that used it: the answer got lost on its way.
    if (known.used)
      return right && (await eventOfForm(tx, form))?.event === 'code-entered'
        ? { state: 'right' }
        : { state: 'none' };
    const event = right ? 'code-entered' : 'code-mistyped';
    const kept = await keepEvent(tx, { link, event, at: now, form });
    if (right) {
      await tx.query('update page_codes set used_at = $2 where id = $1', [known.id, now]);
      return { state: 'right' };
    }
    const tries = known.tries + (kept === undefined ? 0 : 1);
    await tx.query('update page_codes set tries = $2 where id = $1', [known.id, tries]);
    return { state: 'wrong', left: codeTries - tries };
  });
}
