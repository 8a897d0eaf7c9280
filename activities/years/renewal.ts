/** The renewal of an agreement: the approved price of its next period. */
import type { Instant } from '../../rules/engine/contract/contract';
import { nextWorkInstant } from '../../rules/engine/terms/support-hours';
import type { Db } from '../db';
import { permanent } from '../permanent';
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
      return { mailAt: nextWorkInstant(asOf, stored.terms.support) };
    },
  };
}
