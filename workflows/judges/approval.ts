/** The message of a manager who approves the price of the next period. */
import { toMinorUnits } from '../../rules/engine/hours/price';
import { priceReasons, reasons } from '../../templates/ui/reasons';
import type { Fields } from '../messages/fields';
import type { Verdict } from '../year/steps';
import type { Year } from '../year/year';

/** Highest price an hour can have, in whole currency units: a contract's own limit. */
export const highestPrice = 1_000_000;

/** Judges a manager's approval of the next period's price. */
export function judgeApproval(year: Year, fields: Fields): Verdict {
  const { renewal: next, hourlyRateMinor } = year.plan;
  if (year.terminatedInYear() !== undefined) return { rejected: priceReasons.ends };
  if (year.now() > next.announceBy) return { rejected: priceReasons.late(next.announceBy.slice(0, 10)) };
  const [given, text] = [fields.number('pricePerHour'), fields.text('pricePerHour')];
  if (text === undefined && next.proposedRateMinor === hourlyRateMinor)
    return { rejected: priceReasons.missing };
  if (text !== undefined && !(given !== undefined && given > 0 && given <= highestPrice))
    return { rejected: reasons.above('pricePerHour', highestPrice, text) };
  const priceMinor = given === undefined ? next.proposedRateMinor : minorUnits(given);
  if (Number.isNaN(priceMinor)) return { rejected: reasons.decimals('pricePerHour', text ?? '') };
  const by = fields.text('by');
  return {
    accept: () => {
      year.state.approvals.push({ priceMinor, by: by ?? 'manager', asOf: year.now() });
      return { pricePerHour: priceMinor / 100, by: by ?? 'manager (assumed)' };
    },
  };
}

/** A price in whole currency units as minor units. @returns NaN where it has more than two decimals */
export function minorUnits(price: number): number {
  try {
    return toMinorUnits(price);
  } catch {
    return NaN;
  }
}
