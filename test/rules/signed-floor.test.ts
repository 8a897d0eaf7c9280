import { dearerInPeriod, weakerThanSigned } from '../../rules/engine/change/signed-floor';
import type { Terms } from '../../rules/engine/ruleset/terms';
import { guldTerms } from './fixtures';

let signed: Terms;
beforeAll(async () => {
  signed = await guldTerms();
});

type Change = (terms: Terms) => void;
const changed = (change: Change, of = signed): Terms => {
  const copy = structuredClone(of);
  change(copy);
  return copy;
};

describe('signed promises', () => {
  test.each<[string, Change, string]>([
    ['"minst 4 förvaltningsledningsmöten"', (t) => (t.meetings.perYear = 3), 'meetings.perYear'],
    [
      '"alltid rätt att skjuta 20%"',
      (t) => (t.hourBank.rollover.percent = 19.99),
      'hourBank.rollover.percent',
    ],
    ['20 % of fewer hours', (t) => (t.hourBank.rollover.basis = 'unused'), 'hourBank.rollover.basis'],
    ['support that opens later', (t) => (t.support.opens = '08:31'), 'support.opens'],
    ['support that closes earlier', (t) => (t.support.closes = '16:00'), 'support.closes'],
    [
      'support by weekday that leaves out one',
      (t) => (t.support.hours = [{ days: ['mon', 'tue', 'wed', 'thu'], from: '08:00', to: '20:00' }]),
      'support.hours',
    ],
    [
      'support around the clock with an hour at noon left out',
      (t) =>
        (t.support.hours = [
          { days: 'all', from: '00:00', to: '12:00' },
          { days: 'all', from: '13:00', to: '24:00' },
        ]),
      'support.hours',
    ],
    ['more closed days', (t) => (t.support.closedDays = ['2027-05-07']), 'support.closedDays'],
    ['more half days', (t) => (t.support.halfDays = ['2027-05-07']), 'support.halfDays'],
    ['no guided testing', (t) => delete t.upgrade.phases.test, 'upgrade.phases.test.owner'],
    ['a longer notice period', (t) => (t.notices.noticePeriodMonths = 6), 'notices.noticePeriodMonths'],
  ])('are broken by %s', (_, change, path) => {
    expect(weakerThanSigned(signed, signed, changed(change)).map((one) => one.path)).toEqual([path]);
  });

  test.each<[string, Change]>([
    ['more meetings', (t) => (t.meetings.perYear = 12)],
    ['a higher rollover', (t) => (t.hourBank.rollover.percent = 25)],
    ['longer support hours', (t) => ((t.support.opens = '07:00'), (t.support.closes = '18:00'))],
    ['support around the clock', (t) => (t.support.hours = [{ days: 'all', from: '00:00', to: '24:00' }])],
    [
      'support by night and by day',
      (t) =>
        (t.support.hours = [
          { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '20:00', to: '12:00' },
          { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '08:00', to: '20:00' },
        ]),
    ],
    ['another rhythm of statements', (t) => (t.hourBank.statementsPerYear = 12)],
  ])('are kept by %s', (_, change) => {
    expect(weakerThanSigned(signed, signed, changed(change))).toEqual([]);
  });

  test('of support over midnight on Fridays are broken by support from Monday to Thursday', () => {
    const night = (days: 'fri' | 'mon'): Terms =>
      changed((t) => (t.support.hours = [{ days: [days], from: '22:00', to: '06:00' }]));
    const paths = (now: Terms): string[] =>
      weakerThanSigned(night('fri'), night('fri'), now).map((one) => one.path);
    expect(paths(night('mon'))).toEqual(['support.hours']);
    expect(paths(changed((t) => (t.support.hours = [{ days: 'all', from: '00:00', to: '24:00' }])))).toEqual(
      [],
    );
    expect(paths(signed)).toEqual(['support.hours']);
  });

  test('may be raised and lowered again, not below what was signed', () => {
    const eight = changed((t) => (t.meetings.perYear = 8));
    expect(
      weakerThanSigned(
        signed,
        eight,
        changed((t) => (t.meetings.perYear = 5)),
      ),
    ).toEqual([]);
    expect(
      weakerThanSigned(
        signed,
        eight,
        changed((t) => (t.meetings.perYear = 3)),
      ),
    ).toHaveLength(1);
  });

  test('that an earlier amendment made weaker are not broken by another change', () => {
    const three = changed((t) => (t.meetings.perYear = 3));
    const andMore = changed((t) => (t.hourBank.statementsPerYear = 2), three);
    expect(weakerThanSigned(signed, three, andMore)).toEqual([]);
  });
});

describe('the price within a period', () => {
  test.each<[string, Change, string[]]>([
    ['a lower discount', (t) => (t.hourBank.discountPercent = 14.99), ['hourBank.discountPercent']],
    ['ordinary price of overage', (t) => (t.hourBank.overage.price = 'ordinary'), ['hourBank.overage.price']],
    ['a higher discount', (t) => (t.hourBank.discountPercent = 16), []],
  ])('with %s', (_, change, paths) => {
    expect(dearerInPeriod(signed, changed(change)).map(({ path }) => path)).toEqual(paths);
  });
});
