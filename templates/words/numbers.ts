/** Numbers as people read them. Pure and without imports of libraries: the workflow bundle uses it too. */
import { formOf } from '../../rules/engine/basics/counted';
import type { Language } from '../../rules/engine/basics/text';
import { secondsOfHundredth } from '../../rules/engine/hours/hour-bank';

const noBreakSpace = '\u00a0';

/** Groups and joins an integer number of hundredths: 130500 → `1 305,00` (sv), `1,305.00` (en). */
function hundredths(value: number, language: Language, keepZeros: boolean): string {
  if (!Number.isSafeInteger(value)) throw new Error(`expected a whole number of hundredths, found ${value}`);
  const digits = String(Math.abs(value)).padStart(3, '0');
  const group = language === 'sv' ? noBreakSpace : ',';
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, group);
  const fraction = keepZeros ? digits.slice(-2) : digits.slice(-2).replace(/0+$/, '');
  const point = language === 'sv' ? ',' : '.';
  return `${value < 0 ? '−' : ''}${whole}${fraction === '' ? '' : point + fraction}`;
}

/**
 * Hundredths of an hour as a number of hours; time that is no whole hundredth as hours, minutes and seconds.
 * @example formatHours(1250, 'sv') // '12,5'
 * @example formatHours(400 / 3, 'sv') // '1:20'
 */
export function formatHours(centihours: number, language: Language): string {
  const seconds = Math.round(centihours * secondsOfHundredth);
  return seconds % secondsOfHundredth === 0
    ? hundredths(seconds / secondsOfHundredth, language, false)
    : formatTime(seconds);
}

/**
 * Whole seconds as hours and minutes, and seconds where there are any.
 * @example formatTime(4800) // '1:20'
 */
export function formatTime(seconds: number): string {
  const whole = Math.abs(seconds);
  const two = (number: number): string => String(number).padStart(2, '0');
  const rest = whole % 60 === 0 ? '' : `:${two(whole % 60)}`;
  return `${seconds < 0 ? '−' : ''}${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}${rest}`;
}

/**
 * Hundredths of an hour with their unit; time that is no whole hundredth in words.
 * @example formatHoursWithUnit(100, 'en') // '1 hour'
 */
export function formatHoursWithUnit(centihours: number, language: Language): string {
  const seconds = Math.round(centihours * secondsOfHundredth);
  if (seconds % secondsOfHundredth !== 0) return formatTimeInWords(seconds, language);
  return `${formatHours(centihours, language)}${noBreakSpace}${formOf(centihours / 100, units[language].hours)}`;
}

/**
 * Hundredths of an hour as hours and minutes: the form of time in what customers read.
 * @example formatClock(1250) // '12:30'
 */
export function formatClock(centihours: number): string {
  return formatTime(Math.round(centihours * secondsOfHundredth));
}

const units = {
  sv: { hours: ['timme', 'timmar'], minutes: ['minut', 'minuter'], seconds: ['sekund', 'sekunder'] },
  en: { hours: ['hour', 'hours'], minutes: ['minute', 'minutes'], seconds: ['second', 'seconds'] },
} as const;

/** In lists, where sentences are short. */
const shortUnits = {
  sv: { hours: ['tim', 'tim'], minutes: ['min', 'min'], seconds: ['s', 's'] },
  en: { hours: ['h', 'h'], minutes: ['min', 'min'], seconds: ['s', 's'] },
} as const;

/**
 * Whole seconds as a sentence says them; tables have `formatTime`.
 * @example formatTimeInWords(12_000, 'sv') // '3 timmar 20 minuter', with `short` '3 tim 20 min'
 */
export function formatTimeInWords(seconds: number, language: Language, short = false): string {
  const whole = Math.abs(seconds);
  const words = (short ? shortUnits : units)[language];
  const counts = {
    hours: Math.floor(whole / 3600),
    minutes: Math.floor(whole / 60) % 60,
    seconds: whole % 60,
  };
  const said = (['hours', 'minutes', 'seconds'] as const).flatMap((unit) => {
    const isNeeded = counts[unit] > 0 || (unit === 'hours' && whole === 0);
    const number = hundredths(counts[unit] * 100, language, false);
    return isNeeded ? [`${number}${noBreakSpace}${formOf(counts[unit], words[unit])}`] : [];
  });
  return `${seconds < 0 ? '−' : ''}${said.join(' ')}`;
}

/** The same of hundredths of an hour. @example formatClockInWords(1250, 'en') // '12 hours 30 minutes' */
export const formatClockInWords = (centihours: number, language: Language): string =>
  formatTimeInWords(Math.round(centihours * secondsOfHundredth), language);

/**
 * Minor units as an amount.
 * @example formatMoney(130500, 'SEK', 'sv') // '1 305,00 kr', in English 'SEK 1,305.00'
 */
export function formatMoney(minor: number, currency: string, language: Language): string {
  const amount = hundredths(minor, language, true);
  if (language === 'en') return `${currency}${noBreakSpace}${amount}`;
  return `${amount}${noBreakSpace}${currency === 'SEK' ? 'kr' : currency}`;
}

/**
 * A length of time in whole minutes, as people say it.
 * @example formatMinutes(95, 'sv') // '1 tim 35 min'
 */
export function formatMinutes(minutes: number, language: Language): string {
  const whole = Math.round(minutes);
  const [hours, rest] = [Math.floor(whole / 60), whole % 60];
  const hour = language === 'sv' ? 'tim' : 'h';
  return [
    ...(hours > 0 ? [`${hours} ${hour}`] : []),
    ...(rest > 0 || hours === 0 ? [`${rest} min`] : []),
  ].join(' ');
}

/**
 * How long something went on by the clock. Hours of work and of support are `formatMinutes`: they make no days.
 * @example formatDuration(4565, 'sv') // '3 dygn 4 tim'
 */
export function formatDuration(minutes: number, language: Language): string {
  const [days, rest] = [Math.floor(minutes / 1440), minutes % 1440];
  if (minutes < 1) return language === 'sv' ? 'under en minut' : 'less than a minute';
  if (days === 0) return formatMinutes(rest, language);
  const day = language === 'sv' ? 'dygn' : formOf(days, ['day', 'days']);
  const hours = Math.floor(rest / 60);
  return [`${days} ${day}`, ...(hours > 0 ? [formatMinutes(60 * hours, language)] : [])].join(' ');
}

/**
 * How much is used, in twenty steps of filled and empty.
 * @example drawBar(2500, 10000) // '█████░░░░░░░░░░░░░░░'
 */
export function drawBar(used: number, available: number): string {
  const filled =
    available > 0 ? Math.min(20, Math.max(0, Math.floor((used * 20) / available))) : used > 0 ? 20 : 0;
  return '█'.repeat(filled) + '░'.repeat(20 - filled);
}

/**
 * A number as it is written in a language, with at most three decimals.
 *
 * @example formatDecimal(0.0021, 'sv') // '0,002'
 */
export function formatDecimal(value: number, language: Language): string {
  const text = String(Math.round(value * 1000) / 1000);
  return language === 'sv' ? text.replace('.', ',') : text;
}
