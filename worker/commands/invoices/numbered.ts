/** `serviceavtal invoices numbered`: which invoices the ERP made of the bases. */
import type { Command } from 'commander';
import { reportNumbers } from '../../../activities/invoicing/numbers';
import type { NumberFault, ReportedNumber } from '../../../activities/invoicing/numbers';
import { expectedFound } from '../../../rules/engine/basics/text';
import { inWords, spoken } from '../../basics/spoken';
import { tellOnce } from '../../files/print-problems';
import { readDay } from '../../files/read-day';
import { encodingOption, readTable } from '../../files/read-table';
import { readBytes } from '../../files/read-bytes';
import type { TextEncoding } from '../../files/read-table';
import { withStack } from '../../processes/with-stack';
import { readConfiguration } from '../../settings/configuration';
import { languageOption } from '../findings-output';
import { below } from '../help-words';
import { asJson, say, tell, whoever } from '../terminal';

const columns = {
  basis: ['basis', 'underlag', 'underlagsnummer'],
  invoice: ['invoice', 'invoice number', 'faktura', 'fakturanr', 'fakturanummer'],
  invoicedOn: ['invoice date', 'date', 'datum', 'fakturadatum'],
} as const;

const help = {
  sv: `Filen har en rubrikrad och en rad per underlag: underlagsnummer;fakturanummer, och fakturadatum om ni vill. Allt tas eller inget. Samma fil igen ändrar inget; ett annat nummer eller datum för ett underlag som redan har ett tas inte, och inte ett nummer för två bolag.`,
  en: `The file has a header and one row for each basis: basis;invoice, and the invoice date if you like. All is taken or nothing. The same file again changes nothing; another number or date for a basis that has one is refused, as is one number for two companies.`,
};

interface Options {
  by?: string;
  dryRun?: boolean;
  json?: boolean;
  encoding?: TextEncoding;
}

export function registerNumbered(invoices: Command): void {
  invoices
    .command('numbered')
    .argument('<file>', 'a table: the basis and the number of its invoice')
    .description('keeps which invoices the ERP made of the bases; credit notes name them')
    .option('--by <name>', 'who reports it (you, as the system knows you)')
    .option('--dry-run', 'check, tell what would happen, and write nothing')
    .addOption(encodingOption())
    .option('--json', 'print one document')
    .addOption(languageOption('what is shown'))
    .addHelpText('after', below(help, 'invoices numbered fakturor.csv'))
    .action(report);
}

async function report(file: string, { by, dryRun = false, json = false, encoding }: Options): Promise<void> {
  const { numbers, faults } = await readNumbers(readBytes(file), encoding);
  if (faults.length > 0) return refuse(file, faults, json);
  await withStack(readConfiguration(), async ({ db }) => {
    const at = new Date().toISOString();
    const outcome = await reportNumbers(db, numbers, { by: whoever(by), at, dryRun });
    if ('faults' in outcome) return refuse(file, outcome.faults, json);
    const { added, known } = outcome;
    if (json) return void say(asJson({ reported: !dryRun, added, known }));
    say(
      inWords({
        sv: `${added} nya, ${known} redan rapporterade.${dryRun ? ' Inget skrevs (--dry-run).' : ''}`,
        en: `${added} new, ${known} reported before.${dryRun ? ' Nothing was written (--dry-run).' : ''}`,
      }),
    );
  });
}

/** What a table reports, with its lines. */
async function readNumbers(
  bytes: Buffer,
  encoding: TextEncoding | undefined,
): Promise<{ numbers: ReportedNumber[]; faults: NumberFault[] }> {
  const table = await readTable<keyof typeof columns>(bytes, columns, { encoding });
  if ('unreadable' in table) return { numbers: [], faults: [table.unreadable] };
  const absent = (['basis', 'invoice'] as const).filter((id) => !table.columns.has(id));
  if (absent.length > 0) {
    const named = absent.map((id) => (spoken() === 'sv' ? columns[id].at(-1) : columns[id][0])).join(', ');
    const none = { sv: 'ingen', en: 'none' };
    const expected = { sv: `kolumnen ${named}`, en: `the column ${named}` };
    return { numbers: [], faults: [{ line: table.header.line, message: expectedFound(expected, none) }] };
  }
  const read = table.rows.map(({ line, text, problem }): ReportedNumber | NumberFault => {
    if (problem) return problem;
    const [basis, invoice, day] = [text('basis').toUpperCase(), text('invoice'), text('invoicedOn')];
    const invoicedOn = day === '' ? undefined : readDay(day);
    if (basis === '' || invoice === '' || invoice.length > 40)
      return { line, message: expectedFound(bothNumbers, `"${basis}", "${invoice}"`) };
    if (day !== '' && invoicedOn === undefined)
      return {
        line,
        message: expectedFound({ sv: 'ett datum som 2027-03-15', en: 'a date as 2027-03-15' }, `"${day}"`),
      };
    return { line, basis, invoice, ...(invoicedOn !== undefined && { invoicedOn }) };
  });
  return {
    numbers: read.filter((one): one is ReportedNumber => 'basis' in one),
    faults: read.filter((one): one is NumberFault => 'message' in one),
  };
}

const bothNumbers = {
  sv: 'underlagets nummer och fakturans, högst 40 tecken',
  en: 'the number of the basis and that of its invoice, at most 40 characters',
};

function refuse(file: string, faults: readonly NumberFault[], json: boolean): void {
  process.exitCode = 1;
  if (json) {
    const problems = faults.map(({ line, message }) => ({
      line,
      message: message.en,
      messageSv: message.sv,
    }));
    return void say(asJson({ reported: false, added: 0, known: 0, problems }));
  }
  const told = faults.map(({ line, message }) => ({ file, line, text: `: ${inWords(message)}` }));
  for (const line of tellOnce(told, spoken())) tell(line);
  tell(inWords({ sv: 'Inget rapporterades.', en: 'Nothing was reported.' }));
}
