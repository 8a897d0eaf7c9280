/** Whole numbers of the command line, given to the real commands: digits alone are one. */
import { rmSync } from 'node:fs';
import { serviceavtalOn, writeDownStack } from '../helpers/command-line';
import { testStack } from '../helpers/stack';

// A command that took such a text would use this stack, and start none.
const dataDir = writeDownStack(testStack());
afterAll(() => rmSync(dataDir, { recursive: true }));

const noWholeNumbers = ['0x10', '1e1', '1.0', '+1', 'Infinity', ' ', '', '1 0', '-1'];

it.each([
  [['intake', 'list', '--limit'], 'ett heltal från 1 till 999999'],
  [['intake', 'show'], 'numret på en leverans'],
  [['amendments', 'show'], 'numret på ett tilläggsavtal'],
  [['test', '--coverage'], 'ett heltal från 0 till 100'],
])('%j says it in Swedish, too', async (args, expected) => {
  const { code, errors } = await serviceavtalOn(dataDir, ...args, '0x10');
  expect(code).toBe(1);
  expect(errors).toContain(`förväntade ${expected}`);
});

describe.each([
  ['simulate', ['simulate', 'examples/testbolaget.json', '--years'], 'a whole number from 1 to 20'],
  ['test', ['test', '--coverage'], 'a whole number from 0 to 100'],
  ['intake list', ['intake', 'list', '--limit'], 'a whole number from 1 to 999999'],
  ['intake show', ['intake', 'show'], 'the number of a delivery'],
  ['amendments show', ['amendments', 'show'], "an amendment's number"],
])('%s', (_, args, expected) => {
  it.each(noWholeNumbers.filter((text) => !text.startsWith('-') || args.at(-1)?.startsWith('-')))(
    'refuses "%s" and says what it expects',
    async (text) => {
      const { code, errors } = await serviceavtalOn(dataDir, ...args, text, '--language', 'en');
      expect(code).toBe(1);
      expect(errors).toContain(`expected ${expected}`);
    },
  );
});
