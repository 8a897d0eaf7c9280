import { createActivities } from '../../activities';
import { applyContractChange, storeContractChange } from '../../activities/agreements/agreements';
import { createHoursActivities } from '../../activities/hours/hours';
import { hourBalance } from '../../activities/hours/facts';
import { createProgressActivities } from '../../activities/years/progress';
import { publishRuleset, rulesetInForce } from '../../activities/agreements/rulesets';
import { findPlan } from '../../activities/agreements/plans';
import type { PlanYearInput } from '../../activities/years/terms';
import { createTermsActivities } from '../../activities/years/terms';
import type { StoredPlan } from '../../rules/engine/plan/plan';
import { readRuleset } from '../../rules/engine/ruleset/read-ruleset';
import { exampleContract, workingRules } from '../helpers/example';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase } from '../helpers/stack';
import { besides, publishWorkingRules, sign, signedAt } from './signed-agreement';

let database: FreshDatabase;

beforeEach(async () => {
  database = await freshDatabase();
});

afterEach(() => database.close());

const agreement = 'testbolaget-2027';
const activities = () => createTermsActivities(database);
const planFirst = (revision = 1) =>
  activities().planAgreementYear({ agreement, asOf: signedAt, revision, yearNumber: 1 });

/** Puts the working rules in force with a part of their text replaced. */
async function publishChanged(replaced: string, by: string): Promise<void> {
  const { texts } = workingRules();
  expect(Object.values(texts).join()).toContain(replaced);
  const changed = Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, text.replace(replaced, by)]),
  );
  const { ruleset, findings } = readRuleset(changed);
  expect(findings).toEqual([]);
  await publishRuleset(database.db, ruleset!, { author: 'test', message: 'changed by a test' });
}

describe('planning an agreement year', () => {
  it('plans the year that the day falls in', async () => {
    await sign(database.db);
    const plan = await activities().planAgreementYear({
      agreement,
      asOf: '2029-05-02T10:00:00.000Z',
      revision: 1,
    });
    expect(plan).toMatchObject({ yearNumber: 3, from: '2029-01-01', to: '2030-01-01' });
  });

  it('gives the stored plan to a retry, even when other rules are in force by then', async () => {
    await sign(database.db);
    const first = await planFirst();
    await publishChanged('"perYear": 4', '"perYear": 6');
    expect(await planFirst()).toEqual(first);
    expect(await database.db.query('select 1 from plans')).toHaveLength(1);
  });

  it('gives one plan to attempts that run at the same time', async () => {
    await sign(database.db);
    const plans = await besides(database.databaseUrl, (other) =>
      Promise.all([
        planFirst(),
        createTermsActivities({ db: other }).planAgreementYear({ agreement, asOf: signedAt, revision: 1 }),
        planFirst(),
      ]),
    );
    for (const plan of plans) expect(plan).toEqual(plans[0]);
    expect(await database.db.query('select 1 from decisions')).toHaveLength(1);
  });

  it('keeps what decided the terms: ruleset, facts, matched rules', async () => {
    await sign(database.db);
    const plan = await planFirst();
    const [decision] = await database.db.query('select * from decisions');
    expect(decision).toMatchObject({
      agreement,
      year: 1,
      key: 'plan-1',
      kind: 'terms',
      ruleset_hash: await rulesetInForce(database.db),
      facts: { level: 'guld', contractedHours: 120, integrationCount: 2, yearNumber: 1, date: '2027-01-01' },
    });
    expect(plan.rulesetHash).toBe(decision!.ruleset_hash);
    expect(JSON.stringify(decision!.matched)).toContain('guld: högre rabatt från 100 timmar');
  });

  it('writes every obligation of the plan, and the agreement is live', async () => {
    await sign(database.db);
    const plan = await planFirst();
    const rows = await database.db.query<{ id: string }>('select id from obligations order by id');
    expect(rows.map(({ id }) => id)).toEqual(plan.obligations.map(({ id }) => id).sort());
    expect(await database.db.query('select state, year_number from agreements')).toEqual([
      { state: 'live', year_number: 1 },
    ]);
  });

  it('opens the hour bank with the contracted hours', async () => {
    await sign(database.db, { hourBank: { ...exampleContract().hourBank, hours: 80.55 } });
    await planFirst();
    expect(await hourBalance(database.db, agreement, 1, '2027-03-01T12:00:00.000Z')).toMatchObject({
      contracted: 8_055,
      rolledIn: 0,
    });
  });

  it('opens a later year with the hours rolled in', async () => {
    await sign(database.db);
    await planFirst();
    const asOf = '2027-12-31T23:00:00.000Z';
    await createHoursActivities(database).closeHours({ agreement, year: 1, asOf, ended: false });
    await activities().planAgreementYear({ agreement, yearNumber: 2, asOf, revision: 1 });
    expect(await hourBalance(database.db, agreement, 2, asOf)).toMatchObject({
      contracted: 12_000,
      rolledIn: 2_400,
    });
  });

  it('follows a changed number in the rule file', async () => {
    await sign(database.db);
    await publishChanged('"perYear": 4', '"perYear": 6');
    const { obligations } = await planFirst();
    expect(obligations.filter(({ strand }) => strand === 'meetings')).toHaveLength(6);
  });
});

describe('planning again', () => {
  const closedAt = '2027-02-16T12:00:00.000Z';

  beforeEach(async () => {
    await sign(database.db);
    await planFirst();
    await createProgressActivities(database).recordProgress({
      agreement,
      year: 1,
      entries: [
        {
          id: '1',
          at: closedAt,
          kind: 'phase',
          ref: 'meeting-1',
          detail: {},
          obligation: { id: 'meeting-1', state: 'done', by: 'anna' },
        },
      ],
    });
  });

  const again = () =>
    activities().planAgreementYear({
      agreement,
      yearNumber: 1,
      asOf: '2027-03-01T12:00:00.000Z',
      revision: 2,
      reason: 'a test',
      closed: { 'meeting-1': closedAt },
    });

  it('keeps what is closed, and moves what is open', async () => {
    const before = await findPlan(database.db, agreement, 1, 1);
    const [meetingBefore] = await database.db.query(`select * from obligations where id = 'meeting-1'`);
    await publishChanged('"perYear": 4', '"perYear": 6');
    const plan = await again();
    const dates = (of: typeof plan) =>
      Object.fromEntries(of.obligations.map(({ id, dueOn }) => [id, dueOn])) as Record<string, string>;
    expect(dates(plan)['meeting-1']).toBe(dates(before!.plan)['meeting-1']);
    expect(dates(plan)['meeting-6']).toBeDefined();
    expect(dates(plan)['meeting-2']).not.toBe(dates(before!.plan)['meeting-2']);
    expect(await database.db.query(`select * from obligations where id = 'meeting-1'`)).toEqual([
      meetingBefore,
    ]);
    const [second] = await database.db.query<{ due_on: string }>(
      `select due_on from obligations where id = 'meeting-2'`,
    );
    expect(second!.due_on).toBe(dates(plan)['meeting-2']);
  });

  it('gives the days of before back where a roll-back is undone, in the plan and in what is owed', async () => {
    const closed = { 'upgrade/plan': '2027-05-10T08:00:00.000Z' };
    const plan = (revision: number, more: Partial<PlanYearInput>) =>
      activities().planAgreementYear({
        ...{ agreement, yearNumber: 1, asOf: '2027-05-12T08:00:00.000Z', revision },
        ...more,
      });
    const upgradeOf = ({ obligations }: StoredPlan): string[] =>
      obligations.flatMap(({ id, dueOn }) => (id.startsWith('upgrade/') ? [`${id} ${dueOn}`] : []));
    const before = await plan(2, { closed });
    // What begins anew is tested by the rules of today.
    await publishChanged('Log in with your own users', 'Everybody logs in');
    const rolledBack = await plan(3, { closed: {}, upgrades: { upgrade: { from: '2027-05-12' } } });
    expect(upgradeOf(rolledBack)).not.toEqual(upgradeOf(before));
    expect(rolledBack.upgrade?.cases).not.toEqual(before.upgrade?.cases);
    const ids = Object.keys(closed);
    const undone = await plan(4, { closed, closedAsIn: { revision: 2, ids } });
    expect(upgradeOf(undone)).toEqual(upgradeOf(before));
    expect(undone.upgrade?.cases).toEqual(before.upgrade?.cases);
    const textsOf = async (revision: number): Promise<unknown> =>
      (await findPlan(database.db, agreement, 1, revision))?.testCases;
    expect(await textsOf(4)).toEqual(await textsOf(2));
    const rows = await database.db.query<{ due: string }>(
      `select id || ' ' || due_on as due from obligations where strand = 'upgrade' order by due_on, id`,
    );
    expect(rows.map(({ due }) => due).sort()).toEqual(upgradeOf(before).sort());
  });

  it('cancels an open obligation that is owed no more', async () => {
    await publishChanged('"statementsPerYear": 4', '"statementsPerYear": 2');
    const plan = await again();
    const ids = plan.obligations.map(({ id }) => id);
    const cancelled = await database.db.query<{ id: string }>(
      `select id from obligations where state = 'cancelled'`,
    );
    expect(cancelled.length).toBeGreaterThan(0);
    for (const { id } of cancelled) expect(ids).not.toContain(id);
  });

  it('gives hours of an amendment by the months that are left, where the terms say so, and once', async () => {
    await database.db.query(
      `update agreements set contract = jsonb_set(contract, '{hourBank,hours}', '180')`,
    );
    await publishChanged('"orderOfUse"', '"amendment": { "proration": "byMonth" }, "orderOfUse"');
    // Ten months are left in March: 50 of the 60 hours.
    expect(await again()).toMatchObject({ contractedHours: 17_000, contractedFor: 18_000 });
    const later = {
      agreement,
      yearNumber: 1,
      asOf: '2027-09-01T12:00:00.000Z',
      closed: { 'meeting-1': closedAt },
    };
    expect(await activities().planAgreementYear({ ...later, revision: 3 })).toMatchObject({
      ...{ contractedHours: 17_000, contractedFor: 18_000 },
      balance: { contracted: 17_000 },
    });
    // A run that was rewound to before the amendment gets its hours, which are there already.
    const rewound = { ...later, asOf: '2027-10-01T12:00:00.000Z', revision: 2 };
    expect(await activities().planAgreementYear(rewound)).toMatchObject({
      ...{ revision: 4, contractedHours: 17_000, contractedFor: 18_000 },
      balance: { contracted: 17_000 },
    });
    const asOf = '2027-12-31T23:00:00.000Z';
    const next = await activities().planAgreementYear({ agreement, yearNumber: 2, asOf, revision: 1 });
    expect(next).toMatchObject({ contractedHours: 18_000 });
    expect(next).not.toHaveProperty('contractedFor');
  });

  it('gives a run that was rewound a plan of its own for what it asks, once', async () => {
    const { db } = database;
    const first = await again();
    expect(first.revision).toBe(2);
    // The same task, lost and done again a moment later.
    const asOf = '2027-03-01T12:00:20.000Z';
    const asked = { agreement, yearNumber: 1, revision: 2, reason: 'a test' };
    const plan = (more: Partial<PlanYearInput> & Pick<PlanYearInput, 'asOf'>) =>
      activities().planAgreementYear({ ...asked, ...more });
    expect(await plan({ asOf, closed: { 'meeting-1': closedAt } })).toEqual(first);
    // A month later it asks for revision 2 again, with another meeting closed.
    const late = { asOf: '2027-04-01T12:00:00.000Z', closed: { 'meeting-2': closedAt } };
    const own = await plan(late);
    expect(own).toMatchObject({ revision: 3, contractedHours: first.contractedHours });
    expect(await plan(late)).toEqual(own);
    expect(await db.query(`select state from obligations where id = 'meeting-1'`)).toEqual([
      { state: 'open' },
    ]);
    const next = await plan({ ...late, asOf: '2027-04-02T12:00:00.000Z', revision: 4 });
    expect(next.revision).toBe(4);
  });

  it('changes nothing of the hour bank', async () => {
    const before = await hourBalance(database.db, agreement, 1, '2027-03-01T12:00:00.000Z');
    await again();
    expect(await hourBalance(database.db, agreement, 1, '2027-03-01T12:00:00.000Z')).toEqual(before);
  });

  it('keeps the reason with the decision', async () => {
    await again();
    expect(
      await database.db.query(`select result->>'reason' as reason from decisions where key = 'plan-2'`),
    ).toEqual([{ reason: 'a test' }]);
  });

  it('plans with the contract as it is now', async () => {
    const contract = exampleContract();
    const added = { id: 'bank', name: 'Bankfiler', owner: 'customer' as const };
    const changed = { ...contract, integrations: [...contract.integrations, added] };
    await storeContractChange(database.db, agreement, changed, '2027-03-01', signedAt);
    const [change] = await database.db.query<{ id: number }>('select id from contract_changes');
    await applyContractChange(database.db, change!.id);
    await again();
    const [decision] = await database.db.query(`select facts from decisions where key = 'plan-2'`);
    expect(decision).toMatchObject({ facts: { integrationCount: 3 } });
  });
});

describe('what keeps a year from being planned', () => {
  it('is a failure for good where nobody signed', async () => {
    await publishWorkingRules(database.db);
    await expect(planFirst()).rejects.toMatchObject({ type: 'NotFound', nonRetryable: true });
  });

  it('is a failure for good where the rules give no usable terms', async () => {
    await sign(database.db, { level: 'silver' });
    await expect(planFirst()).rejects.toMatchObject({ type: 'TermsUnusable', nonRetryable: true });
    expect(await database.db.query(`select 1 from agreements where state = 'signed'`)).toHaveLength(1);
  });

  it('is a failure for good where the stored rules no longer read', async () => {
    await sign(database.db);
    await database.db.query(
      `insert into rulesets (hash, files) values ('broken', '{"levels/guld.json": "{"}')`,
    );
    await database.db.query(`insert into publications (hash, note) values ('broken', '')`);
    await expect(planFirst()).rejects.toMatchObject({ type: 'TermsUnusable', nonRetryable: true });
  });

  it('may pass where no ruleset is in force yet', async () => {
    await sign(database.db);
    await database.db.query('truncate publications');
    await expect(planFirst()).rejects.not.toHaveProperty('nonRetryable', true);
    await expect(planFirst()).rejects.toThrow('expected a ruleset in force');
    await database.db.query(`insert into publications (hash, note) select hash, '' from rulesets`);
    expect(await planFirst()).toMatchObject({ revision: 1 });
  });

  it('is told as what it is where the database, not the rules, is at fault', async () => {
    await sign(database.db);
    await database.db.query('alter table publications drop constraint publications_hash_fkey');
    await database.db.query(`update publications set hash = 'lost'`);
    await database.db.query('alter table rulesets rename to mislaid');
    const wrapped = createActivities({ ...mailDeps, db: database.db });
    const planning = wrapped.planAgreementYear({ agreement, asOf: signedAt, revision: 1 });
    await expect(planning).rejects.toMatchObject({ type: 'DatabaseRefused', nonRetryable: true });
  });
});

const mailDeps = {
  sendMessage: () => Promise.reject(new Error('no mail is sent here')),
  mailFrom: 'avtal@pector.example',
  agreementLink: (number: string) => number,
  staffLanguage: 'sv' as const,
};
