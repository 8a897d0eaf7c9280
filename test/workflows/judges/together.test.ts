/** Agreements that share an installation: it is upgraded, and rolled back, once; each tests and approves its own. */
import { guldPlan, messageTo, replansAskedFor, yearAt } from '../year-at';
import { completedPhase } from '../../helpers/completed-phase';
import type { StoredPlan } from '../../../rules/engine/plan/plan';
import { judgeTogether } from '../../../workflows/judges/together';
import { judgeIntegration, judgePart } from '../../../workflows/judges/upgrade-parts';
import { judgePhase, judgePhaseFailed } from '../../../workflows/judges/upgrade';
import { judgeDeclinedUpgrade, judgePostponed } from '../../../workflows/judges/upgrade-decisions';
import { judgeUndo, takeStep } from '../../../workflows/year/steps';
import { upgradeProgress } from '../../../workflows/year/upgrades';
import { pageOf } from '../../../workflows/year/page';
import type { Year } from '../../../workflows/year/year';

const now = '2027-06-14T08:00:00.000Z';
const phases = ['plan', 'precheck', 'technical', 'integrations', 'test', 'approval', 'after-check'];
const other = 'grannen-2027';
const window = { campaign: '2027', from: '2027-06-12T06:00:00.000Z', to: '2027-06-12T16:00:00.000Z' };

let plan: StoredPlan;
beforeAll(async () => {
  plan = await guldPlan();
  plan.upgrade = { ...plan.upgrade!, installation: { id: 'host-1', with: [other] } };
});

/** The year with the phases before this one done by Anna. */
const yearIn = (phase: string, at = now): Year =>
  yearAt(at, {
    plan,
    state: {
      closed: Object.fromEntries(
        phases
          .slice(0, phases.indexOf(phase))
          .map((one) => [`upgrade/${one}`, { at: '2027-05-03T08:00:00.000Z', state: 'done', by: 'anna' }]),
      ),
    },
  });

const completed = messageTo('upgradePhaseCompleted', judgePhase);
const failed = messageTo('upgradePhaseFailed', judgePhaseFailed);
const postponed = messageTo('upgradePostponed', judgePostponed);
const declined = messageTo('upgradeDeclined', judgeDeclinedUpgrade);
const partChecked = messageTo('upgradePartChecked', judgePart);
const checked = messageTo('upgradePartChecked', judgePart);
const integrationChecked = messageTo('integrationChecked', judgeIntegration);
const together = messageTo('upgradedTogether', judgeTogether);
const versions = { 'visma-business': '18.0.2', 'pector-import': '5.4' };

/** When the other agreement reported that it was done. */
const times = {
  ...{
    began: '2027-06-11T05:00:00.000Z',
    goAt: '2027-06-11T08:30:00.000Z',
    ended: '2027-06-11T09:00:00.000Z',
  },
};

const told = ({ state }: Year): unknown[] => state.journal.flatMap((entry) => entry.together ?? []);
const news = ({ state }: Year): unknown[] => state.heldMails.flatMap(({ mail }) => mail.news?.kind ?? []);
const open = (year: Year): string[] => phases.filter((one) => !year.isClosed(`upgrade/${one}`));
const askedToLook = ({ state }: Year): string[] =>
  state.heldMails.flatMap(({ mail }) =>
    mail.attention?.code === 'installation-shared' ? [`${mail.to}: ${mail.attention.detail}`] : [],
  );

describe('an agreement that shares its installation', () => {
  it('shows the agreed day and the times of the one that reported first', () => {
    const year = yearIn('plan');
    together.take(year, {
      ...{ of: other, state: 'upgraded', kind: 'technical', versions, on: '2027-06-10' },
      ...times,
    });
    const { checks } = year.state;
    expect(checks['date/plan']).toMatchObject({ ok: true, on: '2027-06-10' });
    expect(checks['began/technical']).toMatchObject({ ok: true, time: times.began });
    expect(checks['go/technical']).toMatchObject({ ok: true, time: times.goAt });
    expect(checks['ended/technical']).toMatchObject({ ok: true, time: times.ended });
    expect(pageOf(year)).toContain('system taken down 2027-06-11 07:00');
    // What was not reported here is told in one row.
    const rows = pageOf(year)
      .split('\n')
      .filter((line) => line.includes(`accepted by ${other}: the installation was upgraded with`));
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatch(
      /^\| planning, pre-check \| .+ \(1\), .+ \(2\), .+ \| {2}\| {2}\| \*\*accepted by/,
    );
    // Without an agreed day it is the one on which the system was taken down.
    const undated = yearIn('plan');
    together.take(undated, { of: other, state: 'upgraded', kind: 'technical', versions, ...times });
    expect(undated.state.checks['date/plan']).toMatchObject({ on: '2027-06-11' });
  });

  it('tells the others that it is upgraded, and that this was taken back', () => {
    const year = yearIn('technical');
    completed.take(year, { ...completedPhase('technical', '2027-06-11'), versions });
    const upgraded = { of: 'testbolaget-2027', state: 'upgraded', kind: 'technical', versions, ...times };
    expect(told(year)).toEqual([{ others: [other], told: upgraded }]);
    const undo = judgeUndo(year, undefined, undefined) as { accept: () => Record<string, unknown> };
    takeStep(year, 'stepUndone', undo.accept);
    expect(told(year)[1]).toEqual({
      others: [other],
      told: { of: 'testbolaget-2027', state: 'undone', what: 'upgraded', kind: 'technical' },
    });
  });

  it('tells the others of the day, a roll-back, a postponement and a refusal', () => {
    const states: unknown[] = [];
    const say = (phase: string, send: (year: Year) => void): void => {
      const year = yearIn(phase);
      send(year);
      states.push(...told(year).map((one) => (one as { told: unknown }).told));
    };
    say('plan', (year) => completed.take(year, { phase: 'plan', on: '2027-06-21', passed: 'all' }));
    say('technical', (year) => failed.take(year, { phase: 'technical', reason: 'disk' }));
    say('technical', (year) =>
      postponed.take(year, { until: '2027-09-01', contact: 'contact-1', reason: 'pay' }),
    );
    say('test', (year) => declined.take(year, { contact: 'contact-1', reason: 'no' }));
    const of = 'testbolaget-2027';
    expect(states).toEqual([
      { of, state: 'planned', on: '2027-06-21' },
      { of, state: 'rolledBack', reason: 'disk', attempt: 2 },
      { of, state: 'postponed', on: '2027-09-01', reason: 'pay' },
      { of, state: 'declined', reason: 'no' },
    ]);
  });

  it('says nothing of a postponement once the system is upgraded: each approves its own', () => {
    const year = yearIn('test');
    postponed.take(year, { until: '2027-09-01', contact: 'contact-1', reason: 'pay' });
    expect(told(year)).toEqual([]);
  });

  it('keeps to the window of its campaign', () => {
    const year = yearIn('plan', '2027-05-10T08:00:00.000Z');
    year.state.plan = { ...plan, upgrade: { ...plan.upgrade!, window } };
    const refusal = completed.refusal(year, { phase: 'plan', on: '2027-06-21', passed: 'all' });
    expect(refusal?.en).toMatch(
      /^on: the installation is shared with grannen-2027 .* 2027-06-12; found 2027-06-21/,
    );
    expect(completed.take(year, { phase: 'plan', on: '2027-06-12', passed: 'all' })).toEqual({
      obligation: 'upgrade/plan',
    });
    // One that has passed binds nobody: the installation was rolled back since.
    const later = yearIn('plan', '2027-06-15T08:00:00.000Z');
    later.state.plan = { ...plan, upgrade: { ...plan.upgrade!, window } };
    expect(completed.take(later, { phase: 'plan', on: '2027-06-21', passed: 'all' })).toEqual({
      obligation: 'upgrade/plan',
    });
  });
});

describe('an agreement that is told', () => {
  it('has its technical phase completed with the versions, and its customer told, once', () => {
    const year = yearIn('technical');
    const said = { of: other, state: 'upgraded', versions };
    expect(together.take(year, said)).toEqual({
      of: other,
      state: 'upgraded',
      closed: ['upgrade/technical'],
    });
    expect(open(year)[0]).toBe('integrations');
    expect(year.state.checks['system/visma-business']).toMatchObject({
      ok: true,
      version: '18.0.2',
      by: other,
    });
    expect(news(year)).toEqual(['upgraded']);
    // The step that caused it can be undone as long.
    expect(year.state.heldMails.map(({ at }) => at)).toEqual(['2027-06-14T08:05:00.000Z']);
    expect(askedToLook(year)).toEqual([]);
    // Nobody is told in circles.
    expect(told(year)).toEqual([]);
    expect(together.take(year, said)).toMatchObject({ repeat: true });
    expect(news(year)).toEqual(['upgraded']);
  });

  it('shows what precedes the upgrade and was never reported as accepted with the other, and asks to look', () => {
    const year = yearIn('precheck');
    // Told of the day before, they are told of this as well.
    together.take(year, { of: other, state: 'planned', on: '2027-06-12' });
    year.state.heldMails = [];
    together.take(year, { of: other, state: 'upgraded', versions: { 'visma-business': '18.0.2' } });
    expect(open(year)[0]).toBe('integrations');
    expect(year.state.checks['check/precheck/1']).toMatchObject({
      ok: false,
      waived: { by: other, reason: expect.stringContaining(other) },
    });
    // A version that the other did not tell is not made up.
    expect(year.state.checks['system/pector-import']).toMatchObject({ ok: false, waived: { by: other } });
    expect(askedToLook(year).map((line) => line.split(':')[0])).toEqual(['manager', 'consultant']);
  });

  it('leaves a system that is not shared to its own people, and sends no version of one', () => {
    const shared = { id: 'host-1', product: 'visma-business', with: [other] };
    const year = yearIn('technical');
    year.state.plan = { ...plan, upgrade: { ...plan.upgrade!, installation: shared } };
    together.take(year, { of: other, state: 'upgraded', versions });
    expect(year.state.checks['system/visma-business']).toMatchObject({ ok: true, version: '18.0.2' });
    expect(year.state.checks['system/pector-import']).toMatchObject({ ok: false, waived: { by: other } });
    expect(askedToLook(year)[0]).toMatch(
      /not all belongs to it: .*Pector Import is the agreement's own; report it with upgradePartChecked/,
    );
    const [, shown = ''] = /upgradePartChecked ({.*})/.exec(askedToLook(year)[0] ?? '') ?? [];
    const message = JSON.parse(shown.replace('…', '"5.4"')) as Record<string, unknown>;
    expect(year.state.attention.map(({ subject }) => subject)).toContain(`${other} ownSystems`);
    partChecked.take(year, message);
    expect(year.state.checks['system/pector-import']).toMatchObject({ ok: true, version: '5.4' });
    expect(year.state.attention.map(({ subject }) => subject)).not.toContain(`${other} ownSystems`);

    const teller = yearIn('technical');
    teller.state.plan = year.state.plan;
    completed.take(teller, { ...completedPhase('technical', '2027-06-11'), versions });
    expect(told(teller)).toMatchObject([{ told: { versions: { 'visma-business': '18.0.2' } } }]);
    expect((told(teller)[0] as { told: { versions: object } }).told.versions).not.toHaveProperty(
      'pector-import',
    );
  });

  it('has open again what was closed with the other, where that is taken back, and keeps its own results', () => {
    const year = yearIn('precheck');
    const own = { ok: true, at: now, by: 'anna' };
    year.state.checks['check/precheck/2'] = own;
    together.take(year, { of: other, state: 'upgraded', versions });
    together.take(year, { of: other, state: 'undone', what: 'upgraded' });
    expect(news(year)).toEqual([]);
    expect(open(year)[0]).toBe('precheck');
    expect(year.state.checks).toEqual({ 'check/precheck/2': own });
  });

  it('is planned anew where the other went to another release, which may be withdrawn', async () => {
    const year = yearIn('technical');
    year.state.plan = { ...plan, upgrade: { ...plan.upgrade!, targets: { 'visma-business': '18.10.0' } } };
    together.take(year, { of: other, state: 'upgraded', versions: { 'visma-business': '18.00.0' } });
    expect(await replansAskedFor()).toEqual(['upgrade/technical went to another release']);
    const elsewhere = { 'visma-business': '18.00.0' };
    expect(upgradeProgress(year).upgrades?.upgrade).toMatchObject({ begun: true, elsewhere });
    const same = yearIn('technical');
    same.state.plan = year.plan;
    together.take(same, { of: other, state: 'upgraded', versions: { 'visma-business': '18.10.1' } });
    expect(upgradeProgress(same).upgrades?.upgrade).not.toHaveProperty('elsewhere');
    // One that waits for a release of its own has none to go to.
    const waiting = yearIn('technical');
    const installation = { id: 'host-1', product: 'visma-business', with: [other] };
    waiting.state.plan = { ...plan, upgrade: { ...plan.upgrade!, targets: {}, installation } };
    together.take(waiting, { of: other, state: 'upgraded', versions: { 'visma-business': '18.00.0' } });
    expect(await replansAskedFor()).toEqual(['upgrade/technical went to another release']);
    expect(upgradeProgress(waiting).upgrades?.upgrade).toMatchObject({ elsewhere });
  });

  it('has our people look alone, where it is rolled back before anything was done here', async () => {
    const year = yearIn('plan');
    const said = { of: other, state: 'rolledBack', reason: 'the disk is full', attempt: 2 };
    together.take(year, said);
    expect([news(year), await replansAskedFor()]).toEqual([[], []]);
    // The installation's attempt is not this agreement's: here nothing was tried, and the page says nothing of it.
    expect(year.state.upgrades.upgrade).toEqual({ untried: 1 });
    expect(pageOf(year)).not.toMatch(/attempt/i);
    expect(askedToLook(year)[0]).toContain('the disk is full');
    expect(together.take(year, said)).toMatchObject({ repeat: true });
  });

  it('begins wholly anew, also where only a part of a later phase was reported ahead', async () => {
    const year = yearIn('plan');
    together.take(year, { of: other, state: 'rolledBack', reason: 'disk', attempt: 2 });
    integrationChecked.take(year, { integration: 'webshop-orders', ok: true });
    expect(upgradeProgress(year).upgrades?.upgrade).toMatchObject({ begun: true });
    together.take(year, { of: other, state: 'rolledBack', reason: 'disk', attempt: 3 });
    expect(year.state.checks).toEqual({});
    expect(upgradeProgress(year).upgrades?.upgrade).toEqual({ from: '2027-06-14' });
    // Its own second attempt is the installation's third.
    expect(year.state.upgrades.upgrade).toMatchObject({ attempt: 2, untried: 1, state: 'rolledBack' });
    completed.take(year, { phase: 'plan', on: '2027-06-21', passed: 'all' });
    failed.take(year, { phase: 'precheck', then: 'roll-back', reason: 'no' });
    expect(told(year).at(-1)).toMatchObject({ told: { state: 'rolledBack', attempt: 4 } });
    expect(year.state.upgrades.upgrade).toMatchObject({ attempt: 3 });
  });

  it.each(['rolledBack', 'restored'])('keeps a postponement of its customer where it is %s', (how) => {
    const year = yearIn('test');
    postponed.take(year, { until: '2027-09-01', contact: 'contact-1', reason: 'pay' });
    const lost = how === 'restored' && { lostSince: '2027-06-12T16:00:00.000Z' };
    together.take(year, { of: other, state: 'rolledBack', reason: 'wrong', attempt: 2, ...lost });
    expect(upgradeProgress(year).upgrades?.upgrade).toMatchObject({ from: '2027-09-01' });
    const kept = { state: 'postponed', reason: 'pay', by: 'contact-1' };
    expect(year.state.upgrades.upgrade).toMatchObject({
      ...(how === 'restored' ? { state: how, reason: 'wrong', by: other } : kept),
      ...{ attempt: 2, from: '2027-09-01' },
    });
    expect(news(year)).toContain(how);
  });

  it('is rolled back with the other, once an attempt', async () => {
    const year = yearIn('test');
    const said = { of: other, state: 'rolledBack', reason: 'the reports are wrong', attempt: 2 };
    expect(together.take(year, said)).toMatchObject({ state: 'rolledBack' });
    expect(open(year)).toEqual(phases);
    expect(year.state.upgrades.upgrade).toMatchObject({ attempt: 2, state: 'rolledBack', by: other });
    expect(news(year)).toEqual(['rolledBack']);
    expect(together.take(year, said)).toMatchObject({ repeat: true });
    expect(await replansAskedFor()).toHaveLength(1);
  });

  it('is restored with the other, and says what is lost', () => {
    const year = yearIn('test');
    const lostSince = '2027-06-12T16:00:00.000Z';
    together.take(year, { of: other, state: 'rolledBack', reason: 'wrong', attempt: 2, lostSince });
    expect(year.state.upgrades.upgrade).toMatchObject({ state: 'restored', lostSince, by: other });
    expect(year.state.heldMails.flatMap(({ mail }) => mail.news ?? [])).toEqual([
      { kind: 'restored', reason: 'wrong', attempt: 2, lostSince },
    ]);
    const lost = 'wrong (restored: what was done since 2027-06-12 18:00 is lost)';
    expect(year.state.attention.map(({ detail }) => detail)).toEqual([
      `The customer's management had the system restored with ${other}, after people had worked in the new version: ${lost}`,
    ]);
    // Where nothing is left to begin anew, people read what is lost as well.
    const over = yearIn('over');
    over.state.closed['upgrade/after-check'] = { at: now, state: 'done', by: 'anna' };
    together.take(over, { of: other, state: 'rolledBack', reason: 'wrong', attempt: 2, lostSince });
    expect(askedToLook(over)[0]).toContain(lost);
  });

  describe('has nothing to look at any more', () => {
    const third = 'tredje-2027';
    const subjects = ({ state }: Year): string[] =>
      state.attention.flatMap(({ code, subject }) => (code === 'installation-shared' ? [subject] : []));
    const said = (phase: string, ...all: [string, string, object?][]): Year => {
      const year = yearIn(phase);
      for (const [of, state, more] of all) together.take(year, { of, state, ...more });
      return year;
    };
    const back = { reason: 'wrong', attempt: 2 };

    it.each<[string, [string, string, object?][], string[]]>([
      [
        'of the day and the upgrade, once any of them is rolled back',
        [
          [other, 'planned', { on: '2027-06-12' }],
          [other, 'upgraded', { versions }],
          [third, 'rolledBack', back],
        ],
        [`${third} rolledBack`],
      ],
      [
        'of a roll-back, once the day is agreed anew, and of that once the system is upgraded',
        [
          [other, 'rolledBack', back],
          [other, 'planned', { on: '2027-06-12' }],
          [third, 'upgraded', { versions }],
        ],
        [`${third} upgraded`],
      ],
      [
        'of a postponement, once it is declined, and of neither for the word of another',
        [
          [other, 'postponed', { reason: 'pay' }],
          [other, 'declined', { reason: 'no' }],
          [third, 'planned', { on: '2027-06-12' }],
        ],
        [`${other} declined`, `${third} planned`],
      ],
      [
        'of what is undone',
        [
          [other, 'upgraded', { versions }],
          [other, 'undone', { what: 'upgraded' }],
        ],
        [`${other} undone`],
      ],
    ])('%s', (_what, all, left) => {
      expect(subjects(said('precheck', ...all))).toEqual(left);
    });

    it('of the day, once its own is agreed; of anything, once it is upgraded, rolled back or declined by itself', () => {
      const planned: [string, string, object?] = [other, 'planned', { on: '2027-06-21' }];
      const agreed = said('plan', planned);
      completed.take(agreed, { phase: 'plan', on: '2027-06-21', passed: 'all' });
      expect(subjects(agreed)).toEqual([]);
      const upgraded = said('technical', planned, [third, 'postponed', { reason: 'pay' }]);
      completed.take(upgraded, { ...completedPhase('technical', '2027-06-11'), versions });
      expect(subjects(upgraded)).toEqual([]);
      const rolledBack = said('technical', planned, [third, 'declined', { reason: 'no' }]);
      failed.take(rolledBack, { phase: 'technical', reason: 'disk' });
      expect(subjects(rolledBack)).toEqual([`${third} declined`]);
      const refused = said('precheck', planned);
      declined.take(refused, { contact: 'contact-1', reason: 'no' });
      expect(subjects(refused)).toEqual([]);
    });

    it('of a precheck that was not reported, once the upgrade is approved', () => {
      const year = said('precheck', [other, 'upgraded', { versions: { ...versions } }]);
      expect(subjects(year)).toEqual([`${other} upgraded`]);
      for (const phase of ['integrations', 'test', 'approval'])
        completed.take(year, completedPhase(phase, '2027-06-14'));
      expect(subjects(year)).toEqual([]);
    });

    it('of parts that failed, once they are accepted with the other or are to be done again', () => {
      const alarms = ({ state }: Year): string[] => state.attention.map(({ code }) => code).sort();
      const year = yearIn('precheck');
      checked.take(year, { phase: 'precheck', part: '1', ok: false, note: 'no' });
      expect(alarms(year)).toEqual(['check-failed']);
      together.take(year, { of: other, state: 'upgraded', versions });
      expect(alarms(year)).toEqual(['installation-shared']);
      checked.take(year, { phase: 'integrations', part: 'webshop-orders', ok: false, note: 'no' });
      expect(alarms(year)).toEqual(['installation-shared', 'integration-failed']);
      together.take(year, { of: other, state: 'rolledBack', ...back });
      expect(subjects(year)).toEqual([`${other} rolledBack`]);
      expect(alarms(year)).toEqual(['installation-shared']);
    });
  });

  it('has the copy, and what goes live, completed each for itself; never over what it has not approved', () => {
    const onCopy = (phase: string): Year => {
      const year = yearIn(phase);
      const [first, ...rest] = structuredClone(plan.upgrade!.phases.slice(2));
      const copy = [...plan.upgrade!.phases.slice(0, 2), { ...first!, installs: 'copy' as const }, ...rest];
      const live = {
        id: 'go-live',
        kind: 'production',
        owner: 'consultant',
        checks: [],
        installs: 'production',
      } as const;
      copy.splice(copy.length - 1, 0, { ...live, checks: [] });
      const approval = plan.obligations.find(({ id }) => id === 'upgrade/approval')!;
      const owed = { ...approval, id: 'upgrade/go-live', after: 'upgrade/approval' };
      const obligations = plan.obligations.map((one) =>
        one.id === 'upgrade/after-check' ? { ...one, after: 'upgrade/go-live' } : one,
      );
      year.state.plan = {
        ...plan,
        obligations: [...obligations, owed],
        upgrade: { ...plan.upgrade!, phases: copy },
      };
      return year;
    };
    const said = { of: other, state: 'upgraded', versions };
    const live = { ...said, kind: 'production' };
    const technical = onCopy('technical');
    expect(together.take(technical, said)).toMatchObject({ closed: ['upgrade/technical'] });
    expect(news(technical)).toEqual([]);
    expect(together.take(technical, said)).toMatchObject({ repeat: true });
    // The others go live before this one has tested: somebody looks at it, and nothing is closed.
    expect(together.take(technical, live)).toMatchObject({ told: 'upgraded' });
    expect(open(technical)[0]).toBe('integrations');
    const approved = onCopy('after-check');
    expect(together.take(approved, live)).toMatchObject({ closed: ['upgrade/go-live'] });
    expect(news(approved)).toEqual(['live']);
  });

  it.each(['planned', 'postponed', 'declined'])(
    'asks its own people to look where the other has %s',
    (state) => {
      const year = yearIn('test');
      together.take(year, { of: other, state, reason: 'payroll' });
      expect(open(year)[0]).toBe('test');
      expect(askedToLook(year)).toHaveLength(2);
      expect(askedToLook(year)[0]).toContain(other);
    },
  );

  it('takes no state that it does not know', () => {
    expect(together.refusal(yearIn('test'), { of: other, state: 'exploded' })?.en).toMatch(
      /^state: expected one of /,
    );
  });
});

it('the customer is told of a roll-back even where the next day is agreed at once', () => {
  const year = yearIn('technical');
  failed.take(year, { phase: 'technical', reason: 'disk' });
  completed.take(year, completedPhase('plan', '2027-06-21'));
  expect(news(year)).toEqual(['rolledBack', 'planned']);
});
