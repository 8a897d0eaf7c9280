/** Hours that an amendment adds to a year that runs. */
import { balanceOf } from '../../rules/engine/hours/hour-bank';
import type { StoredPlan } from '../../rules/engine/plan/plan';
import { takeBackAlerts } from './hours-alert';
import { clear } from './journal';
import type { Year } from './year';

/**
 * Brings the balance up to a new plan's contracted hours. What is used is known here better than in the plan: hours may
 * have been booked since it was made. Thresholds that are passed no more will be alerted again.
 */
export function followContractedHours(year: Year, before: StoredPlan): void {
  const { state, plan } = year;
  if (!state.balance || plan.contractedHours === before.contractedHours) return;
  const { rolledIn, used } = state.balance;
  const { contracted } = plan.balance;
  state.balance = balanceOf([
    { kind: 'contracted', hours: contracted },
    { kind: 'rolledIn', hours: rolledIn },
    { kind: 'used', hours: used },
  ]);
  const passed = (percent: number): boolean => used * 100 >= percent * (contracted + rolledIn);
  for (const percent of state.alerted.filter((one) => !passed(one))) clear(year, 'hours-low', `${percent}`);
  state.alerted = state.alerted.filter(passed);
  takeBackAlerts(year);
}
