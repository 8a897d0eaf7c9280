/** `plan`, `apply`, `rulesets`, `explain` and `decisions`, as a manager runs them on a stack that runs. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { storeSignedContract } from '../../activities/agreements/agreements';
import { listPublications, publishRuleset, termsAtSigning } from '../../activities/agreements/rulesets';
import { createTermsActivities } from '../../activities/years/terms';
import { addDays } from '../../rules/engine/calendar/dates';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import type { Release } from '../../rules/engine/releases/release';
import type { RuleChange } from '../../rules/engine/change/diff-rulesets';
import type { RuleFile } from '../../rules/engine/ruleset/terms';
import type { AgreementPreview } from '../../rules/engine/change/preview-change';
import type { Explanation } from '../../templates/preview/explain';
import { serviceavtalOn, writeDownStack } from '../helpers/command-line';
import { rule } from '../helpers/changed-rules';
import { exampleContract, workingRules } from '../helpers/example';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase, testStack } from '../helpers/stack';

const shipped = path.resolve(__dirname, '../../rules');
const today = localDateOf(new Date().toISOString());
const startsOn = addDays(today, -60);
const working = workingRules().ruleset;
let database: FreshDatabase;
let dataDir: string;
let folders: string[];

beforeAll(async () => {
  folders = [];
  database = await freshDatabase();
  const { db } = database;
  dataDir = writeDownStack({ ...testStack(), databaseUrl: database.databaseUrl });
  await publishRuleset(db, working, { author: 'anna', message: 'the first' });
  const contract = exampleContract({ startsOn, signedOn: startsOn });
  await storeSignedContract(db, contract, { ...(await termsAtSigning(db, contract)), start: false });
  const asOf = `${startsOn}T09:00:00.000Z`;
  await createTermsActivities({ db }).planAgreementYear({ agreement, asOf, revision: 1 });
});

afterAll(async () => {
  await database.close();
  for (const folder of [dataDir, ...folders]) rmSync(folder, { recursive: true });
});

const agreement = 'testbolaget-2027';
const run = (...args: string[]) => serviceavtalOn(dataDir, ...args);
const inForce = async () => (await listPublications(database.db))[0]!;
/** What agreements have not been told; their monitoring follows the plan. */
const untold = () =>
  database.db.query(`select agreement, kind from outbox where kind not in ('monitoring', 'digests')`);

const releasePath = (version: string): string => `releases/visma-business-${version}.json`;

/** Withdraws a release of a folder. */
function withdraw(folder: string, version: string, on = '2027-04-01'): void {
  const file = path.join(folder, releasePath(version));
  const release = JSON.parse(readFileSync(file, 'utf8')) as Release;
  const reason = { sv: 'fel i momsrapporten', en: 'wrong VAT reports' };
  writeFileSync(file, JSON.stringify({ ...release, withdrawn: { on, reason } }, null, 2));
}

/** A folder with the shipped rules, changed. */
function rulesFolder(change: (level: RuleFile) => void = () => undefined): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'serviceavtal-rules-'));
  folders.push(folder);
  for (const part of ['levels', 'releases', 'tests', 'prices.json'])
    cpSync(path.join(shipped, part), path.join(folder, part), { recursive: true });
  const level = JSON.parse(workingRules().texts['levels/guld.json']!) as RuleFile;
  change(level);
  writeFileSync(path.join(folder, 'levels/guld.json'), JSON.stringify(level, null, 2));
  return folder;
}

/** The base rule of meetings says another number. */
const meetings = (perYear: number) => (level: RuleFile) =>
  void (level.rules[0]!.event.params.perYear = perYear);
const longerSupport = (level: RuleFile) => void level.rules.push(rule('support', { closes: '18:00' }));

/** Changes of which the shipped examples say nothing; the second one breaks a promise. */
const inTheAfternoon = (level: RuleFile) => void level.rules.push(rule('meetings', { startTime: '13:00' }));
const closedOnce = (level: RuleFile) =>
  void level.rules.push(rule('support', { closedDays: [addDays(today, 30)] }));

/** Fails where a tag is not closed, or closed in another order. */
function openTags(html: string): string[] {
  const open: string[] = [];
  for (const [, slash, name = ''] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^>]*>/g)) {
    if (['meta', 'br', 'col'].includes(name)) continue;
    if (slash === '') open.push(name);
    else if (open.pop() !== name) throw new Error(`</${name}> closes nothing`);
  }
  return open;
}

interface PlanDocument {
  comparison: { inForce: string; proposed: string; live: number };
  releases: RuleChange[];
  campaigns: RuleChange[];
  upgrades: unknown[];
  agreements: AgreementPreview[];
  totals: { changed: number; untouched: number };
}

describe('plan', () => {
  it('exits with 0 when nothing is new, and says so as the document that was asked for', async () => {
    const same = rulesFolder();
    const [text, html, markdown, json] = await Promise.all([
      run('plan', '--rules', same, '--detailed-exitcode', '--language', 'en'),
      run('plan', '--rules', same, '--html'),
      run('plan', '--rules', same, '--markdown'),
      run('plan', '--rules', same, '--json'),
    ]);
    expect(text).toMatchObject({
      code: 0,
      out: 'The rule files say what is in force already. Nothing to do.\n',
    });
    expect(html.out).toMatch(/^<!doctype html>\n<html lang="sv">[^]*Inget att göra[^]*<\/html>\s*$/);
    expect(openTags(html.out)).toEqual([]);
    expect(markdown.out).toMatch(/^# .*\n[^]*- Regelfilerna säger det som redan gäller/);
    expect(JSON.parse(json.out)).toEqual({ changes: false, inForce: working.hash });
  });

  it('exits with 2 for changes if asked, shows the same as text, JSON, markdown and HTML, and writes nothing', async () => {
    const rules = rulesFolder((level) => {
      meetings(6)(level);
      longerSupport(level);
    });
    withdraw(rules, '18.10.0');
    rmSync(path.join(rules, releasePath('17.10.0')));
    mkdirSync(path.join(rules, 'campaigns'));
    const days = { from: '2027-05-03', to: '2027-08-27' };
    const rounds = [{ id: 'rest', sv: 'alla', en: 'all' }];
    const about = { sv: 'x', en: 'x' };
    const campaign = { about, product: 'visma-business', release: '18.00.0', ...days, rounds };
    writeFileSync(path.join(rules, 'campaigns/visma-2027.json'), JSON.stringify(campaign));
    const [json, text, markdown, html] = await Promise.all([
      run('plan', '--rules', rules, '--json', '--detailed-exitcode'),
      run('plan', '--rules', rules, '--language', 'en'),
      run('plan', '--rules', rules, '--markdown', '--language', 'en'),
      run('plan', '--rules', rules, '--html', '--language', 'en'),
    ]);
    expect([json.code, text.code, markdown.code, html.code]).toEqual([2, 0, 0, 0]);
    const document = JSON.parse(json.out) as PlanDocument;
    expect(document).toMatchObject({
      comparison: { inForce: working.hash, live: 1 },
      totals: { changed: 1, untouched: 0 },
    });
    const [preview] = document.agreements as [AgreementPreview];
    expect(preview.values.map(({ path: value, from, to, on }) => [value, from, to, on])).toEqual([
      ['meetings.perYear', 4, 6, today],
      ['support.closes', '16:30', '18:00', today],
    ]);
    expect(preview.plan.obligations.filter(({ change }) => change === 'added')).toHaveLength(2);
    for (const drawn of [
      text.out,
      markdown.out.replace(/\\/g, ''),
      html.out.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code))),
    ]) {
      for (const { path: value, to, place, rule: name } of preview.values)
        for (const part of [value, `→ ${String(to)}`, place!, name!]) expect(drawn).toContain(part);
      expect(drawn).toContain('management meeting 2');
      expect(drawn).toContain('1 agreement changes.');
    }
    expect(document.releases.map(({ change, rule: release }) => [change, release])).toEqual([
      ['removed', 'visma-business 17.10.0'],
      ['changed', 'visma-business 18.10.0'],
    ]);
    expect(document.campaigns.map(({ change, rule: id }) => [change, id])).toEqual([['added', 'visma-2027']]);
    expect(text.out).toContain('+ visma-2027  18.00.0 to all agreements, 2027-05-03–2027-08-27\n');
    expect(text.out).toContain('visma-business 17.10.0  is in the rules no longer');
    expect(text.out).toMatch(/- withdrawn +is withdrawn on 2027-04-01: wrong VAT reports\n/);
    expect(text.out).toContain('Nothing was changed. Put the rules in force with: npx serviceavtal apply');
    expect(text.out).not.toContain('\u001b');
    expect(openTags(html.out)).toEqual([]);
    for (const line of markdown.out.split('\n').filter((one) => one.startsWith('|')))
      expect(line.replace(/\\\|/g, '').match(/\|/g)).toHaveLength(5);
    expect(await inForce()).toMatchObject({ hash: working.hash });
    expect(await untold()).toEqual([]);
  });

  it('says which upgrades go elsewhere because their release is withdrawn', async () => {
    const [{ target } = { target: '' }] = await database.db.query<{ target: string }>(
      `select plan->'upgrade'->'targets'->>'visma-business' as target from plans`,
    );
    const rules = rulesFolder();
    withdraw(rules, target, startsOn);
    const [json, text] = await Promise.all([
      run('plan', '--rules', rules, '--json'),
      run('plan', '--rules', rules, '--language', 'en'),
    ]);
    expect((JSON.parse(json.out) as PlanDocument).upgrades).toMatchObject([
      { agreement, systems: [{ system: 'visma-business', from: target }] },
    ]);
    expect(text.out).toMatch(
      /Upgrades that the releases concern[^]*Testbolaget AB \(testbolaget-2027\)[^]*(in place of|stops: )/,
    );
  });

  it('exits with 1 for a broken promise and for rules that cannot be used, and names the place', async () => {
    const wrong = rulesFolder();
    writeFileSync(path.join(wrong, 'levels/guld.json'), '{ "rules": [');
    const [broken, unusable] = await Promise.all([
      run('plan', '--rules', rulesFolder(meetings(3)), '--detailed-exitcode', '--language', 'en'),
      run('plan', '--rules', wrong, '--detailed-exitcode'),
    ]);
    expect(broken.code).toBe(1);
    expect(broken.out).toMatch(
      /! meetings\.perYear +signed 4, becomes 3, from \d{4}-\d\d-\d\d\n +rules\/levels\/guld\.json:\d+:\d+ /,
    );
    expect(broken.out).toContain('Name the signed amendment in the rule ("amendment")');
    expect(broken.out).not.toContain('npx serviceavtal apply');
    expect(unusable).toMatchObject({ code: 1, out: '' });
    expect(unusable.errors).toMatch(/Regelfilerna kan inte användas:\n.*guld\.json:1:\d+/);
  });
});

describe('apply', () => {
  it('changes nothing without a yes, for rules that fail check or test, or for a broken promise', async () => {
    const failing = rulesFolder((level) => void (level.rules[2]!.event.params.discountPercent = 9));
    const wrong = rulesFolder((level) => void (level.rules[0]!.name = ''));
    const [noTerminal, jsonAlone, both, example, check, promise] = await Promise.all([
      run('apply', '--rules', rulesFolder(inTheAfternoon)),
      run('apply', '--rules', rulesFolder(inTheAfternoon), '--json', '--language', 'en'),
      run('apply', '--rules', shipped, '--rollback', working.hash.slice(0, 8), '--yes', '--language', 'en'),
      run('apply', '--rules', failing, '--yes'),
      run('apply', '--rules', wrong, '--yes', '--language', 'en'),
      run('apply', '--rules', rulesFolder(closedOnce), '--yes', '--json'),
    ]);
    expect([noTerminal, jsonAlone, both, example, check, promise].map(({ code }) => code)).toEqual([
      1, 1, 1, 1, 1, 1,
    ]);
    expect(noTerminal.out).toContain('meetings.startTime');
    expect(noTerminal.errors).toMatch(
      /Det finns ingen terminal att svara från; lägg till --yes[^]*Inget är ändrat\./,
    );
    expect(jsonAlone).toMatchObject({
      out: '',
      errors: expect.stringContaining('expected --yes with --json') as string,
    });
    expect(both.errors).toContain('expected either --rules or --rollback, found both');
    expect(example.errors).toMatch(
      /Exempel håller inte:\n.*tests\/guld\.json:\d+:\d+ .*förväntade 10, hittade 9/,
    );
    expect(check.errors).toMatch(/The rule files cannot be used:\n.*guld\.json:\d+:\d+ /);
    expect(JSON.parse(promise.out)).toMatchObject({
      applied: false,
      inForce: working.hash,
      totals: { broken: 1 },
    });
    expect(promise.errors).toContain(`${working.hash.slice(0, 8)} gäller som förut`);
    expect(await listPublications(database.db)).toHaveLength(1);
    expect(await untold()).toEqual([]);
  });

  it('puts rules in force, says who is told, and takes them back; rulesets tells it all', async () => {
    const rules = rulesFolder(inTheAfternoon);
    const applied = await run(
      'apply',
      '--rules',
      rules,
      '--yes',
      '--message',
      'after lunch',
      '--author',
      'erik',
      '--language',
      'en',
    );
    const now = await inForce();
    expect(applied).toMatchObject({ code: 0 });
    expect(applied.out).toContain(
      `Ruleset ${now.hash.slice(0, 8)} is in force.\n1 running year is told now.`,
    );
    expect(now).toMatchObject({ author: 'erik', message: 'after lunch' });
    expect(await untold()).toEqual([{ agreement, kind: 'terms-changed' }]);

    const again = await run('apply', '--rules', rules, '--yes', '--json');
    expect(again.code).toBe(0);
    expect(JSON.parse(again.out)).toEqual({ applied: false, inForce: now.hash });

    const [list, json, show, diff, same, unknown, taken, takenInEnglish] = await Promise.all([
      run('rulesets'),
      run('rulesets', 'list', '--json'),
      run('rulesets', 'show', working.hash.slice(0, 10)),
      run('rulesets', 'diff', working.hash.slice(0, 8), now.hash.slice(0, 8)),
      run('rulesets', 'diff', working.hash, working.hash, '--language', 'en'),
      run('rulesets', 'show', 'ffffffffff'),
      run('rulesets', 'show', working.hash, '--out', rules),
      run('rulesets', 'show', working.hash, '--out', rules, '--language', 'en'),
    ]);
    expect(taken.errors).toBe(`förväntade en mapp som inte finns än, hittade ${rules}\n`);
    expect(takenInEnglish.errors).toBe(`expected a folder that does not exist yet, found ${rules}\n`);
    expect(list.out.split('\n').slice(0, 2)).toEqual([
      expect.stringMatching(
        new RegExp(
          `^\\* ${now.hash.slice(0, 8)}  \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC  erik  after lunch$`,
        ),
      ),
      expect.stringMatching(new RegExp(`^  ${working.hash.slice(0, 8)}  .*  anna  the first$`)),
    ]);
    expect((JSON.parse(json.out) as { hash: string }[]).map(({ hash }) => hash)).toEqual([
      now.hash,
      working.hash,
    ]);
    expect(show.out).toContain(`# rules/levels/guld.json\n${working.texts['levels/guld.json']!.trimEnd()}\n`);
    expect(diff.out).toMatch(
      /^\+ rules\/levels\/guld\.json "prov \d+: meetings"\n[^]*meetings\.startTime: \(inget\) → 13:00\n/,
    );
    expect(same.out).toBe('They say the same.\n');
    expect(unknown).toMatchObject({
      code: 1,
      out: '',
      errors: expect.stringContaining('hittade "ffffffffff"') as string,
    });

    const back = await run('apply', '--rollback', working.hash.slice(0, 8), '--yes', '--json');
    expect(back.code).toBe(0);
    expect(JSON.parse(back.out)).toMatchObject({ applied: true, inForce: working.hash });
    expect(await inForce()).toMatchObject({
      hash: working.hash,
      message: `back to ${working.hash.slice(0, 8)}`,
    });
  });
});

describe('apply --move-upgrades', () => {
  const freeze = (level: RuleFile) =>
    void level.rules.push(
      rule('upgrade', { phases: { freeze: { order: 25, owner: 'consultant', openDays: 2 } } }),
    );
  const close = (state: 'done' | 'open') =>
    database.db.query(
      `update obligations set state = $2, closed_at = case when $2 = 'done' then now() end
        where agreement = $1 and id = 'upgrade/plan'`,
      [agreement, state],
    );
  const payloads = () =>
    database.db.query<{ payload: object }>(
      `select payload from outbox where kind = 'terms-changed' order by id desc limit 1`,
    );

  it('says which upgrades under way move, asks, and tells them; also for rules that are in force', async () => {
    const rules = rulesFolder(freeze);
    await close('done');
    const [plan, asked] = await Promise.all([
      run('plan', '--rules', rules),
      run('apply', '--rules', rules, '--move-upgrades'),
    ]);
    expect(plan.out).toContain(
      'Uppgraderingen har börjat och behåller sina faser; apply --move-upgrades ger den de nya, nästa får dem ändå',
    );
    expect(asked.code).toBe(1);
    expect(asked.out).toContain(
      'Uppgraderingar som pågår\n  ~ Testbolaget AB (testbolaget-2027): Uppgraderingen har börjat och får de nya faserna; det som är gjort står kvar\n',
    );
    expect(asked.out).toMatch(/\+ uppgradering: freeze /);
    expect(plan.out).not.toMatch(/\+ uppgradering: freeze /);
    const kept = await run('apply', '--rules', rules, '--yes');
    expect(kept.out).not.toContain('nya faserna nu');
    const [{ hash }, moved] = [
      await inForce(),
      await run('apply', '--rules', rules, '--yes', '--move-upgrades'),
    ];
    expect(moved.out).toContain('1 uppgradering får de nya faserna nu.');
    expect(await payloads()).toEqual([{ payload: { ruleset: hash.slice(0, 8), moveUpgrades: true } }]);
    await close('open');
    const none = await run('apply', '--rules', rules, '--yes', '--move-upgrades', '--language', 'en');
    expect(none).toMatchObject({
      code: 0,
      out: 'No upgrade under way can take other phases. Nothing to do.\n',
    });
    await run('apply', '--rollback', working.hash.slice(0, 8), '--yes', '--json');
  });
});

describe('explain and decisions', () => {
  it('explain each value by its rule, place and reason, and refuse what cannot be explained', async () => {
    const dated = rulesFolder((level) => {
      const condition = { fact: 'date', operator: 'greaterThanInclusive', value: addDays(today, 30) };
      level.rules.push(rule('hourBank', { discountPercent: 20 }, [condition]));
    });
    const later = addDays(today, 40);
    const [text, json, early, nobody] = await Promise.all([
      run('explain', agreement, '--language', 'en'),
      run('explain', agreement, '--json', '--on', later, '--rules', dated),
      run('explain', agreement, '--on', addDays(startsOn, -1), '--language', 'en'),
      run('explain', 'nobody-2027'),
    ]);
    expect(text.code).toBe(0);
    expect(text.out).toMatch(
      /discountPercent = 15\n +rules\/levels\/guld\.json:\d+:\d+ "guld: högre rabatt från 100 timmar" \(300\), because level = guld, contractedHours 120 ≥ 100\n +instead of 10: rules\/levels\/guld\.json:\d+:\d+ "guld: timbank" \(100\)/,
    );
    const explanation = JSON.parse(json.out) as Explanation;
    expect(explanation).toMatchObject({ agreement, on: later, yearNumber: 1, facts: { date: later } });
    expect(explanation.values.find((one) => one.path === 'hourBank.discountPercent')).toMatchObject({
      value: 20,
      priority: 400,
      instead: [{ value: 15 }, { value: 10 }],
    });
    expect(explanation.kept).toEqual([{ path: 'hourBank.discountPercent', from: 15, to: 20 }]);
    expect(early).toMatchObject({ code: 1, out: '' });
    expect(early.errors).toContain(
      `expected a day from the agreement's first (${startsOn}), found ${addDays(startsOn, -1)}`,
    );
    expect((await run('explain', agreement, '--on', addDays(startsOn, -1))).errors).toContain(
      `förväntade en dag från avtalets första (${startsOn}), hittade ${addDays(startsOn, -1)}`,
    );
    expect(nobody).toMatchObject({ code: 1, errors: expect.stringContaining('nobody-2027') as string });
  });

  it('repeat what was decided, and exit with 1 when one comes out differently', async () => {
    const whole = await run('decisions', agreement, '--repeat', '--language', 'en');
    expect(whole.code).toBe(0);
    expect(whole.out).toMatch(
      /^year 1 {2}plan-1 .* UTC {2}ruleset [0-9a-f]{8}, \d+ rules: a new agreement year\n {4}repeats\n$/,
    );
    expect((await run('decisions', agreement, '--repeat')).out).toMatch(
      /^år 1 {2}plan-1 .* UTC {2}regler [0-9a-f]{8}, \d+ regler: ett nytt avtalsår\n {4}blir detsamma igen\n$/,
    );
    expect((await run('decisions', 'nobody-2027')).errors).toBe(
      'förväntade ett signerat avtal, hittade inget med numret nobody-2027\n',
    );
    await database.db.query(
      `update decisions set result = jsonb_set(result, '{terms,meetings,perYear}', '3')`,
    );
    const [tampered, plain] = await Promise.all([
      run('decisions', agreement, '--repeat', '--json'),
      run('decisions', agreement, '--repeat'),
    ]);
    expect(tampered.code).toBe(1);
    expect(JSON.parse(tampered.out)).toMatchObject([
      { key: 'plan-1', differs: ['meetings.perYear: was 3, is now 4'] },
    ]);
    expect(plain).toMatchObject({ code: 1 });
    expect(plain.out).toContain('    ! meetings.perYear: var 3, är nu 4\n');
    expect(await run('decisions', agreement)).toMatchObject({ code: 0 });
  });
});
