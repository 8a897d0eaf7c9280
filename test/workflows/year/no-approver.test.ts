/** That nobody may approve the upgrade is told when the year is planned, once, and not any more when somebody may. */
import { tellNoApprover } from '../../../workflows/year/no-approver';
import { guldPlan, yearAt } from '../year-at';

it('tells the consultant once, with what to do, until a contact may approve', async () => {
  const plan = await guldPlan();
  const year = yearAt('2027-01-04T08:00:00.000Z', {
    plan: { ...plan, upgrade: { ...plan.upgrade!, noApprover: true } },
  });
  tellNoApprover(year);
  tellNoApprover(year);
  expect(year.state.attention).toMatchObject([{ code: 'no-approver', subject: 'upgrade/approval' }]);
  expect(year.state.heldMails.map(({ mail }) => mail)).toMatchObject([
    {
      ...{ template: 'attention', to: 'consultant', obligation: 'upgrade/approval' },
      attention: { code: 'no-approver', detail: expect.stringContaining('"serviceavtal change"') as string },
    },
  ]);
  year.state.plan = plan;
  tellNoApprover(year);
  expect(year.state.attention).toEqual([]);
});
