/** What failed for good is kept, and tried again when somebody says that the cause is mended. */
import { condition } from '@temporalio/workflow';
import { reasonOf } from './activities';
import { clear, raise, writeJournal } from './journal';
import { deliver } from './mails';
import type { Year } from './year';

/** What asking for a retry takes back; what fails again is raised again. */
const retried = [
  'mail-failed',
  'hours-failed',
  'journal-failed',
  'plan-failed',
  'replan-failed',
  'close-failed',
  'lapse-failed',
];

/** How long until something without which the year cannot go on is tried again unasked. */
const tryAgainAfter = '1 day';

/** Does what the year cannot go on without: what fails for good is shown, and tried again when asked, or daily. */
export async function insist<T>(
  year: Year,
  code: string,
  subject: string,
  work: () => Promise<T>,
): Promise<T> {
  for (;;) {
    try {
      const done = await work();
      clear(year, code);
      return done;
    } catch (error) {
      raise(year, code, subject, reasonOf(error));
      await condition(() => !year.state.attention.some((item) => item.code === code), tryAgainAfter);
    }
  }
}

/** @returns how much is tried again, for the timeline */
export function retryFailures(year: Year): { mails: number; hours: number; journal: number } {
  const { state } = year;
  const [mails, hours, journal] = [state.failedMails, state.failedHours, state.failedJournal].map((list) =>
    list.splice(0),
  ) as [typeof state.failedMails, typeof state.failedHours, typeof state.failedJournal];
  for (const code of retried) clear(year, code);
  state.hoursToBook.push(...hours);
  state.owedMails.push(...mails);
  for (const mail of mails) void deliver(year, mail);
  for (const part of journal) void writeJournal(year, part.year, part.entries);
  return { mails: mails.length, hours: hours.length, journal: journal.length };
}
