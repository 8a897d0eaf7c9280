/** When we act: "08:30-16:30 helgfria vardagar om ej annat avtalas". */
import { addOpenDays, instantAt, isOpenDay, localDateOf, nextOpening } from '../calendar/calendar';
import type { Instant, LocalDate } from '../contract/contract';
import type { SupportTerms } from '../ruleset/terms';

/** The days on which an agreement is closed besides weekends and holidays, as a set. */
export function closedDaysOf({ closedDays }: Pick<SupportTerms, 'closedDays'>): ReadonlySet<LocalDate> {
  return new Set(closedDays);
}

/** The local time of day support closes on an open day. */
export function closingTime(date: LocalDate, { closes, halfDays, halfDayCloses }: SupportTerms): string {
  return halfDays.includes(date) && halfDayCloses < closes ? halfDayCloses : closes;
}

/** The instant itself within support hours, else the next time support opens. */
export function nextSupportInstant(instant: Instant, support: SupportTerms): Instant {
  const { opens } = support;
  const closed = closedDaysOf(support);
  const today = localDateOf(instant);
  const within =
    isOpenDay(today, closed) &&
    instantAt(today, opens) <= instant &&
    instant < instantAt(today, closingTime(today, support));
  return within ? instant : nextOpening(instant, opens, closed);
}

/** When a mail about what happens at an instant goes out: at once, or held until support is open. */
export function mailInstant(instant: Instant, support: SupportTerms): Instant {
  return support.outsideHours === 'send' ? instant : nextSupportInstant(instant, support);
}

/** Open days after `from` up to and with `to`: how many days late something is. 0 if `to` is not later. */
export function openDaysBetween(from: LocalDate, to: LocalDate, closed: ReadonlySet<LocalDate>): number {
  let count = 0;
  for (let day = addOpenDays(from, 1, closed); day <= to; day = addOpenDays(day, 1, closed)) count += 1;
  return count;
}
