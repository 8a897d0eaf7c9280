/** The command line as a process of its own; what each command does is tested in one process, which is quicker. */
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
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
    [
      ['agreements', 'sik', '--language', 'en'],
      'error: expected one of sick, cure, found "sik"; did you mean "sick"?',
    ],
    [
      ['amendments', 'lst', '--language', 'sv'],
      'fel: förväntade ett av list, show, approve, decline, hittade "lst"; menade du "list"?',
    ],
    [['mails', 'lst'], 'fel: förväntade ett av list, resend, confirm, hittade "lst"; menade du "list"?'],
    [['agreements', 'sick', 'x'], "fel: för många argument för 'sick'. Förväntade 0, fick 1."],
    [['mails', 'list', 'x', '--language=en'], "error: too many arguments for 'list'"],
  ])('%j is told with those that there are', async (args, told) => {
    const dataDir = writeDownStack(testStack());
    const { code, errors } = await serviceavtalOn(dataDir, ...args);
    rmSync(dataDir, { recursive: true });
    expect([code, errors.split('\n')[0]]).toEqual([1, expect.stringContaining(told)]);
  });
});

it.each([
  [['check', '--jsn'], "fel: okänd flagga '--jsn'\n(Menade du --json?)\n"],
  [['chek'], "fel: okänt kommando 'chek'\n(Menade du check?)\n"],
  [['change'], "fel: argumentet 'agreement' saknas\n"],
  [['plan', '--rules'], "fel: flaggan '--rules <folder>' saknar sitt värde\n"],
  [
    ['plan', '--language', 'no'],
    "fel: flaggan '--language <language>' kan inte ha värdet 'no': möjliga värden är sv, en.\n",
  ],
  [
    ['change', 'A B', 'x.json'],
    "fel: argumentet 'agreement' kan inte ha värdet 'A B': förväntade ett avtalsnummer: a-z, 0-9 och -, högst 40 tecken\n",
  ],
  [
    ['change', 'a-1', 'x.json', '--from', '5/18'],
    "fel: flaggan '--from <date>' kan inte ha värdet '5/18': förväntade ett datum som ÅÅÅÅ-MM-DD\n",
  ],
])('%j is refused in Swedish, or in English where that is asked for', async (args, told) => {
  const { code, errors } = await serviceavtalOn(os.tmpdir(), ...args);
  expect([code, errors]).toEqual([1, `${told}(--help visar vad som är möjligt)\n`]);
  const [command = '', ...rest] = args;
  const english = await serviceavtalOn(os.tmpdir(), command, '--language', 'en', ...rest);
  expect(english.errors).toMatch(/^error: [^åäöÅÄÖ]*\(add --help for what is possible\)\n$/);
});

describe('where the example is signed', () => {
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

  describe('the language of a command', () => {
    it('is one, from what it shows to what it asks', async () => {
      const file = path.join(dataDir, 'changed.json');
      const contract = exampleContract();
      writeFileSync(file, JSON.stringify({ ...contract, systems: {} }));
      const change = (...more: string[]) =>
        serviceavtalOn(dataDir, 'change', contract.agreement, file, ...more);
      const [swedish, english] = [await change(), await change('--language', 'en')];
      expect(swedish.errors).toMatch(/^Ändra .* från .*\? Det finns ingen terminal.*\nInget är ändrat\.\n$/);
      expect(english.errors).toMatch(/^Change .* from .*\? There is no terminal.*\nNothing was changed\.\n$/);
      const { reference: _, ...customer } = contract.customer;
      writeFileSync(file, JSON.stringify({ ...contract, customer }));
      expect((await change()).errors).toContain(
        'er referens saknas; en e-faktura utan den avvisas (customer.reference)',
      );
      expect((await change('--language', 'sv', '--from', '5/18/2027')).errors).toContain(
        'förväntade ett datum som ÅÅÅÅ-MM-DD',
      );
      const [status, inEnglish] = [
        await serviceavtalOn(dataDir, 'status'),
        await serviceavtalOn(dataDir, 'status', '--language', 'en'),
      ];
      expect(status.out).toMatch(/Testbolaget AB: signerat[^]*Stacken körs:/);
      expect(inEnglish.out).toMatch(/Testbolaget AB: signed[^]*The stack runs:/);
      // What a command speaks is its own, whatever ran before it.
      const same = ['consultants', 'replace', 'konsult-1', 'konsult-1'];
      expect((await serviceavtalOn(dataDir, ...same)).errors).toContain(
        'förväntade två konsulter, hittade konsult-1 två gånger',
      );
    });
  });

  describe('a process', () => {
    it.each<{ args: string[]; expected: Partial<Ran> }>([
      { args: ['check'], expected: { code: 0, errors: '' } },
      { args: ['test', '--language', 'no'], expected: { code: 1, out: '' } },
      { args: ['plan', '--json'], expected: { code: 0 } },
      { args: ['mails'], expected: { code: 0, out: 'Inget mejl väntar på någon.\n' } },
      { args: ['mails', '--language', 'en'], expected: { code: 0, out: 'No mail waits for anybody.\n' } },
      {
        args: ['mails', 'confirm', 'x'],
        expected: {
          code: 1,
          errors:
            'förväntade ett mejl som är okänt, hittade inget mejl med den nyckeln; `mails list` visar dem: x\n',
        },
      },
      {
        args: ['mails', 'resend', 'x', '--language', 'en'],
        expected: {
          code: 1,
          errors:
            'expected a mail that is unknown or refused or queued, found no mail with this key; `mails list` shows them: x\n',
        },
      },
      { args: ['intake', 'list', '--json'], expected: { code: 0, errors: '' } },
      { args: ['amendments', 'show', '1'], expected: { code: 1, out: '' } },
      { args: ['documents', 'nobody-2027'], expected: { code: 1, out: '' } },
      { args: ['sing'], expected: { code: 1, out: '' } },
      { args: ['--help'], expected: { code: 0, errors: '' } },
      {
        args: ['--version'],
        expected: { code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), errors: '' },
      },
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
      const { NODE_OPTIONS: before, TMPDIR: folder } = process.env;
      process.env.NODE_OPTIONS = `--require=${preload}`;
      process.env.TMPDIR = mkdtempSync(path.join(dataDir, 'tmp-'));
      try {
        const [left, usual] = [
          await serviceavtalProcess(dataDir, 'plan', '--json'),
          await serviceavtalOn(dataDir, 'plan', '--json'),
        ];
        expect(left).toEqual(usual);
        // What tsx has translated is kept whole: the next command need not do it again.
        const kept = readdirSync(process.env.TMPDIR, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => statSync(path.join(entry.parentPath, entry.name)).size);
        expect(kept.length).toBeGreaterThan(100);
        expect(Math.min(...kept)).toBeGreaterThan(0);
      } finally {
        for (const [name, value] of Object.entries({ NODE_OPTIONS: before, TMPDIR: folder }))
          if (value === undefined) delete process.env[name];
          else process.env[name] = value;
      }
    });
  });
});
