/** The mails a desk gets by the calendar: a digest each morning, and each month a list of noisy checks. */
import {
  addOpenDays,
  instantAt,
  isOpenDay,
  localDateOf,
  nextOpening,
  previousOpenDay,
} from '../calendar/calendar';
import { addDays, addSeconds } from '../calendar/dates';
import type { Instant, LocalDate } from '../contract/contract';
import { closedDaysOf, closingTime } from '../terms/support-hours';
import type { SupportTerms } from '../ruleset/terms';
import type { DeskAgreement, DeskIncident, DeskMail, DeskView } from './desk-view';
import { successorOf } from './succession';

/** The last time support opened, at or before an instant. */
export function lastOpening(instant: Instant, support: SupportTerms): Instant {
  const closed = closedDaysOf(support);
  const today = localDateOf(instant);
  const isToday = isOpenDay(today, closed) && instantAt(today, support.opens) <= instant;
  return instantAt(isToday ? today : previousOpenDay(addDays(today, -1), closed), support.opens);
}

/** The next time support opens after an instant. */
export function openingAfter(instant: Instant, support: SupportTerms): Instant {
  return nextOpening(new Date(Date.parse(instant) + 1).toISOString(), support.opens, closedDaysOf(support));
}

/** When support opened and closed on the open day before an opening. */
export function dayBefore(opening: Instant, support: SupportTerms): { opened: Instant; closed: Instant } {
  const day = addOpenDays(localDateOf(opening), -1, closedDaysOf(support));
  return { opened: instantAt(day, support.opens), closed: instantAt(day, closingTime(day, support)) };
}

/**
 * Whether a morning's digest tells of an incident: it began or ended since support closed, or it ended during the day
 * before and nobody was told of it.
 */
function happened(
  { openedAt, closedAt, toldAt }: DeskIncident,
  opening: Instant,
  support: SupportTerms,
): boolean {
  const { opened, closed } = dayBefore(opening, support);
  const isIn = (at: Instant | null, from: Instant, until: Instant): boolean =>
    at !== null && from <= at && at < until;
  return (
    isIn(openedAt, closed, opening) ||
    isIn(closedAt, closed, opening) ||
    (toldAt === null && isIn(closedAt, opened, closed))
  );
}

const wantsDigest = (of: DeskAgreement | undefined): of is DeskAgreement =>
  of?.monitoring.morningDigest === true;

/** The key by which a desk's digest, or its list of noisy checks, for one opening is sent only once. */
export const onceOf = (kind: 'digest' | 'noise', address: string, opening: Instant): string =>
  `${kind}/${address}/${opening}`;

/**
 * The digest for an agreement's last opening, over all agreements of the desk that opened then: what happened, and
 * what is still down. None if nothing happened, or if it was decided before.
 *
 * @param view with its incidents as they are after what is due was decided
 */
export function digestDue(view: DeskView, of: DeskAgreement, asOf: Instant): DeskMail | undefined {
  const opening = lastOpening(asOf, of.support);
  const once = onceOf('digest', view.address, opening);
  if (view.decided.has(once)) return undefined;
  const inScope = view.incidents.flatMap((incident) => {
    const its = view.agreements.get(incident.agreement);
    // What became another incident is not over: that one is told.
    if (successorOf(incident, view.incidents)) return [];
    return wantsDigest(its) && lastOpening(asOf, its.support) === opening ? [{ incident, its }] : [];
  });
  const news = inScope.filter(({ incident, its }) => happened(incident, opening, its.support));
  const [first] = news.map(({ its }) => its.agreement).sort();
  if (first === undefined) return undefined;
  const told = inScope.filter(
    (one) => news.includes(one) || (one.incident.closedAt === null && one.incident.openedAt < opening),
  );
  const since = news.map(({ its }) => dayBefore(opening, its.support).closed).sort()[0] ?? opening;
  return {
    kind: 'digest',
    storm: false,
    agreement: first,
    to: 'support',
    recipient: view.address,
    incidents: told.map(({ incident }) => incident.id).sort((a, b) => a - b),
    detail: {
      since,
      opening,
      open: told.filter(({ incident }) => incident.closedAt === null).map(({ incident }) => incident.id),
      suppressed: Object.fromEntries(
        told.flatMap(({ incident: { id, suppressed } }) => (suppressed === null ? [] : [[id, suppressed]])),
      ),
    },
    once,
    dueAt: opening,
  };
}

/** When an agreement's next digest falls due, if what has happened already asks for one. */
export function nextDigestAt(
  incidents: readonly DeskIncident[],
  of: DeskAgreement,
  asOf: Instant,
): Instant | undefined {
  const opening = openingAfter(asOf, of.support);
  const asked = incidents.some(
    (incident) => incident.agreement === of.agreement && happened(incident, opening, of.support),
  );
  return wantsDigest(of) && asked ? opening : undefined;
}

/** The first days of a date's own month, of the month before it and of the month after it. */
export function monthsAround(date: LocalDate): { before: LocalDate; own: LocalDate; after: LocalDate } {
  const own = `${date.slice(0, 7)}-01`;
  const first = (day: LocalDate): LocalDate => `${day.slice(0, 7)}-01`;
  return { before: first(addDays(own, -1)), own, after: first(addDays(own, 31)) };
}

/** The first time support opens in the month of a date. */
export function firstOpeningOf(month: LocalDate, support: SupportTerms): Instant {
  return nextOpening(instantAt(`${month.slice(0, 7)}-01`, '00:00'), support.opens, closedDaysOf(support));
}

/** The instant from which on events are read for a digest. */
export function digestReach(asOf: Instant, support: SupportTerms): Instant {
  const { opened } = dayBefore(lastOpening(asOf, support), support);
  // Other agreements of the desk may have been closed for longer: a week more covers them.
  return addSeconds(opened, -7 * 86_400);
}
