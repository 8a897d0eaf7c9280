import { signedBefore, storeSignedContract } from '../../activities/agreements/agreements';
import { createHoursActivities } from '../../activities/hours/hours';
import { hourBalance } from '../../activities/hours/facts';
import { createProgressActivities } from '../../activities/years/progress';
import { publishRuleset, rulesetInForce } from '../../activities/agreements/rulesets';
import { createTermsActivities } from '../../activities/years/terms';
import type { Contract } from '../../rules/engine/contract/contract';
import type { StoredPlan } from '../../rules/engine/plan/plan';
import { readRuleset } from '../../rules/engine/ruleset/read-ruleset';
import type { AgreedTakeOver } from '../../rules/engine/plan/take-over';
import { readStatus } from '../../activities/health/read-status';
import { printStatus } from '../../worker/commands/status/print-status';
import { exampleContract, workingRules } from '../helpers/example';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase } from '../helpers/stack';
import { mailActivities, publishWorkingRules } from './signed-agreement';
import { openMailbox } from '../helpers/mailbox';
import { previewRuleset } from '../../activities/agreements/previews';

let database: FreshDatabase;
beforeEach(async () => {
  database = await freshDatabase();
});
afterEach(() => database.close());

/** In month seven of the example's second year. */
const asOf = '2028-07-05T09:00:00.000Z';
const agreement = 'testbolaget-2027';
const told: AgreedTakeOver = {
  year: 2,
  hoursUsed: 34.5,
  hoursRolledIn: 10.25,
  meetingsHeld: ['2028-02-18', '2028-05-11'],
  upgrade: 'done',
};

async function takeOver(
  takeOver: AgreedTakeOver = told,
  changed: Partial<Contract> = {},
): Promise<StoredPlan> {
  await publishWorkingRules(database.db);
  await storeSignedContract(database.db, exampleContract(changed), { start: false, takeOver });
  return planAt(asOf);
}
const planAt = (instant: string): Promise<StoredPlan> =>
  createTermsActivities(database).planAgreementYear({ agreement, asOf: instant, revision: 1 });

const obligations = (): Promise<{ id: string; state: string; by: string | null }[]> =>
  database.db.query(`select id, state, closed_by as by from obligations order by due_on, id`);

describe('planning an agreement that is taken over', () => {
  it('plans the year it is in, with what is behind closed and the hours in the ledger', async () => {
    const plan = await takeOver();
    expect(plan).toMatchObject({
      yearNumber: 2,
      revision: 1,
      balance: { contracted: 12000, rolledIn: 1025, used: 3450, remaining: 9575 },
      takenOver: { at: asOf, meetings: { 'meeting-1': '2028-02-18', 'meeting-2': '2028-05-11' } },
    });
    const rows = await obligations();
    const closed = plan.takenOver!.closed;
    for (const { id, state, by } of rows)
      expect([id, state, by]).toEqual([
        id,
        ...(closed[id] ? [closed[id].how === 'told' ? 'done' : 'cancelled', 'takeover'] : ['open', null]),
      ]);
    expect(rows.filter(({ state }) => state === 'done')).toHaveLength(9);
    expect(rows.filter(({ state }) => state === 'cancelled').length).toBeGreaterThan(0);
  });

  it('gives the same plan to a retry, and books the hours once', async () => {
    const plan = await takeOver();
    expect(await planAt('2028-07-06T09:00:00.000Z')).toEqual(plan);
    expect(await hourBalance(database.db, agreement, 2, asOf)).toMatchObject({ used: 3450, rolledIn: 1025 });
  });

  it('shows what was before the takeover in the status', async () => {
    await takeOver();
    const text = printStatus(await readStatus(database.db, new Date(asOf)));
    expect(text).toMatch(/meetings +2 of 4 done; 2 done before the takeover/);
    expect(text).toMatch(/hourBank +0 of \d+ done; \d passed before the takeover/);
    expect(text).toContain('34.5 used of 120 contracted + 10.25 rolled in');
  });

  it('begins with the year it was taken over in, however late the workflow starts', async () => {
    await publishWorkingRules(database.db);
    await storeSignedContract(database.db, exampleContract(), { start: false, takeOver: told });
    const plan = await planAt('2029-01-03T09:00:00.000Z');
    expect(plan.yearNumber).toBe(2);
    expect(plan.obligations.filter(({ id }) => !plan.takenOver!.closed[id]).map(({ id }) => id)).toEqual([
      'close',
    ]);
  });

  it('lets rolled hours whose day has passed lapse, as far as nobody used them', async () => {
    await publishRuleset(database.db, lapsingRules(), { author: 'test', message: 'hours lapse' });
    const contract = exampleContract();
    const takeOver = { ...told, hoursRolledIn: 20, hoursUsed: 12.5 };
    await storeSignedContract(database.db, contract, { start: false, takeOver });
    const plan = await planAt(asOf);
    expect(plan.takenOver!.closed).toHaveProperty('hours/lapse');
    expect(plan.balance).toEqual({
      contracted: 12000,
      rolledIn: 1250,
      used: 1250,
      remaining: 12000,
      overage: 0,
    });
  });
});

function lapsingRules() {
  const { texts } = workingRules();
  const files = Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [
      name,
      text.replace(/"expiresAfterMonths": \d+/, '"expiresAfterMonths": 6'),
    ]),
  );
  const { ruleset } = readRuleset(files);
  return ruleset!;
}

describe('the hours of an agreement that was taken over', () => {
  it('roll over at the close as those of any other', async () => {
    await takeOver();
    const closed = await createHoursActivities(database).closeHours({
      agreement,
      year: 2,
      asOf: '2028-12-31T23:00:00.000Z',
      ended: false,
    });
    // 130.25 h less 34.5 h used: 95.75 h unused, of which a fifth of 120 h rolls over.
    expect(closed).toMatchObject({ used: 3450, rolledIn: 1025, rolledOut: 2400, expired: 7175 });
  });

  it('can be corrected by the reference takeover', async () => {
    await takeOver();
    const entry = { entryId: 'x', hours: 3000, by: 'konsult-1', byAssumed: false, asOf };
    const { unknown, after } = await createHoursActivities(database).reportHours({
      agreement,
      year: 2,
      entries: [{ ...entry, corrects: { ref: 'takeover' } }],
    });
    expect({ unknown, used: after.used }).toEqual({ unknown: [], used: 3000 });
  });

  it('stand in the customer’s statement under their own name', async () => {
    await takeOver();
    const mailbox = await openMailbox();
    try {
      const { sendNotice } = mailActivities(database.db, mailbox.smtpUrl);
      const about = {
        agreement,
        year: 2,
        obligation: 'hours/statement-3',
        step: 'send',
        revision: 1,
      } as const;
      await sendNotice({ ...about, template: 'hour-statement', to: 'customer', roles: ['finance'], asOf });
      expect(mailbox.mails[0]?.text).toMatch(/34\stim\s30\smin, Använt innan avtalet togs över/);
    } finally {
      await mailbox.close();
    }
  });
});

it('stays behind when the year is planned again after a change of the rules, and in its preview', async () => {
  const plan = await takeOver();
  const closed = Object.fromEntries(Object.entries(plan.takenOver!.closed).map(([id, { at }]) => [id, at]));
  for (const id of Object.keys(plan.takenOver!.meetings))
    await createProgressActivities(database).recordProgress({
      agreement,
      year: 2,
      entries: [
        {
          id,
          at: asOf,
          kind: 'row',
          ref: id,
          detail: {},
          meeting: { id, heldOn: plan.takenOver!.meetings[id]! },
        },
      ],
    });
  const { texts } = workingRules();
  const { ruleset } = readRuleset(
    Object.fromEntries(
      Object.entries(texts).map(([name, text]) => [
        name,
        text.replace('"callDaysBefore": 35', '"callDaysBefore": 40'),
      ]),
    ),
  );
  const { ruleset: inForce } = workingRules();
  const later = '2028-07-10T09:00:00.000Z';
  const previewed = [];
  for await (const one of previewRuleset(database.db, inForce, ruleset!, later)) previewed.push(one);
  const moved = previewed.flatMap(({ preview }) => preview?.plan.obligations ?? []);
  expect(previewed[0]?.preview?.values).toHaveLength(1);
  expect(moved.filter(({ id }) => id in closed)).toEqual([]);
  expect(await rulesetInForce(database.db)).toBeDefined();

  await publishRuleset(database.db, ruleset!, { author: 'test', message: 'called earlier' });
  const again = await createTermsActivities(database).planAgreementYear({
    agreement,
    yearNumber: 2,
    asOf: later,
    revision: 2,
    closed,
    meetings: plan.settled!,
  });
  expect(again.takenOver).toEqual(plan.takenOver);
  expect(again).not.toHaveProperty('welcome');
  for (const id of Object.keys(closed))
    expect(again.obligations.find((one) => one.id === id)).toEqual(
      plan.obligations.find((one) => one.id === id),
    );
  const rows = await obligations();
  expect(
    rows
      .filter(({ by }) => by === 'takeover')
      .map(({ id }) => id)
      .sort(),
  ).toEqual(Object.keys(closed).sort());
  expect(await hourBalance(database.db, agreement, 2, asOf)).toMatchObject({ used: 3450, rolledIn: 1025 });
});

describe('signing again', () => {
  const store = (takeOver?: AgreedTakeOver, changed: Partial<Contract> = {}) =>
    storeSignedContract(database.db, exampleContract(changed), {
      start: false,
      ...(takeOver && { takeOver }),
    });

  it('takes the same content for the same, also in another year and with the days in another order', async () => {
    expect(await store(told)).toBe('signed');
    expect(await store({ ...told, year: 3, meetingsHeld: ['2028-05-11', '2028-02-18'] })).toBe(
      'already-signed',
    );
  });

  it('refuses what was told otherwise, and a contract that differs', async () => {
    await store(told);
    expect(await store({ ...told, hoursUsed: 35 })).toBe('refused');
    expect(await store()).toBe('refused');
    expect(await store(told, { signedOn: '2026-12-02' })).toBe('refused');
  });

  it('takes telling nothing for not being told', async () => {
    await store();
    expect(await signedBefore(database.db, exampleContract(), { year: 2 })).toBe('already-signed');
    expect(await signedBefore(database.db, exampleContract({ agreement: 'another' }))).toBeUndefined();
  });
});
