/** Rulesets in PostgreSQL: immutable, by hash; the one published last is in force. */
import { readRuleset } from '../rules/read-ruleset';
import type { Ruleset } from '../rules/read-ruleset';
import type { Contract, Instant } from '../rules/contract';
import type { RulesetFiles, Terms } from '../rules/terms';
import { termsFor } from '../rules/terms-for';
import type { Db, Queryable } from './db';
import { announceOutbox } from './outbox';
import { permanent } from './permanent';

/** Name of the lock held while a ruleset comes into force; whoever plans a year holds it shared. */
export const rulesetsLock = 'serviceavtal-rulesets';

/** Hash of the ruleset in force, or nothing before the first publication. */
export async function rulesetInForce(db: Queryable): Promise<string | undefined> {
  const [row] = await db.query<{ hash: string }>('select hash from publications order by id desc limit 1');
  return row?.hash;
}

/**
 * Hash of the ruleset in force.
 *
 * @throws before the first publication
 */
export async function requireRulesetInForce(db: Queryable): Promise<string> {
  const hash = await rulesetInForce(db);
  if (hash !== undefined) return hash;
  throw new Error('expected a ruleset in force, found none; the first `npm start` publishes one');
}

/** Who puts a ruleset in force, and why. */
export interface Publication {
  author: string;
  message: string;
}

/** Another ruleset came into force while a change was being looked at. */
export class OvertakenError extends Error {
  override readonly name = 'OvertakenError';
}

/**
 * Puts a checked ruleset in force, for years planned from now on; the one already in force is not published again.
 *
 * @returns true if it is newly in force
 */
export async function publishRuleset(db: Db, ruleset: Ruleset, publication: Publication): Promise<boolean> {
  return db.transaction(async (tx) => {
    await lock(tx);
    return publish(tx, ruleset, publication);
  });
}

/**
 * The moment from which on somebody looks at what a change would do: every plan stored before it can be seen by now,
 * every later one is younger.
 */
export async function beginLooking(db: Db): Promise<Instant> {
  return db.transaction(async (tx) => {
    await lock(tx);
    const [row] = await tx.query<{ now: Instant }>('select clock_timestamp() as now');
    return row?.now ?? new Date().toISOString();
  });
}

/**
 * Puts a ruleset in force and has the running years told that it changes: those named, and those that were planned
 * since the change was looked at. All of it or nothing; the outbox tells them, also after a crash.
 *
 * @param seen hash of the ruleset that was in force when the change was looked at, and since when (`beginLooking`)
 * @returns how many running years are told
 * @throws OvertakenError if another ruleset has come into force since
 */
export async function applyRuleset(
  db: Db,
  ruleset: Ruleset,
  publication: Publication,
  running: readonly string[],
  seen: { hash: string; since: Instant },
): Promise<number> {
  return db.transaction(async (tx) => {
    await lock(tx);
    const inForce = await rulesetInForce(tx);
    if (inForce !== seen.hash)
      throw new OvertakenError(`expected ruleset ${seen.hash} in force, found ${inForce ?? 'none'}`);
    await publish(tx, ruleset, publication);
    const told = await tx.query<{ number: string }>(
      `insert into outbox (agreement, kind, payload)
       select number, 'terms-changed', jsonb_build_object('ruleset', left($3::text, 8)) from agreements
        where state = 'live'
          and (number = any ($1::text[])
               or exists (select 1 from plans where agreement = number and planned_at >= $2)
               or exists (select 1 from contract_changes where agreement = number and applied_at >= $2))
       returning agreement as number`,
      [running, seen.since, ruleset.hash],
    );
    if (told.length > 0) await announceOutbox(tx);
    return told.length;
  });
}

/** Whoever plans a year holds it shared: no year is planned by a ruleset that is just being replaced. */
async function lock(tx: Queryable): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(hashtext($1))', [rulesetsLock]);
}

async function publish(tx: Queryable, ruleset: Ruleset, { author, message }: Publication): Promise<boolean> {
  if ((await rulesetInForce(tx)) === ruleset.hash) return false;
  await tx.query('insert into rulesets (hash, files) values ($1, $2) on conflict do nothing', [
    ruleset.hash,
    JSON.stringify(ruleset.texts),
  ]);
  await tx.query('insert into publications (hash, note, author) values ($1, $2, $3)', [
    ruleset.hash,
    message,
    author,
  ]);
  return true;
}

/** One coming into force. */
export interface PublishedRuleset {
  hash: string;
  at: Instant;
  author: string;
  message: string;
}

/** Every coming into force, newest first: the first is the one in force. */
export async function listPublications(db: Queryable): Promise<PublishedRuleset[]> {
  return db.query(
    'select hash, published_at as at, author, note as message from publications order by id desc',
  );
}

/**
 * The full hash for its beginning.
 *
 * @throws if none or several rulesets begin so
 */
export async function findRulesetHash(db: Queryable, beginning: string): Promise<string> {
  const rows = await db.query<{ hash: string }>(
    'select hash from rulesets where hash like $1 order by hash',
    [`${beginning.replace(/[^0-9a-f]/g, '?')}%`],
  );
  const [only, another] = rows;
  if (only === undefined) throw new Error(`expected the hash of a stored ruleset, found "${beginning}"`);
  if (another !== undefined)
    throw new Error(`expected the beginning of one ruleset's hash, found "${beginning}" of ${rows.length}`);
  return only.hash;
}

/** What a contract is signed with now: the ruleset in force and the terms it gives; nothing before the first one. */
export async function termsAtSigning(
  db: Queryable,
  contract: Contract,
): Promise<{ signedTerms?: Terms; signedRuleset?: string }> {
  const hash = await rulesetInForce(db);
  if (hash === undefined) return {};
  const { terms } = await termsFor(contract, await loadRuleset(db, hash), 1, contract.startsOn);
  return { signedTerms: terms, signedRuleset: hash };
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
