/** The journal of what happened, written to PostgreSQL; attention that people have to look at; rejected messages. */
import { condition } from '@temporalio/workflow';
import type { JournalEntry } from '../../activities/years/progress';
import type { Text } from '../../rules/engine/basics/text';
import { inBoth } from '../../rules/engine/basics/text';
import { happened } from '../../templates/ui/happened';
import { byteLength, cutBytes } from '../../templates/ui/text';
import { perform, reasonOf } from '../basics/activities';
import { attempt } from '../basics/attempt';
import { isMessage } from '../messages/messages';
import type { Year } from './year';
import type { Attention } from './year-state';

/** Number of last events, and of last rejected messages, that the page shows. */
const shownLast = 10;

/** Most bytes of a reason, of a message's name and of an event's text: together they have to fit into an answer. */
const [mostSaid, mostNamed, mostTold] = [300, 100, 250] as const;

/** Writes an entry into the journal; it reaches PostgreSQL with the next ones. */
export function record(year: Year, entry: Omit<JournalEntry, 'id' | 'at'>): void {
  const { state } = year;
  state.sequence += 1;
  const at = year.now();
  state.journal.push({ id: String(state.sequence), at, ...entry });
  if (entry.kind === 'row') return;
  if (entry.kind !== 'attention')
    state.last = [
      { at, text: cutBytes(happened(entry.kind, entry.ref, entry.detail, year.input.language), mostTold) },
      ...state.last,
    ].slice(0, shownLast);
  year.changed = true;
}

/** Raises attention on the agreement's page. @returns false if it was raised already */
export function raise(year: Year, code: string, subject: string, detail: string): boolean {
  const raised = { code, subject, detail: cutBytes(detail, mostSaid), at: year.now() };
  const { attention } = year.state;
  if (attention.some((other) => other.code === code && other.subject === subject)) return false;
  attention.push(raised);
  record(year, {
    kind: 'attention',
    ref: code,
    detail: { subject, detail: raised.detail },
    attention: { ...raised, cleared: false },
  });
  return true;
}

/** Raises attention anew where it says something else than it did. @returns false if the same was raised already */
export function raiseAnew(year: Year, code: string, subject: string, detail: string): boolean {
  const told = cutBytes(detail, mostSaid);
  const isSame = (item: Attention): boolean =>
    item.code === code && item.subject === subject && item.detail === told;
  if (!year.state.attention.some(isSame)) clear(year, code, subject);
  return raise(year, code, subject, detail);
}

/** Raises attention again as it was before a step that is undone: with its words and its day. */
export function raiseAsItWas(year: Year, item: Attention): void {
  const { code, subject, detail } = item;
  const { attention } = year.state;
  if (attention.some((one) => one.code === code && one.subject === subject && one.detail === detail)) return;
  clear(year, code, subject);
  year.state.attention.push(item);
  record(year, {
    kind: 'attention',
    ref: code,
    detail: { subject, detail },
    attention: { ...item, cleared: false },
  });
}

/** Clears attention, all of a code or one subject of it. @returns how many */
export function clear(year: Year, code: string, subject?: string): number {
  const concerned = (item: Attention): boolean =>
    item.code === code && (subject === undefined || item.subject === subject);
  const cleared = year.state.attention.filter(concerned);
  year.state.attention = year.state.attention.filter((item) => !concerned(item));
  for (const item of cleared)
    record(year, {
      kind: 'attention',
      ref: code,
      detail: { cleared: true },
      attention: { ...item, cleared: true },
    });
  return cleared.length;
}

/**
 * Writes down that a message was rejected, and why: shown on the page, and mailed to the consultant.
 * @param message what was sent
 */
export function reject(
  year: Year,
  signal: string,
  why: Text | string,
  message?: JournalEntry['message'],
): void {
  const { state } = year;
  const reason = cutBytes(inBoth(why)[year.input.language], mostSaid);
  const rejection = { at: year.now(), signal: cutBytes(signal, mostNamed), reason };
  state.rejected = [rejection, ...state.rejected].slice(0, shownLast);
  record(year, {
    ...{ kind: 'rejected', ref: signal, detail: { reason: rejection.reason } },
    ...(message && { message }),
  });
  if (!state.plan) return;
  state.rejectedToTell = [rejection, ...state.rejectedToTell].slice(0, shownLast);
  // Names that no message has share one subject: there are many ways to mistype.
  raise(year, 'signal-rejected', isMessage(signal) ? signal : 'unknown', rejection.reason);
}

/**
 * Writes the journal to PostgreSQL for as long as the run lives. A re-plan under way is waited for: what it and its cause
 * say is then written together.
 */
export async function keepJournal(year: Year): Promise<never> {
  const { state } = year;
  for (;;) {
    await condition(() => !isWritten(year) && year.replansToCome === 0);
    year.writing = true;
    const again = state.journalAgain.shift();
    if (again) await writeJournal(year, again.year, again.entries);
    else {
      // What was sent is not counted: runs of before it was told divide their journal in the same places.
      const few = firstFew(state.journal, withoutMessage).length;
      await writeJournal(year, year.number, state.journal.splice(0, few));
    }
    year.writing = false;
  }
}

/** Writes entries; those that fail for good are kept. */
async function writeJournal(year: Year, number: number, entries: JournalEntry[]): Promise<void> {
  const { state, agreement } = year;
  const written = await attempt(() =>
    perform(year, 'recordProgress', { agreement, year: number, entries: fitting(entries) }),
  );
  if ('value' in written) return;
  // The entries themselves: who asked for an answer looks for what their message caused.
  for (const entry of entries) delete entry.message;
  state.failedJournal.push({ year: number, entries });
  if (state.attention.some(({ code }) => code === 'journal-failed')) return;
  // Only shown: a journal entry about it would fail as well.
  const detail = reasonOf(written.error);
  state.attention.push({ code: 'journal-failed', subject: 'database', detail, at: year.now() });
  year.changed = true;
}

/** Most entries and bytes of one activity: well below the server's limit for a payload, and quickly done. */
const [mostEntries, mostBytes] = [20, 40_000] as const;

/** Most bytes of an activity's input with what was sent: still below the server's limit. */
const mostBytesWithMessages = 60_000;

const withoutMessage = ({ message: _, ...entry }: JournalEntry): JournalEntry => entry;

/** Entries with what was sent, as far as it fits; of what does not, how much it is. */
function fitting(entries: readonly JournalEntry[]): JournalEntry[] {
  let bytes = byteLength(JSON.stringify(entries.map(withoutMessage)));
  return entries.map((entry) => {
    if (!entry.message) return entry;
    const size = byteLength(JSON.stringify(entry.message));
    if (bytes + size <= mostBytesWithMessages) {
      bytes += size;
      return entry;
    }
    return { ...entry, message: { bytes: size } };
  });
}

/**
 * The first of what waits: as many as one activity takes, at least one.
 * @param counted what is counted of an entry
 */
export function firstFew<T>(waiting: readonly T[], counted: (entry: T) => unknown = (entry) => entry): T[] {
  let bytes = 0;
  const first = waiting.slice(0, mostEntries);
  const over = first.findIndex((entry) => (bytes += byteLength(JSON.stringify(counted(entry)))) > mostBytes);
  return over < 0 ? first : first.slice(0, Math.max(1, over));
}

/** Whether the journal is written completely. */
export const isWritten = ({ writing, state }: Year): boolean =>
  !writing && state.journalAgain.length + state.journal.length === 0;

/** Waits until the journal is written completely. */
export async function untilWritten(year: Year): Promise<void> {
  await condition(() => isWritten(year));
}
