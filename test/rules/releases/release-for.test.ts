/** Uppgradering: "Årligen sker en uppgradering till senaste huvudversion av Visma Business". */
import { checksBefore } from '../../../rules/engine/releases/checks-before';
import { newsFor } from '../../../rules/engine/releases/news-for';
import type { Release } from '../../../rules/engine/releases/release';
import { findRelease, releaseFor, releasesUpTo } from '../../../rules/engine/releases/release-for';
import { shippedRelease, shippedReleases } from './shipped';

const product = 'visma-business';
const releases = shippedReleases();
const reason = { sv: 'fel i momsrapporten', en: 'wrong VAT reports' };

describe('the release to upgrade to', () => {
  const withdrawn = (version: string, on: string): Release[] =>
    releases.map((each) => (each.version === version ? { ...each, withdrawn: { on, reason } } : each));

  /** 18.10.0 is withdrawn; 18.10.1, which may be used in a year, takes its place. @param by what takes the place of that */
  const replaced = (on: string, by?: string): Release[] => [
    ...releases.map((each) =>
      each.version === '18.10.0' ? { ...each, withdrawn: { on, reason, replacedBy: '18.10.1' } } : each,
    ),
    ...['18.10.1', '19.00.0'].map((version) => ({
      ...{ ...releases[0]!, version, usableFrom: '2028-05-01' },
      ...(by !== undefined && version === '18.10.1' && { withdrawn: { on, reason, replacedBy: by } }),
    })),
  ];

  test.each([
    ['the newest that may be used', releases, '17.0', '2027-06-01', '18.10.0'],
    ['from its first day', releases, '17.0', '2027-03-15', '18.10.0'],
    ['not before', releases, '17.0', '2027-03-14', '18.00.0'],
    ['whatever the order of files', releases.toReversed(), '17.0', '2027-06-01', '18.10.0'],
    ['only a newer one', releases, '18.10.0', '2027-06-01', undefined],
    ['a newer line of the same main version', releases, '18.00.0', '2027-06-01', '18.10.0'],
    ['none where only a later one is newer', releases, '18.00.0', '2027-03-01', undefined],
    ['the one before a withdrawn one', withdrawn('18.10.0', '2027-04-01'), '17.0', '2027-04-01', '18.00.0'],
    [
      'what replaces a withdrawn one, from its first day',
      replaced('2027-04-01'),
      '17.0',
      '2027-04-01',
      '18.10.1',
    ],
    [
      'what replaces that, if it is withdrawn too',
      replaced('2027-04-01', '19.00.0'),
      '17.0',
      '2027-04-01',
      '19.00.0',
    ],
    ['one that is withdrawn later', withdrawn('18.10.0', '2027-04-01'), '17.0', '2027-03-31', '18.10.0'],
    ['none of a version nobody can read', releases, 'senaste', '2027-06-01', undefined],
  ])('is %s', (_, all, declared, on, version) => {
    expect(releaseFor(all, product, declared, on).release?.version).toBe(version);
  });

  it('says why there is none', () => {
    const why = (all: Release[], name: string, declared: string, on: string) =>
      releaseFor(all, name, declared, on).because;
    expect(why(releases, product, '18.10.0', '2027-06-01')).toEqual({
      sv: 'det finns ingen nyare version av visma-business än 18.10.0 att använda',
      en: 'there is no newer release of visma-business than 18.10.0 to use',
    });
    expect(why(releases, product, '18.00.0', '2027-03-01').sv).toBe(
      'det finns ingen nyare version av visma-business än 18.00.0 att använda; 18.10.0 får användas först från 2027-03-15',
    );
    expect(why(withdrawn('18.10.0', '2027-04-01'), product, '18.00.0', '2027-06-01').en).toMatch(
      /; 18\.10\.0 was withdrawn on 2027-04-01: wrong VAT reports$/,
    );
    expect(why(releases, 'crm', '1.0', '2027-06-01').en).toBe('the rules have no release of crm');
    expect(why(releases, product, 'senaste', '2027-06-01').sv).toContain('är ingen som AA.BC.D');
  });

  it('takes those between with it, and is found by its version', () => {
    const [, , chosen] = releases;
    const upTo = (declared: string) =>
      releasesUpTo(releases, chosen!, declared).map(({ version }) => version);
    expect(upTo('17.0')).toEqual(['17.10.0', '18.00.0', '18.10.0']);
    expect(upTo('18.00.0')).toEqual(['18.10.0']);
    expect(findRelease(releases, product, '18.1')).toBe(chosen);
    expect(findRelease(releases, 'crm', '18.1')).toBeUndefined();
  });
});

describe('the news of a release', () => {
  test.each([
    [
      'of a customer whose modules nobody has said',
      undefined,
      undefined,
      ['sign-in', 'delivery-splitting', 'project-budget'],
    ],
    ['of modules', ['logistics', 'finance'], undefined, ['sign-in', 'delivery-splitting']],
    ['of a module and the industry', ['project'], 'construction', ['sign-in', 'project-budget']],
    ['of a module in another industry', ['project'], 'retail', ['sign-in']],
    ['of a customer without modules', [], 'retail', ['sign-in']],
  ])('%s', (_, modules, industry, ids) => {
    expect(newsFor(shippedRelease('18.00.0'), modules, industry).map(({ id }) => id)).toEqual(ids);
  });
});

describe('what is checked before an upgrade', () => {
  const release = shippedRelease('18.10.0');
  const states = (definitions?: { name: string; text: string }[]) =>
    checksBefore(release, definitions).map(({ check, state }) => [check.id, state]);

  it('finds the lines of import definitions that are concerned', () => {
    const text = '; order\r\n@import_method = 2\r\nH;;;;;;10005\r\n';
    expect(checksBefore(release, [{ name: 'order.def', text }])).toMatchObject([
      { check: { id: 'licence' }, state: 'toDo', found: [] },
      {
        check: { id: 'import-method' },
        state: 'concerned',
        found: [{ definition: 'order.def', line: 2, text: '@import_method = 2' }],
      },
    ]);
  });

  it('tells what was looked at in vain from what nobody has looked at', () => {
    expect(states([{ name: 'order.def', text: '@IMPORT_METHOD=3' }])).toContainEqual([
      'import-method',
      'notConcerned',
    ]);
    expect(states()).toContainEqual(['import-method', 'notLookedAt']);
  });
});
