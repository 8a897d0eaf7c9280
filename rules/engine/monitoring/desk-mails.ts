/** The mails a desk gets by the calendar: a digest each morning, and each month a list of noisy checks. */
import { instantAt } from '../calendar/calendar';
import { addDays, addSeconds } from '../calendar/dates';
import type { Instant, LocalDate } from '../contract/contract';
import { lastOpening, nextWorkday, openingAfter, stretchBefore } from '../terms/support-hours';
import type { SupportTerms } from '../ruleset/terms';
import type { DeskAgreement, DeskIncident, DeskMail, DeskView } from './desk-view';
import { successorOf } from './succession';

/**
 * Whether a morning's digest tells of an incident: it began or ended since support closed, or it ended while support was
 * open before that and nobody was told of it.
 */
function happened(
  { openedAt, closedAt, toldAt }: DeskIncident,
  opening: Instant,
  support: SupportTerms,
): boolean {
  const before = stretchBefore(opening, support);
  if (!before) return false;
  const { opened, closed } = before;
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
  if (opening === undefined) return undefined;
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
  const since = news.map(({ its }) => stretchBefore(opening, its.support)?.closed ?? opening).sort()[0];
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
  if (opening === undefined || !wantsDigest(of)) return undefined;
  const asked = incidents.some(
    (incident) => incident.agreement === of.agreement && happened(incident, opening, of.support),
  );
  return asked ? opening : undefined;
}

/** The first days of a date's own month, of the month before it and of the month after it. */
export function monthsAround(date: LocalDate): { before: LocalDate; own: LocalDate; after: LocalDate } {
  const own = `${date.slice(0, 7)}-01`;
  const first = (day: LocalDate): LocalDate => `${day.slice(0, 7)}-01`;
  return { before: first(addDays(own, -1)), own, after: first(addDays(own, 31)) };
}

/** When the first working day begins in the month of a date. */
export function firstWorkdayOf(month: LocalDate, support: SupportTerms): Instant {
  return nextWorkday(instantAt(`${month.slice(0, 7)}-01`, '00:00'), support);
}

/** The instant from which on events are read for a digest. */
export function digestReach(asOf: Instant, support: SupportTerms): Instant {
  const opening = lastOpening(asOf, support) ?? asOf;
  const opened = stretchBefore(opening, support)?.opened ?? opening;
  // Other agreements of the desk may have been closed for longer: a week more covers them.
  return addSeconds(opened, -7 * 86_400);
}
