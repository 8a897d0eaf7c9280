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
