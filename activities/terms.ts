/** Resolves the terms in force for one agreement and plans its year; both are kept with what decided them. */
import { localDateOf } from '../rules/calendar';
import { periodOf, yearNumberOn } from '../rules/agreement-period';
import type { Contract, Instant } from '../rules/contract';
import { factsFor } from '../rules/facts';
import { termsFor } from '../rules/terms-for';
import { toCentihours } from '../rules/hour-bank';
import { planYear } from '../rules/plan-year';
import type { YearPlan } from '../rules/plan';
import type { Terms } from '../rules/terms';
import { findAgreement } from './agreements';
import type { Db, Queryable } from './db';
import { permanent } from './permanent';
import { decidePrices } from './prices';
import { loadRuleset, rulesetInForce } from './rulesets';

export interface PlanYearInput {
  agreement: string;
  /** Left out at the very beginning: the year that `asOf` falls in. */
  yearNumber?: number;
  asOf: Instant;
  /** 1 for the first plan of a year; a re-plan takes the next number. */
  revision: number;
  /** Why the year is planned again; told in the timeline. */
  reason?: string;
  /** Closed obligations so far: id → when. */
  closed?: Record<string, Instant>;
}

/** Stored plan of a year, newest revision unless told. */
export async function findPlan(
  db: Queryable,
  agreement: string,
  year: number,
  revision?: number,
): Promise<{ plan: YearPlan; terms: Terms } | undefined> {
  const [row] = await db.query<{ plan: YearPlan; terms: Terms }>(
    `select plan, terms from plans where agreement = $1 and year = $2 and ($3::int is null or revision = $3)
      order by revision desc limit 1`,
    [agreement, year, revision ?? null],
  );
  return row;
}

async function storePlan(tx: Queryable, plan: YearPlan, terms: Terms, asOf: Instant): Promise<void> {
  await tx.query(
    'insert into plans (agreement, year, revision, plan, terms, as_of) values ($1, $2, $3, $4, $5, $6)',
    [plan.agreement, plan.yearNumber, plan.revision, JSON.stringify(plan), JSON.stringify(terms), asOf],
  );
  await tx.query(
    `insert into obligations (agreement, year, id, strand, owner, opens_at, due_on, due_at, after, revision, late)
     select $1, $2, o.id, o.strand, o.owner, o."opensAt", o."dueOn", o."dueAt", o.after, o.revision, o.late
       from jsonb_to_recordset($3::jsonb) as o(id text, strand text, owner text, "opensAt" timestamptz, "dueOn" date,
            "dueAt" timestamptz, after text, revision int, late boolean)
     on conflict (agreement, year, id) do update set owner = excluded.owner, opens_at = excluded.opens_at,
            due_on = excluded.due_on, due_at = excluded.due_at, after = excluded.after,
            revision = excluded.revision, late = excluded.late
      where obligations.state = 'open'`,
    [plan.agreement, plan.yearNumber, JSON.stringify(plan.obligations)],
  );
  await tx.query(
    `update obligations set state = 'cancelled', closed_at = $4
      where agreement = $1 and year = $2 and state = 'open' and id <> all ($3::text[])`,
    [plan.agreement, plan.yearNumber, plan.obligations.map((o) => o.id), asOf],
  );
}

/** Opens the year's hour bank: the contracted hours, and what was rolled over at the end of the year before. */
async function openHourBank(tx: Queryable, contract: Contract, plan: YearPlan): Promise<void> {
  const [rolled] = await tx.query<{ hours: number }>(
    `select hours from hour_entries where agreement = $1 and year = $2 and kind = 'rolledOut'`,
    [plan.agreement, plan.yearNumber - 1],
  );
  const entries: [string, number][] = [['contracted', toCentihours(contract.hourBank.hours)]];
  if (rolled && rolled.hours > 0) entries.push(['rolledIn', rolled.hours]);
  for (const [kind, hours] of entries)
    await tx.query(
      `insert into hour_entries (id, agreement, year, kind, hours, as_of) values ($1, $2, $3, $4, $5, $6)
       on conflict do nothing`,
      [
        `${plan.agreement}/${plan.yearNumber}/${kind}`,
        plan.agreement,
        plan.yearNumber,
        kind,
        hours,
        plan.startsAt,
      ],
    );
}

export function createTermsActivities({ db }: { db: Db }) {
  return {
    /**
     * Decides the terms of an agreement year with the ruleset in force and lays out what it owes.
     * Asked again with the same revision it gives the stored plan: a retry decides nothing new.
     */
    async planAgreementYear(input: PlanYearInput): Promise<YearPlan> {
      const agreement = await findAgreement(db, input.agreement);
      if (!agreement)
        throw permanent('NotFound', `expected a signed agreement, found none: ${input.agreement}`);
      const { contract } = agreement;
      const yearNumber = input.yearNumber ?? yearNumberOn(contract.startsOn, localDateOf(input.asOf));
      const known = await findPlan(db, input.agreement, yearNumber, input.revision);
      if (known) return known.plan;

      const hash = await rulesetInForce(db);
      if (!hash)
        throw new Error('expected a ruleset in force, found none; it is published when the product starts');
      const { from } = periodOf(contract.startsOn, yearNumber);
      const ruleset = await loadRuleset(db, hash);
      let decided: Awaited<ReturnType<typeof termsFor>>;
      try {
        decided = await termsFor(contract, ruleset, yearNumber, from);
      } catch (error) {
        throw permanent('TermsUnusable', (error as Error).message, error);
      }
      const { terms } = decided;
      const previous =
        input.revision > 1
          ? (await findPlan(db, input.agreement, yearNumber, input.revision - 1))?.plan
          : undefined;
      const plan: YearPlan = planYear({
        contract,
        terms,
        yearNumber,
        asOf: input.asOf,
        rulesetHash: hash,
        prices: await decidePrices(db, { contract, terms, ruleset, yearNumber }),
        ...(previous ? { progress: { previous, closed: input.closed ?? {} } } : {}),
      });
      return db.transaction(async (tx) => {
        // An attempt that was given up may still run: the first of them decides.
        await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 1))', [input.agreement]);
        const decidedBefore = await findPlan(tx, input.agreement, yearNumber, input.revision);
        if (decidedBefore) return decidedBefore.plan;
        await tx.query(
          `insert into decisions (agreement, year, key, kind, as_of, ruleset_hash, facts, matched, result)
           values ($1, $2, $3, 'terms', $4, $5, $6, $7, $8) on conflict do nothing`,
          [
            input.agreement,
            yearNumber,
            `plan-${input.revision}`,
            input.asOf,
            hash,
            JSON.stringify(factsFor(contract, yearNumber, from)),
            JSON.stringify(decided.matched),
            JSON.stringify({
              reason: input.reason ?? 'a new agreement year',
              obligations: plan.obligations.length,
            }),
          ],
        );
        await storePlan(tx, plan, terms, input.asOf);
        await openHourBank(tx, contract, plan);
        await tx.query(`update agreements set state = 'live', year_number = $2 where number = $1`, [
          input.agreement,
          yearNumber,
        ]);
        return plan;
      });
    },
  };
}
