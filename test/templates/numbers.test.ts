import { dayBefore, formatDate, formatShortDate, formatTime } from '../../templates/words/dates';
import { createHelpers } from '../../templates/mails/helpers';
import { inlineStyles } from '../../templates/mails/inline-styles';
import { label } from '../../templates/words/labels';
import {
  drawBar,
  formatHours,
  formatHoursWithUnit,
  formatMoney,
  formatTimeInWords,
} from '../../templates/words/numbers';

describe('numbers', () => {
  test.each([
    [0, '0', '0'],
    [5, '0,05', '0.05'],
    [1250, '12,5', '12.5'],
    [1225, '12,25', '12.25'],
    [10000, '100', '100'],
    [123456700, '1\u00a0234\u00a0567', '1,234,567'],
    [-250, '−2,5', '−2.5'],
  ])('%i hundredths of an hour are %s (sv) and %s (en)', (centihours, sv, en) => {
    expect(formatHours(centihours, 'sv')).toBe(sv);
    expect(formatHours(centihours, 'en')).toBe(en);
  });

  test.each([
    [1250, '12,5', '12.5'],
    [1200, '12', '12'],
    [1205, '12,05', '12.05'],
    [5, '0,05', '0.05'],
    [0, '0', '0'],
    [-75, '−0,75', '−0.75'],
  ])('%i hundredths read %s in Swedish and %s in English', (centihours, sv, en) => {
    expect([formatHours(centihours, 'sv'), formatHours(centihours, 'en')]).toEqual([sv, en]);
  });

  test.each([
    [100, '1\u00a0timme', '1\u00a0hour'],
    [50, '0,5\u00a0timmar', '0.5\u00a0hours'],
  ])('%i hundredths have the unit of "%s" and "%s"', (centihours, sv, en) => {
    expect(formatHoursWithUnit(centihours, 'sv')).toBe(sv);
    expect(formatHoursWithUnit(centihours, 'en')).toBe(en);
  });

  test.each([
    [0, '0 timmar', '0 hours', '0 tim'],
    [3_600, '1 timme', '1 hour', '1 tim'],
    [12_000, '3 timmar 20 minuter', '3 hours 20 minutes', '3 tim 20 min'],
    [60, '1 minut', '1 minute', '1 min'],
    [-4_501, '−1 timme 15 minuter 1 sekund', '−1 hour 15 minutes 1 second', '−1 tim 15 min 1 s'],
    [3_600_000, '1 000 timmar', '1,000 hours', '1 000 tim'],
  ])('%i seconds are said as %s (sv) and %s (en), in a list as %s', (seconds, sv, en, short) => {
    const said = [
      formatTimeInWords(seconds, 'sv'),
      formatTimeInWords(seconds, 'en'),
      formatTimeInWords(seconds, 'sv', true),
    ];
    expect(said.map((text) => text.replaceAll('\u00a0', ' '))).toEqual([sv, en, short]);
  });

  test.each([
    [130500, 'SEK', '1\u00a0305,00\u00a0kr', 'SEK\u00a01,305.00'],
    [99, 'EUR', '0,99\u00a0EUR', 'EUR\u00a00.99'],
  ])('%i minor units of %s are %s (sv) and %s (en)', (minor, currency, sv, en) => {
    expect(formatMoney(minor, currency, 'sv')).toBe(sv);
    expect(formatMoney(minor, currency, 'en')).toBe(en);
  });

  test.each([
    [0, 12_000, 0],
    [599, 12_000, 0],
    [600, 12_000, 1],
    [12_000, 12_000, 20],
    [13_000, 12_000, 20],
    [-100, 12_000, 0],
    [0, 0, 0],
    [1, 0, 20],
  ])('%i used of %i fill %i of twenty steps', (used, available, filled) => {
    expect(drawBar(used, available)).toBe('█'.repeat(filled) + '░'.repeat(20 - filled));
  });

  test.each([
    [12.5, '0:07:30'],
    [400 / 3, '1:20'],
    [-400 / 3, '−1:20'],
    [250, '2,5'],
  ])('time of %d hundredths of an hour is said exactly: %s', (centihours, said) => {
    expect(formatHours(centihours, 'sv')).toBe(said);
  });

  test('a fraction of the smallest unit of money is refused: amounts are exact', () => {
    expect(() => formatMoney(12.5, 'SEK', 'sv')).toThrow('expected a whole number of hundredths, found 12.5');
  });
});

describe('dates', () => {
  test('are written out with their weekday, or short', () => {
    expect(formatDate('2027-02-15', 'sv')).toBe('måndag 15 februari 2027');
    expect(formatDate('2027-02-15', 'en')).toBe('Monday 15 February 2027');
    expect(formatShortDate('2027-06-30', 'sv')).toBe('30 juni 2027');
    expect(formatShortDate('2027-06-30', 'en', { weekday: true })).toBe('Wed 30 Jun 2027');
  });

  test.each([
    ['2027-03-28T00:59:00.000Z', '01:59'],
    ['2027-03-28T01:00:00.000Z', '03:00'],
    ['2027-10-31T00:30:00.000Z', '02:30'],
    ['2027-10-31T01:30:00.000Z', '02:30'],
  ])('the instant %s is %s in Stockholm', (instant, time) => {
    expect(formatTime(instant)).toBe(time);
  });

  test('an instant late in the evening has the date of Stockholm', () => {
    expect(formatDate('2026-12-31T23:00:00.000Z', 'sv')).toBe('fredag 1 januari 2027');
  });

  test('the last day of a period is the one before its end', () => {
    expect(dayBefore('2028-03-01')).toBe('2028-02-29');
  });
});

describe('labels', () => {
  test.each([
    ['meeting-2', 'förvaltningsmöte 2', 'management meeting 2'],
    ['upgrade/technical', 'teknisk uppgradering', 'technical upgrade'],
    ['upgrade/integrations', 'uppgradering: integrationer', 'upgrade: integrations'],
    ['start/kickoff', 'uppstartsmöte', 'kick-off'],
    ['hours/statement-1', 'timbanksbesked 1', 'hour bank statement 1'],
    ['hours/alert-75', 'timbanken vid 75 %', 'hour bank at 75 %'],
    ['close', 'avslut av avtalsåret', 'closing of the agreement year'],
    ['something/else', 'something/else', 'something/else'],
    ['upgrade/constructor', 'uppgradering: constructor', 'upgrade: constructor'],
  ])('the obligation %s is called "%s" and "%s"', (id, sv, en) => {
    expect(label('obligation', id, 'sv')).toBe(sv);
    expect(label('obligation', id, 'en')).toBe(en);
  });
});

describe('helpers', () => {
  const helpers = createHelpers('sv');

  test('a kind of label that does not exist is a mistake in the template', () => {
    expect(() => helpers.label('obligatoin', 'close', { hash: {} })).toThrow(
      'expected a kind of label, found "obligatoin"',
    );
  });

  test('a link that is not http is refused', () => {
    expect(() => helpers.href('javascript:alert(1)')).toThrow(
      'expected a link that begins with http:// or https://',
    );
  });

  test.each([
    ['Anna Lindqvist', 'Anna'],
    ['  Anna  ', 'Anna'],
  ])('the first name of "%s" is %s', (name, first) => {
    expect(helpers.firstName(name)).toBe(first);
  });
});

describe('styles', () => {
  test('are put into each tag, by tag and classes; a tag with its own keeps it', () => {
    expect(inlineStyles('<td class="number">{{hours x}}</td>')).toMatch(
      /^<td class="number" style=".*white-space:nowrap/,
    );
    expect(inlineStyles('<p style="color:red">')).toBe('<p style="color:red">');
    expect(inlineStyles('<br>{{> body}}')).toBe('<br>{{> body}}');
  });
});

test('a phase that nobody has named is read as words, wherever it is named', () => {
  expect(label('phase', 'smoke-test', 'sv')).toBe('smoke test');
  expect(label('obligation', 'upgrade/smoke-test', 'en')).toBe('upgrade: smoke test');
  expect(label('phase', 'smoke-test', 'sv', { 'smoke-test': { sv: 'rökprov', en: 'smoke' } })).toBe(
    'rökprov',
  );
  expect(label('phase', 'go-live', 'sv')).toBe('produktionssättning');
});
