/** What a form does, once: what it says is kept, and told to the workflow, or asked of it. */
import { createHash } from 'node:crypto';
import { writtenMessages } from '../../../activities/pages/answers';
import type { Db } from '../../../activities/db';
import { eventOfForm, freeAgainAt, keepEvent, lastSaid } from '../../../activities/pages/events';
import type { PageMessage } from '../../../activities/pages/tell';
import { canonicalJson } from '../../../rules/engine/basics/canonical-json';
import type { Problem } from '../../../templates/pages/render-page';
import { formProblems, inAWhile } from '../../../templates/pages/link-words';
import { fill } from '../../../templates/pages/wording';
import type { AnyPage, Asking, Shown, Visit } from './page';
import type { Form } from './read-form';
import { askWorkflow, tellWorkflow } from './tell-workflow';

/** What was asked of the workflow, and how much of it was written down before. */
interface AskedOfWorkflow {
  event: number;
  updates: readonly PageMessage[];
  before?: number;
}

type Performed = { shown: Shown } | { asked: AskedOfWorkflow } | { problems: Problem[]; status: number };

/** A form that was sent: what it is to do, its fields, and its name, by which it is told from others. */
interface Sent {
  does: string;
  form: Form;
  name: string;
}

/** Does what a form asks for, once; sent again it is answered the same. */
export async function perform(
  db: Db,
  { page, visit }: { page: AnyPage; visit: Visit<unknown> },
  sent: Sent,
): Promise<Performed> {
  const action = page.actions[sent.does]!;
  if ('asks' in action) return ask(db, action, visit, sent);
  const { does, form, name } = sent;
  const { link, now } = visit;
  const said: { said?: string } = action.firstHolds ? {} : { said: contentOf(form) };
  const before = await eventOfForm(db, name);
  // Sent again it is answered the same; with something else in it, nothing of that is done, and it has to be sent anew.
  if (before)
    return before.details.said === said.said
      ? { shown: action.done(visit, before.details) }
      : refusal(visit, 'sentBefore', 409);
  const same =
    action.repeats && link.id !== null ? await lastSaid(db, link.id, does, contentOf(form)) : undefined;
  if (same && action.repeats?.(visit, same)) return { shown: action.done(visit, same.details, same.at) };
  const refused = await refusalOf(db, action, visit, does);
  if (refused) return refused;
  const judged = action.judge(visit, form);
  if ('problems' in judged) return { problems: judged.problems, status: 400 };
  const details = await db.transaction(async (tx) => {
    const event = await keepEvent(tx, {
      link: link.id,
      event: does,
      at: iso(now),
      details: { ...judged.details, ...said },
      form: name,
    });
    if (event === undefined) return judged.details;
    const kept = (await action.keep?.(tx, visit, judged.details)) ?? judged.details;
    const told = action.tell?.(visit, kept, event);
    if (told) await tellWorkflow(tx, link.agreement, told);
    return kept;
  });
  return { shown: action.done(visit, details) };
}

/** Asks the workflow, once; the page then waits for the answer. */
async function ask(
  db: Db,
  action: Asking<unknown>,
  visit: Visit<unknown>,
  { does, form, name }: Sent,
): Promise<Performed> {
  const { link, now } = visit;
  const said = contentOf(form);
  const again = async (): Promise<Performed> => {
    const event = await eventOfForm(db, name);
    return event?.details.said === said
      ? { asked: { event: event.id, updates: [] } }
      : refusal(visit, 'sentBefore', 409);
  };
  if (await eventOfForm(db, name)) return again();
  const same = action.repeats && link.id !== null ? await lastSaid(db, link.id, does, said) : undefined;
  if (same && action.repeats?.(visit, same, form)) return { asked: { event: same.id, updates: [] } };
  const refused = await refusalOf(db, action, visit, does);
  if (refused) return refused;
  const judged = action.judge(visit, form);
  if ('problems' in judged) return { problems: judged.problems, status: 400 };
  const { updates } = judged.details;
  const before = await writtenMessages(db, link.agreement, updates);
  const { form: _token, do: _does, ...written } = form;
  const details = { updates, form: written, said };
  const event = await db.transaction(async (tx) => {
    const kept = await keepEvent(tx, { link: link.id, event: does, at: iso(now), details, form: name });
    if (kept !== undefined) await askWorkflow(tx, link.agreement, { event: kept, link: link.id, updates });
    return kept;
  });
  return event === undefined ? again() : { asked: { event, updates, before } };
}

/** Why somebody may not do something, or not so often. */
async function refusalOf(
  db: Db,
  { needsCode, mostADay = Infinity }: Pick<Asking<unknown>, 'needsCode' | 'mostADay'>,
  visit: Visit<unknown>,
  does: string,
): Promise<Performed | undefined> {
  const { link, now, proven } = visit;
  if (needsCode && !proven) return refusal(visit, 'needsCode', 403);
  const free =
    link.id !== null && mostADay < Infinity
      ? await freeAgainAt(db, link.id, does, { most: mostADay, minutes: 24 * 60, now: iso(now) })
      : undefined;
  return free === undefined ? undefined : refusal(visit, 'tooMany', 429, Date.parse(free) - now);
}

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();

const refusal = (
  visit: Visit<unknown>,
  which: keyof typeof formProblems,
  status: number,
  wait = 0,
): Performed => ({
  status,
  problems: [formProblem(visit, which, wait)],
});

/** Why a form is not taken, in the visitor's language. @param wait milliseconds until it can be sent again */
export const formProblem = (
  { language }: Pick<Visit<unknown>, 'language'>,
  which: keyof typeof formProblems,
  wait: number,
): Problem => ({ text: fill(formProblems[which][language], { when: inAWhile(wait)[language] }) });

/** Tells whether two forms say the same, without what they say. */
const contentOf = ({ form: _form, ...fields }: Form): string =>
  createHash('sha256').update(canonicalJson(fields)).digest('hex').slice(0, 16);
