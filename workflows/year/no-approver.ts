/** Tells that nobody of the customer may approve the upgrade, as soon as the year is planned: there is time then to mend it. */
import { upgradeReasons } from '../../templates/ui/upgrade-reasons';
import { clear, raise } from './journal';
import { tell } from './tell';
import { runningPhase } from './upgrades';
import type { Year } from './year';

const code = 'no-approver';

/** Tells the consultant once, until a contact has a role that may approve, or nothing is left to approve. */
export function tellNoApprover(year: Year): void {
  const isApproval = ({ id }: { id: string }): boolean => runningPhase(year, id)?.planned.kind === 'approval';
  const approval = year.plan.upgrade?.noApprover ? year.open('upgrade').find(isApproval) : undefined;
  if (!approval) {
    clear(year, code);
    return;
  }
  const detail = upgradeReasons.noApprover[year.input.language];
  if (raise(year, code, approval.id, detail)) tell(year, approval.id, code, detail, ['consultant']);
}
