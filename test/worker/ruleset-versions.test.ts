/** Versions of the product that read and write other formats of rule files, side by side on one database. */
import { rmSync } from 'node:fs';
import {
  applyRuleset,
  beginLooking,
  listPublications,
  loadRuleset,
  publishRuleset,
  rulesetInForce,
} from '../../activities/agreements/rulesets';
import { rulesetFormat } from '../../rules/engine/ruleset/read-ruleset';
import type { Ruleset } from '../../rules/engine/ruleset/read-ruleset';
import { putRulesInForce } from '../../worker/processes/put-rules-in-force';
import { rule, withRules } from '../helpers/changed-rules';
import { serviceavtalOn, writeDownStack } from '../helpers/command-line';
import { workingRules } from '../helpers/example';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase, testStack } from '../helpers/stack';

const [older, newer] = [rulesetFormat - 1, rulesetFormat];
const olderFiles = workingRules();
const newerRuleset = withRules(rule('meetings', { perYear: 5 }));
const newerFiles = { ruleset: newerRuleset, texts: newerRuleset.texts };
const why = { author: 'erik', message: 'why' };

let database: FreshDatabase;
let said: string[];
const say = (line: string): void => void said.push(line);

beforeEach(async () => {
  database = await freshDatabase();
  said = [];
});

afterEach(() => database.close());

const inForce = (): Promise<string | undefined> => rulesetInForce(database.db);
/** What stands there has been readable to whoever wrote it, and is not to this version. */
const spoil = (hash: string): Promise<unknown> =>
  database.db.query(`update rulesets set files = '{"levels/guld.json": "{}"}' where hash = $1`, [hash]);

describe('two versions on one database', () => {
  it('the older after the newer puts nothing in force, and says which to start', async () => {
    await putRulesInForce(database.db, newerFiles, say, newer);
    await expect(putRulesInForce(database.db, olderFiles, say, older)).rejects.toThrow(
      new RegExp(`format ${newer}, this version reads formats up to ${older}\\.[^]*start the newer version`),
    );
    expect(await inForce()).toBe(newerRuleset.hash);
    expect(await listPublications(database.db)).toHaveLength(1);
  });

  it('the newer after the older leaves what it can read in force, and the older goes on', async () => {
    await putRulesInForce(database.db, olderFiles, say, older);
    await putRulesInForce(database.db, newerFiles, say, newer);
    await putRulesInForce(database.db, olderFiles, say, older);
    expect(await inForce()).toBe(olderFiles.ruleset.hash);
    expect(await listPublications(database.db)).toHaveLength(1);
  });

  it('the newer replaces what it can no longer read, and the older cannot take that back', async () => {
    const { ruleset } = withOlder('older');
    await putRulesInForce(database.db, withOlder('older'), say, older);
    await spoil(ruleset.hash);
    await putRulesInForce(database.db, newerFiles, say, newer);
    expect(said.at(-1)).toContain('the one before was written for an earlier version');
    await expect(publishRuleset(database.db, ruleset, why, older)).rejects.toThrow('newer version');
    const seen = { hash: newerRuleset.hash, since: await beginLooking(database.db) };
    await expect(applyRuleset(database.db, ruleset, why, [], seen, {}, older)).rejects.toThrow(
      'newer version',
    );
    await expect(loadRuleset(database.db, newerRuleset.hash, older)).rejects.toThrow('newer version');
    expect(await inForce()).toBe(newerRuleset.hash);
  });
});

/** Rule files of the older version that this process has not read from a database yet. */
function withOlder(name: string): { ruleset: Ruleset; texts: Ruleset['texts'] } {
  const ruleset = (made[name] ??= withRules(rule('meetings', { perYear: 6 })));
  return { ruleset, texts: ruleset.texts };
}
const made: Record<string, Ruleset> = {};

describe('a ruleset in force that cannot be read', () => {
  let dataDir: string;
  const broken = withRules(rule('meetings', { perYear: 7 }));

  beforeEach(async () => {
    dataDir = writeDownStack({ ...testStack(), databaseUrl: database.databaseUrl });
    await publishRuleset(database.db, broken, why);
    await spoil(broken.hash);
  });

  afterEach(() => rmSync(dataDir, { recursive: true }));

  it('of our own format stays, is told with its reason, and keeps a start from starting', async () => {
    await expect(putRulesInForce(database.db, olderFiles, say)).rejects.toThrow(
      /cannot be read: rules\/levels\/guld\.json:1:1[^]*serviceavtal apply/,
    );
    expect(await inForce()).toBe(broken.hash);
  });

  it('is shown as it was written, and replaced by `apply`, which says that it cannot compare', async () => {
    const shown = await serviceavtalOn(dataDir, 'rulesets', 'show', broken.hash);
    expect(shown).toMatchObject({ code: 0, out: expect.stringContaining('# rules/levels/guld.json') });
    const applied = await serviceavtalOn(dataDir, 'apply', '--yes', '--language', 'en');
    expect(applied.errors).toMatch(/The ruleset in force, [0-9a-f]{8}, cannot be read: rules\/levels\/guld/);
    expect(applied.code).toBe(0);
    expect(await inForce()).toBe(olderFiles.ruleset.hash);
  });

  it('is not gone back to', async () => {
    await publishRuleset(database.db, newerRuleset, why);
    const back = await serviceavtalOn(dataDir, 'apply', '--rollback', broken.hash.slice(0, 8), '--yes');
    expect(back).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/cannot be read by this version: rules\/levels/),
    });
    expect(await inForce()).toBe(newerRuleset.hash);
  });

  it.each([['apply', '--yes'], ['plan'], ['sign', 'examples/testbolaget.json']])(
    'by a newer version is left alone by %s',
    async (...args) => {
      await database.db.query('update rulesets set format = $1', [rulesetFormat + 1]);
      const ran = await serviceavtalOn(dataDir, ...args, '--language', 'en');
      expect(ran).toMatchObject({ code: 1, errors: expect.stringContaining('written by a newer version') });
      const swedish = await serviceavtalOn(dataDir, ...args);
      expect(swedish.errors).toContain('är skrivet av en nyare version');
      expect(await inForce()).toBe(broken.hash);
      expect(await database.db.query('select 1 from agreements')).toEqual([]);
    },
  );
});
