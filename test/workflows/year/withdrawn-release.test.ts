/** A release that is withdrawn: people are asked, once, and not any more when another takes its place. */
import { guldPlan, yearAt } from '../year-at';
import type { WithdrawnTarget } from '../../../rules/engine/plan/plan';
import { askAboutWithdrawn } from '../../../workflows/year/withdrawn-release';
import type { Year } from '../../../workflows/year/year';

const told = ({ state }: Year): string[] =>
  state.heldMails.flatMap(({ mail }) => (mail.attention ? [`${mail.to}: ${mail.attention.detail}`] : []));

it.each<[string, Record<string, string>, string, boolean?]>([
  [
    'one under way',
    { 'visma-business': '18.10.0' },
    'Visma Business 18.10.0 is withdrawn: wrong VAT report. 18.10.1 takes its place. Decide: go on as planned, or roll back with upgradePhaseFailed and "then": "roll-back".',
  ],
  [
    'one that people work in, which is not rolled back',
    { 'visma-business': '18.10.0' },
    'Visma Business 18.10.0 is withdrawn: wrong VAT report. 18.10.1 takes its place. People work in it. Decide with the customer: go on as planned, or their management has the system restored with upgradePhaseFailed, "then": "restore", contact, reason and lostSince.',
    true,
  ],
  [
    'one that has not begun',
    {},
    'Visma Business 18.10.0 is withdrawn: wrong VAT report. 18.10.1 takes its place. The upgrade has not begun and waits for another release.',
  ],
])('asks about %s', async (_what, targets, expected, isLive = false) => {
  const reason = { sv: 'fel i momsrapporten', en: 'wrong VAT report' };
  const withdrawn: Record<string, WithdrawnTarget> = {
    'visma-business': { version: '18.10.0', on: '2027-05-01', reason, replacedBy: '18.10.1' },
  };
  const plan = await guldPlan();
  const year = yearAt('2027-05-04T08:00:00.000Z', {
    plan: { ...plan, upgrade: { ...plan.upgrade!, targets, withdrawn } },
    state: { checks: isLive ? { 'go/technical': { ok: true, at: '2027-05-02T08:00:00.000Z' } } : {} },
  });
  const before = { 'visma-business': '18.10.0' };
  askAboutWithdrawn(year, before);
  askAboutWithdrawn(year, before);
  expect(told(year)).toEqual([`manager: ${expected}`, `consultant: ${expected}`]);
  expect(year.state.attention).toMatchObject([{ code: 'release-withdrawn', subject: 'visma-business' }]);
  year.state.plan = plan;
  askAboutWithdrawn(year, before);
  expect(year.state.attention).toEqual([]);
});
