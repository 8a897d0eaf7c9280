/** `serviceavtal invoices`: the invoice basis of a month, for whoever invoices in the ERP. */
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { findAgreement } from '../../activities/agreements/agreements';
import { makeUpMonth } from '../../activities/invoicing/issue';
import type { MadeUpMonth, MonthRun } from '../../activities/invoicing/issue';
import { BilingualError } from '../../rules/engine/basics/bilingual-error';
import { expectedFound } from '../../rules/engine/basics/text';
import type { Text } from '../../rules/engine/basics/text';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import { noAgreement } from '../../templates/words/no-agreement';
import { withoutNumber } from '../../templates/invoice-words';
import { inWords, spoken } from '../basics/spoken';
import { readExportProfile } from '../files/export-profiles';
import { makeFolder } from '../files/make-folder';
import { createProgressReporter, runStep } from '../local/progress';
import { withStack } from '../processes/with-stack';
import { readConfiguration } from '../settings/configuration';
import { languageOption } from './findings-output';
import { below } from './help-words';
import { registerNumbered } from './invoices/numbered';
import { printMonth } from './invoices/print-month';
import { basisFolder, writeMonth } from './invoices/write-month';
import { agreementNumber, asJson, confirmed, say, tell } from './terminal';

interface Options {
  month?: string;
  agreement?: string;
  export?: string;
  out?: string;
  dryRun?: boolean;
  yes?: boolean;
  json?: boolean;
}

const help = {
  sv: `Underlaget görs en gång: det som är gjort ändras aldrig, och samma månad igen ger samma rader. Månadens underlag har allt som
går att fakturera den dag det görs, och de delbetalningar i förskott som ska gå ut under månaden. Det som har ändrats sedan
det fakturerades krediteras på nästa underlag, med en ny rad för det som gäller.

Fakturan, dess nummer, förfallodag, moms och öresavrundning hör till affärssystemet. Alla belopp är exkl. moms.`,
  en: `A basis is made once: what is made never changes, and the same month again gives the same rows. A month's basis holds all that
can be invoiced on the day on which it is made, and the instalments in advance that are to go out within the month. What has
changed since it was invoiced is credited on the next basis, with a new row for what holds.

The invoice, its number, due date, VAT and rounding belong to the ERP. All amounts are excl. VAT.`,
};

export function registerInvoices(program: Command): void {
  const invoices = program
    .command('invoices')
    .description('the invoice basis of a month: what to invoice and what to credit, for the ERP');
  registerNumbered(invoices);
  invoices
    .command('month', { isDefault: true })
    .description('makes up a month, once, and shows it')
    .option('--month <month>', 'as 2027-03; the running one without it', month)
    .option('--agreement <number>', 'one agreement alone', agreementNumber)
    .option('--export <profile>', "also a file for an ERP's order import, by a profile of rules/exports")
    .option('--out <folder>', 'write the rows as a table (.csv), and the export beside it')
    .option('--dry-run', 'show what it would be, and keep nothing')
    .option('--yes', 'do not ask')
    .option('--json', 'print one document; asks nothing, so it takes --yes or --dry-run')
    .addOption(languageOption('what is shown'))
    .addHelpText('after', below(help, 'invoices --month 2027-03 --export visma-business --out underlag'))
    .action(makeUp);
}

async function makeUp(options: Options): Promise<void> {
  const { agreement, dryRun = false, yes = false, json = false, out = options.export && '.' } = options;
  if (json && !yes && !dryRun) throw new BilingualError(needsYes);
  const configuration = readConfiguration();
  const profile =
    options.export === undefined ? undefined : readExportProfile(configuration.rulesDir, options.export);
  const at = new Date().toISOString();
  const today = localDateOf(at);
  const run: MonthRun = {
    ...{ month: options.month ?? today.slice(0, 7), today, at },
    ...(agreement !== undefined && { agreement }),
  };
  if (run.month > today.slice(0, 7)) throw new BilingualError(notYet(run.month));
  await withStack(configuration, async ({ db }) => {
    if (agreement !== undefined && !(await findAgreement(db, agreement)))
      throw new BilingualError(noAgreement(agreement));
    const log = createProgressReporter();
    const makeUpAll = (words: Text, asked: Partial<MonthRun> = {}): Promise<MadeUpMonth> =>
      runStep(log, inWords(words), (step) =>
        makeUpMonth(db, { ...run, ...asked, onProgress: (share) => step.update(run.month, share) }),
      );
    const preview = await makeUpAll(reading, { dryRun: true });
    if (preview.failed.length > 0) process.exitCode = 1;
    const unnumbered = profile ? withoutNumber(preview.bases) : [];
    if (unnumbered.length > 0) throw new BilingualError(needsNumber(unnumbered.map((one) => one.agreement)));
    const show = (made: MadeUpMonth, done: boolean): void =>
      json ? void say(asJson({ done, month: run.month, ...made })) : printMonth(run.month, made, spoken());
    if (dryRun) return show(preview, false);
    if (preview.fresh.length > 0 && !yes) {
      show(preview, false);
      if (!(await confirmed(inWords(question)))) return void tell(inWords(unchanged));
    }
    if (out !== undefined) makeFolder(out, basisFolder);
    // Who only looks at a month with nothing new does not end it.
    const made = preview.fresh.length > 0 || yes ? await makeUpAll(making) : preview;
    if (yes || preview.fresh.length === 0) show(made, true);
    else say(inWords(doneWith(made.fresh)));
    if (out === undefined) return;
    for (const file of writeMonth(out, run, made.bases, profile)) tell(inWords(written(file)));
  });
}

const needsYes = {
  sv: 'förväntade --yes eller --dry-run med --json: då ställs ingen fråga',
  en: 'expected --yes or --dry-run with --json, which asks nothing',
};
const reading = { sv: 'Läser avtalens timmar', en: 'Reading the hours of the agreements' };
const making = { sv: 'Gör underlaget', en: 'Making the basis' };
const question = {
  sv: 'Göra underlaget? Det ändras aldrig sedan.',
  en: 'Make the basis? It never changes then.',
};
const unchanged = { sv: 'Inget underlag är gjort.', en: 'No basis was made.' };
const written = (file: string) => ({ sv: `${file} är skriven.`, en: `${file} is written.` });
const doneWith = (numbers: readonly string[]) => ({
  sv: `Gjort: ${numbers.join(', ')}.`,
  en: `Made: ${numbers.join(', ')}.`,
});
const notYet = (found: string) =>
  expectedFound({ sv: 'en månad som har börjat', en: 'a month that has begun' }, found);
const needsNumber = (agreements: readonly string[]) => {
  const named = [...new Set(agreements)].join(', ');
  return {
    sv: `förväntade kundens nummer i affärssystemet (customer.number, eller billTo.number) i avtalet, hittade inget för ${named}; inget underlag är gjort. Lägg till det med npx serviceavtal change`,
    en: `expected the customer's number in the ERP (customer.number, or billTo.number) in the contract, found none for ${named}; no basis was made. Add it by npx serviceavtal change`,
  };
};

function month(text: string): string {
  if (!/^20\d\d-(0[1-9]|1[0-2])$/.test(text))
    throw new InvalidArgumentError(
      inWords({
        sv: `förväntade en månad som 2027-03, från år 2000 och framåt, hittade ”${text}”`,
        en: `expected a month as 2027-03, from the year 2000 on, found “${text}”`,
      }),
    );
  return text;
}
