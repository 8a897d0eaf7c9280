/**
 * `/pages/<signed token>`: what a personal link opens. Who has the link may read; a GET changes nothing, as mail scanners
 * follow links. A form does what the page is for, once; what binds or shows money asks for a code by mail first.
 */
import formbody from '@fastify/formbody';
import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { findAgreement } from '../../../activities/agreements/agreements';
import type { Db } from '../../../activities/db';
import { untilAnswered } from '../../../activities/pages/answers';
import type { RefusedWhy } from '../../../activities/pages/events';
import { noteOpened, noteRefused } from '../../../activities/pages/events';
import { findHolder } from '../../../activities/pages/holder';
import type { PageLink } from '../../../activities/pages/links';
import { claimedLink, readPageLink, signPageLink } from '../../../activities/pages/links';
import { findPicture } from '../../../activities/pages/pictures';
import { newestPlan } from '../../../activities/agreements/plans';
import type { SupportHours } from '../../../rules/engine/ruleset/terms';
import { hoursOf } from '../../../rules/engine/terms/support-hours';
import type { Language } from '../../../rules/engine/basics/text';
import type { Contract } from '../../../rules/engine/contract/contract';
import type { Problem } from '../../../templates/pages/render-page';
import type { RefusalWords } from '../../../templates/pages/link-words';
import type { formProblems } from '../../../templates/pages/link-words';
import { linkRefusals, reachOf, supportReached, whomToAsk } from '../../../templates/pages/link-words';
import { fill } from '../../../templates/pages/wording';
import { agreementPage } from './agreement';
import { formatSupportHours } from '../../../templates/words/support-hours';
import { allowMethods } from '../allow-methods';
import { languageOf, sendPage, sendPicture } from '../html-page';
import { within } from '../within';
import { alertPages } from './alert';
import { approvalPage } from './approval';
import type { CodeDeps } from './codes';
import { calendarPage } from './calendar-feed';
import { answerCode, codeActs, codePart, mayAsk } from './codes';
import { hasFile, sendFile } from './send-file';
import { readOldAlertLink } from './old-alert-links';
import { pageOperations, pictureOperation } from './operations';
import { orderPage } from './order';
import { partnerPage } from './partner';
import type { AnyPage, Asking, FollowedLink, Shown, Visit } from './page';
import { fieldsOf } from './page';
import { formProblem, perform } from './perform';
import { bodyOf } from './form-body';
import { multipartLimits } from './picture-form';
import { formToken, readFormToken, readSession, sessionCookie } from './proof';
import type { Form } from './read-form';
import { readForm } from './read-form';
import { statementPage } from './statement';
import { testPage } from './test';
import { worksheetPage } from './worksheet';

/** Every page there is. */
const pages: readonly AnyPage[] = [
  ...[...alertPages, statementPage, orderPage, worksheetPage, partnerPage],
  ...[testPage, approvalPage, agreementPage, calendarPage],
];

const databaseWithin = 8_000;
/** A mail server may take its time with a code. */
const mailWithin = 14_000;
/** A worksheet of thirty parts with a note each. */
const largestForm = 64 * 1024;
/** Fields of every form. */
const shared = { do: 20, form: 600, code: 20 };

export interface PageOptions extends CodeDeps {
  now: () => number;
  /** The address under which browsers reach the intake; without it, as they ask for it. */
  publicUrl?: string | undefined;
  /** Most milliseconds that a page waits for a workflow's answer. */
  answerWithin?: number | undefined;
}

/** A visit to a page, and what its browser proved. */
interface Opened {
  page: AnyPage;
  visit: Visit<unknown>;
  session: string | undefined;
}

export async function pageRoutes(app: FastifyInstance, options: PageOptions): Promise<void> {
  app.removeAllContentTypeParsers();
  await app.register(formbody, { bodyLimit: largestForm });
  await app.register(multipart, { limits: multipartLimits, throwFileSizeLimit: false });
  const forgeries = app.createRateLimit({ max: 60, timeWindow: 60_000, ipv6Subnet: 64 });
  const codes = app.createRateLimit({ max: 30, timeWindow: 600_000, ipv6Subnet: 64 });
  const visits = app.createRateLimit({ max: 240, timeWindow: 60_000, ipv6Subnet: 64 });
  /** A page has many pictures, and an office one address. */
  const pictureVisits = app.createRateLimit({ max: 3_000, timeWindow: 60_000, ipv6Subnet: 64 });
  /** Milliseconds until somebody may try again who tries too often; otherwise nothing. */
  const waitOf = async (limit: typeof visits, request: FastifyRequest): Promise<number | undefined> => {
    const allowed = await limit(request);
    return !allowed.isAllowed && allowed.isExceeded ? allowed.ttl : undefined;
  };

  /** Answers with a page if the link is good, otherwise with the reason why it is not. */
  const followed =
    (
      answer: (request: FastifyRequest, reply: FastifyReply, opened: Opened) => Promise<FastifyReply>,
      limit = visits,
    ) =>
    async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      const { token } = request.params as { token: string };
      const link =
        readPageLink(options.linkKey, token) ?? readOldAlertLink(options.linkKey, token, languageOf(request));
      const language = link?.language ?? languageOf(request);
      if ((await waitOf(link ? limit : forgeries, request)) !== undefined)
        return refused(reply, 429, language, linkRefusals.tooMany);
      const note = (id: number, why: RefusedWhy): Promise<void> =>
        within(databaseWithin, 'the database', noteRefused(options.db, id, why, iso(options.now())));
      if (!link) {
        const claimed = claimedLink(token);
        if (claimed !== undefined) await note(claimed, 'forged');
        return refused(reply, 403, language, linkRefusals.forged);
      }
      const opened = await within(databaseWithin, 'the database', open(options, link, request));
      if (!('why' in opened)) return answer(request, reply, opened);
      if (link.id !== null && opened.refused) await note(link.id, opened.refused);
      return refused(reply, 410, language, opened.why, opened.reach);
    };

  const show = async (
    reply: FastifyReply,
    { page, visit, session }: Opened,
    { page: name, title, data }: Shown,
    { status = 200, problems = [] }: { status?: number; problems?: readonly Problem[] } = {},
  ): Promise<FastifyReply> => {
    const code = await within(databaseWithin, 'the database', codePart(options, page, visit));
    const form = formToken(options.linkKey, visit.link, session, visit.now);
    const frame = { form, problems, code, pictures: page.showsPicture !== undefined };
    return sendPage(reply, status, name, visit.language, title, data, frame);
  };

  /** Shows the page as it is, with what was asked for. */
  const asked = (
    reply: FastifyReply,
    opened: Opened,
    { query, form = {}, problems = [], status = 400 }: AskedFor,
  ): Promise<FastifyReply> => {
    const shown = opened.page.show(opened.visit, { query, form, problems });
    return show(reply, opened, shown, { problems, status: problems.length > 0 ? status : 200 });
  };

  const read = followed(async (request, reply, opened) => {
    const { page, visit } = opened;
    const query = readForm(request.query, fieldsOf(page, visit));
    const asks = Promise.resolve(page.file?.(options.db, visit, query));
    const file = await within(databaseWithin, 'the database', asks);
    const isVisit = request.method !== 'HEAD' && !(file && hasFile(request, file));
    if (visit.link.id !== null && isVisit) await noteOpened(options.db, visit.link.id, iso(visit.now));
    return file ? sendFile(request, reply, file) : asked(reply, opened, { query });
  });

  const act = followed(async (request, reply, opened) => {
    const { page, visit, session } = opened;
    const fields = fieldsOf(page, visit);
    const query = readForm(request.query, fields);
    const sent = await bodyOf(options, request, opened);
    const form = readForm(sent.body, { ...shared, ...fields });
    const does = form.do ?? Object.keys(page.actions)[0] ?? '';
    const again = (problem: keyof typeof formProblems, status = 400, wait = 0): Promise<FastifyReply> =>
      asked(reply, opened, { query, form, status, problems: [formProblem(visit, problem, wait)] });
    const isOfCode = page.code !== undefined && codeActs.includes(does);
    if (!isOfCode && !Object.hasOwn(page.actions, does)) return again('wrong');
    const one = readFormToken(options.linkKey, visit.link, session, form.form ?? '', visit.now);
    if ('fault' in one) return again(one.fault);
    const name = [one.name, does, ...(page.formName ? [page.formName(form)] : [])].join('/');
    if (sent.problems.length > 0) return asked(reply, opened, { query, form, problems: sent.problems });
    if (isOfCode) {
      const wait = await waitOf(codes, request);
      if (wait !== undefined) return again('tooMany', 429, wait);
      const sent = await within(
        mailWithin,
        'mail',
        answerCode(options, page, visit, { act: does, form, name }),
      );
      if (sent.state === 'refused')
        return asked(reply, opened, { query, form, status: sent.status, problems: [sent.problem] });
      if (sent.state === 'asked') return asked(reply, opened, { query });
      return entered(request, reply, visit.link);
    }
    const done = await within(
      databaseWithin,
      'the database',
      perform(options.db, opened, { does, form, name }),
    );
    if ('shown' in done) return show(reply, opened, done.shown);
    if ('asked' in done) {
      const { answerWithin = 12_000 } = options;
      await untilAnswered(options.db, visit.link.agreement, done.asked, answerWithin);
      const { then } = page.actions[does] as Asking<unknown>;
      return reply.redirect(visit.token + (then?.(form) ?? ''), 303);
    }
    return asked(reply, opened, { query, form, ...done });
  });

  /** Back to the page, which the browser now asks for with its session. */
  function entered(request: FastifyRequest, reply: FastifyReply, link: FollowedLink): FastifyReply {
    const { token } = request.params as { token: string };
    const base = baseOf(options.publicUrl, request);
    const path = `${base.pathname}pages/${token}`;
    const secure = base.protocol === 'https:' || request.protocol === 'https';
    const cookie = sessionCookie(options.linkKey, link, { now: options.now(), path, secure });
    return reply.header('set-cookie', cookie).redirect(`${token}#code-box`, 303);
  }

  const picture = followed(async (request, reply, { page, visit }) => {
    const { hash } = request.params as { hash: string };
    const found = page.showsPicture && findPicture(options.db, visit.link.agreement, hash);
    const known = found && (await within(databaseWithin, 'the database', found));
    return known && page.showsPicture?.(visit, hash, known.link)
      ? sendPicture(reply, hash, known)
      : refused(reply, 404, visit.language, linkRefusals.gone);
  }, pictureVisits);
  const pictures = '/pages/:token/pictures/:hash';
  app.get(pictures, { config: { operation: pictureOperation, speaksHtml: true } }, picture);
  allowMethods(app, pictures, 'GET');

  for (const [address, name, tag] of [
    ['/pages/:token', 'Page', 'pages'],
    // Of alerts from before 0.3.0.
    ['/alerts/:token', 'Alert', 'alerts'],
  ] as const) {
    const operations = pageOperations(name, tag);
    const asks = { config: { operation: operations.page, speaksHtml: true }, exposeHeadRoute: true };
    const takesPictures = tag === 'pages';
    app.get(address, asks, read);
    app.post(address, { config: { operation: operations.form, speaksHtml: true, takesPictures } }, act);
    allowMethods(app, address, 'GET', 'POST', 'HEAD');
  }
}

interface AskedFor {
  query: Form;
  form?: Form;
  problems?: readonly Problem[];
  status?: number;
}

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** Where browsers reach the intake: ends with a slash. */
const baseOf = (publicUrl: string | undefined, { protocol, host }: FastifyRequest): URL =>
  new URL((publicUrl ?? `${protocol}://${host}`).replace(/\/?$/, '/'));

/** The page of a genuine link, or why it is not shown. */
async function open(
  { db, linkKey, now, publicUrl }: PageOptions,
  link: FollowedLink,
  request: FastifyRequest,
): Promise<Opened | { why: RefusalWords; refused?: RefusedWhy; reach?: Reach }> {
  const page = pages.find(({ purpose }) => purpose === link.purpose);
  if (!page) return { why: linkRefusals.gone };
  const about = async (why: 'expired' | 'revoked' | 'left') => ({
    // Who was invited to test is told that it is over, also a contact of the agreement.
    ...{ why: linkRefusals[why === 'left' && link.purpose === 'test' ? 'removed' : why], refused: why },
    ...(await reachFor(db, link)),
  });
  if (link.expires <= iso(now())) return about('expired');
  const { id } = link;
  const held =
    id === null
      ? ({ state: 'good', holder: { name: 'support', email: '', roles: [] }, ended: false } as const)
      : await findHolder(db, { ...link, id });
  if (held.state !== 'good') return held.state === 'gone' ? { why: page.gone } : about(held.state);
  const { fields } = page;
  const query = typeof fields === 'function' ? {} : readForm(request.query, fields);
  const subject = await page.load(db, link, iso(now()), query);
  if (subject === undefined) return { why: page.gone };
  const session = readSession(linkKey, link, request.headers.cookie, now());
  const { language } = link;
  const urlOf = (other: PageLink): string =>
    `${baseOf(publicUrl, request).href}pages/${signPageLink(linkKey, other)}`;
  const { token } = request.params as { token: string };
  const of = { link, token, subject, language, now: now(), urlOf };
  const visit: Visit<unknown> = { ...of, proven: false, ...held };
  const proven = session !== undefined && mayAsk(page, visit);
  return { page, session, visit: { ...visit, proven } };
}

/** Whom the holder of a link of ours can ask where it opens nothing. */
interface Reach {
  contacts: Contract['contacts'];
  /** None where no year is planned. */
  hours?: readonly SupportHours[];
}

async function reachFor(db: Db, { agreement }: FollowedLink): Promise<{ reach?: Reach }> {
  const known = await findAgreement(db, agreement);
  const planned = known && (await newestPlan(db, agreement));
  const hours = planned && { hours: hoursOf(planned.terms.support) };
  return known ? { reach: { contacts: known.contract.contacts, ...hours } } : {};
}

/** Says why a link opens nothing, and whom to ask: never of a link that is not ours. */
function refused(
  reply: FastifyReply,
  status: number,
  language: Language,
  { title, lead }: RefusalWords,
  { contacts, hours }: Partial<Reach> = {},
): FastifyReply {
  const { consultant, support } = contacts ?? {};
  return sendPage(reply, status, 'refused', language, title[language], {
    lead: lead[language],
    ...(consultant && { whom: fill(whomToAsk[language], reachOf(consultant)) }),
    ...(support &&
      hours && {
        support: fill(supportReached[language], {
          ...reachOf(support),
          hours: formatSupportHours(hours, language),
        }),
      }),
  });
}
