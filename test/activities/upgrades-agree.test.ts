/** The portfolio and the agreement's page tell the same of an upgrade, whatever is said of it and in whatever order its phases are. */
import { answer, askedFor, messageTo, yearAt } from '../workflows/year-at';
import { createProgressActivities } from '../../activities/years/progress';
import { createTermsActivities } from '../../activities/years/terms';
import { readUpgrades } from '../../activities/years/upgrades';
import { publishRuleset } from '../../activities/agreements/rulesets';
import { storeSignedContract } from '../../activities/agreements/agreements';
import { instantAt, localDateOf } from '../../rules/engine/calendar/calendar';
import { addDays } from '../../rules/engine/calendar/dates';
import type { LocalDate } from '../../rules/engine/contract/contract';
import type { UpgradeOfAgreement } from '../../rules/engine/upgrade/portfolio';
import { judgePhase, judgePhaseFailed } from '../../workflows/judges/upgrade';
import { judgePart } from '../../workflows/judges/upgrade-parts';
import { judgeDeclinedUpgrade, judgePostponed } from '../../workflows/judges/upgrade-decisions';
import { overviewOf } from '../../workflows/year/page';
import { replanSoon } from '../../workflows/year/plan-year';
import { judgeUndo, takeStep } from '../../workflows/year/steps';
import { phasesOfUpgrade } from '../../workflows/year/upgrades';
import type { Year } from '../../workflows/year/year';
import { rule, withRules } from '../helpers/changed-rules';
import { completedPhase } from '../helpers/completed-phase';
import { exampleContract } from '../helpers/example';
import { random } from '../helpers/random-year';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase } from '../helpers/stack';
import { signedAt } from './signed-agreement';

let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.close());

/** Guld's order, and others of which some do what Guld does last first. */
const orders: Record<string, { order: number }>[] = [
  {},
  { integrations: { order: 15 }, precheck: { order: 35 } },
  { test: { order: 25 }, 'after-check': { order: 45 }, plan: { order: 28 } },
  { approval: { order: 5 }, technical: { order: 68 } },
];

const completed = messageTo('upgradePhaseCompleted', judgePhase);
const failed = messageTo('upgradePhaseFailed', judgePhaseFailed);
const part = messageTo('upgradePartChecked', judgePart);
const postponed = messageTo('upgradePostponed', judgePostponed);
const declined = messageTo('upgradeDeclined', judgeDeclinedUpgrade);

const phaseOf = (id: string): string => id.slice('upgrade/'.length);

/** Has the plans that were asked for made, then the journal written: the order in which a running year does. */
async function settle(year: Year): Promise<void> {
  for (const { name, input } of await askedFor())
    if (name === 'planAgreementYear') {
      await answer(await createTermsActivities(database).planAgreementYear(input as never));
      await settle(year);
      return;
    }
  const entries = year.state.journal.splice(0);
  await createProgressActivities(database).recordProgress({ agreement: year.agreement, year: 1, entries });
}

/** What can be said of the phase that is on, in the words of the message; one that is refused says nothing. */
function say(year: Year, next: () => number, on: LocalDate): string {
  const phases = phasesOfUpgrade(year, 'upgrade');
  const open = phases.filter((id) => !year.isClosed(id)).map(phaseOf);
  const [phase = 'plan'] = open;
  const before = phases.map(phaseOf).slice(0, phases.map(phaseOf).indexOf(phase));
  const reason = 'the figures are wrong';
  const restored = { contact: 'contact-1', lostSince: `${addDays(on, -1)} 16:00` };
  const ways: [number, string, () => unknown][] = [
    [8, `complete ${phase}`, () => completed.take(year, accepting(phase, on))],
    [1, `fail ${phase}`, () => failed.take(year, { phase, then: 'again', reason })],
    [1, `roll back in ${phase}`, () => failed.take(year, { phase, then: 'roll-back', reason })],
    [2, `restore in ${phase}`, () => failed.take(year, { phase, then: 'restore', reason, ...restored })],
    [1, `go back in ${phase}`, () => failed.take(year, { phase, then: before[0] ?? 'again', reason })],
    [1, `fail a part of ${phase}`, () => part.take(year, { phase, part: '1', ok: false, note: 'no' })],
    [0.5, 'postpone', () => postponed.take(year, { until: addDays(on, 20), contact: 'contact-1', reason })],
    [0.2, 'decline', () => declined.take(year, { contact: 'contact-1', reason })],
    [
      1,
      'undo',
      () => {
        const verdict = judgeUndo(year, undefined, undefined);
        if ('accept' in verdict) takeStep(year, 'stepUndone', verdict.accept);
      },
    ],
    [1, 'plan by other rules', () => replanSoon(year, 'other rules')],
  ];
  let at = next() * ways.reduce((sum, [weight]) => sum + weight, 0);
  const [, name, act] = ways.find(([weight]) => (at -= weight) < 0) ?? ways[0]!;
  try {
    act();
    return name;
  } catch (error) {
    return `${name} (refused: ${String(error)})`;
  }
}

/** Completes it whatever is missing or failed. */
const accepting = (phase: string, on: LocalDate): Record<string, unknown> => ({
  ...completedPhase(phase, on),
  ...{ acceptedBy: 'Erik Holm', reason: 'good enough', confirmed: true },
});

/** What page and portfolio both tell. */
const byPage = (year: Year): object => {
  const { strands, upgradePhases = [], upgrades = [], checks } = overviewOf(year);
  const counted = strands.find(({ strand }) => strand === 'upgrade');
  const [{ phase, since, owner, dueOn } = {} as never] = upgradePhases;
  const { attempt = 1, reason } = upgrades[0] ?? {};
  const failures = checks.filter(({ ok, waived }) => ok === false && !waived);
  return {
    ...{ phase, since, waitsFor: owner, dueOn, attempt, reason },
    ...{ done: counted?.done, phases: counted?.total },
    failed: failures.filter(({ phase: of = '' }) => !year.isClosed(of)).length,
    accepted: checks.filter(({ waived, kind }) => waived && kind !== 'decision').length,
  };
};

const byPortfolio = (one: UpgradeOfAgreement, now: string): object => {
  // The page tells a phase from the day on which it is on.
  const isOn = one.since !== undefined && one.since <= now;
  const since = localDateOf(one.since ?? now);
  return {
    ...(isOn ? { phase: one.phase, since, waitsFor: one.waitsFor, dueOn: one.dueOn } : {}),
    ...{ attempt: one.attempt, reason: one.reason, done: one.done, phases: one.phases },
    failed: one.risks.filter(({ kind }) => kind === 'failed').length,
    accepted: one.risks.filter(({ kind }) => kind === 'accepted').length,
  };
};

// Of the first seeds most meet a roll-back or a restoration, in the last two going back to a phase is undone.
it.each([0, 1, 2, 3, 4, 5, 6, 7, 16, 30])('agrees after each message of seed %i', async (seed) => {
  const { db } = database;
  const next = random(seed);
  const publish = async (): Promise<number> => {
    const which = Math.floor(next() * orders.length);
    const rules = withRules(rule('upgrade', { phases: orders[which] }));
    await publishRuleset(db, rules, { author: 'test', message: 'in another order' });
    return which;
  };
  const said = [`order ${await publish()}`];
  const agreement = `testbolaget-${seed}`;
  await storeSignedContract(db, exampleContract({ agreement }), { start: false });
  const plan = await createTermsActivities({ db }).planAgreementYear({
    ...{ agreement, asOf: signedAt, revision: 1 },
  });
  const year = yearAt(signedAt, { plan });
  Object.assign(year, { agreement });
  let on = '2027-05-10';
  for (let message = 0; message < 25; message++) {
    on = addDays(on, Math.floor(next() * 6));
    const now = instantAt(on, '12:00');
    year.input.clockOffset = Date.parse(now);
    if (next() < 0.15) said.push(`order ${await publish()}`);
    said.push(`${on} ${say(year, next, on)}`);
    await settle(year);
    const row = (await readUpgrades(db, now)).find((one) => one.agreement === agreement)!;
    expect([byPortfolio(row, now), ...said]).toEqual([byPage(year), ...said]);
  }
});
