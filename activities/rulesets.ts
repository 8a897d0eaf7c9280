/** Rulesets in PostgreSQL: immutable, by hash; the one published last is in force. */
import { readRuleset } from '../rules/read-ruleset';
import type { Ruleset } from '../rules/read-ruleset';
import type { RulesetFiles } from '../rules/terms';
import type { Db, Queryable } from './db';
import { permanent } from './permanent';

/** Hash of the ruleset in force, or nothing before the first publication. */
export async function rulesetInForce(db: Queryable): Promise<string | undefined> {
  const [row] = await db.query<{ hash: string }>('select hash from publications order by id desc limit 1');
  return row?.hash;
}

/**
 * Puts a checked ruleset in force; the one already in force is not published again.
 * @returns true if it is newly in force
 */
export async function publishRuleset(
  db: Db,
  ruleset: Ruleset,
  texts: RulesetFiles,
  note: string,
): Promise<boolean> {
  return db.transaction(async (tx) => {
    await tx.query(`select pg_advisory_xact_lock(hashtext('serviceavtal-rulesets'))`);
    if ((await rulesetInForce(tx)) === ruleset.hash) return false;
    await tx.query('insert into rulesets (hash, files) values ($1, $2) on conflict do nothing', [
      ruleset.hash,
      JSON.stringify(texts),
    ]);
    await tx.query('insert into publications (hash, note) values ($1, $2)', [ruleset.hash, note]);
    return true;
  });
}

const parsed = new Map<string, Ruleset>();

/** Loads a ruleset by hash; parsed once in a process, since a hash never changes its meaning. */
export async function loadRuleset(db: Queryable, hash: string): Promise<Ruleset> {
  const known = parsed.get(hash);
  if (known) return known;
  const [row] = await db.query<{ files: RulesetFiles }>('select files from rulesets where hash = $1', [hash]);
  if (!row) throw new Error(`expected the ruleset ${hash} in the database, found none`);
  const { ruleset, findings } = readRuleset(row.files);
  if (!ruleset)
    throw permanent(
      'TermsUnusable',
      `ruleset ${hash} no longer reads: ${findings[0]?.message ?? 'unknown reason'}`,
    );
  parsed.set(hash, ruleset);
  return ruleset;
}
