import { createGrowth } from '../../../worker/health/growth';
import type { Described } from '../../../worker/health/workflows';

const minute = 60_000;
const run = (events: number, more: Partial<Described> = {}): Described => ({
  runId: 'one',
  running: true,
  status: 'RUNNING',
  events,
  bytes: events * 200,
  taskAttempt: undefined,
  untakenSince: undefined,
  ...more,
});

/** What is said of a history at each minute. */
function measured(...runs: Described[]): unknown[] {
  const growth = createGrowth(10);
  return runs.map((each, index) => growth.measure('agreement-a', each, index * minute));
}

describe('a history', () => {
  it('is well while it grows as a busy year does', () => {
    expect(measured(run(100), run(400), run(700))).toEqual(['unsure', 'well', 'well']);
  });

  it('is told where it grows fast for two minutes on end, and no more once it rests', () => {
    expect(measured(run(100), run(7_600), run(15_100), run(15_101))).toEqual([
      'unsure',
      'unsure',
      { code: 'fast', detail: '7500 events a minute, 15100 in all' },
      'well',
    ]);
  });

  it('is not told for a burst that is over in the next minute', () => {
    expect(measured(run(100), run(1_600), run(1_620))).toEqual(['unsure', 'unsure', 'well']);
  });

  it('is told where it runs in circles through one run after the other', () => {
    const circles = [1, 2, 3].map((next) => run(4_000, { runId: String(next) }));
    expect(measured(...circles).at(-1)).toMatchObject({ code: 'fast' });
  });

  it.each([
    ['events', run(20_001), '20001 events of 51200, 4 MiB of 50'],
    ['bytes', run(30, { bytes: 21 * 1024 * 1024 }), '30 events of 51200, 21 MiB of 50'],
  ])('is told at once where its %s come near the limit of the server', (_what, each, detail) => {
    expect(measured(each)).toEqual([{ code: 'long', detail }]);
  });

  it('is not called well by what looks at it for the first time, or twice in a moment', () => {
    const growth = createGrowth(10);
    expect(growth.measure('agreement-a', run(100), 0)).toBe('unsure');
    expect(growth.measure('agreement-a', run(101), 10)).toBe('unsure');
  });
});

describe('of more workflows than are measured at once', () => {
  it('all come in turn, and those that grow at every look', () => {
    const growth = createGrowth(4);
    growth.watch(['a', 'b', 'c', 'd', 'e', 'f']);
    const first = growth.next();
    expect(first).toEqual(['a', 'b', 'c', 'd']);
    growth.measure('c', run(10), 0);
    growth.measure('c', run(5_000), minute);
    expect(growth.next()).toEqual(['c', 'e', 'f', 'a']);
    expect(growth.next()).toEqual(['c', 'b', 'd', 'e']);
    expect(growth.forget('c')).toBe('well');
    expect(growth.next()).toEqual(['f', 'a', 'b', 'c']);
  });
});
