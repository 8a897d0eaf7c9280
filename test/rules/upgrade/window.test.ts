/** The year's upgrade is planned around the window of its campaign, and stops where its release is withdrawn. */
import type { Obligation, PlannedWindow, YearPlan } from '../../../rules/engine/plan/plan';
import { completionOf } from '../../../rules/engine/plan/completion';
import type { PlanInput } from '../../../rules/engine/plan/plan-context';
import type { Release } from '../../../rules/engine/releases/release';
import type { Terms } from '../../../rules/engine/ruleset/terms';
import { guldTerms, obligation, plan, withoutDigests } from '../fixtures';

let terms: Terms;
beforeAll(async () => {
  terms = withoutDigests(await guldTerms());
});

const saturday: PlannedWindow = {
  campaign: 'host-2027',
  from: '2027-06-12T06:00:00.000Z',
  to: '2027-06-12T16:00:00.000Z',
};
const days = ({ id, opensAt, dueOn }: Obligation): string =>
  `${id.slice('upgrade/'.length)} ${opensAt.slice(0, 10)} ${dueOn}`;
const firstThree = ({ obligations }: YearPlan): string[] =>
  obligations
    .filter(({ strand }) => strand === 'upgrade')
    .slice(0, 3)
    .map(days);

const release = (version: string, more: Partial<Release> = {}): Release => ({
  ...{ about: { sv: '', en: '' }, product: 'visma-business', version, usableFrom: '2026-10-01' },
  ...{ components: {}, news: [], knownIssues: [], checks: [], testScenarios: [] },
  ...more,
});

describe('a window', () => {
  it('is when the technical phase opens, to the minute, and what comes before it is due before it', () => {
    const year = plan({ terms, window: saturday });
    expect(firstThree(year)).toEqual([
      'plan 2027-05-03 2027-05-17',
      'precheck 2027-05-18 2027-05-24',
      'technical 2027-06-12 2027-06-16',
    ]);
    const technical = obligation(year, 'upgrade/technical');
    expect(technical.opensAt).toBe(saturday.from);
    // Nobody works on that Saturday: it is asked for on the Friday.
    expect(technical.notices[0]).toMatchObject({ step: 'start', at: '2027-06-11T06:30:00.000Z' });
    expect(year.upgrade?.window).toEqual(saturday);
    // What is asked for is offered as it is: that Saturday.
    const offered = completionOf(year, 'upgrade/plan', '2027-05-10T08:00:00.000Z');
    expect(offered?.message).toMatchObject({ phase: 'plan', on: '2027-06-12' });
  });

  it('has what comes before it begin earlier where the terms would begin too late', () => {
    const early = { ...saturday, from: '2027-05-08T06:00:00.000Z', to: '2027-05-08T16:00:00.000Z' };
    expect(firstThree(plan({ terms, window: early }))).toEqual([
      'plan 2027-04-16 2027-04-29',
      'precheck 2027-04-30 2027-05-07',
      'technical 2027-05-08 2027-05-12',
    ]);
  });

  it('gives way to another day that the customer agreed to', () => {
    const previous = plan({ terms, window: saturday });
    const closed = { 'upgrade/plan': '2027-05-14T08:00:00.000Z' };
    const agreed = (on: string): Obligation =>
      obligation(
        plan({
          ...{ terms, window: saturday, asOf: '2027-05-14T08:00:00.000Z' },
          progress: { previous, closed, upgrades: { upgrade: { begun: true, agreed: on } } },
        }),
        'upgrade/technical',
      );
    expect(agreed('2027-06-12').opensAt).toBe(saturday.from);
    expect(agreed('2027-06-15')).toMatchObject({ opensAt: '2027-06-15T06:30:00.000Z' });
  });

  it('takes the system to the release of its campaign, though there is a newer one', () => {
    const all = ['18.00.0', '18.10.0'].map((version) => release(version));
    const goesTo = (version: string) => ({ ...saturday, goesTo: { system: 'visma-business', version } });
    const target = (window: PlannedWindow, releases = all) =>
      plan({ terms, window, releases }).upgrade?.targets?.['visma-business'];
    expect(target(saturday)).toBe('18.10.0');
    expect(target(goesTo('18.00.0'))).toBe('18.00.0');
    // Not to one that is not newer, is withdrawn, or is not there.
    expect(target(goesTo('17.00.0'))).toBe('18.10.0');
    expect(target(goesTo('19.00.0'))).toBe('18.10.0');
    const withdrawn = release('18.00.0', { withdrawn: { on: '2026-11-01', reason: { sv: '', en: '' } } });
    expect(target(goesTo('18.00.0'), [withdrawn, all[1]!])).toBe('18.10.0');
  });

  it('keeps what the release says of the other systems of the contract', () => {
    const named = { name: 'Pector Import', fits: ['5.3'] };
    const components = { 'pector-import': named, client: { name: 'Client' } };
    const { upgrade } = plan({ terms, releases: [release('18.00.0', { components })] });
    expect(upgrade?.goesWith).toEqual([
      { product: 'visma-business', version: '18.00.0', components: { 'pector-import': named } },
    ]);
    expect(plan({ terms, releases: [release('18.00.0')] }).upgrade).not.toHaveProperty('goesWith');
  });

  it('does not make the technical phase open before what precedes it', () => {
    const past = { ...saturday, from: '2027-01-09T07:00:00.000Z', to: '2027-01-09T16:00:00.000Z' };
    const planned = plan({ terms, window: past });
    expect(firstThree(planned)).toEqual([
      'plan 2027-01-04 2027-01-08',
      'precheck 2027-01-11 2027-01-11',
      'technical 2027-01-12 2027-01-14',
    ]);
  });
});

describe('a release that is withdrawn', () => {
  const reason = { sv: 'fel i momsrapporten', en: 'wrong VAT report' };
  const withdrawn = release('18.10.0', { withdrawn: { on: '2027-05-01', reason } });
  const again = (releases: Release[], more: Partial<PlanInput['progress']> = {}, from?: YearPlan): YearPlan =>
    plan({
      ...{ terms, releases, asOf: '2027-05-04T08:00:00.000Z' },
      progress: { previous: from ?? plan({ terms, releases: [release('18.10.0')] }), closed: {}, ...more },
    });
  const told = { 'visma-business': { version: '18.10.0', on: '2027-05-01', reason } };

  it('stops an upgrade that has not begun, until there is another', () => {
    const stopped = again([withdrawn]);
    expect(stopped.upgrade).toMatchObject({ targets: {}, withdrawn: told });
    for (const owed of stopped.obligations.filter(({ strand }) => strand === 'upgrade'))
      expect(owed).toMatchObject({ noDayLeft: true, nextYear: true, notices: [] });
    // It stays so when the year is planned anew for another reason, and ends with a release to go to.
    const still = again([withdrawn], {}, stopped);
    expect(still.upgrade?.withdrawn).toEqual(told);
    const goesOn = again([withdrawn, release('18.20.0')], {}, still);
    expect(goesOn.upgrade).toMatchObject({ targets: { 'visma-business': '18.20.0' } });
    expect(goesOn.upgrade?.withdrawn).toBeUndefined();
    expect(obligation(goesOn, 'upgrade/plan')).toMatchObject({ dueOn: '2027-05-17' });
  });

  it('is not in the way where another takes its place at once', () => {
    const other = again([withdrawn, release('18.00.0')]);
    expect(other.upgrade).toMatchObject({ targets: { 'visma-business': '18.00.0' } });
    expect(other.upgrade?.withdrawn).toBeUndefined();
  });

  it('has the year planned again on the day on which it will be withdrawn', () => {
    const later = release('18.10.0', { withdrawn: { on: '2027-05-20', reason } });
    expect(again([later])).toMatchObject({
      termsChangeOn: '2027-05-20',
      upgrade: { targets: { 'visma-business': '18.10.0' } },
    });
  });

  describe('after an attempt was given up', () => {
    const replaced = release('18.10.0', { withdrawn: { on: '2027-05-01', reason, replacedBy: '18.10.1' } });
    const old = release('18.00.0');
    const goal = { system: 'visma-business', version: '18.10.0' };
    const window = { ...saturday, goesTo: goal };
    const asOf = '2027-05-25T08:00:00.000Z';
    /** Planned for its campaign, under way when the release was withdrawn, then restored. */
    const anew = (releases: Release[], more: Partial<PlanInput> = {}, from?: YearPlan): YearPlan => {
      const begun = { upgrade: { begun: true as const } };
      const first = plan({ terms, releases: [old, release('18.10.0')], window });
      const asked = again(releases, { previous: first, upgrades: begun });
      const upgrades = { upgrade: { from: '2027-05-25', restored: true as const } };
      const progress = { previous: from ?? asked, closed: {}, upgrades };
      return plan({ terms, releases, asOf, window, progress, ...more });
    };
    const openPhases = ({ obligations }: YearPlan): boolean[] =>
      obligations.filter(({ strand }) => strand === 'upgrade').map(({ nextYear }) => nextYear !== true);

    it('goes to what replaces it, from the day on which that may be used, without the window', () => {
      const releases = [old, replaced, release('18.10.1', { usableFrom: '2027-08-02' })];
      const year = anew(releases);
      expect(year.upgrade).toMatchObject({ targets: { 'visma-business': '18.10.1' }, stopped: goal });
      expect([year.upgrade?.window, year.upgrade?.withdrawn]).toEqual([undefined, undefined]);
      // Week 31, in which it comes, is avoided.
      expect(firstThree(year)[0]).toBe('plan 2027-08-09 2027-08-20');
      // So it stays, whether its window is kept any more or not: what `plan` shows is planned without.
      for (const kept of [{ window }, {}]) {
        const later = plan({
          ...{ terms, releases, asOf, ...kept },
          progress: { previous: year, closed: {}, upgrades: year.upgrade!.progress! },
        });
        expect(later.upgrade).toEqual(year.upgrade);
      }
      const usable = anew([old, replaced, release('18.10.1')]);
      expect(firstThree(usable)[0]).toBe('plan 2027-05-25 2027-06-07');
    });

    it('waits for a release where nothing replaces it, though there is an older one, and is planned when one may be used', () => {
      const stopped = anew([old, withdrawn]);
      expect(stopped.upgrade).toMatchObject({ targets: {}, withdrawn: told, stopped: goal });
      expect(stopped.upgrade?.window).toBeUndefined();
      expect(openPhases(stopped)).not.toContain(true);
      expect(stopped.termsChangeOn).toBeUndefined();
      const releases = [old, withdrawn, release('19.00.0', { usableFrom: '2027-09-01' })];
      const waits = anew(releases, {}, stopped);
      expect(waits).toMatchObject({ termsChangeOn: '2027-09-01', upgrade: { targets: {} } });
      const goesOn = anew(releases, { asOf: '2027-09-01T06:00:00.000Z' }, waits);
      expect(goesOn.upgrade).toMatchObject({ targets: { 'visma-business': '19.00.0' } });
      expect(goesOn.upgrade?.withdrawn).toBeUndefined();
      expect(openPhases(goesOn)).toContain(true);
    });

    it('follows its campaign where that goes to another release, and goes where it went if it is under way after all', () => {
      const other = { ...window, goesTo: { system: 'visma-business', version: '18.00.0' } };
      const stopped = anew([old, replaced, release('18.10.1')]);
      const moved = anew([old, replaced, release('18.10.1')], { window: other }, stopped);
      expect(moved.upgrade).toMatchObject({ targets: { 'visma-business': '18.00.0' }, window: other });
      expect(moved.upgrade?.stopped).toBeUndefined();
      const undone = plan({
        ...{ terms, releases: [old, replaced, release('18.10.1')], asOf, window },
        progress: { previous: stopped, closed: {}, upgrades: { upgrade: { begun: true } } },
      });
      expect(undone.upgrade).toMatchObject({
        ...{ targets: { 'visma-business': '18.10.0' }, window },
        withdrawn: { 'visma-business': { version: '18.10.0', replacedBy: '18.10.1' } },
      });
    });
  });

  it('leaves one under way where it is, and says so', () => {
    const begun = again([withdrawn, release('18.20.0')], { upgrades: { upgrade: { begun: true } } });
    expect(begun.upgrade).toMatchObject({ targets: { 'visma-business': '18.10.0' }, withdrawn: told });
    expect(obligation(begun, 'upgrade/plan').noDayLeft).toBeUndefined();
  });

  it('is told of where the system was upgraded to it with another agreement, though it was to go to another', () => {
    const releases = [withdrawn, release('18.20.0')];
    const toOther = plan({ terms, releases: [release('18.20.0')] });
    const goneTo = (version: string): YearPlan => {
      const elsewhere = { 'visma-business': version };
      return again(releases, { upgrades: { upgrade: { begun: true, elsewhere } } }, toOther);
    };
    expect(goneTo('18.10.0').upgrade).toMatchObject({
      targets: { 'visma-business': '18.10.0' },
      withdrawn: told,
    });
    // A version that is no release says nothing of where it was to go.
    expect(goneTo('18.10.3').upgrade).toMatchObject({ targets: { 'visma-business': '18.20.0' } });
  });

  it('has the cases of what the system was upgraded to with another agreement, until they are tested', () => {
    const scenario = (id: string) => ({
      ...{ id, process: 'order', title: { sv: id, en: id } },
      ...{ steps: [{ sv: 'x', en: 'x' }], expected: { sv: 'x', en: 'x' } },
    });
    const [lower, higher] = ['18.00.0', '18.10.0'].map((version) =>
      release(version, { testScenarios: [scenario(`of-${version.slice(3, 5)}`)] }),
    ) as [Release, Release];
    const releases = [lower, higher];
    const first = plan({ terms, releases });
    const scenarios = ({ upgrade }: YearPlan): string[] =>
      (upgrade?.cases ?? []).flatMap(({ words }) => words?.sv ?? []);
    const followed = (closed: Record<string, string>, more: object, from: YearPlan): YearPlan =>
      again(releases, { closed, upgrades: { upgrade: { begun: true, ...more } } }, from);
    const elsewhere = { elsewhere: { 'visma-business': '18.00.0' } };
    const closed = { 'upgrade/technical': '2027-05-04T07:00:00.000Z' };
    expect(scenarios(first).join()).toMatch(/of-10/);
    const after = followed(closed, elsewhere, first);
    expect(scenarios(after).join()).toMatch(/of-00/);
    expect(scenarios(after).join()).not.toMatch(/of-10/);
    // So they stay, and those of a test that is closed stay as they are.
    expect(followed(closed, {}, after).upgrade?.cases).toEqual(after.upgrade?.cases);
    const tested = { ...closed, 'upgrade/test': '2027-05-04T07:30:00.000Z' };
    expect(followed(tested, elsewhere, first).upgrade?.cases).toEqual(first.upgrade?.cases);
  });

  it('is known to a plan of which nothing goes there any more', () => {
    const begun = again(
      [withdrawn, release('18.20.0')],
      { upgrades: { upgrade: { begun: true } } },
      plan({ terms, releases: [release('18.20.0')] }),
    );
    expect(begun.upgrade?.withdrawn).toBeUndefined();
    expect(begun.upgrade?.recalled).toEqual([
      { system: 'visma-business', version: '18.10.0', on: '2027-05-01' },
    ]);
    expect(again([release('18.20.0')]).upgrade).not.toHaveProperty('recalled');
  });
});
