/** Tells that nobody of the customer may approve the upgrade, as soon as the year is planned: there is time then to mend it. */
import { condition } from '@temporalio/workflow';
import type { Obligation } from '../../rules/engine/plan/plan';
import { upgradeReasons } from '../../templates/ui/upgrade-reasons';
import { clear, raise } from '../year/journal';
import { tell } from '../year/tell';
import { runningPhase } from '../year/upgrades';
import type { Year } from '../year/year';

const code = 'no-approver';

/** Tells the consultant once, until a contact has a role that may approve, or nothing is left to approve. */
export async function tellNoApprover(year: Year): Promise<void> {
  while (!year.over) {
    const approval = unapproved(year);
    const detail = upgradeReasons.noApprover[year.input.language];
    if (!approval) clear(year, code);
    else if (raise(year, code, approval.id, detail)) tell(year, approval.id, code, detail, ['consultant']);
    await condition(() => year.over || unapproved(year)?.id !== approval?.id);
  }
}

/** The approval that nobody may give, until it is closed. */
const unapproved = (year: Year): Obligation | undefined =>
  year.plan.upgrade?.noApprover
    ? year.open('upgrade').find(({ id }) => runningPhase(year, id)?.planned.kind === 'approval')
    : undefined;
