/**
 * Nothing becomes of a run's end, wherever it comes: the same mails at the same time, the same hours, the same rows.
 * `npm run soak` tries the other years, and other lengths of runs.
 */
import type { Told } from '../helpers/short-runs';
import { tell, tellInShortRuns } from '../helpers/short-runs';

describe.each(['dated-terms', 'meetings'])('the year "%s"', (story) => {
  let undisturbed: Told;
  beforeAll(async () => {
    undisturbed = await tell(story);
  });

  it('is the same when each of its runs ends at its second step', async () => {
    const told = await tellInShortRuns(story, 2);
    expect(told.story).toEqual(undisturbed.story);
    expect(told.runs).toBeGreaterThan(20);
  });
});
