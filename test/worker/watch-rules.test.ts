import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { RuleFile } from '../../rules/engine/ruleset/terms';
import { watchRules } from '../../worker/processes/watch-rules';
import { eventually, signAndPlan } from '../activities/signed-agreement';
import { workingRules } from '../helpers/example';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase } from '../helpers/stack';

let database: FreshDatabase;
let folder: string;
let stop: () => Promise<void>;
let said: string[];
const { texts } = workingRules();

beforeEach(async () => {
  database = await freshDatabase();
  await signAndPlan(database.db);
  folder = mkdtempSync(path.join(os.tmpdir(), 'serviceavtal-watch-'));
  for (const part of ['levels', 'releases']) mkdirSync(path.join(folder, part));
  for (const [name, text] of Object.entries(texts)) writeFileSync(path.join(folder, name), text);
  said = [];
  const { db } = database;
  const write = (text: string): number => said.push(text);
  stop = watchRules({ db, rulesDir: folder, language: 'en', coloured: false, write });
});

afterEach(async () => {
  await stop();
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

const guld = texts['levels/guld.json']!;
const level = (change: (file: RuleFile) => void): string => {
  const file = JSON.parse(guld) as RuleFile;
  change(file);
  return JSON.stringify(file, null, 2);
};
const meetings = (perYear: number) => level(({ rules }) => void (rules[0]!.event.params.perYear = perYear));
const sixMeetings = meetings(6);

/** As most editors save: a new file takes the place of the old. */
function save(text: string, name = 'levels/guld.json'): void {
  writeFileSync(path.join(folder, `${name}~`), text);
  renameSync(path.join(folder, `${name}~`), path.join(folder, name));
}

const hears = (what: string, count: number) => eventually(what, () => said.length >= count);

it('shows the plan of a valid save, a mistake with its line, and the same thing only once', async () => {
  save(sixMeetings);
  await hears('the plan is shown', 1);
  expect(said[0]).toMatch(/~ meetings\.perYear +4 → 6, from/);
  expect(said[0]).toContain('Nothing was changed. Put the rules in force with: npx serviceavtal apply');

  save(sixMeetings.replace('"perYear"', '"perYaer"'));
  await hears('the mistake is told', 2);
  expect(said[1]).toMatch(
    /The rule files cannot be used:\n[^]*guld\.json:23:11 .*expected property "perYear", found "perYaer"/,
  );

  save(guld);
  await hears('that nothing is left to do is told', 3);
  expect(said[2]).toBe('\nThe rule files say what is in force already. Nothing to do.\n');

  // What is told next shows that the two saves before it were passed over in silence.
  save(`${guld}\n`);
  await new Promise((resolve) => setTimeout(resolve, 600));
  save('a note', 'notes.md');
  await new Promise((resolve) => setTimeout(resolve, 600));
  save(meetings(5));
  await hears('the next plan is shown', 4);
  expect(said[3]).toMatch(/meetings\.perYear +4 → 5/);
  expect(said).toHaveLength(4);
  expect(await database.db.query('select 1 from publications')).toHaveLength(1);
});

it('hears of folders that come, and of those that another takes the place of', async () => {
  const customer = (perYear: number) =>
    JSON.stringify({
      about: { sv: 's', en: 'e' },
      rules: [
        {
          name: 'testbolaget: fler möten',
          priority: 500,
          conditions: { all: [{ fact: 'customer', operator: 'equal', value: 'testbolaget' }] },
          event: { type: 'meetings', params: { perYear } },
        },
      ],
    });
  mkdirSync(path.join(folder, 'customers/testbolaget'), { recursive: true });
  save(customer(7), 'customers/testbolaget/meetings.json');
  await hears('the customer’s rule is shown', 1);
  expect(said[0]).toMatch(/meetings\.perYear +4 → 7/);

  mkdirSync(path.join(folder, 'other'));
  writeFileSync(path.join(folder, 'other/guld.json'), guld);
  renameSync(path.join(folder, 'levels'), path.join(folder, 'former'));
  renameSync(path.join(folder, 'other'), path.join(folder, 'levels'));
  rmSync(path.join(folder, 'former'), { recursive: true });
  save(customer(8), 'customers/testbolaget/meetings.json');
  await eventually('the folder is read anew', () => said.some((text) => /perYear +4 → 8/.test(text)));
  save(meetings(5));
  rmSync(path.join(folder, 'customers'), { recursive: true });
  await eventually('its files are heard of', () => said.some((text) => /perYear +4 → 5/.test(text)));
  const heard = said.length;
  save(meetings(6));
  await hears('and again', heard + 1);
  expect(said.at(-1)).toMatch(/meetings\.perYear +4 → 6/);
});

it('tells an example that does not hold', async () => {
  mkdirSync(path.join(folder, 'tests'));
  const examples = [{ name: 'four', facts: {}, expect: { 'meetings.perYear': 4 } }];
  writeFileSync(
    path.join(folder, 'tests/a.json'),
    JSON.stringify({ about: { sv: 's', en: 'e' }, examples }, null, 2),
  );
  save(sixMeetings);
  await eventually('the example is told', () => said.some((text) => text.includes('Examples do not hold:')));
  expect(said.at(-1)).toMatch(/tests\/a\.json:\d+:\d+ .*expected 4, found 6/);
});

it('goes on with a folder that was gone and is there again', async () => {
  rmSync(folder, { recursive: true });
  await eventually('that it is gone is told', () =>
    said.some((text) => text.includes('found no such folder')),
  );
  for (const part of ['levels', 'releases']) mkdirSync(path.join(folder, part), { recursive: true });
  for (const [name, text] of Object.entries(texts)) writeFileSync(path.join(folder, name), text);
  await eventually('its return is told', () => said.at(-1)?.includes('in force already') === true);
  save(sixMeetings);
  await eventually('a save is heard of', () => said.some((text) => /perYear +4 → 6/.test(text)));
});

it('outlives the folder: says that it is gone, and ends when told', async () => {
  rmSync(folder, { recursive: true });
  await eventually('that it is gone is told', () =>
    said.some((text) => text.includes('found no such folder')),
  );
  await stop();
  const heard = said.length;
  mkdirSync(folder);
  expect(said).toHaveLength(heard);
});

it('says so where there is no folder to watch', async () => {
  const write = (text: string): number => said.push(text);
  const nowhere = path.join(folder, 'nowhere');
  const end = watchRules({ db: database.db, rulesDir: nowhere, language: 'en', coloured: false, write });
  expect(said).toEqual([expect.stringMatching(/^The rule files cannot be watched: .*nowhere/)]);
  await end();
});
