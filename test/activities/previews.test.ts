import { Engine } from 'json-rules-engine';
import { findAgreement, storeSignedContract } from '../../activities/agreements/agreements';
import type { Db } from '../../activities/db';
import type { PreviewResult } from '../../activities/agreements/previews';
import { countLive, previewRuleset } from '../../activities/agreements/previews';
import { createProgressActivities } from '../../activities/years/progress';
import { publishRuleset, termsAtSigning } from '../../activities/agreements/rulesets';
import { findPlan } from '../../activities/agreements/plans';
import { createTermsActivities } from '../../activities/years/terms';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import type { Contract } from '../../rules/engine/contract/contract';
import { effectiveTerms } from '../../rules/engine/terms/effective-terms';
import { previewOf, previewPlan, previewTerms } from '../../rules/engine/change/preview-change';
import type { Comparison, LiveAgreement } from '../../rules/engine/change/live-agreement';
import type { Ruleset } from '../../rules/engine/ruleset/read-ruleset';
import type { Rule, Terms } from '../../rules/engine/ruleset/terms';
import { changedLevel, from, rule, until, when, withRules } from '../helpers/changed-rules';
import { exampleContract, workingRules } from '../helpers/example';
import { random } from '../helpers/random-year';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase } from '../helpers/stack';
import type { Text } from '../../rules/engine/basics/text';
import { textOf } from '../../rules/engine/basics/bilingual-error';

const asOf = '2027-04-15T10:00:00.000Z';

/** The working rules and a second level that promises the same. */
const inForce = twoLevels();
let database: FreshDatabase;

afterEach(() => database.close());

function twoLevels(...rules: Rule[]): Ruleset {
  const silver = (workingRules().texts['levels/guld.json'] ?? '').replaceAll('guld', 'silver');
  return changedLevel((level) => void level.rules.push(...rules), { 'levels/silver.json': silver });
}

async function begin(ruleset = inForce): Promise<Db> {
  database = await freshDatabase();
  await publishRuleset(database.db, ruleset, { author: 'test', message: 'in force' });
  return database.db;
}

interface Signing {
  contract: Contract;
  /** When its year is planned; the moment it was signed unless told. */
  plannedAt?: string;
  /** Obligations done, by id. */
  closed?: Record<string, string>;
  /** The price its year was planned with, in öre; and the meetings a year it was signed with and goes by. */
  ratePaid?: number;
  meetings?: { signed: number; running: number };
  /** Rules that its year was planned by for a month, and the contract as it has become since. */
  detour?: Ruleset;
  contractNow?: Contract;
}

async function signOne(db: Db, signing: Signing): Promise<void> {
  const { contract, plannedAt, closed = {}, ratePaid, meetings, detour, contractNow } = signing;
  const { agreement } = contract;
  await storeSignedContract(db, contract, {
    ...(await termsAtSigning(db, contract)),
    start: false,
  });
  const { yearNumber } = await createTermsActivities({ db }).planAgreementYear({
    agreement,
    asOf: plannedAt ?? `${contract.signedOn}T09:00:00.000Z`,
    revision: 1,
  });
  await createProgressActivities({ db }).recordProgress({
    agreement,
    year: yearNumber,
    entries: Object.entries(closed).map(([id, at]) => ({
      id,
      at,
      kind: 'phase',
      ref: id,
      detail: {},
      obligation: { id, state: 'done', by: 'anna' },
    })),
  });
  if (ratePaid !== undefined)
    await db.query(
      `update plans set plan = jsonb_set(plan, '{hourlyRateMinor}', to_jsonb($2::int)) where agreement = $1`,
      [agreement, ratePaid],
    );
  if (detour !== undefined) {
    const why = { author: 'test', message: 'for a month' };
    for (const [at, ruleset] of [detour, inForce].entries()) {
      await publishRuleset(db, ruleset, why);
      const again = { agreement, yearNumber, asOf: `2027-0${3 + at}-01T09:00:00.000Z`, revision: 2 + at };
      await createTermsActivities({ db }).planAgreementYear(again);
    }
  }
  if (contractNow !== undefined)
    await db.query('update agreements set contract = $2 where number = $1', [
      agreement,
      JSON.stringify(contractNow),
    ]);
  if (meetings !== undefined) {
    const perYear = `'{meetings,perYear}', to_jsonb($2::int))`;
    await db.query(
      `update agreements set signed_terms = jsonb_set(signed_terms, ${perYear} where number = $1`,
      [agreement, meetings.signed],
    );
    await db.query(`update plans set terms = jsonb_set(terms, ${perYear} where agreement = $1`, [
      agreement,
      meetings.running,
    ]);
  }
}

async function all(db: Db, before: Ruleset, proposed: Ruleset): Promise<PreviewResult[]> {
  const results: PreviewResult[] = [];
  for await (const result of previewRuleset(db, before, proposed, asOf)) results.push(result);
  return results;
}

/** The same, worked out agreement by agreement: nothing is remembered, nothing is shared. */
async function oneByOne(db: Db, before: Ruleset, proposed: Ruleset): Promise<PreviewResult[]> {
  const side = (ruleset: Ruleset) => ({
    ruleset,
    decide: (facts: Parameters<typeof effectiveTerms>[1]) => effectiveTerms(ruleset, facts),
  });
  const comparison: Comparison = { asOf, inForce: side(before), proposed: side(proposed) };
  const numbers = await db.query<{ number: string }>(
    `select number from agreements where state = 'live' order by number`,
  );
  return Promise.all(numbers.map(({ number }) => previewAlone(db, number, comparison)));
}

async function previewAlone(db: Db, agreement: string, comparison: Comparison): Promise<PreviewResult> {
  const { contract, yearNumber } = (await findAgreement(db, agreement))!;
  const { plan, terms } = (await findPlan(db, agreement, yearNumber!))!;
  const [{ signed } = { signed: undefined }] = await db.query<{ signed: Terms }>(
    'select signed_terms as signed from agreements where number = $1',
    [agreement],
  );
  const done = await db.query<{ id: string; at: string }>(
    `select id, closed_at as at from obligations where agreement = $1 and year = $2 and state in ('done', 'missed')`,
    [agreement, yearNumber],
  );
  const live: LiveAgreement = {
    contract,
    yearNumber: yearNumber!,
    terms,
    signed: signed!,
    decidedRateMinor: plan.hourlyRateMinor!,
  };
  try {
    const preview = await previewTerms(live, comparison);
    if (preview === undefined) return { agreement };
    const closed = Object.fromEntries(done.map(({ id, at }) => [id, at]));
    const changes = preview.running
      ? previewPlan(live, comparison, preview, { plan, closed })
      : { now: { obligations: [], mails: [] }, later: [] };
    return { agreement, preview: previewOf(live, preview, changes) };
  } catch (error) {
    return { agreement, error: textOf(error) };
  }
}

/** Everything in every table, as one fingerprint for each. */
async function everything(db: Db): Promise<Record<string, string>> {
  const tables = await db.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'public' order by 1`,
  );
  const contents = await Promise.all(
    tables.map(({ name }) =>
      db.query<{ said: string }>(
        `select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as said from ${name} t`,
      ),
    ),
  );
  return Object.fromEntries(tables.map(({ name }, at) => [name, contents[at]![0]!.said]));
}

/** Copies of a signed agreement under other numbers and customers, without planning each of them. */
async function multiply(db: Db, agreement: string, count: number): Promise<void> {
  const number = `'copy-' || lpad(i::text, 5, '0')`;
  await db.query(
    `insert into agreements (number, contract, signed_hash, signed_terms, state, year_number)
     select ${number}, jsonb_set(jsonb_set(contract, '{agreement}', to_jsonb(${number})),
            '{customer,name}', to_jsonb('Kund ' || i)), signed_hash, signed_terms, state, year_number
       from agreements, generate_series(1, $2::int) i where number = $1`,
    [agreement, count],
  );
  await db.query(
    `insert into plans (agreement, year, revision, plan, terms, as_of)
     select ${number}, year, revision, jsonb_set(plan, '{agreement}', to_jsonb(${number})), terms, as_of
       from plans, generate_series(1, $2::int) i where agreement = $1`,
    [agreement, count],
  );
}

const fiveMeetings = (conditions: object[] = []) => twoLevels(rule('meetings', { perYear: 5 }, conditions));

describe('a preview over all live agreements', () => {
  it('writes nothing', async () => {
    const db = await begin();
    await signOne(db, { contract: exampleContract() });
    const before = await everything(db);
    const [result] = await all(db, inForce, fiveMeetings());
    expect(result!.preview!.values).toMatchObject([{ path: 'meetings.perYear', from: 4, to: 5 }]);
    expect(await everything(db)).toEqual(before);
    expect(Object.keys(before)).toEqual(expect.arrayContaining(['plans', 'outbox', 'decisions', 'rulesets']));
  });

  it('goes over every one of several batches once, in order, and tells the untouched', async () => {
    const db = await begin();
    await signOne(db, { contract: exampleContract({ agreement: 'a-first' }) });
    await multiply(db, 'a-first', 1_100);
    await db.query(`update agreements set state = 'ended' where number = 'copy-00007'`);
    const proposed = fiveMeetings([when('agreement', 'in', ['a-first', 'copy-00500', 'copy-01100'])]);
    const results = await all(db, inForce, proposed);
    expect(results).toHaveLength(await countLive(db));
    expect(results).toHaveLength(1_100);
    expect(results.map(({ agreement }) => agreement)).toEqual(
      [...new Set(results.map(({ agreement }) => agreement))].sort(),
    );
    expect(results.filter(({ preview }) => preview).map(({ agreement }) => agreement)).toEqual([
      'a-first',
      'copy-00500',
      'copy-01100',
    ]);
  });

  it('works out agreements that are alike once, and tells each by its own name', async () => {
    const db = await begin();
    await signOne(db, { contract: exampleContract() });
    const asked = jest.spyOn(Engine.prototype, 'run');
    const runs = async (): Promise<[number, PreviewResult[]]> => {
      asked.mockClear();
      const results = await all(db, inForce, fiveMeetings());
      return [asked.mock.calls.length, results];
    };
    const [forOne] = await runs();
    await multiply(db, 'testbolaget-2027', 200);
    const [forMany, results] = await runs();
    asked.mockRestore();
    expect(forOne).toBeGreaterThan(0);
    expect(forMany).toBe(forOne);
    for (const { agreement, preview } of results) expect(preview!.agreement).toBe(agreement);
    expect(results.find(({ agreement }) => agreement === 'copy-00150')!.preview!.customer).toBe('Kund 150');
  });

  it('holds what is signed and not begun to what was signed', async () => {
    const db = await begin();
    const contract = exampleContract();
    const { signedTerms } = await termsAtSigning(db, contract);
    await storeSignedContract(db, contract, { signedTerms, start: false });
    const three = rule('meetings', { perYear: 3 });
    const [result, ...more] = await all(db, inForce, twoLevels(three));
    expect(more).toEqual([]);
    expect(result).toMatchObject({
      agreement: contract.agreement,
      preview: {
        yearNumber: 1,
        plan: { obligations: [], mails: [] },
        broken: [{ path: 'meetings.perYear', signed: 4, now: 3 }],
      },
    });
    expect(await countLive(db)).toBe(1);
    expect(await all(db, inForce, twoLevels(rule('meetings', { perYear: 4 })))).toEqual([
      { agreement: contract.agreement },
    ]);
  });

  it('names each agreement’s own customer where the rules give no terms', async () => {
    const db = await begin();
    const one = exampleContract();
    await signOne(db, { contract: { ...one, agreement: 'one' } });
    await signOne(db, {
      contract: { ...one, agreement: 'two', customer: { ...one.customer, id: 'andra-bolaget' } },
    });
    const noGuld = changedLevel((level) => (level.rules = level.rules.slice(1)));
    const [first, second] = await all(db, inForce, noGuld);
    expect(first).toMatchObject({
      agreement: 'one',
      error: expect.objectContaining({
        sv: expect.stringContaining('kund testbolaget') as string,
        en: expect.stringContaining('customer testbolaget') as string,
      }) as Text,
    });
    expect(second).toMatchObject({
      agreement: 'two',
      error: expect.objectContaining({
        en: expect.stringContaining('customer andra-bolaget') as string,
      }) as Text,
    });
  });

  it('takes what the running year gave up itself as closed, and what a re-plan withdrew as not', async () => {
    const db = await begin(twoLevels(rule('hourBank', { indexPercent: 3 })));
    const { agreement } = exampleContract();
    await signOne(db, { contract: exampleContract() });
    await createProgressActivities({ db }).recordProgress({
      agreement,
      year: 1,
      entries: [
        {
          id: 'gave-up',
          at: '2027-04-01T10:00:00.000Z',
          kind: 'phase',
          ref: 'renewal/price',
          detail: {},
          obligation: { id: 'renewal/price', state: 'cancelled', by: 'system' },
        },
      ],
    });
    const proposed = twoLevels(rule('hourBank', { indexPercent: 3 }), rule('support', { closes: '18:00' }));
    const [{ preview } = { preview: undefined }] = await all(
      db,
      twoLevels(rule('hourBank', { indexPercent: 3 })),
      proposed,
    );
    expect(preview!.plan.obligations.map(({ id }) => id)).not.toContain('renewal/price');
    expect(preview!.plan.mails.map(({ obligation }) => obligation)).not.toContain('renewal/price');
  });
});

describe('two agreements that differ in one thing that decides', () => {
  const base = exampleContract({ agreement: 'base' });
  const { hourBank } = base;
  const third = { id: 'bank', name: 'Bankfiler', owner: 'customer' as const };
  const { hourlyRate: _, ...unpriced } = hourBank;
  const prices = workingRules().texts['prices.json'] ?? '';
  const other = (changed: Partial<Contract>): Contract => ({ ...base, ...changed, agreement: 'other' });

  it.each<[string, Signing, Ruleset, Partial<Signing>?]>([
    [
      'the day they start',
      { contract: other({ startsOn: '2027-01-15' }) },
      withRules(rule('meetings', { perYear: 6 })),
    ],
    [
      'how many integrations there are',
      { contract: other({ integrations: [...base.integrations, third] }) },
      withRules(rule('upgrade', { phases: { integrations: { openDaysPerIntegration: 4 } } })),
    ],
    [
      'integrations that came since the year was planned',
      { contract: other({}), contractNow: other({ integrations: [...base.integrations, third] }) },
      withRules(rule('upgrade', { phases: { technical: { openDays: 6 } } })),
    ],
    [
      'what changes of the rules have left behind in the plan',
      { contract: other({}), detour: withRules(rule('meetings', { perYear: 6 })) },
      withRules(rule('meetings', { perYear: 6 })),
    ],
    [
      'an obligation that is done',
      { contract: other({}), closed: { 'meeting-1': '2027-02-16T12:00:00.000Z' } },
      withRules(rule('meetings', { perYear: 6 })),
    ],
    [
      'the day an obligation was done',
      { contract: other({}), closed: { 'upgrade/precheck': '2027-06-20T12:00:00.000Z' } },
      withRules(rule('upgrade', { phases: { technical: { openDays: 6 } } })),
      { closed: { 'upgrade/precheck': '2027-05-07T12:00:00.000Z' } },
    ],
    [
      'the discount fixed in the contract',
      { contract: other({ hourBank: { ...hourBank, discountPercent: 12 } }) },
      withRules(rule('hourBank', { discountPercent: 20 })),
    ],
    [
      'the price fixed in the contract',
      { contract: other({ hourBank: { ...hourBank, hourlyRate: 1500 } }) },
      withRules(rule('hourBank', { discountPercent: 20 })),
    ],
    [
      'whether the contract fixes a price at all',
      { contract: other({ hourBank: unpriced }) },
      withRules(rule('hourBank', { indexPercent: 3 })),
    ],
    [
      'the price decided for the year',
      { contract: other({}), ratePaid: 139_900 },
      withRules(rule('hourBank', { discountPercent: 20 })),
    ],
    [
      'the currency, at the same price',
      { contract: other({ hourBank: { ...unpriced, currency: 'EUR' } }), ratePaid: 150_000 },
      changedLevel(() => undefined, { 'prices.json': prices.replaceAll('1450', '1700') }),
      { contract: { ...base, hourBank: unpriced }, ratePaid: 150_000 },
    ],
    [
      'the contracted hours, which no rule tells apart',
      { contract: other({ hourBank: { ...hourBank, hours: 121 } }) },
      withRules(rule('hourBank', { discountPercent: 20 })),
    ],
    [
      'the terms they were signed with',
      { contract: other({}), meetings: { signed: 6, running: 4 } },
      withRules(rule('meetings', { perYear: 3 })),
    ],
    [
      'the terms their year has gone by so far',
      { contract: other({}), meetings: { signed: 4, running: 5 } },
      withRules(rule('meetings', { perYear: 6 })),
    ],
    [
      'the signed amendment that names one of them',
      { contract: other({}) },
      withRules(
        rule('meetings', { perYear: 3 }, [], {
          amendment: { reference: 'TA-1', signedOn: '2027-04-01', agreements: ['other'] },
        }),
      ),
    ],
    ['the level', { contract: other({ level: 'silver' }) }, twoLevels(rule('meetings', { perYear: 6 }))],
    [
      'a fact that a rule asks for',
      { contract: other({ customer: { ...base.customer, language: 'en' } }) },
      withRules(rule('meetings', { perYear: 6 }, [when('language', 'equal', 'en')])),
    ],
    [
      'when the year was planned',
      { contract: other({}), plannedAt: '2027-03-10T09:00:00.000Z' },
      withRules(rule('meetings', { perYear: 6 })),
    ],
    [
      'the year they are in',
      {
        contract: other({ startsOn: '2026-01-01', signedOn: '2025-12-01' }),
        plannedAt: '2027-01-01T00:00:00.000Z',
      },
      withRules(rule('start', { steps: { kickoff: { dueOpenDays: 100 } } })),
    ],
  ])('are told apart: %s', async (_name, variant, proposed, first = {}) => {
    const db = await begin();
    await signOne(db, { contract: base, ...first });
    await signOne(db, variant);
    const results = await all(db, inForce, proposed);
    expect(results).toEqual(await oneByOne(db, inForce, proposed));
    const [one, another] = results.map(({ preview }) => {
      const { agreement, ...rest } = preview ?? { agreement: '' };
      return { ...rest, agreement: agreement === '' };
    });
    expect(another).not.toEqual(one);
  });
});

/** Contracts that differ from the example in a few things, chosen by a seed: most are nearly alike. */
function madeUpSigning(next: () => number, index: number): Signing {
  const example = exampleContract();
  const pick = <T>(usual: T, ...others: T[]): T =>
    next() < 0.7 ? usual : others[Math.floor(next() * others.length)]!;
  const startsOn = pick('2027-01-01', '2027-01-15', '2026-05-01', '2027-06-01');
  const { hourlyRate: _, ...unpriced } = example.hourBank;
  const discount = pick(undefined, 12.5, 15);
  const contract: Contract = {
    ...example,
    agreement: `made-up-${String(index).padStart(2, '0')}`,
    level: pick('guld', 'silver'),
    customer: {
      ...example.customer,
      id: pick('testbolaget', 'annan'),
      name: `Kund ${index}`,
      language: pick('sv', 'en'),
    },
    startsOn,
    signedOn: startsOn < '2026-12-01' ? '2026-04-01' : '2026-12-01',
    hourBank: {
      ...pick<Contract['hourBank']>(example.hourBank, unpriced, { ...unpriced, hourlyRate: 1500 }),
      hours: pick(120, 40, 99.99, 100, 121),
      ...(discount !== undefined && { discountPercent: discount }),
    },
    integrations: example.integrations.slice(0, pick(2, 0, 1)),
  };

  const closed: Record<string, string> = {};
  if (next() < 0.3) closed['meeting-1'] = pick('2027-02-16T12:00:00.000Z', '2027-03-01T08:00:00.000Z');
  if (next() < 0.3) closed['start/kickoff'] = '2027-01-20T12:00:00.000Z';
  if (next() < 0.2) closed['upgrade/precheck'] = pick('2027-04-10T12:00:00.000Z', '2027-04-11T12:00:00.000Z');
  const late = startsOn <= '2027-01-15' && next() < 0.3;
  return {
    contract,
    closed,
    ...(late && {
      plannedAt: pick('2027-02-10T09:00:00.000Z', '2027-02-10T13:00:00.000Z', '2027-02-11T22:00:00.000Z'),
    }),
    ...(next() < 0.2 && { ratePaid: 139_900 }),
    ...(next() < 0.3 && { meetings: pick({ signed: 4, running: 5 }, { signed: 5, running: 5 }) }),
  };
}

describe('what is remembered between agreements', () => {
  const proposals: Record<string, Ruleset> = {
    'more meetings, and fewer for those who signed for it': twoLevels(
      rule('meetings', { perYear: 6 }, [when('integrationCount', 'greaterThan', 1)]),
      rule(
        'meetings',
        { perYear: 3 },
        [when('agreement', 'in', ['made-up-03', 'made-up-04', 'made-up-05'])],
        {
          priority: 600,
          amendment: { reference: 'TA-7', signedOn: '2027-04-01', agreements: ['made-up-03', 'made-up-05'] },
        },
      ),
    ),
    'prices, discounts and rollover': twoLevels(
      rule('hourBank', { discountPercent: 18, indexPercent: 2 }, [
        when('contractedHours', 'greaterThan', 99),
      ]),
      rule('hourBank', { rollover: { percent: 30 } }, [when('language', 'equal', 'en')]),
      rule('hourBank', { discountPercent: 25 }, [from('2027-08-01')], { priority: 600, appliesFrom: 'now' }),
    ),
    'rules with dates, longer phases and other hours': twoLevels(
      rule('upgrade', { phases: { integrations: { openDaysPerIntegration: 5 }, test: { openDays: 14 } } }),
      rule('support', { opens: '07:00' }, [from('2027-07-01')]),
      rule('support', { closes: '18:00' }, [until('2027-10-01')]),
      rule('notices', { digests: { manager: 'weekly' } }, [when('customer', 'equal', 'annan')]),
      rule('start', { steps: { kickoff: { dueOpenDays: 40 } } }, [when('yearNumber', 'equal', 1)]),
    ),
    'a level that is gone': changedLevel(() => undefined),
  };
  const seed = 20_270_415;

  it(`never makes one agreement’s answer another’s (60 agreements, seed ${seed})`, async () => {
    const db = await begin(twoLevels(rule('meetings', { startTime: '09:00' }, [from('2027-05-01')])));
    const before = twoLevels(rule('meetings', { startTime: '09:00' }, [from('2027-05-01')]));
    const next = random(seed);
    for (let index = 0; index < 60; index += 1) await signOne(db, madeUpSigning(next, index));
    for (const [name, proposed] of Object.entries(proposals)) {
      const results = await all(db, before, proposed);
      expect({ name, results }).toEqual({ name, results: await oneByOne(db, before, proposed) });
      const told = results.flatMap(({ preview }) => (preview ? [preview] : []));
      expect(told.length + results.filter((one) => 'error' in one).length).toBeGreaterThan(10);
      for (const { values } of told) for (const { on } of values) expect(on >= localDateOf(asOf)).toBe(true);
    }
  });
});
