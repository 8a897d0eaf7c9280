/**
 * Reads a whole number of digits alone, as an option or a setting holds it: `0x10`, `1e2` and `8.0` are none.
 *
 * @returns nothing if it is no such number, or not from `least` to `most`
 */
export function readWhole(text: string, least: number, most: number): number | undefined {
  const number = /^\d{1,15}$/.test(text.trim()) ? Number(text) : NaN;
  return number >= least && number <= most ? number : undefined;
}

/**
 * Reads a number as people and services write it: decimal comma or point, and white space, points or apostrophes
 * between thousands. `1,200` and `1.200` are refused, since they may mean 1200 or 1.2, as are numbers of more than 15
 * digits, which would not be kept exactly. `0x10`, `1e2` and `Infinity` are no numbers. Text after the number must be one of `units`.
 *
 * @example readNumber('1 200,50 kr', ['kr']) // 1200.5
 * @returns nothing if it is no number
 */
export function readNumber(text: string, units: readonly string[] = []): number | undefined {
  const plain = withoutUnit(text.replace(/\s+/gu, ' ').trim(), units).replace(/^[−–]/, '-');
  const digits = decimalPointed(plain.replace(/^([-+]) /, '$1'));
  if (digits === undefined || digits.replace(/\D/g, '').replace(/^0+/, '').length > 15) return undefined;
  const number = Number(digits);
  return number === 0 ? 0 : number;
}

function withoutUnit(text: string, units: readonly string[]): string {
  const fold = (word: string): string => word.normalize('NFC').toLowerCase();
  const unit = [...units]
    .sort((a, b) => b.length - a.length)
    .find((each) => fold(text).endsWith(fold(each)) && /[\d\s]$/.test(text.slice(0, -each.length)));
  return unit === undefined ? text : text.slice(0, -unit.length).trim();
}

/** The number without thousands separators and with a decimal point; nothing if it can be read in two ways. */
function decimalPointed(text: string): string | undefined {
  if (/^[-+]?\d+$/.test(text)) return text;
  const [, sign = '', whole = '', decimals = ''] = /^([-+]?)(\d+)[.,](\d+)$/.exec(text) ?? [];
  if (whole !== '') {
    const ambiguous = decimals.length === 3 && whole.length <= 3 && !/^0/.test(whole);
    return ambiguous ? undefined : `${sign}${whole}.${decimals}`;
  }
  const grouped =
    /^([-+]?)(\d{1,3})(?:(?:[ '’]\d{3})+(?:[.,]\d+)?|(?:\.\d{3})+,\d+|(?:,\d{3})+\.\d+|(?:\.\d{3}){2,}|(?:,\d{3}){2,})$/;
  if (!grouped.test(text)) return undefined;
  const separators = text.replace(/[-+\d]/g, '');
  const last = separators.at(-1) ?? '';
  const hasDecimals =
    /[.,]/.test(last) && separators.indexOf(last) === separators.length - 1 && separators.length > 1;
  if (!hasDecimals) return text.replace(/[ '’.,]/g, '');
  const at = text.lastIndexOf(last);
  return `${text.slice(0, at).replace(/[ '’.,]/g, '')}.${text.slice(at + 1)}`;
}

const hourUnits = ['h', 'tim', 'tim.', 'timmar', 'timme', 'hours', 'hour'];

const minuteUnits = ['m', 'min', 'min.', 'minuter', 'minut', 'minutes', 'minute'];

/**
 * Hours as a number, or as a span of time: `1,5`, `1.5 h`, `1:30`, `1:30:00`, `1 h 30 min`, `90 min`. A span is rounded to
 * hundredths of an hour. `1.30` is 1.3 hours, as every other number with a point or a comma: spreadsheets write all hours
 * with two decimals, so that nothing tells it from 1:30.
 * A group of three digits that nothing follows is refused, however it is set off: `1 500` hours are more often a slip than
 * fifteen hundred, which are written `1500` or `1 500,0`.
 *
 * @returns nothing if it is neither
 */
export function readHours(text: string): number | undefined {
  const seconds = secondsOf(text);
  if (seconds !== undefined) return Math.round(seconds / 36) / 100;
  return writtenTogether(text) === undefined ? readNumber(text, hourUnits) : undefined;
}

/**
 * The digits of hours that are refused for their group of three, as they are taken.
 *
 * @example writtenTogether('1 500') // '1500'
 */
export function writtenTogether(text: string): string | undefined {
  return /^\D*\d{1,3}[^\d.,:]\d{3}\D*$/.test(text.trim()) ? text.replace(/\D/g, '') : undefined;
}

/**
 * Minutes as a number, or a length of time as people write it: `90`, `90 min`, `1:30`, `1,5 h`, `1 tim 30 min`.
 *
 * @returns nothing if it is neither
 */
export function readMinutes(text: string): number | undefined {
  const seconds = secondsOf(text);
  if (seconds !== undefined) return seconds / 60;
  const asMinutes = readNumber(text, minuteUnits);
  if (asMinutes !== undefined) return asMinutes;
  const asHours = readHours(text);
  return asHours === undefined ? undefined : Math.round(asHours * 6000) / 100;
}

/** The seconds of a span of time that says its units: `1:30`, `1:30:00`, `1 h 30 min`, `1h30`, `90 min`; nothing of another text. */
export function secondsOf(text: string): number | undefined {
  const [, hours, minutes, seconds = '0'] =
    /^(\d{1,5}):([0-5]\d)(?::([0-5]\d))?$/.exec(text.trim()) ??
    /^(\d{1,5}) ?(?:h|tim|timmar|timme|hours|hour)[.,]? ?(?:(?:och|and) )?(\d{1,2}) ?(?:m|min|minuter|minutes)?\.?$/iu.exec(
      text.replace(/\s+/gu, ' ').trim(),
    ) ??
    [];
  if (hours !== undefined) return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  const withUnit = readNumber(text) === undefined ? readNumber(text, minuteUnits) : undefined;
  return withUnit === undefined ? undefined : Math.round(withUnit * 60);
}

/**
 * A time of day as people write it, as `HH:MM`; another text as it is.
 *
 * @example timeOfDay('kl 9.30') // '09:30'
 */
export function timeOfDay(text: string): string {
  const [, hour = '', minute = ''] =
    /^(?:kl(?:ockan|\.)? ?)?(\d{1,2})[.:](\d\d)(?:[.:]00)?$/i.exec(text.trim()) ?? [];
  return hour === '' ? text.trim() : `${hour.padStart(2, '0')}:${minute}`;
}

/**
 * Hours as whole seconds: a third of an hour as floating point has it is twenty minutes.
 *
 * @returns NaN if they are no whole number of seconds
 */
export function wholeSeconds(hours: number): number {
  const whole = Math.round(hours * 3600);
  const isNothing = whole === 0 && hours !== 0;
  return Math.abs(hours * 3600 - whole) < 1e-6 && !isNothing ? whole : NaN;
}
