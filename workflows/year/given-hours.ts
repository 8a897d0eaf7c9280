/** The customer is told of hours that somebody gave, and warned before they expire. */
import type { GivenTold } from '../../activities/hours/hours';
import type { Instant } from '../../rules/engine/contract/contract';
import { later } from '../../rules/engine/calendar/dates';
import type { Year } from './year';

/**
 * Has mails wait about hours that were given. Whether there is anything to tell is seen when they are sent.
 * @param mailAt when the customer may be told
 */
export function tellOfGiven(year: Year, { number, warnAt }: GivenTold, mailAt: Instant): void {
  const { state, plan } = year;
  const about = {
    revision: 1,
    to: 'customer',
    roles: plan.statementRoles,
    obligation: `hours/given-${number}`,
  } as const;
  const told = { ...about, step: 'given', template: 'hours-given' } as const;
  state.heldMails.push({ at: later(mailAt, year.heldUntil()), step: 0, mail: told });
  const warned = { ...about, step: 'expiry', template: 'hours-expiry' } as const;
  if (warnAt !== undefined) state.heldMails.push({ at: warnAt, step: 0, mail: warned });
}
