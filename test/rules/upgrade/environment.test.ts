/** Where an upgrade is tested decides its phases and what they owe; what rests meanwhile is a list with an order. */
import { begunFrom } from '../../../rules/engine/plan/begun-from';
import type { UpgradeProgress, YearPlan } from '../../../rules/engine/plan/plan';
import { phaseInPlan, technicalOf } from '../../../rules/engine/plan/phase-in-plan';
import { topicProblems } from '../../../rules/engine/ruleset/topic-problems';
import type { Terms } from '../../../rules/engine/ruleset/terms';
import { freezeOf } from '../../../rules/engine/upgrade/freeze';
import { isOnCopy } from '../../../rules/engine/upgrade/phases';
import { exampleContract, guldTerms, obligation, plan, withoutDigests } from '../fixtures';

let terms: Terms;
beforeAll(async () => {
  terms = withoutDigests(await guldTerms());
});

const onCopy = (): Terms => ({ ...terms, upgrade: { ...terms.upgrade, environment: 'copy' } });

const partsOf = (year: YearPlan, phase: string): string[] =>
  (phaseInPlan(year, `upgrade/${phase}`)?.parts ?? []).map(({ id }) => id);

const idsOf = ({ upgrade }: YearPlan): string[] => upgrade?.phases.map(({ id }) => id) ?? [];

it('goes into production at once: the technical phase owes its times, a try and the decision', () => {
  const year = plan({ terms });
  expect(idsOf(year)).not.toContain('go-live');
  expect(partsOf(year, 'technical')).toEqual([
    'began',
    ...['visma-business', 'pector-import', '1', '2', '3'],
    ...['smokeTested', 'go', 'ended'],
  ]);
  // Without the term it is the same.
  const { environment: _, ...upgrade } = terms.upgrade;
  expect(plan({ terms: { ...terms, upgrade } }).upgrade).toEqual(year.upgrade);
});

it('is tested on a copy, which goes live once it is approved', () => {
  const year = plan({ terms: onCopy() });
  expect(idsOf(year).slice(-3)).toEqual(['approval', 'go-live', 'after-check']);
  expect(partsOf(year, 'technical')).toEqual(['visma-business', 'pector-import', '1', '2', '3']);
  expect(partsOf(year, 'go-live')).toEqual(['began', '1', '2', '3', 'smokeTested', 'go', 'ended']);
  expect(obligation(year, 'upgrade/go-live')).toMatchObject({
    owner: 'consultant',
    after: 'upgrade/approval',
  });
  const phases = year.upgrade?.phases ?? [];
  expect(phases.filter((phase) => isOnCopy(phases, phase)).map(({ id }) => id)).toEqual([
    ...['technical', 'integrations', 'test', 'approval'],
  ]);
});

it('plans what takes the system down for the agreed day: on a copy nothing does', () => {
  const previous = plan({ terms: onCopy() });
  const year = plan({
    ...{ terms: onCopy(), asOf: '2027-05-20T08:00:00.000Z' },
    progress: {
      previous,
      closed: { 'upgrade/plan': '2027-05-14T08:00:00.000Z' },
      upgrades: { upgrade: { begun: true, agreed: '2027-08-21' } },
    },
  });
  expect(obligation(year, 'upgrade/technical').opensAt.slice(0, 10)).toBe('2027-05-25');
  expect(technicalOf(year, 'upgrade/technical')).toMatchObject({ id: 'upgrade/go-live' });
  expect(technicalOf(year, 'upgrade/plan')?.opensAt.slice(0, 10)).toBe('2027-08-23');
});

it('follows a copy that was upgraded early, and goes live on the agreed day all the same', () => {
  const previous = plan({ terms: onCopy() });
  const phases = ['plan', 'precheck', 'technical', 'integrations', 'test', 'approval'];
  const year = (done: number): string[] =>
    plan({
      ...{ terms: onCopy(), asOf: '2027-05-10T12:00:00.000Z' },
      progress: {
        previous,
        closed: Object.fromEntries(
          phases.slice(0, done).map((id) => [`upgrade/${id}`, '2027-05-10T08:00:00.000Z']),
        ),
        upgrades: { upgrade: { begun: true, agreed: '2027-08-23' } },
      },
    })
      .obligations.filter(
        ({ id, strand }) => strand === 'upgrade' && !phases.slice(0, done).includes(id.slice(8)),
      )
      .map(({ id, opensAt }) => `${id.slice(8)} ${opensAt.slice(0, 10)}`);
  const opens = ({ obligations }: YearPlan, id: string): string | undefined =>
    obligations.find((one) => one.id === `upgrade/${id}`)?.opensAt.slice(0, 10);
  expect(year(2)[0]).toBe(`technical ${opens(previous, 'technical') ?? ''}`);
  expect(year(3)[0]).toBe('integrations 2027-05-11');
  expect(year(5).slice(0, 2)).toEqual(['approval 2027-05-11', 'go-live 2027-08-23']);
  expect(year(6)).toEqual(['go-live 2027-08-23', 'after-check 2027-09-01']);
});

it('keeps what its phases owe where it has begun', () => {
  const closed = { 'upgrade/plan': '2027-05-14T08:00:00.000Z' };
  const previous = plan({ terms });
  for (const phase of previous.upgrade?.phases ?? []) delete phase.installs;
  const year = plan({ terms: onCopy(), asOf: '2027-05-20T08:00:00.000Z', progress: { previous, closed } });
  expect(idsOf(year)).not.toContain('go-live');
  expect(partsOf(year, 'technical')).not.toContain('go');
});

it('takes the versions of before for those of a system that was restored', () => {
  const previous = plan({ terms });
  const contract = exampleContract();
  contract.systems['visma-business'] = { version: '18.0.2' };
  contract.integrations[0]!.version = '4.2';
  contract.integrations.push({ ...contract.integrations[0]!, id: 'new-one', version: '1.0' });
  const after = (upgrades: Record<string, UpgradeProgress>): unknown => {
    const { systems, integrations } =
      plan({
        ...{ terms, contract, asOf: '2027-06-20T08:00:00.000Z' },
        progress: { previous, closed: {}, upgrades },
      }).upgrade ?? {};
    return [systems?.['visma-business'], integrations];
  };
  const before = ['17.0', { 'new-one': '1.0' }];
  expect(after({ upgrade: { from: '2027-06-20', restored: true } })).toEqual(before);
  // Once it has begun, they are kept: for a restoration, and where the approval is asked for again.
  expect(after({ upgrade: { begun: true } })).toEqual(before);
  const asIs = ['18.0.2', { 'webshop-orders': '4.2', 'new-one': '1.0' }];
  expect(after({ upgrade: { from: '2027-06-20' } })).toEqual(asIs);
  // A plan from before tells none of integrations.
  delete previous.upgrade?.integrations;
  expect(after({ upgrade: { restored: true } })).toEqual(['17.0', asIs[1]]);
});

it('keeps what an upgrade of an earlier year began from, once the contract has what it went to', () => {
  const contract = exampleContract();
  const first = plan({ terms, contract });
  const carried = { year: 1, ...begunFrom(first.upgrade, 'upgrade'), phases: [], closed: ['approval'] };
  contract.systems['visma-business'] = { version: '18.0.2' };
  const previous = plan({ terms, contract, carried });
  const again = (upgrades: Record<string, UpgradeProgress>): YearPlan =>
    plan({ terms, contract, carried, progress: { previous, closed: {}, upgrades } });
  const systemsOf = ({ upgrade }: YearPlan, of: string): unknown =>
    begunFrom(upgrade, of).systems['visma-business'];
  const approved = again({});
  expect([systemsOf(approved, 'upgrade-1'), systemsOf(approved, 'upgrade')]).toEqual(['17.0', '18.0.2']);
  // Restored, the system has the versions that the earlier year's upgrade began from.
  const restored = again({ 'upgrade-1': { from: '2028-02-20', again: true, restored: true } });
  expect([systemsOf(restored, 'upgrade-1'), systemsOf(restored, 'upgrade')]).toEqual(['17.0', '17.0']);
  // A year that was handed it before it told so has one for both.
  delete restored.upgrade?.carried?.systems;
  expect(systemsOf(restored, 'upgrade-1')).toBe('17.0');
});

it('has to go live from a copy', () => {
  const { 'go-live': live, ...phases } = terms.upgrade.phases;
  const problems = topicProblems('upgrade', { ...onCopy().upgrade, phases });
  expect(problems.map(({ message: { en } }) => en)).toEqual([
    'expected a phase of the kind production, in which the copy goes live (environment is copy), found none',
  ]);
  expect(topicProblems('upgrade', { ...onCopy().upgrade, phases: { ...phases, 'go-live': live } })).toEqual(
    [],
  );
});

it('lists what rests in its order, each integration by who answers for it', () => {
  const contract = exampleContract();
  expect(freezeOf(terms.upgrade, contract).map(({ what, by }) => [by, what.en])).toEqual([
    ['customer', 'Changes of settings, reports and users'],
    ['consultant', 'Scheduled jobs and imports of files'],
    ['consultant', 'The integration Order från webshop'],
    ['partner', 'The integration Verifikationer från lönesystemet'],
    ['customer', 'All work in the system: everybody is logged out'],
  ]);
  const freeze = { ...terms.upgrade.freeze, jobs: { ...terms.upgrade.freeze!['jobs']!, omitted: true } };
  expect(freezeOf({ freeze }, contract)).toHaveLength(4);
  expect(plan({ terms }).upgrade).toMatchObject({ others: ['payroll-vouchers'] });
  const none: Terms = { ...terms, upgrade: { ...terms.upgrade, freeze: {} } };
  expect(plan({ terms: none }).upgrade).not.toHaveProperty('freeze');
});

it('asks who takes the risk when the consultant is reminded, where there is an integration that is not ours', () => {
  const asked = (year: YearPlan) =>
    obligation(year, 'upgrade/integrations').notices.filter(({ template }) => template === 'upgrade-risk');
  expect(asked(plan({ terms }))).toMatchObject([
    { step: 'ask-risk', to: 'customer', roles: ['system-owner', 'management'] },
  ]);
  const contract = exampleContract();
  contract.integrations = contract.integrations.filter(({ owner }) => owner === 'supplier');
  expect(asked(plan({ terms, contract }))).toEqual([]);
});
