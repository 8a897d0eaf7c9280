import { compare } from '../basics/compare';
import { instantAt } from '../calendar/calendar';
import type { Called, KnownIds, Obligation, YearPlan } from './plan';
import { closedOf, planContext } from './plan-context';
import type { PlanContext, PlanInput } from './plan-context';
import { earlier } from '../calendar/dates';
import { contactId } from '../contract/change-contract';
import type { Contract } from '../contract/contract';
import type { Check } from '../contract/monitor';
import { declaredChecks } from '../terms/declared-checks';
import { yearCalendar } from './year-calendar';
import { planHourBank } from './plan-hour-bank';
import { planMeetings } from './plan-meetings';
import { planRenewal, renewalOf } from './plan-renewal';
import { announcementOf, answerInstant } from '../terms/support-hours';
import { planStart } from './plan-start';
import { inPhaseOrder } from '../upgrade/in-phase-order';
import { planUpgrade } from './plan-upgrade';
import { findRelease } from '../releases/release-for';
import { nextUsable } from './targets';
import { upgradePlanOf } from './upgrade-to-plan';

/**
 * Plans one agreement year: what is owed, by whom, when, and which mails it takes. The same input gives the same
 * plan. With `progress` it re-plans: what is closed stays as it was, what is open follows the terms.
 *
 * A year that began in the past has nothing overdue: the rest of it is planned from `asOf`. What has no open day left is
 * owed all the same, and told as missed at the close.
 */
export function planYear(input: PlanInput): YearPlan {
  const context = planContext(input);
  const { contract, terms, from, to, startsAt, endsAt, plannedFrom, previous } = context;
  const anyDayLeft = context.firstDay <= context.lastDay;
  const planned = [planStart, planMeetings, planUpgrade, planHourBank, planRenewal].flatMap((plan) =>
    plan(context),
  );
  const owed = anyDayLeft ? planned : planned.map(withoutDay);
  const closed = previous?.obligations.filter(({ id }) => closedOf(context, id) !== undefined) ?? [];
  const checks = declaredChecks(contract, terms);
  const close = closed.some(({ id }) => id === 'close') ? [] : [closeOfYear(context)];
  const obligations = inOrder([...closed, ...owed, ...close]);
  const upgrade = upgradePlanOf(context);
  return {
    agreement: contract.agreement,
    yearNumber: context.yearNumber,
    from,
    to,
    startsAt,
    endsAt,
    ...welcomeOf(context),
    ...(previous?.takenOver && { takenOver: previous.takenOver }),
    announceAt: announcementOf(endsAt, terms.support, terms.hourBank.close?.graceWorkingDays),
    plannedFrom,
    ...termsChange(context, upgrade),
    revision: previous === undefined ? 1 : previous.revision + 1,
    rulesetHash: context.rulesetHash,
    hourlyRateMinor: context.prices.hourlyRateMinor,
    renewal: renewalOf(context),
    calendar: yearCalendar(context),
    ids: idsOf(contract, checks),
    called: calledIn(contract, checks),
    holdMinutes: terms.notices.holdMinutes,
    ...(terms.support.outsideHours === 'hold' && { nightRest: true }),
    meetings: {
      lengthMinutes: terms.meetings.lengthMinutes,
      startTime: terms.meetings.startTime,
      drawsFromHourBank: terms.meetings.drawsFromHourBank,
      roles: terms.notices.recipients.meeting,
    },
    ...settledMeetings(context),
    alertPercents: [...terms.hourBank.alertPercents],
    statementRoles: [...terms.notices.recipients.hours],
    ...(terms.hourBank.packages && {
      packages: terms.hourBank.packages
        .filter(({ currency = 'SEK' }) => currency === contract.hourBank.currency)
        .map(({ hours, pricePerHour }) => ({ hours, priceMinor: pricePerHour * 100 })),
    }),
    endRoles: [...terms.notices.recipients.renewal],
    summaryRoles: [...terms.notices.recipients.summary],
    ...upgrade,
    obligations,
    ...withdrawnFrom(previous, obligations),
  };
}

/** An obligation as it is owed in a year of which no open day is left; a person may have booked it all the same. */
function withoutDay(owed: Obligation): Obligation {
  if (owed.booked) return owed;
  return { ...owed, opensAt: earlier(owed.opensAt, owed.dueAt), noDayLeft: true, notices: [] };
}

/**
 * The next day on which a dated rule changes the terms, a release is withdrawn that the upgrade goes to, or one may be used that it
 * waits for.
 */
function termsChange(
  context: PlanContext,
  { upgrade }: Pick<YearPlan, 'upgrade'>,
): Pick<YearPlan, 'termsChangeOn' | 'termsChangeAt'> {
  const { termsChangeOn, releases = [], today, to } = context;
  const { carried } = upgrade ?? {};
  const goals = [upgrade?.targets, carried?.targets].flatMap((targets) => Object.entries(targets ?? {}));
  const withdrawals = goals.flatMap(([system, version]) => {
    const on = findRelease(releases, system, version)?.withdrawn?.on;
    return on !== undefined && on > today && on < to ? [on] : [];
  });
  const usable = upgrade && nextUsable(context, upgrade);
  const ofCarried = carried?.systems && nextUsable(context, { ...carried, systems: carried.systems });
  const [next] = [...withdrawals, usable, ofCarried, termsChangeOn]
    .flatMap((on) => on ?? [])
    .filter((on) => on < to)
    .sort();
  if (next === undefined) return {};
  return { termsChangeOn: next, termsChangeAt: instantAt(next, '00:00') };
}

/** Obligations no longer owed, with their revisions. One that is owed again goes on from there, and gets new mails. */
function withdrawnFrom(
  previous: YearPlan | undefined,
  obligations: readonly Obligation[],
): Pick<YearPlan, 'withdrawn'> {
  const kept = new Set(obligations.map(({ id }) => id));
  const gone = (previous?.obligations ?? []).filter(({ id }) => !kept.has(id));
  const before = Object.entries(previous?.withdrawn ?? {}).filter(([id]) => !kept.has(id));
  const withdrawn = [...before, ...gone.map(({ id, revision }) => [id, revision] as const)];
  return withdrawn.length > 0 ? { withdrawn: Object.fromEntries(withdrawn) } : {};
}

/** The legal end of the period: midnight, whatever day of the week. */
function closeOfYear({ to, endsAt }: PlanContext): Obligation {
  return {
    id: 'close',
    strand: 'close',
    owner: 'consultant',
    opensAt: endsAt,
    dueOn: to,
    dueAt: endsAt,
    revision: 1,
    late: false,
    notices: [],
  };
}

/**
 * The mail that answers the customer's signature: at once, even before the start, but not at night. Not for one that is
 * taken over.
 */
function welcomeOf({ yearNumber, plannedFrom, terms, previous }: PlanContext): Pick<YearPlan, 'welcome'> {
  if (yearNumber > 1 || previous?.takenOver) return {};
  return {
    welcome: {
      step: 'welcome',
      at: answerInstant(plannedFrom, terms.support),
      template: 'welcome',
      to: 'customer',
      roles: terms.notices.recipients.welcome,
    },
  };
}

/**
 * By date; phases of the upgrade that share one in the order in which they follow one another, the rest by id. A phase that was
 * closed before its day stands before those that came earlier because of that.
 */
function inOrder(obligations: readonly Obligation[]): Obligation[] {
  const name = ({ strand, id }: Obligation): string => (strand === 'upgrade' ? strand : id);
  const all = inPhaseOrder(obligations);
  const days = new Map(all.map(({ id, dueOn }) => [id, dueOn]));
  const dayOf = ({ id, dueOn }: Obligation): string => days.get(id) ?? dueOn;
  for (const one of [...all].reverse()) {
    const before = one.strand === 'upgrade' && one.after !== undefined ? days.get(one.after) : undefined;
    if (one.after !== undefined && before !== undefined) days.set(one.after, earlier(before, dayOf(one)));
  }
  return all.sort((a, b) => compare(dayOf(a), dayOf(b)) || compare(name(a), name(b)));
}

/** Names of companies, programs and checks, and the roles of contacts: what the page may show. */
function calledIn({ customer, contacts, integrations }: Contract, checks: readonly Check[]): Called {
  return {
    customer: customer.name,
    roles: Object.fromEntries(
      contacts.customer.map((contact, index) => [contactId(contact, index), contact.roles]),
    ),
    integrations: Object.fromEntries(integrations.map(({ id, name }) => [id, name])),
    monitors: Object.fromEntries(checks.map(({ id, name }) => [id, name])),
  };
}

/** What people can name in a message. */
function idsOf({ contacts, systems, integrations }: Contract, checks: readonly Check[]): KnownIds {
  const ids = integrations.map(({ id }) => id);
  return {
    consultant: contacts.consultant.id ?? 'unnamed',
    contacts: contacts.customer.map(contactId),
    integrations: ids,
    modules: [...new Set([...Object.keys(systems), ...ids])],
    monitors: checks.map(({ id }) => id),
  };
}

/** What people settled about meetings, kept with the plan: a preview plans again from the same data as the year. */
function settledMeetings({ progress }: PlanContext): Pick<YearPlan, 'settled'> {
  const { meetings = {} } = progress ?? {};
  return Object.keys(meetings).length > 0 ? { settled: meetings } : {};
}
