/** Uppgradering: "kontrolleras och uppgraderas även integrationer samt övriga programvaror". */
import { fits } from '../../../rules/engine/releases/fits';
import { goesWithOf, misfitOf, neededOf } from '../../../rules/engine/releases/goes-with';
import type { Component, Release } from '../../../rules/engine/releases/release';
import { compareVersions, digitsOf, isVersion } from '../../../rules/engine/releases/versions';
import { shippedRelease } from './shipped';

const because = { sv: 'därför', en: 'that is why' };

/** A release with one component `part`, and a second one that it may depend on. */
const withPart = (version: string, part: Partial<Component>, more: Partial<Release> = {}): Release => ({
  ...shippedRelease('18.00.0'),
  version,
  components: { part: { name: 'Part', ...part }, other: { name: 'Other' } },
  ...more,
});

describe('by the rule of the first three digits', () => {
  test.each([
    ['18.00.0', '18.00.0', 'fits'],
    ['18.00.0', '18.01.0', 'fits'],
    ['18.00.0', '18.0', 'fits'],
    ['18.00.0', '18.00.0.4711', 'fits'],
    ['18.01.2', '18.09.9', 'fits'],
    ['18.00.0', '18.10.0', 'doesNotFit'],
    ['18.00.0', '18.1', 'doesNotFit'],
    ['18.10.0', '18.1', 'fits'],
    ['18.00.0', '17.00.0', 'doesNotFit'],
    ['18.00.0', '2026-R2', 'unknown'],
    ['18.00.0', '5.2', 'unknown'],
  ])('%s with %s: %s', (release, version, answer) => {
    expect(fits(withPart(release, {}), 'part', version)).toMatchObject({ answer });
  });

  it('says why, in both languages', () => {
    expect(fits(withPart('18.00.0', {}), 'part', '18.10.0').because).toEqual({
      sv: 'de första 3 siffrorna i Part 18.10.0 stämmer inte med 18.00.0',
      en: 'the first 3 digits of Part 18.10.0 do not agree with 18.00.0',
    });
  });

  test.each([
    ['a rule of two digits in the release', withPart('18.00.0', {}, { fit: { digits: 2 } }), 'fits'],
    ['a rule of two digits of the component', withPart('18.00.0', { fit: { digits: 2 } }), 'fits'],
    ['a rule of four digits', withPart('18.00.0', { fit: { digits: 4 } }), 'doesNotFit'],
    ['a list in place of the rule', withPart('18.00.0', { fits: ['18.10.x'] }), 'fits'],
  ])('the rule is data: %s', (_, release, answer) => {
    expect(fits(release, 'part', '18.10.0').answer).toBe(answer);
  });
});

describe('what goes with the release of an upgrade', () => {
  const all = goesWithOf(['visma-business', 'pector-import'], [shippedRelease('18.00.0')]);

  test.each<[string, Record<string, string>, string | undefined]>([
    ['of today', { 'pector-import': '5.3' }, undefined],
    ['that has to be another', { 'pector-import': '5.2' }, '5.3 eller 6.x'],
    ['that no release names', { crm: '1' }, undefined],
  ])('a version %s', (_what, versions, needed) => {
    const [[system = '', version = ''] = []] = Object.entries(versions);
    expect(neededOf(all, system, versions)?.sv).toBe(needed);
    expect(misfitOf(all, system, version, versions) !== undefined).toBe(needed !== undefined);
  });

  it('is kept of the systems that the contract has, and named by the rule where nothing is listed', () => {
    expect(all.map(({ components }) => Object.keys(components))).toEqual([['pector-import']]);
    const byRule = goesWithOf(['part'], [withPart('18.00.0', {})]);
    expect(neededOf(byRule, 'part', { part: '17.0' })?.en).toBe('one whose first 3 digits are as in 18.00.0');
  });
});

describe('by a list of versions', () => {
  test.each([
    ['6.x', '6.0', 'fits'],
    ['6.x', '6', 'fits'],
    ['6.x', '60.1', 'doesNotFit'],
    ['5.3', '5.3.1', 'fits'],
    ['5.3', '5.30', 'doesNotFit'],
    ['5.3', '5.2', 'doesNotFit'],
  ])('%s and %s: %s', (listed, version, answer) => {
    expect(fits(withPart('18.00.0', { fits: [listed] }), 'part', version).answer).toBe(answer);
  });
});

describe('by exceptions', () => {
  it('line 18.10.0 runs with User Directory 18.00.0', () => {
    const release = shippedRelease('18.10.0');
    expect(fits(release, 'user-directory', '18.00.0')).toEqual({
      answer: 'fits',
      because: {
        sv: 'linjen 18.10.0 körs med User Directory 18.00.0',
        en: 'line 18.10.0 runs with User Directory 18.00.0',
      },
    });
    expect(fits(release, 'user-directory', '18.10.0').answer).toBe('fits');
    expect(fits(release, 'user-directory', '18.00.1').answer).toBe('doesNotFit');
    expect(fits(release, 'client', '18.00.0').answer).toBe('doesNotFit');
  });

  test.each([
    ['with Contracting 16.0', { contracting: '16.0' }, 'fits'],
    ['with a later Contracting', { contracting: '17.10.0' }, 'doesNotFit'],
    ['where Contracting is not known', {}, 'unknown'],
  ])('Document Center 16.10 %s', (_, others, answer) => {
    const fit = fits(shippedRelease('17.10.0'), 'document-center', '16.10', others);
    expect(fit.answer).toBe(answer);
    if (answer === 'unknown')
      expect(fit.because.en).toContain('the version of contracting, which is not known');
  });

  it('says no where the rule would say yes', () => {
    const release = withPart('18.00.0', { exceptions: [{ version: '18.01.0', fits: false, because }] });
    expect(fits(release, 'part', '18.01.0')).toEqual({ answer: 'doesNotFit', because });
    expect(fits(release, 'part', '18.02.0').answer).toBe('fits');
  });

  it('does not ask for another version where the answer is the same either way', () => {
    const exceptions = [{ version: '18.00', with: { other: '5' }, because }];
    expect(fits(withPart('18.00.0', { exceptions }), 'part', '18.00.0').answer).toBe('fits');
  });
});

it('asks about a component that the release does not name, or has no rule for', () => {
  const unruled = withPart('18.00.0', {});
  delete unruled.fit;
  expect(fits(unruled, 'part', '18.00.0')).toMatchObject({
    answer: 'unknown',
    because: { sv: expect.stringContaining('har ingen regel för Part: fråga leverantören') as string },
  });
  for (const id of ['nobody', 'constructor'])
    expect(fits(unruled, id, '18.00.0')).toMatchObject({
      answer: 'unknown',
      because: { en: `visma-business 18.00.0 says nothing of ${id}: ask the supplier which version fits` },
    });
});

describe('versions as people write them', () => {
  test.each([
    ['17.0', '17000'],
    ['17', '17000'],
    ['17.1', '17100'],
    ['17.10.2', '17102'],
    ['17.10.2.815', '17102'],
    ['5.2', undefined],
    ['v17', undefined],
  ])('%s has the digits %s', (text, digits) => {
    expect(digitsOf(text)).toBe(digits);
  });

  test.each([
    ['17.0', '17.00.0', 0],
    ['17.10.0', '17.9', -1],
    ['17.10.10', '17.10.9', 1],
    ['18.00.0', '17.10.9', 1],
    ['18', '5.2', undefined],
  ])('%s compared with %s', (one, other, sign) => {
    const compared = compareVersions(one, other);
    expect(compared === undefined ? undefined : Math.sign(compared)).toBe(sign);
  });

  test.each([
    ['17.0', '17.00.3', true],
    ['17.00.0', '17.00.3', false],
    ['17.00.0', '17.0', true],
    ['17', '17.10.0', true],
    ['17.0', '17.10.0', false],
    ['5.2', '5.2.11', true],
    ['5.2', '5.20', false],
    ['R2', 'r2', true],
  ])('what is said to be %s is found as %s: %s', (said, found, same) => {
    expect(isVersion(said, found)).toBe(same);
  });
});
