/** `serviceavtal change`: changes to a contract that need no new signature. */
import type { Command } from 'commander';
import { findAgreement, storeContractChange } from '../../activities/agreements/agreements';
import { instantAt, localDateOf } from '../../rules/engine/calendar/calendar';
import { diffContract } from '../../rules/engine/contract/change-contract';
import { eInvoiceWarnings } from '../../rules/engine/invoicing/billed-to';
import { inWords, spoken } from '../basics/spoken';
import { languageOption } from './findings-output';
import { readConfiguration } from '../settings/configuration';
import { readContractFile } from '../files/read-contract-file';
import { agreementNumber, confirmed, date, refuse, say, tell } from './terminal';
import { withStack } from '../processes/with-stack';

interface Options {
  from?: string;
  yes?: boolean;
}

const said = {
  sv: {
    unknown: (number: string) => `förväntade ett signerat avtal, hittade inget med numret ${number}`,
    ended: (number: string) => `${number} har upphört; ingenting i det ändras längre`,
    same: 'Inget skiljer.',
    nothing: '(inget)',
    signed:
      'Det som är märkt med ! är utlovat eller prissatt: det kräver ett tilläggsavtal, undertecknat under samma nummer och ' +
      'godkänt med `serviceavtal amendments approve`. Inget är ändrat.',
    ask: (number: string, from: string) => `Ändra ${number} från ${from}?`,
    unchanged: 'Inget är ändrat.',
    recorded: (from: string | undefined, running: boolean) =>
      `Noterat; det löpande året får veta det${from === undefined ? '' : ` ${from}`}${running ? '' : ', när `npm start` körs igen'}.`,
  },
  en: {
    unknown: (number: string) => `expected a signed agreement, found none with number ${number}`,
    ended: (number: string) => `${number} has ended; nothing about it changes any more`,
    same: 'Nothing differs.',
    nothing: '(nothing)',
    signed:
      'What is marked with ! was promised or priced: it takes an amendment, signed under the same number and ' +
      'approved by `serviceavtal amendments approve`. Nothing was changed.',
    ask: (number: string, from: string) => `Change ${number} from ${from}?`,
    unchanged: 'Nothing was changed.',
    recorded: (from: string | undefined, running: boolean) =>
      `Recorded; the running year is told${from === undefined ? '' : ` on ${from}`}${running ? '' : ', when `npm start` runs again'}.`,
  },
} as const;

export function registerChange(program: Command): void {
  program
    .command('change')
    .argument('<agreement>', "the agreement's number", agreementNumber)
    .argument('<file>', 'the whole contract as it shall be')
    .description('changes what needs no new signature: contacts, consultant, systems, integrations, monitors')
    .option('--from <date>', 'takes effect at the beginning of this day (now)', date)
    .option('--yes', 'do not ask')
    .addOption(languageOption('what is shown'))
    .action(changeAction);
}

async function changeAction(number: string, file: string, options: Options): Promise<void> {
  const words = said[spoken()];
  const changed = readContractFile(file);
  await withStack(readConfiguration(), async ({ db, running }) => {
    const agreement = await findAgreement(db, number);
    if (!agreement) throw new Error(words.unknown(number));
    if (agreement.state === 'ended') throw new Error(words.ended(number));
    const changes = diffContract(agreement.contract, changed);
    if (changes.length === 0) return void say(words.same);
    const shown = (value: unknown): string => (value === undefined ? words.nothing : JSON.stringify(value));
    for (const { path: place, from, to, allowed } of changes)
      say(`${allowed ? '~' : '!'} ${place}: ${shown(from)} -> ${shown(to)}`);
    if (changes.some(({ allowed }) => !allowed)) throw new Error(words.signed);
    const isBilled = changes.some(({ path: place }) => /^(customer|billTo)\b/.test(place));
    if (isBilled) for (const warning of eInvoiceWarnings(changed)) tell(inWords(warning));
    const today = localDateOf(new Date().toISOString());
    const from = options.from ?? today;
    if (!options.yes && !(await confirmed(words.ask(number, from)))) return refuse(words.unchanged);
    const dueAt = from <= today ? new Date().toISOString() : instantAt(from, '00:00');
    await storeContractChange(db, number, changed, from, dueAt);
    say(words.recorded(from <= today ? undefined : from, running));
  });
}
