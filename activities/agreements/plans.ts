/** Plans of agreement years as they are kept, with the terms they were made by. */
import type { StoredPlan } from '../../rules/engine/plan/plan';
import type { Terms } from '../../rules/engine/ruleset/terms';
import type { TestCase } from '../../rules/engine/upgrade/test-cases';
import type { Instant } from '../../rules/engine/contract/contract';
import type { Queryable } from '../db';

export interface KeptPlan {
  plan: StoredPlan;
  terms: Terms;
  /** What the customer tests in its upgrade; none in plans that tell no cases. */
  testCases: TestCase[];
}

/** Stored plan of a year; the newest unless a revision is given. */
export async function findPlan(
  db: Queryable,
  agreement: string,
  year: number,
  revision?: number,
): Promise<KeptPlan | undefined> {
  const [row] = await db.query<KeptPlan>(
    `select plan, terms, coalesce(test_cases, '[]') as "testCases" from plans where agreement = $1 and year = $2 and ($3::int is null or revision = $3)
      order by revision desc limit 1`,
    [agreement, year, revision ?? null],
  );
  return row;
}

/** The plan of the newest year of an agreement that is planned. */
export async function newestPlan(
  db: Queryable,
  agreement: string,
): Promise<{ plan: StoredPlan; terms: Terms } | undefined> {
  const [row] = await db.query<{ plan: StoredPlan; terms: Terms }>(
    'select plan, terms from plans where agreement = $1 order by year desc, revision desc limit 1',
    [agreement],
  );
  return row;
}

/** A question for a plan of a year. */
export interface PlanQuestion {
  agreement: string;
  year: number;
  /** The one after the plan that whoever asks has. */
  revision: number;
  /** Hash of what is asked, beside the instant. */
  asked: string;
  asOf: Instant;
}

/** The plan that a question had already, or the revision that its plan gets and the newest of the plans that took its own. */
export type PlanPlace = { known: StoredPlan } | { revision: number; newest?: KeptPlan };

interface AskedPlan extends KeptPlan {
  revision: number;
  asOf: Instant;
  /** Nothing in plans from before it was kept. */
  asked: string | null;
}

/** Milliseconds within which a task that was lost asks again. */
const asksAgainWithin = 3_600_000;

/**
 * Tells a question that is asked again from another one. Revisions are counted by the run: one that was rewound, by a back-up of
 * Temporal that is older than the database, counts them again, for other questions. Those get the next free revision. The
 * first plan of a year is asked for in one way only.
 */
export async function placeOfPlan(db: Queryable, question: PlanQuestion): Promise<PlanPlace> {
  const { agreement, year, revision } = question;
  const taken = await db.query<AskedPlan>(
    `select revision, plan, terms, coalesce(test_cases, '[]') as "testCases", as_of as "asOf", asked from plans
      where agreement = $1 and year = $2 and revision >= $3 order by revision`,
    [agreement, year, revision],
  );
  const newest = taken.at(-1);
  if (!newest) return { revision };
  const known = revision === 1 ? taken[0] : taken.find((plan) => isOf(plan, question));
  return known ? { known: known.plan } : { revision: newest.revision + 1, newest };
}

/** Whether a plan was made for a question. */
function isOf({ revision, asOf, asked }: AskedPlan, question: PlanQuestion): boolean {
  const apart = Math.abs(Date.parse(question.asOf) - Date.parse(asOf));
  if (revision === question.revision && apart === 0) return true;
  if (asked === null) return revision === question.revision && apart <= asksAgainWithin;
  return asked === question.asked && apart <= asksAgainWithin;
}

/** Plan that a revision of a year follows: the newest one before it. */
export async function planBefore(
  db: Queryable,
  agreement: string,
  year: number,
  revision: number,
): Promise<KeptPlan | undefined> {
  const [row] = await db.query<KeptPlan>(
    `select plan, terms, coalesce(test_cases, '[]') as "testCases" from plans where agreement = $1 and year = $2 and revision < $3
      order by revision desc limit 1`,
    [agreement, year, revision],
  );
  return row;
}
