/** What failed for good is kept, and tried again when somebody says that the cause is mended. */
import { clear, writeJournal } from './journal';
import { deliver } from './mails';
import type { Year } from './year';

/** @returns how much is tried again, for the timeline */
export function retryFailures(year: Year): { mails: number; hours: number; journal: number } {
  const { state } = year;
  const [mails, hours, journal] = [state.failedMails, state.failedHours, state.failedJournal].map((list) =>
    list.splice(0),
  ) as [typeof state.failedMails, typeof state.failedHours, typeof state.failedJournal];
  for (const code of ['mail-failed', 'hours-failed', 'journal-failed', 'replan-failed', 'close-failed'])
    clear(year, code);
  state.hoursToBook.push(...hours);
  state.owedMails.push(...mails);
  for (const mail of mails) void deliver(year, mail);
  for (const part of journal) void writeJournal(year, part.year, part.entries);
  return { mails: mails.length, hours: hours.length, journal: journal.length };
}
