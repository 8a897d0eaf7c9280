/** What `serviceavtal invoices` shows of a month. */
import type { MadeUpMonth } from '../../../activities/invoicing/issue';
import { sum } from '../../../rules/engine/basics/sum';
import type { Language } from '../../../rules/engine/basics/text';
import { timeText } from '../../../templates/invoice-words';
import type { InvoiceBasis } from '../../../templates/invoice-words';
import { formatMoney } from '../../../templates/words/numbers';
import { say, tell } from '../terminal';

const words = {
  sv: {
    title: (month: string) => `Fakturaunderlag ${month}, belopp exkl. moms`,
    none: 'Inget att fakturera.',
    invoice: 'Faktura',
    credit: 'Kreditnota',
    of: 'av',
    invoiced: 'faktura',
    new: 'nytt',
    sum: 'Summa',
    failed: (agreement: string, reason: string) => `${agreement}: inget underlag kunde göras: ${reason}`,
    noReference: (agreement: string) => `${agreement}: er referens saknas; en e-faktura utan den avvisas`,
  },
  en: {
    title: (month: string) => `Invoice basis ${month}, amounts excl. VAT`,
    none: 'Nothing to invoice.',
    invoice: 'Invoice',
    credit: 'Credit note',
    of: 'of',
    invoiced: 'invoice',
    new: 'new',
    sum: 'Sum',
    failed: (agreement: string, reason: string) => `${agreement}: no basis could be made: ${reason}`,
    noReference: (agreement: string) =>
      `${agreement}: there is no reference of the buyer; an e-invoice without it is refused`,
  },
};

export function printMonth(month: string, { bases, fresh, failed }: MadeUpMonth, language: Language): void {
  const word = words[language];
  for (const { agreement, reason } of failed) tell(word.failed(agreement, reason[language]));
  say(word.title(month));
  if (bases.length === 0) return void say(word.none);
  for (const agreement of new Set(unreferenced(bases))) tell(word.noReference(agreement));
  for (const basis of bases) {
    say('');
    say(headOf(basis, fresh.includes(basis.number), language));
    for (const row of basis.rows) {
      const amount = formatMoney(row.amountMinor, basis.currency, language);
      say(`  ${row.row}  ${row.text}`);
      say(`     ${timeText(row, basis.currency, language)} = ${amount}`);
    }
  }
  say('');
  for (const currency of [...new Set(bases.map((basis) => basis.currency))].sort()) {
    const amounts = bases.filter((basis) => basis.currency === currency).map(totalOf);
    say(`${word.sum} ${formatMoney(sum(amounts), currency, language)}`);
  }
}

/** Agreements whose invoices name no reference of the buyer's: an e-invoice without it is refused. */
const unreferenced = (bases: readonly InvoiceBasis[]): string[] =>
  bases.flatMap(({ agreement, billTo }) => (billTo.reference === undefined ? [agreement] : []));

const totalOf = ({ rows }: InvoiceBasis): number => sum(rows.map(({ amountMinor }) => amountMinor));

function headOf(basis: InvoiceBasis, isNew: boolean, language: Language): string {
  const { number, agreement, credits, invoice, billTo, currency } = basis;
  const word = words[language];
  const credited = credits && [credits.basis, ...(credits.invoice ? [`(${credits.invoice})`] : [])].join(' ');
  return [
    ...[number, credited === undefined ? word.invoice : `${word.credit} ${word.of} ${credited}`],
    ...[`${billTo.name} (${agreement})`, formatMoney(totalOf(basis), currency, language)],
    ...(invoice === undefined ? [] : [`${word.invoiced} ${invoice}`]),
    ...(isNew ? [word.new] : []),
  ].join('  ');
}
