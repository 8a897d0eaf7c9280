/** Mails to the customer rest at night, unless they are about a meeting that begins before morning. */
import { afterNightIn } from '../../rules/engine/calendar/local-time';
import type { Instant } from '../../rules/engine/contract/contract';
import type { Year } from './year';
import type { Mail } from './year-state';

/** What decides whether a mail can wait. */
type Resting = Pick<Mail, 'to' | 'obligation' | 'cancelled' | 'session' | 'year'>;

/**
 * When a mail goes out that is due at an instant.
 *
 * @param at when it is due
 * @returns the same; for one to the customer at night when the next working day begins, where the terms have it wait
 */
export function restUntil(year: Year, mail: Resting, at: Instant): Instant {
  if (mail.to !== 'customer' || !year.state.plan?.nightRest) return at;
  const morning = afterNightIn(year.calendar, at);
  const isUrgent = beginnings(year, mail).some((begins) => begins > year.now() && begins <= morning);
  return isUrgent ? at : morning;
}

/** When the meeting begins that a mail is about: as it is booked, and as it was told before it was moved. */
function beginnings(year: Year, { obligation, cancelled, session, year: about }: Resting): Instant[] {
  if (cancelled) return [cancelled.at];
  if (session) return [session.at];
  const meeting = year.state.meetings[obligation];
  if (!meeting || year.isClosed(obligation) || (about ?? year.number) !== year.number) return [];
  return [meeting.booked, meeting.movedFrom].flatMap((booked) =>
    booked ? [year.instantOf(booked.on, booked.time)] : [],
  );
}
