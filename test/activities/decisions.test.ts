import type { Decision } from '../../activities/agreements/decisions';
import { listDecisions } from '../../activities/agreements/decisions';
import { repeatDecision } from '../../activities/hours/repeat-decision';
import { createHoursActivities } from '../../activities/hours/hours';
import { createProgressActivities } from '../../activities/years/progress';
import { publishRuleset } from '../../activities/agreements/rulesets';
import { findPlan } from '../../activities/agreements/plans';
import { createTermsActivities } from '../../activities/years/terms';
import type { Ruleset } from '../../rules/engine/ruleset/read-ruleset';
import { from, rule, until, withRules } from '../helpers/changed-rules';
import { exampleContract } from '../helpers/example';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase } from '../helpers/stack';
import { signAndPlan, signedAt } from './signed-agreement';

let database: FreshDatabase;

beforeEach(async () => {
  database = await freshDatabase();
});

afterEach(() => database.close());

const agreement = 'testbolaget-2027';
const decisions = () => listDecisions(database.db, agreement);
const repeated = async (): Promise<string[]> =>
  (await Promise.all((await decisions()).map((one) => repeatDecision(database.db, agreement, one))))
    .flat()
    .map(({ en }) => en);

const publish = (ruleset: Ruleset) =>
  publishRuleset(database.db, ruleset, { author: 'test', message: 'changed' });

const planAgain = (revision: number, asOf: string, closed: Record<string, string> = {}) =>
  createTermsActivities(database).planAgreementYear({
    agreement,
    yearNumber: 1,
    asOf,
    revision,
    reason: 'a test',
    closed,
  });

const closeYear = (ended = false) =>
  createHoursActivities(database).closeHours({ agreement, year: 1, asOf: '2027-12-31T23:00:00.000Z', ended });

describe('what the rules decided', () => {
  it('tells each change of a running year with the rule that made it and its place', async () => {
    await signAndPlan(database.db);
    const six = rule('meetings', { perYear: 6 });
    const ruleset = withRules(six, rule('hourBank', { discountPercent: 20 }));
    await publish(ruleset);
    await planAgain(2, '2027-03-01T12:00:00.000Z');
    const [first, second] = await decisions();
    expect([first!.key, first!.result.changes]).toEqual(['plan-1', undefined]);
    const text = ruleset.texts['levels/guld.json']!;
    const line = text.slice(0, text.lastIndexOf('"perYear": 6')).split('\n').length;
    expect(second!).toMatchObject({
      key: 'plan-2',
      at: '2027-03-01T12:00:00.000Z',
      rulesetHash: ruleset.hash,
    });
    expect(second!.result.changes).toEqual([
      {
        path: 'meetings.perYear',
        from: 4,
        to: 6,
        rule: six.name,
        file: 'rules/levels/guld.json',
        line,
        column: expect.any(Number) as number,
      },
    ]);
    expect(second!.result.waiting).toEqual([{ path: 'hourBank.discountPercent', from: 15, to: 20 }]);
  });

  it('can be repeated: every plan of a year whose rules changed, and the end of its hour bank', async () => {
    await signAndPlan(database.db);
    await publish(
      withRules(
        rule('meetings', { perYear: 6 }, [from('2027-03-01')]),
        rule('hourBank', { discountPercent: 20, orderOfUse: 'contractedFirst' }),
      ),
    );
    await planAgain(2, '2027-02-01T12:00:00.000Z');
    await planAgain(3, '2027-03-01T12:00:00.000Z');
    await closeYear();
    expect((await decisions()).map(({ key }) => key)).toEqual(['plan-1', 'plan-2', 'plan-3', 'rollover']);
    expect(await repeated()).toEqual([]);
  });

  it('can be repeated where the contract fixes the discount, also after the year ended early', async () => {
    const { hourBank } = exampleContract();
    await signAndPlan(database.db, { hourBank: { ...hourBank, discountPercent: 12.5 } });
    await closeYear(true);
    const [first] = await decisions();
    expect(first!.result.terms).toMatchObject({ hourBank: { discountPercent: 12.5 } });
    expect(await repeated()).toEqual([]);
  });

  it('can be repeated where hours were closed before the order of their use was kept', async () => {
    await signAndPlan(database.db);
    await closeYear();
    await database.db.query(`update decisions set facts = facts - 'orderOfUse' where key = 'rollover'`);
    expect(await repeated()).toEqual([]);
  });
});

describe('a decision that somebody changed afterwards', () => {
  const changed = async (set: string, where = `key = 'plan-1'`): Promise<string[]> => {
    const rows = await database.db.query(`update decisions set ${set} where ${where} returning 1`);
    expect(rows).toHaveLength(1);
    return repeated();
  };

  beforeEach(async () => {
    await signAndPlan(database.db);
    await closeYear();
  });

  it.each<[what: string, set: string, found: RegExp]>([
    [
      'a value',
      `result = jsonb_set(result, '{terms,meetings,perYear}', '3')`,
      /^meetings\.perYear: was 3, is now 4$/,
    ],
    [
      'the discount',
      `result = jsonb_set(result, '{terms,hourBank,discountPercent}', '10')`,
      /^hourBank\.discountPercent: was 10, is now 15$/,
    ],
    ['the facts', `facts = jsonb_set(facts, '{contractedHours}', '40')`, /^rules: decided by .*100 timmar/],
    ['a rule that decided', `matched = matched - 0`, /^rules: decided by /],
    [
      'facts for which there are no terms',
      `facts = jsonb_set(facts, '{level}', '"brons"')`,
      /now give none: .*level brons/,
    ],
  ])('is found: %s', async (_what, set, found) => {
    const differences = await changed(set);
    expect(differences[0]).toMatch(found);
  });

  it('is found: hours that rolled over', async () => {
    const more = `result = jsonb_set(result, '{rolledOut}', '9600')`;
    expect(await changed(more, `key = 'rollover'`)).toEqual(['rolledOut: was 9600, is now 2400']);
  });

  it('is found: the discount, where the contract fixes it', async () => {
    await database.db.query(
      `update agreements set contract = jsonb_set(contract, '{hourBank,discountPercent}', '12')`,
    );
    expect(await repeated()).toEqual(['hourBank.discountPercent: was 15, is now 12']);
  });

  it('is found: the rule files behind its hash', async () => {
    const [decision] = (await decisions()) as [Decision];
    await database.db.query(
      `insert into rulesets (hash, files) select 'forged', jsonb_set(files, '{levels/guld.json}',
         to_jsonb(replace(files->>'levels/guld.json', '"perYear": 4', '"perYear": 3'))) from rulesets`,
    );
    const again = await repeatDecision(database.db, agreement, { ...decision, rulesetHash: 'forged' });
    const differences = again.map(({ en }) => en);
    expect(differences[0]).toMatch(/^ruleset: kept as forged, its files are now [0-9a-f]{64}$/);
    expect(differences[1]).toBe('meetings.perYear: was 4, is now 3');
  });
});

describe('the projection of a year that is planned again', () => {
  const stateOf = async (id: string): Promise<unknown> =>
    (await database.db.query('select state, closed_at, closed_by from obligations where id = $1', [id]))[0];
  const open = { state: 'open', closed_at: null, closed_by: null };

  it('opens an obligation again that was withdrawn and is asked for again', async () => {
    await signAndPlan(database.db);
    await publish(withRules(rule('meetings', { perYear: 6 }, [until('2027-05-01')])));
    await planAgain(2, '2027-02-01T12:00:00.000Z');
    expect(await stateOf('meeting-6')).toEqual(open);
    await planAgain(3, '2027-05-01T10:00:00.000Z');
    expect(await stateOf('meeting-6')).toMatchObject({ state: 'cancelled' });
    await publish(withRules(rule('meetings', { perYear: 6 })));
    await planAgain(4, '2027-06-01T12:00:00.000Z');
    expect(await stateOf('meeting-6')).toEqual(open);
    const { plan } = (await findPlan(database.db, agreement, 1))!;
    const sixth = plan.obligations.find(({ id }) => id === 'meeting-6')!;
    const [row] = await database.db.query<{ due_on: string }>(
      `select due_on from obligations where id = 'meeting-6'`,
    );
    expect(row).toEqual({ due_on: sixth.dueOn });
  });

  it('leaves closed what the year gave up itself', async () => {
    await signAndPlan(database.db);
    await publish(withRules(rule('hourBank', { indexPercent: 3 })));
    await planAgain(2, '2027-02-01T12:00:00.000Z');
    const at = '2027-11-02T15:30:00.000Z';
    const obligation = { id: 'renewal/price', state: 'cancelled' as const, by: 'system' };
    const entry = { id: 'lapsed', at, kind: 'phase' as const, ref: obligation.id, detail: {}, obligation };
    await createProgressActivities(database).recordProgress({ agreement, year: 1, entries: [entry] });
    await planAgain(3, '2027-11-10T12:00:00.000Z', { 'renewal/price': at });
    expect(await stateOf('renewal/price')).toEqual({
      state: 'cancelled',
      closed_at: at,
      closed_by: 'system',
    });
  });

  it('is planned the first time with nothing closed', async () => {
    const { plan } = await signAndPlan(database.db);
    expect(plan.plannedFrom).toBe(signedAt);
    expect(await database.db.query(`select distinct state from obligations`)).toEqual([{ state: 'open' }]);
  });
});
