/** That nobody may approve the upgrade is told when the year is planned, once, and not any more when somebody may. */
import { askedFor, guldPlan, yearAt } from '../year-at';
import { inBackground } from '../../../workflows/basics/background';
import { tellNoApprover } from '../../../workflows/strands/approver';

it('tells the consultant once, with what to do, until a contact may approve', async () => {
  const plan = await guldPlan();
  const without = { ...plan, upgrade: { ...plan.upgrade!, noApprover: true as const } };
  const year = yearAt('2027-01-04T08:00:00.000Z', { plan: without });
  inBackground(year, () => tellNoApprover(year));
  await askedFor();
  year.state.plan = { ...without, revision: 2 };
  await askedFor();
  expect(year.state.attention).toMatchObject([{ code: 'no-approver', subject: 'upgrade/approval' }]);
  expect(year.state.heldMails.map(({ mail }) => mail)).toMatchObject([
    {
      ...{ template: 'attention', to: 'consultant', obligation: 'upgrade/approval' },
      attention: { code: 'no-approver', detail: expect.stringContaining('"serviceavtal change"') as string },
    },
  ]);
  year.state.plan = plan;
  await askedFor();
  expect(year.state.attention).toEqual([]);
});
