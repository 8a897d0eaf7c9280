import { formatFinding } from '../../rules/engine/reading/format-finding';
import { readRuleFile } from '../../rules/engine/ruleset/read-rule-file';
import type { RuleFile } from '../../rules/engine/ruleset/terms';
import { fileText } from './fixtures';

const guld = fileText('rules/levels/guld.json');
const findingsIn = (text: string) =>
  readRuleFile(text, 'g.json')
    .findings.map((finding) => formatFinding(finding))
    .join('\n');

/** A file of one rule with the given parts. */
function rule(parts: Partial<RuleFile['rules'][number]>): string {
  const conditions = { all: [{ fact: 'level', operator: 'equal', value: 'guld' }] };
  const event = {
    type: 'calendar',
    params: { avoidWeeks: [28], avoidMonthEnds: { openDaysBefore: 0, openDaysAfter: 0 }, appliesTo: [] },
  };
  return JSON.stringify({
    about: { sv: 's', en: 'e' },
    rules: [{ name: 'r', priority: 100, conditions, event, ...parts }],
  });
}

const asking = (fact: string, operator: string, value: unknown) =>
  rule({ conditions: { all: [{ fact, operator, value }] } });
const saying = (type: string, params: Record<string, unknown>, priority = 300) =>
  rule({ priority, event: { type, params } });

describe('a rule file', () => {
  test('the level Guld is read', () => {
    expect(findingsIn(guld)).toBe('');
    expect(readRuleFile(guld, 'g.json').file?.rules).toHaveLength(10);
  });

  test('a finding points at the word that is wrong', () => {
    expect(findingsIn(guld.replace('"perYear"', '"perYaer"'))).toBe(
      'g.json:15:11 rules[0].event.params.perYaer: expected property "perYear", found "perYaer"',
    );
  });

  test.each([
    ['an unknown fact', asking('levle', 'equal', 'guld'), 'found "levle"; did you mean "level"?'],
    ['an unknown operator', asking('level', 'equals', 'guld'), 'found "equals"; did you mean "equal"?'],
    ['an unknown topic', saying('hourbank', {}), 'found "hourbank"; did you mean "hourBank"?'],
    ['the engine’s own event', saying('success', {}), 'rules[0].event.type: expected one of meetings'],
    [
      'an unknown term deep inside',
      saying('hourBank', { rollover: { percnt: 20 } }),
      'did you mean "percent"?',
    ],
    [
      'a number as text',
      asking('contractedHours', 'greaterThan', '100'),
      'value: expected hours with at most two decimals, found "100"',
    ],
    [
      'a list without "in"',
      asking('level', 'equal', ['guld']),
      'value: expected an id of 1 to 40 characters a–z, 0–9 and hyphen, found a list of 1',
    ],
    ['"in" without a list', asking('level', 'in', 'guld'), 'value: expected a list of ids, found "guld"'],
    [
      '"in" an empty list',
      asking('level', 'in', []),
      'value: expected at least 1 in the list, found an empty list',
    ],
    ['a null', asking('yearNumber', 'lessThan', null), 'value: expected a whole number, found null'],
    ['a day that is none', asking('date', 'lessThan', '2027-02-30'), 'value: expected a calendar date'],
    [
      'a comparison of names',
      asking('level', 'lessThan', 'guld'),
      'operator: expected one of equal, notEqual, in, notIn, found "lessThan"',
    ],
    ['another language', asking('language', 'equal', 'no'), 'value: expected one of sv, en, found "no"'],
    ['an empty all', rule({ conditions: { all: [] } }), 'conditions.all: expected at least 1 in the list'],
    [
      'an empty any deep inside',
      rule({ conditions: { all: [{ any: [] }] } }),
      'conditions.all[0].any: expected at least 1 in the list',
    ],
    ['no conditions', rule({ conditions: {} }), 'conditions: expected one of all, any, not'],
    [
      'all and any together',
      rule({ conditions: { all: [{ not: { fact: 'level', operator: 'equal', value: 'a' } }], any: [] } }),
      'conditions: expected one of all, any, not, found an object with all, any',
    ],
    [
      'a shared condition',
      rule({ conditions: { condition: 'shared' } }),
      'found unknown property "condition"',
    ],
    [
      'a path',
      rule({ conditions: { all: [{ fact: 'level', operator: 'equal', value: 'guld', path: '$.x' }] } }),
      'found unknown property "path"',
    ],
    [
      'an incomplete base rule',
      saying('support', { opens: '08:30' }, 100),
      'params: expected property "closes", found none',
    ],
    [
      'an incomplete list item',
      saying('meetings', { reminders: [{ daysBefore: 3 }] }),
      'reminders[0]: expected property "to", found none',
    ],
    ['no meeting at all', saying('meetings', { perYear: 0 }), 'perYear: expected at least 1, found 0'],
    [
      'opening at 24:00',
      saying('support', { opens: '24:00' }),
      'expected a time of day as 08:30, found "24:00"',
    ],
    [
      'closing after 24:00',
      saying('support', { closes: '24:01' }),
      'closes: expected a time of day as 16:30, at most 24:00, found "24:01"',
    ],
    [
      'support hours without days',
      saying('support', { hours: [{ from: '08:00', to: '12:00' }] }),
      'hours[0]: expected property "days", found none',
    ],
    [
      'support hours on a day that is none',
      saying('support', { hours: [{ days: ['mon', 'helg'], from: '08:00', to: '12:00' }] }),
      'hours[0].days[1]: expected one of mon, tue, wed, thu, fri, sat, sun, holidays, found "helg"',
    ],
    [
      'support hours on days named otherwise',
      saying('support', { hours: [{ days: 'weekends', from: '08:00', to: '12:00' }] }),
      'hours[0].days: expected one of open, all, found "weekends"',
    ],
    [
      'support hours that end when they begin',
      saying('support', { hours: [{ days: 'all', from: '08:00', to: '08:00' }] }),
      'hours[0].to: expected another time than from (the whole day is 00:00 to 24:00), found 08:00',
    ],
    [
      'a wording that no mail has',
      saying('meetings', { agenda: ['news'] }),
      'agenda[0]: expected one of new-needs',
    ],
    [
      'rolled hours that live longer',
      saying('hourBank', { rollover: { expiresAfterMonths: 24 } }),
      'expiresAfterMonths: expected at most 12, found 24',
    ],
    [
      'closing before opening',
      saying('support', { opens: '16:30', closes: '08:30' }),
      'closes: expected a time after opens (16:30), found 08:30; support hours over midnight are written in hours',
    ],
    [
      'inviting before calling',
      saying('meetings', { callDaysBefore: 7, inviteDaysBefore: 14 }),
      'inviteDaysBefore: expected at most callDaysBefore (7), found 14',
    ],
    [
      'alerts out of order',
      saying('hourBank', { alertPercents: [90, 75] }),
      'alertPercents[1]: expected the list in ascending order',
    ],
    [
      'a term that no phase has',
      saying('upgrade', { phases: { test: { opendays: 3 } } }),
      'found unknown property "opendays"; did you mean "openDays"?',
    ],
    [
      'reminders out of order',
      saying('start', { reminders: [{ openDaysBefore: 2 }, { openDaysBefore: 5 }] }),
      'reminders[1]: expected the list in order of time',
    ],
    ['a priority of 0', rule({ priority: 0 }), 'priority: expected at least 1, found 0'],
    [
      'no rules',
      '{ "about": { "sv": "s", "en": "e" }, "rules": [] }',
      'rules: expected at least 1 in the list',
    ],
    [
      'an explanation in one language',
      '{ "about": { "sv": "s" }, "rules": [] }',
      'about: expected property "en", found none',
    ],
  ])('%s is refused', (_, text, message) => {
    expect(findingsIn(text)).toContain(message);
  });

  test('a name used twice is refused where it is used again', () => {
    const line = guld.slice(0, guld.indexOf('"guld: supporttid"')).split('\n').length;
    expect(findingsIn(guld.replace('"guld: supporttid"', '"guld: timbank"'))).toBe(
      `g.json:${line}:15 rules[4].name: expected each name once, found "guld: timbank" again`,
    );
  });

  test.each([
    [
      'nested groups',
      rule({
        conditions: {
          any: [
            { not: { fact: 'yearNumber', operator: 'equal', value: 1 } },
            { all: [{ fact: 'customer', operator: 'in', value: ['a', 'b'] }] },
          ],
        },
      }),
    ],
    ['a comparison of dates', asking('date', 'greaterThanInclusive', '2028-01-01')],
    ['a rule that overrides a single term', saying('hourBank', { rollover: { percent: 25 } })],
  ])('%s is read', (_, text) => {
    expect(findingsIn(text)).toBe('');
  });
});
