/** What deciding terms, and previewing a change over many agreements, costs beside bare json-rules-engine. */
import { randomBytes } from 'node:crypto';
import type { TopLevelCondition } from 'json-rules-engine';
import { Engine } from 'json-rules-engine';
import type { Db } from '../../activities/db';
import { openDb } from '../../activities/db';
import { publishRuleset } from '../../activities/agreements/rulesets';
import { periodOf } from '../../rules/engine/calendar/agreement-period';
import { addDays } from '../../rules/engine/calendar/dates';
import type { Contract } from '../../rules/engine/contract/contract';
import { effectiveTerms } from '../../rules/engine/terms/effective-terms';
import { factsFor } from '../../rules/engine/ruleset/facts';
import { planByTerms } from '../../rules/engine/plan/plan-by-terms';
import type { Ruleset } from '../../rules/engine/ruleset/read-ruleset';
import { readRuleset } from '../../rules/engine/ruleset/read-ruleset';
import { rememberingDecide, yearTerms } from '../../rules/engine/terms/terms-for';
import { cloneDatabase } from '../../worker/simulation/databases';
import type { PreviewListener } from '../../worker/processes/preview-all';
import { quietListener, runPreview } from '../../worker/processes/preview-all';
import { withMeetings } from '../helpers/changed-rules';
import { exampleContract, workingRules } from '../helpers/example';
import type { BenchStack, Measured } from './measured';
import { compare, interleave, median } from './statistics';

export interface RulesOptions {
  repetitions: number;
  agreements: number;
  onProgress: (text: string) => void;
}

/** Decisions in one measurement: enough for the clock. */
const decisions = 300;

const mebibytes = (): number => Math.round(process.memoryUsage.rss() / 2 ** 20);

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
};

/** The same rules in an engine of their own for each run, as a product without ours would have it. */
async function bareRun(ruleset: Ruleset, facts: Record<string, unknown>): Promise<number> {
  const engine = new Engine(
    Object.values(ruleset.files).flatMap(({ rules }) =>
      rules.map((rule) => ({ ...rule, conditions: rule.conditions as unknown as TopLevelCondition })),
    ),
    { allowUndefinedFacts: false },
  );
  return (await engine.run(facts)).results.length;
}

async function measureDecisions(ruleset: Ruleset, repetitions: number): Promise<Measured> {
  const facts = factsFor(exampleContract(), 1, '2027-01-01');
  const many = (work: () => Promise<unknown>) => async (): Promise<number> => {
    const took = await seconds(async () => {
      for (let done = 0; done < decisions; done += 1) await work();
    });
    return (took / decisions) * 1e6;
  };
  const product = many(() => effectiveTerms(ruleset, facts));
  const bare = many(() => bareRun(ruleset, { ...facts }));
  await product();
  await bare();
  const pairs = await interleave(repetitions * 3, product, bare, () => undefined);
  return {
    id: 'decision',
    name: 'a decision of terms',
    unit: 'µs',
    ...compare(pairs),
    goal: { of: 'ratio', atMost: 1.2 },
    note: 'rules evaluated, merged and checked; bare is an engine of its own for the same rules, run once',
    pairs,
  };
}

/** Agreements that differ in everything the rules may ask about, each in the middle of its first year. */
function contractOf(index: number): Contract {
  const number = String(index).padStart(5, '0');
  const startsOn = addDays('2026-12-01', -(index % 350));
  const base = exampleContract();
  return {
    ...base,
    agreement: `bench-${number}`,
    customer: { ...base.customer, id: `customer-${number}` },
    signedOn: startsOn,
    startsOn,
    hourBank: { ...base.hourBank, hours: 20 + (index % 200) },
    integrations: base.integrations.slice(0, index % 3),
  };
}

async function fill(db: Db, ruleset: Ruleset, agreements: number): Promise<void> {
  const decide = rememberingDecide(ruleset);
  const batch = 500;
  for (let first = 0; first < agreements; first += batch) {
    const rows = [];
    for (let index = first; index < Math.min(first + batch, agreements); index += 1) {
      const contract = contractOf(index);
      const { from } = periodOf(contract.startsOn, 1);
      const year = await yearTerms(contract, ruleset, 1, from, undefined, decide);
      const asOf = `${from}T10:00:00.000Z`;
      const plan = planByTerms(contract, year, { yearNumber: 1, asOf, rulesetHash: ruleset.hash });
      rows.push({ number: contract.agreement, contract, plan, terms: year.terms, asOf });
    }
    const json = JSON.stringify(rows);
    await db.query(
      `insert into agreements (number, state, contract, signed_hash, signed_terms, year_number)
       select r.number, 'live', r.contract, '', r.terms, 1
         from jsonb_to_recordset($1::jsonb) as r(number text, contract jsonb, terms jsonb)`,
      [json],
    );
    await db.query(
      `insert into plans (agreement, year, revision, plan, terms, as_of)
       select r.number, 1, 1, r.plan, r.terms, r."asOf"
         from jsonb_to_recordset($1::jsonb) as r(number text, plan jsonb, terms jsonb, "asOf" timestamptz)`,
      [json],
    );
    await db.query(
      `insert into obligations (agreement, year, id, strand, owner, opens_at, due_on, due_at, revision, late, state, closed_at)
       select r.number, 1, o.id, o.strand, o.owner, o."opensAt", o."dueOn", o."dueAt", o.revision, o.late,
              case when o."dueOn" < '2026-12-01' then 'done' else 'open' end,
              case when o."dueOn" < '2026-12-01' then o."dueAt" end
         from jsonb_to_recordset($1::jsonb) as r(number text, plan jsonb),
              jsonb_to_recordset(r.plan->'obligations') as o(id text, strand text, owner text, "opensAt" timestamptz,
                "dueOn" date, "dueAt" timestamptz, revision int, late boolean)`,
      [json],
    );
  }
  await db.query('analyze');
}

/** The working rules with a rule of their own for so many customers. */
function customersRules(customers: number): Ruleset {
  const files = Array.from({ length: customers }, (_, index) => {
    const id = `customer-${String(index * 7).padStart(5, '0')}`;
    const rule = {
      name: `${id}: fem möten`,
      priority: 500,
      conditions: { all: [{ fact: 'customer', operator: 'equal', value: id }] },
      event: { type: 'meetings', params: { perYear: 5 } },
    };
    return [
      `customers/${id}/meetings.json`,
      JSON.stringify({ about: { sv: 's', en: 'e' }, rules: [rule] }),
    ] as const;
  });
  const { ruleset } = readRuleset({ ...workingRules().texts, ...Object.fromEntries(files) });
  if (!ruleset) throw new Error('expected the changed rules to read');
  return ruleset;
}

/** Measures with a database of its own that holds many live agreements. */
export async function measureRules(stack: BenchStack, options: RulesOptions): Promise<Measured[]> {
  const { repetitions, agreements, onProgress } = options;
  const { ruleset } = workingRules();
  const decision = await measureDecisions(ruleset, repetitions);
  const database = await cloneDatabase(stack.databaseUrl, `bench_${randomBytes(4).toString('hex')}`);
  const db = openDb(database.databaseUrl);
  try {
    onProgress(`plan: ${agreements} agreements are made`);
    await publishRuleset(db, ruleset, { author: '', message: 'bench' });
    await fill(db, ruleset, agreements);
    let memory = '';
    const listener = (): PreviewListener => {
      let seen = 0;
      let early = 0;
      return {
        ...quietListener,
        agreement: () => {
          seen += 1;
          if (seen === agreements / 10) early = mebibytes();
        },
        end: () => (memory = `${early} MiB resident after a tenth of them, ${mebibytes()} at the end`),
      };
    };
    const preview = async (proposed: Ruleset): Promise<number[]> => {
      const took: number[] = [];
      for (let done = 0; done < Math.ceil(repetitions / 2); done += 1) {
        took.push(
          await seconds(() => runPreview(db, ruleset, proposed, [], '2026-12-01T12:00:00.000Z', listener())),
        );
        onProgress(`plan: ${took.at(-1)?.toFixed(1)} s`);
      }
      return took;
    };
    const everybody = await preview(withMeetings(5));
    const memoryOfAll = memory;
    const oneOnly = await preview(customersRules(1));
    const tenth = await preview(customersRules(agreements / 10));
    const engine = await seconds(async () => {
      for (let index = 0; index < agreements; index += 1)
        await bareRun(ruleset, { ...factsFor(contractOf(index), 1, '2026-12-01') });
    });
    const plan = (id: string, name: string, values: number[], note: string): Measured => ({
      id,
      name,
      unit: 's',
      product: median(values),
      bare: engine,
      ratio: median(values) / engine,
      goal: { of: 'product', below: 10 },
      note,
      values,
    });
    return [
      decision,
      plan(
        'plan-everybody',
        `plan over ${agreements}, all change`,
        everybody,
        `every agreement planned anew and compared; ${memoryOfAll}; bare runs the engine once for each agreement`,
      ),
      plan(
        'plan-tenth',
        `plan over ${agreements}, a tenth change`,
        tenth,
        `${agreements / 10} customers, each with a rule of its own; bare as above`,
      ),
      plan(
        'plan-one',
        `plan over ${agreements}, one changes`,
        oneOnly,
        'a rule for one customer; bare as above',
      ),
    ];
  } finally {
    await db.close();
    await database.drop();
  }
}
