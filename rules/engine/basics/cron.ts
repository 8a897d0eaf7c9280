/** Cron lines and time zones, as people write them. */
const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const dayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** What the five fields of a cron line may hold; names count from the lowest number. */
const fields = [
  { lowest: 0, highest: 59, names: [] },
  { lowest: 0, highest: 23, names: [] },
  { lowest: 1, highest: 31, names: [] },
  { lowest: 1, highest: 12, names: monthNames },
  { lowest: 0, highest: 7, names: dayNames },
];

/**
 * The five fields of a cron line as numbers: minute, hour, day of the month, month, day of the week. Nothing if it is none.
 *
 * @example readCron('0 2 * * mon-fri')?.[4] // 1, 2, 3, 4, 5
 */
export function readCron(line: string): Set<number>[] | undefined {
  const parts = line.trim().toLowerCase().split(/\s+/);
  if (parts.length !== fields.length) return undefined;
  const read = parts.map((part, index) => readField(part, fields[index] as (typeof fields)[number]));
  return read.every((each) => each !== undefined) ? read : undefined;
}

function readField(
  text: string,
  { lowest, highest, names }: { lowest: number; highest: number; names: string[] },
): Set<number> | undefined {
  const valueOf = (word: string): number => {
    const value = names.includes(word)
      ? lowest + names.indexOf(word)
      : /^\d+$/.test(word)
        ? Number(word)
        : NaN;
    return value >= lowest && value <= highest ? value : NaN;
  };
  const values = new Set<number>();
  for (const item of text.split(',')) {
    const [, all, first = '', last, step] =
      /^(?:(\*)|([a-z\d]+)(?:-([a-z\d]+))?)(?:\/(\d+))?$/.exec(item) ?? [];
    const from = all ? lowest : valueOf(first);
    const to = all ? highest : last !== undefined ? valueOf(last) : step !== undefined ? highest : from;
    const by = Number(step ?? 1);
    if (!(from <= to) || by < 1) return undefined;
    for (let value = from; value <= to; value += by) values.add(value);
  }
  return values;
}

/** Whether a text is a cron line: minute, hour, day of the month, month, day of the week. */
export const isCronLine = (line: string): boolean => readCron(line) !== undefined;

/** Most days that each month has in any year. */
const longestMonths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Whether a cron line ever comes; what is no cron line is not judged.
 *
 * @example comesEver('0 2 30 2 *') // false: there is no 30 February
 */
export function comesEver(line: string): boolean {
  const [, , days, months] = readCron(line) ?? [];
  if (!days || !months) return true;
  const [, , ofMonth = '', , ofWeek = ''] = line.trim().split(/\s+/);
  // Where both fields of days say something, one of them is enough.
  if (!ofMonth.startsWith('*') && !ofWeek.startsWith('*')) return true;
  return [...months].some((month) => Math.min(...days) <= (longestMonths[month - 1] ?? 0));
}

/** Whether this machine knows a time zone: `Europe/Stockholm`. */
export function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
