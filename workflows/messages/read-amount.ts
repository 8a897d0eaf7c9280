/** Reads the numbers that people write as text in messages, in runs of any age. */
import { patched } from '@temporalio/workflow';
import {
  readHours,
  readMinutes,
  readNumber,
  secondsOf,
  timeOfDay,
} from '../../rules/engine/basics/read-number';
import { isLocalTime } from '../../rules/engine/calendar/local-time';

/** Reads the text of a field that holds a number, hours, minutes or a time of day (in seconds). Gives nothing if it is none. */
export type ReadAmount = (kind: 'number' | 'hours' | 'minutes' | 'time', text: string) => number | undefined;

const secondsInto = (time: string): number | undefined => (isLocalTime(time) ? secondsOf(time) : undefined);
const readTime = (text: string): number | undefined => secondsInto(timeOfDay(text));
const readTimeBefore = (text: string): number | undefined =>
  secondsInto(text.trim().replace('.', ':').padStart(5, '0'));

const readers = { number: readNumber, hours: readHours, minutes: readMinutes, time: readTime };

/** How it is read today: neither `0x10` nor `1e2` is a number, `1 000,5` is one, and `1:30` is hours, or minutes. */
export const readAmount: ReadAmount = (kind, text) => readers[kind](text);

/**
 * As `readAmount`; but what a run decided while `Number` read the text stays decided. The marker of the patch is written
 * only where the two differ. For code that is replayed: a validator must not write a marker, and uses `readAmount`.
 */
export const readAmountAsDecided: ReadAmount = (kind, text) => {
  const now = readAmount(kind, text);
  if (kind === 'minutes') {
    const asNumber = readAmountAsDecided('number', text);
    return now === asNumber || patched('read-minutes-2026-11-29') ? now : asNumber;
  }
  if (kind === 'time') {
    const before = readTimeBefore(text);
    return now === before || patched('read-numbers-2026-11-29') ? now : before;
  }
  const number = Number(text.trim().replace(',', '.'));
  const before = Number.isNaN(number) ? undefined : number;
  return now === before || patched('read-numbers-2026-11-29') ? now : before;
};
