/** `serviceavtal simulate`: an agreement's years in virtual time. */
import path from 'node:path';
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { readWhole } from '../../rules/engine/basics/read-number';
import { periodOf, yearNumberOn } from '../../rules/engine/calendar/agreement-period';
import type { Contract } from '../../rules/engine/contract/contract';
import { levelsOf } from '../../rules/engine/ruleset/ruleset-paths';
import { inWords, messageOf, spoken } from '../basics/spoken';
import { languageOption } from './findings-output';
import { readConfiguration } from '../settings/configuration';
import { createProgressReporter } from '../local/progress';
import { printSimulation } from '../simulation/print-simulation';
import { readContractFile, readText } from '../files/read-contract-file';
import { FindingsError, readRules } from '../files/rule-files';
import type { Scenario, ScenarioStep } from '../simulation/scenario';
import { diligent, readScenario, scripted, silent } from '../simulation/scenario';
import { simulate } from '../simulation/simulate';
import { asJson, say } from './terminal';
import { withEmbeddedStack } from '../processes/with-stack';

interface SimulateOptions {
  years: number;
  scenario: string;
  rules?: string;
  keep?: boolean;
  mails?: string;
  json?: boolean;
}

const said = {
  sv: {
    playing: (agreement: string) => `Spelar ${agreement}`,
    unplayable: (name: string) => `${name} går inte att spela:`,
    outside: (name: string, from: string, to: string, steps: ScenarioStep[]) =>
      `${name}: förväntade dagar från undertecknandet (${from}) till slutet av de spelade åren (före ${to}), ` +
      `hittade ${steps.map(({ on, signal }) => `${signal} den ${on}`).join(', ')}`,
  },
  en: {
    playing: (agreement: string) => `Playing ${agreement}`,
    unplayable: (name: string) => `${name} cannot be played:`,
    outside: (name: string, from: string, to: string, steps: ScenarioStep[]) =>
      `${name}: expected dates from the signing (${from}) to the end of the played years (before ${to}), ` +
      `found ${steps.map(({ on, signal }) => `${signal} on ${on}`).join(', ')}`,
  },
} as const;

function years(text: string): number {
  const number = readWhole(text, 1, 20);
  if (number === undefined)
    throw new InvalidArgumentError(
      inWords({ sv: 'förväntade ett heltal från 1 till 20', en: 'expected a whole number from 1 to 20' }),
    );
  return number;
}

export function registerSimulate(program: Command): void {
  program
    .command('simulate')
    .argument('<file>', 'the contract, for example examples/testbolaget.json')
    .description('plays the agreement in virtual time, apart from live agreements, and tells its timeline')
    .option('--years <n>', 'how many agreement years', years, 1)
    .option(
      '--scenario <who>',
      'diligent: everybody acts on time; silent: nobody acts; or a file of steps',
      'diligent',
    )
    .option('--rules <folder>', 'rule files to play by (the working files)')
    .option('--keep', 'leave the played workflow in Temporal for a look, and print its link')
    .option(
      '--mails <folder>',
      'write every mail as it went out, and its HTML to look at; an empty or new folder',
    )
    .option('--json', 'print one document')
    .addOption(languageOption('what is shown'))
    .action(async (file: string, options: SimulateOptions) => {
      const words = said[spoken()];
      const configuration = readConfiguration();
      const rules = readRules(options.rules ? path.resolve(options.rules) : configuration.rulesDir);
      const contract = readContractFile(file, { levels: levelsOf(Object.keys(rules.texts)) });
      const scenario = scenarioOf(options.scenario, contract, options.years);
      await withEmbeddedStack(configuration, async (stack, cacheDir) => {
        const step = createProgressReporter().step(words.playing(contract.agreement));
        try {
          const simulation = await simulate({
            contract,
            rules,
            years: options.years,
            scenario,
            stack,
            cacheDir,
            staffLanguage: spoken(),
            keep: options.keep ?? false,
            ...(options.mails === undefined ? {} : { mailsTo: options.mails }),
            onProgress: (fraction, day) => step.update(day, Math.min(1, fraction)),
          });
          step.done();
          say(options.json ? asJson(simulation) : printSimulation(simulation, contract, spoken()));
        } catch (error) {
          step.fail(messageOf(error));
          throw error;
        }
      });
    });
}

function scenarioOf(
  name: string,
  contract: Contract,
  playedYears: number,
): Parameters<typeof simulate>[0]['scenario'] {
  if (name === 'diligent') return (db): Scenario => diligent(db, contract.agreement);
  if (name === 'silent') return () => silent;
  const { steps, findings } = readScenario(readText(name), name);
  if (!steps) throw new FindingsError(findings, said[spoken()].unplayable(name));
  const first = yearNumberOn(contract.startsOn, contract.signedOn);
  const { to } = periodOf(contract.startsOn, first + playedYears - 1);
  const outside = steps.filter(({ on }) => on < contract.signedOn || on >= to);
  if (outside.length > 0) throw new Error(said[spoken()].outside(name, contract.signedOn, to, outside));
  return () => scripted(steps);
}
