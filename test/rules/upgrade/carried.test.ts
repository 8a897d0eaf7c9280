/** An upgrade that goes on past the year's end goes where it went, or where it may while nothing of it is done. */
import type { CarriedUpgrade, UpgradeProgress, YearPlan } from '../../../rules/engine/plan/plan';
import { completionOf } from '../../../rules/engine/plan/completion';
import { fittingVersions, goesTo } from '../../../rules/engine/plan/goes-to';
import type { Release } from '../../../rules/engine/releases/release';
import type { Terms } from '../../../rules/engine/ruleset/terms';
import { guldTerms, obligation, plan, withoutDigests } from '../fixtures';

let terms: Terms;
beforeAll(async () => {
  terms = withoutDigests(await guldTerms());
});

const system = 'visma-business';
const reason = { sv: 'fel i momsrapporten', en: 'wrong VAT report' };
const release = (version: string, more: Partial<Release> = {}): Release => ({
  ...{ about: { sv: '', en: '' }, product: system, version, usableFrom: '2026-10-01' },
  ...{ news: [], knownIssues: [], checks: [], testScenarios: [] },
  components: { 'pector-import': { name: 'Pector Import', fits: [`5.${version.slice(3, 4)}`] } },
  ...more,
});
const gone = (version: string, replacedBy?: string): Release =>
  release(version, {
    withdrawn: { on: '2027-12-01', reason, ...(replacedBy !== undefined && { replacedBy }) },
  });

/** Of year 1, to 18.00.0; the year's own goes to 18.10.0. */
const carriedUpgrade = (more: Partial<CarriedUpgrade> = {}): CarriedUpgrade => {
  const { phases, systems } = plan({ terms }).upgrade!;
  return {
    year: 1,
    phases,
    systems,
    targets: { [system]: '18.00.0' },
    begun: true,
    closed: ['plan'],
    ...more,
  };
};
const yearTwo = (
  carried: CarriedUpgrade,
  releases: Release[],
  again: { from?: YearPlan; progress?: UpgradeProgress; closed?: Record<string, string> } = {},
): YearPlan => {
  const { from: previous, progress, closed = {} } = again;
  return plan({
    ...{
      terms,
      releases,
      carried,
      yearNumber: 2,
      asOf: previous ? '2028-01-11T08:00:00.000Z' : '2028-01-01T00:00:00.000Z',
    },
    ...(previous && {
      progress: { previous, closed, ...(progress && { upgrades: { 'upgrade-1': progress } }) },
    }),
  });
};
const fits = ({ upgrade }: YearPlan, name: string): unknown =>
  goesTo(upgrade, name).goesWith.map(({ components }) => components['pector-import']?.fits);

describe('an upgrade that an earlier year left', () => {
  it('goes where it went, also to a release that is withdrawn, with what that says of other systems', () => {
    for (const old of [release('18.00.0'), gone('18.00.0', '18.10.0')]) {
      const year = yearTwo(carriedUpgrade(), [old, release('18.10.0')]);
      expect(goesTo(year.upgrade, 'upgrade-1').targets).toEqual({ [system]: '18.00.0' });
      expect(goesTo(year.upgrade, 'upgrade').targets).toEqual({ [system]: '18.10.0' });
      expect([fits(year, 'upgrade-1'), fits(year, 'upgrade')]).toEqual([[['5.0']], [['5.1']]]);
      const offered = completionOf(year, 'upgrade-1/technical', '2028-01-11T08:00:00.000Z');
      expect(offered?.message.versions).toMatchObject({ [system]: '18.00.0' });
      expect(obligation(year, 'upgrade-1/precheck').noDayLeft).toBeUndefined();
    }
  });

  it('goes where the year goes if it was handed over before that was told', () => {
    const { targets: _, begun: __, ...before } = carriedUpgrade();
    const year = yearTwo(before, [gone('18.00.0', '18.10.0'), release('18.10.0')]);
    expect(year.upgrade?.carried).toEqual(before);
    expect(goesTo(year.upgrade, 'upgrade-1')).toEqual({ targets: { [system]: '18.10.0' }, goesWith: [] });
  });

  it.each<[string, UpgradeProgress | undefined]>([
    ['begins anew after a roll-back', { again: true, from: '2028-01-11' }],
    ['was postponed before anything of it was done', undefined],
  ])('waits for the day of what replaces its release where it %s', (_what, progress) => {
    const releases = [gone('18.00.0', '18.01.0'), release('18.01.0', { usableFrom: '2028-03-01' })];
    const { begun: _, ...untouched } = carriedUpgrade({ closed: [] });
    const carried = progress ? carriedUpgrade() : untouched;
    const first = yearTwo(carried, releases);
    const year = progress ? yearTwo(carried, releases, { from: first, progress }) : first;
    expect(year.upgrade?.carried?.targets).toEqual({ [system]: '18.01.0' });
    expect(year.upgrade?.carried?.withdrawn).toBeUndefined();
    expect(obligation(year, 'upgrade-1/plan').opensAt.slice(0, 10)).toBe('2028-03-01');
    // Once something is done it stays there, whatever comes.
    const begun = { ...progress, begun: true as const };
    const later = yearTwo(carried, [...releases, release('19.00.0')], { from: year, progress: begun });
    expect(later.upgrade?.carried?.targets).toEqual({ [system]: '18.01.0' });
  });

  it('waits for a release where nothing replaces its own, and is planned on the day of the next', () => {
    const carried = carriedUpgrade();
    const progress = { again: true, from: '2028-01-11' } as const;
    const releases = [gone('18.00.0'), release('18.10.0', { usableFrom: '2028-04-03' })];
    const waits = yearTwo(carried, releases, { from: yearTwo(carried, releases), progress });
    expect(waits.upgrade?.carried).toMatchObject({
      targets: {},
      withdrawn: { [system]: { version: '18.00.0' } },
    });
    expect(obligation(waits, 'upgrade-1/plan')).toMatchObject({ nextYear: true, notices: [] });
    expect(waits.termsChangeOn).toBe('2028-04-03');
    const usable = [gone('18.00.0'), release('18.10.0')];
    const goesOn = yearTwo(carried, usable, { from: waits, progress });
    expect(goesOn.upgrade?.carried).toMatchObject({ targets: { [system]: '18.10.0' } });
    expect(obligation(goesOn, 'upgrade-1/plan').nextYear).toBeUndefined();
  });
});

describe('what goes with an integration of a partner', () => {
  it.each<[string, Record<string, string>, string[]]>([
    ['is said by the release that it goes to', {}, ['5.3']],
    ['is said where a correction of that is installed', { [system]: '18.00.2' }, ['5.3']],
    ['is not said where another line is installed', { [system]: '18.10.0' }, []],
  ])('%s', (_what, installed, expected) => {
    const components = {
      'payroll-vouchers': { name: 'Löner', fits: ['5.3'] },
      'bank-files': { name: 'Bank' },
    };
    const year = plan({ terms, releases: [release('18.00.0', { components })] });
    const going = goesTo(year.upgrade, 'upgrade');
    const said = fittingVersions(going, 'payroll-vouchers', installed);
    expect(said.map(({ versions }) => versions.sv)).toEqual(expected);
    expect(fittingVersions(going, 'bank-files', installed)).toEqual([]);
  });
});
