/** The command line as a process of its own; what each command does is tested in one process, which is quicker. */
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createProgram } from '../../worker/program';
import { exampleContract } from '../helpers/example';
import { publishWorkingRules, sign } from '../activities/signed-agreement';
import type { Ran } from '../helpers/command-line';
import { serviceavtalOn, serviceavtalProcess, writeDownStack } from '../helpers/command-line';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase, testStack } from '../helpers/stack';

const names = createProgram([]).commands.map((command) => command.name());

it.each(names)('%s is loaded alone', (name) => {
  expect(createProgram([name]).commands.map((command) => command.name())).toEqual([name]);
});

it.each(['', '--help', 'help', 'sing', 'toString'])('"%s" begins with no command: all are known', (word) => {
  expect(createProgram([word]).commands.map((command) => command.name())).toEqual(names);
});

describe('a word that is no subcommand', () => {
  it.each([
    [['agreements', 'sik'], 'error: expected one of sick, cure, found "sik"; did you mean "sick"?'],
    [
      ['amendments', 'lst', '--language', 'sv'],
      'error: förväntade ett av list, show, approve, decline, hittade "lst"; menade du "list"?',
    ],
    [['mails', 'lst'], 'error: expected one of list, resend, confirm, found "lst"; did you mean "list"?'],
    [['agreements', 'sick', 'x'], "error: too many arguments for 'sick'"],
  ])('%j is told with those that there are', async (args, told) => {
    const dataDir = writeDownStack(testStack());
    const { code, errors } = await serviceavtalProcess(dataDir, ...args);
    rmSync(dataDir, { recursive: true });
    expect([code, errors.split('\n')[0]]).toEqual([1, expect.stringContaining(told)]);
  });
});

describe('the language of a command', () => {
  let database: FreshDatabase;
  let dataDir: string;

  beforeAll(async () => {
    database = await freshDatabase();
    dataDir = writeDownStack({ ...testStack(), databaseUrl: database.databaseUrl });
    await publishWorkingRules(database.db);
    await sign(database.db);
  });

  afterAll(async () => {
    await database.close();
    rmSync(dataDir, { recursive: true });
  });

  it('is one, from what it shows to what it asks', async () => {
    const file = path.join(dataDir, 'changed.json');
    const contract = exampleContract();
    writeFileSync(file, JSON.stringify({ ...contract, systems: {} }));
    const change = (...more: string[]) =>
      serviceavtalOn(dataDir, 'change', contract.agreement, file, ...more);
    const [swedish, english] = [await change(), await change('--language', 'en')];
    expect(swedish.errors).toMatch(/^Ändra .* från .*\? Det finns ingen terminal.*\nInget är ändrat\.\n$/);
    expect(english.errors).toMatch(/^Change .* from .*\? There is no terminal.*\nNothing was changed\.\n$/);
    expect((await change('--language', 'sv', '--from', '5/18/2027')).errors).toContain(
      'förväntade ett datum som ÅÅÅÅ-MM-DD',
    );
    const [status, inEnglish] = [
      await serviceavtalOn(dataDir, 'status'),
      await serviceavtalOn(dataDir, 'status', '--language', 'en'),
    ];
    expect(status.out).toMatch(/Testbolaget AB: signerat[^]*Stacken körs:/);
    expect(inEnglish.out).toMatch(/Testbolaget AB: signed[^]*The stack runs:/);
    // A command that has English words alone asks in English, whatever ran before it.
    const reset = await serviceavtalOn(dataDir, 'consultants', 'replace', 'konsult-1', 'konsult-2');
    expect(reset.errors).not.toMatch(/Det finns/);
  });
});

describe('a process', () => {
  let database: FreshDatabase;
  let dataDir: string;

  beforeAll(async () => {
    database = await freshDatabase();
    dataDir = writeDownStack({ ...testStack(), databaseUrl: database.databaseUrl });
    await publishWorkingRules(database.db);
    await sign(database.db);
  });

  afterAll(async () => {
    await database.close();
    rmSync(dataDir, { recursive: true });
  });

  it.each<{ args: string[]; expected: Partial<Ran> }>([
    { args: ['check'], expected: { code: 0, errors: '' } },
    { args: ['test', '--language', 'no'], expected: { code: 1, out: '' } },
    { args: ['plan', '--json'], expected: { code: 0 } },
    { args: ['mails'], expected: { code: 0, out: 'Inget mejl väntar på någon.\n' } },
    { args: ['mails', '--language', 'en'], expected: { code: 0, out: 'No mail waits for anybody.\n' } },
    { args: ['intake', 'list', '--json'], expected: { code: 0, errors: '' } },
    { args: ['amendments', 'show', '1'], expected: { code: 1, out: '' } },
    { args: ['documents', 'nobody-2027'], expected: { code: 1, out: '' } },
    { args: ['sing'], expected: { code: 1, out: '' } },
    { args: ['--help'], expected: { code: 0, errors: '' } },
  ])('ends by itself, and says what a run in this process says: $args', async ({ args, expected }) => {
    const [started, inProcess] = [
      await serviceavtalProcess(dataDir, ...args),
      await serviceavtalOn(dataDir, ...args),
    ];
    expect(started).toMatchObject(expected);
    expect(started.out + started.errors).not.toBe('');
    expect(inProcess).toEqual(started);
  });

  it('ends, with all that it had to say, although something was left open', async () => {
    const preload = path.join(dataDir, 'leave-open.cjs');
    writeFileSync(preload, 'setInterval(() => undefined, 60_000);');
    const before = process.env.NODE_OPTIONS;
    process.env.NODE_OPTIONS = `--require=${preload}`;
    try {
      const [left, usual] = [
        await serviceavtalProcess(dataDir, 'plan', '--json'),
        await serviceavtalOn(dataDir, 'plan', '--json'),
      ];
      expect(left).toEqual(usual);
    } finally {
      if (before === undefined) delete process.env.NODE_OPTIONS;
      else process.env.NODE_OPTIONS = before;
    }
  });
});
