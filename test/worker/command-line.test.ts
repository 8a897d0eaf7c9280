/** The command line as a process of its own; what each command does is tested in one process, which is quicker. */
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createProgram } from '../../worker/program';
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
    { args: ['mails'], expected: { code: 0, out: 'No mail waits for anybody.\n' } },
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
