/**
 * `/alerts/<signed token>`: a page for a link in an alert. It says what the link does, and does it once that is
 * confirmed. Mail scanners follow links, so GET changes nothing.
 */
import formbody from '@fastify/formbody';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Db } from '../../activities/db';
import type { AlertSubject, MonitoringAnswer } from '../../activities/desk/alert-answers';
import { readAlertSubject, sendAnswer } from '../../activities/desk/alert-answers';
import type { AlertLink } from '../../activities/desk/alert-links';
import { readAlertLink } from '../../activities/desk/alert-links';
import { oneLine } from '../../rules/engine/basics/one-line';
import { addDays } from '../../rules/engine/calendar/dates';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import type { Instant, LocalDate } from '../../rules/engine/contract/contract';
import type { Language } from '../../rules/engine/basics/text';
import { isLocalDate } from '../../rules/engine/basics/is-local-date';
import { usualPauseEnd } from '../../rules/engine/monitoring/pause-end';
import { formatShortDate, formatTime } from '../../templates/words/dates';
import type { PageForm, PageSubject } from '../../templates/pages/render-page';
import type { Act } from '../../templates/pages/wording';
import { actWords, fill, pageWords, refusals, severityWords } from '../../templates/pages/wording';
import { allowMethods } from './allow-methods';
import { languageOf, sendPage } from './html-page';
import type { Operation, Responses } from './openapi';
import { always, early, ofDatabase, htmlPage, parameter, ref } from './openapi';
import { within } from './within';

const databaseWithin = 8_000;
const largestForm = 10 * 1024;
/** Hours that a pause is offered for, and the most days that one may last. */
const pauseHours = [1, 4, 12, 24];
const longestPauseDays = 31;

export interface AlertOptions {
  db: Db;
  linkKey: string;
  now: () => number;
}

/** Acts on the page of each kind of link: first its own, then those that are offered next. */
const actsOf: Record<AlertLink['action'], readonly [Act, ...Act[]]> = {
  take: ['taken', 'mended'],
  mended: ['mended'],
  pause: ['pause', 'resume'],
};

const answers: Responses = {
  ...always,
  ...ofDatabase,
  '400': {
    description: 'What was asked for cannot be done, or is no request that can be understood.',
    content: { ...early, 'text/html': { schema: { type: 'string' } } },
  },
  '403': htmlPage('The link is not one of ours.'),
  '410': htmlPage('The link has expired, or what it is about is gone.'),
  '429': htmlPage('Too many tries with links that are not ours.'),
};
const shared = {
  tags: ['alerts'],
  security: [],
  parameters: [parameter('token', 'What a link in a mail to support ends with.')],
};
const pageOperation: Operation = {
  ...shared,
  operationId: 'getAlert',
  summary: 'The page that says what a link does',
  responses: { ...answers, '200': htmlPage('The page, with a button that does it.') },
};
const formOperation: Operation = {
  ...shared,
  operationId: 'postAlert',
  summary: 'Does what the link is for',
  requestBody: {
    required: false,
    content: { 'application/x-www-form-urlencoded': { schema: ref('schemas/AlertForm') } },
  },
  responses: {
    ...answers,
    '200': htmlPage('It is done.'),
    '413': ref('responses/TooLarge'),
    '415': ref('responses/UnsupportedContent'),
  },
};
/** Schema of the form, by the name that the operation refers to. */
export const alertSchemas = {
  AlertForm: {
    type: 'object',
    properties: Object.fromEntries(
      ['do', 'by', 'note', 'reason', 'for', 'day'].map((name) => [name, { type: 'string' }]),
    ),
  },
};

export async function alertRoutes(app: FastifyInstance, options: AlertOptions): Promise<void> {
  app.removeAllContentTypeParsers();
  await app.register(formbody, { bodyLimit: largestForm });
  const tries = app.createRateLimit({ max: 60, timeWindow: 60_000, ipv6Subnet: 64 });

  /** Answers with a page if the link is good, otherwise with the reason why it is not. */
  const withLink =
    (
      answer: (
        request: FastifyRequest,
        reply: FastifyReply,
        link: AlertLink & { language: Language },
        subject: AlertSubject,
      ) => Promise<FastifyReply>,
    ) =>
    async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      const { token } = request.params as { token: string };
      const link = readAlertLink(options.linkKey, token, iso(options.now()));
      if ('invalid' in link) {
        // A token that was valid in the past is genuine, but expired.
        const past = readAlertLink(options.linkKey, token, iso(0));
        if (!('invalid' in past)) return refused(past.language ?? languageOf(request), reply, 410, 'expired');
        const allowed = await tries(request);
        const tooMany = !allowed.isAllowed && allowed.isExceeded;
        return refused(languageOf(request), reply, tooMany ? 429 : 403, 'forged');
      }
      const { agreement, incident } = link;
      const subject = await within(
        databaseWithin,
        'the database',
        readAlertSubject(options.db, agreement, incident),
      );
      const { language = languageOf(request) } = link;
      if (!subject) return refused(language, reply, 410, 'gone');
      return answer(request, reply, { ...link, language }, subject);
    };

  app.get(
    '/alerts/:token',
    { config: { operation: pageOperation } },
    withLink(async (_request, reply, link, subject) => {
      const { language } = link;
      const [act] = actsOf[link.action];
      return sendPage(reply, 200, 'alert', language, actWords[act].title[language], {
        lead: actWords[act].lead[language],
        form: formOf(act, 'support', subject, language, options.now()),
        ...shown(subject, language),
      });
    }),
  );
  app.post(
    '/alerts/:token',
    { config: { operation: formOperation } },
    withLink(async (request, reply, link, subject) => {
      const { language } = link;
      const said = readForm(request.body);
      const act = actsOf[link.action].find((each) => each === (said.do ?? actsOf[link.action][0]));
      const until = act === 'pause' ? endOf(said, options.now()) : undefined;
      if (!act) return refused(language, reply, 400, 'wrong');
      if (act === 'pause' && until === undefined) {
        const from = localDateOf(iso(options.now()));
        const days = { from, to: addDays(from, longestPauseDays), found: said.day ?? said.for ?? '-' };
        return refused(language, reply, 400, 'pauseEnd', days);
      }
      const { by = 'support' } = said;
      const told = answerOf(act, subject.incident, { ...said, by, until });
      await within(databaseWithin, 'the database', sendAnswer(options.db, link.agreement, told));
      const next = actsOf[link.action][actsOf[link.action].indexOf(act) + 1];
      const words = actWords[act];
      return sendPage(reply, 200, 'noted', language, words.noted[language], {
        lead: fill(words.done[language], { by, until: until === undefined ? '' : end(until, language) }),
        ...(next && {
          next: `${pageWords.next[language]}: ${actWords[next].title[language]}`,
          form: formOf(next, by, subject, language, options.now()),
        }),
        ...shown(subject, language),
      });
    }),
  );
  allowMethods(app, '/alerts/:token', 'GET', 'POST');
}

function refused(
  language: Language,
  reply: FastifyReply,
  status: number,
  why: keyof typeof refusals,
  values: Record<string, string> = {},
): FastifyReply {
  return sendPage(reply, status, 'refused', language, refusals[why].title[language], {
    lead: fill(refusals[why].lead[language], values),
  });
}

const moment = (instant: Instant, language: Language): string =>
  `${formatShortDate(instant, language)} ${formatTime(instant)}`;

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

type Field = 'do' | 'by' | 'note' | 'reason' | 'for' | 'day';
type Form = Partial<Record<Field, string>>;

const longest: Record<Field, number> = { do: 20, by: 80, note: 500, reason: 200, for: 30, day: 10 };

/** The fields of a form, cut to their longest. Of one that comes twice the first counts; empty ones are left out. */
function readForm(body: unknown): Form {
  const given = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  return Object.fromEntries(
    (Object.keys(longest) as Field[]).flatMap((name) => {
      const values: unknown[] = [given[name]].flat();
      const [value] = values;
      if (typeof value !== 'string') return [];
      const text = Array.from(oneLine(value.replace(/\p{Cs}/gu, ' ')))
        .slice(0, longest[name])
        .join('');
      return text === '' ? [] : [[name, text]];
    }),
  );
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

function answerOf(
  act: Act,
  { id, monitor }: AlertSubject['incident'],
  { by, note, reason, until }: Form & { by: string; until: Instant | LocalDate | undefined },
): MonitoringAnswer {
  switch (act) {
    case 'taken':
      return { signal: 'incidentTaken', input: { incident: id, by } };
    case 'mended':
      return {
        signal: 'incidentMended',
        input: { incident: id, by, ...(note !== undefined && { note }) },
      };
    case 'pause':
      return {
        signal: 'monitorPaused',
        input: { monitor, until: until ?? '', by, ...(reason !== undefined && { reason }) },
      };
    case 'resume':
      return { signal: 'monitorResumed', input: { monitor, by } };
  }
}
