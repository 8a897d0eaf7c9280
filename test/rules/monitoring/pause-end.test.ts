import { usualPauseEnd } from '../../../rules/engine/monitoring/pause-end';
import type { SupportTerms } from '../../../rules/engine/ruleset/terms';
import { guldTerms } from '../fixtures';

describe('a pause that nobody gave an end', () => {
  const always: Partial<SupportTerms> = { hours: [{ days: 'all', from: '00:00', to: '24:00' }] };
  const weekends: Partial<SupportTerms> = { hours: [{ days: 'all', from: '09:00', to: '17:00' }] };
  test.each<[string, Partial<SupportTerms>, string, string, string]>([
    ['a Tuesday', {}, '2027-02-16T10:00:00.000Z', '2027-02-17T07:30:00.000Z', 'tomorrow'],
    ['after midnight', {}, '2027-02-16T00:10:00.000Z', '2027-02-16T07:30:00.000Z', 'opening'],
    ['in the evening', {}, '2027-02-16T20:10:00.000Z', '2027-02-17T07:30:00.000Z', 'tomorrow'],
    ['as it opens', {}, '2027-02-16T07:30:00.000Z', '2027-02-17T07:30:00.000Z', 'tomorrow'],
    ['a Friday', {}, '2027-02-19T10:00:00.000Z', '2027-02-22T07:30:00.000Z', 'opening'],
    ['before Easter', {}, '2027-03-25T10:00:00.000Z', '2027-03-30T06:30:00.000Z', 'opening'],
    [
      'a Friday, open at weekends',
      weekends,
      '2027-02-19T10:00:00.000Z',
      '2027-02-20T08:00:00.000Z',
      'tomorrow',
    ],
    ['support that never closes', always, '2027-02-19T10:00:00.000Z', '2027-02-22T07:30:00.000Z', 'workday'],
  ])('ends when there is somebody again: %s', async (_, changed, now, at, when) => {
    const { support } = await guldTerms();
    expect(usualPauseEnd(now, { ...support, ...changed })).toEqual({ at, when });
  });
});
