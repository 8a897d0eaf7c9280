import { madeUpWorld } from '../../helpers/desk-world';
import { playDesk } from '../../helpers/random-desk';

/** `npm run soak` plays more seeds, longer, with more agreements. */
describe('a support desk over time gets exactly the mails that a naive model predicts', () => {
  it.each([
    ['a working day of a hundred agreements', 1, '2027-02-16T05:00:00.000Z', 12, 100, 1],
    ['the weekend that summer time begins, which is Easter', 2, '2027-03-25T12:00:00.000Z', 116, 6, 1],
    ['midsummer', 3, '2027-06-24T12:00:00.000Z', 93, 6, 1],
    ['the weekend that summer time ends, into a new month', 4, '2027-10-29T12:00:00.000Z', 70, 8, 1],
  ])('%s', async (_, seed, start, hours, agreements, outages) => {
    const { problems, mails } = await playDesk(madeUpWorld(seed, start, hours, { agreements, outages }));
    expect(problems).toEqual([]);
    expect(Object.values(mails).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(20);
  });
});
