/** The page to order hours beyond the hour bank: order, buy a package, take from the next period, or be called. */
import { isLocalDate } from '../../../rules/engine/basics/is-local-date';
import { readHours, secondsOf, wholeSeconds } from '../../../rules/engine/basics/read-number';
import { amountOf as priceOf } from '../../../rules/engine/hours/price';
import { mostHours } from '../../../rules/engine/hours/hour-bank';
import type { LocalDate } from '../../../rules/engine/contract/contract';
import { moneyRoles } from '../../../rules/engine/contract/contract';
import type { OrderPage } from '../../../activities/pages/order';
import { readOrderPage } from '../../../activities/pages/order';
import { askedAgain, askedBefore, linkRefusals, reachOf } from '../../../templates/pages/link-words';
import { orderCode, orderSays as says } from '../../../templates/pages/order-words';
import type { OrderChoices, Problem } from '../../../templates/pages/render-page';
import { fill } from '../../../templates/pages/wording';
import { lineName } from '../../../templates/statement/wording';
import { formatShortDate } from '../../../templates/words/dates';
import { formatClock, formatClockInWords, formatMoney, formatTime } from '../../../templates/words/numbers';
import type { Action, Shown, Visit } from './page';
import { defineAction, definePage, isOfToday } from './page';
import type { Form } from './read-form';

/** What is kept of an order. */
interface Order {
  seconds: number;
  until?: LocalDate;
  /** What it costs at most, and how much waits after it, as they were when it was sent. */
  amountMinor?: number;
  rest?: number;
}

type OrderVisit = Visit<OrderPage>;
type Judged = { problems: Problem[] } | { details: Order };

export const orderPage = definePage<OrderPage>({
  purpose: 'order',
  code: { roles: moneyRoles, words: orderCode },
  fields: { hours: 40, until: 40, package: 12, sure: 3, phone: 40 },
  gone: linkRefusals.gone,
  load: (db, link, now) => readOrderPage(db, link.agreement, now),
  show: (visit, { form, problems }) => orderShown(visit, problems.length > 0 ? form : {}),
  actions: {
    order: ordering('order', judgeOrder, (visit, { seconds, until = '', rest = 0, ...order }) => {
      const { language } = visit;
      const told = { hours: time(seconds, language), until: formatShortDate(until, language) };
      const more = rest > 0 ? ` ${fill(says.rest[language], { hours: time(rest, language) })}` : '';
      return fill(says.ordered[language], { ...told, amount: amountOf(visit, order) }) + more;
    }),
    package: ordering('package', judgePackage, (visit, { seconds, ...order }) =>
      fill(says.bought[visit.language], {
        ...{ hours: time(seconds, visit.language), amount: amountOf(visit, order) },
      }),
    ),
    ahead: ordering('ahead', judgeAhead, ({ language }, { seconds }) =>
      fill(says.taken[language], { hours: time(seconds, language) }),
    ),
    call: defineAction<OrderPage, { phone?: string }>({
      mostADay: 5,
      judge: (visit, { phone }) => (visit.ended ? hasEnded(visit) : { details: phone ? { phone } : {} }),
      tell: ({ link, language }, { phone }, event) => {
        const about = says.about[language];
        const input = phone === undefined ? about : fill(says.phone[language], { about, phone });
        return {
          to: 'agreement',
          signal: 'callRequested',
          input: { contact: link.contact, about: input, ref: `page-${event}` },
        };
      },
      repeats: isOfToday,
      done: ({ subject: { consultant }, language }, _details, before) => ({
        page: 'ordered',
        title: (before === undefined ? says.thanksCall : askedAgain.title)[language],
        data: {
          lead:
            before === undefined
              ? fill(says.called[language], { name: consultant.name })
              : askedBefore(before, consultant.name, language),
          more: fill(says.calledMore[language], { email: consultant.email }),
        },
      }),
    }),
  },
});

/** Something that binds: it takes the code, and the workflow confirms it by mail. */
function ordering(
  kind: 'order' | 'package' | 'ahead',
  judge: (visit: OrderVisit, form: Form) => Judged,
  lead: (visit: OrderVisit, order: Order) => string,
): Action<OrderPage, Record<string, unknown>> {
  return defineAction<OrderPage, Order>({
    needsCode: true,
    mostADay: 20,
    judge: (visit, form) => (visit.ended ? hasEnded(visit) : judge(visit, form)),
    tell: ({ link }, { seconds, until }, event) => ({
      to: 'agreement',
      signal: 'hoursOrdered',
      input: {
        ...{ kind, hours: formatTime(seconds), contact: link.contact, ref: `page-${event}` },
        ...(until !== undefined && { until }),
      },
    }),
    done: (visit, order) => ({
      page: 'ordered',
      title: says.thanksOrder[visit.language],
      data: {
        lead: lead(visit, order),
        more: fill(says.confirmed[visit.language], reachOf(visit.subject.consultant)),
      },
    }),
  });
}

const time = (seconds: number, language: Visit<unknown>['language']): string =>
  formatClockInWords(seconds / 36, language);

const amountOf = (
  { subject, language }: OrderVisit,
  { amountMinor = 0 }: Pick<Order, 'amountMinor'>,
): string => formatMoney(amountMinor, subject.currency, language);

const problem = (text: string, field?: string): { problems: Problem[] } => ({
  problems: [{ ...(field !== undefined && { field }), text }],
});

const hasEnded = ({ subject: { consultant }, language }: OrderVisit): { problems: Problem[] } =>
  problem(fill(says.ended[language], reachOf(consultant)));

function judgeOrder(visit: OrderVisit, { hours = '', until = '' }: Form): Judged {
  const { subject, language } = visit;
  const { today, latest } = subject;
  const seconds = secondsOf(hours) ?? wholeSeconds(readHours(hours) ?? NaN);
  const problems: Problem[] = [];
  if (hours === '') problems.push({ field: 'hours', text: says.hoursMissing[language] });
  else if (!(seconds > 0))
    problems.push({ field: 'hours', text: fill(says.hoursWrong[language], { found: hours }) });
  else if (seconds > mostHours * 3600)
    problems.push({ field: 'hours', text: fill(says.hoursMost[language], { found: hours }) });
  if (!isLocalDate(until) || until < today || until > latest)
    problems.push({
      field: 'until',
      text: fill(says.untilWrong[language], { today, latest, until: subject.until, found: until }),
    });
  if (problems.length > 0) return { problems };
  const waits = Math.round((subject.order?.hours ?? 0) * 36);
  const [first] = subject.order?.lines ?? [];
  return {
    details: {
      ...{ seconds, until, amountMinor: priceOf(seconds, first?.priceMinor ?? subject.priceMinor) },
      rest: Math.max(0, waits - seconds),
    },
  };
}

function judgePackage({ subject: { order }, language }: OrderVisit, form: Form): Judged {
  if (form.sure !== 'yes') return problem(says.notSure[language], 'sure-package');
  const bought = order?.packages.find(({ hours }) => `${hours}` === form.package);
  return bought
    ? { details: { seconds: bought.hours * 36, amountMinor: bought.amountMinor } }
    : problem(says.noPackage[language], 'package');
}

function judgeAhead({ subject: { order, today }, language }: OrderVisit, form: Form): Judged {
  if (form.sure !== 'yes') return problem(says.notSure[language], 'sure-ahead');
  if (!order) return problem(says.nothing[language]);
  return order.ahead
    ? { details: { seconds: Math.round(order.hours * 36), until: today } }
    : problem(says.notAhead[language]);
}

function orderShown(visit: OrderVisit, form: Form): Shown {
  const { subject, language, proven } = visit;
  const { order, consultant, onItsWay } = subject;
  const { phone } = consultant;
  const call =
    phone === undefined
      ? fill(says.call[language], { ...consultant })
      : fill(says.callOrPhone[language], { ...consultant, phone });
  const title = fill(says.title[language], { customer: subject.customer });
  if (!order || onItsWay !== undefined) {
    const lead =
      onItsWay === undefined
        ? says.nothing[language]
        : fill(says.onItsWay[language], { day: formatShortDate(onItsWay.slice(0, 10), language) });
    return { page: 'order', title, data: { lead, lines: [], money: false, call } };
  }
  const money = (minor: number): string => formatMoney(minor, order.currency, language);
  return {
    page: 'order',
    title,
    data: {
      lead: fill(says.waits[language], {
        since: formatShortDate(order.since, language),
        hours: formatClockInWords(order.hours, language),
      }),
      lines: order.lines.map(({ number, on, kind, seconds, priceMinor, amountMinor, note }) => ({
        ...{ number, day: formatShortDate(on, language), what: lineName(kind, language) },
        ...{ time: formatTime(seconds), left: '' },
        ...(note !== undefined && { note }),
        ...(proven && { prices: money(priceMinor), amount: money(amountMinor) }),
      })),
      sum: { time: formatClock(order.hours), ...(proven && { amount: money(order.amountMinor) }) },
      money: proven,
      ...(proven && { choices: choicesOf(visit, order, form) }),
      call,
    },
  };
}

function choicesOf(
  { subject, language }: OrderVisit,
  { hours, lines, packages, ahead, currency }: NonNullable<OrderPage['order']>,
  form: Form,
): OrderChoices {
  const money = (minor: number): string => formatMoney(minor, currency, language);
  const prices = [...new Set(lines.map(({ priceMinor }) => priceMinor))];
  return {
    orderHint: fill(says.orderHint[language], { price: prices.map(money).join(' / ') }),
    hours: form.hours ?? formatClock(hours),
    until: form.until ?? subject.until,
    ...{ today: subject.today, latest: subject.latest },
    packages: packages.map((one) => ({
      hours: `${one.hours}`,
      text: fill(says.package[language], {
        hours: formatClockInWords(one.hours, language),
        amount: money(one.amountMinor),
        price: money(one.priceMinor),
      }),
    })),
    ...(ahead && { ahead: fill(says.ahead[language], { hours: formatClockInWords(hours, language) }) }),
  };
}
