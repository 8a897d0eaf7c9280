/** What was said once of an upgrade and is not said again though its phase is opened and closed again. */
import type { Mail } from './year-state';
import { runningPhase } from './upgrades';
import type { Year } from './year';

/** Among what was sent: the customer was asked again for an approval, and who does a phase had been asked for it. */
const [again, asked] = ['#again', '#asked'] as const;

/** Among what was sent: the customer was told that the system, taken down at this time, is up again. */
function upAgain(year: Year, id: string): string | undefined {
  const part = runningPhase(year, id)?.parts.find(({ kind }) => kind === 'began');
  const began = part && year.state.checks[part.key]?.time;
  return began === undefined ? undefined : `${id}#up-${began}`;
}

const isSent = ({ state }: Year, key: string | undefined): boolean =>
  key !== undefined && state.sent.includes(key);

function note({ state }: Year, key: string | undefined): void {
  if (key !== undefined && !state.sent.includes(key)) state.sent.push(key);
}

/** Notes what a held mail has said, when it goes out. */
export function noteTold(year: Year, { obligation, template, step, news }: Mail): void {
  if (!year.plan.upgrade?.reopens) return;
  if (template === 'upgrade-approval' && step === 'again') note(year, `${obligation}${again}`);
  if (news?.kind === 'upgraded' || news?.kind === 'live') note(year, upAgain(year, obligation));
}

/** Whether the customer knows that the system is up, and it was not taken down since. */
export const knowsItIsUp = (year: Year, id: string): boolean => isSent(year, upAgain(year, id));

/** Whether the customer was asked again for an approval that was given before. */
export const isAskedAgain = (year: Year, id: string): boolean => isSent(year, `${id}${again}`);

/** Notes that a phase was asked for, as the one before it is opened again. */
export function noteAsked(year: Year, id: string): void {
  const start = `${id}#${year.obligation(id)?.revision ?? 1}/start`;
  if (isSent(year, start)) note(year, `${id}${asked}`);
}

/** Has phases asked for as new: they are done anew, or on other days. */
export function forgetTold({ state }: Year, ids: readonly string[]): void {
  const told = ids.flatMap((id) => [`${id}${again}`, `${id}${asked}`]);
  if (state.sent.some((key) => told.includes(key)))
    state.sent = state.sent.filter((key) => !told.includes(key));
}

/**
 * Whether the mail that asks for a phase says nothing new: the approval is asked for again in a mail of its own, and our own people
 * were asked before the phase that precedes it opened again.
 */
export function isAskedTwice(
  year: Year,
  id: string,
  { step, template, to }: Pick<Mail, 'step' | 'template' | 'to'>,
): boolean {
  if (step !== 'start' && step !== 'start-consultant') return false;
  if (template === 'upgrade-approval') {
    const isHeld = year.state.heldMails.some(({ mail }) => mail.obligation === id && mail.step === 'again');
    return isHeld || isAskedAgain(year, id);
  }
  if (to === 'customer' || !isSent(year, `${id}${asked}`)) return false;
  forgetTold(year, [id]);
  return true;
}
