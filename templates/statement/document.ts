/** An hour statement as a document of sections; `../documents` draws it. Pure. */
import { instantAt } from '../../rules/engine/calendar/calendar';
import type { Language } from '../../rules/engine/basics/text';
import type { Block, Cell, PrintedDocument, Section } from '../documents/document';
import { chartHint, hourBankChart } from '../documents/hour-chart';
import { dayBefore, formatShortDate } from '../words/dates';
import { label } from '../words/labels';
import { formatClock, formatClockInWords, formatDecimal, formatMoney, formatTime } from '../words/numbers';
import type { BalancedLine } from './account';
import { accountOf, curveOf } from './account';
import type { ChangedLine, StatementData, ToldHours } from './data';
import { lineName, statementWords } from './wording';

/** Puts a statement into words. */
export function statementDocument(data: StatementData, language: Language): PrintedDocument {
  const { agreement, customer, hours } = data;
  const words = statementWords[language];
  const heading = hours.told ? words.corrected : hours.final ? words.final : words.statement;
  const changes = hours.told?.changes ?? [];
  const sections: Section[] = [
    ...(hours.told ? [{ id: 'changed', title: words.changed, blocks: changeBlocks(data, language) }] : []),
    { id: 'balance', title: words.balance, blocks: balanceBlocks(hours, language) },
    { id: 'picture', title: words.picture, blocks: [chartOf(data, language)] },
    { id: 'ahead', title: words.ahead, blocks: aheadBlocks(hours, language) },
    { id: 'lines', title: words.lines, blocks: lineBlocks(data, language) },
  ];
  return {
    language,
    asOf: instantAt(hours.asOf, '12:00'),
    product: `${words.product} ${label('level', agreement.level, language)}`,
    title: words.title(heading, customer.name),
    heading,
    customer: customer.name,
    facts: factsOf(data, language),
    sections: sections.filter(({ id }) => id !== 'changed' || changes.length > 0),
    footer: `${customer.name} · ${agreement.number} · ${heading.toLowerCase()}`,
    page: words.page,
  };
}

function factsOf({ agreement, year, hours }: StatementData, language: Language): PrintedDocument['facts'] {
  const words = statementWords[language];
  const short = (on: string): string => formatShortDate(on, language);
  const { told, version } = hours;
  return [
    { label: words.agreement, value: agreement.number },
    {
      label: words.year,
      value: words.yearValue(year.number, short(year.from), short(dayBefore(year.to))),
    },
    { label: words.asOf, value: short(hours.asOf) },
    ...(version === undefined
      ? []
      : [
          {
            label: words.version,
            value: String(version),
            ...(told && { note: words.takesPlace(told.version, short(told.on)) }),
          },
        ]),
    {
      label: words.price,
      value: words.priceValue(formatMoney(hours.discountedRateMinor, hours.currency, language)),
    },
  ];
}

function balanceBlocks(hours: ToldHours, language: Language): Block[] {
  const { figures, beyond, ordered } = statementWords[language];
  const { waitingPriceMinor: price, currency } = hours;
  const amount = formatMoney(hours.overageAmountMinor, currency, language);
  const perHour = price === undefined ? undefined : formatMoney(price, currency, language);
  return [
    {
      kind: 'figures',
      items: [
        { label: figures.contracted, value: formatClock(hours.contracted) },
        ...(hours.rolledIn > 0 ? [{ label: figures.rolledIn, value: formatClock(hours.rolledIn) }] : []),
        ...(hours.added ? [{ label: figures.added, value: formatClock(hours.added) }] : []),
        { label: figures.used, value: formatClock(hours.used) },
        { label: figures.remaining, value: formatClock(hours.remaining) },
        ...(hours.overage > 0
          ? [{ label: figures.overage, value: formatClock(hours.overage), tone: 'bad' as const }]
          : []),
      ],
    },
    ...(hours.waiting ? [{ kind: 'text' as const, text: beyond(amount, perHour) }] : []),
    ...(hours.ordered
      ? [
          {
            kind: 'text' as const,
            text: ordered(
              formatClockInWords(hours.ordered, language),
              formatMoney(hours.orderedAmountMinor ?? 0, hours.currency, language),
            ),
          },
        ]
      : []),
  ];
}

function chartOf({ hours, year }: StatementData, language: Language): Block {
  const curve = curveOf(hours.lines ?? [], year);
  const asOf = instantAt(hours.asOf, '12:00');
  return {
    kind: 'chart',
    chart: hourBankChart({ hours: { ...hours, curve }, year, asOf }, language),
    hint: chartHint(language),
  };
}

/** What rolls over, what expires, and how long the hours last. */
function aheadBlocks(hours: ToldHours, language: Language): Block[] {
  const words = statementWords[language];
  const time = (centihours: number): string => formatClockInWords(centihours, language);
  const { rolledOut = 0, expired = 0, held = 0, addedLeft = 0, wouldRoll = 0, wouldExpire = 0 } = hours;
  const told = hours.final
    ? [
        ...endOf(hours, language),
        ...(rolledOut > 0 ? [words.rolls(time(rolledOut))] : []),
        ...(expired > 0
          ? [(hours.endedOn === undefined ? words.expires : words.expiredAtEnd)(time(expired))]
          : []),
        ...(held > 0 ? [words.held(time(held))] : []),
        ...(addedLeft > 0 ? [words.stays(time(addedLeft))] : []),
      ]
    : [
        ...(wouldRoll + wouldExpire > 0 ? [words.wouldRoll(time(wouldRoll), time(wouldExpire))] : []),
        ...(hours.lapsing && hours.lapsesOn
          ? [words.lapses(time(hours.lapsing), formatShortDate(hours.lapsesOn, language))]
          : []),
        ...(hours.usedUpOn ? [words.lasts(formatShortDate(hours.usedUpOn, language))] : []),
      ];
  if (told.length === 0) return [{ kind: 'empty', text: words.nothingLeft }];
  return told.map((text) => ({ kind: 'text', text }));
}

/** What an agreement's end makes of its hours. */
function endOf(hours: ToldHours, language: Language): string[] {
  const words = statementWords[language];
  const { endedOn, refunded = 0, refundMinor = 0, beyondPaid = 0, beyondPaidMinor = 0, currency } = hours;
  const inWords = (
    centihours: number,
    minor: number,
    say: (hours: string, amount: string) => string,
  ): string[] =>
    centihours > 0
      ? [say(formatClockInWords(centihours, language), formatMoney(minor, currency, language))]
      : [];
  return [
    ...(endedOn === undefined ? [] : [words.ended(formatShortDate(endedOn, language))]),
    ...inWords(refunded, refundMinor, words.refunded),
    ...inWords(beyondPaid, beyondPaidMinor, words.beyondPaid),
  ];
}

function lineBlocks({ hours, year }: StatementData, language: Language): Block[] {
  const words = statementWords[language];
  const account = accountOf(hours.lines ?? [], year);
  const opening: Cell[] = [
    { text: '' },
    { text: formatShortDate(year.from, language) },
    { text: words.opening, strong: true },
    { text: '' },
    { text: '' },
    { text: '' },
    { text: formatTime(account.opening), strong: true },
  ];
  return [
    {
      kind: 'table',
      caption: words.lines,
      columns: [
        { title: words.number, share: 6 },
        { title: words.day, share: 14 },
        { title: words.what, share: 36 },
        { title: words.time, share: 11, align: 'right' },
        { title: words.hours, share: 10, align: 'right' },
        { title: words.pricePerHour, share: 12, align: 'right' },
        { title: words.left, share: 11, align: 'right' },
      ],
      rows: [opening, ...account.lines.map((line) => lineCells(line, hours.currency, language))],
    },
    { kind: 'text', text: words.excludingVat },
  ];
}

function lineCells(line: BalancedLine, currency: string, language: Language): Cell[] {
  const { seconds, reported, included, asked, prices = [], amountMinor, left } = line;
  const words = statementWords[language];
  return [
    ...firstCells(
      line,
      [
        reported === undefined
          ? undefined
          : (included ? words.included : words.reported)(formatTime(reported)),
        amountMinor === undefined ? undefined : formatMoney(amountMinor, currency, language),
        asked === undefined ? undefined : words.asked(formatShortDate(asked, language)),
      ],
      language,
    ),
    { text: formatTime(seconds) },
    { text: formatDecimal(seconds / 3600, language).replace('-', '−'), tone: 'muted' },
    { text: prices.map((price) => plainMoney(price, currency, language)).join(' / '), tone: 'muted' },
    { text: formatTime(left) },
  ];
}

/** The number, the day and the name of a line, with who did it, what was written, and what else is known of it. */
function firstCells(
  { number, on, kind, by, note }: Pick<BalancedLine, 'number' | 'on' | 'kind' | 'by' | 'note'>,
  more: readonly (string | undefined)[],
  language: Language,
): Cell[] {
  const about = [by, note, ...more].filter((each) => each !== undefined);
  return [
    { text: number === undefined ? '' : String(number) },
    { text: formatShortDate(on, language) },
    { text: lineName(kind, language), ...(about.length > 0 && { note: about.join(' · ') }) },
  ];
}

/** An amount without its currency, which the column names. */
const plainMoney = (minor: number, currency: string, language: Language): string =>
  formatMoney(minor, currency, language)
    .replace(/[^\d.,\u00a0]/g, '')
    .trim();

function changeBlocks({ hours }: StatementData, language: Language): Block[] {
  const words = statementWords[language];
  const { told } = hours;
  const changes = told?.changes ?? [];
  const time = (seconds: number | undefined): Cell =>
    seconds === undefined ? { text: words.noLine, tone: 'muted' } : { text: formatTime(seconds) };
  const row = (line: ChangedLine): Cell[] => [
    ...firstCells(line, [], language),
    time(line.before),
    time(line.after),
  ];
  return [
    {
      kind: 'table',
      caption: words.changed,
      columns: [
        { title: words.number, share: 6 },
        { title: words.day, share: 16 },
        { title: words.what, share: 46 },
        { title: words.before, share: 16, align: 'right' },
        { title: words.now, share: 16, align: 'right' },
      ],
      rows: changes.map(row),
    },
    ...(told?.freed
      ? [{ kind: 'text' as const, text: words.freed(formatClockInWords(told.freed, language)) }]
      : []),
  ];
}
