import { madeUpWorld } from '../../helpers/desk-world';
import { playDesk } from '../../helpers/random-desk';

/** `npm run soak` plays more seeds, longer, with more agreements. */
describe('a support desk gets exactly the mails that a naive model predicts, none twice, none missing', () => {
  it.each([
    [
      'over a day of a hundred agreements',
      1,
      '2027-02-16T05:00:00.000Z',
      28,
      100,
      0.6,
      ['alert', 'recovery', 'reminder', 'escalation', 'digest', 'storm-alert', 'storm-recovery'],
    ],
    [
      'over the weekend that summer time begins, which is Easter',
      2,
      '2027-03-25T12:00:00.000Z',
      116,
      10,
      0.6,
      ['alert', 'recovery', 'digest'],
    ],
    ['over midsummer', 3, '2027-06-24T12:00:00.000Z', 93, 10, 0.6, ['alert', 'recovery', 'digest']],
    [
      'over the weekend that summer time ends, into a new month',
      4,
      '2027-10-29T12:00:00.000Z',
      70,
      10,
      1,
      ['alert', 'recovery', 'digest', 'noise'],
    ],
  ])('%s', async (_, seed, start, hours, agreements, outages, kinds) => {
    const { problems, mails } = await playDesk(madeUpWorld(seed, start, hours, { agreements, outages }));
    expect(problems).toEqual([]);
    expect(Object.keys(mails)).toEqual(expect.arrayContaining(kinds));
  });
});
