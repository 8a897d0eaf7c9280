/** One release for an installation, whatever each of its agreements would choose by itself. */
import type { SharingUpgrade } from '../../../rules/engine/plan/shared-target';
import { sharedTarget } from '../../../rules/engine/plan/shared-target';
import type { Release } from '../../../rules/engine/releases/release';

const product = 'visma-business';
const release = (version: string, usableFrom: string, more: Partial<Release> = {}): Release => ({
  ...{ about: { sv: '', en: '' }, product, version, usableFrom },
  ...{ components: {}, news: [], knownIssues: [], checks: [], testScenarios: [] },
  ...more,
});
const releases = [release('18.00.0', '2026-10-01'), release('18.10.0', '2027-06-01')];
const withdrawn = { on: '2027-01-15', reason: { sv: 'fel', en: 'wrong' } };

const sharing = (agreement: string, begins: string, more: Partial<SharingUpgrade> = {}): SharingUpgrade => ({
  ...{ agreement, begins, contract: { systems: { [product]: { version: '17.0' } } } },
  ...more,
});
const on = (version: string): Pick<SharingUpgrade, 'contract'> => ({
  contract: { systems: { [product]: { version } } },
});
const spring = '2027-05-01';
const autumn = '2027-09-01';

it.each<[string, SharingUpgrade[], string | undefined, Release[]?]>([
  ['what all choose', [sharing('a', spring), sharing('b', spring)], '18.00.0'],
  ['the lowest, where they choose differently', [sharing('a', autumn), sharing('b', spring)], '18.00.0'],
  [
    'what is newer than what each of them has',
    [sharing('a', spring), sharing('b', autumn, on('18.00.0'))],
    '18.10.0',
  ],
  [
    'where the upgrade goes that is under way',
    [sharing('a', spring), sharing('b', autumn, { underWay: { [product]: '18.10.0' } })],
    '18.10.0',
  ],
  [
    'another than one under way that is withdrawn',
    [sharing('a', autumn), sharing('b', spring, { underWay: { [product]: '18.00.0' } })],
    '18.10.0',
    [release('18.00.0', '2026-10-01', { withdrawn }), release('18.10.0', '2027-06-01')],
  ],
  [
    'what replaces one that is withdrawn, though it may be used later alone',
    [sharing('a', autumn), sharing('b', spring, { underWay: { [product]: '18.10.0' } })],
    '18.10.1',
    [
      release('18.00.0', '2026-10-01'),
      release('18.10.0', '2026-12-01', { withdrawn: { ...withdrawn, replacedBy: '18.10.1' } }),
      release('18.10.1', '2027-10-01'),
    ],
  ],
  ['nothing, where nobody has a newer one', [sharing('a', spring, on('19.00.0'))], undefined],
])('goes to %s', (_what, all, version, given = releases) => {
  expect(sharedTarget(product, all, given, '2027-02-01')?.version).toBe(version);
});

it('says what each would have chosen', () => {
  const found = sharedTarget(product, [sharing('a', autumn), sharing('b', spring)], releases, '2027-02-01');
  expect(found?.choices).toEqual([
    { agreement: 'a', version: '18.10.0' },
    { agreement: 'b', version: '18.00.0' },
  ]);
});
