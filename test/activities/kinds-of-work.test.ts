/** Kinds of work that count otherwise: in units of their own, for more than their time, or not at all. */
import { hoursOfYear, readHours } from '../../activities/hours/facts';
import { createHoursActivities } from '../../activities/hours/hours';
import type { ReportedEntry } from '../../activities/hours/ledger';
import { checkRuleset } from '../../rules/engine/lint/check-ruleset';
import { rule } from '../helpers/changed-rules';
import { workingRules } from '../helpers/example';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase } from '../helpers/stack';
import { signAndPlanUnder } from './signed-agreement';

const agreement = 'testbolaget-2027';
const kinds = { technical: { factorPercent: 150, roundToMinutes: 30 }, support: { draws: 'never' } };
let database: FreshDatabase;

beforeEach(async () => {
  database = await freshDatabase();
});
afterEach(() => database.close());

const report = (entryId: string, said: Partial<ReportedEntry>) =>
  createHoursActivities(database).reportHours({
    ...{ agreement, year: 1 },
    entries: [{ entryId, by: 'anna', byAssumed: false, asOf: '2027-03-02T09:00:00.000Z', ...said }],
  });

it('are booked by the terms of the year, also when they are corrected, and again', async () => {
  await signAndPlanUnder(database.db, { hourBank: { kinds } });
  await report('a', { seconds: 5040, service: 'technical', ref: 'a' });
  await report('b', { seconds: 5040, service: 'support', ref: 'b' });
  await report('c', { seconds: 5040, service: 'training' });
  await report('d', { seconds: 3600, corrects: { ref: 'a' } });
  await report('e', { seconds: 1800, corrects: { number: 4 } });
  await report('f', { seconds: 7200, corrects: { ref: 'b' } });
  const facts = await readHours(database.db, agreement);
  expect(facts.entries.map(({ reported, billable }) => [reported, billable])).toEqual([
    [5040, 5400],
    [5040, 0],
    [5040, 5040],
    [3600, 5400],
    [1800, 2700],
    [7200, 0],
  ]);
  expect(hoursOfYear(facts, 1, '2027-03-02')?.used).toBe(2700 + 5040);
});

describe('check', () => {
  const findings = (changed: object): string[] => {
    const { texts } = workingRules();
    const level = JSON.parse(texts['levels/guld.json'] ?? '') as { rules: object[] };
    level.rules.push(rule('hourBank', { kinds: changed }));
    return checkRuleset({ ...texts, 'levels/guld.json': JSON.stringify(level) }).findings.map(
      ({ severity, message }) => `${severity} ${message}`,
    );
  };

  it('warns of a level whose hours are no longer to use freely', () => {
    expect(findings(kinds)).toEqual([
      expect.stringMatching(/^warning .*kinds\.technical\.factorPercent: .* signed it, found 150$/),
    ]);
    expect(findings({ support: { draws: 'never' } })).toEqual([]);
  });

  it('refuses a kind that there is none of, with those that there are', () => {
    expect(findings({ tecnical: { draws: 'never' } })).toEqual([
      expect.stringMatching(/^error .*technical.*did you mean "technical"/),
    ]);
  });
});
