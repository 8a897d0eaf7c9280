import { addMonths, nextOpenDay } from './calendar';
import type { LocalDate } from './contract';
import { owe } from './owe';
import type { Obligation } from './plan';
import { closedOf, previousOf } from './plan-context';
import type { PlanContext } from './plan-context';
import { settleDate } from './settle-date';

/**
 * The year's hour statements except the final one, which the close gives: each on the first open day after its
 * share of the months. Those of months that had passed when the year was planned, or when a re-plan first asks
 * for them, are left out: the next statement says all they would have said.
 */
export function planHourBank(context: PlanContext): Obligation[] {
  const { statementsPerYear } = context.terms.hourBank;
  return Array.from({ length: statementsPerYear - 1 }, (_, index) => index + 1).flatMap((number) => {
    const id = `hours/statement-${number}`;
    const wanted = boundary(context, number);
    const missed = wanted < context.today && previousOf(context, id) === undefined;
    if (closedOf(context, id) !== undefined || wanted < context.firstDay || missed) return [];
    const settled = settleDate(context, id, wanted, false);
    const roles = context.terms.notices.recipients.hours;
    const send = {
      step: 'send',
      on: settled.dueOn,
      kind: 'ask',
      template: 'hour-statement',
      to: 'customer',
      roles,
    } as const;
    const opensOn = settled.dueOn;
    return [
      owe(context, { id, strand: 'hourBank', owner: 'consultant', ...settled, opensOn, notices: [send] }),
    ];
  });
}

function boundary({ contract, yearNumber, terms, closed }: PlanContext, number: number): LocalDate {
  const months = Math.round((12 * number) / terms.hourBank.statementsPerYear);
  return nextOpenDay(addMonths(contract.startsOn, 12 * (yearNumber - 1) + months), closed);
}
