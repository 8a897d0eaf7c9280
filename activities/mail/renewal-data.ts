/** What the mails about the renewal of an agreement say. */
import { periodOf } from '../../rules/engine/calendar/agreement-period';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import { secondsOfHundredth, toCentihours } from '../../rules/engine/hours/hour-bank';
import { suggestedLevel } from '../../rules/engine/hours/suggested-level';
import { amountOf, discountedRate } from '../../rules/engine/hours/price';
import { lastNoticeDay } from '../../rules/engine/plan/plan-renewal';
import type { MailData, MailRenewal } from '../../templates/mails/mail-data';
import type { Queryable } from '../db';
import { hourBalance } from '../hours/facts';
import type { MailContext } from './notice';

/** What the mails about renewal say, as it stood when they fell due: a mail sent again says the same. */
export async function renewalData(
  db: Queryable,
  { contract, plan, terms, asOf }: MailContext,
  obligation: string,
): Promise<Pick<MailData, 'renewal' | 'signal'>> {
  const { renewal, yearNumber } = plan;
  const { agreement, startsOn, hourBank } = contract;
  const [approved] = await db.query<{ price: number }>(
    'select price_minor as price from approved_prices where agreement = $1 and year = $2 and as_of <= $3',
    [agreement, yearNumber + 1, asOf],
  );
  // A discount that an amendment fixed holds from the next period on, the one that these mails are about.
  const { discountPercent = terms.hourBank.discountPercent } = hourBank;
  const currentRateMinor = plan.hourlyRateMinor;
  const lastNoticeOn = lastNoticeDay(plan.to, terms.notices.noticePeriodMonths);
  const nextRate =
    approved?.price ?? (obligation === 'renewal/price' ? renewal.proposedRateMinor : currentRateMinor);
  const level = await levelData(
    db,
    agreement,
    { plan, asOf },
    {
      hours: toCentihours(hourBank.hours),
      priceMinor: discountedRate(nextRate, discountPercent),
    },
  );
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
      ...(level && { level }),
      lastNoticeOn,
      announceBy: localDateOf(renewal.announceBy),
      ...(lastNoticeOn < localDateOf(asOf) && { noticePassed: true as const }),
      ...(renewal.announceBy <= asOf && { announcePassed: true as const }),
    },
    ...(obligation === 'renewal/price' ? { signal: { name: 'priceApproved', example } } : {}),
  };
}

/** The level that this year's use speaks for, with what a period costs at today's level and at that one. */
async function levelData(
  db: Queryable,
  agreement: string,
  { plan, asOf }: Pick<MailContext, 'plan' | 'asOf'>,
  now: { hours: number; priceMinor: number },
): Promise<MailRenewal['level']> {
  const { used } = await hourBalance(db, agreement, plan.yearNumber, asOf);
  const level = suggestedLevel(used, plan, localDateOf(asOf));
  if (!level) return undefined;
  const amount = (centihours: number): number => amountOf(centihours * secondsOfHundredth, now.priceMinor);
  return { ...level, used, currentMinor: amount(now.hours), suggestedMinor: amount(level.hours) };
}
