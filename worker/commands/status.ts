/** `serviceavtal status`: the state of all agreements, and for one agreement also what its page says. */
import type { Command } from 'commander';
import { listSick, readLooking } from '../../activities/health/health';
import type { Language } from '../../rules/engine/basics/text';
import { inWords, spoken } from '../basics/spoken';
import { languageOption } from './findings-output';
import type { Overview } from '../../templates/ui/overview';
import { readConfiguration } from '../settings/configuration';
import { askOverview, printOverview } from './status/overview';
import { printHealth, printStatus } from './status/print-status';
import { readStatus } from '../../activities/health/read-status';
import { developmentServerNote } from '../local/development-server';
import { openClient } from '../temporal/temporal-connection';
import { agreementNumber, asJson, say } from './terminal';
import type { UsedStack } from '../processes/with-stack';
import { withStack } from '../processes/with-stack';

export function registerStatus(program: Command): void {
  program
    .command('status')
    .argument('[agreement]', "an agreement's number; all without it", agreementNumber)
    .description(
      'what lives, where each strand stands, what is due next and who owes it; where the stack is. ' +
        'With a number also what can be reported now, asked of the running agreement itself',
    )
    .option('--json', 'print one document')
    .addOption(languageOption('what is shown'))
    .action(async (number: string | undefined, { json }: { json?: boolean }) => {
      const language = spoken();
      const words = said[language];
      await withStack(readConfiguration(), async (used) => {
        const { db, stack, running } = used;
        const agreements = await readStatus(db, new Date(), number);
        if (number !== undefined && agreements.length === 0) throw new Error(words.none(number));
        const sick = await listSick(db, number);
        const looking = running ? await readLooking(db) : undefined;
        const live = number !== undefined && running && agreements[0]?.state === 'live';
        const asked = live ? await ask(used, number) : undefined;
        const { temporalAddress, namespace, webUiUrl, inboxUrl, developmentServer } = stack;
        if (json)
          return void say(
            asJson({
              stack: { running, temporalAddress, namespace, webUiUrl, inboxUrl, developmentServer },
              agreements,
              sick,
              looking,
              ...asked,
            }),
          );
        const health = printHealth(sick, looking, language);
        if (health !== '') say(`${health}\n`);
        say(printStatus(agreements, language));
        if (asked && 'overview' in asked) say(`${printOverview(asked.overview, language)}\n`);
        if (asked && 'silent' in asked) say(`  ${words.silent(asked.silent)}\n`);
        sayWhere(used, words);
      });
    });
}

const said = {
  sv: {
    none: (number: string) => `förväntade ett signerat avtal, hittade inget med numret ${number}`,
    silent: (why: string) => `Avtalet självt svarar inte («${why}»); det här är vad som skrevs ner senast.`,
    noTemporal: (address: string) => `ingen Temporal på ${address}`,
    rests: 'Stacken körs inte nu (`npm start` startar den); den startades för det här kommandot.',
    runs: 'Stacken körs:',
    webUi: 'webbsidor',
    inbox: 'inkorg',
  },
  en: {
    none: (number: string) => `expected a signed agreement, found none with number ${number}`,
    silent: (why: string) =>
      `The agreement itself does not answer (${why}); this is what was last written down.`,
    noTemporal: (address: string) => `no Temporal at ${address}`,
    rests: 'The stack does not run now (`npm start` starts it); it was started for this command.',
    runs: 'The stack runs:',
    webUi: 'web ui',
    inbox: 'inbox',
  },
} as const;

async function ask(
  { stack }: UsedStack,
  number: string,
): Promise<{ overview: Overview } | { silent: string }> {
  const client = await openClient(stack).catch(() => undefined);
  if (!client) return { silent: said[spoken()].noTemporal(stack.temporalAddress) };
  try {
    return await askOverview(client, number);
  } finally {
    await client.connection.close();
  }
}

function sayWhere({ stack, running }: UsedStack, words: (typeof said)[Language]): void {
  if (!running) return void say(words.rests);
  const { temporalAddress, namespace, webUiUrl, inboxUrl, developmentServer } = stack;
  say(words.runs);
  for (const [name, value] of Object.entries({
    temporal: `${temporalAddress}, namespace ${namespace}`,
    [words.webUi]: webUiUrl,
    [words.inbox]: inboxUrl,
  }))
    if (value !== undefined) say(`  ${name.padEnd(10)} ${value}`);
  if (developmentServer) say(`\n${inWords(developmentServerNote)}`);
}
