/** When the owner of an action is reminded of it. Without libraries: workflows use it. */
import type { Instant, LocalDate } from '../contract/contract';
import { instantIn, isOpenDayIn } from '../calendar/local-time';
import type { YearCalendar } from '../calendar/local-time';
import { addDays } from '../calendar/dates';

/** Open days before the due date. */
const openDaysBefore = 3;

/** A reminder of an action: before it is due, and once when it is overdue. */
export interface ActionReminder {
  step: 'remind' | 'overdue';
  at: Instant;
}

/** The reminders of an action. Each is due on an open day, when support opens. */
export function actionReminders(calendar: YearCalendar, dueOn: LocalDate): ActionReminder[] {
  const at = (on: LocalDate): Instant => instantIn(calendar, on, calendar.opens);
  return [
    { step: 'remind', at: at(openDays(calendar, dueOn, -openDaysBefore)) },
    { step: 'overdue', at: at(openDays(calendar, dueOn, 1)) },
  ];
}

function openDays(calendar: YearCalendar, from: LocalDate, count: number): LocalDate {
  let day = from;
  for (let left = Math.abs(count); left > 0;) {
    day = addDays(day, Math.sign(count));
    if (isOpenDayIn(calendar, day)) left -= 1;
  }
  return day;
}
