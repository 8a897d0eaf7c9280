/** The pages of the links in alerts: to take it, to say it is mended, to let the check rest. */
import type { AlertSubject } from '../../../activities/desk/alert-answers';
import { readAlertSubject } from '../../../activities/desk/alert-answers';
import type { Language, Text } from '../../../rules/engine/basics/text';
import { isLocalDate } from '../../../rules/engine/basics/is-local-date';
import { localDateOf } from '../../../rules/engine/calendar/calendar';
import { addDays } from '../../../rules/engine/calendar/dates';
import type { Instant, LocalDate } from '../../../rules/engine/contract/contract';
import { usualPauseEnd } from '../../../rules/engine/monitoring/pause-end';
import { formatMoment, formatShortDate } from '../../../templates/words/dates';
import type { PageForm, PageSubject } from '../../../templates/pages/render-page';
import type { Act } from '../../../templates/pages/wording';
import { actWords, fill, pageWords, refusals, severityWords } from '../../../templates/pages/wording';
import type { Action, AnyPage } from './page';
import { defineAction, definePage, numberOf } from './page';
import type { Form } from './read-form';
import type { Told } from './tell-workflow';

/** Hours that a pause is offered for, and the most days that one may last. */
const pauseHours = [1, 4, 12, 24];
const longestPauseDays = 31;

/** Acts on the page of each kind of link: first its own, then those that are offered next. */
const actsOf = {
  'alert-take': ['taken', 'mended'],
  'alert-mended': ['mended'],
  'alert-pause': ['pause', 'resume'],
} as const satisfies Record<string, readonly [Act, ...Act[]]>;

/** What somebody answered. */
type Answer = { act: Act; by: string } & Partial<Record<'note' | 'reason' | 'until', string>>;

export const alertPages: AnyPage[] = Object.entries(actsOf).map(([purpose, acts]) =>
  definePage<AlertSubject>({
    purpose: purpose as keyof typeof actsOf,
    fields: { by: 80, note: 500, reason: 200, for: 30, day: 10 },
    gone: refusals.gone,
    load: (db, link) => readAlertSubject(db, link.agreement, numberOf(link)),
    show: ({ subject, language, now }) => ({
      page: 'alert',
      title: actWords[acts[0]].title[language],
      data: {
        lead: actWords[acts[0]].lead[language],
        form: formOf(acts[0], 'support', subject, language, now),
        ...shown(subject, language),
      },
    }),
    actions: Object.fromEntries(acts.map((act, index) => [act, answerBy(act, acts[index + 1])])),
  }),
);

function answerBy(act: Act, next: Act | undefined): Action<AlertSubject, Record<string, unknown>> {
  return defineAction<AlertSubject, Answer>({
    firstHolds: true,
    judge: ({ now, language }, form) => {
      const { by = 'support', note, reason } = form;
      const until = act === 'pause' ? endOf(form, now) : undefined;
      if (act === 'pause' && until === undefined) return { problems: [{ text: noEnd(form, now)[language] }] };
      return {
        details: {
          ...{ act, by },
          ...(note !== undefined && { note }),
          ...(reason !== undefined && { reason }),
          ...(until !== undefined && { until }),
        },
      };
    },
    tell: ({ subject }, answer) => ({ to: 'monitoring', ...messageOf(subject.incident, answer) }),
    done: ({ subject, language, now }, { by, until }) => ({
      page: 'noted',
      title: actWords[act].noted[language],
      data: {
        lead: fill(actWords[act].done[language], {
          by,
          until: until === undefined ? '' : end(until, language),
        }),
        ...(next && {
          next: `${pageWords.next[language]}: ${actWords[next].title[language]}`,
          form: formOf(next, by, subject, language, now),
        }),
        ...shown(subject, language),
      },
    }),
  });
}

const moment = (instant: Instant, language: Language): string => formatMoment(instant, language);

/** The end of a pause in words; a pause that ends on a day includes that day. */
function end(until: Instant | LocalDate, language: Language): string {
  return isLocalDate(until)
    ? fill(pageWords.throughDay[language], { day: formatShortDate(until, language) })
    : moment(until, language);
}

const iso = (milliseconds: number): Instant => new Date(milliseconds).toISOString();

function shown({ customer, agreement, incident }: AlertSubject, language: Language): PageSubject {
  const done = (at: Instant | null, by: string | null): string | undefined =>
    at === null ? undefined : [by ?? '', moment(at, language)].filter(Boolean).join(', ');
  const { name, severity, message, since, closedAt } = incident;
  const taken = done(incident.takenAt, incident.takenBy);
  const mended = done(incident.mendedAt, incident.mendedBy);
  return {
    customer,
    agreement,
    check: name,
    severity: severityWords[severity][language],
    message: message[language],
    since: moment(since, language),
    ...(closedAt !== null && { over: moment(closedAt, language) }),
    ...(taken !== undefined && { taken }),
    ...(mended !== undefined && { mended }),
  };
}

function formOf(act: Act, by: string, { support }: AlertSubject, language: Language, now: number): PageForm {
  const today = localDateOf(iso(now));
  const hours = (count: number): string =>
    count === 1 ? pageWords.hour[language] : fill(pageWords.hours[language], { count: String(count) });
  const until = (value: Instant, words: 'untilOpen' | 'until') => ({
    value,
    text: fill(pageWords[words][language], { time: moment(value, language) }),
  });
  const usual = support && usualPauseEnd(iso(now), support);
  const later = usual && localDateOf(usual.at) === today ? usualPauseEnd(usual.at, support) : undefined;
  const ends = [
    ...[usual, later].flatMap((one) =>
      one ? [until(one.at, one.when === 'workday' ? 'until' : 'untilOpen')] : [],
    ),
    ...pauseHours.map((count) => ({ value: `${count}`, text: hours(count) })),
  ];
  return {
    act,
    by,
    button: actWords[act].button[language],
    asksNote: act === 'mended',
    ...(act === 'pause' && { ends, firstDay: today, lastDay: addDays(today, longestPauseDays) }),
  };
}

/** The end of the requested pause. @returns undefined if it does not lie ahead, or lies too far ahead */
function endOf({ day, for: lasting = '' }: Form, now: number): Instant | LocalDate | undefined {
  const today = localDateOf(iso(now));
  const last = addDays(today, longestPauseDays);
  if (day !== undefined) return isLocalDate(day) && day >= today && day <= last ? day : undefined;
  const hours = pauseHours.find((count) => `${count}` === lasting);
  // Rounded to the minute, so that an answer sent twice within it is the same answer.
  if (hours !== undefined) return iso(Math.ceil(now / 60_000) * 60_000 + hours * 3_600_000);
  const at = Date.parse(lasting);
  return at > now && iso(at) === lasting && localDateOf(lasting) <= last ? lasting : undefined;
}

/** Why the end of a pause cannot be taken. */
function noEnd({ day, for: lasting }: Form, now: number): Text {
  const from = localDateOf(iso(now));
  const values = { from, to: addDays(from, longestPauseDays), found: day ?? lasting ?? '-' };
  return { sv: fill(pageWords.pauseEnd.sv, values), en: fill(pageWords.pauseEnd.en, values) };
}

function messageOf(
  { id, monitor }: AlertSubject['incident'],
  { act, by, note, reason, until }: Answer,
): Omit<Told, 'to'> {
  switch (act) {
    case 'taken':
      return { signal: 'incidentTaken', input: { incident: id, by } };
    case 'mended':
      return { signal: 'incidentMended', input: { incident: id, by, ...(note !== undefined && { note }) } };
    case 'pause':
      return {
        signal: 'monitorPaused',
        input: { monitor, until: until ?? '', by, ...(reason !== undefined && { reason }) },
      };
    case 'resume':
      return { signal: 'monitorResumed', input: { monitor, by } };
  }
}
