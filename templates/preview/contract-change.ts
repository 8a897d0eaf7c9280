/** Differences between two contracts as people read them: hours and money with their units. Pure. */
import type { ContractChange } from '../../rules/engine/contract/change-contract';
import type { Language, Text } from '../../rules/engine/basics/text';
import { formatDate } from '../words/dates';
import { label } from '../words/labels';
import { formatHoursWithUnit, formatMoney } from '../words/numbers';
import { showValue } from './document';

const names: Record<string, Text> = {
  level: { sv: 'nivå', en: 'level' },
  signedOn: { sv: 'signerat', en: 'signed' },
  startsOn: { sv: 'börjar', en: 'begins' },
  'customer.name': { sv: 'kundens namn', en: "the customer's name" },
  'customer.orgNumber': { sv: 'organisationsnummer', en: 'registration number' },
  'customer.language': { sv: 'kundens språk', en: "the customer's language" },
  'hourBank.hours': { sv: 'timmar per år', en: 'hours a year' },
  'hourBank.hourlyRate': { sv: 'timpris före rabatt', en: 'price per hour before discount' },
  'hourBank.discountPercent': { sv: 'rabatt', en: 'discount' },
  'hourBank.currency': { sv: 'valuta', en: 'currency' },
  'contacts.consultant.name': { sv: 'dedikerad konsult', en: 'dedicated consultant' },
  'contacts.manager.name': { sv: 'ansvarig chef', en: 'manager' },
};

/** Hundredths, exact for what a contract may hold: at most two decimals. */
const hundredths = (value: number): number => Math.round(value * 100);

function shown(path: string, value: unknown, currency: string, language: Language): string {
  if (typeof value === 'number') {
    if (path === 'hourBank.hours') return formatHoursWithUnit(hundredths(value), language);
    if (path === 'hourBank.hourlyRate') return formatMoney(hundredths(value), currency, language);
    if (path === 'hourBank.discountPercent')
      return language === 'sv' ? `${String(value).replace('.', ',')} %` : `${value}%`;
  }
  if (typeof value === 'string') {
    if (path === 'level') return label('level', value, language);
    if (/^\d{4}-\d{2}-\d{2}$/.test(value) && path.endsWith('On')) return formatDate(value, language);
  }
  return showValue(value, language);
}

/**
 * One difference in words.
 * @param currencies of the hour bank before and after
 */
export function contractChangeWords(
  { path, from, to }: Pick<ContractChange, 'path' | 'from' | 'to'>,
  currencies: { from: string; to: string },
): { path: string; what?: Text; from: Text; to: Text } {
  const what = names[path];
  const inBothLanguages = (value: unknown, currency: string): Text => ({
    sv: shown(path, value, currency, 'sv'),
    en: shown(path, value, currency, 'en'),
  });
  return {
    path,
    ...(what && { what }),
    from: inBothLanguages(from, currencies.from),
    to: inBothLanguages(to, currencies.to),
  };
}
