import { storeSignedContract } from '../../activities/agreements/agreements';
import type { Db } from '../../activities/db';
import {
  applyRuleset,
  beginLooking,
  findRulesetHash,
  listPublications,
  loadRuleset,
  OvertakenError,
  publishRuleset,
  rulesetInForce,
  termsAtSigning,
} from '../../activities/agreements/rulesets';
import { createTermsActivities } from '../../activities/years/terms';
import type { YearPlan } from '../../rules/engine/plan/plan';
import { rule, withRules } from '../helpers/changed-rules';
import { exampleContract, workingRules } from '../helpers/example';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase } from '../helpers/stack';
import { besides, signedAt } from './signed-agreement';

let database: FreshDatabase;
const first = workingRules().ruleset;
const second = withRules(rule('meetings', { perYear: 5 }));
const third = withRules(rule('meetings', { perYear: 6 }));
const why = { author: 'erik', message: 'five meetings' };

beforeEach(async () => {
  database = await freshDatabase();
  await publishRuleset(database.db, first, { author: 'test', message: 'the first' });
});

afterEach(() => database.close());

const planYear = (db: Db, agreement: string): Promise<YearPlan> =>
  createTermsActivities({ db }).planAgreementYear({ agreement, asOf: signedAt, revision: 1 });

async function sign(agreement: string): Promise<void> {
  await storeSignedContract(database.db, exampleContract({ agreement }), { start: false });
}

async function signAndPlan(...agreements: string[]): Promise<void> {
  for (const agreement of agreements) {
    await sign(agreement);
    await planYear(database.db, agreement);
  }
}

const told = async (): Promise<string[]> =>
  (
    await database.db.query<{ agreement: string }>(
      `select agreement from outbox where kind = 'terms-changed' order by agreement`,
    )
  ).map(({ agreement }) => agreement);

/** As `apply` looks: the moment, and what is in force. */
const look = async () => ({ hash: first.hash, since: await beginLooking(database.db) });

describe('putting a ruleset in force', () => {
  it('tells the running years that it changes, and no other', async () => {
    await signAndPlan('changed', 'untouched', 'ended');
    await sign('not-yet-planned');
    await database.db.query(`update agreements set state = 'ended' where number = 'ended'`);
    const seen = await look();
    expect(await applyRuleset(database.db, second, why, ['changed', 'ended'], seen)).toBe(1);
    expect(
      await database.db.query(
        `select agreement, kind, payload, done_at from outbox where kind not in ('monitoring', 'digests')`,
      ),
    ).toEqual([
      {
        agreement: 'changed',
        kind: 'terms-changed',
        payload: { ruleset: second.hash.slice(0, 8) },
        done_at: null,
      },
    ]);
    expect(
      (await listPublications(database.db)).map(({ hash, author, message }) => [hash, author, message]),
    ).toEqual([
      [second.hash, 'erik', 'five meetings'],
      [first.hash, 'test', 'the first'],
    ]);
  });

  it('tells those whose upgrades under way are to move so, whether their year changes otherwise or not', async () => {
    await signAndPlan('moves', 'changed');
    expect(
      await applyRuleset(database.db, second, why, ['changed'], await look(), { moving: ['moves'] }),
    ).toBe(2);
    const ruleset = second.hash.slice(0, 8);
    expect(
      await database.db.query(
        `select agreement, payload from outbox where kind = 'terms-changed' order by agreement`,
      ),
    ).toEqual([
      { agreement: 'changed', payload: { ruleset } },
      { agreement: 'moves', payload: { ruleset, moveUpgrades: true } },
    ]);
  });

  it('also tells those whose year was planned, or whose contract changed, since somebody looked', async () => {
    await signAndPlan('before', 'changed-since');
    const seen = await look();
    await signAndPlan('planned-since');
    await database.db.query(
      `insert into contract_changes (agreement, changes, from_date, applied_at) values ('changed-since', '[]', '2027-01-01', clock_timestamp())`,
    );
    expect(await applyRuleset(database.db, second, why, [], seen)).toBe(2);
    expect(await told()).toEqual(['changed-since', 'planned-since']);
  });

  it('leaves nothing of itself behind when it fails in the middle', async () => {
    await signAndPlan('a');
    await database.db.query(
      `create function refuse() returns trigger language plpgsql as $$ begin raise 'no more outbox'; end $$`,
    );
    await database.db.query('create trigger refuse before insert on outbox execute function refuse()');
    await expect(applyRuleset(database.db, second, why, ['a'], await look())).rejects.toThrow(
      'no more outbox',
    );
    expect(await rulesetInForce(database.db)).toBe(first.hash);
    expect(await database.db.query('select hash from rulesets')).toEqual([{ hash: first.hash }]);
    expect(await listPublications(database.db)).toHaveLength(1);
    expect(await told()).toEqual([]);
    await database.db.query('drop trigger refuse on outbox');
    expect(await applyRuleset(database.db, second, why, ['a'], await look())).toBe(1);
  });

  it('is refused, with nothing changed, when another came into force since somebody looked', async () => {
    await signAndPlan('a');
    const seen = await look();
    await publishRuleset(database.db, third, { author: 'anna', message: 'six' });
    await expect(applyRuleset(database.db, second, why, ['a'], seen)).rejects.toThrow(OvertakenError);
    expect(await rulesetInForce(database.db)).toBe(third.hash);
    expect(await told()).toEqual([]);
  });

  it('lets one of two who apply at the same moment through', async () => {
    await signAndPlan('a');
    const seen = await look();
    const outcomes = await besides(database.databaseUrl, (other) =>
      Promise.allSettled([
        applyRuleset(database.db, second, why, ['a'], seen),
        applyRuleset(other, third, why, ['a'], seen),
      ]),
    );
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await listPublications(database.db)).toHaveLength(2);
    expect(await told()).toEqual(['a']);
  });

  it('takes back an earlier one as it takes a new one', async () => {
    await applyRuleset(database.db, second, why, [], await look());
    const seen = { hash: second.hash, since: await beginLooking(database.db) };
    await applyRuleset(database.db, first, { author: 'erik', message: 'back' }, [], seen);
    expect((await listPublications(database.db)).map(({ hash }) => hash)).toEqual([
      first.hash,
      second.hash,
      first.hash,
    ]);
    expect(await database.db.query('select 1 from rulesets')).toHaveLength(2);
  });
});

describe('a year planned while a ruleset comes into force', () => {
  it('goes by the new one, or is told of it: never neither (many times at once)', async () => {
    const rulesets = [first, second, third];
    await besides(database.databaseUrl, async (other) => {
      for (let round = 0; round < 25; round += 1) {
        const agreements = [`early-${round}`, `middle-${round}`, `late-${round}`];
        for (const agreement of agreements) await sign(agreement);
        const inForce = rulesets[round % 3]!;
        const proposed = rulesets[(round + 1) % 3]!;
        const seen = { hash: inForce.hash, since: await beginLooking(other) };
        const planned = Promise.all(
          agreements.map(async (agreement, at) => {
            await new Promise((resolve) => setTimeout(resolve, at * (round % 5)));
            return planYear(database.db, agreement);
          }),
        );
        await applyRuleset(other, proposed, why, [], seen);
        const heard = await told();
        for (const { agreement, rulesetHash } of await planned)
          if (rulesetHash !== proposed.hash) expect(heard).toContain(agreement);
      }
    });
  });

  it('is told also when its planning had begun before somebody looked', async () => {
    await sign('slow');
    let goOn: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (goOn = resolve));
    let stored: () => void = () => undefined;
    const storing = new Promise<void>((resolve) => (stored = resolve));
    const slow: Db = {
      ...database.db,
      transaction: (work) =>
        database.db.transaction(async (tx) => {
          const result = await work(tx);
          stored();
          await gate;
          return result;
        }),
    };
    const planning = planYear(slow, 'slow');
    await storing;
    const looking = beginLooking(database.db);
    const before = await Promise.race([looking.then(() => 'looked'), tick().then(() => 'waits')]);
    goOn();
    await planning;
    expect(before).toBe('waits');
    // Whoever looks after that moment sees the plan.
    await looking;
    expect(
      await database.db.query(`select 1 from agreements where number = 'slow' and state = 'live'`),
    ).toHaveLength(1);
  });

  it('counts from the moment its plan is stored, not from the beginning of the work', async () => {
    await sign('slow');
    let goOn: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (goOn = resolve));
    let begun: () => void = () => undefined;
    const beginning = new Promise<void>((resolve) => (begun = resolve));
    const slow: Db = {
      ...database.db,
      transaction: (work) =>
        database.db.transaction(async (tx) => {
          await tx.query('select now()');
          begun();
          await gate;
          return work(tx);
        }),
    };
    const planning = planYear(slow, 'slow');
    await beginning;
    const seen = await look();
    goOn();
    await planning;
    expect(await applyRuleset(database.db, second, why, [], seen)).toBe(1);
    expect(await told()).toEqual(['slow']);
  });
});

const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 200));

describe('a stored ruleset', () => {
  it('is found by the beginning of its hash, and nothing else stands for one', async () => {
    await publishRuleset(database.db, second, why);
    expect(await findRulesetHash(database.db, first.hash.slice(0, 8))).toBe(first.hash);
    await expect(findRulesetHash(database.db, '')).rejects.toThrow('found "" of 2');
    for (const wrong of ['%', '_'.repeat(64), 'zz', `${first.hash}0`, 'FFFF'])
      await expect(findRulesetHash(database.db, wrong)).rejects.toThrow(`found "${wrong}"`);
  });

  it('is read back as it was published', async () => {
    const { hash, texts } = await loadRuleset(database.db, first.hash);
    expect({ hash, texts }).toEqual({ hash: first.hash, texts: first.texts });
  });

  it('is not published again while it is in force', async () => {
    expect(await publishRuleset(database.db, first, why)).toBe(false);
    expect(await listPublications(database.db)).toHaveLength(1);
  });

  it('gives the terms at signing, and none before the first', async () => {
    const contract = exampleContract();
    expect((await termsAtSigning(database.db, contract)).signedTerms!.meetings.perYear).toBe(4);
    await publishRuleset(database.db, second, why);
    expect((await termsAtSigning(database.db, contract)).signedTerms!.meetings.perYear).toBe(5);
    await database.db.query('truncate publications');
    expect((await termsAtSigning(database.db, contract)).signedTerms).toBeUndefined();
  });
});
