import { growWait } from '../../worker/basics/growing-wait';

describe('the wait before something is started again', () => {
  it('doubles from half a second to a minute', () => {
    const waits: number[] = [];
    for (let tries = 0; tries < 9; tries += 1) waits.push(growWait(waits.at(-1), 0));
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  });

  it('begins anew after it has run well for five minutes', () => {
    expect(growWait(32_000, 5 * 60_000)).toBe(500);
    expect(growWait(32_000, 5 * 60_000 - 1)).toBe(60_000);
  });
});
