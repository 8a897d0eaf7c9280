/** What the customer tests after the upgrade, case by case: by business process, from the rules, the releases and earlier upgrades. */
import type { Text } from '../basics/text';
import type { ContactRole, Contract, Instant } from '../contract/contract';
import type { Release } from '../releases/release';
import type { UpgradeTerms } from '../ruleset/terms';

/** One case, as people are shown it. */
export interface TestCase {
  /** Unique within the upgrade: `order-to-invoice.2`, or a system's or integration's own id where the rules give it no case. */
  id: string;
  /** Id of its business process, of a system, an integration, or `all`. */
  process: string;
  /** What the process is called; without it, the system's or integration's name is. */
  called?: Text;
  /** What to do, in a line. A system or an integration without a case has none: all of it is tested. */
  title?: Text;
  steps?: Text[];
  expected?: Text;
  /** It failed in an earlier upgrade, in the agreement year of that number. */
  foundIn?: number;
}

/** What a year's plan keeps of a case. */
export interface PlannedCase {
  id: string;
  words?: Text;
}

/** A case that failed in an earlier upgrade. */
export interface TestFinding {
  year: number;
  process: string;
  title: Text;
  steps?: Text[];
  expected?: Text;
}

/** What the cases of an agreement are made from. */
export interface TestCaseSources {
  contract: Pick<Contract, 'systems' | 'integrations'>;
  terms: Pick<UpgradeTerms, 'processes' | 'testCases'>;
  /** The releases that its systems go to. */
  releases: readonly Release[];
  findings?: readonly TestFinding[];
}

/** The place of a process that the rules give none. */
const lastPlace = 1_000;

type Case = Omit<TestCase, 'id' | 'process' | 'called'>;

/**
 * The cases of an agreement, process by process: those for everybody first, then business processes in their order, systems and
 * integrations. Each system and each integration is tested: one without a case of its own is one.
 */
export function testCasesOf({ contract, terms, releases, findings = [] }: TestCaseSources): TestCase[] {
  const { processes = {} } = terms;
  const owned = [...Object.keys(contract.systems), ...contract.integrations.map(({ id }) => id)];
  const modules = usedModules(contract);
  const isUsed = (module: string): boolean => modules === undefined || modules.includes(module);
  const isOurs = (id: string): boolean => {
    const process = processes[id];
    if (process === undefined) return id === 'all' || owned.includes(id);
    const { for: having, modules: using } = process;
    return (having?.some((one) => owned.includes(one)) ?? true) && (using?.some(isUsed) ?? true);
  };
  const found = new Map<string, Case[]>();
  const add = (process: string, cases: readonly Case[]): void => {
    const before = found.get(process) ?? [];
    const isNew = ({ title }: Case): boolean => !before.some((one) => one.title?.sv === title?.sv);
    found.set(process, [...before, ...cases.filter(isNew)]);
  };
  for (const [process, cases] of Object.entries(terms.testCases))
    if (isOurs(process)) add(process, cases.map(asCase));
  for (const { product, testScenarios } of releases)
    for (const { process, module, title, steps, expected } of testScenarios) {
      const home = process !== undefined && isOurs(process) ? process : product;
      if (module === undefined || isUsed(module)) add(home, [{ title, steps, expected }]);
    }
  for (const { year, process, ...finding } of findings)
    add(isOurs(process) ? process : 'all', [{ ...finding, foundIn: year }]);
  const covered = new Set([...found.keys()].flatMap((id) => [id, ...(processes[id]?.for ?? [])]));
  for (const id of owned) if (!covered.has(id)) found.set(id, []);
  const place = (id: string): number => {
    if (id === 'all') return 0;
    return processes[id] ? (processes[id].order ?? lastPlace) : lastPlace + 1 + owned.indexOf(id);
  };
  return [...found]
    .sort(([a], [b]) => place(a) - place(b) || (a < b ? -1 : 1))
    .flatMap(([process, cases]) => numbered(process, cases, processes[process]));
}

/** Cases with their ids. */
function numbered(process: string, cases: readonly Case[], called: Text | undefined): TestCase[] {
  const of = { process, ...(called && { called: { sv: called.sv, en: called.en } }) };
  if (cases.length === 0) return [{ id: process, ...of }];
  return cases.map((one, index) => ({ id: `${process}.${index + 1}`, ...of, ...one }));
}

function asCase({ sv, en, steps, expected }: UpgradeTerms['testCases'][string][number]): Case {
  return { title: { sv, en }, ...(steps && { steps }), ...(expected && { expected }) };
}

/** Modules that the contract says are used; undefined where it names none: then all are. */
function usedModules({ systems }: Pick<Contract, 'systems'>): string[] | undefined {
  const named = Object.values(systems).flatMap(({ modules }) => (modules ? [modules] : []));
  return named.length > 0 ? named.flat() : undefined;
}

/** Whether an id is that of somebody whom the customer has invited to test: they are no contacts of the contract. */
export const isTester = (id: string): boolean => /^tester-\d+$/.test(id);

/** What was last said of a case, as far as somebody else who reports it has to know it. */
export interface SaidOfCase {
  at: Instant;
  by?: string;
  ok: boolean;
  notApplicable?: true;
}

/** Tells one report of a case from another, also of the same moment; a page shows it, and sends it back with what is reported there. */
export const seenOf = (said: SaidOfCase | undefined): string =>
  said ? [said.at, said.by ?? '', outcomeOf(said)].join(' ') : 'nothing';

/** Whether a report takes the place of another outcome that somebody else gave, and that its sender has not seen. */
export const replacesUnseen = (
  before: SaidOfCase | undefined,
  seen: string,
  { by, ...now }: Omit<SaidOfCase, 'at'>,
): boolean =>
  before !== undefined && seen !== seenOf(before) && before.by !== by && outcomeOf(before) !== outcomeOf(now);

const outcomeOf = ({ ok, notApplicable }: Pick<SaidOfCase, 'ok' | 'notApplicable'>): string =>
  notApplicable ? 'none' : ok ? 'passed' : 'failed';

/** What the plan keeps of cases. */
export const plannedCases = (cases: readonly TestCase[]): PlannedCase[] =>
  cases.map(({ id, title }) => ({ id, ...(title && { words: title }) }));

/** Roles of the customer's contacts that invite testers, and see all cases. */
export const invitingRoles: readonly ContactRole[] = ['system-owner', 'management'];
