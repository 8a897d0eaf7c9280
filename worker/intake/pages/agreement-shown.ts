/** The customer's page as it is read: words for what is known, and money only where it may be shown. */
import type { AgreementPage } from '../../../activities/pages/agreement';
import type { PageAction, PageDate } from '../../../activities/pages/agreement-dates';
import { isOwn } from '../../../activities/pages/agreement-dates';
import type { Minutes } from '../../../activities/pages/kept-to-read';
import type { Worksheet, WorksheetPhase } from '../../../activities/pages/worksheet';
import type { MonitorRow } from '../../../activities/monitors/overview';
import { addDays } from '../../../rules/engine/calendar/dates';
import { localDateOf } from '../../../rules/engine/calendar/calendar';
import { phaseNamesOf } from '../../../rules/engine/plan/phase-in-plan';
import { shortId } from '../../../rules/engine/basics/short-id';
import { countParts } from '../../../rules/engine/upgrade/count-parts';
import { takesSystemDown } from '../../../rules/engine/upgrade/phases';
import { hoursOf } from '../../../rules/engine/terms/support-hours';
import type {
  AgreementPageData,
  AskForms,
  NamedValue,
  StandingRow,
} from '../../../templates/pages/agreement-data';
import { agreementSays as says } from '../../../templates/pages/agreement-words';
import { reachOf } from '../../../templates/pages/link-words';
import type { Problem, WorksheetNews } from '../../../templates/pages/render-page';
import { testProgress } from '../../../templates/pages/test-words';
import { fill } from '../../../templates/pages/wording';
import { worksheetSays } from '../../../templates/pages/worksheet-words';
import {
  dayBefore,
  formatMoment,
  formatShortDate,
  formatSpan,
  formatTime as timeOf,
} from '../../../templates/words/dates';
import { capitalize, label } from '../../../templates/words/labels';
import { formatMinutes, formatMoney, formatTimeInWords } from '../../../templates/words/numbers';
import { formatSupportHours } from '../../../templates/words/support-hours';
import { meetingsToMove } from './agreement-requests';
import { hoursShown } from './agreement-hours-shown';
import type { Shown, Visit } from './page';
import type { Form } from './read-form';

export type AgreementVisit = Visit<AgreementPage>;

const day = (on: string, { language }: AgreementVisit, weekday = false): string =>
  formatShortDate(on, language, { weekday });
const moment = (at: string, visit: AgreementVisit): string => formatMoment(at, visit.language);

/** @param form what was written in a form that was not taken */
export function agreementShown(visit: AgreementVisit, form: Form, problems: readonly Problem[]): Shown {
  const { subject, language, contract, ended } = visit;
  const { plan, last } = subject;
  const data: AgreementPageData = {
    lead: fill(says.lead[language], {
      level: label('level', contract!.level, language),
      year: `${plan.yearNumber}`,
      ...{ from: day(plan.from, visit), to: day(dayBefore(plan.to), visit), now: moment(subject.now, visit) },
    }),
    ...(ended && { ended: says.ended[language] }),
    ...(last && problems.length === 0 && newsOf(last, visit)),
    ...waitsFor(visit),
    dates: datesShown(visit),
    ...hoursShown(visit),
    upgrades: subject.upgrades.map((one) => upgradeShown(one, visit)),
    monitors: subject.monitors.map((one) => monitorShown(one, visit)),
    others: othersShown(visit),
    toRead: toRead(visit),
    requests: requestsShown(visit),
    ...(!ended && { asks: formsOf(visit, form) }),
    ...feedShown(visit),
    reach: reachShown(visit),
  };
  const title = fill(says.title[language], { customer: contract!.customer.name });
  return { page: 'agreement', title, data };
}

/** Milliseconds for which what came of a ticked action is told. */
const newsFor = 12 * 3_600_000;

function newsOf(
  { at, answer }: NonNullable<AgreementPage['last']>,
  visit: AgreementVisit,
): { news?: WorksheetNews } {
  const { language, now } = visit;
  if (now - Date.parse(at) > newsFor) return {};
  const when = moment(at, visit);
  if (!answer) return { news: { waits: fill(worksheetSays.waits[language], { when }) } };
  if (answer.refused !== undefined)
    return { news: { when: fill(worksheetSays.refused[language], { when }), refused: answer.refused } };
  return { news: { taken: fill(says.actionDone[language], { when }) } };
}

/** What waits for the customer: a phase of the upgrade, an order, and the reader's own actions. */
function waitsFor(visit: AgreementVisit): Pick<AgreementPageData, 'waits' | 'own'> {
  const { subject, language, proven, contract, link } = visit;
  const { waiting, currency } = subject.hours;
  const phases = subject.upgrades.flatMap((one) => {
    const { on } = one;
    if (on?.owner !== 'customer' || on.dueOn === undefined || !isOn(one, subject)) return [];
    const values = { phase: phaseName(on.id, visit), day: day(on.dueOn, visit) };
    const at = subject.openAt[on.id];
    return [{ text: fill(says.waitsUpgrade[language], values), ...(at && { url: visit.urlOf(at) }) }];
  });
  const order = fill(says.waitsOrder[language], {
    hours: formatTimeInWords(waiting.seconds, language),
    consultant: contract!.contacts.consultant.name,
  });
  const costs = fill(says.waitsAmount[language], {
    amount: formatMoney(waiting.amountMinor, currency, language),
  });
  return {
    waits: [...phases, ...(waiting.seconds > 0 ? [{ text: proven ? `${order} ${costs}` : order }] : [])],
    own: subject.actions
      .filter((one) => isOwn(one, link.contact))
      .map((one) => ({ id: one.id, text: actionText(one, visit) })),
  };
}

function actionText({ what, dueOn }: PageAction, visit: AgreementVisit): string {
  const text = fill(says.waitsAction[visit.language], { what, day: day(dueOn, visit) });
  return dueOn < visit.subject.today ? `${text} (${says.overdue[visit.language]})` : text;
}

/** Whether the phase that comes next can be worked on: its day has come, or its own page takes what the customer says. */
const isOn = ({ on }: Worksheet, { plan, now }: AgreementPage): boolean =>
  on?.planned.kind === 'test' ||
  on?.planned.kind === 'approval' ||
  (plan.obligations.find(({ id }) => id === on?.id)?.opensAt ?? '') <= now;

function datesShown(visit: AgreementVisit): StandingRow[] {
  const { plan, dates } = visit.subject;
  const { language } = visit;
  const rows = dates.map((one): StandingRow => {
    const when = one.booked && one.at !== undefined ? ` ${timeOf(one.at)}` : '';
    return {
      name: capitalize(label('obligation', one.id, language, phaseNamesOf(plan))),
      day: `${day(one.on, visit, true)}${when}`,
      ...stateOfDate(one, visit),
    };
  });
  const last = dayBefore(plan.to);
  return [...rows, { name: says.yearEnds[language], day: day(last, visit, true), state: '' }];
}

function stateOfDate(one: PageDate, visit: AgreementVisit): Pick<StandingRow, 'state' | 'good' | 'bad'> {
  const { language, subject } = visit;
  const { strand, state, closedOn, booked, on } = one;
  if (state === 'done') {
    const word = strand === 'meetings' || one.id.startsWith('test-session') ? says.held : says.done;
    if (strand === 'hourBank' || closedOn === undefined)
      return { state: (strand === 'hourBank' ? says.sent : says.isDone)[language], good: true };
    return { state: fill(word[language], { day: day(closedOn, visit) }), good: true };
  }
  if (state !== 'open') return { state: says.states[state][language], bad: state === 'missed' };
  if (on < subject.today) return { state: says.notReported[language] };
  if (booked) return { state: says.booked[language] };
  return { state: strand === 'meetings' ? says.notBooked[language] : '' };
}

const phaseName = (id: string, { subject, language }: AgreementVisit): string =>
  capitalize(label('phase', shortId(id), language, phaseNamesOf(subject.plan)));

function upgradeShown(sheet: Worksheet, visit: AgreementVisit): AgreementPageData['upgrades'][number] {
  const { language, subject } = visit;
  const { phases, on, stands } = sheet;
  const parts = phases.flatMap((phase) => phase.parts);
  const agreed = parts.find(({ kind }) => kind === 'date')?.result?.on;
  const of = /^upgrade-(\d+)\//.exec(phases[0]?.id ?? '')?.[1];
  return {
    title: of === undefined ? says.upgrade[language] : fill(says.upgradeOf[language], { year: of }),
    ...(stands?.state && { stands: says.upgradeStands[stands.state][language] }),
    ...(of === undefined && downShown(sheet, visit)),
    ...(agreed !== undefined && { agreed: fill(says.agreed[language], { day: day(agreed, visit) }) }),
    systems: parts
      .filter(({ kind }) => kind === 'system')
      .map(({ id, from, target, result }): NamedValue => {
        const versions = new Set([from, result?.version ?? target].filter((one) => one !== undefined));
        return { name: label('system', id, language), value: [...versions].join(' → ') };
      }),
    phases: phases.map((phase): StandingRow => {
      const { id, state, dueOn, owner } = phase;
      const isNow = phase === on && isOn(sheet, subject);
      const open = isNow ? (owner === 'customer' ? says.waitsForYou : says.isOn) : says.comes;
      const isWithout = phase.parts.some(({ kind, result }) => kind === 'decision' && result?.waived);
      const done = isWithout ? says.endedWithout : says.isDone;
      const words = state === 'done' ? done : state === 'open' ? open : says.states[state];
      return {
        name: phaseName(id, visit),
        ...(dueOn !== undefined &&
          state === 'open' && { day: fill(says.due[language], { day: day(dueOn, visit) }) }),
        state: [words[language], ...testSaid(phase, isNow, visit)].join(', '),
        good: state === 'done' && !isWithout,
        bad: state === 'open' && isNow && owner === 'customer',
      };
    }),
  };
}

/** How far the test has come, as its own page says it. */
const testSaid = (
  { planned, parts }: WorksheetPhase,
  isNow: boolean,
  { language }: AgreementVisit,
): string[] => {
  const counts = countParts(parts.filter(({ kind }) => kind === 'module'));
  return planned.kind === 'test' && isNow && counts.all > 0 ? [testProgress(counts, language)] : [];
};

/** When the system goes down for the year's own upgrade, until it has. */
function downShown({ phases }: Worksheet, { subject, language }: AgreementVisit): { down?: string } {
  const { window } = subject.plan.upgrade ?? {};
  const isToCome = phases.some(
    ({ planned, state, parts }) =>
      takesSystemDown(planned) &&
      state === 'open' &&
      !parts.some(({ kind, result }) => kind === 'go' && result?.ok),
  );
  if (!window || !isToCome) return {};
  return { down: fill(says.down[language], { span: formatSpan(window.from, window.to, language) }) };
}

/** Milliseconds after which a place that reports nothing is silent. */
const silentAfter = 10 * 60_000;

/** What it is called and how it stands: where and how it is checked is nobody's business on a page that can be forwarded. */
function monitorShown(row: MonitorRow, { language, now }: AgreementVisit): StandingRow {
  const { name, status, pausedUntil, watchedAt } = row;
  const words = says.monitor;
  const state = (key: keyof typeof words, how: Partial<StandingRow> = {}): StandingRow => ({
    ...{ name, state: words[key][language] },
    ...how,
  });
  if (status === 'notSetUp' || status === 'notPossible') return state(status);
  if (pausedUntil !== undefined) return state('paused');
  if (status === 'pending' || status === 'awaited') return state('waiting');
  if (watchedAt === undefined || now - Date.parse(watchedAt) > silentAfter) return state('silent');
  if (status === 'ok') return state('ok', { good: true });
  return state(status in words ? (status as keyof typeof words) : 'unknown', { bad: true });
}

/** Open actions of others, with who has them. */
const othersShown = (visit: AgreementVisit): AgreementPageData['others'] =>
  visit.subject.actions
    .filter((one) => !isOwn(one, visit.link.contact))
    .map((one) => ({
      ...{ what: one.what, who: personOf(one.owner, visit) },
      due: `${fill(says.due[visit.language], { day: day(one.dueOn, visit) })}${one.dueOn < visit.subject.today ? `, ${says.overdue[visit.language]}` : ''}`,
    }));

/** A name; what they are to the agreement where it is nobody's whom we know any more. */
const personOf = (id: string, { subject, language, contract }: AgreementVisit): string =>
  id === 'customer' ? contract!.customer.name : (subject.people[id] ?? label('party', 'customer', language));

function toRead(visit: AgreementVisit): AgreementPageData['toRead'] {
  const { language, subject } = visit;
  const { statements, reports, meetings } = subject.kept;
  return [
    ...reports.map(({ ofYear, madeAt }) => ({
      href: `?report=${ofYear}`,
      text: fill(says.report[language], { year: `${ofYear}`, day: day(madeAt, visit) }),
    })),
    ...statements.map(({ id, year, version, asOf, final }) => {
      const name = final
        ? fill(says.final[language], { year: `${year}` })
        : fill(says.statement[language], { day: day(asOf, visit) });
      const which = version > 1 ? `, ${fill(says.version[language], { version: `${version}` })}` : '';
      return { href: `?statement=${id}`, text: `${name}${which}` };
    }),
    ...meetings.map(({ year, id, heldOn }) => ({
      href: `?minutes=${year}/${id}`,
      text: fill(says.minutes[language], {
        meeting: label('obligation', id, language),
        day: day(heldOn, visit),
      }),
    })),
  ];
}

function requestsShown(visit: AgreementVisit): StandingRow[] {
  const { language, subject, contract } = visit;
  return subject.requests.map(({ event, at, contact, meeting = '', on, time, closedAt }): StandingRow => {
    const what = fill(says.request[event][language], { meeting: label('obligation', meeting, language) });
    const wish = [on === undefined ? undefined : day(on, visit), time].filter((one) => one !== undefined);
    const values = {
      ...{ what: capitalize(what), wish: wish.length > 0 ? ` (${wish.join(' ')})` : '' },
      ...{ who: personOf(contact, visit), day: day(localDateOf(at), visit) },
    };
    const state =
      closedAt === undefined
        ? fill(says.requestOpen[language], { consultant: contract!.contacts.consultant.name })
        : fill(says.requestClosed[language], { day: day(localDateOf(closedAt), visit) });
    return { name: fill(says.requested[language], values), state, good: closedAt !== undefined };
  });
}

function formsOf(visit: AgreementVisit, form: Form): AskForms {
  const { subject, language } = visit;
  const { do: does, about = '', wishedOn = '', wishedAt = '', newOn = '', newAt = '', why = '' } = form;
  const meetings = meetingsToMove(visit).map(({ id, on }) => ({
    value: id,
    text: `${capitalize(label('obligation', id, language))}, ${day(on, visit)}`,
    ...(id === form.meeting && { selected: true as const }),
  }));
  return {
    today: subject.today,
    meeting: { open: does === 'meeting-asked', about, on: wishedOn, at: wishedAt },
    ...(meetings.length > 0 && {
      time: { open: does === 'time-asked', meetings, on: newOn, at: newAt, why },
    }),
    contact: { open: does === 'contact-asked', changed: form.changed ?? '' },
    canMakeFeed: subject.calendar === undefined,
  };
}

function feedShown(visit: AgreementVisit): Pick<AgreementPageData, 'feed'> {
  const { subject, language, urlOf } = visit;
  if (!subject.calendar) return {};
  const address = urlOf(subject.calendar);
  const until = day(addDays(localDateOf(subject.calendar.expires), -1), visit);
  const text = fill(says.feed[language], { day: until });
  return { feed: { address, subscribe: address.replace(/^https?:/, 'webcal:'), text } };
}

/** Whom to call, and when support is there. */
function reachShown({ subject, language, contract }: AgreementVisit): string[] {
  const { consultant, manager, support } = contract!.contacts;
  const hours = formatSupportHours(hoursOf(subject.terms.support), language);
  return [
    fill(says.consultant[language], reachOf(consultant)),
    fill(says.support[language], { ...reachOf(support), hours }),
    fill(says.manager[language], reachOf(manager)),
  ];
}

/** The minutes of a meeting that was held. */
export function minutesShown(visit: AgreementVisit, minutes: Minutes): Shown {
  const { language, subject } = visit;
  const { id, heldOn, participants, decisions, note, actions } = minutes;
  const length = minutes.minutes === null ? '' : `, ${formatMinutes(minutes.minutes, language)}`;
  const meeting = label('obligation', id, language);
  return {
    page: 'minutes',
    title: fill(says.minutesTitle[language], { meeting }),
    data: {
      lead: fill(says.minutesLead[language], { day: day(heldOn, visit), length }),
      participants: participants.map((one) => personOf(one, visit)),
      decisions,
      ...(note !== null && { note }),
      actions: actions.map(({ what, owner, dueOn, done }) => ({
        name: `${what} (${personOf(owner, visit)})`,
        day: fill(says.due[language], { day: day(dueOn, visit) }),
        state: done ? says.isDone[language] : dueOn < subject.today ? says.overdue[language] : '',
        good: done,
        bad: !done && dueOn < subject.today,
      })),
    },
  };
}
