/** `npx serviceavtal test`: runs the managers' own examples of what the rules should give. */
import { inWords } from '../basics/spoken';
import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { counted } from '../../rules/engine/basics/counted';
import { readWhole } from '../../rules/engine/basics/read-number';
import type { Finding } from '../../rules/engine/reading/finding';
import { readRuleset } from '../../rules/engine/ruleset/read-ruleset';
import { runExamples } from '../../rules/engine/examples/run-examples';
import type { ExampleRun } from '../../rules/engine/examples/run-examples';
import { readExampleTexts, readRulesetTexts } from '../files/rule-folder';
import { inFolder } from '../files/rule-files';
import type { CheckOptions } from './findings-output';
import { say } from './terminal';
import { countOf, languageOption, printFindings, rulesOption, settled, summaryOf } from './findings-output';
import { below } from './help-words';

const help = {
  sv: `Exempel står i rules/tests/*.json; rules/tests/guld.json visar hur. Ett underkänt berättas med vad som förväntades, vad
som kom och regeln som gav det:

  $ npx serviceavtal test --coverage 100
  rules/tests/guld.json:12:40 examples[0].expect.hourBank.discountPercent: förväntade 15, hittade 10, från regeln "guld: timbank" (rules/levels/guld.json:129)
  8 exempel godkända, 1 underkänt; 10 av 10 regler prövade (100 %)

Slutkoden är 1 om ett exempel underkänns eller inte går att läsa, eller om färre regler prövas än --coverage begär.`,
  en: `Examples stand in rules/tests/*.json; rules/tests/guld.json shows how. A failed one is told with what was expected,
what came, and the rule that gave it:

  $ npx serviceavtal test --coverage 100 --language en
  rules/tests/guld.json:12:40 examples[0].expect.hourBank.discountPercent: expected 15, found 10, from the rule "guld: timbank" (rules/levels/guld.json:129)
  8 examples passed, 1 failed; 10 of 10 rules exercised (100 %)

The exit code is 1 if an example fails or cannot be read, or if fewer rules are exercised than --coverage asks for.`,
};

const words = {
  sv: {
    passed: ['exempel godkänt', 'exempel godkända'],
    failed: ['underkänt', 'underkända'],
    of: 'av',
    rules: ['regel prövad', 'regler prövade'],
  },
  en: {
    passed: ['example passed', 'examples passed'],
    failed: ['failed', 'failed'],
    of: 'of',
    rules: ['rule exercised', 'rules exercised'],
  },
} as const;

interface TestOptions extends CheckOptions {
  coverage?: number;
}

export function registerTest(program: Command): void {
  program
    .command('test')
    .description("runs managers' examples of what the rules are to give")
    .addOption(rulesOption())
    .option('--coverage <percent>', 'lowest share of the rules that examples have to exercise', percentage)
    .option('--json', 'print one document')
    .addOption(languageOption())
    .addHelpText('after', below(help))
    .action((options: TestOptions) => runTest(options));
}

function percentage(text: string): number {
  const number = readWhole(text, 0, 100);
  if (number === undefined)
    throw new InvalidArgumentError(
      inWords({ sv: 'förväntade ett heltal från 0 till 100', en: 'expected a whole number from 0 to 100' }),
    );
  return number;
}

async function runTest(options: TestOptions): Promise<void> {
  const { rulesDir, language } = settled(options);
  const rules = readRulesetTexts(rulesDir);
  const examples = readExampleTexts(rulesDir);
  const { ruleset, findings } = readRuleset(rules.texts);
  const before = [...rules.findings, ...findings, ...examples.findings];
  if (ruleset === undefined || countOf(before, 'error') > 0)
    return refuse(inFolder(before, rulesDir), options, language);
  const run = await runExamples(ruleset, examples.texts);
  const { coverage, results } = run;
  const failed = results.filter(({ passed }) => !passed);
  const passed = results.length - failed.length;
  const wrong = inFolder(
    [...before, ...run.findings, ...failed.flatMap((result) => result.findings)],
    rulesDir,
  );
  const unexercised = inFolder(coverage.unexercised, rulesDir);
  const tooLow = coverage.percent < (options.coverage ?? 0);
  if (options.json) say(JSON.stringify(documentOf(run, passed, wrong, unexercised), null, 2));
  else {
    printFindings([...wrong, ...unexercised], language);
    const word = words[language];
    const share = `${coverage.exercised} ${word.of} ${counted(coverage.rules, word.rules)} (${coverage.percent} %)`;
    say(`${counted(passed, word.passed)}, ${counted(failed.length, word.failed)}; ${share}`);
    if (tooLow)
      say(
        language === 'sv'
          ? `förväntade minst ${options.coverage} % prövade regler, hittade ${coverage.percent} %`
          : `expected at least ${options.coverage} % of the rules exercised, found ${coverage.percent} %`,
      );
  }
  if (tooLow || countOf(wrong, 'error') > 0) process.exitCode = 1;
}

function documentOf(
  { results, coverage }: ExampleRun,
  passed: number,
  findings: Finding[],
  unexercised: Finding[],
) {
  return {
    passed,
    failed: results.length - passed,
    results: results.map(({ file, name, passed: fulfilled }) => ({ file, name, passed: fulfilled })),
    coverage: { ...coverage, unexercised },
    findings,
  };
}

/** Reports rules that cannot be read; no example is run then. */
function refuse(findings: Finding[], { json }: TestOptions, language: 'sv' | 'en'): void {
  process.exitCode = 1;
  if (json) return void say(JSON.stringify({ findings }, null, 2));
  printFindings(findings, language);
  say(summaryOf(findings, language));
}
