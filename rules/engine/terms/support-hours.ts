/**
 * When we act: "08:30-16:30 helgfria vardagar om ej annat avtalas". Two things follow from the terms. The working day is
 * when people work: planned mails go out when it begins, and what is due is due when it ends. Support's hours are when
 * the support desk acts on what happens: the same, unless the terms say otherwise.
 */
import {
  addOpenDays,
  beginningAt,
  endAt,
  instantAt,
  isHoliday,
  isOpenDay,
  localDateOf,
  nextOpening,
  previousOpenDay,
} from '../calendar/calendar';
import { addDays } from '../calendar/dates';
import { night } from '../calendar/local-time';
import type { Instant, LocalDate } from '../contract/contract';
import { weekdays } from '../contract/monitor';
import { supportDays } from '../ruleset/term-catalogue';
import type { SupportDay } from '../ruleset/term-catalogue';
import type { SupportHours, SupportTerms } from '../ruleset/terms';

/** The terms that the working day follows from. */
export type WorkdayTerms = Pick<SupportTerms, 'opens' | 'closes' | 'closedDays'>;

/** The days on which an agreement is closed besides weekends and holidays, as a set. */
export function closedDaysOf({ closedDays }: Pick<SupportTerms, 'closedDays'>): ReadonlySet<LocalDate> {
  return new Set(closedDays);
}

/** The hours of the agreement's own text. */
const ordinary = { opens: '08:30', closes: '16:30' };

/**
 * When people work on an open day, local times of day. Support's hours that reach into the night are nobody's working
 * day: then it is that of the agreement's own text, so that no planned mail goes out at night.
 */
export function workdayOf({ opens, closes }: Pick<SupportTerms, 'opens' | 'closes'>): {
  opens: string;
  closes: string;
} {
  return opens >= night.ends && closes < '24:00' ? { opens, closes } : ordinary;
}

/** The local time of day at which the working day ends on an open day. */
export function closingTime(date: LocalDate, support: SupportTerms): string {
  const { closes } = workdayOf(support);
  const { halfDays, halfDayCloses } = support;
  return halfDays.includes(date) && halfDayCloses < closes ? halfDayCloses : closes;
}

/** The first time a working day begins at or after an instant. */
export function nextWorkday(instant: Instant, support: WorkdayTerms): Instant {
  return nextOpening(instant, workdayOf(support).opens, closedDaysOf(support));
}

/**
 * When people are told how a year ended: as a working day begins, so many open days after the first one that follows its
 * end as late reports are waited for.
 */
export function announcementOf(ended: Instant, support: WorkdayTerms, graceWorkingDays = 0): Instant {
  return openingIn(localDateOf(nextWorkday(ended, support)), graceWorkingDays, support);
}

/** When the working day begins that is so many open days after a day. */
export const openingIn = (day: LocalDate, openDays: number, support: WorkdayTerms): Instant =>
  instantAt(addOpenDays(day, openDays, closedDaysOf(support)), workdayOf(support).opens);

/** The last time a working day began, at or before an instant. */
export function lastWorkday(instant: Instant, support: WorkdayTerms): Instant {
  const closed = closedDaysOf(support);
  const { opens } = workdayOf(support);
  const today = localDateOf(instant);
  const isToday = isOpenDay(today, closed) && instantAt(today, opens) <= instant;
  return instantAt(isToday ? today : previousOpenDay(addDays(today, -1), closed), opens);
}

/** The instant itself within a working day, else the beginning of the next one. */
export function nextWorkInstant(instant: Instant, support: SupportTerms): Instant {
  const today = localDateOf(instant);
  const within =
    isOpenDay(today, closedDaysOf(support)) &&
    instantAt(today, workdayOf(support).opens) <= instant &&
    instant < instantAt(today, closingTime(today, support));
  return within ? instant : nextWorkday(instant, support);
}

/** When a mail about what happens at an instant goes out: at once, or held until somebody works. */
export function mailInstant(instant: Instant, support: SupportTerms): Instant {
  return support.outsideHours === 'send' ? instant : nextWorkInstant(instant, support);
}

/**
 * When a mail goes out to a customer that answers them, or follows from what somebody has reported: at once, or the next
 * working morning if it is night, unless the terms say that mails go out at any hour.
 */
export function answerInstant(instant: Instant, support: SupportTerms): Instant {
  const today = localDateOf(instant);
  const isNight = instant < instantAt(today, night.ends) || instant >= instantAt(today, night.begins);
  return isNight && support.outsideHours === 'hold' ? nextWorkday(instant, support) : instant;
}

/** Open days after `from` up to and with `to`: how many days late something is. 0 if `to` is not later. */
export function openDaysBetween(from: LocalDate, to: LocalDate, closed: ReadonlySet<LocalDate>): number {
  let count = 0;
  for (let day = addOpenDays(from, 1, closed); day <= to; day = addOpenDays(day, 1, closed)) count += 1;
  return count;
}

/** A span of time, milliseconds since 1970: from an instant until another. */
type Span = [from: number, until: number];

/** Cache: a desk asks about the same few days for each of its incidents. */
const knownSpans = new WeakMap<SupportTerms, Map<LocalDate, readonly Span[]>>();

/** Support's hours that begin on a date, in order of time. One that goes over midnight ends on the next date. */
export function spansOn(date: LocalDate, support: SupportTerms): readonly Span[] {
  const known = knownSpans.get(support) ?? new Map<LocalDate, readonly Span[]>();
  knownSpans.set(support, known);
  const spans = known.get(date) ?? findSpans(date, support);
  known.set(date, spans);
  return spans;
}

function findSpans(date: LocalDate, support: SupportTerms): Span[] {
  return hoursOf(support)
    .filter(({ days }) => isDayOf(days, date, support))
    .flatMap(({ days, from, to: ends }): Span[] => {
      const to = days !== 'all' && support.halfDays.includes(date) ? earlierEnd(from, ends, support) : ends;
      if (to === undefined) return [];
      const until = from < to ? endAt(date, to) : endAt(addDays(date, 1), to);
      const span: Span = [Date.parse(beginningAt(date, from)), Date.parse(until)];
      return span[0] < span[1] ? [span] : [];
    })
    .sort(([a], [b]) => a - b);
}

/** Support's hours as a list; those of the old form are on open days. */
export function hoursOf({ hours, opens, closes }: SupportTerms): readonly SupportHours[] {
  return hours ?? [{ days: 'open', from: opens, to: closes }];
}

/**
 * Whether support is open by some hours whenever it is by others, on every kind of day and after every other.
 *
 * @example covers([{ days: 'all', from: '00:00', to: '24:00' }], [{ days: ['fri'], from: '22:00', to: '06:00' }]) // true
 */
export function covers(hours: readonly SupportHours[], others: readonly SupportHours[]): boolean {
  return supportDays.every((before) =>
    supportDays.every((day) => {
      const [own, theirs] = [hours, others].map((each) => spansOfDay(each, before, day));
      // Whether the hours cover a time of day changes only where one of the spans begins or ends.
      const times = ['00:00', ...[...(own ?? []), ...(theirs ?? [])].flat()].filter((time) => time < '24:00');
      const isIn = (spans: [string, string][] = [], time: string): boolean =>
        spans.some(([from, to]) => from <= time && time < to);
      return times.every((time) => !isIn(theirs, time) || isIn(own, time));
    }),
  );
}

/** The hours of a kind of day, and the rest of those that began on the day before. */
function spansOfDay(
  hours: readonly SupportHours[],
  before: SupportDay,
  day: SupportDay,
): [from: string, to: string][] {
  const begin = (days: SupportHours['days'], on: SupportDay): boolean => {
    if (days === 'all') return true;
    return days === 'open' ? weekdays.slice(0, 5).some((each) => each === on) : days.includes(on);
  };
  return hours.flatMap(({ days, from, to }): [string, string][] => {
    const rest: [string, string][] = from > to && begin(days, before) ? [['00:00', to]] : [];
    const own: [string, string][] = begin(days, day) ? [[from, from < to ? to : '24:00']] : [];
    return [...rest, ...own];
  });
}

/** Whether hours begin on a date: a holiday, or a day closed besides, is one whatever weekday it is. */
function isDayOf(days: SupportHours['days'], date: LocalDate, support: SupportTerms): boolean {
  if (days === 'all') return true;
  if (days === 'open') return isOpenDay(date, closedDaysOf(support));
  if (isHoliday(date) || support.closedDays.includes(date)) return days.includes('holidays');
  const weekday = weekdays[(new Date(date).getUTCDay() + 6) % 7];
  return weekday !== undefined && days.includes(weekday);
}

/** When hours end on a half day; `undefined` if they would begin only after it has closed. */
function earlierEnd(from: string, to: string, { halfDayCloses }: SupportTerms): string | undefined {
  if (from < to && to <= halfDayCloses) return to;
  return from < halfDayCloses ? halfDayCloses : undefined;
}

/** The instant itself within support's hours, else the next time support opens. */
export function nextSupportInstant(instant: Instant, support: SupportTerms): Instant {
  const now = Date.parse(instant);
  for (let day = addDays(localDateOf(instant), -1); ; day = addDays(day, 1)) {
    const found = spansOn(day, support).find(([, until]) => until > now);
    if (found) return found[0] <= now ? instant : new Date(found[0]).toISOString();
  }
}

/** When support opened, and when it closed. */
export interface Stretch {
  opened: Instant;
  closed: Instant;
}

/** How many days back and ahead an opening is looked for. Who is open for longer than that has none. */
const reaches = [8, 400];

/** The last time support opened after it had been closed, at or before an instant; none for one that never closes. */
export function lastOpening(instant: Instant, support: SupportTerms): Instant | undefined {
  return lastStretch(instant, support, ({ opened }) => opened <= instant)?.opened;
}

/** The next time support opens after an instant, having been closed; none for one that never closes. */
export function openingAfter(instant: Instant, support: SupportTerms): Instant | undefined {
  for (const reach of reaches) {
    const found = stretches(instant, -1, reach, support).find(({ opened }) => opened > instant);
    if (found) return found.opened;
  }
  return undefined;
}

/** When support was open last before an opening. */
export function stretchBefore(opening: Instant, support: SupportTerms): Stretch | undefined {
  return lastStretch(opening, support, ({ closed }) => closed < opening);
}

/** The last stretch of which something holds. One that begins on the first day looked at may have begun before. */
function lastStretch(
  instant: Instant,
  support: SupportTerms,
  holds: (stretch: Stretch) => boolean,
): Stretch | undefined {
  for (const reach of reaches) {
    const secondDay = instantAt(addDays(localDateOf(instant), 1 - reach), '00:00');
    const found = stretches(instant, -reach, 0, support).filter(({ opened }) => opened >= secondDay);
    const last = found.findLast(holds);
    if (last) return last;
  }
  return undefined;
}

/** When support is open without a break, by the hours that begin within some days of an instant. */
function stretches(instant: Instant, first: number, last: number, support: SupportTerms): Stretch[] {
  const today = localDateOf(instant);
  const merged: Span[] = [];
  for (let day = first; day <= last; day += 1)
    for (const [from, until] of spansOn(addDays(today, day), support)) {
      const before = merged.at(-1);
      if (before && from <= before[1]) before[1] = Math.max(before[1], until);
      else merged.push([from, until]);
    }
  return merged.map(([from, until]) => ({
    opened: new Date(from).toISOString(),
    closed: new Date(until).toISOString(),
  }));
}
