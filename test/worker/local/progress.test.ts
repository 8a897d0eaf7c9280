import { createProgressReporter, formatElapsed } from '../../../worker/local/progress';

/** A reporter whose output and clock the test holds. */
function setUp(isTTY: boolean) {
  const written: string[] = [];
  const clock = { now: 0 };
  const log = createProgressReporter(
    { isTTY, columns: 60, write: (text: string) => written.push(text) },
    () => clock.now,
  );
  return { log, clock, written };
}

test.each([
  [400, '0.4 s'],
  [12_300, '12 s'],
  [245_000, '4 min 05 s'],
])('%d ms reads as %s', (ms, text) => {
  expect(formatElapsed(ms)).toBe(text);
});

test('a step on a plain output speaks at its end, and at most every ten seconds before', () => {
  const { log, clock, written } = setUp(false);
  const step = log.step('Building');
  for (let second = 1; second <= 25; second++) {
    clock.now = second * 1000;
    step.update(`package ${second}`, second / 50);
  }
  step.done();
  expect(written).toEqual([
    '  Building 20 % (10 s): package 10\n',
    '  Building 40 % (20 s): package 20\n',
    '  ✓ Building (25 s)\n',
  ]);
});

test('a step in a terminal updates one line, no wider than the terminal', () => {
  const { log, written } = setUp(true);
  const step = log.step('Building');
  step.update('x'.repeat(200), 0.5);
  step.done();
  expect(written.slice(0, -1).join('')).not.toContain('\n');
  expect(written.filter((text) => text.startsWith('  ')).every((text) => text.trimEnd().length < 60)).toBe(
    true,
  );
  expect(written.at(-1)).toMatch(/✓ Building \(0\.0 s\)\n$/);
});

test('a failed step says so with its reason, once', () => {
  const { log, written } = setUp(false);
  const step = log.step('Building');
  step.fail('no space left');
  step.done();
  expect(written).toEqual(['  ✗ Building (0.0 s): no space left\n']);
});
