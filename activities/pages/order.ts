/** What waits beyond the hour bank, as the page to order it reads it. */
import type { Instant, LocalDate, Person } from '../../rules/engine/contract/contract';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import { addDays } from '../../rules/engine/calendar/dates';
import type { MailOrder } from '../../templates/mails/mail-data';
import { findAgreement } from '../agreements/agreements';
import { newestPlan } from '../agreements/plans';
import type { Queryable } from '../db';
import { usualOrderDays } from '../hours/ledger';
import { readHours } from '../hours/facts';
import { waitingOrder } from '../hours/orders';

export interface OrderPage {
  customer: string;
  consultant: Person;
  currency: string;
  /** Of an hour beyond the bank, in minor units. */
  priceMinor: number;
  /** Nothing where nothing waits. */
  order?: MailOrder;
  /** The day up to which an order holds unless the customer says otherwise, and the last that they can say. */
  until: LocalDate;
  latest: LocalDate;
  today: LocalDate;
  /** When something was last ordered on a page of the agreement that the ledger does not have yet. */
  onItsWay?: Instant;
}

/** Longest time for which an order can hold, in days. */
const longestOrder = 366;

/** @returns undefined if there is no such agreement, or no year of it is planned */
export async function readOrderPage(
  db: Queryable,
  agreement: string,
  now: Instant,
): Promise<OrderPage | undefined> {
  const known = await findAgreement(db, agreement);
  const stored = known && (await newestPlan(db, agreement));
  if (!known || !stored) return undefined;
  const today = localDateOf(now);
  const facts = await readHours(db, agreement);
  const { contract } = known;
  const order = waitingOrder(facts, { plan: stored.plan, currency: contract.hourBank.currency }, today);
  const [sent] = await db.query<{ at: Instant }>(
    `select max(e.at) as at from page_events e join page_links l on l.id = e.link
      where l.agreement = $1 and e.event in ('order', 'package', 'ahead') and not exists
            (select 1 from hour_entry_refs r where r.ref = 'page-' || e.id)
        and e.at > $2::timestamptz - interval '1 day'`,
    [agreement, now],
  );
  return {
    customer: contract.customer.name,
    consultant: contract.contacts.consultant,
    currency: contract.hourBank.currency,
    priceMinor: facts.prices[stored.plan.yearNumber]?.beyond(undefined) ?? 0,
    ...(order && { order }),
    until: addDays(today, stored.terms.hourBank.overage.ask?.validDays ?? usualOrderDays),
    latest: addDays(today, longestOrder),
    today,
    ...(sent?.at && { onItsWay: sent.at }),
  };
}
