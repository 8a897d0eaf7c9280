/** All activities, made from what they need; the worker composes them. */
import type { Instant, LocalDate } from '../rules/engine/contract/contract';
import { instantAt } from '../rules/engine/calendar/calendar';
import { addDays } from '../rules/engine/calendar/dates';
import { createHoursActivities } from './hours/hours';
import { isLocalDate } from '../rules/engine/basics/is-local-date';
import type { MailDeps } from './mail/compose';
import { createMailActivities } from './mail/mail';
import { permanent, withPermanentDbErrors } from './permanent';
import { createProgressActivities } from './agreements/progress';
import { createRenewalActivities } from './agreements/renewal';
import { createTermsActivities } from './agreements/terms';

export type ActivityDeps = MailDeps;

const calendarActivities = {
  /** The last instant of a day in Sweden: an agreement ended on a day lives that day out. */
  async endOfDay({ date }: { date: LocalDate }): Promise<Instant> {
    if (!isLocalDate(date)) throw permanent('NotFound', `expected a date as YYYY-MM-DD, found "${date}"`);
    return instantAt(addDays(date, 1), '00:00');
  },
};

export function createActivities(deps: ActivityDeps) {
  return withPermanentDbErrors({
    ...calendarActivities,
    ...createTermsActivities(deps),
    ...createHoursActivities(deps),
    ...createProgressActivities(deps),
    ...createRenewalActivities(deps),
    ...createMailActivities(deps),
  });
}

export type Activities = ReturnType<typeof createActivities>;
