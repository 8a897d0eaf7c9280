import type { NoiseCheck, NoiseIncident } from '../../../rules/engine/monitoring/noise';
import { hasNoise, noisiest } from '../../../rules/engine/monitoring/noise';

const check: NoiseCheck = {
  check: { limits: { oldestMinutes: { errorAbove: 30 } } },
  settings: { intervalMinutes: 5, failuresBeforeAlert: 2 },
};
const checkOf = (): NoiseCheck => check;

/** An incident of so many minutes, at which so much was found. */
function incident(
  changed: Partial<NoiseIncident> & { minutes?: number; found?: number } = {},
): NoiseIncident {
  const { minutes = 4, found = 34, ...rest } = changed;
  const openedAt = '2027-01-12T10:00:00.000Z';
  return {
    agreement: '10042',
    monitor: 'order-import',
    openedAt,
    closedAt: new Date(Date.parse(openedAt) + minutes * 60_000).toISOString(),
    toldAt: openedAt,
    actedOn: false,
    message: { sv: '', en: `the oldest file's age in minutes: expected at most 30, found ${found}` },
    ...rest,
  };
}

describe('the noisiest checks', () => {
  it('are those with three incidents or more, most first', () => {
    const two = [incident({ monitor: 'b' }), incident({ monitor: 'b' })];
    const four = Array.from({ length: 4 }, () => incident({ monitor: 'c' }));
    const three = Array.from({ length: 3 }, () => incident({ monitor: 'a', toldAt: null }));
    expect(
      noisiest([...two, ...three, ...four], checkOf).map(({ monitor, incidents, told }) => [
        monitor,
        incidents,
        told,
      ]),
    ).toEqual([
      ['c', 4, 4],
      ['a', 3, 0],
    ]);
    expect(hasNoise(['a', 'b', 'a', 'b'])).toBe(false);
    expect(hasNoise(['a', 'b', 'a', 'a'])).toBe(true);
  });

  it.each([
    [
      'what is mostly over by the next check waits for one check more',
      [{}, {}, { minutes: 60 }],
      [
        ['failuresBeforeAlert', 2, 3, 2],
        ['oldestMinutes.errorAbove', 30, 34, 3],
      ],
    ],
    [
      'what lasts is told as soon as before',
      [{ minutes: 6 }, { minutes: 6 }, {}],
      [['oldestMinutes.errorAbove', 30, 34, 3]],
    ],
    [
      'the limit lies above all that was found',
      [{ minutes: 60, found: 31 }, { minutes: 60, found: 44.2 }, { minutes: 60 }],
      [['oldestMinutes.errorAbove', 30, 45, 3]],
    ],
    ['what was far too much is no noise', [{ minutes: 60, found: 61 }, { minutes: 60 }, { minutes: 60 }], []],
    ['nor what somebody had to mend', [{ minutes: 60, actedOn: true }, { minutes: 60 }, { minutes: 60 }], []],
    ['what was healed by somebody does not heal by itself', [{ actedOn: true }, { actedOn: true }, {}], []],
    ['nor does what goes on', [{ closedAt: null, found: 99 }, { closedAt: null }, {}], []],
  ])('%s', (_, incidents, suggested) => {
    const [noisy] = noisiest(incidents.map(incident), checkOf);
    expect(
      noisy?.suggestions.map(({ term, from, to, incidents: spared }) => [term, from, to, spared]),
    ).toEqual(suggested);
  });

  it('propose nothing for a check that is gone, or has more than one limit', () => {
    const incidents = [incident({ minutes: 60 }), incident({ minutes: 60 }), incident({ minutes: 60 })];
    expect(noisiest(incidents, () => undefined)[0]?.suggestions).toEqual([]);
    const two = { ...check, check: { limits: { oldestMinutes: { warnAbove: 20, errorAbove: 30 } } } };
    expect(noisiest(incidents, () => two)[0]?.suggestions).toEqual([]);
  });
});
