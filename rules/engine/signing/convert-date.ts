/** Reads the dates in signed documents, as people and services write them in Swedish and English. */
import { localDateOf } from '../calendar/calendar';
import type { LocalDate } from '../contract/contract';
import { isLocalDate } from '../basics/is-local-date';

/** Swedish and English names of the months, with their abbreviations. */
const months: readonly (readonly string[])[] = [
  ['januari', 'january', 'jan'],
  ['februari', 'february', 'feb', 'febr'],
  ['mars', 'march', 'mar'],
  ['april', 'apr'],
  ['maj', 'may'],
  ['juni', 'june', 'jun'],
  ['juli', 'july', 'jul'],
  ['augusti', 'august', 'aug'],
  ['september', 'sep', 'sept'],
  ['oktober', 'october', 'okt', 'oct'],
  ['november', 'nov'],
  ['december', 'dec'],
];

const weekday =
  /^(måndag|tisdag|onsdag|torsdag|fredag|lördag|söndag|monday|tuesday|wednesday|thursday|friday|saturday|sunday)(en)?,?\s+/;

/**
 * Reads a date as people and services write it, with the day before the month, as in Sweden. `1/2/2027` is refused: an
 * American service means the second of January.
 *
 * @example toDate('den 1 januari 2027') // '2027-01-01'
 * @returns nothing if it is no date
 */
export function toDate(text: string): LocalDate | undefined {
  const plain = text.trim().toLowerCase().replace(/\s+/gu, ' ');
  if (/^\d{4}-\d\d-\d\dt\d\d:\d\d(:\d\d(\.\d+)?)?(z|[+-]\d\d:?\d\d)$/.test(plain)) {
    const time = new Date(plain.toUpperCase());
    return Number.isNaN(time.getTime()) ? undefined : localDateOf(time.toISOString());
  }
  const [, year, month, day] =
    /^(\d{4})([-/.]?)(\d\d)\2(\d\d)(?:t00:00(?::00(?:\.0+)?)?)?$/.exec(plain)?.toSpliced(2, 1) ?? [];
  if (year !== undefined) return dateOf(year, month, day);
  const short = /^(\d{1,2})(?:\/(\d{1,2})[ -]|\.(\d{1,2})\.|-(\d{1,2})-)(\d{4})$/.exec(plain);
  if (short) return dateOf(short[5], short[2] ?? short[3] ?? short[4], short[1]);
  return longDate(plain.replace(weekday, ''));
}

/** `den 1 januari 2027`, `1:a jan. 2027`, `January 1, 2027`. */
function longDate(plain: string): LocalDate | undefined {
  const swedish = /^(?:den )?(\d{1,2})(?::[ae]|st|nd|rd|th)?(?: of)? (\p{L}+)\.?,? (\d{4})$/u.exec(plain);
  if (swedish) return dateOf(swedish[3], monthOf(swedish[2]), swedish[1]);
  const american = /^(\p{L}+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})$/u.exec(plain);
  return american ? dateOf(american[3], monthOf(american[1]), american[2]) : undefined;
}

function monthOf(name: string | undefined): string | undefined {
  const index = months.findIndex((names) => names.includes(name ?? ''));
  return index < 0 ? undefined : String(index + 1);
}

function dateOf(year?: string, month?: string, day?: string): LocalDate | undefined {
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isLocalDate(date) ? date : undefined;
}
