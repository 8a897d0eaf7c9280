/** An agreement that runs is amended: on the wall clock, with the dispatcher, as `npm start` runs it. */
import { approveAmendment } from '../../activities/signings/amendments';
import { publishRuleset } from '../../activities/agreements/rulesets';
import { findPlan } from '../../activities/agreements/plans';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import { addMonths } from '../../rules/engine/calendar/dates';
import type { Contract } from '../../rules/engine/contract/contract';
import type { YearPlan } from '../../rules/engine/plan/plan';
import type { Overview } from '../../templates/ui/overview';
import type { Dispatcher } from '../../worker/processes/dispatcher';
import { startDispatcher } from '../../worker/processes/dispatcher';
import { startAgreement, workflowIdOf } from '../../worker/temporal/start-agreement';
import { eventually } from '../activities/signed-agreement';
import type { LiveAgreements } from '../helpers/live-agreements';
import { startLiveAgreements } from '../helpers/live-agreements';
import { replayHistory } from '../helpers/play';
import { signLater } from '../helpers/signed-later';
import { twoLevels } from '../helpers/two-levels';

const today = localDateOf(new Date().toISOString());
let live: LiveAgreements;
let dispatcher: Dispatcher;
let contract: Contract;
let before: YearPlan;

const handle = () => live.client.workflow.getHandle(workflowIdOf(contract.agreement));
const overview = (): Promise<Overview> => handle().query<Overview>('overview');
const count = async (sql: string): Promise<number> =>
  (await live.db.query<{ count: number }>(`select count(*)::int as count from ${sql}`))[0]?.count ?? 0;
const meetings = (plan: YearPlan): number =>
  plan.obligations.filter(({ strand }) => strand === 'meetings').length;

beforeAll(async () => {
  live = await startLiveAgreements({ holdMinutes: 0 });
  const { client, db } = live;
  await publishRuleset(db, twoLevels(), { author: 'test', message: 'two levels' });
  dispatcher = startDispatcher({ db, client, taskQueue: 'none', language: 'sv', log: () => undefined });
  const startsOn = `${addMonths(today, -1).slice(0, 7)}-01`;
  contract = await live.sign({ signedOn: startsOn, startsOn });
  await eventually('the year is planned', async () => (await count('plans')) === 1);
  before = (await findPlan(db, contract.agreement, 1))!.plan;
  await handle().executeUpdate('hoursUsed', {
    args: [{ agreement: contract.agreement, by: 'anna', hours: 100, confirm: true }],
  });
  await eventually('the hours are booked', async () => (await overview()).hours?.used === 10_000);
});

afterAll(async () => {
  await dispatcher.stop();
  await live.close();
});

describe('an amendment of a running agreement', () => {
  it('changes nothing while it waits', async () => {
    const hourBank = { ...contract.hourBank, hours: 160 };
    const changed = { ...contract, level: 'platina', signedOn: today, hourBank };
    expect(await signLater(live.db, { contract: changed })).toEqual({ judged: 'amendment', id: 1 });
    expect(await overview()).toMatchObject({
      planRevision: 1,
      hours: { contracted: 12_000, used: 10_000 },
      attention: expect.arrayContaining([
        expect.objectContaining({ code: 'hours-low', subject: '75' }),
      ]) as unknown,
    });
  });

  it('has the running year planned again when it is approved, with its hours and meetings', async () => {
    const asOf = new Date().toISOString();
    await approveAmendment(live.db, 1, { by: 'erik', asOf });
    await eventually('the year is planned again', async () => (await overview()).planRevision === 2);
    const { plan, terms } = (await findPlan(live.db, contract.agreement, 1))!;
    expect(terms.meetings.perYear).toBe(6);
    expect(meetings(plan)).toBeGreaterThan(meetings(before));
    expect(plan.balance).toMatchObject({ contracted: 16_000, used: 10_000, remaining: 6_000 });
    const page = await overview();
    expect(page.hours).toEqual({ contracted: 16_000, rolledIn: 0, used: 10_000 });
    // 100 of 160 hours are less than three quarters again.
    expect(page.attention.map(({ code }) => code)).not.toContain('hours-low');
    expect(page.strands.find(({ strand }) => strand === 'meetings')?.total).toBe(meetings(plan));
  });

  it('books further hours on the larger bank, and tells anew when it runs low', async () => {
    const { agreement } = contract;
    await handle().executeUpdate('hoursUsed', {
      args: [{ agreement, by: 'anna', hours: 25, confirm: true, ref: 'later' }],
    });
    await eventually('the hours are booked', async () => (await overview()).hours?.used === 12_500);
    const page = await overview();
    expect(page.hours).toEqual({ contracted: 16_000, rolledIn: 0, used: 12_500 });
    expect(page.attention).toContainEqual(expect.objectContaining({ code: 'hours-low', subject: '75' }));
  });

  it('makes no second agreement and no second run', async () => {
    expect(await count('agreements')).toBe(1);
    expect(await count(`outbox where kind = 'contract-changed' and done_at is not null`)).toBe(1);
    await startAgreement(live.client, contract, { taskQueue: 'none', language: 'sv' });
    const runs = [];
    for await (const run of live.client.workflow.list({
      query: `WorkflowId = '${workflowIdOf(contract.agreement)}'`,
    }))
      runs.push(run.runId);
    expect(runs).toHaveLength(1);
  });

  it('leaves a history that replays', async () => {
    const history = await handle().fetchHistory();
    await replayHistory(history, workflowIdOf(contract.agreement));
  });
});
