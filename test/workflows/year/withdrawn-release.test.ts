/** A release that is withdrawn: people are asked, once, and not any more when another takes its place. */
import { completedPhase } from '../../helpers/completed-phase';
import { answer, guldPlan, messageTo, replansAskedFor, yearAt } from '../year-at';
import type { WithdrawnTarget } from '../../../rules/engine/plan/plan';
import { judgePhase, judgePhaseFailed } from '../../../workflows/judges/upgrade';
import { judgePart } from '../../../workflows/judges/upgrade-parts';
import { askAboutWithdrawn } from '../../../workflows/year/withdrawn-release';
import { pageOf } from '../../../workflows/year/page';
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
  // Whoever wrote the reason may have ended it as a sentence.
  const reason = { sv: 'fel i momsrapporten.', en: 'wrong VAT report.' };
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

it('is asked about anew once the year is planned after a roll-back', async () => {
  const reason = { sv: 'fel i momsrapporten', en: 'wrong VAT report' };
  const withdrawn = { 'visma-business': { version: '18.10.0', on: '2027-05-01', reason } };
  const plan = await guldPlan();
  const planFor = (targets: Record<string, string>, more: object) => ({
    ...plan,
    upgrade: { ...plan.upgrade!, targets, ...more },
  });
  const closed = ['plan', 'precheck'].map((one) => [
    `upgrade/${one}`,
    { at: '2027-05-03T08:00:00.000Z', state: 'done', by: 'anna' } as const,
  ]);
  const year = yearAt('2027-05-04T08:00:00.000Z', {
    plan: planFor({ 'visma-business': '18.10.0' }, { withdrawn }),
    state: { closed: Object.fromEntries(closed) },
  });
  askAboutWithdrawn(year, year.plan.upgrade?.targets);
  const failed = messageTo('upgradePhaseFailed', judgePhaseFailed);
  failed.take(year, { phase: 'technical', then: 'roll-back', reason: 'withdrawn' });
  const details = (): string[] =>
    year.state.attention.flatMap(({ code, detail }) => (code === 'release-withdrawn' ? [detail] : []));
  expect(details().join()).toMatch(/Decide: go on as planned, or roll back/);
  await answer(planFor({}, { withdrawn }));
  expect(details().join()).toMatch(/has not begun and waits for another release\.$/);
  // And no more once there is one to go to.
  messageTo('upgradePartChecked', judgePart).take(year, { phase: 'plan', part: '1', ok: true });
  failed.take(year, { phase: 'plan', then: 'roll-back', reason: 'once more' });
  await answer(planFor({ 'visma-business': '18.10.1' }, {}));
  expect(details()).toEqual([]);
});

it('is asked about anew where an attempt to go there was given up, and said on the page while it waits', async () => {
  const reason = { sv: 'fel i momsrapporten', en: 'wrong VAT report' };
  const withdrawn = { 'visma-business': { version: '18.10.0', on: '2027-05-01', reason } };
  const plan = await guldPlan();
  const before = { 'visma-business': '18.10.0' };
  const year = yearAt('2027-05-04T08:00:00.000Z', {
    plan: { ...plan, upgrade: { ...plan.upgrade!, targets: before, withdrawn } },
  });
  askAboutWithdrawn(year, before);
  expect(pageOf(year)).not.toContain('waits for another release');
  year.state.plan = { ...plan, upgrade: { ...plan.upgrade!, targets: {}, withdrawn } };
  askAboutWithdrawn(year, before);
  askAboutWithdrawn(year, before);
  const said =
    'Visma Business 18.10.0 is withdrawn: wrong VAT report. The upgrade has not begun and waits for another release.';
  expect(year.state.attention.map(({ detail }) => detail)).toEqual([said]);
  expect(told(year).slice(2)).toEqual([`manager: ${said}`, `consultant: ${said}`]);
  expect(pageOf(year)).toContain(
    '**Visma Business 18.10.0 is withdrawn since 2027-05-01: the upgrade waits for another release**',
  );
});

it.each(['withdrawn', 'stopped', 'recalled'])(
  'is asked about once more where it is installed all the same: %s',
  async (how) => {
    const [system, version] = ['visma-business', '18.10.0'];
    const reason = { sv: 'fel i momsrapporten', en: 'wrong VAT report' };
    const recalled = [{ system, version, on: '2027-05-01' }];
    const known =
      how === 'recalled'
        ? { recalled, targets: { [system]: '18.20.0' } }
        : how === 'stopped'
          ? { stopped: { system, version }, targets: { [system]: '18.20.0' } }
          : {
              withdrawn: { [system]: { version, on: '2027-05-01', reason } },
              targets: { [system]: version },
            };
    const plan = await guldPlan();
    const closed = ['plan', 'precheck'].map((one) => [
      `upgrade/${one}`,
      { at: '2027-05-03T08:00:00.000Z', state: 'done', by: 'anna' } as const,
    ]);
    const year = yearAt('2027-05-31T08:00:00.000Z', {
      plan: { ...plan, upgrade: { ...plan.upgrade!, ...known } },
      state: { closed: Object.fromEntries(closed) },
    });
    const technical = { ...completedPhase('technical', '2027-05-28') };
    const all = { ...technical, versions: { [system]: version, 'pector-import': '5.4' } };
    const phaseDone = messageTo('upgradePhaseCompleted', judgePhase);
    const part = { phase: 'technical', part: system, version };
    const asked = /^Visma Business: 18\.10\.0 is withdrawn .* "confirmed": true$/;
    expect(phaseDone.refusal(year, all).en).toMatch(asked);
    const partDone = messageTo('upgradePartChecked', judgePart);
    expect(partDone.refusal(year, part).en).toMatch(asked);
    partDone.take(year, { ...part, confirmed: true });
    // It was confirmed once.
    phaseDone.take(year, all);
    expect(year.isClosed('upgrade/technical')).toBe(true);
    expect(await replansAskedFor()).toEqual(
      how !== 'withdrawn' ? [expect.stringContaining('went to another release')] : expect.anything(),
    );
  },
);

it('is not asked about before the day on which a release is withdrawn', async () => {
  const [system, version] = ['visma-business', '18.10.0'];
  const plan = await guldPlan();
  const recalled = [{ system, version, on: '2027-06-01' }];
  const upgrade = { ...plan.upgrade!, targets: { [system]: version }, recalled };
  const done = { at: '2027-05-03T08:00:00.000Z', state: 'done' } as const;
  const closed = { 'upgrade/plan': done, 'upgrade/precheck': done };
  const year = yearAt('2027-05-31T08:00:00.000Z', { plan: { ...plan, upgrade }, state: { closed } });
  const part = { phase: 'technical', part: system, version };
  expect(messageTo('upgradePartChecked', judgePart).take(year, part)).toMatchObject({ part: system });
});
