/** `serviceavtal reset`: removes the local stack's data. */
import type { Command } from 'commander';
import { readConfiguration } from '../settings/configuration';
import { resetStack } from '../local/reset';
import { confirmed, refuse, say } from './terminal';

export function registerReset(program: Command): void {
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
}
