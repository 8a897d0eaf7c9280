/** Reads dates and times in the one form that a profile says: what could be read in two ways is no question then. */
import { isLocalDate } from '../basics/is-local-date';
import { secondsOf } from '../basics/read-number';
import type { LocalDate } from '../contract/contract';
import type { TimeForm } from './profile';

const parts: Record<string, string> = {
  YYYY: '(?<year>\\d{4})',
  MM: '(?<month>\\d\\d)',
  M: '(?<month>\\d{1,2})',
  DD: '(?<day>\\d\\d)',
  D: '(?<day>\\d{1,2})',
};

/** A time of day behind a date, which is left out of account. */
const clock = '(?:[ T]+\\d{1,2}[:.]\\d\\d(?:[:.]\\d\\d)?(?: ?[AP]M)?)?';

/**
 * Makes the reader of dates in a form.
 *
 * @param form as `YYYY-MM-DD` or `D/M/YYYY`
 * @example dateReader('MM/DD/YYYY')('02/01/2027') // '2027-02-01'
 * @returns nothing for a text that is no day in the form
 */
export function dateReader(form: string): (text: string) => LocalDate | undefined {
  const pattern = form.replace(/[./]/g, '\\$&').replace(/YYYY|MM?|DD?/g, (part) => parts[part] ?? part);
  const read = new RegExp(`^${pattern}${clock}$`, 'i');
  return (text) => {
    const { year = '', month = '', day = '' } = read.exec(text)?.groups ?? {};
    const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
    return isLocalDate(date) ? date : undefined;
  };
}

/** Digits with the marks that may stand between thousands, decimals, and a unit behind. */
const decimals: Record<Exclude<TimeForm, '1:30'>, RegExp> = {
  '1,5': /^(\d+|\d{1,3}(?:[ .'’]\d{3})+)(?:,(\d+))?(?: ?(?:h|tim|timmar))?$/i,
  '1.5': /^(\d+|\d{1,3}(?:[ ,'’]\d{3})+)(?:\.(\d+))?(?: ?(?:h|hours))?$/i,
};

/**
 * Reads hours in a form, with their sign, to the nearest second: two or more decimals stand for minutes and seconds.
 *
 * @example readTime('1,33', '1,5') // 4788
 * @returns nothing for a text that is not in the form
 */
export function readTime(text: string, form: TimeForm): number | undefined {
  const [, sign = '', amount = ''] = /^([-+−–]?) ?(.*)$/.exec(text.replace(/\s+/gu, ' ').trim()) ?? [];
  const seconds = form === '1:30' ? secondsInSpan(amount) : secondsInHours(amount, form);
  return seconds === undefined || seconds === 0 || sign === '' || sign === '+' ? seconds : -seconds;
}

const secondsInSpan = (text: string): number | undefined =>
  text.includes(':') ? secondsOf(text) : undefined;

function secondsInHours(text: string, form: keyof typeof decimals): number | undefined {
  const [, whole, fraction = '0'] = decimals[form].exec(text) ?? [];
  if (whole === undefined || whole.length + fraction.length > 15) return undefined;
  return Math.round(Number(`${whole.replace(/\D/g, '')}.${fraction}`) * 3600);
}
