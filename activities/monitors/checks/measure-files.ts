/** Measures the files of a folder, local or remote: number, ages and sizes. Only the sums are kept. */
import { counted } from '../../../rules/engine/basics/counted';
import type { Measure } from '../../../rules/engine/contract/monitor';
import { expectedAge, isWithinHours } from '../../../rules/engine/monitoring/expected-hours';
import type { WatchedCheck } from '../../../rules/engine/monitoring/watched';
import type { Text } from '../../../rules/engine/basics/text';
import type { Found } from './checker';
import { answerText, NotMade, withinLimits, worst } from './checker';

/** A file as a folder lists it. */
export interface SeenFile {
  name: string;
  /** Milliseconds since 1970. */
  modifiedAt: number;
  bytes: number;
}

/** What has been seen of a folder so far. */
export interface Measurement {
  count: number;
  bytes: number;
  oldest?: SeenFile;
  newest?: SeenFile;
}

export const nothingSeen = (): Measurement => ({ count: 0, bytes: 0 });

/** Counts one more file in. */
export function see(measurement: Measurement, file: SeenFile): void {
  const { oldest, newest } = measurement;
  measurement.count += 1;
  measurement.bytes += file.bytes;
  if (!oldest || file.modifiedAt < oldest.modifiedAt) measurement.oldest = file;
  if (!newest || file.modifiedAt > newest.modifiedAt) measurement.newest = file;
}

/**
 * Whether a file name fits a pattern of `*` and `?`; without a pattern every name does. Takes time in proportion to the
 * product of both lengths at most: names come from outside, and could make a regular expression run for ever.
 */
export function fitsPattern(name: string, pattern: string | undefined, ignoreCase = false): boolean {
  if (pattern === undefined) return true;
  const [given, wanted] = ignoreCase ? [name.toLowerCase(), pattern.toLowerCase()] : [name, pattern];
  const [letters, signs] = [Array.from(given), Array.from(wanted)];
  let [at, sign] = [0, 0];
  // The last `*`, and where it has to go on from if what follows does not fit.
  let star: { sign: number; at: number } | undefined;
  while (at < letters.length) {
    if (signs[sign] === '*') star = { sign: sign++, at };
    else if (signs[sign] === '?' || signs[sign] === letters[at]) [at, sign] = [at + 1, sign + 1];
    else if (star) [at, sign] = [++star.at, star.sign + 1];
    else return false;
  }
  return signs.slice(sign).every((left) => left === '*');
}

const measures = ['oldestMinutes', 'newestMinutes', 'count', 'megabytes'] as const;
type FileMeasure = (typeof measures)[number] & Measure;

/** The limits of a check that concern files. @throws NotMade if there are none */
function limitedMeasures({ check: { limits = {} } }: WatchedCheck): FileMeasure[] {
  const limited = measures.filter((measure) => limits[measure]);
  if (limited.length > 0) return limited;
  throw new NotMade({
    sv: `förväntade en gräns för ${measures.join(', ')}, hittade ingen`,
    en: `expected a limit of ${measures.join(', ')}, found none`,
  });
}

/** Whether ages or sizes are measured; where only the number is, files need not be read one by one. */
export const asksForDetails = (watched: WatchedCheck): boolean =>
  limitedMeasures(watched).some((measure) => measure !== 'count');

const labels: Record<FileMeasure, Text> = {
  oldestMinutes: { sv: 'den äldsta filens ålder i minuter', en: "the oldest file's age in minutes" },
  newestMinutes: { sv: 'den nyaste filens ålder i minuter', en: "the newest file's age in minutes" },
  count: { sv: 'antal filer', en: 'number of files' },
  megabytes: { sv: 'filernas storlek i megabyte', en: "the files' size in megabytes" },
};

/**
 * Compares what was measured of a folder with the check's limits; a megabyte is a million bytes.
 *
 * Ages count only minutes of the expected hours. Outside them lower limits do not apply: an empty folder, or too few or
 * too small files, is well. Upper limits apply always.
 */
export function holdToLimits(seen: Measurement, watched: WatchedCheck, now: number): Found {
  const { limits = {}, expectedHours } = watched.check;
  const closed = new Set(watched.closedDays);
  const expected = isWithinHours(new Date(now).toISOString(), expectedHours, closed);
  const ageOf = ({ modifiedAt }: SeenFile): number => expectedAge(modifiedAt, now, expectedHours, closed);
  const found = limitedMeasures(watched).map((measure): Found => {
    const limit = limits[measure] ?? {};
    const { warnBelow: _, errorBelow: __, ...above } = limit;
    const held = (value: number): Found =>
      withinLimits(measure, value, expected ? limit : above, labels[measure]);
    if (measure === 'count') return held(seen.count);
    if (measure === 'megabytes') return held(seen.bytes / 1_000_000);
    const file = measure === 'oldestMinutes' ? seen.oldest : seen.newest;
    if (file) return withinLimits(measure, ageOf(file), limit, labels[measure]);
    const misses = expected && measure === 'newestMinutes';
    if (misses && limit.errorAbove !== undefined) return { outcome: 'down', message: noFile };
    if (misses && limit.warnAbove !== undefined) return { outcome: 'warning', message: noFile };
    return { outcome: 'ok', message: noFile };
  });
  const measured = Object.assign({}, ...found.map((one) => one.measured)) as NonNullable<Found['measured']>;
  const answer = [
    ...(seen.oldest ? [`oldest: ${described(seen.oldest)}`] : []),
    ...(seen.newest ? [`newest: ${described(seen.newest)}`] : []),
  ].join('\n');
  return { ...worst(found), measured, ...(answer !== '' && { answer: answerText(answer) }) };
}

const noFile: Text = { sv: 'ingen fil', en: 'no file' };

const described = ({ name, modifiedAt, bytes }: SeenFile): string =>
  `${name.replaceAll(/\s/g, ' ')}, ${new Date(modifiedAt).toISOString()}, ${counted(bytes, ['byte', 'bytes'])}`;

/** The folder could not be looked through within the time of the check. */
export const notReadInTime: Text = {
  sv: 'mappen hann inte läsas igenom',
  en: 'the folder was not read through',
};
