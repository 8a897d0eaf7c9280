/** What `serviceavtal invoices` shows of a month. */
import type { MadeUpMonth } from '../../../activities/invoicing/issue';
import { sum } from '../../../rules/engine/basics/sum';
import type { Language } from '../../../rules/engine/basics/text';
import { billingProblems } from '../../../rules/engine/invoicing/billed-to';
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
  },
};

export function printMonth(month: string, { bases, fresh, failed }: MadeUpMonth, language: Language): void {
  const word = words[language];
  for (const { agreement, reason } of failed) tell(word.failed(agreement, reason[language]));
  say(word.title(month));
  if (bases.length === 0) return void say(word.none);
  for (const warning of new Set(warningsOf(bases, language))) tell(warning);
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

/** What e-invoices of bases would be refused for. */
const warningsOf = (bases: readonly InvoiceBasis[], language: Language): string[] =>
  bases.flatMap(({ agreement, billTo }) =>
    billingProblems(billTo).map(({ message }) => `${agreement}: ${message[language]}`),
  );

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
