/** What changes the production: its times, who tried it, the decision to go, and what can be taken back after that. */
import { completedPhase, inProduction } from '../../helpers/completed-phase';
import { guldTerms, plan as planned } from '../../rules/fixtures';
import { guldPlan, messageTo, yearAt } from '../year-at';
import type { StoredPlan } from '../../../rules/engine/plan/plan';
import { judgePhase, judgePhaseFailed } from '../../../workflows/judges/upgrade';
import { judgePart } from '../../../workflows/judges/upgrade-parts';
import { judgeDeclinedUpgrade, judgePostponed } from '../../../workflows/judges/upgrade-decisions';
import { overviewOf, pageOf } from '../../../workflows/year/page';
import { notify } from '../../../workflows/year/mails';
import { judgeUndo, takeStep } from '../../../workflows/year/steps';
import { noteTold } from '../../../workflows/year/told-once';
import { silentIntegrations } from '../../../workflows/year/upgrades';
import type { Year } from '../../../workflows/year/year';
import type { YearState } from '../../../workflows/year/year-state';

const now = '2027-06-14T12:00:00.000Z';
const since = '2027-05-03T08:00:00.000Z';

let inPlace: StoredPlan;
let copied: StoredPlan;
beforeAll(async () => {
  inPlace = await guldPlan();
  if (inPlace.upgrade) inPlace.upgrade.integrations = { 'webshop-orders': '3.1' };
  const terms = await guldTerms();
  const { upgrade } = planned({ terms: { ...terms, upgrade: { ...terms.upgrade, environment: 'copy' } } });
  const year = planned({ terms: { ...terms, upgrade: { ...terms.upgrade, environment: 'copy' } } });
  copied = { ...inPlace, ...year, ...(upgrade && { upgrade }) };
});

/** What a restoration gives the contract again. */
const versionsBefore = {
  restored: { 'visma-business': '17.0', 'pector-import': '5.2' },
  integrations: { 'webshop-orders': '3.1', 'payroll-vouchers': null },
};

const phasesOf = ({ upgrade }: StoredPlan): string[] => upgrade?.phases.map(({ id }) => id) ?? [];

/** The year with the phases before this one done. */
const yearIn = (plan: StoredPlan, phase: string, state: Partial<YearState> = {}, at = now): Year => {
  const phases = phasesOf(plan);
  const closed = phases
    .slice(0, phases.indexOf(phase))
    .map((one) => [`upgrade/${one}`, { at: since, state: 'done', by: 'anna' }] as const);
  return yearAt(at, { plan, language: 'en', state: { closed: Object.fromEntries(closed), ...state } });
};

const completed = messageTo('upgradePhaseCompleted', judgePhase);
const failed = messageTo('upgradePhaseFailed', judgePhaseFailed);
const part = messageTo('upgradePartChecked', judgePart);
const postponed = messageTo('upgradePostponed', judgePostponed);
const declined = messageTo('upgradeDeclined', judgeDeclinedUpgrade);

const news = ({ state }: Year): unknown[] =>
  state.heldMails.flatMap(({ mail }) => (mail.to === 'customer' && mail.news) || []);
const ours = ({ state }: Year): unknown[] =>
  state.heldMails.flatMap(({ mail }) => (mail.attention ? [[mail.to, mail.attention.detail]] : []));

const technical = completedPhase('technical', '2027-06-13');

/** The technical phase is done, and people work in the new version. */
const live = (): Year => {
  const year = yearIn(inPlace, 'technical');
  completed.take(year, technical);
  year.state.heldMails = [];
  return year;
};

describe('going into production', () => {
  it('keeps when it began and ended, who tried it, who decided and when', () => {
    const year = live();
    expect(year.state.checks).toMatchObject({
      'began/technical': { ok: true, time: '2027-06-13T05:00:00.000Z' },
      'smokeTested/technical': { ok: true, contact: 'contact-1' },
      'go/technical': { ok: true, contact: 'contact-1', time: '2027-06-13T08:30:00.000Z' },
      'ended/technical': { ok: true, time: '2027-06-13T09:00:00.000Z' },
    });
    expect(pageOf(year)).toContain(
      '| technical upgrade | decision to let people in 2027-06-13 10:30 |  |  | passed ✓ | contact-1 | 2027-06-14 |',
    );
  });

  it('takes times with their zone, and a decision without one for that of the end', () => {
    const year = yearIn(inPlace, 'technical');
    const { goAt: _, ...said } = technical;
    completed.take(year, { ...said, began: '2027-06-13T05:00:00Z', ended: '2027-06-13 kl. 9.30' });
    expect(year.state.checks).toMatchObject({
      'began/technical': { time: '2027-06-13T05:00:00.000Z' },
      'go/technical': { time: '2027-06-13T07:30:00.000Z' },
    });
  });

  it.each<[string, Record<string, unknown>, string]>([
    [
      'ended in the future',
      { ended: '2027-06-14 20:00' },
      'ended: expected a time from 2026-06-13 00:00 until now, 2027-06-14 14:00, found 2027-06-14 20:00',
    ],
    [
      'ended before it began',
      { ended: '2027-06-13 06:00', goAt: '2027-06-13 05:59' },
      'ended: expected a time after 2027-06-13 07:00, when the system was taken down, found 2027-06-13 06:00',
    ],
    ['decided before it began', { goAt: '2027-06-13 06:00' }, 'goAt: expected a time after 2027-06-13 07:00'],
    [
      'decided when people were in already',
      { goAt: '2027-06-13 11:01' },
      'goAt: it is decided before people are let in (ended 2027-06-13 11:00)',
    ],
    [
      'tried by somebody nobody knows',
      { smokeTested: 'contact-9' },
      'smokeTested: expected one of contact-1, contact-2, contact-3, found contact-9',
    ],
    ['tried by ourselves', { smokeTested: 'consultant' }, 'smokeTested: expected one of contact-1'],
    ['decided by nobody', { go: '' }, 'go: expected a text or a number, found nothing'],
    [
      'decided by somebody nobody knows',
      { go: 'support' },
      'go: expected one of contact-1, contact-2, contact-3, consultant, manager, found support',
    ],
    [
      'no back-up after the stop',
      { except: ['1'] },
      'Failed: 1 (Backup taken after the stop, and it can be restored)',
    ],
    ['no time', { began: 'i går' }, 'began: expected a time as YYYY-MM-DD 17:00, found "i går"'],
  ])('is refused where it %s', (_what, said, en) => {
    const year = yearIn(inPlace, 'technical');
    expect(completed.refusal(year, { ...technical, ...said }).en).toContain(en);
  });

  it('is accepted by name without a try, and never without a decision', () => {
    const accepted = { acceptedBy: 'manager', reason: 'nobody was in' };
    const { go: _, goAt: __, ...undecided } = technical;
    expect(completed.refusal(yearIn(inPlace, 'technical'), { ...undecided, ...accepted }).en).toContain(
      'Not reported: go (decision to let people in)',
    );
    const { smokeTested: ___, ...untried } = technical;
    completed.take(yearIn(inPlace, 'technical'), { ...untried, ...accepted });
  });

  it('is told part by part while it goes on', () => {
    const year = yearIn(inPlace, 'technical');
    part.take(year, { part: 'began', at: '2027-06-14 08:00' });
    part.take(year, { part: 'smokeTested', contact: 'contact-3', ok: false, note: 'no invoices' });
    expect(year.state.attention).toMatchObject([{ code: 'check-failed', subject: 'technical smokeTested' }]);
    expect(part.refusal(year, { part: 'go' }).en).toContain('contact: expected');
    expect(part.refusal(year, { part: 'go', contact: 'contact-1', ok: false }).en).toContain(
      'send upgradePhaseFailed with "then": "roll-back"',
    );
    // No-go: it is rolled back.
    failed.take(year, { reason: 'no-go: no invoices' });
    expect(year.state.upgrades.upgrade).toMatchObject({ state: 'rolledBack', attempt: 2 });
  });

  it('shows a message that says nothing which only people know: who tried it, who decided and when', () => {
    const year = yearIn(inPlace, 'technical');
    const shown = (one: Year) =>
      overviewOf(one).messages.find(({ name }) => name === 'upgradePhaseCompleted')?.example;
    const blank = { began: '', smokeTested: '', go: '', goAt: '', ended: '' };
    expect(shown(year)).toMatchObject(blank);
    expect(pageOf(year)).toContain('Fill in began, smokeTested, go, goAt, ended before you send');
    const versions = { 'visma-business': '18.0.2', 'pector-import': '5.4' };
    expect(completed.refusal(year, { ...shown(year), versions }).en).toContain(
      'Not reported: began (system taken down), smokeTested (tried by a key user), go (',
    );
    // The times of the window that was agreed are offered.
    const opensAt = year.obligation('upgrade/technical')!.opensAt;
    const window = { campaign: 'autumn', from: opensAt, to: opensAt.replace(/T\d\d/, 'T10') };
    const upgrade = { ...inPlace.upgrade!, window };
    const inWindow = yearIn({ ...inPlace, upgrade }, 'technical');
    expect(shown(inWindow)).toMatchObject({
      ...blank,
      ...{ began: expect.stringMatching(/^2027-05-25 \d\d:\d\d$/), ended: '2027-05-25 12:30' },
    });
    completed.take(year, { ...shown(year), ...technical, versions });
  });
});

describe('once go is given', () => {
  it.each([
    ['asked for', 'roll-back'],
    ['a phase before it', 'precheck'],
  ])('nothing is rolled back: %s', (_what, then) => {
    const said = failed.refusal(live(), { phase: 'integrations', then, reason: 'x' });
    expect(said.en).toMatch(/^then: (go was given in technical upgrade|expected one of again, restore)/);
  });

  it('is mended where the rules would roll back, and goes back to a phase after it', () => {
    const year = live();
    part.take(year, { phase: 'technical', part: '2', ok: false });
    expect(year.isClosed('upgrade/technical')).toBe(false);
    expect(failed.take(year, { reason: 'a service is down' })).toEqual({
      obligation: 'upgrade/technical',
      reason: 'a service is down',
    });
    expect(year.state.upgrades).toEqual({});
    const later = yearIn(inPlace, 'test', { checks: live().state.checks });
    failed.take(later, { then: 'integrations', reason: 'x' });
    expect(later.isClosed('upgrade/integrations')).toBe(false);
    expect(later.isClosed('upgrade/technical')).toBe(true);
  });

  it('does not go down again where a part of it fails: no window, no stop list, and what was reported stands', () => {
    const window = { campaign: 'autumn', from: '2027-06-18T15:00:00.000Z', to: '2027-06-18T19:00:00.000Z' };
    const obligations = inPlace.obligations.map((owed) =>
      owed.id === 'upgrade/technical' ? { ...owed, opensAt: window.from } : owed,
    );
    const year = yearIn({ ...inPlace, obligations, upgrade: { ...inPlace.upgrade!, window } }, 'technical');
    expect(overviewOf(year).upgradeWindow?.window).toBeDefined();
    completed.take(year, { ...technical, confirmed: true });
    part.take(year, { phase: 'technical', part: '2', ok: false, note: 'the job server is down' });
    expect(overviewOf(year).upgradeWindow?.window).toBeUndefined();
    expect(pageOf(year)).not.toContain('stopped in this order');
    expect(pageOf(year)).toContain('No changes of settings, reports and integrations until');
    const { began, smokeTested, go, goAt, ended, versions } = technical;
    const reported = { began, smokeTested, go, goAt, ended, versions };
    const ways = year.state.heldMails.at(-1)?.mail.attention?.ways ?? [];
    expect(ways.find(({ way }) => way === 'accept')?.fields).toMatchObject(reported);
    // What was reported is not replaced unseen.
    const asked =
      'ended: 2027-06-13 11:00 is reported; 2027-06-13 11:30 would take its place; if that is right, send the same with "confirmed": true';
    const accepted = { ...reported, phase: 'technical', acceptedBy: 'manager', reason: 'mended on Monday' };
    const other = { ...accepted, ended: '2027-06-13 11:30' };
    expect(completed.refusal(year, { ...other, passed: 'all' }).en).toBe(asked);
    expect(part.refusal(year, { phase: 'technical', part: 'ended' }).en).toContain(
      'ended: 2027-06-13 11:00 is',
    );
    completed.take(year, { ...accepted, passed: 'all' });
    expect(year.state.checks['ended/technical']?.time).toBe('2027-06-13T09:00:00.000Z');
  });

  it('is told once: not again where a part of it fails and passes, and its phase is closed again', async () => {
    const year = yearIn(inPlace, 'technical');
    completed.take(year, technical);
    const next = 'upgrade/integrations';
    year.state.sent.push(`${next}#${year.obligation(next)!.revision}/start`);
    const fail = (): unknown =>
      part.take(year, { phase: 'technical', part: '2', ok: false, note: 'a job is down' });
    const pass = (): unknown => part.take(year, { phase: 'technical', part: '2' });
    // While its mail waits, it is that mail.
    fail();
    pass();
    expect(news(year)).toEqual([{ kind: 'upgraded' }]);
    for (const { mail } of year.state.heldMails.splice(0)) noteTold(year, mail);
    fail();
    pass();
    expect(year.isClosed('upgrade/technical')).toBe(true);
    expect(news(year)).toEqual([]);
    // Who does what follows was asked for it before, and is not asked as if it were new.
    const start = year.obligation(next)!.notices.find(({ step }) => step === 'start')!;
    await notify(year, next, start);
    expect(year.state.owedMails).toEqual([]);
    // In another attempt the system goes down again.
    year.state.closed = {};
    year.state.checks = {};
    for (const phase of ['plan', 'precheck'])
      year.state.closed[`upgrade/${phase}`] = { at: since, state: 'done', by: 'anna' };
    completed.take(year, { ...technical, began: '2027-06-13 08:00' });
    expect(news(year)).toEqual([{ kind: 'upgraded' }]);
  });

  it('is restored by the customer’s management alone, who say what is lost', () => {
    const restore = { phase: 'integrations', then: 'restore', reason: 'orders were lost' };
    const lostSince = '2027-06-13 11:00';
    expect(failed.refusal(live(), { ...restore, lostSince, contact: 'contact-2' }).en).toContain(
      "contact: expected who of the customer's management has it restored: contact-1, found contact-2",
    );
    expect(failed.refusal(live(), { ...restore, contact: 'contact-1' }).en).toContain(
      'lostSince: expected a time',
    );
    expect(
      failed.refusal(live(), { ...restore, contact: 'contact-1', lostSince: '2027-06-15 08:00' }).en,
    ).toContain('lostSince: expected a time from');
    const { reason: _, ...silent } = restore;
    expect(failed.refusal(live(), { ...silent, lostSince, contact: 'contact-1' }).en).toContain('reason: ');
    const year = live();
    failed.take(year, { ...restore, lostSince, contact: 'contact-1' });
    const at = '2027-06-13T09:00:00.000Z';
    expect(year.state.upgrades.upgrade).toEqual({
      ...{ attempt: 2, state: 'restored', from: '2027-06-14', reason: 'orders were lost' },
      ...{ by: 'contact-1', lostSince: at },
    });
    expect(year.state.checks).toEqual({});
    expect(news(year)).toEqual([
      { kind: 'restored', reason: 'orders were lost', attempt: 2, lostSince: at, contact: 'contact-1' },
    ]);
    expect(ours(year)).toEqual(
      ['manager', 'consultant'].map((to) => [
        to,
        "Integrations: orders were lost. The customer's management (contact-1) has the system restored: what was done since 2027-06-13 11:00 is lost. Planned anew, from planning",
      ]),
    );
    expect(year.state.journal.flatMap(({ upgraded }) => upgraded ?? [])).toEqual([
      { upgrade: 'upgrade', ...versionsBefore },
    ]);
    expect(pageOf(year)).toMatch(
      /The system and the versions restored[^]*what was done since 2027-06-13 11:00 is lost/,
    );
    expect(overviewOf(live()).checks).toContainEqual(
      expect.objectContaining({ id: 'webshop-orders', from: '3.1' }),
    );
  });

  it('gives the contract the versions that hold where a step is undone', () => {
    const year = yearIn(inPlace, 'approval', { checks: live().state.checks });
    completed.take(year, { contact: 'contact-1' });
    const lostSince = '2027-06-13 11:00';
    failed.take(year, {
      phase: 'after-check',
      then: 'restore',
      reason: 'x',
      contact: 'contact-1',
      lostSince,
    });
    year.state.journal = [];
    for (const _ of ['the restoration', 'the approval']) {
      const undo = judgeUndo(year, undefined, undefined);
      if ('rejected' in undo) throw new Error(undo.rejected.en);
      takeStep(year, 'stepUndone', undo.accept);
    }
    expect(year.state.journal.flatMap(({ upgraded }) => upgraded ?? [])).toEqual([
      { upgrade: 'upgrade' },
      { upgrade: 'upgrade', ...versionsBefore },
    ]);
  });

  it('is nothing to restore before', () => {
    const said = { then: 'restore', reason: 'x', contact: 'contact-1', lostSince: '2027-06-13 11:00' };
    expect(failed.refusal(yearIn(inPlace, 'technical'), said).en).toContain(
      'then: expected one of again, roll-back',
    );
  });

  it('cannot be declined; postponed is the rest of it', () => {
    const said = { contact: 'contact-1', reason: 'x' };
    expect(declined.refusal(live(), said).en).toContain('people work in the new version');
    const year = live();
    postponed.take(year, { ...said, until: '2027-09-01' });
    expect(news(year)).toMatchObject([{ kind: 'postponed', live: true }]);
  });
});

describe('tested on a copy', () => {
  const versions = { 'visma-business': '18.0.2', 'pector-import': '5.4' };

  it('tells the customer nothing of the copy, then when it goes live, then that it has', () => {
    const year = yearIn(copied, 'technical');
    completed.take(year, { versions, passed: 'all' });
    expect(news(year)).toEqual([]);
    const approved = yearIn(copied, 'approval');
    completed.take(approved, { contact: 'contact-1' });
    expect(news(approved)).toEqual([{ kind: 'approved', contact: 'contact-1', on: '2027-07-02' }]);
    // A day that has passed is none; what is planned for today is not agreed.
    const late = yearIn(copied, 'approval', {}, '2027-07-02T08:00:00.000Z');
    completed.take(late, { contact: 'contact-1' });
    expect(news(late)).toEqual([{ kind: 'approved', contact: 'contact-1', onCopy: true }]);
    const upgraded = (one: Year): unknown[] => one.state.journal.flatMap((entry) => entry.upgraded ?? []);
    expect(upgraded(approved)).toEqual([]);
    completed.take(approved, { phase: 'go-live', ...inProduction('2027-06-14'), passed: 'all' });
    expect(news(approved)).toEqual([{ kind: 'live' }]);
    // The versions are the contract's once people work in them.
    expect(upgraded(approved)).toEqual([{ upgrade: 'upgrade' }]);
  });

  it.each(['test', 'approval', 'go-live'])('is rolled back freely until then: in %s', (phase) => {
    const year = yearIn(copied, phase);
    failed.take(year, { then: 'roll-back', reason: 'x' });
    expect(phasesOf(copied).filter((one) => !year.isClosed(`upgrade/${one}`))).toEqual(phasesOf(copied));
    expect(news(year)).toEqual([
      { kind: 'rolledBack', reason: 'x', attempt: 2, ...(phase !== 'go-live' && { onCopy: true }) },
    ]);
  });

  it('is restored where it went live', () => {
    const year = yearIn(copied, 'go-live');
    completed.take(year, { ...inProduction('2027-06-14'), passed: 'all' });
    const contact = { contact: 'contact-1', lostSince: '2027-06-14 11:00' };
    expect(failed.refusal(year, { then: 'roll-back', reason: 'x' }).en).toContain('go was given in go-live');
    failed.take(year, { then: 'restore', reason: 'x', ...contact });
    expect(year.isClosed('upgrade/go-live')).toBe(false);
  });
});

describe('integrations that we do not answer for', () => {
  const rest = {
    phase: 'integrations',
    passed: ['1', 'webshop-orders'],
    reason: 'the partner does not answer',
  };

  it('are accepted by the customer or, in their place, by a manager', () => {
    expect(
      completed.refusal(yearIn(inPlace, 'integrations'), { ...rest, acceptedBy: 'consultant' }).en,
    ).toContain(
      'acceptedBy: expected who of the customer takes the risk, contact-1, contact-2, contact-3 (we do not answer for payroll-vouchers), found consultant',
    );
    for (const acceptedBy of ['contact-2', 'manager']) {
      const year = yearIn(inPlace, 'integrations');
      completed.take(year, { ...rest, acceptedBy });
      expect(year.state.checks['integration/payroll-vouchers']).toMatchObject({ waived: { by: acceptedBy } });
    }
    // What is ours, our own people accept.
    const own = { ...rest, passed: ['1', 'payroll-vouchers'], acceptedBy: 'consultant' };
    completed.take(yearIn(inPlace, 'integrations'), own);
  });

  it('are asked about while nobody has said how they are', async () => {
    const checks = { 'integration/payroll-vouchers': { ok: true, at: since } };
    const told = yearIn(inPlace, 'integrations', { checks });
    const silent = yearIn(inPlace, 'integrations');
    expect(silentIntegrations(silent, 'upgrade/integrations')).toEqual(['payroll-vouchers']);
    const ask = inPlace.obligations
      .find(({ id }) => id === 'upgrade/integrations')!
      .notices.find(({ step }) => step === 'ask-risk')!;
    await notify(told, 'upgrade/integrations', ask);
    expect(told.state.owedMails).toEqual([]);
    void notify(silent, 'upgrade/integrations', ask);
    expect(silent.state.owedMails).toMatchObject([{ template: 'upgrade-risk', to: 'customer' }]);
  });
});

it('shows what rests, in order, until the system is up again', () => {
  const page = pageOf(yearIn(inPlace, 'precheck'));
  expect(page).toContain('1. Changes of settings, reports and users (the customer)');
  expect(page).toContain('4. The integration Verifikationer från lönesystemet (the partner)');
  expect(pageOf(live())).not.toContain('stopped in this order');
  const noChanges = 'No changes of settings, reports and integrations until the upgrade is approved';
  expect(page).not.toContain(noChanges);
  expect(pageOf(yearIn(inPlace, 'test'))).toContain(noChanges);
  expect(pageOf(yearIn(inPlace, 'after-check'))).not.toContain(noChanges);
});
