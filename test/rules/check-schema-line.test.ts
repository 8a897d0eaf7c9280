import { checkRuleset } from '../../rules/engine/lint/check-ruleset';
import { readMapping } from '../../rules/engine/signing/read-mapping';
import { fileText } from './fixtures';

const guld = fileText('rules/levels/guld.json');
const own = '"../schemas/rules.schema.json"';

/** Findings of the level's file whose `$schema` is another. */
const findingsOf = (line: string, language: 'message' | 'messageSv' = 'message') =>
  checkRuleset({
    'levels/guld.json': guld.replace(own, JSON.stringify(line)),
    'prices.json': fileText('rules/prices.json'),
  }).findings.map((finding) => `${finding.severity} ${finding.file}:${finding.line} ${finding[language]}`);

test.each([
  '../schemas/prices.schema.json',
  './schemas/rules.schema.json',
  '../schemas/rule.schema.json',
  '',
])('a rule file that leads to "%s" is warned of', (line) => {
  expect(findingsOf(line)).toEqual([
    `warning rules/levels/guld.json:2 $schema: expected "../schemas/rules.schema.json", found "${line}"`,
  ]);
  expect(findingsOf(line, 'messageSv')[0]).toContain('förväntade "../schemas/rules.schema.json"');
});

test.each([
  '../schemas/rules.schema.json',
  'https://example.com/serviceavtal/rules.schema.json',
  '../../../serviceavtal/rules/schemas/rules.schema.json',
])('%s leads to its own schema', (line) => {
  expect(findingsOf(line)).toEqual([]);
});

test('a customer’s file, prices and mappings have their own lines', () => {
  const customer = '{ "$schema": "../schemas/rules.schema.json", "rules": [] }';
  const prices = fileText('rules/prices.json').replace('./schemas/', '../schemas/');
  const files = { 'levels/guld.json': guld, 'customers/acme/hourBank.json': customer, 'prices.json': prices };
  expect(
    checkRuleset(files)
      .findings.map(({ message }) => message)
      .filter((each) => each.startsWith('$schema')),
  ).toEqual(['$schema: expected "../../schemas/rules.schema.json", found "../schemas/rules.schema.json"']);
  const mapping = fileText('rules/signing/scrive.json').replace(
    'mapping.schema.json',
    'contract.schema.json',
  );
  const read = readMapping(mapping, 'rules/signing/scrive.json');
  expect(read.mapping).toBeDefined();
  expect(read.findings.map(({ message }) => message)).toEqual([
    '$schema: expected "../schemas/mapping.schema.json", found "../schemas/contract.schema.json"',
  ]);
});

test('a customer’s file by a topic’s Swedish name is told which is meant', () => {
  const files = { 'levels/guld.json': guld, 'customers/acme/timbank.json': '{ "rules": [] }' };
  expect(
    checkRuleset(files)
      .findings.map(({ message }) => message)
      .join(),
  ).toContain('did you mean "hourBank"?');
});
