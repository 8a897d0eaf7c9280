/** The command line: `npx serviceavtal …`. */
import path from 'node:path';
import { WorkflowNotFoundError } from '@temporalio/client';
import { Command, InvalidArgumentError } from 'commander';
import { createMailActivities } from '../activities/mail';
import { resendDeskMail } from '../activities/monitors/desk-send';
import { resendSigningMail } from '../activities/signings/tell-manager';
import { createSendMessage } from '../activities/smtp';
import { periodOf, yearNumberOn } from '../rules/agreement-period';
import type { Contract } from '../rules/contract';
import { registerAmendments } from './commands/amendments';
import { registerApply } from './commands/apply';
import { registerCases } from './commands/cases';
import { registerChange } from './commands/change';
import { registerCheck } from './commands/check';
import { registerConsultants } from './commands/consultants';
import { registerDecisions } from './commands/decisions';
import { registerDocuments } from './commands/documents';
import { registerExplain } from './commands/explain';
import { registerIntake } from './commands/intake';
import { registerIntakeTest } from './commands/intake-test';
import { registerMonitors } from './commands/monitors';
import { registerHeartbeats } from './commands/heartbeats';
import { registerPlan } from './commands/plan';
import { registerRulesets } from './commands/rulesets';
import { registerSign } from './commands/sign';
import { registerSiteWorker } from './commands/site-worker';
import { registerStatus } from './commands/status';
import { registerTest } from './commands/test-rules';
import { registerViews } from './commands/views';
import type { Configuration } from './configuration';
import { readConfiguration, settings } from './configuration';
import { alertLinks } from './intake/address';
import { createProgressReporter } from './local/progress';
import { resetStack } from './local/reset';
import type { StackAddresses } from './local/stack';
import { onStopSignal } from './local/stop-signals';
import { agreementsShowing, listUnsettled, settleMail } from './mails';
import { printSimulation } from './print-simulation';
import { readContractFile, readText } from './read-contract-file';
import { FindingsError, readRules } from './rule-files';
import type { Scenario } from './scenario';
import { diligent, readScenario, scripted, silent } from './scenario';
import { simulate } from './simulate';
import { agreementLink, start } from './start';
import { workflowIdOf } from './start-agreement';
import { openClient } from './temporal-connection';
import { asJson, confirmed, refuse, say, tell } from './terminal';
import { withEmbeddedStack, withStack } from './with-stack';

// Whoever reads the output may stop reading: `… | head` is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const program = new Command('serviceavtal')
  .description(
    'Runs service agreements: a signed contract becomes a workflow that carries the agreement year by year.',
  )
  .showHelpAfterError('(add --help for what is possible)')
  .addHelpText(
    'after',
    `\nSettings, read from the environment (defaults in brackets):\n${Object.entries(settings)
      .map(([name, meaning]) => `  ${name.padEnd(29)} ${meaning}`)
      .join('\n')}`,
  );

function years(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 20)
    throw new InvalidArgumentError('expected a whole number from 1 to 20');
  return number;
}

program
  .command('start')
  .description('starts the local stack, the worker and the dispatcher; Ctrl-C stops everything')
  .action(async () => {
    const ended = new AbortController();
    const off = onStopSignal(
      () => ended.abort(),
      () => process.exit(130),
    );
    try {
      process.exitCode = await start(readConfiguration(), ended.signal);
    } catch (error) {
      if (!ended.signal.aborted) throw error;
    } finally {
      off();
    }
  });

interface SimulateOptions {
  years: number;
  scenario: string;
  rules?: string;
  keep?: boolean;
  json?: boolean;
}

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
  .option('--json', 'print one document')
  .action(async (file: string, options: SimulateOptions) => {
    const configuration = readConfiguration();
    const contract = readContractFile(file);
    const rules = readRules(options.rules ? path.resolve(options.rules) : configuration.rulesDir);
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

const mails = program.command('mails').description('mails whose fate a person has to settle');
mails
  .command('list', { isDefault: true })
  .description('mails that are unknown, refused or waiting')
  .option('--json', 'print one document')
  .action(async ({ json }: { json?: boolean }) => {
    await withStack(readConfiguration(), async ({ db }) => {
      const unsettled = await listUnsettled(db);
      if (json) return void say(asJson(unsettled));
      if (unsettled.length === 0) say('No mail waits for anybody.');
      for (const { key, state, recipient, subject, error } of unsettled)
        say(
          `${state.padEnd(8)} ${key}\n         to ${recipient}: ${subject ?? '(not made yet)'}${error ? `\n         ${error}` : ''}`,
        );
    });
  });
for (const [name, description] of [
  ['resend', 'sends a mail that is unknown or refused once more, under the same Message-ID'],
  ['confirm', 'notes that an unknown mail did arrive'],
] as const)
  mails
    .command(name)
    .argument('<key>', 'as `mails list` shows it')
    .description(description)
    .action(async (key: string) => {
      const configuration = readConfiguration();
      await withStack(configuration, async ({ db, stack }) => {
        const deps = mailDeps(configuration, db, stack);
        const { sendNotice } = createMailActivities(deps);
        say(
          await settleMail(
            db,
            key,
            name,
            sendNotice,
            (request) => resendDeskMail(deps, request),
            (request) => resendSigningMail(deps, request),
          ),
        );
        await tellPages(stack, key, await agreementsShowing(db, key));
      });
    });

/** Takes a settled mail off the agreements' pages; an agreement that has ended has none. */
async function tellPages(stack: StackAddresses, key: string, agreements: string[]): Promise<void> {
  const client = await openClient(stack);
  try {
    for (const agreement of agreements) {
      const handle = client.workflow.getHandle(workflowIdOf(agreement));
      try {
        await handle.signal('attentionCleared', { code: 'mail-unknown', subject: key, by: 'mails' });
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
      }
    }
  } finally {
    await client.connection.close();
  }
}

function mailDeps(
  configuration: Configuration,
  db: Parameters<typeof listUnsettled>[0],
  stack: StackAddresses,
) {
  const { mailFrom, staffLanguage } = configuration;
  return {
    db,
    sendMessage: createSendMessage(stack.smtpUrl),
    mailFrom,
    staffLanguage,
    agreementLink: agreementLink(configuration, stack),
    ...alertLinks(configuration, stack),
  };
}

program
  .command('reset')
  .description('removes the data of the local stack: agreements, mails, histories')
  .option('--yes', 'do not ask')
  .action(async ({ yes }: { yes?: boolean }) => {
    const { dataDir, databaseUrl, temporalAddress, smtpUrl } = readConfiguration();
    if (databaseUrl ?? temporalAddress ?? smtpUrl)
      throw new Error(
        'reset works on the embedded stack only; unset DATABASE_URL, TEMPORAL_ADDRESS and SMTP_URL first',
      );
    if (!yes && !(await confirmed(`Remove every agreement, mail and history in ${dataDir}?`)))
      return refuse('Nothing was removed.');
    const removed = await resetStack(dataDir);
    say(
      removed.length === 0
        ? 'There was nothing to remove.'
        : `Removed:\n${removed.map((place) => `  ${place}`).join('\n')}`,
    );
  });

registerSign(program);
registerStatus(program);
registerChange(program);
registerAmendments(program);
registerConsultants(program);
registerCheck(program);
registerTest(program);
registerExplain(program);
registerPlan(program);
registerApply(program);
registerRulesets(program);
registerDecisions(program);
registerDocuments(program);
registerCases(program);
registerMonitors(program);
registerViews(program);
registerSiteWorker(program);
registerHeartbeats(program);
registerIntakeTest(registerIntake(program));

program.parseAsync().catch((error: Error) => {
  tell(error.message);
  process.exitCode = 1;
});
