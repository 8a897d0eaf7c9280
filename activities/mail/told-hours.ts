/** What mails say of hours that expire soon, that somebody gave, and of those of an agreement that ends. */
import { instantAt, localDateOf } from '../../rules/engine/calendar/calendar';
import { addDays } from '../../rules/engine/calendar/dates';
import { sum } from '../../rules/engine/basics/sum';
import { inHundredths } from '../../rules/engine/hours/hour-bank';
import type { HourClose } from '../../rules/engine/hours/hour-bank';
import { endOfHours } from '../../rules/engine/hours/termination';
import type {
  MailData,
  MailEnding,
  MailExpiry,
  MailGivenHours,
  MailHours,
} from '../../templates/mails/mail-data';
import type { Queryable } from '../db';
import { balanceAt, burn, closeOf, readHours } from '../hours/facts';
import type { HourFacts } from '../hours/facts';
import type { Abandoned } from './compose';
import { questionData } from './line-question';
import type { MailContext, SendNoticeInput } from './notice';
import { orderData } from './order-data';

type ToldOfHours = Pick<MailData, 'expiry' | 'given' | 'ending' | 'question' | 'order' | 'signal'>;

/** What a mail about hours says beside their balance. */
export async function toldOfHours(
  db: Queryable,
  context: MailContext,
  { template, obligation, step, ending }: SendNoticeInput,
): Promise<ToldOfHours> {
  if (template === 'agreement-ends' && ending) return { ending: await endingData(db, context, ending) };
  const asked = /^hours\/question-(\d+)$/.exec(obligation)?.[1];
  if (asked !== undefined) return questionData(db, context, Number(asked));
  if (/^hours\/order/.test(obligation)) return orderData(db, context, { obligation, step });
  if (template !== 'hours-expiry' && template !== 'hours-given') return {};
  const facts = await readHours(db, context.contract.agreement);
  const number = /^hours\/given-(\d+)$/.exec(obligation)?.[1];
  const given = number === undefined ? undefined : givenHours(facts, Number(number));
  if (template === 'hours-given') return given ? { given: given.told } : {};
  const expiry =
    number === undefined ? expiringWithYear(facts, context) : given && expiringOf(facts, given, context);
  return expiry ? { expiry } : {};
}

/** Why a mail about hours has nothing to say any more. */
export function nothingToTell(
  template: string,
  { expiry, given, question, order }: MailData,
): Abandoned | undefined {
  if (template.startsWith('overage-') && !order) return { abandoned: 'nothing waits, or it was taken back' };
  if (template.startsWith('line-') && !question) return { abandoned: 'the question was taken back' };
  if (template === 'hours-expiry' && !expiry) return { abandoned: 'no hours expire' };
  if (template === 'line-question' && question && !question.answerBy)
    return { abandoned: 'nothing is asked' };
  return template === 'hours-given' && !given ? { abandoned: 'the hours were taken back' } : undefined;
}

/** Days that a warning may come earlier than the terms say, before closed days. */
const mostDaysEarlier = 14;

/** Hours of the year that expire with it, if nobody uses them and any does. */
function expiringWithYear(facts: HourFacts, { plan, asOf }: MailContext): MailExpiry | undefined {
  const today = localDateOf(asOf);
  const known = { ...facts, uses: facts.uses.filter(({ on }) => on <= today) };
  const own = new Set(known.grants.flatMap(({ id, year }) => (year === plan.yearNumber ? [id] : [])));
  const { ends } = burn(known, plan.to);
  const last = ends.filter(
    ({ grant, on }) => on === plan.to && (own.has(grant) || grant === `rolled-${plan.yearNumber}`),
  );
  const expiring = sum(last.map(({ expired }) => expired));
  if (expiring === 0) return undefined;
  const rolling = sum(last.map(({ rolled }) => rolled));
  return { on: plan.to, expiring: inHundredths(expiring), rolling: inHundredths(rolling) };
}

interface Given {
  id: string;
  told: MailGivenHours;
}

/** Hours that somebody gave, by the number of their entry, unless they were taken back. */
function givenHours({ entries, grants }: HourFacts, number: number): Given | undefined {
  const entry = entries.find((one) => one.number === number);
  const grant = grants.find(({ id }) => id === entry?.id);
  if (grant?.kind !== 'purchased' && grant?.kind !== 'goodwill') return undefined;
  const { id, kind, seconds, from, expires } = grant;
  return { id, told: { kind, hours: inHundredths(seconds), from, expires } };
}

/** What is left of hours that somebody gave. A mail that a sudden end brings long before says nothing. */
function expiringOf(
  facts: HourFacts,
  { id, told }: Given,
  { terms, asOf }: MailContext,
): MailExpiry | undefined {
  const today = localDateOf(asOf);
  const left = burn(facts, today).left[id] ?? 0;
  const days = (terms.hourBank.expiry?.warnDaysBefore ?? 0) + mostDaysEarlier;
  if (left === 0 || today < addDays(told.expires, -days)) return undefined;
  return { on: told.expires, expiring: inHundredths(left), rolling: 0, kind: told.kind };
}

/** The end of an agreement, and what becomes of its hours if none is used until then. */
async function endingData(
  db: Queryable,
  { contract: { agreement }, plan, terms, asOf }: MailContext,
  ending: NonNullable<SendNoticeInput['ending']>,
): Promise<MailEnding> {
  if (ending === 'taken-back') return { takenBack: true };
  const { on, reason, endedBy = 'customer', cause = 'notice' } = ending;
  const { rollover, orderOfUse } = terms.hourBank;
  const end = endOfHours({ endedBy, cause }, { ...terms.hourBank, ...terms.invoicing }, plan.from, on);
  const { remaining: left } = balanceAt(await readHours(db, agreement), plan.yearNumber, asOf);
  const told = { on, endedBy, cause, reason, left, unused: end.unused };
  // What a later year has, nobody knows yet.
  if (on >= plan.to) return told;
  const year = {
    year: plan.yearNumber,
    close: { rollover, orderOfUse, ended: true, end },
    closedAt: instantAt(addDays(on, 1), '00:00'),
  };
  const facts = await readHours(db, agreement, { year });
  return {
    ...told,
    ...settledHours(facts, plan.yearNumber, closeOf(facts, plan.yearNumber, addDays(on, 1))),
  };
}

type SettledHours = Pick<
  MailHours,
  'refunded' | 'refundMinor' | 'beyondPaid' | 'beyondPaidMinor' | 'beyondPaidBy'
>;

function settledHours(
  facts: HourFacts,
  year: number,
  { refunded, refundMinor, beyondPaid, beyondPaidMinor }: HourClose,
): SettledHours {
  const { beyondPaid: beyondPaidBy = 'manager' } = facts.ends[year] ?? {};
  return {
    ...(refunded !== undefined && { refunded, refundMinor: refundMinor ?? 0 }),
    ...(beyondPaid !== undefined && { beyondPaid, beyondPaidMinor: beyondPaidMinor ?? 0, beyondPaidBy }),
  };
}

/** What the final statement of an agreement that has ended says beside a year's. */
export function endedHours(
  facts: HourFacts,
  year: number,
  close: HourClose,
): SettledHours & Pick<MailHours, 'endedOn'> {
  const period = facts.periods.find(({ number }) => number === year);
  if (!period || period.rollover) return {};
  return { endedOn: addDays(period.to, -1), ...settledHours(facts, year, close) };
}
