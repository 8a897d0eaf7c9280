import { isLocalDate } from '../../rules/engine/basics/is-local-date';
import { isOpenDay } from '../../rules/engine/calendar/calendar';
import { addDays } from '../../rules/engine/calendar/dates';
import { closedEveryYear } from '../../rules/engine/contract/job-plan';
import { scheduleProblems } from '../../rules/engine/contract/check-schedule';
import type { Check } from '../../rules/engine/contract/monitor';
import { readContract } from '../../rules/engine/contract/read-contract';
import { checkRuleset } from '../../rules/engine/lint/check-ruleset';
import { declaredChecks } from '../../rules/engine/terms/declared-checks';
import { exampleContract, fileText, guldTerms } from './fixtures';

const job = (more: Partial<Check>): Check => ({ id: 'job', kind: 'heartbeat', name: 'Jobbet', ...more });

describe('when a job reports', () => {
  test.each<[string, Partial<Check>, string[]]>([
    ['nothing said, agreed on and not set up', {}, []],
    ['daily', { dailyAt: '02:15', zone: 'Europe/Stockholm', lateMinutes: 30 }, []],
    ['29 February', { cron: '0 2 29 2 *' }, []],
    ['30 February or a Monday', { cron: '0 2 30 2 1' }, []],
    ['the 31st of any month', { cron: '0 2 31 * *' }, []],
    ['the 30th of February or March', { cron: '0 2 30 feb,mar *' }, []],
    [
      '30 February',
      { cron: '0 2 30 2 *' },
      ['cron: expected a cron line whose day exists, found "0 2 30 2 *", which never comes'],
    ],
    [
      'the 31st of months that have 30 days',
      { cron: '0 2 31 4,6,9,nov *' },
      ['cron: expected a cron line whose day exists, found "0 2 31 4,6,9,nov *", which never comes'],
    ],
    [
      'two at once',
      { dailyAt: '02:15', everyMinutes: 60 },
      [
        'everyMinutes: expected only one of dailyAt, weekdaysAt, cron or everyMinutes, found dailyAt and everyMinutes',
      ],
    ],
    ['two, of which one is for the schema to refuse', { dailyAt: '02:15', everyMinutes: null as never }, []],
    ['none, for the schema to refuse', { everyMinutes: null as never, lateMinutes: 5 }, []],
    [
      'an interval with a zone',
      { everyMinutes: 60, zone: 'Europe/Helsinki' },
      [
        'zone: expected a time zone only beside dailyAt, weekdaysAt or cron, found it beside everyMinutes, where it has no effect',
      ],
    ],
    ['runs within the hours', { dailyAt: '08:00', expectedHours: [{ from: '08:00', to: '16:30' }] }, []],
    [
      'runs within hours of one day',
      { cron: '0 2 * * *', expectedHours: [{ days: ['sun'], from: '02:00', to: '03:00' }] },
      [],
    ],
    [
      'a date that falls on a Sunday in some year',
      { cron: '0 2 29 2 *', expectedHours: [{ days: ['sun'], from: '00:00', to: '24:00' }] },
      [],
    ],
    [
      'runs in a zone where it is later',
      { dailyAt: '09:30', zone: 'Asia/Tokyo', expectedHours: [{ days: 'all', from: '02:00', to: '02:31' }] },
      [],
    ],
    [
      'runs at night of hours by day',
      { dailyAt: '02:15', expectedHours: [{ from: '08:00', to: '16:30' }] },
      [
        'expectedHours: expected hours in which the job runs; hours over midnight are written as two, found hours in which no run of dailyAt "02:15" falls: none would ever be waited for',
      ],
    ],
    [
      'runs on weekdays of hours at weekends',
      { weekdaysAt: '10:00', expectedHours: [{ days: ['sat', 'sun'], from: '00:00', to: '24:00' }] },
      [expect.stringContaining('no run of weekdaysAt "10:00" falls') as string],
    ],
    [
      'runs at weekends of hours of open days',
      { cron: '0 10 * * 6,0', expectedHours: [{ from: '08:00', to: '16:30' }] },
      [expect.stringContaining('no run of cron "0 10 * * 6,0" falls') as string],
    ],
    [
      'runs that end as the hours begin in another zone',
      { dailyAt: '08:00', zone: 'UTC', expectedHours: [{ days: 'all', from: '07:00', to: '09:00' }] },
      [expect.stringContaining('no run of dailyAt "08:00" falls') as string],
    ],
    [
      'hours over midnight',
      { everyMinutes: 60, expectedHours: [{ days: 'all', from: '22:00', to: '06:00' }] },
      [
        'expectedHours: expected hours in which the job runs; hours over midnight are written as two, found hours that never open',
      ],
    ],
    [
      'a run on a day that is closed every year',
      { cron: '0 10 25 12 *', expectedHours: [{ from: '08:00', to: '16:30' }] },
      [
        'expectedHours: expected hours in which the job runs; hours over midnight are written as two, found hours in which no run of cron "0 10 25 12 *" falls: none would ever be waited for',
      ],
    ],
    [
      'runs on a holiday in hours of all days',
      { cron: '0 10 25 12 *', expectedHours: [{ days: 'all', from: '08:00', to: '16:30' }] },
      [],
    ],
    [
      'runs on a holiday and the day after',
      { cron: '0 10 26,27 12 *', expectedHours: [{ from: '08:00', to: '16:30' }] },
      [],
    ],
    [
      'runs on a holiday in another zone, which is the day before here',
      { cron: '0 1 7 1 *', zone: 'Asia/Tokyo', expectedHours: [{ from: '00:00', to: '24:00' }] },
      [
        'expectedHours: expected hours in which the job runs; hours over midnight are written as two, found hours in which no run of cron "0 1 7 1 *" falls: none would ever be waited for',
      ],
    ],
    ['hours for the schema to refuse', { dailyAt: '02:15', expectedHours: [{ from: '8', to: '9' }] }, []],
    [
      'how late, but not when',
      { lateMinutes: 30 },
      [': expected one of dailyAt, weekdaysAt, cron or everyMinutes beside lateMinutes, found none'],
    ],
  ])('%s', (_, said, expected) => {
    const problems = scheduleProblems(job(said));
    expect(problems.map(({ name = '', message }) => `${name}: ${message.en}`)).toEqual(expected);
  });

  test('is told where a new contract has it wrong, and not again of one that was signed', () => {
    const text = JSON.stringify({ ...exampleContract(), monitors: [job({ cron: '0 2 30 2 *' })] }, null, 2);
    const { contract, findings } = readContract(text, 'avtal.json', {});
    expect(contract).toBeUndefined();
    expect(findings).toMatchObject([
      { message: expect.stringMatching(/^monitors\[0\]\.cron: .*never comes$/) as string },
    ]);
    expect(findings[0]!.messageSv).toMatch(/som aldrig infaller$/);
    expect(readContract(text, 'avtal.json').findings).toEqual([]);
  });

  test.each<[string, unknown, string[]]>([
    ['everyMinutes', null, ['monitors[0].everyMinutes: expected a whole number, found null']],
    [
      'daily_at',
      '02:15',
      [
        expect.stringMatching(
          /expected one of id, .*, found "daily_at"; did you mean "dailyAt"\?$/,
        ) as string,
      ],
    ],
    ['timezone', 'UTC', [expect.stringContaining('found "timezone"; did you mean "zone"?') as string]],
    ['every', 5, [expect.stringContaining('found "every"; did you mean "everyMinutes"?') as string]],
    ['oftenness', 5, [expect.stringMatching(/expected one of id, .*, found "oftenness"$/) as string]],
  ])('one mistake is told once: %s', (name, value, expected) => {
    const monitors = [{ ...job({ dailyAt: '02:15' }), [name]: value }];
    const { findings } = readContract(JSON.stringify({ ...exampleContract(), monitors }), 'avtal.json', {});
    expect(findings.map(({ message }) => message)).toEqual(expected);
  });

  test('is told where a rule has it wrong', () => {
    const rule = {
      name: 'x',
      priority: 300,
      conditions: { all: [{ fact: 'level', operator: 'equal', value: 'guld' }] },
      event: { type: 'monitoring', params: { checks: { job: { dailyAt: '02:15', cron: '0 2 30 2 *' } } } },
    };
    const guld = JSON.parse(fileText('rules/levels/guld.json')) as { rules: unknown[] };
    guld.rules.push(rule);
    const { findings } = checkRuleset({ 'levels/guld.json': JSON.stringify(guld, null, 2) });
    const told = findings.map(({ message }) => message).filter((message) => message.includes('checks.job'));
    expect(told).toEqual([
      expect.stringMatching(/checks\.job\.cron: expected only one of/),
      expect.stringMatching(/checks\.job\.cron: expected a cron line whose day exists/),
    ]);
  });

  test('is what a rule says, where the contract says something else', async () => {
    const terms = await guldTerms();
    const contract = { ...exampleContract(), monitors: [job({ everyMinutes: 60, lateMinutes: 5 })] };
    const under = { monitoring: { ...terms.monitoring, checks: { job: { dailyAt: '02:15' } } } };
    expect(declaredChecks(contract, under)).toEqual([job({ dailyAt: '02:15', lateMinutes: 5 })]);
  });
});

test('the days that are closed every year are those of the calendar', () => {
  const years = Array.from({ length: 28 }, (_, index) => 2027 + index);
  const days = Array.from({ length: 366 }, (_, index) => addDays('2028-01-01', index).slice(5));
  const closed = days.filter((day) =>
    years.every((year) => !isLocalDate(`${year}-${day}`) || !isOpenDay(`${year}-${day}`)),
  );
  expect(closed).toEqual([...closedEveryYear]);
});
