/** The obligations of the hour bank: statements to the customer through the year, and the day on which rolled hours lapse. */
import { instantAt, nextOpenDay, previousOpenDay } from '../calendar/calendar';
import { addDays, addMonths } from '../calendar/dates';
import type { LocalDate } from '../contract/contract';
import { makeObligation } from './make-obligation';
import { placeNotices } from './place-notices';
import type { NoticeDraft } from './place-notices';
import type { Obligation } from './plan';
import { closedOf, previousOf } from './plan-context';
import type { PlanContext } from './plan-context';
import { chooseDate } from './choose-date';

/** So many calendar days before rolled hours lapse, a statement tells the customer. */
const tellDaysBefore = 30;

/**
 * The year's hour statements and the lapse of rolled hours. The final statement is not among them: the close gives it.
 * Each is due on the first open day after its share of the months. Statements whose day had passed when the year was
 * planned, or when a re-plan first asks for them, are left out: the next one includes what they would have shown.
 */
export function planHourBank(context: PlanContext): Obligation[] {
  return [...planStatements(context), ...planExpiry(context), ...planLapse(context)];
}

/** The warning before unused hours expire with the year. Whether any do is seen when it is sent. */
function planExpiry(context: PlanContext): Obligation[] {
  const { terms, to, closed } = context;
  const { expiry } = terms.hourBank;
  if (!expiry) return [];
  const wanted = previousOpenDay(addDays(to, -expiry.warnDaysBefore), closed);
  return planTold(context, 'hours/expiry', wanted, 'hours-expiry');
}

function planStatements(context: PlanContext): Obligation[] {
  const { statementsPerYear } = context.terms.hourBank;
  return Array.from({ length: statementsPerYear - 1 }, (_, index) => index + 1).flatMap((number) => {
    return planTold(context, `hours/statement-${number}`, boundary(context, number), 'hour-statement');
  });
}

/** One mail about the hours to the customer, unless its day had passed when it was first planned. */
function planTold(
  context: PlanContext,
  id: string,
  wanted: LocalDate,
  template: 'hour-statement' | 'hours-expiry',
): Obligation[] {
  const missed = wanted < context.today && previousOf(context, id) === undefined;
  if (closedOf(context, id) !== undefined || wanted < context.firstDay || missed) return [];
  const settled = chooseDate(context, id, wanted, false);
  const roles = context.terms.notices.recipients.hours;
  const opensOn = settled.dueOn;
  const send = { step: 'send', on: opensOn, kind: 'ask', template, to: 'customer', roles } as const;
  return [
    makeObligation(context, {
      id,
      strand: 'hourBank',
      owner: 'consultant',
      ...settled,
      opensOn,
      notices: [send],
    }),
  ];
}

/**
 * The day on which hours rolled in lapse, if the terms let them lapse within the year. It is a legal instant: midnight,
 * also of a closed day. The customer is told a month before. If a re-plan puts it in the past, it becomes tomorrow.
 */
function planLapse(context: PlanContext): Obligation[] {
  const { contract, terms, yearNumber, from, to, today } = context;
  const { expiresAfterMonths } = terms.hourBank.rollover;
  const id = 'hours/lapse';
  if (yearNumber === 1 || expiresAfterMonths === 12 || closedOf(context, id) !== undefined) return [];
  const before = previousOf(context, id);
  const wanted = addMonths(contract.startsOn, 12 * (yearNumber - 1) + expiresAfterMonths);
  const past = before !== undefined && before.dueOn <= today ? before.dueOn : addDays(today, 1);
  const dueOn = wanted > today ? wanted : past;
  if (dueOn <= from || dueOn >= to) return [];
  const moved = before !== undefined && before.dueOn !== dueOn;
  const tell: NoticeDraft = {
    step: 'tell',
    on: previousOpenDay(addDays(dueOn, -tellDaysBefore), context.closed),
    kind: 'ask',
    template: 'hour-statement',
    to: 'customer',
    roles: terms.notices.recipients.hours,
  };
  const dueAt = instantAt(dueOn, '00:00');
  const notices = placeNotices(context, [tell], dueOn, moved ? undefined : before);
  return [
    {
      id,
      strand: 'hourBank',
      owner: 'consultant',
      opensAt: dueAt,
      dueOn,
      dueAt,
      revision: before === undefined ? 1 : before.revision + Number(moved),
      late: dueOn !== wanted,
      notices: notices.filter(({ at }) => at < dueAt),
    },
  ];
}

function boundary({ contract, yearNumber, terms, closed }: PlanContext, number: number): LocalDate {
  const months = Math.round((12 * number) / terms.hourBank.statementsPerYear);
  return nextOpenDay(addMonths(contract.startsOn, 12 * (yearNumber - 1) + months), closed);
}
