import { instantAt, isHoliday } from '../calendar/calendar';
import { addMinutes } from '../calendar/dates';
import type { Instant, LocalDate } from '../contract/contract';
import type { Weekday } from '../contract/monitor';
import { weekdays } from '../contract/monitor';
import type { UpgradeTerms } from '../ruleset/terms';

type Named<T> = T extends Record<string, infer V> ? V : never;
type WindowTerms = Named<NonNullable<UpgradeTerms['windows']>>;
/** What goes on on days that are kept clear, and which days those are. */
export type KeepClear = Named<NonNullable<UpgradeTerms['keepClear']>>;

/** What the terms say of where an upgrade may be placed. */
export interface PlacingTerms {
  round: string;
  windows: WindowTerms[];
  keepClear: KeepClear[];
  windowsPerConsultantWeek: number;
}

/** What holds where terms say nothing: those of years that began before the terms were there. */
const defaults: Required<Pick<UpgradeTerms, 'round' | 'windows' | 'windowsPerConsultantWeek'>> = {
  round: 'rest',
  windows: {
    evening: { weekdays: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '17:00', hours: 5 },
    saturday: { weekdays: ['sat'], from: '08:00', hours: 10 },
  },
  windowsPerConsultantWeek: 2,
};

/** The terms by which an upgrade is placed, those that are left out by the rules taken away. */
export function placingTerms(terms: UpgradeTerms): PlacingTerms {
  const { round, windows, keepClear = {}, windowsPerConsultantWeek } = { ...defaults, ...terms };
  return {
    round,
    windows: inOrder(windows),
    keepClear: inOrder(keepClear),
    windowsPerConsultantWeek,
  };
}

const inOrder = <T extends { omitted?: boolean }>(byId: Record<string, T>): T[] =>
  Object.keys(byId)
    .sort()
    .flatMap((id) => byId[id] ?? [])
    .filter(({ omitted }) => omitted !== true);

/** From when until when a system may be down; the date on which it begins. */
export interface Slot {
  day: LocalDate;
  from: Instant;
  to: Instant;
}

/** The windows that the terms give on a day, in order of time. @param anyWeekday also those of other weekdays */
export function slotsOn(day: LocalDate, { windows }: PlacingTerms, anyWeekday = false): Slot[] {
  return windows
    .filter((each) => anyWeekday || each.weekdays.some((name) => name === weekdayOf(day)))
    .map(({ from: time, hours }) => {
      const from = instantAt(day, time);
      return { day, from, to: addMinutes(from, 60 * hours) };
    })
    .sort((a, b) => (a.from + a.to < b.from + b.to ? -1 : 1));
}

/** The weekday of a day; a holiday is none. */
export function weekdayOf(day: LocalDate): Weekday | undefined {
  return isHoliday(day) ? undefined : weekdays[(new Date(day).getUTCDay() + 6) % 7];
}
