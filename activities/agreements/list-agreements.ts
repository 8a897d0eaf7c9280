/** Which agreements there are, by their numbers. */
import type { SignedAgreement } from '../../rules/engine/lint/check-signed';
import type { Queryable } from '../db';

/** Whether anything was ever signed. */
export async function anyAgreement(db: Queryable): Promise<boolean> {
  const [any] = await db.query('select 1 from agreements limit 1');
  return any !== undefined;
}

/** Numbers of the agreements that have not ended, those recorded last first, at most so many. */
export async function newestAgreements(db: Queryable, most: number): Promise<string[]> {
  const rows = await db.query<{ number: string }>(
    `select number from agreements where state <> 'ended' order by recorded_at desc limit $1`,
    [most],
  );
  return rows.map(({ number }) => number);
}

/** The agreements that have not ended, with what rules tell apart, by their numbers. */
export async function signedAgreements(db: Queryable): Promise<SignedAgreement[]> {
  return db.query<SignedAgreement>(
    `select number as agreement, contract->'customer'->>'id' as customer, contract->>'level' as level
       from agreements where state <> 'ended' order by number`,
  );
}
