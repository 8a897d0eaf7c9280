/** Calendar files as they come by mail, and what they make of the calendars of those who get them. */
import type { ParsedMail } from 'mailparser';
import type { Entry } from './calendar-client';
import { CalendarClient, readCalendar } from './calendar-client';

/** One entry of a calendar file that a mail brought to somebody. */
export interface MailedEntry {
  to: string;
  /** `REQUEST` invites, `CANCEL` takes back, `PUBLISH` tells. */
  method: string;
  uid: string;
  sequence: number;
  text: string;
}

const addressOf = ({ to }: ParsedMail): string => [to ?? []].flat()[0]?.value[0]?.address ?? 'nobody';

/** Entries of the calendar files of mails, in the order they arrived; a file that is twice in a mail counts once. */
export function mailedEntries(mails: readonly ParsedMail[]): MailedEntry[] {
  return mails.flatMap((mail) => {
    const files = mail.attachments.filter(({ contentType }) => contentType === 'text/calendar');
    const texts = [...new Set(files.map(({ content }) => content.toString('utf8')))];
    return texts.flatMap((text) => {
      const { method, events } = readCalendar(text);
      return events.map(({ uid, sequence }) => ({ to: addressOf(mail), method, uid, sequence, text }));
    });
  });
}

/** What stands in the calendar of somebody who takes every invitation and every cancellation. */
export function calendarOf(entries: readonly MailedEntry[], address: string): Entry[] {
  const client = new CalendarClient();
  for (const { to, method, text } of entries)
    if (to === address && method !== 'PUBLISH') client.receive(text);
  return client.entries();
}

/**
 * What calendars cannot cope with: an entry that follows another under the same UID without a higher number.
 * @returns sentences; none when all is well
 */
export function calendarProblems(entries: readonly MailedEntry[]): string[] {
  const last = new Map<string, MailedEntry>();
  return entries.flatMap((entry) => {
    if (entry.method === 'PUBLISH') return [];
    const key = `${entry.uid} to ${entry.to}`;
    const before = last.get(key);
    last.set(key, entry);
    return before === undefined || entry.sequence > before.sequence
      ? []
      : [`${key}: ${entry.method} ${entry.sequence} after ${before.method} ${before.sequence}`];
  });
}
