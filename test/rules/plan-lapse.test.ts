import type { YearPlan } from '../../rules/engine/plan/plan';
import type { Terms } from '../../rules/engine/ruleset/terms';
import { guldTerms, obligation, plan } from './fixtures';

let terms: Terms;
beforeAll(async () => {
  terms = await guldTerms();
});

const after = (expiresAfterMonths: number): Terms => {
  const { hourBank } = terms;
  return { ...terms, hourBank: { ...hourBank, rollover: { ...hourBank.rollover, expiresAfterMonths } } };
};
const second = (months: number, asOf = '2028-01-01T00:00:00.000Z', previous?: YearPlan): YearPlan =>
  plan({
    terms: after(months),
    yearNumber: 2,
    asOf,
    ...(previous && { progress: { previous, closed: {} } }),
  });
const lapseOf = (year: YearPlan) => year.obligations.find(({ id }) => id === 'hours/lapse');

describe('hours rolled in', () => {
  test('lapse so many months into the period, at midnight, and the customer is told a month before', () => {
    expect(obligation(second(6), 'hours/lapse')).toMatchObject({
      strand: 'hourBank',
      dueOn: '2028-07-01',
      dueAt: '2028-06-30T22:00:00.000Z',
      late: false,
      notices: [{ step: 'tell', at: '2028-06-01T06:30:00.000Z', template: 'hour-statement', to: 'customer' }],
    });
  });

  test('live through the whole period unless the terms say less, and the first has none', () => {
    expect(lapseOf(second(12))).toBeUndefined();
    expect(lapseOf(plan({ terms: after(6) }))).toBeUndefined();
  });

  test('lapse tomorrow where a re-plan moves their day into the past, and stay there', () => {
    const first = second(12);
    const moved = second(3, '2028-05-10T12:00:00.000Z', first);
    expect(lapseOf(moved)).toMatchObject({ dueOn: '2028-05-11', late: true, notices: [] });
    expect(lapseOf(second(3, '2028-05-12T12:00:00.000Z', moved))).toEqual(lapseOf(moved));
  });

  test('are as they were in a re-plan of the same terms', () => {
    const first = second(6);
    const again = second(6, '2028-06-15T12:00:00.000Z', first);
    expect(lapseOf(again)).toEqual(lapseOf(first));
  });
});

describe('the warning of hours that expire with the year', () => {
  const warned = (year: YearPlan) => year.obligations.find(({ id }) => id === 'hours/expiry');
  const first = (asOf: string, previous?: YearPlan): YearPlan =>
    plan({ terms, asOf, ...(previous && { progress: { previous, closed: {} } }) });

  test('goes to the customer so many days before, on an open day', () => {
    expect(warned(first('2027-01-01T00:00:00.000Z'))).toMatchObject({
      strand: 'hourBank',
      dueOn: '2027-11-02',
      notices: [{ step: 'send', at: '2027-11-02T07:30:00.000Z', template: 'hours-expiry', to: 'customer' }],
    });
  });

  test('is not owed once its day has passed, nor without the term; a re-plan keeps it', () => {
    expect(warned(first('2027-11-03T12:00:00.000Z'))).toBeUndefined();
    const { expiry: _, ...without } = terms.hourBank;
    expect(warned(plan({ terms: { ...terms, hourBank: without } }))).toBeUndefined();
    const planned = first('2027-01-01T00:00:00.000Z');
    expect(warned(first('2027-12-01T12:00:00.000Z', planned))).toEqual(warned(planned));
  });
});
