import { listDecisions } from '../../activities/agreements/decisions';
import { repeatDecision } from '../../activities/hours/repeat-decision';
import type { Decision } from '../../activities/agreements/decisions';
import type { Db } from '../../activities/db';
import { findPlan } from '../../activities/agreements/plans';
import type { Ruleset } from '../../rules/engine/ruleset/read-ruleset';
import type { RulesOnDisk } from '../../worker/files/rule-files';
import { scripted } from '../../worker/simulation/scenario';
import type { YearStory } from '../../worker/simulation/timeline';
import { changedLevel, from, rule, withRules } from '../helpers/changed-rules';
import { exampleContract, workingRules } from '../helpers/example';
import { play, replayAll } from '../helpers/play';

const onDisk = (ruleset: Ruleset): RulesOnDisk => ({ ruleset, texts: ruleset.texts });
const agreement = 'testbolaget-2027';

/** Everything a test asks of the database before the simulation is removed. */
async function decided(db: Db): Promise<{ decisions: Decision[]; repeated: string[] }> {
  const decisions = await listDecisions(db, agreement);
  const again = await Promise.all(decisions.map((one) => repeatDecision(db, agreement, one)));
  return { decisions, repeated: again.flat().map(({ en }) => en) };
}

const days = ({ timeline }: YearStory, kind: string, id: RegExp): string[] => [
  ...new Set(
    timeline
      .filter((one) => one.kind === kind && id.test(one.id))
      .map((one) => `${one.at.slice(0, 16)} ${one.id}`),
  ),
];

describe('a rule dated in the middle of a year', () => {
  const six = rule('meetings', { perYear: 6 }, [from('2027-04-01')]);
  const early = rule('support', { opens: '07:00' }, [from('2027-07-01')]);

  it('takes effect on its day in the running year without anybody’s doing, and mails go out by it', async () => {
    let kept: Awaited<ReturnType<typeof decided>> | undefined;
    const { years } = await play({
      rules: onDisk(withRules(six, early)),
      scenario: () => scripted([{ on: '2027-02-16', signal: 'meetingHeld', input: { by: 'anna' } }]),
      onPlayed: async (running) => {
        kept = await decided(running.db);
        await replayAll(running);
      },
    });
    const [story] = years as [YearStory];

    expect(days(story, 'decision', /^plan-/)).toEqual([
      expect.stringMatching(/^2026-12-01T09:00 plan-1$/),
      '2027-04-01T00:00 plan-2',
      '2027-07-01T00:00 plan-3',
    ]);
    const changes = kept!.decisions.map(({ key, result }) => [
      key,
      (result.changes ?? []).map((change) => [change.path, change.from, change.to, change.rule]),
    ]);
    expect(changes.slice(0, 3)).toEqual([
      ['plan-1', []],
      ['plan-2', [['meetings.perYear', 4, 6, six.name]]],
      ['plan-3', [['support.opens', '08:30', '07:00', early.name]]],
    ]);
    expect(kept!.decisions[1]!.result.reason).toContain('(2027-04-01)');
    expect(kept!.repeated).toEqual([]);

    const called = days(story, 'mail', /^meeting-\d\/call$/).map((line) => line.slice(17));
    expect(called).toEqual([1, 2, 3, 4, 5, 6].map((number) => `meeting-${number}/call`));
    const times = (mails: typeof story.mails) => [...new Set(mails.map(({ at }) => at.slice(11, 16)))];
    const [before, after] = [
      story.mails.filter(({ at, template }) => at < '2027-07-01' && template !== 'welcome'),
      story.mails.filter(({ at }) => at >= '2027-07-01'),
    ];
    expect(times(before)).toEqual(['08:30']);
    expect(times(after)).toEqual(['07:00']);
    expect(after.length).toBeGreaterThan(20);
    const meetings = story.timeline.filter(({ kind, id }) => kind === 'phase' && /^meeting-\d$/.test(id));
    expect(meetings).toHaveLength(6);
  });

  it('waits for the next period where it is about price or discount, and holds in it', async () => {
    const { hourlyRate: _, ...hourBank } = exampleContract().hourBank;
    const prices = workingRules().texts['prices.json']!.replace(
      '"prices": [',
      '"prices": [{ "service": "consulting", "currency": "SEK", "from": "2027-06-01", "pricePerHour": 1600 },',
    );
    const twenty = rule('hourBank', { discountPercent: 20 }, [from('2027-04-01')]);
    const ruleset = changedLevel((level) => void level.rules.push(twenty), { 'prices.json': prices });
    const kept: { year: number; discount: number; price: number | undefined }[] = [];
    let repeated: string[] = ['not asked'];
    const { years } = await play({
      contract: exampleContract({ hourBank }),
      rules: onDisk(ruleset),
      years: 2,
      scenario: () => scripted([{ on: '2027-08-16', signal: 'priceApproved', input: { by: 'erik' } }]),
      onPlayed: async (running) => {
        for (const year of [1, 2]) {
          const { plan, terms } = (await findPlan(running.db, agreement, year))!;
          kept.push({ year, discount: terms.hourBank.discountPercent, price: plan.hourlyRateMinor });
        }
        repeated = (await decided(running.db)).repeated;
        await replayAll(running);
      },
    });
    expect(kept).toEqual([
      { year: 1, discount: 15, price: 145_000 },
      { year: 2, discount: 20, price: 160_000 },
    ]);
    expect(days(years[0]!, 'decision', /^plan-/)).toEqual(['2026-12-01T09:00 plan-1']);
    expect(days(years[1]!, 'decision', /^plan-/)).toEqual(['2028-01-01T00:00 plan-1']);
    expect(repeated).toEqual([]);
  });
});
