/** `serviceavtal change`: changes to a contract that need no new signature. */
import type { Command } from 'commander';
import { findAgreement, storeContractChange } from '../../activities/agreements/agreements';
import { instantAt, localDateOf } from '../../rules/engine/calendar/calendar';
import { diffContract } from '../../rules/engine/contract/change-contract';
import { readConfiguration } from '../settings/configuration';
import { readContractFile } from '../files/read-contract-file';
import { agreementNumber, confirmed, date, refuse, say } from './terminal';
import { withStack } from '../processes/with-stack';

interface Options {
  from?: string;
  yes?: boolean;
}

export function registerChange(program: Command): void {
  program
    .command('change')
    .argument('<agreement>', "the agreement's number", agreementNumber)
    .argument('<file>', 'the whole contract as it shall be')
    .description('changes what needs no new signature: contacts, consultant, systems, integrations, monitors')
    .option('--from <date>', 'takes effect at the beginning of this day (now)', date)
    .option('--yes', 'do not ask')
    .action(changeAction);
}

async function changeAction(number: string, file: string, options: Options): Promise<void> {
  const changed = readContractFile(file);
  await withStack(readConfiguration(), async ({ db, running }) => {
    const agreement = await findAgreement(db, number);
    if (!agreement) throw new Error(`expected a signed agreement, found none with number ${number}`);
    if (agreement.state === 'ended')
      throw new Error(`${number} has ended; nothing about it changes any more`);
    const changes = diffContract(agreement.contract, changed);
    if (changes.length === 0) return void say('Nothing differs.');
    const shown = (value: unknown): string => (value === undefined ? '(nothing)' : JSON.stringify(value));
    for (const { path: place, from, to, allowed } of changes)
      say(`${allowed ? '~' : '!'} ${place}: ${shown(from)} -> ${shown(to)}`);
    if (changes.some(({ allowed }) => !allowed))
      throw new Error(
        'What is marked with ! was promised or priced: it takes an amendment, signed under the same number and ' +
          'approved by `serviceavtal amendments approve`. Nothing was changed.',
      );
    const today = localDateOf(new Date().toISOString());
    const from = options.from ?? today;
    if (!options.yes && !(await confirmed(`Change ${number} from ${from}?`)))
      return refuse('Nothing was changed.');
    const dueAt = from <= today ? new Date().toISOString() : instantAt(from, '00:00');
    await storeContractChange(db, number, changed, from, dueAt);
    const told = from <= today ? 'is told' : `is told on ${from}`;
    say(
      running
        ? `Recorded; the running year ${told}.`
        : `Recorded; the running year ${told}, when \`npm start\` runs again.`,
    );
  });
}
