/** When we act: "08:30-16:30 helgfria vardagar om ej annat avtalas". */
import { addOpenDays, instantAt, isOpenDay, localDateOf, nextOpening } from './calendar';
import type { Instant, LocalDate } from './contract';
import type { SupportTerms } from './terms';

/** The instant itself within support hours, else the next time support opens. */
export function nextSupportInstant(instant: Instant, { opens, closes }: SupportTerms): Instant {
  const today = localDateOf(instant);
  const within = isOpenDay(today) && instantAt(today, opens) <= instant && instant < instantAt(today, closes);
  return within ? instant : nextOpening(instant, opens);
}

/** Open days after `from` up to and with `to`: how many days late something is. 0 if `to` is not later. */
export function openDaysBetween(from: LocalDate, to: LocalDate): number {
  let count = 0;
  for (let day = addOpenDays(from, 1); day <= to; day = addOpenDays(day, 1)) count += 1;
  return count;
}
