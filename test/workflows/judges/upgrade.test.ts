/** The upgrade in plans that do not tell its parts; `upgrade-parts.test.ts` has those that do. */
import { askedFor, messageTo, planWithoutParts, yearAt } from '../year-at';
import type { StoredPlan } from '../../../rules/engine/plan/plan';
import { judgePhase, judgePhaseFailed } from '../../../workflows/judges/upgrade';
import { judgeTested } from '../../../workflows/judges/tests';
import { judgeIntegration } from '../../../workflows/judges/upgrade-parts';
import { clear } from '../../../workflows/year/journal';
import type { Year } from '../../../workflows/year/year';
import type { ClosedObligation, YearState } from '../../../workflows/year/year-state';

const now = '2027-05-12T08:00:00.000Z';
const since = '2027-05-03T08:00:00.000Z';

let plan: StoredPlan;
beforeAll(async () => {
  plan = await planWithoutParts();
});

const year = (state: Partial<YearState> = {}): Year => yearAt(now, { plan, state });

const done: ClosedObligation = { at: since, state: 'done', by: 'anna' };

/** The phases before this one are done. */
const upTo = (phase: string): Pick<YearState, 'closed'> => {
  const phases = ['precheck', 'integrations', 'technical', 'test', 'approval'];
  const before = phases.slice(0, phases.indexOf(phase));
  return { closed: Object.fromEntries(before.map((one) => [`upgrade/${one}`, done])) };
};

const passed = (...ids: string[]): Pick<YearState, 'checks'> => ({
  checks: Object.fromEntries(ids.map((id) => [id, { ok: true, at: since }])),
});

const told = ({ state }: Year): unknown[] =>
  state.heldMails.map(({ at, step, mail: { template, to, obligation, attention } }) => [
    ...[at, step, template, to, obligation, attention?.code, attention?.detail],
  ]);

describe('upgradePhaseCompleted', () => {
  const { take, refusal } = messageTo('upgradePhaseCompleted', judgePhase);

  it.each<[string, Record<string, unknown>, string, string]>([
    ['its name', { phase: 'precheck' }, 'precheck', 'upgrade/precheck'],
    ['its id', { phase: 'upgrade/technical' }, 'technical', 'upgrade/technical'],
    ['nothing: the first that is open', {}, 'approval', 'upgrade/approval'],
  ])('closes the phase named by %s', async (_what, input, phase, obligation) => {
    const one = year(upTo(phase));
    expect(take(one, { ...input, note: 'went well' })).toEqual({ obligation });
    expect(one.state.closed[obligation]).toEqual({ at: now, state: 'done', by: 'consultant' });
    expect(one.state.journal).toMatchObject([{ kind: 'phase', obligation: { note: 'went well' } }]);
    expect(await askedFor()).toEqual([]);
  });

  it('takes the same once more for a repeat', () => {
    const one = year(upTo('integrations'));
    expect(take(one, { phase: 'precheck' })).toEqual({ obligation: 'upgrade/precheck', repeat: true });
    expect(one.state.steps).toEqual([]);
  });

  it.each<[string, Partial<YearState>, Record<string, unknown>, string, string]>([
    [
      'the phase before it is open',
      upTo('integrations'),
      { phase: 'technical' },
      'upgrade: integrations has to be completed before technical upgrade',
      'uppgradering: integrationer måste vara klar före teknisk uppgradering',
    ],
    [
      'there is no such phase',
      {},
      { phase: 'testing' },
      'phase: expected one of precheck (pre-check), integrations (integrations), technical (technical upgrade), test (guided testing), approval (approval), found testing',
      'phase: förväntade ett av precheck (förkontroll), integrations (integrationer), technical (teknisk uppgradering), test (testledning), approval (godkännande), hittade testing',
    ],
    [
      'it was cancelled',
      { closed: { 'upgrade/precheck': { at: since, state: 'cancelled' } } },
      { phase: 'precheck' },
      'upgrade: pre-check is already cancelled (2027-05-03)',
      'uppgradering: förkontroll är redan struket (2027-05-03)',
    ],
    [
      'the upgrade is over',
      { closed: { ...upTo('approval').closed, 'upgrade/approval': done } },
      {},
      'nothing of "Upgrade" is open',
      'inget i "Uppgradering" är öppet',
    ],
  ])('is refused where %s', (_what, state, input, en, sv) => {
    expect(refusal(year(state), input)).toEqual({ en, sv });
  });
});

describe('upgradePhaseFailed', () => {
  const { take, refusal } = messageTo('upgradePhaseFailed', judgePhaseFailed);

  it('leaves the phase open, and tells manager and consultant at once', () => {
    const one = year(upTo('technical'));
    const reason = 'the database could not be converted';
    expect(take(one, { reason })).toEqual({ obligation: 'upgrade/technical', reason });
    expect(one.isClosed('upgrade/technical')).toBe(false);
    expect(one.state.attention).toEqual([
      { code: 'upgrade-failed', subject: 'upgrade/technical', detail: reason, at: now },
    ]);
    expect(told(one)).toEqual(
      ['manager', 'consultant'].map((to) => [
        ...[now, 0, 'attention', to, 'upgrade/technical', 'upgrade-failed', reason],
      ]),
    );
  });

  it.each([
    ['sv', 'inget skäl angivet'],
    ['en', 'no reason given'],
  ] as const)('says that no reason was given: %s', (language, reason) => {
    expect(take(yearAt(now, { plan, language }))).toEqual({ obligation: 'upgrade/precheck', reason });
  });

  it('tells them anew once what was raised is cleared: the mail of before stands for no other', () => {
    const one = year();
    take(one, { reason: 'a' });
    clear(one, 'upgrade-failed');
    take(one, { reason: 'b' });
    const mails = one.state.heldMails.map(({ mail }) => [mail.to, mail.attention?.detail, mail.revision]);
    expect(mails).toEqual([
      ['manager', 'a', 1],
      ['consultant', 'a', 1],
      ['manager', 'b', 3],
      ['consultant', 'b', 3],
    ]);
  });

  it('tells nobody twice', () => {
    const one = year();
    take(one, { reason: 'a' });
    take(one, { reason: 'b' });
    expect(one.state.attention).toHaveLength(1);
    expect(told(one)).toHaveLength(2);
  });

  it.each<[string, Record<string, unknown>, string, string]>([
    [
      'the phase is done',
      { phase: 'precheck' },
      'upgrade: pre-check is already done (2027-05-03)',
      'uppgradering: förkontroll är redan klart (2027-05-03)',
    ],
    [
      'there is no such phase',
      { phase: 'x' },
      'phase: expected one of precheck (pre-check), integrations (integrations), technical (technical upgrade), test (guided testing), approval (approval), found x',
      'phase: förväntade ett av precheck (förkontroll), integrations (integrationer), technical (teknisk uppgradering), test (testledning), approval (godkännande), hittade x',
    ],
  ])('is refused where %s', (_what, input, en, sv) => {
    expect(refusal(year(upTo('integrations')), input)).toEqual({ en, sv });
  });
});

describe('integrationChecked', () => {
  const { take, refusal } = messageTo('integrationChecked', judgeIntegration);

  it('is refused where the agreement has no integrations', () => {
    const without = year(upTo('integrations'));
    without.plan.ids.integrations = [];
    expect(refusal(without, {}).en).toBe('integration: the agreement has nothing to check');
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['the one it names', { integration: 'payroll-vouchers' }, 'payroll-vouchers'],
    ['the first that has not passed', {}, 'webshop-orders'],
    ['one that a text says has passed', { integration: 'payroll-vouchers', ok: 'ja' }, 'payroll-vouchers'],
  ])('takes down that an integration has passed: %s', (_what, input, id) => {
    const one = year(upTo('integrations'));
    expect(take(one, input)).toEqual({ integration: id, ok: true });
    expect(one.state.checks).toEqual({ [`integration/${id}`]: { ok: true, at: now } });
    expect(one.isClosed('upgrade/integrations')).toBe(false);
  });

  it('completes the phase once all have passed', () => {
    const one = year({ ...upTo('integrations'), ...passed('integration/webshop-orders') });
    expect(take(one, { note: 'both work', by: 'anna' })).toEqual({
      integration: 'payroll-vouchers',
      ok: true,
      note: 'both work',
      completed: 'upgrade/integrations',
    });
    expect(one.state.closed['upgrade/integrations']).toEqual({ at: now, state: 'done', by: 'anna' });
  });

  it('can come before the pre-check is done, and then completes nothing', () => {
    const one = year(passed('integration/webshop-orders'));
    expect(take(one)).toEqual({ integration: 'payroll-vouchers', ok: true });
    expect(one.state.closed).toEqual({});
  });

  it('tells the consultant of one that does not work, once', () => {
    const one = year(upTo('integrations'));
    const input = { integration: 'webshop-orders', ok: false, note: 'no orders come' };
    expect(take(one, input)).toEqual(input);
    take(one, input);
    expect(one.state.checks['integration/webshop-orders']).toEqual({ ok: false, at: now });
    expect(one.state.attention).toMatchObject([
      { code: 'integration-failed', subject: 'webshop-orders', detail: 'no orders come' },
    ]);
    expect(told(one)).toEqual([
      [
        ...[now, 0, 'attention', 'consultant', 'upgrade/integrations', 'integration-failed'],
        'webshop-orders: no orders come',
      ],
    ]);
  });

  it('takes that back once it has passed', () => {
    const raised = { code: 'integration-failed', detail: 'x', at: since };
    const one = year({
      ...upTo('integrations'),
      attention: [
        { ...raised, subject: 'webshop-orders' },
        { ...raised, subject: 'payroll-vouchers' },
      ],
    });
    take(one, { integration: 'webshop-orders', ok: true });
    expect(one.state.attention.map(({ subject }) => subject)).toEqual(['payroll-vouchers']);
  });

  it('reports a fault after the phase is done, which stays done', () => {
    const one = year({
      ...upTo('technical'),
      ...passed('integration/webshop-orders', 'integration/payroll-vouchers'),
    });
    take(one, { integration: 'webshop-orders', ok: false });
    expect(one.state.closed['upgrade/integrations']).toEqual(done);
    expect(one.state.attention).toMatchObject([{ code: 'integration-failed', detail: 'no reason given' }]);
  });

  it.each<[string, Partial<YearState>, Record<string, unknown>, string, string]>([
    [
      'there is no such integration',
      {},
      { integration: 'webshop' },
      'integration: expected one of webshop-orders, payroll-vouchers, found webshop',
      'integration: förväntade ett av webshop-orders, payroll-vouchers, hittade webshop',
    ],
    [
      'all have passed and none is named',
      passed('integration/webshop-orders', 'integration/payroll-vouchers'),
      {},
      'integration: all have passed already; write which one it is about, of webshop-orders, payroll-vouchers',
      'integration: alla är redan godkända; skriv vilken det gäller av webshop-orders, payroll-vouchers',
    ],
  ])('is refused where %s', (_what, state, input, en, sv) => {
    expect(refusal(year(state), input)).toEqual({ en, sv });
  });
});

describe('customerTested', () => {
  const { take, refusal } = messageTo('customerTested', judgeTested);

  it('without a module has tested all there is', () => {
    const one = year(upTo('test'));
    expect(take(one, { by: 'contact-2' })).toEqual({ obligation: 'upgrade/test' });
    expect(one.state.closed['upgrade/test']).toEqual({ at: now, state: 'done', by: 'contact-2' });
  });

  it.each([
    ['not before all have passed', ['visma-business', 'pector-import'], undefined],
    [
      'once the last has passed',
      ['visma-business', 'pector-import', 'payroll-vouchers'],
      { completed: 'upgrade/test' },
    ],
  ])('completes the test by its modules: %s', (_what, before, completed) => {
    const one = year({ ...upTo('test'), ...passed(...before.map((id) => `module/${id}`)) });
    expect(take(one, { module: 'webshop-orders' })).toEqual({
      module: 'webshop-orders',
      ok: true,
      ...completed,
    });
    expect(one.isClosed('upgrade/test')).toBe(completed !== undefined);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['a module', { module: 'visma-business' }, 'visma-business'],
    ['all of it', { module: 'all' }, 'all'],
    ['none: the first that has not passed', {}, 'visma-business'],
  ])('tells the consultant of a test that went wrong: %s', (_what, input, id) => {
    const one = year(upTo('test'));
    expect(take(one, { ...input, ok: 'nej', note: 'no invoices' })).toEqual({
      module: id,
      ok: false,
      note: 'no invoices',
    });
    expect(told(one)).toEqual([
      [now, 0, 'attention', 'consultant', 'upgrade/test', 'test-failed', `${id}: no invoices`],
    ]);
  });

  it.each<[string, Partial<YearState>, Record<string, unknown>, string, string]>([
    [
      'the upgrade is not installed, for all',
      upTo('technical'),
      {},
      'technical upgrade has to be completed before upgrade: guided testing',
      'teknisk uppgradering måste vara klar före uppgradering: testledning',
    ],
    [
      'the upgrade is not installed, for one module',
      upTo('technical'),
      { module: 'visma-business' },
      'technical upgrade has to be completed before upgrade: guided testing',
      'teknisk uppgradering måste vara klar före uppgradering: testledning',
    ],
    [
      'there is no such module',
      upTo('test'),
      { module: 'visma' },
      'module: expected one of visma-business, pector-import, webshop-orders, payroll-vouchers, all, found visma',
      'module: förväntade ett av visma-business, pector-import, webshop-orders, payroll-vouchers, all, hittade visma',
    ],
  ])('is refused where %s', (_what, state, input, en, sv) => {
    expect(refusal(year(state), input)).toEqual({ en, sv });
  });
});
