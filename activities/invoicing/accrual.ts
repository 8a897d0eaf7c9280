/** What unused prepaid hours are worth on a day, in all agreements. */
import type { LocalDate } from '../../rules/engine/contract/contract';
import { instalmentsDue } from '../../rules/engine/hours/termination';
import { prepaidHours } from '../../rules/engine/invoicing/accrual';
import type { PrepaidHours } from '../../rules/engine/invoicing/accrual';
import type { Queryable } from '../db';
import { burn, pricesOfHours, readHours } from '../hours/facts';
import { invoicedFacts } from './facts';

/** An agreement's unused prepaid hours. */
export interface PrepaidAgreement {
  agreement: string;
  customer: string;
  currency: string;
  hours: PrepaidHours[];
}

/** The agreements with unused prepaid hours on a day, by their numbers; what was reported since counts on its day. */
export async function prepaidOn(db: Queryable, on: LocalDate): Promise<PrepaidAgreement[]> {
  const agreements = await db.query<Omit<PrepaidAgreement, 'hours'>>(
    `select number as agreement, contract #>> '{customer,name}' as customer, contract #>> '{hourBank,currency}' as currency
       from agreements order by number`,
  );
  const found: PrepaidAgreement[] = [];
  for (const one of agreements) {
    const facts = await readHours(db, one.agreement);
    const { years } = await invoicedFacts(db, one.agreement, facts, on);
    const hours = prepaidHours(burn(facts, on), on, {
      of: pricesOfHours(facts).of,
      paid: (number) => {
        const year = years.find((each) => each.number === number);
        if (!year) return undefined;
        const { instalments: of, when } = year.terms;
        return { of, due: instalmentsDue(year.from, of, on, when) };
      },
    });
    if (hours.length > 0) found.push({ ...one, hours });
  }
  return found;
}
