/** Until when a check rests that somebody lets rest without saying for how long. */
import { instantAt, localDateOf } from '../calendar/calendar';
import { addDays } from '../calendar/dates';
import type { Instant } from '../contract/contract';
import type { SupportTerms } from '../ruleset/terms';
import { nextWorkday, openingAfter } from '../terms/support-hours';

/** The end of a pause, and what happens then: support opens on the day after, or later, or people begin to work. */
export interface PauseEnd {
  at: Instant;
  when: 'tomorrow' | 'opening' | 'workday';
}

/**
 * The first time from the next day on that support opens. Support that never closes never opens either: then the next
 * working day.
 *
 * @param now when it begins to rest
 */
export function usualPauseEnd(now: Instant, support: SupportTerms): PauseEnd {
  const next = addDays(localDateOf(now), 1);
  const midnight = instantAt(next, '00:00');
  const opening = openingAfter(new Date(Date.parse(midnight) - 1).toISOString(), support);
  if (opening === undefined) return { at: nextWorkday(midnight, support), when: 'workday' };
  return { at: opening, when: localDateOf(opening) === next ? 'tomorrow' : 'opening' };
}
