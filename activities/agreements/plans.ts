/** Plans of agreement years as they are kept, with the terms they were made by. */
import type { StoredPlan } from '../../rules/engine/plan/plan';
import type { Terms } from '../../rules/engine/ruleset/terms';
import type { TestCase } from '../../rules/engine/upgrade/test-cases';
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
