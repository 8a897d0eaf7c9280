/** Hours that an amendment adds to a year that runs. */
import { balanceOf, hasReached } from '../../rules/engine/hours/hour-bank';
import type { YearPlan } from '../../rules/engine/plan/plan';
import { takeBackAlerts } from './hours-alert';
import { clear } from './journal';
import type { Year } from './year';

/**
 * Brings the balance up to a new plan's contracted hours. What is used is known here better than in the plan: hours may
 * have been booked since it was made. Thresholds that are passed no more will be alerted again.
 */
export function followContractedHours(year: Year, before: YearPlan): void {
  const { state, plan } = year;
  if (plan.contractedHours === undefined || plan.contractedHours === before.contractedHours) return;
  if (!state.balance || !plan.balance) return;
  const { rolledIn, used } = state.balance;
  const { contracted } = plan.balance;
  state.balance = balanceOf([
    { kind: 'contracted', hours: contracted },
    { kind: 'rolledIn', hours: rolledIn },
    { kind: 'used', hours: used },
  ]);
  const { balance } = state;
  const passed = (percent: number): boolean => hasReached(balance, percent);
  for (const percent of state.alerted.filter((one) => !passed(one))) clear(year, 'hours-low', `${percent}`);
  state.alerted = state.alerted.filter(passed);
  takeBackAlerts(year);
}
