/** Reads calendar files from mails, and what they make of the recipients' calendars. */
import type { ParsedMail } from 'mailparser';
import type { Entry } from './calendar-client';
import { CalendarClient, readCalendar } from './calendar-client';

/** One entry of a calendar file in a mail to somebody. */
export interface MailedEntry {
  to: string;
  /** `REQUEST` invites, `CANCEL` cancels, `PUBLISH` informs. */
  method: string;
  uid: string;
  sequence: number;
  text: string;
}

const addressOf = ({ to }: ParsedMail): string => [to ?? []].flat()[0]?.value[0]?.address ?? 'nobody';

/** Entries of the calendar files in mails, in order of arrival; a file that is twice in a mail counts once. */
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

/** The calendar of somebody who accepts every invitation and every cancellation. */
export function calendarOf(entries: readonly MailedEntry[], address: string): Entry[] {
  const client = new CalendarClient();
  for (const { to, method, text } of entries)
    if (to === address && method !== 'PUBLISH') client.receive(text);
  return client.entries();
}

/**
 * Finds entries that calendars cannot handle: those that follow another with the same UID without a higher SEQUENCE.
 * @returns problems as sentences; empty if there are none
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
