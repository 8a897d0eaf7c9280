import type { Finding } from '../reading/finding';
import { effectiveTerms, TermsError } from '../terms/effective-terms';
import type { AppliedRule } from '../terms/effective-terms';
import { exampleFacts } from './example-facts';
import { explainAt } from '../reading/explain-at';
import type { JsonSource } from '../reading/read-json';
import { readExampleFile } from './read-example-file';
import type { Example } from './read-example-file';
import { readJson } from '../reading/read-json';
import type { Ruleset } from '../ruleset/read-ruleset';
import { originsOf, termValues } from '../terms/term-values';
import type { RulesetFiles } from '../ruleset/terms';
import { expectedFound, inBoth, joined } from '../basics/text';
import type { Text, Wording } from '../basics/text';

/** One example, and its expectations that do not hold. */
export interface ExampleResult {
  file: string;
  name: string;
  passed: boolean;
  /** At each expected value that does not hold: the value found, and the rule that gave it. */
  findings: Finding[];
}

/** How much of the rules the examples exercise. */
export interface Coverage {
  rules: number;
  exercised: number;
  /** Rounded down: 100 only where every rule is exercised. */
  percent: number;
  /** At each rule that applied in no example. */
  unexercised: Finding[];
}

/** The result of running managers' examples against a ruleset. */
export interface ExampleRun {
  results: ExampleResult[];
  coverage: Coverage;
  /** What is wrong with the files of examples themselves. */
  findings: Finding[];
}

/**
 * Runs managers' examples with the engine that decides live agreements.
 *
 * @param exampleFiles by path relative to `rules/`, as `tests/guld.json`
 */
export async function runExamples(ruleset: Ruleset, exampleFiles: RulesetFiles): Promise<ExampleRun> {
  const results: ExampleResult[] = [];
  const findings: Finding[] = [];
  const exercised = new Set<string>();
  const sources = sourcesOf(ruleset);
  for (const path of Object.keys(exampleFiles).sort()) {
    const file = `rules/${path}`;
    const read = readExampleFile(exampleFiles[path] ?? '', file);
    findings.push(...read.findings);
    for (const [index, example] of read.examples.entries()) {
      const run = await runExample(ruleset, example);
      for (const applied of run.applied) exercised.add(ruleKey(applied.file, applied.index));
      const failures = run.failures.map(({ at, message, by }) =>
        explainAt(
          read.source!,
          ['examples', String(index), ...at],
          joined(message, by ? givenBy(by, sources) : ''),
        ),
      );
      results.push({ file, name: example.name, passed: failures.length === 0, findings: failures });
    }
  }
  return { results, coverage: coverageOf(ruleset, exercised, sources), findings };
}

interface Failure {
  /** Within the example. */
  at: string[];
  message: Text;
  by?: { rule: AppliedRule; path: readonly string[] };
}

async function runExample(
  ruleset: Ruleset,
  { facts, expect = {}, expectError }: Example,
): Promise<{ applied: AppliedRule[]; failures: Failure[] }> {
  try {
    const { terms, applied } = await effectiveTerms(ruleset, exampleFacts(facts));
    if (expectError !== undefined) {
      const usable = { sv: 'användbara villkor', en: 'usable terms' };
      const error = { sv: `felet "${expectError}"`, en: `the error "${expectError}"` };
      return { applied, failures: [{ at: ['expectError'], message: expectedFound(error, usable) }] };
    }
    return { applied, failures: differences(expect, termValues(terms), applied) };
  } catch (error) {
    if (!(error instanceof TermsError)) throw error;
    const came = { sv: error.messageSv, en: error.message };
    if (expectError === undefined)
      return { applied: [], failures: [{ at: ['expect'], message: expectedFound(usableTerms, came) }] };
    if (came.sv.includes(expectError) || came.en.includes(expectError)) return { applied: [], failures: [] };
    return {
      applied: [],
      failures: [{ at: ['expectError'], message: expectedFound(`"${expectError}"`, came) }],
    };
  }
}

const usableTerms: Text = { sv: 'användbara villkor', en: 'usable terms' };

function differences(
  expect: Record<string, unknown>,
  values: ReadonlyMap<string, unknown>,
  applied: readonly AppliedRule[],
): Failure[] {
  const origins = originsOf(applied);
  return Object.entries(expect).flatMap(([key, part]) =>
    [...termValues({ [key]: part })].flatMap(([path, expected]) => {
      const found = values.get(path);
      if (JSON.stringify(expected) === JSON.stringify(found)) return [];
      const within = path === key ? [] : path.slice(key.length + 1).split('.');
      const by = origins.get(path);
      return [
        {
          at: ['expect', key, ...within],
          message: expectedFound(shown(expected), shown(found)),
          ...(by && { by }),
        },
      ];
    }),
  );
}

function shown(value: unknown): Wording {
  return value === undefined ? { sv: 'inget värde', en: 'no value' } : JSON.stringify(value);
}

const sourcesOf = (ruleset: Ruleset): ((file: string) => JsonSource | undefined) => {
  const read = new Map<string, JsonSource | undefined>();
  return (file) => {
    if (!read.has(file)) read.set(file, readJson(ruleset.texts[file] ?? '', `rules/${file}`).source);
    return read.get(file);
  };
};

function givenBy(
  { rule, path }: { rule: AppliedRule; path: readonly string[] },
  sources: (file: string) => JsonSource | undefined,
): Text {
  const source = sources(rule.file);
  const at = ['rules', String(rule.index), 'event', 'params', ...path.slice(1)];
  const line = source && explainAt(source, at, inBoth('')).line;
  const place = `"${rule.rule}" (rules/${rule.file}:${line ?? 1})`;
  return { sv: `, från regeln ${place}`, en: `, from the rule ${place}` };
}

const ruleKey = (file: string, index: number): string => `${file}#${index}`;

function coverageOf(
  ruleset: Ruleset,
  exercised: ReadonlySet<string>,
  sources: (file: string) => JsonSource | undefined,
): Coverage {
  const rules = Object.entries(ruleset.files).flatMap(([file, { rules: inFile }]) =>
    inFile.map(({ name }, index) => ({ file, index, name })),
  );
  const unexercised = rules.filter(({ file, index }) => !exercised.has(ruleKey(file, index)));
  const count = rules.length - unexercised.length;
  return {
    rules: rules.length,
    exercised: count,
    percent: rules.length === 0 ? 100 : Math.floor((100 * count) / rules.length),
    unexercised: unexercised.flatMap(({ file, index, name }) => {
      const source = sources(file);
      const message = {
        sv: `förväntade ett exempel där "${name}" gäller, hittade inget`,
        en: `expected an example in which "${name}" applies, found none`,
      };
      return source
        ? [explainAt(source, ['rules', String(index), 'name'], message, { severity: 'info' })]
        : [];
    }),
  };
}
