/**
 * The start: the customer is welcomed with the year's dates, and the first year opens with a kick-off, the dedicated
 * consultant's introduction and an agreement on what is to be monitored ("sätts upp", "estimerar tillsammans").
 */
import { timerSummary } from '../../templates/ui/wording';
import { mail, remindWhileOpen } from '../year/mails';
import type { Year } from '../year/year';

/** Welcomes the customer, in the first year, as soon as the contract is signed. */
export async function welcome(year: Year): Promise<void> {
  const notice = year.plan.welcome;
  const key = 'agreement#1/welcome';
  if (!notice || year.state.sent.includes(key)) return;
  const summary = timerSummary('welcome', 'agreement', year.input.language);
  if (
    !(await year.until(
      () => notice.at,
      () => false,
      summary,
    ))
  )
    return;
  year.state.sent.push(key);
  const { step, template, to, roles } = notice;
  await mail(year, { obligation: 'agreement', step, revision: 1, template, to, ...(roles ? { roles } : {}) });
}

/** Reminds of each step of the start until it is done. */
export async function firstYearStart(year: Year): Promise<void> {
  await year.each('start', (step) => remindWhileOpen(year, step));
}
