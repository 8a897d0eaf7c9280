/** The renewal of an agreement: the approved price of its next period, and what the mails about it say. */
import { periodOf } from '../../rules/engine/calendar/agreement-period';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import type { Instant } from '../../rules/engine/contract/contract';
import { toCentihours } from '../../rules/engine/hours/hour-bank';
import { lastNoticeDay } from '../../rules/engine/plan/plan-renewal';
import { discountedRate } from '../../rules/engine/hours/price';
import { nextSupportInstant } from '../../rules/engine/terms/support-hours';
import type { MailData } from '../../templates/mails/mail-data';
import type { Db, Queryable } from '../db';
import type { MailContext } from '../mail/mail-data';
import { permanent } from '../permanent';
import { rateOf } from '../agreements/prices';
import { storable } from '../storable';
import { findPlan } from '../agreements/plans';

export interface ApprovePriceInput {
  agreement: string;
  /** The agreement year the price begins with. */
  forYear: number;
  /** Ordinary price of an hour, in minor units. */
  priceMinor: number;
  by: string;
  asOf: Instant;
}

/** What the mails about renewal say, as it stood when they fell due: a mail sent again says the same. */
export async function renewalData(
  db: Queryable,
  { contract, plan, terms, asOf }: MailContext,
  obligation: string,
): Promise<Pick<MailData, 'renewal' | 'signal'>> {
  const { renewal, yearNumber } = plan;
  if (!renewal) return {};
  const { agreement, startsOn, hourBank } = contract;
  const [approved] = await db.query<{ price: number }>(
    'select price_minor as price from approved_prices where agreement = $1 and year = $2 and as_of <= $3',
    [agreement, yearNumber + 1, asOf],
  );
  // A discount that an amendment fixed waits for the next period: it is the one to tell of.
  const { discountPercent = terms.hourBank.discountPercent } = hourBank;
  const currentRateMinor = rateOf(plan, contract);
  const pricePerHour = renewal.proposedRateMinor / 100;
  const example = JSON.stringify({ agreement, pricePerHour });
  return {
    renewal: {
      ...periodOf(startsOn, yearNumber + 1),
      hours: toCentihours(hourBank.hours),
      currency: hourBank.currency,
      discountPercent,
      currentRateMinor,
      currentDiscountedMinor: discountedRate(currentRateMinor, terms.hourBank.discountPercent),
      proposedRateMinor: renewal.proposedRateMinor,
      ...(approved && {
        approvedRateMinor: approved.price,
        approvedDiscountedMinor: discountedRate(approved.price, discountPercent),
      }),
      lastNoticeOn: lastNoticeDay(plan.to, terms.notices.noticePeriodMonths),
      announceBy: localDateOf(renewal.announceBy),
    },
    ...(obligation === 'renewal/price' ? { signal: { name: 'priceApproved', example } } : {}),
  };
}

export function createRenewalActivities({ db }: { db: Db }) {
  return {
    /**
     * Keeps the price a manager approved; the one approved last holds, whatever order attempts end in.
     * @returns when the customer may be mailed about it: at once within support hours
     */
    async approvePrice(input: ApprovePriceInput): Promise<{ mailAt: Instant }> {
      const { agreement, forYear, priceMinor, by, asOf } = storable(input);
      const stored = await findPlan(db, agreement, forYear - 1);
      if (!stored)
        throw permanent('NotFound', `expected a plan of year ${forYear - 1} of ${agreement}, found none`);
      await db.query(
        `insert into approved_prices (agreement, year, price_minor, by, as_of) values ($1, $2, $3, $4, $5)
         on conflict (agreement, year) do update
           set price_minor = excluded.price_minor, by = excluded.by, as_of = excluded.as_of
         where approved_prices.as_of <= excluded.as_of`,
        [agreement, forYear, priceMinor, by, asOf],
      );
      return { mailAt: nextSupportInstant(asOf, stored.terms.support) };
    },
  };
}
