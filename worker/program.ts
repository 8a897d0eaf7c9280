/** The commands of `npx serviceavtal …`. */
import { Command, CommanderError } from 'commander';
import { didYouMean } from '../rules/engine/basics/did-you-mean';
import { expectedFound, joined } from '../rules/engine/basics/text';
import type { Language } from '../rules/engine/basics/text';
import { oneOf } from '../rules/engine/reading/explain-schema-error';
import { inWords, messageOf, speak, spoken } from './basics/spoken';
import { helpInSwedish, inSwedishHelp } from './commands/help-words';
import { inSwedish } from './commands/option-errors';
import { productVersion, readConfiguration, settings } from './settings/configuration';
import { tell } from './commands/terminal';

type Register = (program: Command) => void;

/**
 * The functions that register the commands, in the order of the help. Each is loaded when it is needed: loading all
 * takes seconds, and most need neither Temporal's worker nor the drivers of monitored systems.
 */
/* eslint-disable @typescript-eslint/no-require-imports, @typescript-eslint/consistent-type-imports -- `import()` asks Node itself, which reads no TypeScript. */
const commands: Record<string, () => Register> = {
  start: () => (require('./commands/start') as typeof import('./commands/start')).registerStart,
  simulate: () => (require('./commands/simulate') as typeof import('./commands/simulate')).registerSimulate,
  mails: () => (require('./commands/mails') as typeof import('./commands/mails')).registerMails,
  links: () => (require('./commands/links') as typeof import('./commands/links')).registerLinks,
  reset: () => (require('./commands/reset') as typeof import('./commands/reset')).registerReset,
  backup: () => (require('./commands/backup') as typeof import('./commands/backup')).registerBackup,
  restore: () => (require('./commands/restore') as typeof import('./commands/restore')).registerRestore,
  doctor: () => (require('./commands/doctor') as typeof import('./commands/doctor')).registerDoctor,
  sign: () => (require('./commands/sign') as typeof import('./commands/sign')).registerSign,
  status: () => (require('./commands/status') as typeof import('./commands/status')).registerStatus,
  agreements: () =>
    (require('./commands/agreements') as typeof import('./commands/agreements')).registerAgreements,
  audit: () => (require('./commands/audit') as typeof import('./commands/audit')).registerAudit,
  deploy: () => (require('./commands/deploy') as typeof import('./commands/deploy')).registerDeploy,
  change: () => (require('./commands/change') as typeof import('./commands/change')).registerChange,
  amendments: () =>
    (require('./commands/amendments') as typeof import('./commands/amendments')).registerAmendments,
  consultants: () =>
    (require('./commands/consultants') as typeof import('./commands/consultants')).registerConsultants,
  check: () => (require('./commands/check') as typeof import('./commands/check')).registerCheck,
  test: () => (require('./commands/test-rules') as typeof import('./commands/test-rules')).registerTest,
  explain: () => (require('./commands/explain') as typeof import('./commands/explain')).registerExplain,
  plan: () => (require('./commands/plan') as typeof import('./commands/plan')).registerPlan,
  apply: () => (require('./commands/apply') as typeof import('./commands/apply')).registerApply,
  rulesets: () => (require('./commands/rulesets') as typeof import('./commands/rulesets')).registerRulesets,
  hours: () => (require('./commands/hours') as typeof import('./commands/hours')).registerHours,
  invoices: () => (require('./commands/invoices') as typeof import('./commands/invoices')).registerInvoices,
  decisions: () =>
    (require('./commands/decisions') as typeof import('./commands/decisions')).registerDecisions,
  documents: () =>
    (require('./commands/documents') as typeof import('./commands/documents')).registerDocuments,
  cases: () => (require('./commands/cases') as typeof import('./commands/cases')).registerCases,
  monitors: () => (require('./commands/monitors') as typeof import('./commands/monitors')).registerMonitors,
  upgrades: () => (require('./commands/upgrades') as typeof import('./commands/upgrades')).registerUpgrades,
  views: () => (require('./commands/views') as typeof import('./commands/views')).registerViews,
  'site-worker': () =>
    (require('./commands/site-worker') as typeof import('./commands/site-worker')).registerSiteWorker,
  heartbeats: () =>
    (require('./commands/heartbeats') as typeof import('./commands/heartbeats')).registerHeartbeats,
  intake: () => {
    const { registerIntake } = require('./commands/intake') as typeof import('./commands/intake');
    const { registerIntakeTest } =
      require('./commands/intake-test') as typeof import('./commands/intake-test');
    return (program) => registerIntakeTest(registerIntake(program));
  },
};
/* eslint-enable @typescript-eslint/no-require-imports, @typescript-eslint/consistent-type-imports */

const settingsBelow = {
  sv: 'Inställningar, som läses ur miljön (det som annars gäller inom parentes):',
  en: 'Settings, read from the environment (defaults in brackets):',
};

/**
 * Creates the command line for `words`: with the one command that they begin with or, if they begin with none (a typing
 * error, or `--help`), with all commands.
 *
 * @param words as on the command line: `['check', '--json']`
 */
export function createProgram(words: readonly string[]): Command {
  const program = new Command('serviceavtal')
    .description(
      'Runs service agreements: a signed contract becomes a workflow that carries the agreement year by year.',
    )
    .version(productVersion(), '-V, --version', 'prints the version of the product')
    .configureOutput({
      outputError: (text, write) => {
        const unknown = text.includes('too many arguments') ? unknownSubcommand(program, words) : undefined;
        write(spoken() === 'sv' ? inSwedish(unknown ?? text) : (unknown ?? text));
      },
    })
    // Help and wrong options end the process as everything else does: with what it has begun to write.
    .exitOverride()
    .showHelpAfterError(
      inWords({ sv: '(--help visar vad som är möjligt)', en: '(add --help for what is possible)' }),
    )
    .addHelpText(
      'after',
      `\n${inWords(settingsBelow)}\n${Object.entries(settings)
        .map(
          ([name, meaning]) => `  ${name.padEnd(29)} ${spoken() === 'sv' ? inSwedishHelp(meaning) : meaning}`,
        )
        .join('\n')}`,
    );
  if (spoken() === 'sv') helpInSwedish(program);
  program.hook('preAction', (_, action) => {
    speak(action.opts<{ language?: Language }>().language ?? readConfiguration().staffLanguage);
  });
  const [first = ''] = words;
  const load = Object.hasOwn(commands, first) ? commands[first] : undefined;
  const isVersion = first === '-V' || first === '--version';
  const loaded = load ? [load] : isVersion ? [] : Object.values(commands);
  for (const each of loaded) each()(program);
  return program;
}

/**
 * What to say in place of an error where the second word is no subcommand: the default one takes it for an argument, and
 * would tell of one too many.
 */
function unknownSubcommand(program: Command, [first, word]: readonly string[]): string | undefined {
  const names =
    program.commands.find((each) => each.name() === first)?.commands.map((each) => each.name()) ?? [];
  if (names.length === 0 || word === undefined || word.startsWith('-') || names.includes(word))
    return undefined;
  const message = joined(expectedFound(oneOf(names), `"${word}"`), didYouMean(word, names));
  return `error: ${inWords(message)}\n`;
}

/** The language of a command: what `--language` says or else the setting. Known before the words are checked. */
function languageOf(words: readonly string[]): Language {
  const given = words.join(' ').match(/(?:^| )--language[ =](sv|en)(?: |$)/)?.[1];
  return (given ?? process.env.SERVICEAVTAL_STAFF_LANGUAGE?.trim()) === 'en' ? 'en' : 'sv';
}

/** Runs the command in `words`. An error is printed and sets exit code 1. */
export async function runProgram(words: readonly string[]): Promise<void> {
  speak(languageOf(words));
  try {
    await createProgram(words).parseAsync(words, { from: 'user' });
  } catch (error) {
    // The library has said it already.
    if (error instanceof CommanderError) return void (process.exitCode = error.exitCode);
    tell(messageOf(error));
    process.exitCode = 1;
  }
}
