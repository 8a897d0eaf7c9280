import { localDateOf } from '../calendar/calendar';
import { addDays, later } from '../calendar/dates';
import type { Instant, LocalDate } from '../contract/contract';

/**
 * The day before which a campaign places no upgrade anew: tomorrow, where it was begun anew after its window, and no earlier than
 * the day to which its customer has postponed it.
 *
 * @param upgrade whether it was begun anew, when its window began, and the day of its customer
 * @returns nothing where its window is to come, or it goes on as it began
 */
export function waitsUntil(
  {
    isAnew,
    from,
    postponedUntil = '',
  }: { isAnew: boolean; from: Instant; postponedUntil?: LocalDate | undefined },
  asOf: Instant,
): LocalDate | undefined {
  return isAnew && from <= asOf ? later(addDays(localDateOf(asOf), 1), postponedUntil) : undefined;
}
