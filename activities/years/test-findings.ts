/** What failed when the customer tested earlier upgrades: it comes back as a case. */
import type { TestCase, TestFinding } from '../../rules/engine/upgrade/test-cases';
import type { Queryable } from '../db';
import { isOfUpgrade } from './upgrade-events';

/** Cases that somebody reported to fail in an upgrade of the three years before one, newest first. */
export async function testFindings(db: Queryable, agreement: string, year: number): Promise<TestFinding[]> {
  const rows = await db.query<{ year: number; found: TestCase }>(
    `select distinct on (planned.year, found ->> 'id') planned.year, found
       from (select distinct on (year) year, test_cases from plans
              where agreement = $1 and year between $2 - 3 and $2 - 1 order by year desc, revision desc) planned,
            jsonb_array_elements(planned.test_cases) found
      where exists (select 1 from events where agreement = $1 and ${isOfUpgrade('planned.year')}
                       and kind = 'signal' and ref = 'customerTested' and detail ->> 'case' = found ->> 'id'
                       and detail ->> 'ok' = 'false')
      order by planned.year desc, found ->> 'id'`,
    [agreement, year],
  );
  return rows.flatMap(({ year: of, found }) => {
    const { process, title, steps, expected } = found;
    return title
      ? [{ year: of, process, title, ...(steps && { steps }), ...(expected && { expected }) }]
      : [];
  });
}
