/** `serviceavtal hours import`: time from a time system's file, by a profile of the rules. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import type { Command } from 'commander';
import type { ImportedTime, TimeImport } from '../../../activities/hours/import';
import { importHours } from '../../../activities/hours/import';
import { BilingualError } from '../../../rules/engine/basics/bilingual-error';
import { counted } from '../../../rules/engine/basics/counted';
import { localDateOf } from '../../../rules/engine/calendar/calendar';
import type { ImportProfile } from '../../../rules/engine/imports/profile';
import { inWords, spoken } from '../../basics/spoken';
import type { ReadTime } from '../../files/read-time-rows';
import { readProfileNamed, readTimeRows } from '../../files/read-time-rows';
import { readBytes } from '../../files/read-bytes';
import type { TextEncoding } from '../../files/read-table';
import { encodingOption } from '../../files/read-table';
import { FindingsError, inFolder } from '../../files/rule-files';
import { createProgressReporter, runStep, silentReporter } from '../../local/progress';
import { withStack } from '../../processes/with-stack';
import { readConfiguration } from '../../settings/configuration';
import type { CheckOptions } from '../findings-output';
import { languageOption, rulesOption, settled } from '../findings-output';
import { below } from '../help-words';
import { asJson, confirmed, reasonText, refuse, say, tell, whoever } from '../terminal';
import { asDocument, doneInWords, faultsOf, noneBooked, printImport, words } from './print-import';

interface Options extends CheckOptions {
  profile: string;
  encoding?: TextEncoding;
  approvedBy?: string;
  reason?: string;
  by?: string;
  dryRun?: boolean;
  yes?: boolean;
}

const help = {
  sv: `Profilen, rules/imports/NAMN.json, säger vilka kolumner filen har, hur den skriver datum och tid, vilka rader som hör
till vilket avtal, vilka som inte är våra, och vad en rad med minus betyder. Filen är CSV med , ; eller tabbar i UTF-8,
Windows-1252 eller CP850 (DOS), eller Unicode-text (UTF-16).

Först visas vad som skulle bokföras och på vilka timmar, och varje felaktig rad. Har någon rad fel bokförs inget. Samma
fil igen bokför inget; en rad som ändrats sedan sist rättar det den bokförde. En rad som inte finns kvar tas inte tillbaka.`,
  en: `The profile, rules/imports/NAME.json, says which columns the file has, how it writes dates and time, which rows are of
which agreement, which are not ours, and what a row below zero means. The file is CSV with , ; or tabs in UTF-8,
Windows-1252 or CP850 (DOS), or Unicode text (UTF-16).

First it shows what would be booked and on which hours, and every faulty row. With a fault in any row nothing is booked.
The same file again books nothing; a row that has changed since corrects what it booked. A row that is gone is not taken back.`,
};

export function registerImport(hours: Command): void {
  hours
    .command('import')
    .argument('<file>', 'CSV, or the Unicode text of Excel')
    .requiredOption('--profile <name>', 'how the file is read: rules/imports/<name>.json')
    .description("books time from a time system's file: all that is ours or nothing, and nothing twice")
    .option(
      '--approved-by <manager>',
      'who approves work of long ago, or of a year whose final statement has gone out',
    )
    .option('--reason <text>', 'why; it is kept', reasonText)
    .option('--by <name>', 'who imports it (you, as the system knows you)')
    .addOption(rulesOption())
    .addOption(encodingOption())
    .option('--dry-run', 'show what would be booked, and change nothing')
    .option('--yes', 'do not ask')
    .option('--json', 'print one document; asks nothing, so it takes --yes or --dry-run')
    .addOption(languageOption('what is shown'))
    .addHelpText(
      'after',
      below(help, 'hours import examples/imports/tidrapport.csv --profile tidrapport --dry-run'),
    )
    .action(importFile);
}

async function importFile(file: string, options: Options): Promise<void> {
  const { dryRun = false, yes = false, json = false, approvedBy, reason } = options;
  if (json && !yes && !dryRun) throw new BilingualError(needsYes);
  if (approvedBy !== undefined && reason === undefined) throw new BilingualError(needsReason);
  const profile = usableProfile(options);
  const bytes = readBytes(file);
  await withStack(readConfiguration(), async ({ db }) => {
    const asOf = new Date().toISOString();
    const log = json ? silentReporter : createProgressReporter();
    const read = await runStep(log, `${inWords(reading)} ${file}`, (step) =>
      readTimeRows(bytes, profile, localDateOf(asOf), {
        encoding: options.encoding,
        onProgress: (count) => step.update(counted(count, words[spoken()].rows)),
      }),
    );
    const about: TimeImport = {
      ...{ profile: options.profile, rows: read.rows, by: whoever(options.by), asOf },
      file: { name: path.basename(file), sha256: createHash('sha256').update(bytes).digest('hex') },
      ...(approvedBy !== undefined && { approvedBy }),
      ...(reason !== undefined && { reason }),
    };
    const run = (title: typeof looking, asked: TimeImport): Promise<ImportedTime> =>
      runStep(log, `${inWords(title)} ${counted(read.rows.length, words[spoken()].rows)}`, () =>
        importHours(db, asked),
      );
    const seen = await run(looking, { ...about, dryRun: true });
    const shown = { file, profile: options.profile, read, outcome: seen };
    const isFaulty = faultsOf(shown).length > 0;
    if (isFaulty) process.exitCode = 1;
    const mayBook = !isFaulty && !dryRun && seen.agreements.length > 0;
    if (!json) printImport(shown);
    if (!mayBook) return void (json ? say(asJson(asDocument(shown))) : say(noneBooked(shown, dryRun)));
    if (!yes && !(await confirmed(inWords(question)))) return void tell(inWords(unchanged));
    tellBooked({ ...shown, outcome: await run(booking, { ...about, asOf: new Date().toISOString() }) }, json);
  });
}

/** Tells what was booked, or what came in between since it was shown. */
function tellBooked(
  shown: { file: string; profile: string; read: ReadTime; outcome: ImportedTime },
  json: boolean,
): void {
  if (json) say(asJson(asDocument(shown)));
  else if (shown.outcome.done) say(doneInWords(shown.outcome));
  else printImport(shown);
  if (!shown.outcome.done) refuse(noneBooked(shown, false));
}

function usableProfile(options: Options): ImportProfile {
  const { rulesDir, language } = settled(options);
  const { profile, findings } = readProfileNamed(rulesDir, options.profile);
  if (!profile) throw new FindingsError(inFolder(findings, rulesDir), unusable[language], language);
  return profile;
}

const reading = { sv: 'Läser', en: 'Reading' };
const looking = { sv: 'Räknar på', en: 'Working out' };
const booking = { sv: 'Bokför', en: 'Booking' };
const question = { sv: 'Bokföra det?', en: 'Book it?' };
const unchanged = { sv: 'Inget är ändrat.', en: 'Nothing was changed.' };
const unusable = { sv: 'Profilen går inte att använda:', en: 'The profile cannot be used:' };
const needsYes = {
  sv: 'förväntade --yes eller --dry-run med --json: då ställs ingen fråga',
  en: 'expected --yes or --dry-run with --json, which asks nothing',
};
const needsReason = {
  sv: 'förväntade --reason med --approved-by: varför chefen godkänner det',
  en: 'expected --reason with --approved-by: why the manager approves it',
};
