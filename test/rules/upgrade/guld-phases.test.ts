/** The phases of the upgrade come from the rules: any number, in their order, with their conditions. */
import type { Text } from '../../../rules/engine/basics/text';
import { movesOf } from '../../../rules/engine/plan/move-upgrade';
import { withDaysOf } from '../../../rules/engine/plan/days-of-before';
import type { UpgradeProgress, YearPlan } from '../../../rules/engine/plan/plan';
import { topicProblems } from '../../../rules/engine/ruleset/topic-problems';
import type { Terms, UpgradePhaseTerms } from '../../../rules/engine/ruleset/terms';
import { exampleContract, guldTerms, obligation, plan, withoutDigests } from '../fixtures';

let terms: Terms;
beforeAll(async () => {
  terms = withoutDigests(await guldTerms());
});

const withPhases = (changed: Record<string, Partial<UpgradePhaseTerms>>): Terms => {
  const { upgrade } = structuredClone(terms);
  for (const [id, phase] of Object.entries(changed))
    upgrade.phases[id] = { ...(upgrade.phases[id] ?? { owner: 'consultant', openDays: 2 }), ...phase };
  return { ...terms, upgrade };
};

const upgradeOf = ({ obligations }: YearPlan) => obligations.filter(({ strand }) => strand === 'upgrade');
const idsOf = (year: YearPlan): string[] => upgradeOf(year).map(({ id }) => id.replace('upgrade/', ''));

it('plans the phases of Guld one after the other, the last after the month has ended', () => {
  const year = plan({ terms });
  expect(
    upgradeOf(year).map(({ id, opensAt, dueOn, after }) => [id, opensAt.slice(0, 10), dueOn, after]),
  ).toEqual([
    ['upgrade/plan', '2027-05-03', '2027-05-17', undefined],
    ['upgrade/precheck', '2027-05-18', '2027-05-24', 'upgrade/plan'],
    ['upgrade/technical', '2027-05-25', '2027-05-27', 'upgrade/precheck'],
    ['upgrade/integrations', '2027-05-28', '2027-06-09', 'upgrade/technical'],
    ['upgrade/test', '2027-06-10', '2027-06-23', 'upgrade/integrations'],
    ['upgrade/approval', '2027-06-24', '2027-07-01', 'upgrade/test'],
    // July's end lies in the weeks that are kept clear.
    ['upgrade/after-check', '2027-08-09', '2027-08-13', 'upgrade/approval'],
  ]);
  expect(year.upgrade).toMatchObject({
    systems: { 'visma-business': '17.0', 'pector-import': '5.2' },
    approvers: ['contact-1', 'contact-2'],
  });
  expect(year.upgrade).not.toHaveProperty('partners');
});

it('keeps by id the integrations whose partner can be asked', () => {
  const contact = { name: 'Petra Sund', email: 'petra@partner.example', language: 'sv' } as const;
  const contract = exampleContract();
  contract.integrations[1]!.contact = contact;
  const { upgrade } = plan({ terms, contract });
  expect(upgrade?.partners).toEqual(['payroll-vouchers']);
  expect(JSON.stringify(upgrade)).not.toContain('Petra');
});

it.each<[string, Record<string, Partial<UpgradePhaseTerms>>, string[]]>([
  [
    'one more',
    { 'key-users': { order: 45, owner: 'consultant', openDays: 3 } },
    ['plan', 'precheck', 'technical', 'integrations', 'key-users', 'test', 'approval', 'after-check'],
  ],
  [
    'another order',
    { integrations: { order: 25 } },
    ['plan', 'precheck', 'integrations', 'technical', 'test', 'approval', 'after-check'],
  ],
  [
    'one less',
    { plan: { omitted: true }, 'after-check': { omitted: true } },
    ['precheck', 'technical', 'integrations', 'test', 'approval'],
  ],
])('changes the plan by the rules alone: %s', (_what, changed, expected) => {
  const year = plan({ terms: withPhases(changed) });
  expect(idsOf(year)).toEqual(expected);
  expect(year.upgrade?.phases.map(({ id }) => id)).toEqual(expected);
});

it('gives a phase its own owner, reminders and escalation', () => {
  const own = { owner: 'manager', reminders: [], escalation: [{ openDaysAfter: 1, to: 'support' }] } as const;
  const { owner, notices } = obligation(
    plan({ terms: withPhases({ precheck: structuredClone(own) as unknown as UpgradePhaseTerms }) }),
    'upgrade/precheck',
  );
  expect(owner).toBe('manager');
  expect(notices.map(({ step, to }) => [step, to])).toEqual([
    ['start', 'manager'],
    ['escalate-support', 'support'],
  ]);
});

it('leaves the last phase to the next year where the month ends after it', () => {
  const year = plan({
    terms: { ...terms, upgrade: { ...terms.upgrade, window: { fromMonth: 12, toMonth: 12 } } },
  });
  expect(obligation(year, 'upgrade/approval').dueOn <= '2027-12-30').toBe(true);
  expect(obligation(year, 'upgrade/after-check')).toMatchObject({
    noDayLeft: true,
    nextYear: true,
    notices: [],
  });
});

describe('an upgrade that has begun', () => {
  const previous = (): YearPlan => plan({ terms });
  const replanned = (changed: Terms, closed: Record<string, string>, more = {}): YearPlan =>
    plan({
      terms: changed,
      asOf: '2027-05-20T08:00:00.000Z',
      progress: { previous: previous(), closed, ...more },
    });

  it('keeps its phases where other rules come into force, and one that has not takes them', () => {
    const changed = withPhases({ 'key-users': { order: 45 } });
    const closed = { 'upgrade/plan': '2027-05-14T08:00:00.000Z' };
    expect(idsOf(replanned(changed, closed))).not.toContain('key-users');
    expect(idsOf(replanned(changed, {}, { upgrades: { upgrade: { begun: true } } }))).not.toContain(
      'key-users',
    );
    expect(idsOf(replanned(changed, {}))).toContain('key-users');
  });

  const done = (...ids: string[]): Record<string, string> =>
    Object.fromEntries(ids.map((id) => [`upgrade/${id}`, '2027-05-14T08:00:00.000Z']));
  const move = { upgrades: { upgrade: { begun: true as const, move: true as const } } };

  it('takes the phases of other rules where that is asked for and what is done fits them', () => {
    const backup = { sv: 'Säkerhetskopia', en: 'Backup' };
    const changed = withPhases({
      'key-users': { order: 45 },
      plan: { checks: [] },
      precheck: { checks: [backup] },
      'after-check': { omitted: true },
    });
    const closed = done('plan');
    const moved = replanned(changed, closed, move);
    const expected = ['plan', 'precheck', 'technical', 'integrations', 'key-users', 'test', 'approval'];
    expect(idsOf(moved)).toEqual(expected);
    expect(obligation(moved, 'upgrade/test').after).toBe('upgrade/key-users');
    // What is closed stays as it was; that it moved is said once.
    expect(moved.upgrade?.phases.slice(0, 2).map(({ checks }) => checks.length)).toEqual([1, 1]);
    expect(moved.upgrade?.progress).toEqual({ upgrade: { begun: true } });
    const later = plan({
      terms,
      asOf: '2027-05-21T08:00:00.000Z',
      progress: { previous: moved, closed, upgrades: { upgrade: { begun: true } } },
    });
    expect(idsOf(later)).toEqual(expected);
  });

  it.each<[string, Record<string, Partial<UpgradePhaseTerms>>, string[], string | undefined]>([
    ['one more that comes later', { 'key-users': { order: 45 } }, ['plan', 'precheck'], undefined],
    ['another check of an open one', { test: { checks: [{ sv: 'x', en: 'x' }] } }, ['plan'], undefined],
    ['one less that is open', { technical: { omitted: true } }, ['plan'], undefined],
    [
      'one more that comes before one that is done',
      { 'key-users': { order: 15 } },
      ['plan', 'precheck'],
      'key-users comes before precheck, which is done',
    ],
    [
      'another order of those that are done',
      { precheck: { order: 5 } },
      ['plan', 'precheck'],
      'precheck comes before plan, which is done',
    ],
    [
      'an open one before one that is done',
      { technical: { order: 15 } },
      ['plan', 'precheck'],
      'technical comes before precheck, which is done',
    ],
    [
      'one less that is done',
      { precheck: { omitted: true } },
      ['plan', 'precheck'],
      'precheck is done, and the rules have no such phase',
    ],
    [
      'another kind of one that is done',
      { precheck: { kind: 'technical' } },
      ['plan', 'precheck'],
      'precheck is done, and is of another kind in the rules',
    ],
  ])('moves or says why not: %s', (_what, phases, ids, why) => {
    const changed = withPhases(phases);
    expect(movesOf(previous(), done(...ids), changed.upgrade)).toEqual([
      { upgrade: 'upgrade', ...(why !== undefined && { why: expect.objectContaining({ en: why }) as Text }) },
    ]);
    const kept = replanned(changed, done(...ids)).upgrade?.phases;
    const moved = replanned(changed, done(...ids), move).upgrade?.phases;
    if (why === undefined) expect(moved).not.toEqual(kept);
    else expect(moved).toEqual(kept);
  });

  it('has nothing to move where it has not begun, has ended, or its phases are the same', () => {
    const changed = withPhases({ 'key-users': { order: 45 } }).upgrade;
    const all = previous().upgrade!.phases.map(({ id }) => id);
    expect(movesOf(previous(), {}, changed)).toEqual([]);
    expect(movesOf(previous(), {}, changed, true)).toEqual([{ upgrade: 'upgrade' }]);
    expect(movesOf(previous(), done(...all), changed)).toEqual([]);
    expect(movesOf(previous(), done('plan'), withPhases({ test: { openDays: 20 } }).upgrade)).toEqual([]);
    const { upgrade: _, ...untold } = previous();
    expect(movesOf(untold as YearPlan, done('plan'), changed)).toMatchObject([
      { upgrade: 'upgrade', why: {} },
    ]);
  });

  it('moves one that an earlier year left, by what both years have done of it', () => {
    const { phases } = previous().upgrade!;
    const carried = { year: 1, phases, closed: ['plan', 'precheck', 'technical', 'integrations'] };
    const next = plan({ terms, yearNumber: 2, asOf: '2028-01-01T00:00:00.000Z', carried });
    const closed = { 'upgrade-1/test': '2028-01-10T08:00:00.000Z' };
    const moves = (changed: Record<string, Partial<UpgradePhaseTerms>>) =>
      movesOf(next, closed, withPhases(changed).upgrade);
    expect(moves({ 'key-users': { order: 45 } })).toMatchObject([{ upgrade: 'upgrade-1', why: {} }]);
    expect(moves({ 'key-users': { order: 55 } })).toEqual([{ upgrade: 'upgrade-1' }]);
    const moved = plan({
      ...{
        terms: withPhases({ 'key-users': { order: 55 } }),
        yearNumber: 2,
        asOf: '2028-01-11T08:00:00.000Z',
      },
      progress: { previous: next, closed, upgrades: { 'upgrade-1': { move: true } } },
    });
    expect(idsOf(moved).slice(0, 4)).toEqual([
      'upgrade-1/test',
      'upgrade-1/key-users',
      'upgrade-1/approval',
      'upgrade-1/after-check',
    ]);
  });

  it('is planned from the day to which it is postponed, or left to the next year', () => {
    const closed = { 'upgrade/plan': '2027-05-14T08:00:00.000Z' };
    const from = (day: string): YearPlan =>
      replanned(terms, closed, { upgrades: { upgrade: { begun: true, from: day } } });
    expect(obligation(from('2027-10-01'), 'upgrade/precheck')).toMatchObject({
      dueOn: '2027-10-07',
      late: true,
    });
    for (const owed of upgradeOf(from('2028-02-01')).filter(({ id }) => id !== 'upgrade/plan'))
      expect(owed).toMatchObject({ noDayLeft: true, nextYear: true, notices: [] });
  });

  it('has the days of before again where a roll-back is undone', () => {
    const closed = {
      'upgrade/plan': '2027-05-14T08:00:00.000Z',
      'upgrade/precheck': '2027-05-19T08:00:00.000Z',
    };
    const upgrades = (more: UpgradeProgress) => ({
      upgrades: { upgrade: { begun: true as const, ...more } },
    });
    const agreed = '2027-06-05';
    const before = replanned(terms, closed, upgrades({ agreed }));
    const at = { terms, asOf: '2027-05-20T09:00:00.000Z' };
    const rolledBack = plan({
      ...at,
      progress: { previous: before, closed: {}, ...upgrades({ from: '2027-05-20' }) },
    });
    const days = (year: YearPlan): string[] => upgradeOf(year).map(({ id, dueOn }) => `${id} ${dueOn}`);
    expect(days(rolledBack)).not.toEqual(days(before));
    const undone = (previous: YearPlan): YearPlan =>
      plan({ ...at, progress: { previous, closed, ...upgrades({ agreed }) } });
    expect(days(undone(withDaysOf(rolledBack, before, Object.keys(closed))))).toEqual(days(before));
    expect(days(undone(rolledBack))).not.toEqual(days(before));
  });

  it('is planned around the day that the customer agreed to', () => {
    const closed = { 'upgrade/plan': '2027-05-14T08:00:00.000Z' };
    const on = (agreed: string): string[] =>
      upgradeOf(replanned(terms, closed, { upgrades: { upgrade: { begun: true, agreed } } }))
        .slice(1, 4)
        .map(({ id, opensAt, dueOn }) => `${id} ${opensAt.slice(0, 10)} ${dueOn}`);
    expect(on('2027-06-05')).toEqual([
      'upgrade/precheck 2027-05-18 2027-05-24',
      'upgrade/technical 2027-06-07 2027-06-09',
      'upgrade/integrations 2027-06-10 2027-06-22',
    ]);
    // Where there is no day before it for what comes first, that comes first all the same.
    expect(on('2027-05-03').map((line) => line.slice(-10))).toEqual([
      '2027-05-21',
      '2027-05-26',
      '2027-06-08',
    ]);
    // It begins earlier where it would otherwise not be done by then.
    expect(on('2027-05-24')[0]).toBe('upgrade/precheck 2027-05-17 2027-05-21');
  });

  it('is planned for a day months before the usual ones', () => {
    const replanned = plan({
      ...{ terms, asOf: '2027-02-01T09:00:00.000Z' },
      progress: {
        previous: previous(),
        closed: { 'upgrade/plan': '2027-02-01T08:00:00.000Z' },
        upgrades: { upgrade: { begun: true, agreed: '2027-03-10' } },
      },
    });
    expect(
      upgradeOf(replanned)
        .slice(1, 4)
        .map(({ id, opensAt, dueOn }) => `${id} ${opensAt.slice(0, 10)} ${dueOn}`),
    ).toEqual([
      'upgrade/precheck 2027-03-03 2027-03-09',
      'upgrade/technical 2027-03-10 2027-03-12',
      'upgrade/integrations 2027-03-15 2027-03-25',
    ]);
  });

  it('goes on in the next year before that year’s own', () => {
    const { phases } = previous().upgrade!;
    const carried = { year: 1, phases, closed: ['plan', 'precheck', 'technical', 'integrations'] };
    const next = plan({ terms, yearNumber: 2, asOf: '2028-01-01T00:00:00.000Z', carried });
    const postponed = plan({
      ...{ terms, yearNumber: 2, asOf: '2028-01-01T00:00:00.000Z' },
      carried: { ...carried, from: '2028-03-01' },
    });
    expect(obligation(postponed, 'upgrade-1/test').opensAt.slice(0, 10)).toBe('2028-03-01');
    // A phase that was asked for before the turn of the year is reminded of, and not asked for as if it were new.
    const asking = (asked?: string[]): string[] => {
      const of = { ...carried, ...(asked && { asked }) };
      const year = plan({ terms, yearNumber: 2, asOf: '2028-01-01T00:00:00.000Z', carried: of });
      return obligation(year, 'upgrade-1/test').notices.map(({ step }) => step);
    };
    expect(asking()).toEqual(['start', 'start-consultant', ...asking(['test'])]);
    expect(asking(['test'])).not.toEqual([]);
    // Its test was closed late: the approval is not asked for by a day that has passed.
    const late = plan({
      ...{ terms, yearNumber: 2, asOf: '2028-02-14T09:00:00.000Z' },
      progress: { previous: next, closed: { 'upgrade-1/test': '2028-02-14T09:00:00.000Z' } },
    });
    expect(obligation(late, 'upgrade-1/approval').dueOn).toBe('2028-02-21');
    // Rolled back since, it begins anew.
    const again = { 'upgrade-1': { again: true as const, from: '2028-02-01' } };
    const anew = plan({
      ...{ terms, yearNumber: 2, asOf: '2028-01-31T08:00:00.000Z' },
      progress: { previous: next, closed: {}, upgrades: again },
    });
    expect(idsOf(anew).slice(0, 2)).toEqual(['upgrade-1/plan', 'upgrade-1/precheck']);
    expect(obligation(anew, 'upgrade-1/plan').dueOn).toBe('2028-02-14');
    expect(
      upgradeOf(next)
        .slice(0, 4)
        .map(({ id, dueOn, after }) => [id, dueOn, after]),
    ).toEqual([
      ['upgrade-1/test', '2028-01-17', undefined],
      ['upgrade-1/approval', '2028-01-24', 'upgrade-1/test'],
      ['upgrade-1/after-check', '2028-02-07', 'upgrade-1/approval'],
      ['upgrade/plan', '2028-05-15', 'upgrade-1/after-check'],
    ]);
  });
});

it('lets anybody of the customer approve where nobody has a role that may', () => {
  const contract = exampleContract();
  for (const contact of contract.contacts.customer) contact.roles = ['finance'];
  expect(plan({ terms, contract }).upgrade?.approvers).toEqual(['contact-1', 'contact-2', 'contact-3']);
});

it.each<[string, Record<string, Partial<UpgradePhaseTerms>>, string]>([
  [
    'no place',
    { 'key-users': {} },
    'phases.key-users.order: expected the place of the phase, a whole number, found none',
  ],
  [
    'the place of another',
    { 'key-users': { order: 50 } },
    'phases.test.order: expected a place that no other phase has, found 50, which "key-users" has',
  ],
  [
    'a later phase to go back to',
    { precheck: { onFailure: 'test' } },
    'phases.precheck.onFailure: expected one of again, roll-back, plan, found "test"',
  ],
])('cannot be planned with a phase that has %s', (_what, changed, message) => {
  const problems = topicProblems('upgrade', withPhases(changed).upgrade);
  expect(problems.map(({ path, message: { en } }) => `${path.join('.')}: ${en}`)).toEqual([message]);
});

it('needs at least one phase', () => {
  const none = Object.fromEntries(Object.keys(terms.upgrade.phases).map((id) => [id, { omitted: true }]));
  expect(topicProblems('upgrade', withPhases(none).upgrade)).toMatchObject([{ path: ['phases'] }]);
});

it('asks for the pre-check by its own mail, also where the rules call it something else', () => {
  const { precheck, ...others } = terms.upgrade.phases;
  const phases = { ...others, 'server-check': { ...precheck!, order: 20 } };
  const { obligations } = plan({ terms: { ...terms, upgrade: { ...terms.upgrade, phases } } });
  const templateOf = (phase: string) =>
    obligations.find(({ id }) => id === `upgrade/${phase}`)?.notices.find(({ step }) => step === 'start')
      ?.template;
  expect([templateOf('server-check'), templateOf('after-check')]).toEqual([
    'upgrade-precheck',
    'upgrade-phase',
  ]);
});

it('says when no contact may approve it', () => {
  const contract = exampleContract();
  const customer = contract.contacts.customer.map((one) => ({ ...one, roles: ['finance' as const] }));
  const without = { ...contract, contacts: { ...contract.contacts, customer } };
  expect(plan({ terms, contract: without }).upgrade?.noApprover).toBe(true);
  expect(plan({ terms, contract }).upgrade).not.toHaveProperty('noApprover');
});

it('tells the management of the customer of an approval and a test that are silent, and of no phase of ours', () => {
  const told = plan({ terms }).obligations.flatMap(({ id, notices }) =>
    notices.flatMap(({ step, template, to, roles, at }) =>
      template === 'customer-escalation' ? [[id, step, to, roles, at.slice(0, 10)]] : [],
    ),
  );
  expect(told).toEqual([
    ['upgrade/test', 'escalate-management', 'customer', ['management'], '2027-07-01'],
    ['upgrade/approval', 'escalate-management', 'customer', ['management'], '2027-07-08'],
  ]);
});
