/** Hours that an amendment adds to a year that runs. */
import { availableHours, hasReached } from '../../rules/engine/hours/hour-bank';
import type { StoredPlan } from '../../rules/engine/plan/plan';
import { takeBackAlerts } from './hours-alert';
import { clear } from './journal';
import type { Year } from './year';

/**
 * Takes a new plan's contracted hours into the balance. Used hours are kept from the state: some may have been booked
 * since the plan was made. A threshold that is no longer reached is alerted again when it is next reached.
 */
export function followContractedHours(year: Year, before: StoredPlan): void {
  const { state, plan } = year;
  if (!state.balance || plan.contractedHours === before.contractedHours) return;
  const { rolledIn, used, added } = state.balance;
  const { contracted } = plan.balance;
  const all = { contracted, rolledIn, used, ...(added !== undefined && { added }) };
  const left = availableHours(all) - used;
  state.balance = { ...all, remaining: Math.max(0, left), overage: Math.max(0, -left) };
  takeBackAlerts(year);
  // Runs of before alerts were taken back let them be alerted again.
  const { balance } = state;
  const passed = (percent: number): boolean => hasReached(balance, percent);
  for (const percent of state.alerted.filter((one) => !passed(one))) clear(year, 'hours-low', `${percent}`);
  state.alerted = state.alerted.filter(passed);
}
