/** The upgrade part by part: no phase closes over what failed or was never reported, unless somebody accepts it by name. */
import { completedPhase } from '../../helpers/completed-phase';
import { answer, askedFor, goOnTo, guldPlan, messageTo, replansAskedFor, yearAt } from '../year-at';
import type { StoredPlan } from '../../../rules/engine/plan/plan';
import { goesWithOf } from '../../../rules/engine/releases/goes-with';
import { shippedRelease } from '../../rules/releases/shipped';
import { judgeUndo, takeStep } from '../../../workflows/year/steps';
import { judgePhase, judgePhaseFailed } from '../../../workflows/judges/upgrade';
import { judgeTested } from '../../../workflows/judges/tests';
import { judgeIntegration, judgePart } from '../../../workflows/judges/upgrade-parts';
import {
  judgeDeclinedUpgrade,
  judgeNotNeeded,
  judgePostponed,
} from '../../../workflows/judges/upgrade-decisions';
import { inBackground } from '../../../workflows/basics/background';
import { closeYear } from '../../../workflows/strands/close';
import { annualUpgrade } from '../../../workflows/strands/upgrade';
import { overviewOf, pageOf } from '../../../workflows/year/page';
import { raise, raiseAnew } from '../../../workflows/year/journal';
import { takeMovedPlan } from '../../../workflows/year/moved-upgrade';
import { handedUpgrade, unfinishedUpgrade } from '../../../workflows/year/upgrades';
import type { Year } from '../../../workflows/year/year';
import type { YearState } from '../../../workflows/year/year-state';

const now = '2027-06-14T08:00:00.000Z';
const since = '2027-05-03T08:00:00.000Z';
const phases = ['plan', 'precheck', 'technical', 'integrations', 'test', 'approval', 'after-check'];

let plan: StoredPlan;
beforeAll(async () => {
  plan = await guldPlan();
});

/** The year with the phases before this one done. */
const yearIn = (phase: string, state: Partial<YearState> = {}, at = now): Year => {
  const closed = phases
    .slice(0, phases.indexOf(phase))
    .map((one) => [`upgrade/${one}`, { at: since, state: 'done', by: 'anna' }] as const);
  return yearAt(at, { plan, state: { closed: Object.fromEntries(closed), ...state } });
};

const completed = messageTo('upgradePhaseCompleted', judgePhase);
const failed = messageTo('upgradePhaseFailed', judgePhaseFailed);
const part = messageTo('upgradePartChecked', judgePart);
const integration = messageTo('integrationChecked', judgeIntegration);
const tested = messageTo('customerTested', judgeTested);

const news = ({ state }: Year): unknown[] =>
  state.heldMails.flatMap(({ mail }) => (mail.news ? [[mail.to, mail.roles?.join(), mail.news]] : []));
const open = (year: Year): string[] => phases.filter((one) => !year.isClosed(`upgrade/${one}`));

describe('completing a phase', () => {
  it.each<[string, Record<string, unknown>]>([
    ['plan', { on: '2027-06-21', passed: 'all' }],
    ['precheck', { passed: ['1', '2', '3'] }],
    ['technical', completedPhase('technical', '2027-06-13')],
    ['integrations', { versions: { 'webshop-orders': 4.2 }, passed: 'alla' }],
    ['test', { session: '2027-06-11', passed: 'all' }],
    ['approval', { contact: 'contact-1' }],
    ['after-check', { passed: 'all' }],
  ])('takes one message with all that %s owes, and asks for it where it is missing', (phase, owed) => {
    const year = yearIn(phase, {}, phase === 'after-check' ? '2027-08-10T08:00:00.000Z' : now);
    expect(completed.refusal(year, { phase })?.en).toMatch(/cannot be completed\. Not reported: /);
    expect(year.isClosed(`upgrade/${phase}`)).toBe(false);
    expect(completed.take(year, { phase, ...owed })).toEqual({ obligation: `upgrade/${phase}` });
    expect(year.state.closed[`upgrade/${phase}`]).toMatchObject({ state: 'done' });
  });

  it.each<[string, string, Record<string, unknown>, string]>([
    ['names a part that is none', 'precheck', { passed: ['4'] }, 'passed: expected one of 1, 2, 3, found 4'],
    [
      'names a version of nothing',
      'technical',
      { versions: { oracle: '1' } },
      'versions: expected one of visma-business, pector-import, found oracle',
    ],
    [
      'gives what the phase does not ask for',
      'precheck',
      { passed: 'all', session: '2027-06-11' },
      'session: the phase does not ask for it',
    ],
    ['holds a session tomorrow', 'test', { passed: 'all', session: '2027-06-15' }, 'session: '],
    ['agrees on a day of another year', 'plan', { passed: 'all', on: '2026-06-21' }, 'on: '],
    [
      'has somebody approve who may not',
      'approval',
      { contact: 'contact-9' },
      'contact: expected a contact of the management or a system owner: contact-1, contact-2, found contact-9',
    ],
    ['leaves one out that it had passed', 'precheck', { passed: 'all', except: ['1'] }, 'Failed: 1 ('],
    ['leaves one out', 'precheck', { passed: 'all', except: ['2'] }, 'Failed: 2 ('],
    ['accepts it without a reason', 'precheck', { acceptedBy: 'manager' }, 'Not reported: 1 ('],
    [
      'is accepted by nobody of the agreement',
      'precheck',
      { acceptedBy: 'Nobody', reason: 'x' },
      'acceptedBy: expected one of contact-1, contact-2, contact-3, consultant, manager, found Nobody',
    ],
    [
      'accepts that no day is agreed',
      'plan',
      { passed: 'all', acceptedBy: 'manager', reason: 'x' },
      'Not reported: on (the day the customer agreed to)',
    ],
  ])('is refused where it %s', (_what, phase, input, en) => {
    const year = yearIn(phase);
    const before = structuredClone(year.state);
    expect(completed.refusal(year, { phase, ...input })?.en).toContain(en);
    expect(year.state).toEqual(before);
  });

  it('keeps a phase open over a part that failed, until it passes or somebody accepts it by name', () => {
    const year = yearIn('integrations');
    integration.take(year, { integration: 'payroll-vouchers', ok: false, note: 'refuses the file' });
    expect(year.state.attention).toMatchObject([{ code: 'integration-failed', subject: 'payroll-vouchers' }]);
    expect(year.state.heldMails.map(({ mail }) => mail.attention?.signal)).toEqual([
      { name: 'integrationChecked', fields: { integration: 'payroll-vouchers', ok: true } },
    ]);
    const said = completed.refusal(year, {
      phase: 'integrations',
      passed: 'all',
      except: ['payroll-vouchers'],
    });
    expect(said?.sv).toContain('Underkänt: payroll-vouchers. ');
    const reason = 'loaded by hand until July';
    expect(
      completed.take(year, {
        ...{ phase: 'integrations', passed: 'all', except: ['payroll-vouchers'] },
        ...{ acceptedBy: 'manager', reason },
      }),
    ).toEqual({ obligation: 'upgrade/integrations', accepted: ['payroll-vouchers'], reason });
    expect(year.state.attention).toEqual([]);
    expect(year.state.checks['integration/payroll-vouchers']).toMatchObject({
      ...{ ok: false, waived: { by: 'manager', reason } },
    });
    // It stays visible to the end.
    expect(pageOf(yearAt(now, { plan, language: 'sv', state: year.state }))).toContain(
      '| integrationer | Verifikationer från lönesystemet (payroll-vouchers) |  |  | **godtagen av ansvarig chef: loaded by hand until July** |',
    );
  });

  it('shows on the page which phase is on, since when, and whom it waits for', () => {
    const state = { ...yearIn('precheck').state, closed: yearIn('precheck').state.closed };
    const page = pageOf(yearAt('2027-05-20T08:00:00.000Z', { plan, language: 'sv', state }));
    expect(page).toContain('\nFörkontroll, 2 dagar: väntar på dedikerad konsult, senast 2027-05-24\n');
  });

  it('waits for the end of the month, unless somebody accepts that it does not', () => {
    const said = { phase: 'after-check', passed: 'all' };
    expect(completed.refusal(yearIn('after-check'), said)?.en).toContain('opens on 2027-08-09');
    completed.take(yearIn('after-check'), { ...said, acceptedBy: 'manager', reason: 'no close in July' });
  });

  it('shows a message that can be sent, and says which version is to be filled in', () => {
    const targets = { 'visma-business': '18.00.0' };
    const { plan: _, ...state } = yearIn('technical').state;
    const given = { plan: { ...plan, upgrade: { ...plan.upgrade!, targets } }, state };
    const [first] = overviewOf(yearAt(now, given)).messages.filter(
      ({ name }) => name === 'upgradePhaseCompleted',
    );
    expect(first).toMatchObject({ example: { versions: targets }, toFill: ['pector-import'] });
    expect(pageOf(yearAt(now, { ...given, language: 'sv' }))).toContain(
      'Ny version saknas för pector-import. Lägg till den i versions innan du skickar.',
    );
  });

  it('is called as the rules call it, on the page and in answers', () => {
    const name = { sv: 'Stora Provet', en: 'the big trial' };
    const named = plan.upgrade!.phases.map((one) => (one.id === 'precheck' ? { ...one, name } : one));
    const given = { plan: { ...plan, upgrade: { ...plan.upgrade!, phases: named } } };
    const { plan: _, ...state } = yearIn('precheck').state;
    const year = yearAt(now, { ...given, language: 'sv', state });
    expect(pageOf(year)).toContain('Stora Provet, 27 dagar');
    expect(pageOf(year)).toContain('| Stora Provet | Säkerhetskopia');
    expect(pageOf(year)).toContain('Uppgradering: Stora Provet');
    expect(completed.refusal(year, { phase: 'precheck' })?.sv).toMatch(
      /^uppgradering: Stora Provet kan inte avslutas/,
    );
  });

  it('keeps what was said of parts that there still are when it moves to other phases', () => {
    const year = yearIn('precheck');
    part.take(year, { phase: 'precheck', part: '1' });
    part.take(year, { phase: 'precheck', part: '3', ok: false, note: 'no licence' });
    integration.take(year, { integration: 'payroll-vouchers', ok: true });
    const [first, , third] = plan.upgrade!.phases[1]!.checks;
    const phases = plan.upgrade!.phases.map((one) =>
      one.id === 'precheck' ? { ...one, checks: [third!, { sv: 'ny', en: 'new' }] } : one,
    );
    expect(year.state.attention).toMatchObject([{ subject: 'precheck 3' }]);
    takeMovedPlan(year, { ...plan, upgrade: { ...plan.upgrade!, phases } });
    expect(first).toBeDefined();
    expect(Object.keys(year.state.checks)).toEqual(['integration/payroll-vouchers', 'check/precheck/1']);
    expect(year.state.checks['check/precheck/1']).toMatchObject({ ok: false, note: 'no licence' });
    expect(year.state.attention).toMatchObject([{ subject: 'precheck 1', detail: 'no licence' }]);
    const rows = year.state.journal.flatMap(({ part: row }) => (row ? [[row.part, row.result?.ok]] : []));
    expect(rows.slice(-3)).toEqual([
      ['1', undefined],
      ['3', undefined],
      ['1', false],
    ]);
    expect(year.state.steps).toEqual([]);
  });

  it('takes "all" for what nobody has said to fail', () => {
    const year = yearIn('integrations');
    integration.take(year, { integration: 'payroll-vouchers', ok: false });
    // The refusal names what failed and the ways, not "all" again.
    expect(completed.refusal(year, { passed: 'all' })?.en).toBe(
      'upgrade: integrations cannot be completed. Failed: payroll-vouchers. "all" does not count what failed. If it works now, first send integrationChecked {"integration": "payroll-vouchers", "ok": true}; if somebody accepts it as it is, send acceptedBy and reason',
    );
    completed.take(year, { passed: ['1', 'webshop-orders', 'payroll-vouchers'] });
    expect(year.state.attention).toEqual([]);
  });

  it('is a repeat where it says the same again, and refused where something new would be lost', () => {
    const year = yearIn('technical');
    const said = completedPhase('technical', '2027-06-13');
    completed.take(year, said);
    expect(completed.take(year, said)).toMatchObject({ repeat: true });
    const other = { ...said, versions: { 'visma-business': '18.0.3' } };
    expect(completed.refusal(year, other)?.en).toContain(
      'is completed already (2027-06-14); what is new was not taken',
    );
  });

  it('opens again where a part fails after all, and what follows waits for it', () => {
    const year = yearIn('approval', { checks: { 'integration/webshop-orders': { ok: true, at: since } } });
    integration.take(year, { integration: 'webshop-orders', ok: false, note: 'orders lack a VAT code' });
    expect(open(year)[0]).toBe('integrations');
    expect(completed.refusal(year, { phase: 'approval', contact: 'contact-1' })?.en).toBe(
      'upgrade: integrations has to be completed before upgrade: approval',
    );
  });

  it.each([
    ['banan', 'visma-business: expected a version as 18.0.2, found banan'],
    ['16.0', "visma-business: 16.0 is lower than today's version 17.0; "],
  ])('does not take %s for a version', (version, en) => {
    const versions = { 'visma-business': version, 'pector-import': '5.4' };
    expect(completed.refusal(yearIn('technical'), { versions, passed: 'all' })?.en).toContain(en);
    expect(part.refusal(yearIn('technical'), { part: 'visma-business', version })?.en).toContain(en);
  });

  it('takes the approval that comes after a manager has done without, and no consultant does without', () => {
    const year = yearIn('approval');
    expect(completed.refusal(year, { acceptedBy: 'consultant', reason: 'x' })?.en).toContain(
      'expected a manager',
    );
    completed.take(year, { acceptedBy: 'manager', reason: 'no answer' });
    completed.take(year, { phase: 'approval', contact: 'contact-1' });
    expect(year.state.checks['decision/approval']).toMatchObject({ ok: true, contact: 'contact-1' });
    expect(news(year).at(-1)).toMatchObject({ 2: { kind: 'approved' } });
  });

  it('does not take the version of an integration for its passing', () => {
    const year = yearIn('integrations');
    const said = {
      phase: 'integrations',
      passed: ['1', 'payroll-vouchers'],
      versions: { 'webshop-orders': '4.2' },
    };
    expect(completed.refusal(year, said)?.en).toContain('Not reported: webshop-orders.');
    expect(completed.refusal(year, { ...said, versions: {}, except: ['webshop-orders'] })).toBeDefined();
  });

  it('takes parts one by one, clears their alarms, and closes with the last one', () => {
    const year = yearIn('technical');
    part.take(year, { part: '1', ok: false, note: 'Pector Import is down' });
    expect(year.state.attention).toMatchObject([{ code: 'check-failed', subject: 'technical 1' }]);
    expect(part.refusal(year, { part: 'visma-business' })?.en).toBe(
      'version: expected a text or a number, found nothing',
    );
    part.take(year, { part: 'visma-business', version: '18.0.2' });
    part.take(year, { part: 'pector-import', version: '5.4' });
    part.take(year, { part: '2' });
    part.take(year, { part: '3' });
    part.take(year, { part: 'began', at: '2027-06-14 08:00' });
    part.take(year, { part: 'smokeTested', contact: 'contact-2' });
    part.take(year, { part: 'go', contact: 'manager' });
    part.take(year, { part: 'ended' });
    expect(year.isClosed('upgrade/technical')).toBe(false);
    expect(part.take(year, { part: '1', by: 'anna' })).toMatchObject({ completed: 'upgrade/technical' });
    expect(year.state.attention).toEqual([]);
    expect(overviewOf(year).checks.filter(({ kind }) => kind === 'system')).toMatchObject([
      { id: 'visma-business', from: '17.0', version: '18.0.2', ok: true },
      { id: 'pector-import', from: '5.2', version: '5.4', ok: true },
    ]);
  });

  it('takes that the customer has tested everything, and still asks for the session', () => {
    const year = yearIn('test');
    const stillOwes = 'session (the day we led the tests)';
    expect(tested.take(year, { by: 'contact-2' })).toEqual({
      ...{ obligation: 'upgrade/test', tested: 'all' },
      stillOwes,
    });
    // Who names the cases one by one is told with the last.
    const [last, ...before] = plan.upgrade!.cases!.map(({ id }) => id);
    const one = yearIn('test');
    for (const id of before) expect(tested.take(one, { case: id })).not.toHaveProperty('stillOwes');
    expect(tested.take(one, { case: last })).toMatchObject({ case: last, stillOwes });
    expect(completed.refusal(year, {})?.en).toContain('Not reported: session (the day we led the tests).');
    expect(completed.take(year, { session: '2027-06-11' })).toEqual({ obligation: 'upgrade/test' });
  });

  it('tells the customer of the day, of the upgrade and of its end, and not before it can be undone', () => {
    const year = yearIn('plan');
    completed.take(year, { on: '2027-06-21', passed: 'all' });
    expect(news(year)).toEqual([['customer', 'system-owner', { kind: 'planned', on: '2027-06-21' }]]);
    completed.take(year, { passed: 'all' });
    completed.take(year, { ...completedPhase('technical', '2027-06-13'), confirmed: true });
    // The day is no news any more where its mail has not gone out.
    expect(news(year)).toEqual([['customer', 'system-owner', { kind: 'upgraded' }]]);
    expect(year.state.heldMails.every(({ at }) => at > now)).toBe(true);
    const last = yearIn('approval');
    completed.take(last, { contact: 'contact-1' });
    expect(news(last)).toEqual([
      ['customer', 'system-owner,management', { kind: 'approved', contact: 'contact-1' }],
      ['consultant', undefined, { kind: 'approved', contact: 'contact-1' }],
    ]);
  });

  it('tells both sides once more when the last phase is closed, beside the approval that still waits', () => {
    const year = yearIn('approval', {}, '2027-08-10T08:00:00.000Z');
    completed.take(year, { contact: 'contact-1' });
    completed.take(year, { phase: 'after-check', passed: 'all' });
    expect(news(year)).toMatchObject([
      ['customer', 'system-owner,management', { kind: 'approved' }],
      ['consultant', undefined, { kind: 'approved' }],
      ['customer', 'system-owner,management', { kind: 'completed' }],
      ['consultant', undefined, { kind: 'completed' }],
    ]);
    // One report goes to both: their mails are about the same step.
    const mails = year.state.heldMails.map(({ mail }) => mail);
    expect(new Set(mails.map(({ step, revision }) => `${step} ${revision}`)).size).toBe(2);
    const undo = judgeUndo(year, undefined, undefined);
    takeStep(year, 'stepUndone', (step) => ('accept' in undo ? undo.accept(step) : {}));
    expect(news(year)).toMatchObject([
      ['customer', 'system-owner,management', { kind: 'approved' }],
      ['consultant', undefined, { kind: 'approved' }],
    ]);
  });

  it('tells only the customer, and of the approval alone, where the plan is from before', () => {
    const { reports: _, ...before } = plan.upgrade!;
    const year = yearIn('approval', {}, '2027-08-10T08:00:00.000Z');
    Object.assign(year.state.plan!, { upgrade: before });
    completed.take(year, { contact: 'contact-1' });
    completed.take(year, { phase: 'after-check', passed: 'all' });
    expect(news(year)).toMatchObject([['customer', 'system-owner,management', { kind: 'approved' }]]);
  });

  it('tells nobody of a day that has passed when it is reported', () => {
    const year = yearIn('plan');
    completed.take(year, { on: '2027-06-10', passed: 'all', confirmed: true });
    expect(news(year)).toEqual([]);
  });

  /** A plan in which a campaign gives the technical phase a weekend. */
  const onWeekend = (): StoredPlan => {
    const window = { campaign: 'c', from: '2027-06-19T06:00:00.000Z', to: '2027-06-20T14:00:00.000Z' };
    const obligations = plan.obligations.map((owed) =>
      owed.id === 'upgrade/technical' ? { ...owed, opensAt: window.from } : owed,
    );
    return { ...plan, obligations, upgrade: { ...plan.upgrade!, window } };
  };

  it.each<[string, string, string]>([
    ['that has passed', '2027-06-11', 'on: 2027-06-11 has passed; if that is right, send'],
    ['on a Sunday', '2027-06-27', 'on: 2027-06-27 is a weekend or a holiday, when nobody works; if that'],
    ['on Midsummer’s Eve', '2027-06-25', 'on: 2027-06-25 is a weekend or a holiday, when nobody works'],
  ])('asks once about an agreed day %s', (_what, on, en) => {
    const year = yearIn('plan');
    expect(completed.refusal(year, { on, passed: 'all' }).en).toContain(en);
    expect(completed.refusal(year, { on, passed: 'all' }).en).toContain('"confirmed": true');
    completed.take(year, { on, passed: 'all', confirmed: true });
    // The same again is a repeat.
    expect(completed.take(year, { phase: 'plan', on, passed: 'all' })).toMatchObject({ repeat: true });
    const { asksAboutDays: _, ...upgrade } = plan.upgrade!;
    completed.take(yearAt(now, { plan: { ...plan, upgrade } }), { on, passed: 'all' });
  });

  it('shows a host that has not said yes until it has or the upgrade is over', () => {
    const upgrade = { ...plan.upgrade!, noConsent: 'Driftbolaget AB' };
    const said = 'Driftbolaget AB, the host, has not said yes to the upgrade';
    const closed = Object.fromEntries(
      phases.map((one) => [`upgrade/${one}`, { at: since, state: 'done' } as const]),
    );
    const { 'upgrade/approval': _, ...begun } = closed;
    const page = (state: Partial<YearState>) => pageOf(yearAt(now, { plan: { ...plan, upgrade }, state }));
    // The day that is agreed and the system taken down are asked about once each.
    const on = '2027-06-24';
    const silent = yearAt(now, { plan: { ...plan, upgrade } });
    expect(completed.refusal(silent, { on, passed: 'all' }).en).toContain(said);
    const down = yearAt('2027-06-25T08:00:00.000Z', {
      plan: { ...plan, upgrade },
      state: {
        closed: { 'upgrade/plan': closed['upgrade/plan']!, 'upgrade/precheck': closed['upgrade/precheck']! },
      },
    });
    const began = { part: 'began', at: '2027-06-24 17:00' };
    expect(part.refusal(down, began).en).toContain(said);
    // One word answers all that is asked: all of it is asked at once.
    const checks = { 'date/plan': { ok: true, at: since, on: '2027-06-25' } };
    const early = yearAt('2027-06-25T08:00:00.000Z', {
      plan: { ...plan, upgrade },
      state: { closed: down.state.closed, checks },
    });
    expect(part.refusal(early, began).en).toMatch(
      /before the day that .*; Driftbolaget AB, the host, has not/,
    );
    expect(completed.refusal(silent, { on: '2027-06-27', passed: 'all' }).en).toMatch(
      /weekend or a holiday.*; Driftbolaget AB, the host, has not/,
    );
    completed.take(silent, { on, passed: 'all', confirmed: true });
    part.take(down, { ...began, confirmed: true });
    expect(page({})).toContain(said);
    expect(page({ closed: begun })).toContain(said);
    expect(page({ closed })).not.toContain(said);
    expect(pageOf(yearAt(now, { plan }))).not.toContain(said);
  });

  it('takes the agreed day by itself, as with its phase, and is completed with the last part', () => {
    const year = yearIn('plan');
    const day = { phase: 'plan', part: 'date' };
    expect(part.refusal(year, day).en).toContain('on: ');
    expect(part.refusal(year, { ...day, on: '2027-06-27' }).en).toContain('a weekend or a holiday');
    expect(part.refusal(year, { ...day, on: '2027-06-24', ok: false }).en).toContain('did not agree');
    part.take(year, { ...day, on: '2027-06-24' });
    expect(year.isClosed('upgrade/plan')).toBe(false);
    completed.take(year, { phase: 'plan', passed: 'all' });
    expect(year.isClosed('upgrade/plan')).toBe(true);
    expect(news(year)).toContainEqual(expect.arrayContaining([{ kind: 'planned', on: '2027-06-24' }]));
  });

  it('asks nothing about a weekend on which a campaign has its window, nor about a day of one that the terms have', () => {
    completed.take(yearIn('plan'), { on: '2027-06-26', passed: 'all' });
    completed.take(yearAt(now, { plan: onWeekend() }), { on: '2027-06-20', passed: 'all' });
  });

  it.each<[string, () => StoredPlan, string, string]>([
    ['its window', onWeekend, '2027-06-19 07:59', 'is before the window, which opens 2027-06-19 08:00; if'],
    [
      'the agreed day',
      () => plan,
      '2027-06-20 23:59',
      'is before the day that the customer agreed to, 2027-06-21',
    ],
  ])('asks once about a system that is taken down before %s', (_what, planned, began, en) => {
    const closed = {
      'upgrade/plan': { at: since, state: 'done' },
      'upgrade/precheck': { at: since, state: 'done' },
    } as const;
    const checks = { 'date/plan': { ok: true, at: since, on: '2027-06-21' } };
    const year = yearAt('2027-06-22T10:00:00.000Z', { plan: planned(), state: { closed, checks } });
    const technical = { ...completedPhase('technical', '2027-06-21'), began };
    expect(completed.refusal(year, technical).en).toContain(`began: ${began} ${en}`);
    expect(part.refusal(year, { part: 'began', at: began }).en).toContain(`began: ${began} ${en}`);
    completed.take(year, { ...technical, confirmed: true });
  });

  it('never calls it an approval where the customer has not given one', () => {
    const year = yearIn('approval');
    const reason = 'no answer since May';
    completed.take(year, { acceptedBy: 'manager', reason });
    expect(news(year)).toEqual([
      ['customer', 'system-owner,management', { kind: 'unapproved', reason }],
      ['consultant', undefined, { kind: 'unapproved', reason }],
      ['manager', undefined, { kind: 'unapproved', reason }],
    ]);
    expect(year.state.checks['decision/approval']).toMatchObject({
      ok: false,
      waived: { by: 'manager', reason },
    });
  });
});

it.each<[string, string, Record<string, unknown>, string[]]>([
  ['the system is upgraded', 'technical', {}, ['upgrade/technical was completed early']],
  ['the integrations work', 'integrations', {}, ['upgrade/integrations was completed early']],
  ['only the precheck is done', 'precheck', {}, []],
  ['it is the last', 'after-check', { acceptedBy: 'manager', reason: 'x' }, []],
])('what follows is planned anew where, before its day, %s', async (_what, phase, more, replans) => {
  const owed = phase === 'technical' ? completedPhase('technical', '2027-05-09') : { passed: 'all' };
  const year = yearIn(phase, {}, '2027-05-10T08:00:00.000Z');
  completed.take(year, { phase, ...owed, ...more });
  expect(await replansAskedFor()).toEqual(replans);
  // Runs whose plan is from before ask for none.
  const { cases: _, ...upgrade } = plan.upgrade!;
  const old = yearIn(phase, { plan: { ...plan, upgrade } }, '2027-05-10T08:00:00.000Z');
  completed.take(old, { phase, ...owed, ...more });
  expect(await replansAskedFor()).toEqual([]);
});

describe('a phase that fails', () => {
  it('goes back as the rules say (onFailure): the technical upgrade is rolled back and planned anew', async () => {
    const year = yearIn('technical', { checks: { 'check/precheck/1': { ok: true, at: since } } });
    const reason = 'the database could not be converted';
    expect(failed.take(year, { reason })).toEqual({
      obligation: 'upgrade/technical',
      reason,
      then: 'roll-back',
    });
    expect(open(year)).toEqual(phases);
    expect(year.state.checks).toEqual({});
    expect(year.state.upgrades.upgrade).toEqual({
      attempt: 2,
      state: 'rolledBack',
      from: '2027-06-14',
      reason,
    });
    expect(news(year)).toEqual([['customer', 'system-owner', { kind: 'rolledBack', reason, attempt: 2 }]]);
    const [ours] = year.state.heldMails.filter(({ mail }) => mail.to === 'consultant');
    expect(ours?.mail).toMatchObject({
      obligation: 'upgrade/plan',
      attention: { detail: `Technical upgrade: ${reason}. All is restored and planned anew, from planning` },
    });
    expect(await replansAskedFor()).toEqual(['upgrade/technical failed']);
  });

  it('is planned anew before anybody is told that the phase it goes back to is late', async () => {
    const year = yearIn('technical');
    inBackground(year, () => annualUpgrade(year));
    await goOnTo(year, now);
    failed.take(year, { phase: 'technical', reason: 'the database could not be converted' });
    await goOnTo(year, now);
    expect(year.replansToCome).toBe(1);
    expect(year.state.sent).not.toContainEqual(expect.stringContaining('upgrade/plan'));
  });

  it('leaves no alarm of what went wrong to the next attempt', () => {
    const year = yearIn('test');
    failed.take(year, { then: 'again', reason: 'no session' });
    failed.take(year, { then: 'technical', reason: 'wrong VAT report' });
    expect(year.state.attention).toHaveLength(1);
    failed.take(year, { phase: 'technical', then: 'roll-back', reason: 'the back-up is restored' });
    expect(year.state.attention).toEqual([]);
    expect(year.state.journal.flatMap(({ attention }) => attention ?? [])).toContainEqual(
      expect.objectContaining({ detail: 'the back-up is restored', cleared: false }),
    );
  });

  it('moves what follows each time that it is closed late', async () => {
    const { remindsAgain: _, ...upgrade } = plan.upgrade!;
    const obligations = plan.obligations.map((owed) => ({ ...owed, notices: [] }));
    const silent = { ...plan, obligations, upgrade };
    const [failing] = plan.upgrade!.cases!.map((one) => one.id);
    const [first, second] = ['2027-08-02T08:00:00.000Z', '2027-08-03T08:00:00.000Z'] as const;
    const { closed } = yearIn('test').state;
    const year = yearAt(first, { plan: silent, state: { closed } });
    inBackground(year, () => annualUpgrade(year));
    tested.take(year);
    completed.take(year, { phase: 'test', session: '2027-06-11' });
    expect(await replansAskedFor()).toEqual(['upgrade/test was completed late']);
    await answer({ ...silent, revision: 2 });
    tested.take(year, { case: failing, ok: false, note: 'empty rows' });
    await goOnTo(year, second);
    expect(year.isClosed('upgrade/test')).toBe(false);
    tested.take(year, { case: failing });
    expect(await replansAskedFor()).toEqual(['upgrade/test was completed late']);
  });

  it.each([
    ['again', ['integrations', 'test', 'approval', 'after-check']],
    ['precheck', phases.slice(1)],
  ])('goes on as the message says: %s', (then, left) => {
    const year = yearIn('integrations');
    failed.take(year, { reason: 'x', then });
    expect(open(year)).toEqual(left);
  });

  it('is refused for a phase that does not come before', () => {
    expect(failed.refusal(yearIn('precheck'), { then: 'test' })?.en).toBe(
      'then: expected one of again, roll-back, plan, found test',
    );
  });

  it('is planned by the days of before once that is undone', async () => {
    const year = yearIn('technical');
    failed.take(year, { phase: 'technical', then: 'roll-back', reason: 'x' });
    await replansAskedFor();
    await answer({ ...plan, revision: year.plan.revision + 1 });
    const undo = judgeUndo(year, undefined, undefined);
    if ('rejected' in undo) throw new Error(undo.rejected.en);
    takeStep(year, 'stepUndone', undo.accept);
    const asked = (await askedFor()).filter(({ name }) => name === 'planAgreementYear');
    expect(asked.at(-1)?.input).toMatchObject({
      closedAsIn: { revision: plan.revision, ids: ['upgrade/plan', 'upgrade/precheck'] },
    });
  });

  it('is as before once that is undone', () => {
    const year = yearIn('test', {
      checks: { 'system/visma-business': { ok: true, version: '18', at: since } },
    });
    const before = structuredClone({ ...year.state, plan: undefined });
    failed.take(year, { then: 'roll-back', reason: 'x' });
    const undo = judgeUndo(year, undefined, undefined);
    if ('rejected' in undo) throw new Error(undo.rejected.en);
    takeStep(year, 'stepUndone', undo.accept);
    const { closed, checks, upgrades } = year.state;
    expect({ closed, checks, upgrades }).toEqual({
      ...{ closed: before.closed, checks: before.checks, upgrades: before.upgrades },
    });
    expect(news(year)).toEqual([]);
    expect(year.state.attention).toEqual([]);
  });

  it('has its alarms again, and what was said once, when that is undone', async () => {
    const year = yearIn('integrations');
    failed.take(year, { phase: 'integrations', then: 'again', reason: 'no answer' });
    integration.take(year, { integration: 'webshop-orders', ok: false, note: 'times out' });
    raise(year, 'step-overdue', 'upgrade/integrations', 'due 2027-06-11');
    raise(year, 'release-withdrawn', 'visma-business', 'decide');
    year.state.sent.push('upgrade/test#asked');
    const before = structuredClone({ attention: year.state.attention, sent: year.state.sent });
    year.input.clockOffset += 60_000;
    failed.take(year, { phase: 'integrations', then: 'roll-back', reason: 'x' });
    expect(year.state.attention.map(({ code }) => code)).toEqual(['release-withdrawn']);
    // Once the year is planned after the roll-back, people are asked with other words.
    raiseAnew(year, 'release-withdrawn', 'visma-business', 'waits');
    year.state.journal = [];
    const undo = judgeUndo(year, undefined, undefined);
    if ('rejected' in undo) throw new Error(undo.rejected.en);
    takeStep(year, 'stepUndone', undo.accept);
    const { attention, sent } = year.state;
    expect(attention).toEqual(expect.arrayContaining(before.attention));
    expect(attention).toHaveLength(before.attention.length);
    expect(sent).toEqual(before.sent);
    const written = year.state.journal.flatMap((entry) => entry.attention ?? []);
    expect(written).toContainEqual({ ...before.attention[0], cleared: false });
  });
});

describe('what the customer decides', () => {
  const postponed = messageTo('upgradePostponed', judgePostponed);
  const declined = messageTo('upgradeDeclined', judgeDeclinedUpgrade);
  const notNeeded = messageTo('upgradeNotNeeded', judgeNotNeeded);

  it('postpones it: told in writing, planned from the day, on the next agenda', async () => {
    const year = yearIn('plan');
    const reason = 'they move their payroll first';
    postponed.take(year, { until: '2028-02-01', contact: 'contact-1', reason });
    expect(year.state.upgrades.upgrade).toEqual({
      ...{ state: 'postponed', from: '2028-02-01', reason, by: 'contact-1' },
    });
    expect(news(year)).toEqual([
      [
        'customer',
        'system-owner,management',
        { kind: 'postponed', on: '2028-02-01', reason, contact: 'contact-1' },
      ],
    ]);
    const notes = year.state.journal.flatMap(({ note }) => note ?? []);
    expect(notes).toMatchObject([
      { kind: 'upgrade', text: `The upgrade is postponed to 2028-02-01: ${reason}` },
    ]);
    expect(await replansAskedFor()).toEqual(['the upgrade was postponed']);
  });

  it('postpones one that was restored: what is lost stays lost, and all of it is still to be done again', () => {
    const year = yearIn('plan');
    const lostSince = '2027-06-12T16:00:00.000Z';
    year.state.upgrades.upgrade = { attempt: 2, state: 'restored', lostSince, again: true };
    postponed.take(year, { until: '2028-02-01', contact: 'contact-1', reason: 'x' });
    expect(year.state.upgrades.upgrade).toMatchObject({
      attempt: 2,
      state: 'postponed',
      lostSince,
      again: true,
    });
  });

  it('declines it: nothing is left open, and none of it counts as missed', () => {
    const year = yearIn('precheck');
    declined.take(year, { contact: 'contact-2', reason: 'they leave' });
    expect(year.open('upgrade')).toEqual([]);
    expect(year.state.closed['upgrade/test']).toMatchObject({ state: 'declined', by: 'contact-2' });
  });

  it('is told once where they change their mind before the mail has gone out', () => {
    const year = yearIn('plan');
    postponed.take(year, { until: '2027-10-01', contact: 'contact-1', reason: 'x' });
    postponed.take(year, { until: '2027-11-01', contact: 'contact-1', reason: 'y' });
    expect(news(year)).toMatchObject([{ 2: { kind: 'postponed', on: '2027-11-01' } }]);
    const undo = judgeUndo(year, undefined, undefined);
    if ('rejected' in undo) throw new Error(undo.rejected.en);
    takeStep(year, 'stepUndone', undo.accept);
    expect(news(year)).toMatchObject([{ 2: { kind: 'postponed', on: '2027-10-01' } }]);
  });

  it('cannot be declined once it is approved', () => {
    const late = yearIn('after-check');
    expect(declined.refusal(late, { contact: 'contact-1', reason: 'x' })?.en).toContain('approved already');
  });

  it('falls away in a year without a newer version, and only while nothing of it is done', () => {
    expect(notNeeded.refusal(yearIn('precheck'), { reason: 'x' })?.en).toContain('the upgrade has begun');
    const year = yearIn('plan');
    notNeeded.take(year, { reason: 'it comes in March' });
    expect(year.state.closed['upgrade/plan']).toMatchObject({ state: 'cancelled' });
    expect(news(year)).toMatchObject([['customer', 'system-owner,management', { kind: 'noRelease' }]]);
  });

  it.each([
    [
      'who',
      {},
      'contact: expected a contact of the management or a system owner: contact-1, contact-2, found -',
    ],
    ['why', { contact: 'contact-1' }, 'reason: expected a text or a number, found nothing'],
    [
      'until when',
      { contact: 'contact-1', reason: 'x' },
      'until: expected a date as YYYY-MM-DD, found nothing',
    ],
    [
      'a day to come',
      { contact: 'contact-1', reason: 'x', until: '2027-06-14' },
      'until: expected a day from 2027-06-15 to 2028-06-14, found 2027-06-14',
    ],
  ])('has to say %s', (_what, input, en) => {
    expect(postponed.refusal(yearIn('plan'), input)?.en).toBe(en);
  });
});

describe('an upgrade that is not finished when the year ends', () => {
  const ended = (phase: string, state?: Partial<YearState>): Year => {
    const year = yearIn(phase, state);
    const goesOn = unfinishedUpgrade(year);
    for (const one of open(year))
      year.state.closed[`upgrade/${one}`] = { at: now, state: goesOn === 'upgrade' ? 'carried' : 'missed' };
    return year;
  };

  it('goes on with what is done, under a name of its own', () => {
    const checks = { 'system/visma-business': { ok: true, version: '18.0.2', at: since } };
    const handed = handedUpgrade(ended('test', { checks }));
    expect(handed?.carried).toMatchObject({
      year: 1,
      closed: ['plan', 'precheck', 'technical', 'integrations'],
      ...{ systems: plan.upgrade!.systems, integrations: plan.upgrade!.integrations },
    });
    expect(handed?.checks).toEqual({ 'upgrade-1:system/visma-business': checks['system/visma-business'] });
  });

  it('goes on where it went, with what that says of other systems', () => {
    const [targets, goesWith] = [
      { 'visma-business': '18.00.0' },
      goesWithOf(['pector-import'], [shippedRelease('18.00.0')]),
    ];
    const year = ended('test');
    year.state.plan = { ...plan, upgrade: { ...plan.upgrade!, targets, goesWith } };
    expect(handedUpgrade(year)?.carried).toMatchObject({ targets, goesWith, begun: true });
    // Where nothing of it is done, what it waits for is handed on, too.
    const upgrades = { upgrade: { state: 'postponed', from: '2028-02-01' } } as const;
    const waiting = ended('plan', { upgrades });
    const withdrawn = {
      'visma-business': { version: '18.00.0', on: '2027-06-01', reason: { sv: 'x', en: 'x' } },
    };
    waiting.state.plan = { ...plan, upgrade: { ...plan.upgrade!, targets: {}, withdrawn } };
    const { carried } = handedUpgrade(waiting)!;
    expect(carried.targets).toEqual(targets);
    expect(carried).not.toHaveProperty('begun');
  });

  it('is held against where it goes, and not against where the year goes', () => {
    const { phases: own, systems } = plan.upgrade!;
    const goesWith = goesWithOf(['pector-import'], [shippedRelease('18.00.0')]);
    const targets = { 'visma-business': '18.00.0' };
    const carried = { year: 9, phases: own, systems, targets, goesWith, closed: ['plan', 'precheck'] };
    const technical = plan.obligations.find(({ id }) => id === 'upgrade/technical')!;
    const { after: _, ...first } = { ...technical, id: 'upgrade-9/technical' };
    const upgrade = { ...plan.upgrade!, targets: { 'visma-business': '18.10.0' }, carried };
    const year = yearAt(now, { plan: { ...plan, obligations: [first, ...plan.obligations], upgrade } });
    const say = (id: string, version: string) => ({ phase: 'upgrade-9/technical', part: id, version });
    expect(part.refusal(year, say('pector-import', '5.2')).en).toMatch(/which fit with 18\.00\.0/);
    expect(part.refusal(year, say('visma-business', '18.10.0')).en).toMatch(/18\.00\.0/);
    expect(part.take(year, say('visma-business', '18.00.0'))).toMatchObject({ part: 'visma-business' });
    const page = pageOf(year);
    expect(page).toMatch(/Pector Import.* \| 5\.2 \| 5\.3 or 6\.x \| not reported yet/);
  });

  it('does not go on where nothing of it was done: the next year owes one of its own', () => {
    expect(handedUpgrade(ended('plan'))).toBeUndefined();
  });

  it('tells our people where the year’s own upgrade is left for an older one', () => {
    const left = (isOlder: boolean): unknown[] => {
      const obligations = plan.obligations.flatMap((one) =>
        isOlder && one.id === 'upgrade/test' ? [{ ...one, id: 'upgrade-9/test' }, one] : [one],
      );
      const carried = { year: 9, phases: plan.upgrade!.phases, closed: [] };
      const upgrade = { ...plan.upgrade!, ...(isOlder && { carried }) };
      const year = yearAt(plan.endsAt, { plan: { ...plan, obligations, upgrade } });
      inBackground(year, () => closeYear(year));
      return year.state.attention.map(({ code, subject }) => [code, subject]);
    };
    expect(left(true)).toEqual([['upgrade-left', 'upgrade/plan']]);
    expect(left(false)).toEqual([]);
  });

  it('goes on where the customer postponed it', () => {
    const upgrades = { upgrade: { state: 'postponed', from: '2028-02-01' } } as const;
    expect(handedUpgrade(ended('plan', { upgrades }))).toMatchObject({
      carried: { closed: [], from: '2028-02-01' },
      upgrades: { 'upgrade-1': { from: '2028-02-01' } },
    });
  });
});

describe('versions and acceptances that cannot be meant', () => {
  const technical = (versions: Record<string, string>, more = {}) => ({
    ...completedPhase('technical', '2027-06-11'),
    versions: { 'visma-business': '18.0.2', 'pector-import': '5.4', ...versions },
    ...more,
  });

  it.each<[string, Record<string, string>, RegExp]>([
    [
      'the one of before',
      { 'visma-business': '17.0' },
      /17\.0 is today's version, and the upgrade goes to 18\.0\.2/,
    ],
    [
      'a lower one in a form of its own',
      { 'pector-import': '4.0' },
      /4\.0 is lower than today's version 5\.2/,
    ],
  ])('refuses %s unless somebody accepts it', (_what, versions, expected) => {
    const year = yearIn('technical');
    const upgrade = { ...year.plan.upgrade!, targets: { 'visma-business': '18.0.2' } };
    year.state.plan = { ...year.plan, upgrade };
    expect(completed.refusal(year, technical(versions))?.en).toMatch(expected);
    expect(
      completed.take(year, technical(versions, { acceptedBy: 'manager', reason: 'as agreed' })),
    ).toMatchObject({
      obligation: 'upgrade/technical',
    });
  });

  describe('of a system that does not go with the release of the others', () => {
    const released = (): Year => {
      const year = yearIn('technical');
      const goesWith = goesWithOf(['pector-import'], [shippedRelease('18.00.0')]);
      const upgrade = { ...plan.upgrade!, targets: { 'visma-business': '18.00.0' }, goesWith };
      year.state.plan = { ...plan, upgrade };
      return year;
    };
    const misfit = /pector-import: Pector Import 5\.2 is not one of 5\.3, 6\.x, which fit with 18\.00\.0; if/;
    const versions = { 'visma-business': '18.00.0', 'pector-import': '5.2' };
    const accepted = { acceptedBy: 'contact-1', reason: 'runs on its own' };

    it('says which do, and refuses it unless somebody accepts it by name', () => {
      const year = released();
      expect(pageOf(year)).toMatch(/Pector Import.* \| 5\.2 \| 5\.3 or 6\.x \| not reported yet/);
      expect(completed.refusal(year, technical(versions)).en).toMatch(misfit);
      expect(part.refusal(year, { part: 'pector-import', version: '5.2' }).en).toMatch(misfit);
      expect(completed.take(year, technical(versions, accepted))).toMatchObject({
        accepted: ['pector-import'],
        reason: 'runs on its own',
      });
      expect(pageOf(year)).toContain('accepted by contact-1: runs on its own');
      // The contract gets the version that is there.
      expect(year.state.checks['system/pector-import']).toMatchObject({ ok: true, version: '5.2' });
    });

    it('does not take the word about something else for it', () => {
      const other = { ...accepted, except: ['1'] };
      expect(completed.refusal(released(), technical(versions, other)).en).toMatch(misfit);
      const lower = technical({ ...versions, 'pector-import': '5.1' }, other);
      expect(completed.refusal(released(), lower).en).toContain("5.1 is lower than today's version 5.2");
      expect(
        completed.take(released(), technical(versions, { ...accepted, except: ['1', 'pector-import'] })),
      ).toMatchObject({ accepted: ['pector-import', '1'] });
    });

    it('is accepted part by part, too, by somebody of the agreement', () => {
      const year = released();
      const said = { phase: 'technical', part: 'pector-import', version: '5.2', ...accepted };
      expect(part.refusal(year, { ...said, acceptedBy: 'nobody' }).en).toContain(
        'acceptedBy: expected one of',
      );
      part.take(year, said);
      expect(pageOf(year)).toContain('accepted by contact-1: runs on its own');
    });
  });

  it('does not lose who else accepts what somebody has accepted', () => {
    const year = yearIn('precheck');
    const accepted = {
      phase: 'precheck',
      passed: 'all',
      except: ['2'],
      acceptedBy: 'manager',
      reason: 'in July',
    };
    completed.take(year, accepted);
    expect(
      completed.take(year, { phase: 'precheck', acceptedBy: 'manager', reason: 'in July' }),
    ).toMatchObject({
      repeat: true,
    });
    expect(
      completed.refusal(year, { phase: 'precheck', acceptedBy: 'contact-1', reason: 'ours' })?.en,
    ).toContain('is completed already');
  });
});
