/** Keeps what failed for good, and tries it again when somebody says that the cause is mended. */
import { condition } from '@temporalio/workflow';
import { reasonOf } from '../basics/activities';
import { attempt } from '../basics/attempt';
import { inBackground } from '../basics/background';
import { isToEnd } from '../basics/versions';
import { clear, raise } from './journal';
import { deliver } from './mails';
import type { Year } from './year';

/** Codes of attention that a retry clears; what fails again is raised again. */
const retried = [
  'mail-failed',
  'hours-failed',
  'journal-failed',
  'plan-failed',
  'replan-failed',
  'close-failed',
  'lapse-failed',
];

/** How long work that the year cannot go on without rests before it is tried again unasked. */
const tryAgainAfter = '1 day';

/**
 * Does work that the year cannot go on without, until it succeeds: a failure is shown, and the work is tried again when
 * somebody asks, or daily.
 * @returns nothing where the run has to end meanwhile: the next run tries again
 */
export async function retryUntilDone<T>(
  year: Year,
  code: string,
  subject: string,
  work: () => Promise<T>,
): Promise<T | undefined> {
  for (;;) {
    const done = await attempt(work);
    if ('value' in done) {
      clear(year, code);
      return done.value;
    }
    raise(year, code, subject, reasonOf(done.error));
    const isAsked = (): boolean => !year.state.attention.some((item) => item.code === code);
    const ends = (): boolean => isToEnd(year.move);
    await condition(() => isAsked() || ends(), tryAgainAfter);
    if (ends()) return undefined;
  }
}

/** Tries again all mails, hours and journal entries that failed. @returns how many of each, for the timeline */
export function retryFailures(year: Year): { mails: number; hours: number; journal: number } {
  const { state } = year;
  const [mails, hours, journal] = [state.failedMails, state.failedHours, state.failedJournal].map((list) =>
    list.splice(0),
  ) as [typeof state.failedMails, typeof state.failedHours, typeof state.failedJournal];
  for (const code of retried) clear(year, code);
  state.hoursToBook.push(...hours);
  state.owedMails.push(...mails);
  state.journalAgain.push(...journal);
  for (const mail of mails) inBackground(year, () => deliver(year, mail));
  return { mails: mails.length, hours: hours.length, journal: journal.length };
}
