import { isoWeek } from '../../rules/engine/calendar/dates';
import { isOpenDay, localDateOf } from '../../rules/engine/calendar/calendar';
import type { DigestNotice } from '../../rules/engine/plan/plan-digests';
import { digestReaders, planDigests } from '../../rules/engine/plan/plan-digests';
import type { DigestRhythm, Terms } from '../../rules/engine/ruleset/terms';
import { guldTerms, obligation, plan, steps, withoutDigests } from './fixtures';

let terms: Terms;
beforeAll(async () => {
  terms = withoutDigests(await guldTerms());
});

/** Those of the example's first year, planned when it was signed unless told, to both readers. */
function digestsOf(of: Terms, since = '2026-12-01T12:00:00.000Z'): DigestNotice[] {
  const { from, to } = plan({ terms: of });
  return digestReaders.flatMap((reader) => planDigests({ from, to, since, terms: of }, reader));
}

test('level Guld gives the consultant one a week, and the manager none', async () => {
  const digests = digestsOf(await guldTerms());
  expect(digests).toHaveLength(52);
  expect(new Set(digests.map(({ to }) => to))).toEqual(new Set(['consultant']));
});

const withDigests = (consultant: DigestRhythm, manager: DigestRhythm = 'never'): Terms => ({
  ...terms,
  notices: { ...terms.notices, digests: { consultant, manager } },
});
const days = (of: Terms, since?: string) => digestsOf(of, since).map(({ at }) => localDateOf(at));

describe('digests', () => {
  test('are none unless somebody wants them', () => {
    expect(digestsOf(terms)).toEqual([]);
  });

  test('come on the first open day of each month', () => {
    expect(days(withDigests('monthly'))).toEqual([
      ...['2027-01-04', '2027-02-01', '2027-03-01', '2027-04-01', '2027-05-03', '2027-06-01'],
      ...['2027-07-01', '2027-08-02', '2027-09-01', '2027-10-01', '2027-11-01', '2027-12-01'],
    ]);
  });

  test('come on the first open day of each week, when support opens', () => {
    const year = withDigests('weekly');
    const weeks = days(year).map(isoWeek);
    expect(new Set(weeks).size).toBe(weeks.length);
    expect(weeks).toHaveLength(52);
    expect(days(year).every((day) => isOpenDay(day))).toBe(true);
    expect(days(year)).toEqual(expect.arrayContaining(['2027-01-04', '2027-03-30', '2027-12-27']));
    expect(digestsOf(year)[0]).toEqual({
      step: 'consultant-2027-01-04',
      at: '2027-01-04T07:30:00.000Z',
      template: 'digest',
      to: 'consultant',
      until: '2027-01-11T07:30:00.000Z',
    });
  });

  test('begin with the next one in a year that is planned late, or under terms that begin to ask for them', () => {
    const asOf = '2027-09-15T12:00:00.000Z';
    const late = ['2027-10-01', '2027-11-01', '2027-12-01'];
    expect(days(withDigests('monthly'), asOf)).toEqual(late);
  });

  test('look ahead to the next one of the same reader, the last to the end of the year', () => {
    const year = withDigests('weekly', 'monthly');
    const end = (step: string) => digestsOf(year).find((digest) => digest.step === step)?.until;
    expect(end('manager-2027-03-01')).toBe('2027-04-01T06:30:00.000Z');
    expect(end('consultant-2027-03-01')).toBe('2027-03-08T07:30:00.000Z');
    expect(end('manager-2027-12-01')).toBe(plan({ terms: year }).endsAt);
  });

  test('take the place of single reminders to whoever gets them, of nothing else', () => {
    const before = plan({ terms });
    const year = plan({ terms: withDigests('weekly') });
    expect(steps(obligation(before, 'upgrade/precheck'))).toHaveProperty('remind');
    expect(steps(obligation(year, 'upgrade/precheck'))).not.toHaveProperty('remind');
    for (const id of ['meeting-1', 'upgrade/test', 'start/consultant'])
      expect(steps(obligation(year, id))).toEqual(steps(obligation(before, id)));
    const managed = plan({ terms: withDigests('never', 'weekly') });
    expect(steps(obligation(managed, 'start/consultant'))).not.toHaveProperty('remind');
  });
});
