/** A phase of the upgrade that nobody reports is told again and again, until it is completed or decided otherwise. */
import { addDays, later } from '../calendar/dates';
import type { YearCalendar } from '../calendar/local-time';
import { instantIn, isOpenDayIn, localIn } from '../calendar/local-time';
import type { Instant, LocalDate, Party } from '../contract/contract';
import type { RemindsAgain } from './plan';
import type { PlanContext } from './plan-context';

/** The step name of a mail about something overdue, by the party that gets it; further mails get a number. */
export const overdueNames: Record<Party, string> = {
  consultant: 'overdue',
  manager: 'escalate',
  support: 'escalate-support',
  customer: 'overdue-customer',
};

/** Days between two reminders where the terms do not say: nobody is mailed more than once a week about the same. */
const weekly = 7;

/** How often a year reminds of a phase that is overdue, once the terms' own escalations are told. */
export function remindsAgain({ terms, avoided, openDays }: PlanContext): RemindsAgain {
  const avoid = openDays.filter((day) => avoided.escalations.has(day));
  return {
    everyDays: terms.upgrade.remindAgainEveryDays ?? weekly,
    ...(avoid.length > 0 && { avoid }),
  };
}

/**
 * When the next reminder goes out: so many days after the last, as the next working day begins that need not be avoided.
 * @param last the day on which something was told or reported last
 */
export function nextReminder(
  calendar: YearCalendar,
  { everyDays, avoid = [] }: RemindsAgain,
  last: LocalDate,
  now: Instant,
): Instant {
  const today = localIn(calendar, now);
  const soonest = today.time > calendar.opens ? addDays(today.on, 1) : today.on;
  let on = later(addDays(last, everyDays), soonest);
  while (!isOpenDayIn(calendar, on) || avoid.includes(on)) on = addDays(on, 1);
  return instantIn(calendar, on, calendar.opens);
}
