import { growWait } from '../../worker/growing-wait';

it('doubles from half a second to a minute', () => {
  const waits: number[] = [];
  for (let count = 0; count < 9; count += 1) waits.push(growWait(waits.at(-1), 10_000));
  expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
});

it('begins anew after five minutes that went well, and not before', () => {
  expect(growWait(60_000, 5 * 60_000)).toBe(500);
  expect(growWait(60_000, 5 * 60_000 - 1)).toBe(60_000);
});
