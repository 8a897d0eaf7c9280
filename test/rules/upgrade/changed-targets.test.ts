/** What other releases make of upgrades in running years. */
import { changedTargets } from '../../../rules/engine/change/changed-targets';
import type { Release } from '../../../rules/engine/releases/release';

const release = (version: string, more: Partial<Release> = {}): Release => ({
  ...{ about: { sv: '', en: '' }, product: 'visma-business', version, usableFrom: '2026-10-01' },
  ...{ components: {}, news: [], knownIssues: [], checks: [], testScenarios: [] },
  ...more,
});
const withdrawn = (version: string, on: string): Release =>
  release(version, { withdrawn: { on, reason: { sv: 'fel', en: 'wrong' } } });

const replaced = (version: string, replacedBy: string): Release =>
  release(version, { withdrawn: { on: '2027-03-01', reason: { sv: 'fel', en: 'wrong' }, replacedBy } });

const contract = { systems: { 'visma-business': { version: '17.0' } } };
const running = (target: string | undefined, begun: boolean, more = {}) => ({
  contract,
  upgrade: {
    ...{ phases: [], systems: { 'visma-business': '17.0' }, approvers: [], roles: [] },
    targets: target === undefined ? {} : { 'visma-business': target },
    ...more,
  },
  begun,
  begins: '2027-05-01',
});
const system = 'visma-business';
const reason = { sv: '', en: '' };

it.each<[string, ReturnType<typeof running>, Release[], unknown[]]>([
  ['nothing changes', running('18.00.0', false), [release('18.00.0')], []],
  [
    'a newer release is there when it begins',
    running('18.00.0', false),
    [release('18.00.0'), release('18.10.0')],
    [{ system, change: 'moved', from: '18.00.0', to: '18.10.0' }],
  ],
  [
    'its campaign goes to an older one',
    running('18.00.0', false, {
      window: { campaign: 'c', from: '', to: '', goesTo: { system, version: '18.00.0' } },
    }),
    [release('18.00.0'), release('18.10.0')],
    [],
  ],
  [
    'a newer release comes too late',
    running('18.00.0', false),
    [release('18.00.0'), release('18.10.0', { usableFrom: '2027-09-01' })],
    [],
  ],
  [
    'there was none to go to',
    running(undefined, false),
    [release('18.00.0')],
    [{ system, change: 'moved', to: '18.00.0' }],
  ],
  [
    'its release is withdrawn before it begins',
    running('18.00.0', false),
    [withdrawn('18.00.0', '2027-03-01')],
    [{ system, change: 'stopped', from: '18.00.0' }],
  ],
  [
    'its release is withdrawn, and what replaces it may be used later',
    running('18.00.0', false, {
      window: { campaign: 'c', from: '', to: '', goesTo: { system, version: '18.00.0' } },
    }),
    [replaced('18.00.0', '18.00.1'), release('18.00.1', { usableFrom: '2027-09-01' }), release('18.10.0')],
    [{ system, change: 'moved', from: '18.00.0', to: '18.00.1' }],
  ],
  [
    'it goes to what replaces its release already',
    running('18.00.1', false, { stopped: { system, version: '18.00.0' } }),
    [replaced('18.00.0', '18.00.1'), release('18.00.1', { usableFrom: '2027-09-01' }), release('18.10.0')],
    [],
  ],
  [
    'it waits for a release, and there is an older one',
    running(undefined, false, { stopped: { system, version: '18.10.0' } }),
    [release('18.00.0'), withdrawn('18.10.0', '2027-03-01')],
    [],
  ],
  [
    'it is under way and a newer one comes',
    running('18.00.0', true),
    [release('18.00.0'), release('18.10.0')],
    [],
  ],
  [
    'it is under way and its release is withdrawn',
    running('18.00.0', true),
    [withdrawn('18.00.0', '2027-04-01')],
    [{ system, change: 'asked', from: '18.00.0' }],
  ],
  [
    'it is under way and its release will be withdrawn',
    running('18.00.0', true),
    [withdrawn('18.00.0', '2027-06-01')],
    [],
  ],
  [
    'people were asked already',
    running('18.00.0', true, { withdrawn: { [system]: { version: '18.00.0', on: '2027-04-01', reason } } }),
    [withdrawn('18.00.0', '2027-04-01')],
    [],
  ],
])('%s', (_what, upgrade, releases, expected) => {
  expect(changedTargets(upgrade, releases, '2027-04-15')).toEqual(expected);
});
