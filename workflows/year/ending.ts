/** The customer is told at once that the agreement ends, and told if that is taken back. */
import { addDays } from '../../rules/engine/calendar/dates';
import type { LocalDate } from '../../rules/engine/contract/contract';
import { localIn } from '../../rules/engine/calendar/local-time';
import { restUntil } from './night-rest';
import type { Year } from './year';
import type { Mail, Step, Termination } from './year-state';

const told = 'agreement-ends';

/** The agreement's last day. */
function lastDayOf(year: Year, { on, at }: Termination): LocalDate {
  if (on !== undefined) return on;
  const { on: day, time } = localIn(year.calendar, at);
  return time === '00:00' ? addDays(day, -1) : day;
}

/**
 * Has a mail wait that tells the customer, and our manager, of the agreement's end: the last day, the hours left and what becomes
 * of them. One about another day that has not gone out yet is not sent any more.
 */
export function tellOfEnding(year: Year, step: Step, termination: Termination): void {
  // Plans of before 0.3.0 name nobody.
  if (!year.state.plan?.endRoles || !step.terminates) return;
  const { heldMails } = year.state;
  const withdrawn = heldMails.filter(({ mail }) => mail.template === told);
  year.state.heldMails = heldMails.filter(({ mail }) => mail.template !== told);
  step.terminates.told = true;
  if (withdrawn.length > 0) step.withdrew = withdrawn;
  holdEnding(year, step.number, termination);
}

/**
 * Puts right what people know of the end whose step was undone.
 * @param wasSent whether they have the mail about it
 */
export function takeBackEnding(year: Year, { terminates, withdrew = [] }: Step, wasSent: boolean): void {
  if (!terminates?.told) return;
  const { before } = terminates;
  if (wasSent && before) holdEnding(year, 0, before);
  else if (wasSent) holdEnding(year, 0, undefined);
  else year.state.heldMails.push(...withdrew);
}

function holdEnding(year: Year, number: number, termination: Termination | undefined): void {
  const ending = termination
    ? { on: lastDayOf(year, termination), reason: termination.reason, ...termination.ending }
    : ('taken-back' as const);
  const about = { obligation: 'agreement', revision: year.state.sequence, template: told, ending } as const;
  const roles = year.plan.endRoles ?? [];
  const mails: Mail[] = [
    { ...about, step: 'ends', to: 'customer', roles },
    { ...about, step: 'ends-manager', to: 'manager' },
  ];
  for (const mail of mails)
    year.state.heldMails.push({ at: restUntil(year, mail, year.heldUntil()), step: number, mail });
}
