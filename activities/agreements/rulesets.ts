/** Rulesets in PostgreSQL: immutable, by hash; the one published last is in force. */
import { BilingualError } from '../../rules/engine/basics/bilingual-error';
import { expectedFound } from '../../rules/engine/basics/text';
import { formatFinding } from '../../rules/engine/reading/format-finding';
import { readRuleset, rulesetFormat } from '../../rules/engine/ruleset/read-ruleset';
import type { Ruleset } from '../../rules/engine/ruleset/read-ruleset';
import type { Contract, Instant } from '../../rules/engine/contract/contract';
import type { RulesetFiles, Terms } from '../../rules/engine/ruleset/terms';
import { termsFor } from '../../rules/engine/terms/terms-for';
import type { Db, Queryable } from '../db';
import { announceOutbox } from '../outbox';
import { permanent } from '../permanent';

/** Name of the lock that is held while a ruleset comes into force; those who plan a year share it. */
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
  throw new BilingualError({
    sv: 'förväntade ett regelverk i kraft, hittade inget; den första `npm start` sätter ett i kraft',
    en: 'expected a ruleset in force, found none; the first `npm start` publishes one',
  });
}

/** Who puts a ruleset in force, and why. */
export interface Publication {
  author: string;
  message: string;
}

/** What is decided together with a ruleset. */
export interface Others {
  /** Numbers of those whose upgrades under way take its phases. */
  moving?: readonly string[];
  /** Keeps something in the same transaction. @returns numbers of others who are told */
  besides?: (tx: Queryable) => Promise<readonly string[]>;
}

/** A newer version of the product runs or ran on this database: this one must not read or replace its rulesets. */
export class NewerRulesetError extends BilingualError {
  override readonly name = 'NewerRulesetError';
  constructor(hash: string, found: number, known: number) {
    const name = hash.slice(0, 8);
    super({
      sv:
        `Regelverket ${name} är skrivet av en nyare version av serviceavtal: dess regelfiler har format ${found}, ` +
        `den här versionen läser format upp till ${known}.\nInget planeras, signeras eller sätts i kraft av den här ` +
        'versionen. Stoppa den här processen och starta den nyare versionen.',
      en:
        `The ruleset ${name} was written by a newer version of serviceavtal: its rule files have format ${found}, ` +
        `this version reads formats up to ${known}.\nNothing is planned, signed or put in force by this version. ` +
        'Stop this process and start the newer version.',
    });
  }
}

/** Another ruleset came into force while somebody was looking at a change. */
export class OvertakenError extends Error {
  override readonly name = 'OvertakenError';
}

/**
 * Puts a checked ruleset in force, for years planned from now on; the one already in force is not published again.
 *
 * @param format the format that this version writes
 * @returns true if it is newly in force
 * @throws NewerRulesetError if a newer version's is in force
 */
export async function publishRuleset(
  db: Db,
  ruleset: Ruleset,
  publication: Publication,
  format: number = rulesetFormat,
): Promise<boolean> {
  return db.transaction(async (tx) => {
    await lock(tx);
    return publish(tx, ruleset, publication, format);
  });
}

/**
 * The moment at which somebody begins to look at what a change would do: every plan stored before it can be seen by
 * now, every later one has a later `planned_at`.
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
 * @param running numbers of those whose year changes; 'all' where nobody can say which
 * @param seen hash of the ruleset that was in force when the change was looked at, and since when (`beginLooking`)
 * @param format the format that this version writes
 * @returns how many running years are told
 * @throws OvertakenError if another ruleset has come into force since
 * @throws NewerRulesetError if a newer version's is in force
 */
export async function applyRuleset(
  db: Db,
  ruleset: Ruleset,
  publication: Publication,
  running: readonly string[] | 'all',
  seen: { hash: string; since: Instant },
  others: Others = {},
  format: number = rulesetFormat,
): Promise<number> {
  return db.transaction(async (tx) => {
    await lock(tx);
    const inForce = await rulesetInForce(tx);
    if (inForce !== seen.hash)
      throw new OvertakenError(`expected ruleset ${seen.hash} in force, found ${inForce ?? 'none'}`);
    await publish(tx, ruleset, publication, format);
    const besides = (await others.besides?.(tx)) ?? [];
    const told = await tx.query<{ number: string }>(
      `insert into outbox (agreement, kind, payload)
       select number, 'terms-changed', jsonb_build_object('ruleset', left($3::text, 8))
              || case when number = any ($4) then '{"moveUpgrades": true}'::jsonb else '{}' end from agreements
        where state = 'live'
          and ($1::text[] is null or number = any ($1) or number = any ($4)
               or exists (select 1 from plans where agreement = number and planned_at >= $2)
               or exists (select 1 from contract_changes where agreement = number and applied_at >= $2))
       returning agreement as number`,
      [running === 'all' ? null : [...running, ...besides], seen.since, ruleset.hash, others.moving ?? []],
    );
    if (told.length > 0) await announceOutbox(tx);
    return told.length;
  });
}

/** Locks out those who plan a year, who share the lock: no year is planned by a ruleset that is being replaced. */
async function lock(tx: Queryable): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(hashtext($1))', [rulesetsLock]);
}

async function publish(
  tx: Queryable,
  ruleset: Ruleset,
  { author, message }: Publication,
  format: number,
): Promise<boolean> {
  const inForce = await formatInForce(tx);
  if (inForce !== undefined && inForce.format > format)
    throw new NewerRulesetError(inForce.hash, inForce.format, format);
  if (inForce?.hash === ruleset.hash) return false;
  // A ruleset that is stored already keeps its format: the same hash means the same content.
  await tx.query('insert into rulesets (hash, files, format) values ($1, $2, $3) on conflict do nothing', [
    ruleset.hash,
    JSON.stringify(ruleset.texts),
    format,
  ]);
  await tx.query('insert into publications (hash, note, author) values ($1, $2, $3)', [
    ruleset.hash,
    message,
    author,
  ]);
  return true;
}

/** One time that a ruleset came into force. */
export interface PublishedRuleset {
  hash: string;
  at: Instant;
  author: string;
  message: string;
}

/** Every time that a ruleset came into force, newest first: the first entry is the one in force. */
export async function listPublications(db: Queryable): Promise<PublishedRuleset[]> {
  return db.query(
    'select hash, published_at as at, author, note as message from publications order by id desc',
  );
}

/**
 * The full hash of the ruleset whose hash begins so.
 *
 * @throws if none or several rulesets begin so
 */
export async function findRulesetHash(db: Queryable, beginning: string): Promise<string> {
  const rows = await db.query<{ hash: string }>(
    'select hash from rulesets where hash like $1 order by hash',
    [`${beginning.replace(/[^0-9a-f]/g, '?')}%`],
  );
  const [only, another] = rows;
  if (only === undefined)
    throw new BilingualError(
      expectedFound(
        { sv: 'hashen av ett sparat regelverk', en: 'the hash of a stored ruleset' },
        `"${beginning}"`,
      ),
    );
  if (another !== undefined)
    throw new BilingualError(
      expectedFound(
        { sv: 'början av ett enda regelverks hash', en: "the beginning of one ruleset's hash" },
        { sv: `"${beginning}" för ${rows.length}`, en: `"${beginning}" of ${rows.length}` },
      ),
    );
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

async function formatInForce(db: Queryable): Promise<{ hash: string; format: number } | undefined> {
  const [row] = await db.query<{ hash: string; format: number }>(
    'select hash, format from publications join rulesets using (hash) order by id desc limit 1',
  );
  return row;
}

/** The ruleset in force and, if this version cannot read it, why; nothing before the first publication. */
export async function lookAtRulesetInForce(
  db: Queryable,
  format: number = rulesetFormat,
): Promise<{ hash: string; format: number; unreadable?: string } | undefined> {
  const inForce = await formatInForce(db);
  if (inForce === undefined) return undefined;
  if (inForce.format > format)
    return { ...inForce, unreadable: new NewerRulesetError(inForce.hash, inForce.format, format).message };
  const { reason } = await readStored(db, inForce.hash, format);
  return { ...inForce, ...(reason !== undefined && { unreadable: reason }) };
}

const parsed = new Map<string, Ruleset>();

/**
 * Loads a ruleset by hash; parsed once in a process, since a hash never changes its meaning.
 *
 * @param format the highest format that this version reads
 * @throws NewerRulesetError if a newer version wrote it: a worker of that version can go on with what this one cannot
 * @throws TermsUnusable, for good, if it can no longer be read
 */
export async function loadRuleset(
  db: Queryable,
  hash: string,
  format: number = rulesetFormat,
): Promise<Ruleset> {
  const { ruleset, reason } = await readStored(db, hash, format);
  if (ruleset === undefined)
    throw permanent('TermsUnusable', `ruleset ${hash} cannot be read by this version: ${reason}`);
  return ruleset;
}

/** The rule files of a stored ruleset as they were written, also where this version cannot read them. */
export async function storedRuleFiles(db: Queryable, hash: string): Promise<RulesetFiles> {
  return (await storedRuleset(db, hash)).files;
}

async function storedRuleset(db: Queryable, hash: string): Promise<{ files: RulesetFiles; format: number }> {
  const [row] = await db.query<{ files: RulesetFiles; format: number }>(
    'select files, format from rulesets where hash = $1',
    [hash],
  );
  if (!row) throw new Error(`expected the ruleset ${hash} in the database, found none`);
  return row;
}

/** A stored ruleset, or why it cannot be read. */
async function readStored(
  db: Queryable,
  hash: string,
  format: number,
): Promise<{ ruleset: Ruleset; reason?: undefined } | { ruleset?: undefined; reason: string }> {
  const key = `${format}/${hash}`;
  const known = parsed.get(key);
  if (known) return { ruleset: known };
  const stored = await storedRuleset(db, hash);
  if (stored.format > format) throw new NewerRulesetError(hash, stored.format, format);
  const { ruleset, reason } = parse(stored.files);
  if (ruleset === undefined) return { reason };
  parsed.set(key, ruleset);
  return { ruleset };
}

function parse(
  files: RulesetFiles,
): { ruleset: Ruleset; reason?: undefined } | { ruleset?: undefined; reason: string } {
  try {
    const { ruleset, findings } = readRuleset(files);
    const [first] = findings;
    return ruleset ? { ruleset } : { reason: first ? formatFinding(first) : 'it has no rule files' };
  } catch (error) {
    // The stored text has not even the form of rule files.
    return { reason: (error as Error).message };
  }
}
