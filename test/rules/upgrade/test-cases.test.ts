/** What the customer tests: cases by process, of what they have, of the release, and of what failed before. */
import type { Contract } from '../../../rules/engine/contract/contract';
import type { Release, TestScenario } from '../../../rules/engine/releases/release';
import type { UpgradeTerms } from '../../../rules/engine/ruleset/terms';
import type { TestCaseSources } from '../../../rules/engine/upgrade/test-cases';
import { plannedCases, testCasesOf } from '../../../rules/engine/upgrade/test-cases';

const text = (word: string) => ({ sv: `${word} sv`, en: `${word} en` });
const contract = (systems: Contract['systems'], ...integrations: string[]): TestCaseSources['contract'] => ({
  systems,
  integrations: integrations.map((id) => ({ id, name: id.toUpperCase() })) as Contract['integrations'],
});
const erp = { 'visma-business': { version: '17.0' } };
const terms = (more: Partial<UpgradeTerms> = {}): TestCaseSources['terms'] => ({ testCases: {}, ...more });
const processes: NonNullable<UpgradeTerms['processes']> = {
  sales: { ...text('sales'), order: 20, for: ['visma-business'] },
  bank: { ...text('bank'), order: 10, for: ['visma-business'] },
  stock: { ...text('stock'), order: 30, for: ['visma-business'], modules: ['logistics'] },
  wages: { ...text('wages'), order: 40, for: ['payroll'] },
  everybody: { ...text('everybody') },
};
const testCases = Object.fromEntries(
  ['sales', 'bank', 'stock', 'wages', 'everybody', 'all'].map((id) => [id, [text(id)]]),
);
const release = (testScenarios: TestScenario[]): Release =>
  ({ product: 'visma-business', testScenarios }) as unknown as Release;
const scenario = (of: Partial<TestScenario>): TestScenario => ({
  ...{ id: 'one', title: text('scenario'), steps: [text('step')], expected: text('expected') },
  ...of,
});
const ids = (sources: TestCaseSources): string[] => testCasesOf(sources).map(({ id }) => id);

test.each<[string, TestCaseSources['contract'], string[]]>([
  [
    'without modules in the contract, all are taken for used',
    contract(erp),
    ['all.1', 'bank.1', 'sales.1', 'stock.1', 'everybody.1'],
  ],
  [
    'modules that are not used are not tested',
    contract({ 'visma-business': { version: '17.0', modules: ['finance'] } }),
    ['all.1', 'bank.1', 'sales.1', 'everybody.1'],
  ],
  [
    'an integration has the process that is for it',
    contract(erp, 'payroll'),
    ['all.1', 'bank.1', 'sales.1', 'stock.1', 'wages.1', 'everybody.1'],
  ],
  [
    'what no process covers is tested as a whole',
    contract({ ...erp, 'pector-import': { version: '4.2' } }, 'webshop'),
    ['all.1', 'bank.1', 'sales.1', 'stock.1', 'everybody.1', 'pector-import', 'webshop'],
  ],
])('processes stand in their order: %s', (_what, of, expected) => {
  expect(ids({ contract: of, terms: terms({ processes, testCases }), releases: [] })).toEqual(expected);
});

test('cases stand by system and integration too, several of one in their order', () => {
  const given = { webshop: [text('a'), text('b')], unknown: [text('c')] };
  const of = { contract: contract(erp, 'webshop'), terms: terms({ testCases: given }), releases: [] };
  expect(ids(of)).toEqual(['visma-business', 'webshop.1', 'webshop.2']);
});

test.each<[string, Partial<TestScenario>, string[]]>([
  ['a process that the rules know', { process: 'sales' }, ['sales.1', 'sales.2']],
  [
    'its system, where the rules do not know the process',
    { process: 'unknown' },
    ['sales.1', 'visma-business.1'],
  ],
  ['its system, for a module that is used', { module: 'finance' }, ['sales.1', 'visma-business.1']],
  ['nothing, for a module that is not', { module: 'logistics' }, ['sales.1']],
])('a scenario of the release is added to %s', (_what, of, expected) => {
  const used = contract({ 'visma-business': { version: '17.0', modules: ['finance'] } });
  const rules = terms({ processes: { sales: processes.sales! }, testCases: { sales: [text('sales')] } });
  expect(ids({ contract: used, terms: rules, releases: [release([scenario(of)])] })).toEqual(expected);
});

test('what failed before comes back, with its year, unless it is a case still', () => {
  const rules = terms({ processes: { sales: processes.sales! }, testCases: { sales: [text('sales')] } });
  const findings = [
    { year: 2, process: 'sales', title: text('sales') },
    { year: 2, process: 'sales', title: text('credit'), steps: [text('step')] },
    { year: 1, process: 'gone', title: text('gone') },
  ];
  const found = testCasesOf({ contract: contract(erp), terms: rules, releases: [], findings });
  expect(found.map(({ id, foundIn }) => [id, foundIn])).toEqual([
    ['all.1', 1],
    ['sales.1', undefined],
    ['sales.2', 2],
  ]);
  expect(plannedCases(found)).toEqual([
    { id: 'all.1', words: text('gone') },
    { id: 'sales.1', words: text('sales') },
    { id: 'sales.2', words: text('credit') },
  ]);
});
