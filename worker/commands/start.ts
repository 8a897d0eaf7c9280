/** `serviceavtal start`: runs everything until somebody ends it. */
import type { Command } from 'commander';
import { languageOption } from './findings-output';
import { readConfiguration } from '../settings/configuration';
import { onStopSignal } from '../local/stop-signals';
import { start } from '../processes/start';

export function registerStart(program: Command): void {
  program
    .command('start')
    .description('starts the local stack, the worker and the dispatcher; Ctrl-C stops everything')
    .addOption(languageOption('what is shown'))
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
}
