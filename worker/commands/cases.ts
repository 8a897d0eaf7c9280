/** `serviceavtal cases`: support cases from the help desk's files, for the agenda of the next meeting. */
import type { Command } from 'commander';
import { findAgreement } from '../../activities/agreements/agreements';
import type { ImportSummary, SupportCase } from '../../activities/agreements/support-cases';
import { caseOwners, importSupportCases, listSupportCases } from '../../activities/agreements/support-cases';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import { BilingualError } from '../../rules/engine/basics/bilingual-error';
import { counted } from '../../rules/engine/basics/counted';
import type { Language } from '../../rules/engine/basics/text';
import { formatHours } from '../../templates/words/numbers';
import { noAgreement } from '../../templates/words/no-agreement';
import { inWords, spoken } from '../basics/spoken';
import { readConfiguration } from '../settings/configuration';
import { createProgressReporter, runStep } from '../local/progress';
import type { ReadCases } from './cases/read-support-cases';
import { caseCategories, caseColumns, caseStates, readSupportCases } from './cases/read-support-cases';
import { tellOnce } from '../files/print-problems';
import { readBytes } from '../files/read-bytes';
import type { TextEncoding } from '../files/read-table';
import { columnNamed, encodingOption, encodingTold } from '../files/read-table';
import { agreementNumber, asJson, say, tell } from './terminal';
import { withStack } from '../processes/with-stack';
import { languageOption } from './findings-output';
import { below } from './help-words';

interface ImportOptions {
  dryRun?: boolean;
  skipBad?: boolean;
  json?: boolean;
  language?: Language;
  encoding?: TextEncoding;
}

/** Most problems shown on the terminal; `--json` has all. */
const maxShown = 50;

const rows = { sv: ['rad', 'rader'], en: ['row', 'rows'] } as const;
const casesOf = { sv: ['ärende', 'ärenden'], en: ['case', 'cases'] } as const;

const namesOf = (names: Record<string, readonly string[]>): string =>
  Object.values(names)
    .map((each) => `    ${[...new Set(each)].join(', ')}`.replace(/(?=.{111}).{1,110},(?= )/g, '$&\n   '))
    .join('\n');

const help = {
  sv: `Filen har en rubrikrad och ett ärende per rad, som Excel sparar den: CSV med , ; eller tabbar i UTF-8, Windows-1252
eller CP850 (DOS), eller Unicode-text (UTF-16); --encoding anger vilket där bokstäverna inte visar det. Kolumner, i
valfri ordning och under vilket som helst av namnen:
${namesOf(caseColumns)}
Referens, avtal eller kund (id eller namn), öppnat, rubrik och kategori behövs; kolumner med andra namn lämnas därhän.
Ett ärende för en kund hör till vart och ett av kundens löpande avtal. Datum skrivs 2027-03-15, också med tid och
tidszon (2027-03-15 14:05:30 +01:00); timmar 1,5 eller 1.5 eller 1:30.
  kategori:
${namesOf(caseCategories)}
  läge (är det tomt: öppet, eller stängt där det finns ett datum för det):
${namesOf(caseStates)}`,
  en: `The file has a header and one case a row, as Excel saves it: CSV with , ; or tabs in UTF-8, Windows-1252 or
CP850 (DOS), or Unicode text (UTF-16); --encoding names it where its letters do not tell. Columns, in any order and by
any of these names:
${namesOf(caseColumns)}
Needed are reference, agreement or customer (id or name), opened, title and category; others are left out of account.
A case of a customer belongs to each of its agreements that goes on. Dates are written 2027-03-15, also with
a time and a zone (2027-03-15 14:05:30 +01:00); hours 1,5 or 1.5 or 1:30.
  category:
${namesOf(caseCategories)}
  status (open, or closed where it has a date, if left empty):
${namesOf(caseStates)}`,
};

export function registerCases(program: Command): void {
  const cases = program.command('cases').description("support cases, told on the next meeting's agenda");
  cases
    .command('import')
    .argument('<file>', 'CSV, or the Unicode text of Excel')
    .description('imports cases, all or none; a known reference is brought up to date')
    .option('--dry-run', 'check, tell what would happen, and write nothing')
    .option('--skip-bad', 'import the rows without fault, although others have some')
    .addOption(encodingOption())
    .option('--json', 'print one document')
    .addOption(languageOption())
    .addHelpText('after', below(help, 'cases import arenden.csv --dry-run'))
    .action(importFile);
  cases
    .command('list', { isDefault: true })
    .argument('[agreement]', "an agreement's number; all without it", agreementNumber)
    .description('cases that were imported, the newest first')
    .option('--json', 'print one document')
    .addOption(languageOption('what is shown'))
    .action(async (number: string | undefined, { json }: { json?: boolean }) => {
      await withStack(readConfiguration(), async ({ db }) => {
        if (number !== undefined && !(await findAgreement(db, number)))
          throw new BilingualError(noAgreement(number));
        const found = await listSupportCases(db, number);
        if (json) return void say(asJson(found));
        if (found.length === 0)
          say(
            inWords({
              sv: 'Inga supportärenden har importerats.',
              en: 'No support cases have been imported.',
            }),
          );
        for (const each of found) say(listed(each));
      });
    });
}

const said = {
  category: {
    incident: { sv: 'fel', en: 'incident' },
    question: { sv: 'fråga', en: 'question' },
    request: { sv: 'beställning', en: 'request' },
    other: { sv: 'övrigt', en: 'other' },
  },
  state: {
    open: { sv: 'öppet', en: 'open' },
    waiting: { sv: 'väntar', en: 'waiting' },
    closed: { sv: 'stängt', en: 'closed' },
  },
} as const;

function listed(each: SupportCase): string {
  const { agreement, reference, title, openedOn, closedOn, hours } = each;
  const [category, state] = [inWords(said.category[each.category]), inWords(said.state[each.state])];
  const spent = hours === null ? '' : `, ${formatHours(hours, spoken())} h`;
  return `${openedOn}  ${agreement}  ${reference}  ${title} (${category}, ${state}${closedOn === null ? '' : ` ${closedOn}`}${spent})`;
}

async function importFile(file: string, options: ImportOptions): Promise<void> {
  const configuration = readConfiguration();
  const language = options.language ?? configuration.staffLanguage;
  const bytes = readBytes(file);
  await withStack(configuration, async ({ db }) => {
    const today = localDateOf(new Date().toISOString());
    const log = createProgressReporter();
    const owners = await caseOwners(db);
    const read = await runStep(log, inWords({ sv: `Läser ${file}`, en: `Reading ${file}` }), (step) =>
      readSupportCases(bytes, file, owners, today, {
        encoding: options.encoding,
        onProgress: (count) => step.update(counted(count, rows[spoken()])),
      }),
    );
    const refused = read.unreadable || (read.problems.length > 0 && !options.skipBad);
    if (refused) process.exitCode = 1;
    const summary = refused
      ? undefined
      : await runStep(
          log,
          `${inWords({ sv: 'Importerar', en: 'Importing' })} ${counted(read.cases.length, casesOf[spoken()])}`,
          (step) =>
            importSupportCases(db, read.cases, {
              dryRun: options.dryRun ?? false,
              onProgress: (done) => step.update(counted(done, casesOf[spoken()]), done / read.cases.length),
            }),
        );
    if (options.json) say(asJson(asDocument(read, summary, options)));
    else print(file, read, summary, options, language);
  });
}

function asDocument(
  { encoding, cases, problems }: ReadCases,
  summary: ImportSummary | undefined,
  { dryRun = false }: ImportOptions,
): object {
  return {
    imported: summary !== undefined && !dryRun,
    dryRun,
    encoding,
    good: cases.length,
    ...summary,
    problems: problems.map(({ line, column, message }) => ({
      line,
      ...(column && { column }),
      message: message.en,
      messageSv: message.sv,
    })),
  };
}

function print(
  file: string,
  { encoding, cases, problems }: ReadCases,
  summary: ImportSummary | undefined,
  { dryRun }: ImportOptions,
  language: Language,
): void {
  const sv = language === 'sv';
  const lines = tellOnce(
    problems.map(({ line, column, message }) => ({
      file,
      line,
      text: `: ${column === undefined ? '' : `${columnNamed(Object.values(caseColumns), column, language)}: `}${message[language]}`,
    })),
    language,
  );
  for (const line of lines.slice(0, maxShown)) tell(line);
  const more = lines.length - maxShown;
  if (more > 0)
    tell(
      sv
        ? `… och ${more} fel till; --json visar alla`
        : `… and ${counted(more, ['more problem', 'more problems'])}; --json shows all`,
    );
  const readAs = encodingTold(encoding);
  if (readAs) say(readAs[language]);
  if (!summary) {
    const hint =
      cases.length > 0 ? (sv ? ' --skip-bad importerar övriga.' : ' --skip-bad imports the others.') : '';
    tell(
      (sv
        ? `Inget importerades: ${problems.length} fel.`
        : `Nothing was imported: ${counted(problems.length, ['problem', 'problems'])}.`) + hint,
    );
    return;
  }
  const { added, updated, unchanged } = summary;
  const left = new Set(problems.map(({ line }) => line)).size;
  const counts = sv
    ? `${counted(added, ['nytt', 'nya'])}, ${counted(updated, ['uppdaterat', 'uppdaterade'])}, ` +
      `${counted(unchanged, ['oförändrat', 'oförändrade'])}` +
      `${left > 0 ? `, ${counted(left, ['utelämnat', 'utelämnade'])}` : ''}.`
    : `${added} new, ${updated} updated, ${unchanged} unchanged${left > 0 ? `, ${left} left out` : ''}.`;
  const nothing = sv ? ' Inget skrevs (--dry-run).' : ' Nothing was written (--dry-run).';
  say(`${counts}${dryRun ? nothing : ''}`);
}
