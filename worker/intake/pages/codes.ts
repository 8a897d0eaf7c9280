/** Asks for a code by mail and takes it: for pages that bind, or show money. */
import type { Db } from '../../../activities/db';
import type { CodeMailDeps } from '../../../activities/mail/page-code';
import { sendPageCode } from '../../../activities/mail/page-code';
import { awaitsCode, enterCode } from '../../../activities/pages/codes';
import { eventOfForm, freeAgainAt, noteRefused } from '../../../activities/pages/events';
import type { Text } from '../../../rules/engine/basics/text';
import type { CodePart, Problem } from '../../../templates/pages/render-page';
import { codeProblems, inAWhile } from '../../../templates/pages/link-words';
import { fill } from '../../../templates/pages/wording';
import type { AnyPage, Visit } from './page';
import type { Form } from './read-form';

/** Most codes that are mailed for one link, in so many minutes. */
const mostCodes = [
  { most: 3, minutes: 10 },
  { most: 10, minutes: 24 * 60 },
];

export const codeActs = ['code-send', 'code-enter'];

export interface CodeDeps {
  db: Db;
  linkKey: string;
  /** How the code is mailed; without it none can be asked for. */
  mail?: CodeMailDeps | undefined;
}

/** What came of it: what to show, or that the browser has a session from now on. */
export type CodeAnswer =
  { state: 'asked' | 'entered' } | { state: 'refused'; status: number; problem: Problem };

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** Whether the holder has a role that may ask for a code on a page. */
export const mayAsk = ({ code }: AnyPage, { holder }: Pick<Visit<unknown>, 'holder'>): boolean =>
  holder.roles.some((role) => code?.roles.includes(role));

/** What a page says of the code: nothing where it takes none. */
export async function codePart(
  { db, mail }: CodeDeps,
  page: AnyPage,
  visit: Visit<unknown>,
): Promise<CodePart | undefined> {
  if (!page.code || visit.link.id === null || !mail) return undefined;
  const { title, role, ask, entered } = page.code.words;
  const { language, holder, now } = visit;
  const part = { title: title[language], to: shortened(holder.email) };
  if (visit.proven) return { ...part, state: 'entered', text: entered[language] };
  if (!mayAsk(page, visit)) return { ...part, state: 'role', text: role[language] };
  const isSent = await awaitsCode(db, visit.link.id, iso(now));
  return { ...part, state: isSent ? 'enter' : 'ask', text: ask[language] };
}

/** An address that its owner recognises and nobody else learns: `k…@testbolaget.se`. */
function shortened(address: string): string {
  const at = address.lastIndexOf('@');
  return `${Array.from(address)[0] ?? ''}…${address.slice(at)}`;
}

/** Mails a code, or takes one. */
export async function answerCode(
  deps: CodeDeps,
  page: AnyPage,
  visit: Visit<unknown>,
  { act, form, name }: { act: string; form: Form; name: string },
): Promise<CodeAnswer> {
  const { link, language, holder, now } = visit;
  const refused = (status: number, text: Text, values: Record<string, string> = {}): CodeAnswer => ({
    state: 'refused',
    status,
    problem: { field: 'code', text: fill(text[language], values) },
  });
  if (link.id === null || !deps.mail) return refused(403, codeProblems.role);
  const { id } = link;
  if (!mayAsk(page, visit)) {
    await noteRefused(deps.db, id, 'role', iso(now));
    return refused(403, codeProblems.role);
  }
  if (act === 'code-enter') {
    const code = (form.code ?? '').replace(/\D/g, '');
    if (code.length !== 6) return refused(400, codeProblems.shape);
    const entered = await enterCode(deps.db, deps.linkKey, { link: id, code, form: name, now: iso(now) });
    if (entered.state === 'right') return { state: 'entered' };
    if (entered.state === 'none' || entered.left === 0) return refused(400, codeProblems.none);
    return refused(400, codeProblems.wrong, { left: String(entered.left) });
  }
  if (await eventOfForm(deps.db, name)) return { state: 'asked' };
  const frees = await Promise.all(
    mostCodes.map((limit) => freeAgainAt(deps.db, id, 'code-asked', { ...limit, now: iso(now) })),
  );
  const again = frees.flatMap((at) => (at === undefined ? [] : [Date.parse(at) - now]));
  if (again.length > 0)
    return refused(429, codeProblems.tooMany, { when: inAWhile(Math.max(...again))[language] });
  const asked = { link: { ...link, id }, holder, form: name, now: iso(now) };
  const sent = await sendPageCode(deps.db, deps.mail, deps.linkKey, asked);
  return sent === 'not-sent' ? refused(503, codeProblems.notSent) : { state: 'asked' };
}
