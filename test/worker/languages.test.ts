/** The language of commands: each has the option, and what it says without a stack is wholly in that language. */
import type { Command } from 'commander';
import { createProgram } from '../../worker/program';
import { serviceavtal } from '../helpers/command-line';

/** The commands that do something, with the names of the commands they belong to. */
const leavesOf = (command: Command, names: readonly string[] = []): [name: string, command: Command][] =>
  command.commands.length === 0
    ? [[names.join(' '), command]]
    : command.commands.flatMap((each) => leavesOf(each, [...names, each.name()]));

it('every command has --language', () => {
  const leaves = leavesOf(createProgram([]));
  expect(leaves.length).toBeGreaterThan(35);
  const without = leaves.filter(([, { options }]) => !options.some(({ long }) => long === '--language'));
  expect(without.map(([name]) => name)).toEqual([]);
});

it.each<[args: string[], swedish: string, english: string]>([
  [
    ['consultants', 'replace', 'Anna Berg', 'konsult-2'],
    'förväntade id för en konsult',
    "expected a consultant's id",
  ],
  [
    ['consultants', 'replace', 'konsult-1', 'konsult-2', '--name', 'Bo Ek'],
    'förväntade --name och --email tillsammans',
    'expected --name and --email together',
  ],
  [['decisions', 'A B'], 'förväntade ett avtalsnummer', 'expected an agreement number'],
  [['documents', 'A B'], 'förväntade ett avtalsnummer', 'expected an agreement number'],
  [['cases', 'list', 'A B'], 'förväntade ett avtalsnummer', 'expected an agreement number'],
  [['cases', 'import', 'nowhere.csv'], 'förväntade en läsbar fil', 'expected a readable file'],
  [['intake', 'show', 'x'], 'förväntade numret på en leverans', 'expected the number of a delivery'],
  [['intake', 'retry'], 'hittade båda eller inget', 'found both or neither'],
  [['intake', 'reject', '1', '--reason', ' '], 'förväntade ett skäl', 'expected a reason'],
  [['intake', 'reject', '1', '--reason', 'x', '--json'], 'förväntade --yes', 'expected --yes'],
  [['amendments', 'approve', '1', '--json'], 'förväntade --yes', 'expected --yes'],
  [['apply', '--json'], 'förväntade --yes', 'expected --yes'],
  [['apply', '--rules', 'rules', '--rollback', 'a'], 'hittade båda', 'found both'],
  [['explain', 'A B'], 'förväntade ett avtalsnummer', 'expected an agreement number'],
  [['site-worker', '--site', 'central'], 'hittade vår egen', 'found our own place'],
])('what is wrong is told in the language of the command: %j', async (args, swedish, english) => {
  const [one, other] = [await serviceavtal(...args), await serviceavtal(...args, '--language', 'en')];
  expect(one).toMatchObject({ code: 1, out: '' });
  expect(one.errors).toContain(swedish);
  expect(one.errors).not.toMatch(/expected|found|invalid/);
  expect(other).toMatchObject({ code: 1, out: '' });
  expect(other.errors).toContain(english);
  expect(other.errors).not.toMatch(/förväntade|hittade|värdet/);
});
