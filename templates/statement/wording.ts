/** The words of hour statements, in Swedish and English. */
import type { Language } from '../../rules/engine/basics/text';
import { label } from '../words/labels';

const kinds: Record<Language, Record<string, string>> = {
  sv: {
    contracted: 'Avtalade timmar',
    rolledIn: 'Överförda timmar',
    added: 'Köpta timmar, eller bjudna av oss',
    lapsed: 'Överförda timmar som upphörde',
    addedExpired: 'Köpta eller bjudna timmar som upphörde',
    beyond: 'Utöver timbanken, väntar på beställning',
    beyondApproved: 'Utöver timbanken, godkänt i förväg',
    beyondOrdered: 'Utöver timbanken, beställt',
    beyondAhead: 'Tas från nästa avtalsår',
    beyondWaived: 'Utöver timbanken, debiteras inte',
    ahead: 'Använda redan förra avtalsåret',
    rolledOut: 'Överförs till nästa avtalsår',
    refunded: 'Återbetalas',
    held: 'Hålls kvar för er fråga',
    expired: 'Upphör',
    correction: 'Rättelse',
  },
  en: {
    contracted: 'Contracted hours',
    rolledIn: 'Hours brought over',
    added: 'Hours bought, or on us',
    lapsed: 'Hours brought over that expired',
    addedExpired: 'Hours bought, or on us, that expired',
    beyond: 'Beyond the hour bank, waits for an order',
    beyondApproved: 'Beyond the hour bank, approved in advance',
    beyondOrdered: 'Beyond the hour bank, ordered',
    beyondAhead: 'Taken from the next year',
    beyondWaived: 'Beyond the hour bank, not charged',
    ahead: 'Used in the year before',
    rolledOut: 'Rolled over to the next year',
    refunded: 'Refunded',
    held: 'Kept for your question',
    expired: 'Expired',
    correction: 'Correction',
  },
};

/**
 * What a line of a statement is called.
 * @param kind a kind of work, or what happened to hours
 * @example lineName('rolledOut', 'en') // 'Rolled over to the next year'
 */
export const lineName = (kind: string, language: Language): string =>
  kinds[language][kind] ?? label('hourKind', kind, language);

interface Words {
  product: string;
  statement: string;
  final: string;
  corrected: string;
  title: (what: string, customer: string) => string;
  agreement: string;
  year: string;
  yearValue: (number: number, from: string, to: string) => string;
  asOf: string;
  version: string;
  takesPlace: (version: number | undefined, on: string) => string;
  price: string;
  priceValue: (price: string) => string;
  changed: string;
  day: string;
  number: string;
  what: string;
  time: string;
  hours: string;
  pricePerHour: string;
  left: string;
  before: string;
  now: string;
  noLine: string;
  balance: string;
  figures: Record<'contracted' | 'rolledIn' | 'added' | 'used' | 'remaining' | 'overage', string>;
  picture: string;
  lines: string;
  opening: string;
  reported: (time: string) => string;
  included: (time: string) => string;
  beyond: (amount: string, price?: string) => string;
  ordered: (hours: string, amount: string) => string;
  ahead: string;
  rolls: (hours: string) => string;
  expires: (hours: string) => string;
  stays: (hours: string) => string;
  held: (hours: string) => string;
  asked: (on: string) => string;
  expiredAtEnd: (hours: string) => string;
  ended: (on: string) => string;
  refunded: (hours: string, amount: string) => string;
  beyondPaid: (hours: string, amount: string) => string;
  nothingLeft: string;
  wouldRoll: (rolls: string, expires: string) => string;
  lapses: (hours: string, on: string) => string;
  lasts: (on: string) => string;
  freed: (hours: string) => string;
  excludingVat: string;
  page: (page: number, of: number) => string;
}

const sv: Words = {
  product: 'Serviceavtal',
  statement: 'Timbanksbesked',
  final: 'Slutbesked för timbanken',
  corrected: 'Rättat slutbesked för timbanken',
  title: (what, customer) => `${what}, ${customer}`,
  agreement: 'Avtal',
  year: 'Avtalsår',
  yearValue: (number, from, to) => `${number}: ${from} – ${to}`,
  asOf: 'Till och med',
  version: 'Version',
  takesPlace: (version, on) =>
    version === undefined ? `ersätter beskedet från ${on}` : `ersätter version ${version} från ${on}`,
  price: 'Timpris',
  priceValue: (price) => `${price} per timme i timbanken, exkl. moms`,
  changed: 'Det här har ändrats',
  day: 'Dag',
  number: 'Nr',
  what: 'Vad',
  time: 'Tid',
  hours: 'Timmar',
  pricePerHour: 'Pris/tim',
  left: 'Kvar',
  before: 'Förut',
  now: 'Nu',
  noLine: 'ingen rad',
  balance: 'Saldo',
  figures: {
    contracted: 'avtalade',
    rolledIn: 'överförda',
    added: 'köpta eller bjudna',
    used: 'använda',
    remaining: 'kvar',
    overage: 'utöver banken',
  },
  picture: 'Året i bild',
  lines: 'Rad för rad',
  opening: 'Ingående saldo',
  reported: (time) => `rapporterat ${time}`,
  included: (time) => `${time} som ingår i avtalet`,
  beyond: (amount, price) =>
    `Timmar utöver timbanken väntar på er beställning och debiteras inte innan dess. Enligt avtalet kostar de sammanlagt ${amount} exkl. moms${price === undefined ? '' : ` (${price} per timme)`}.`,
  ordered: (hours, amount) =>
    `${hours} utöver timbanken är beställda eller godkända i förväg: ${amount} exkl. moms.`,
  ahead: 'Vad som händer med timmarna',
  rolls: (hours) => `${hours} följer med till nästa avtalsår, utan att ni behöver göra något.`,
  expires: (hours) => `${hours} kunde inte föras över och upphör.`,
  expiredAtEnd: (hours) => `${hours} upphörde med avtalet.`,
  stays: (hours) => `${hours} av de köpta eller bjudna kan användas nästa avtalsår också.`,
  held: (hours) => `${hours} är kvar för er fråga om en rad och kan användas efter att den är besvarad.`,
  asked: (on) => `fråga från er ${on}, ännu inte besvarad`,
  ended: (on) => `Avtalet upphörde ${on}.`,
  refunded: (hours, amount) => `${hours} återbetalas: ${amount} exkl. moms.`,
  beyondPaid: (hours, amount) =>
    `${hours} har använts utöver de delbetalningar som förfallit: ${amount} exkl. moms.`,
  nothingLeft: 'Inga timmar är kvar att föra över.',
  wouldRoll: (rolls, expires) =>
    `Om inga fler timmar används före avtalsårets slut förs ${rolls} över till nästa avtalsår, och ${expires} upphör.`,
  lapses: (hours, on) => `${hours} som förts över från förra avtalsåret upphör ${on} om de inte används.`,
  lasts: (on) => `I den här takten räcker timmarna till omkring ${on}.`,
  freed: (hours) => `${hours} upphörde medan felet stod kvar; om ni får tillbaka dem avgörs särskilt.`,
  excludingVat: 'Alla priser är exkl. moms.',
  page: (page, of) => `Sida ${page} av ${of}`,
};

const en: Words = {
  product: 'Service agreement',
  statement: 'Hour bank statement',
  final: 'Final statement of the hour bank',
  corrected: 'Corrected final statement of the hour bank',
  title: (what, customer) => `${what}, ${customer}`,
  agreement: 'Agreement',
  year: 'Agreement year',
  yearValue: (number, from, to) => `${number}: ${from} – ${to}`,
  asOf: 'Up to and including',
  version: 'Version',
  takesPlace: (version, on) =>
    version === undefined
      ? `takes the place of the statement of ${on}`
      : `takes the place of version ${version} of ${on}`,
  price: 'Hourly price',
  priceValue: (price) => `${price} for an hour of the bank, excl. VAT`,
  changed: 'What has changed',
  day: 'Day',
  number: 'No.',
  what: 'What',
  time: 'Time',
  hours: 'Hours',
  pricePerHour: 'Per hour',
  left: 'Left',
  before: 'Before',
  now: 'Now',
  noLine: 'no line',
  balance: 'Balance',
  figures: {
    contracted: 'contracted',
    rolledIn: 'brought over',
    added: 'bought, or on us',
    used: 'used',
    remaining: 'left',
    overage: 'beyond the bank',
  },
  picture: 'The year in a picture',
  lines: 'Line by line',
  opening: 'Opening balance',
  reported: (time) => `reported ${time}`,
  included: (time) => `${time} that the agreement includes`,
  beyond: (amount, price) =>
    `Hours beyond the hour bank wait for your order and are not charged before that. By the agreement they cost ${amount} excl. VAT in all${price === undefined ? '' : ` (${price} an hour)`}.`,
  ordered: (hours, amount) =>
    `${hours} beyond the hour bank are ordered, or approved in advance: ${amount} excl. VAT.`,
  ahead: 'What happens to the hours',
  rolls: (hours) => `${hours} will follow to the next agreement year, without your having to do anything.`,
  expires: (hours) => `${hours} could not be carried over and expire.`,
  expiredAtEnd: (hours) => `${hours} expired with the agreement.`,
  stays: (hours) => `${hours} of those bought, or on us, can be used in the next agreement year too.`,
  held: (hours) => `${hours} are kept for your question about a line and can be used after it is answered.`,
  asked: (on) => `asked about on ${on}, not answered yet`,
  ended: (on) => `The agreement ended on ${on}.`,
  refunded: (hours, amount) => `${hours} are refunded: ${amount} excl. VAT.`,
  beyondPaid: (hours, amount) =>
    `${hours} were used beyond the instalments that were due: ${amount} excl. VAT.`,
  nothingLeft: 'No hours are left to carry over.',
  wouldRoll: (rolls, expires) =>
    `If no more hours are used before the agreement year ends, ${rolls} follow to the next one, and ${expires} expire.`,
  lapses: (hours, on) => `${hours} brought over from last year expire on ${on} if they are not used.`,
  lasts: (on) => `At this pace the hours last until about ${on}.`,
  freed: (hours) => `${hours} expired while the mistake stood; whether you get them back is decided apart.`,
  excludingVat: 'All prices are excl. VAT.',
  page: (page, of) => `Page ${page} of ${of}`,
};

export const statementWords: Record<Language, Words> = { sv, en };
