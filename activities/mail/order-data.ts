/** What mails say of hours beyond the hour bank: what waits for an order, and what was ordered or decided. */
import { whichIsMeant } from '../../rules/engine/basics/which-is-meant';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import type { Contract } from '../../rules/engine/contract/contract';
import { inHundredths } from '../../rules/engine/hours/hour-bank';
import { amountOf } from '../../rules/engine/hours/price';
import type { MailData } from '../../templates/mails/mail-data';
import type { Queryable } from '../db';
import { readHours, yearOn } from '../hours/facts';
import type { HourFacts } from '../hours/facts';
import { waitingOrder } from '../hours/orders';
import type { MailContext, SendNoticeInput } from './notice';
import { findNames } from './person-names';

type ToldOrder = Pick<MailData, 'order' | 'signal'>;

/** What waits, or the order or decision that an obligation such as `hours/order-12` names; nothing if there is none. */
export async function orderData(
  db: Queryable,
  context: MailContext,
  { obligation, step }: Pick<SendNoticeInput, 'obligation' | 'step'>,
): Promise<ToldOrder> {
  const facts = await readHours(db, context.contract.agreement);
  const number = /^hours\/order-(\d+)$/.exec(obligation)?.[1];
  return number === undefined
    ? waitingData(facts, context, step === 'remind')
    : placedData(db, facts, context, Number(number));
}

/** What waits, what it costs, and what the customer can do about it. */
function waitingData(facts: HourFacts, { contract, plan, asOf }: MailContext, reminds: boolean): ToldOrder {
  const about = { plan, currency: contract.hourBank.currency };
  const order = waitingOrder(facts, about, localDateOf(asOf));
  if (!order) return {};
  const example = JSON.stringify({
    ...{ agreement: plan.agreement, decision: 'waive', approvedBy: '…', reason: '…' },
  });
  const told = { ...order, ...(reminds && { reminds: true as const }) };
  return { order: told, signal: { name: 'overageDecided', example } };
}

async function placedData(
  db: Queryable,
  facts: HourFacts,
  { contract }: MailContext,
  number: number,
): Promise<ToldOrder> {
  const entry = facts.entries.find((one) => one.number === number);
  const order = facts.orders.find(({ id }) => id === entry?.id);
  if (!entry || !order) return {};
  const { orderedBy, orderedOn } = facts.ordered.find(({ id }) => id === entry.id) ?? {};
  const isDecided = order.kind === 'charge' || order.kind === 'waive';
  const by = isDecided ? decider(contract, entry.approvedBy) : (entry.by ?? 'customer');
  const nameOf = await findNames(
    db,
    contract,
    [by, orderedBy].flatMap((one) => one ?? []),
  );
  const on = localDateOf(entry.recordedAt);
  const year = facts.prices[yearOn(facts.periods, order.from)];
  const priceMinor = order.kind === 'ahead' ? (year?.bank ?? 0) : (year?.beyond(undefined) ?? 0);
  return {
    order: {
      ...{ hours: inHundredths(order.seconds), amountMinor: amountOf(order.seconds, priceMinor) },
      ...{ currency: contract.hourBank.currency, since: order.from, lines: [], packages: [] },
      placed: {
        ...{ number, kind: order.kind, until: order.until, priceMinor, on },
        ...(by !== undefined && { by: nameOf(by, on) }),
        ...(orderedBy && orderedOn && { orderedBy: nameOf(orderedBy, on), orderedOn }),
      },
    },
  };
}

/** `manager` where the agreement's manager is meant; what somebody else is called is kept, but told to no customer. */
function decider({ contacts: { manager } }: Contract, approvedBy = ''): string | undefined {
  const names = [manager.name, manager.email, ...manager.name.split(' ')];
  return whichIsMeant(approvedBy, [{ id: 'manager', names }])[0];
}
