/** `serviceavtal reset`: removes the local stack's data. */
import { inWords } from '../basics/spoken';
import { languageOption } from './findings-output';
import type { Command } from 'commander';
import { readConfiguration } from '../settings/configuration';
import { resetStack } from '../local/reset';
import { confirmed, refuse, say } from './terminal';

const said = {
  embeddedOnly: {
    sv: 'reset gäller bara den egna stacken; ta bort DATABASE_URL, TEMPORAL_ADDRESS och SMTP_URL först',
    en: 'reset works on the embedded stack only; unset DATABASE_URL, TEMPORAL_ADDRESS and SMTP_URL first',
  },
  ask: (dataDir: string) => ({
    sv: `Ta bort varje avtal, mejl och historik i ${dataDir}?`,
    en: `Remove every agreement, mail and history in ${dataDir}?`,
  }),
  nothing: { sv: 'Inget togs bort.', en: 'Nothing was removed.' },
  none: { sv: 'Det fanns inget att ta bort.', en: 'There was nothing to remove.' },
  removed: { sv: 'Borttaget:', en: 'Removed:' },
};

export function registerReset(program: Command): void {
  program
    .command('reset')
    .description('removes the data of the local stack: agreements, mails, histories')
    .option('--yes', 'do not ask')
    .addOption(languageOption('what is shown'))
    .action(async ({ yes }: { yes?: boolean }) => {
      const { dataDir, databaseUrl, temporalAddress, smtpUrl } = readConfiguration();
      if (databaseUrl ?? temporalAddress ?? smtpUrl) throw new Error(inWords(said.embeddedOnly));
      if (!yes && !(await confirmed(inWords(said.ask(dataDir))))) return refuse(inWords(said.nothing));
      const removed = await resetStack(dataDir);
      say(
        removed.length === 0
          ? inWords(said.none)
          : `${inWords(said.removed)}\n${removed.map((place) => `  ${place}`).join('\n')}`,
      );
    });
}
