/** `serviceavtal simulate`: an agreement's years in virtual time. */
import path from 'node:path';
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { readWhole } from '../../rules/engine/basics/read-number';
import { periodOf, yearNumberOn } from '../../rules/engine/calendar/agreement-period';
import type { Contract } from '../../rules/engine/contract/contract';
import { levelsOf } from '../../rules/engine/ruleset/ruleset-paths';
import { readConfiguration } from '../settings/configuration';
import { createProgressReporter } from '../local/progress';
import { printSimulation } from '../simulation/print-simulation';
import { readContractFile, readText } from '../files/read-contract-file';
import { FindingsError, readRules } from '../files/rule-files';
import type { Scenario } from '../simulation/scenario';
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

function years(text: string): number {
  const number = readWhole(text, 1, 20);
  if (number === undefined) throw new InvalidArgumentError('expected a whole number from 1 to 20');
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
    .option('--mails <folder>', 'write every mail as it went out, a file each; an empty or new folder')
    .option('--json', 'print one document')
    .action(async (file: string, options: SimulateOptions) => {
      const configuration = readConfiguration();
      const rules = readRules(options.rules ? path.resolve(options.rules) : configuration.rulesDir);
      const contract = readContractFile(file, { levels: levelsOf(Object.keys(rules.texts)) });
      const scenario = scenarioOf(options.scenario, contract, options.years);
      await withEmbeddedStack(configuration, async (stack, cacheDir) => {
        const step = createProgressReporter().step(`Playing ${contract.agreement}`);
        try {
          const simulation = await simulate({
            contract,
            rules,
            years: options.years,
            scenario,
            stack,
            cacheDir,
            staffLanguage: configuration.staffLanguage,
            keep: options.keep ?? false,
            ...(options.mails === undefined ? {} : { mailsTo: options.mails }),
            onProgress: (fraction, day) => step.update(day, Math.min(1, fraction)),
          });
          step.done();
          say(options.json ? asJson(simulation) : printSimulation(simulation, contract));
        } catch (error) {
          step.fail((error as Error).message);
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
  if (!steps) throw new FindingsError(findings, `${name} cannot be played:`);
  const first = yearNumberOn(contract.startsOn, contract.signedOn);
  const { to } = periodOf(contract.startsOn, first + playedYears - 1);
  const outside = steps.filter(({ on }) => on < contract.signedOn || on >= to);
  if (outside.length > 0)
    throw new Error(
      `${name}: expected dates from the signing (${contract.signedOn}) to the end of the played years (before ${to}), ` +
        `found ${outside.map(({ on, signal }) => `${signal} on ${on}`).join(', ')}`,
    );
  return () => scripted(steps);
}
