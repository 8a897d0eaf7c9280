/** One release for ten customers, with failures in the phases: each comes to its end, and nobody is mailed or upgraded twice. */
import type { Rollout } from '../helpers/rollout';
import { playRollout } from '../helpers/rollout';

let played: Rollout;
beforeAll(async () => {
  played = await playRollout(10, 1);
});

it('ends each upgrade as its fate has it, as the portfolio and the workflows agree', () => {
  expect(played.problems).toEqual([]);
  expect(Object.keys(played.fates)).toHaveLength(played.portfolio.length);
});
