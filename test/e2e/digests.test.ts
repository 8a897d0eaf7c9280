import { findPlan } from '../../activities/agreements/plans';
import { readRuleset } from '../../rules/engine/ruleset/read-ruleset';
import type { RulesOnDisk } from '../../worker/files/rule-files';
import { diligent } from '../../worker/simulation/scenario';
import type { RunningSimulation } from '../../worker/simulation/simulate';
import type { YearStory } from '../../worker/simulation/timeline';
import type { DigestClockInput } from '../../workflows/digest-clock';
import { from, rule, withRules } from '../helpers/changed-rules';
import { exampleContract, workingRules } from '../helpers/example';
import { beginYear } from '../helpers/live-year';
import { play } from '../helpers/play';

/** The working rules, with digests for the consultant. */
function rulesWithDigests(rhythm: 'weekly' | 'monthly'): RulesOnDisk {
  const texts = Object.fromEntries(
    Object.entries(workingRules().texts).map(([name, text]) => [
      name,
      text.replace('"consultant": "weekly"', `"consultant": "${rhythm}"`),
    ]),
  );
  const { ruleset, findings } = readRuleset(texts);
  expect(findings).toEqual([]);
  return { ruleset: ruleset!, texts };
}

const { agreement, contacts } = exampleContract();

const digestDays = (story: YearStory): string[] =>
  story.mails.filter(({ template }) => template === 'digest').map(({ at }) => at.slice(0, 16));

describe('a digest each month', () => {
  it('comes when something is due in the month, and takes the place of reminders', async () => {
    const { years } = await play({
      digests: true,
      rules: rulesWithDigests('monthly'),
      scenario: (db) => diligent(db, agreement),
    });
    const months = ['01-04', '02-01', '05-03', '06-01', '07-01', '08-02', '11-01'];
    expect(digestDays(years[0]!)).toEqual(months.map((day) => `2027-${day}T08:30`));
    const reminded = years[0]!.timeline.filter(
      ({ kind, id, detail }) =>
        kind === 'mail' && id.endsWith('/remind') && detail.startsWith(contacts.consultant.email),
    );
    expect(reminded).toEqual([]);
  });

  it('comes every month while something is overdue', async () => {
    const { years } = await play({ digests: true, rules: rulesWithDigests('monthly') });
    expect(digestDays(years[0]!)).toHaveLength(12);
  });
});

describe('a week in which nothing is open', () => {
  it('is passed over, and not made up for when a re-plan brings something in the midst of it', async () => {
    const soon = { window: { fromMonth: 2, toMonth: 4 }, phases: { precheck: { openDays: 2 } } };
    const ruleset = withRules(rule('upgrade', soon, [from('2027-03-10')]));
    let due: string | undefined;
    const { years } = await play({
      digests: true,
      rules: { ruleset, texts: ruleset.texts },
      scenario: (db) => diligent(db, agreement),
      onPlayed: async ({ db }) => {
        const { plan } = (await findPlan(db, agreement, 1))!;
        due = plan.obligations.find(({ id }) => id === 'upgrade/plan')?.dueOn;
      },
    });
    expect(due! < '2027-03-15').toBe(true);
    const march = digestDays(years[0]!).filter((day) => day.startsWith('2027-03'));
    expect(march).toEqual(['2027-03-15T08:30', '2027-03-22T08:30', '2027-03-30T08:30']);
  });
});

/** Runs the reader's clock once more as it would be if no worker had run from the first day until this one. */
async function runAfterLongBreak(
  { client, db, workflowId }: RunningSimulation,
  now: string,
): Promise<string[]> {
  const { taskQueue } = await client.workflow.getHandle(workflowId).describe();
  const input: DigestClockInput = {
    reader: `consultant-${contacts.consultant.id}`,
    clockOffset: Date.parse(now) - Date.now(),
    language: 'sv',
  };
  const late = await client.workflow.start('digestClock', {
    workflowId: `${workflowId}-late`,
    taskQueue,
    args: [input],
  });
  const sent = async (obligation: string) =>
    db.query<{ step: string }>(
      `select step from mails where obligation = $1 and state = 'sent' order by step`,
      [obligation],
    );
  for (const deadline = Date.now() + 20_000; Date.now() < deadline;) {
    if ((await sent('digest')).length > 0) break;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  await new Promise((resolve) => setTimeout(resolve, 1000));
  await late.terminate('seen enough');
  return (await sent('digest')).map(({ step }) => step);
}

describe('a worker that was down for months', () => {
  it('sends the newest digest alone', async () => {
    let sent: string[] = [];
    await play({
      years: 0,
      rules: rulesWithDigests('weekly'),
      onPlayed: () => undefined,
      onStarted: async (running) => {
        await running.time.untilIdle();
        sent = await runAfterLongBreak(running, '2027-06-10T10:00:00.000Z');
      },
    });
    expect(sent).toEqual(['consultant-2027-06-07']);
  });
});

describe('a digest of which nobody knows whether it arrived', () => {
  it('is shown on the page of the agreement; what is no mail is not taken', async () => {
    const year = await beginYear({ digests: true, years: 0 });
    await year.to('2027-01-10');
    year.mailbox.next.push('cut-after');
    await year.to('2027-01-11');
    expect((await year.overview()).attention).toMatchObject([
      { code: 'mail-unknown', subject: `consultant-${contacts.consultant.id}/digest/2027-01-11` },
    ]);
    await year.signal('mailReturned', { mail: { obligation: 'digest' }, refused: [null], unknown: [] });
    expect((await year.overview()).rejected).toMatchObject([{ signal: 'mailReturned' }]);
    await year.finish();
  });
});
