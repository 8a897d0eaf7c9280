/** Until when a check rests that somebody lets rest without saying for how long. */
import { instantAt, localDateOf } from '../calendar/calendar';
import { addDays } from '../calendar/dates';
import type { Instant } from '../contract/contract';
import type { SupportTerms } from '../ruleset/terms';
import { lastOpening, nextWorkday, openingAfter } from '../terms/support-hours';

/** The end of a pause, and what happens then: support opens on the day after, or the same day or later, or people begin to work. */
export interface PauseEnd {
  at: Instant;
  when: 'tomorrow' | 'opening' | 'workday';
}

/**
 * The next time that support opens: the same day where it has not opened that day yet, else from the next day on. Support that never closes never opens either: then the next
 * working day.
 *
 * @param now when it begins to rest
 */
export function usualPauseEnd(now: Instant, support: SupportTerms): PauseEnd {
  const today = localDateOf(now);
  const next = addDays(today, 1);
  const [before, coming] = [lastOpening(now, support), openingAfter(now, support)];
  if (
    coming !== undefined &&
    localDateOf(coming) === today &&
    (before === undefined || localDateOf(before) < today)
  )
    return { at: coming, when: 'opening' };
  const midnight = instantAt(next, '00:00');
  const opening = openingAfter(new Date(Date.parse(midnight) - 1).toISOString(), support);
  if (opening === undefined) return { at: nextWorkday(midnight, support), when: 'workday' };
  return { at: opening, when: localDateOf(opening) === next ? 'tomorrow' : 'opening' };
}
