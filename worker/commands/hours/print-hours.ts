/** What `serviceavtal hours` shows: a year's hours on a day, entry by entry, and on which hours each drew. */
import type { HourFacts } from '../../../activities/hours/facts';
import { burn, hoursOfYear } from '../../../activities/hours/facts';
import { changesOf } from '../../../activities/hours/lines';
import type { Transaction } from '../../../activities/hours/postings';
import { sum } from '../../../rules/engine/basics/sum';
import type { Language } from '../../../rules/engine/basics/text';
import { localDateOf } from '../../../rules/engine/calendar/calendar';
import { addDays } from '../../../rules/engine/calendar/dates';
import type { LocalDate } from '../../../rules/engine/contract/contract';
import type { Draw, Grant, GrantEnd } from '../../../rules/engine/hours/burn-down';
import { questionsOf } from '../../../rules/engine/hours/questions';
import type { LineQuestion } from '../../../rules/engine/hours/questions';
import type { HourEntry } from '../../../rules/engine/hours/entries';
import type { Cover, CoveredDraw } from '../../../rules/engine/hours/orders';
import type { Account } from '../../../rules/engine/hours/postings';
import { label } from '../../../templates/words/labels';
import { formatMoney, formatTime } from '../../../templates/words/numbers';

/** What somebody asks about. */
interface Asked {
  agreement: string;
  /** Of its prices. */
  currency: string;
  /** The day the hours stand on, and the instant at which that was known, if it was asked for. */
  on: LocalDate;
  knownAt?: string;
}

/** A year's hours in whole seconds. */
export interface HoursShown extends Asked {
  year: number;
  from: LocalDate;
  to: LocalDate;
  contracted: number;
  rolledIn: number;
  added: number;
  lapsed: number;
  used: number;
  remaining: number;
  overage: number;
  rolledOut: number;
  expired: number;
  refunded: number;
  held: number;
  entries: ShownEntry[];
  grants: ShownGrant[];
  /** What was posted about the year, or in it, in the order of recording. */
  transactions: Transaction[];
}

export interface ShownEntry {
  number: number;
  action: HourEntry['action'];
  /** The number of what a correction or an undo is about. */
  about?: number;
  on: LocalDate;
  recordedAt: string;
  reported: number;
  billable: number;
  kind?: string;
  by?: string;
  ref?: string;
  note?: string;
  /** Questions about the line, in their order. */
  questions?: { number: number; on: LocalDate; answeredOn?: LocalDate }[];
  /** Of an entry that took hours back because they were moved: the agreement, and the entry there. */
  movedTo?: string;
  /** What it draws on as everything stands now; without a grant it goes beyond the bank. */
  draws: (Omit<CoveredDraw, 'use'> & { /** Number of the order that answers for it. */ order?: number })[];
}

export interface ShownGrant extends Pick<Grant, 'id' | 'kind' | 'seconds' | 'from' | 'expires'> {
  used: number;
  rolled: number;
  expired: number;
  left: number;
}

/** Gathers a year's hours as they stand on a day; nothing where the year is not planned. */
export function gatherHours(
  asked: Asked,
  facts: HourFacts,
  transactions: readonly Transaction[],
  year: number,
  moves: ReadonlyMap<string, string> = new Map(),
): HoursShown | undefined {
  const { on } = asked;
  const period = facts.periods.find(({ number }) => number === year);
  const hours = hoursOfYear(facts, year, on);
  if (!period || !hours) return undefined;
  const burned = burn(facts, on);

  const numbers = new Map(facts.entries.map(({ id, number }) => [id, number]));
  const questions = questionsOf(facts.entries);
  const entries = changesOf(facts, year)
    .filter((change) => change.on <= on)
    .map(({ entry, use, on: day, reported, billable }): ShownEntry => {
      const about = entry.target === undefined ? undefined : numbers.get(entry.target);
      return {
        ...{ number: entry.number, action: entry.action, on: day, recordedAt: entry.recordedAt },
        ...{ reported, billable },
        ...(about !== undefined && { about }),
        ...(use.service !== undefined && { kind: use.service }),
        ...(entry.by !== undefined && { by: entry.by }),
        ...(entry.ref !== undefined && { ref: entry.ref }),
        ...(entry.note !== undefined && { note: entry.note }),
        ...askedAbout(questions.filter((one) => one.use.id === entry.id)),
        ...(moves.has(entry.id) && { movedTo: moves.get(entry.id)! }),
        draws:
          entry.action === 'use'
            ? burned.draws.filter((draw) => draw.use === entry.id).map((draw) => withoutUse(draw, numbers))
            : [],
      };
    });
  return {
    ...asked,
    ...{ year, from: period.from, to: period.to },
    ...hours,
    entries,
    grants: grantsOf(burned.grants, burned.draws, burned.ends, burned.left).filter(
      ({ from, expires }) => from < period.to && expires > period.from,
    ),
    transactions: transactions.filter((one) => one.period === year || one.postedIn === year),
  };
}

/** When a line was asked about, and answered. */
function askedAbout(about: readonly LineQuestion[]): Pick<ShownEntry, 'questions'> {
  const questions = about.flatMap(({ questions: all, answer }) =>
    all.map(({ number, recordedAt }) => ({
      ...{ number, on: localDateOf(recordedAt) },
      ...(answer && { answeredOn: localDateOf(answer.recordedAt) }),
    })),
  );
  return questions.length > 0 ? { questions } : {};
}

function withoutUse(
  { use: _use, ...draw }: CoveredDraw,
  numbers: ReadonlyMap<string, number>,
): ShownEntry['draws'][number] {
  const { cover } = draw;
  const order = cover && 'order' in cover ? numbers.get(cover.order) : undefined;
  return { ...draw, ...(order !== undefined && { order }) };
}

function grantsOf(
  grants: readonly Grant[],
  draws: readonly Draw[],
  ends: readonly GrantEnd[],
  left: Readonly<Record<string, number>>,
): ShownGrant[] {
  return grants.map(({ id, kind, seconds, from, expires }) => ({
    ...{ id, kind, seconds, from, expires },
    used: sum(draws.flatMap((draw) => (draw.grant === id ? [draw.seconds] : []))),
    rolled: sum(ends.flatMap((end) => (end.grant === id ? [end.rolled] : []))),
    expired: sum(ends.flatMap((end) => (end.grant === id ? [end.expired] : []))),
    left: left[id] ?? 0,
  }));
}

/** Who answers for work beyond the bank. */
const beyondWords: Record<Language, Record<Cover['by'], string>> = {
  sv: {
    nobody: 'väntar på beställning, debiteras ingen',
    standing: 'godkänt i förväg',
    order: 'beställt',
    charge: 'debiteras, efter beslut av chef',
    ahead: 'tas från nästa avtalsår',
    waive: 'debiteras inte, efter beslut av chef',
  },
  en: {
    nobody: 'waits for an order, charged to nobody',
    standing: 'approved in advance',
    order: 'ordered',
    charge: "charged, on a manager's decision",
    ahead: 'taken from the next year',
    waive: "not charged, on a manager's decision",
  },
};

const said = {
  sv: {
    head: (s: HoursShown) =>
      `${s.agreement}, år ${s.year} (${s.from}–${addDays(s.to, -1)}), som det står ${s.on}`,
    known: (at: string) => `som det var känt ${at}`,
    contracted: 'avtalade',
    rolledIn: 'överförda från förra året',
    added: 'köpta och bjudna',
    lapsed: 'överförda som upphört under året',
    used: 'använda',
    remaining: 'kvar',
    remainingAtEnd: 'kvar vid årets slut',
    overage: 'utöver timbanken',
    rolledOut: 'överförs till nästa år',
    refunded: 'återbetalas',
    expired: 'upphör',
    none: 'Inga timmar är bokförda.',
    columns: ['nr', 'dag', 'tid', 'slag', 'av', 'ref', 'anteckning'],
    correction: (about: number) => `rättelse av ${about}`,
    undo: (about: number) => `återtagning av ${about}`,
    reported: (time: string) => `rapporterat ${time}`,
    draws: (time: string, grant: string) => `      ${time} ur ${grant}`,
    beyond: (time: string, cover: Cover, order?: number) =>
      `      ${time} utöver timbanken: ${beyondWords.sv[cover.by]}${order === undefined ? '' : ` (nr ${order})`}`,
    question: (number: number, on: string, answered?: string) =>
      `      fråga ${number} från kunden ${on}, ${answered === undefined ? 'ännu inte besvarad' : `besvarad ${answered}`}`,
    movedTo: (entry: string) => `      flyttat till ${entry}`,
    held: 'hålls kvar för kundens fråga',
    grants: 'Tilldelade timmar',
    kinds: {
      held: 'kvarhållna',
      contracted: 'avtalade',
      rolled: 'överförda',
      purchased: 'köpta',
      goodwill: 'bjudna av oss',
    },
    grant: (kind: string, g: Pick<Grant, 'from' | 'expires'>) =>
      `${kind} timmar från ${g.from}, upphör ${g.expires}`,
    fate: (g: ShownGrant) =>
      `      ${formatTime(g.seconds)} givna, ${formatTime(g.used)} använda, ${formatTime(g.rolled)} överförda, ` +
      `${formatTime(g.expired)} upphörda, ${formatTime(g.left)} kvar`,
    posted: 'Bokfört (exkl. moms)',
    accounts: {
      bank: 'timbanken',
      used: 'använda',
      expired: 'upphörda',
      refunded: 'återbetalda',
      overage: 'beställda utöver timbanken',
      waived: 'utöver timbanken, debiteras inte',
      suspense: 'utöver timbanken, väntar på beställning',
    },
    account: (kind: string, year?: number) => `${kind} timmar${year === undefined ? '' : ` år ${year}`}`,
    reasons: { planned: 'tilldelning', reported: 'rapport', lapse: 'upphör', close: 'årsavslut' },
    transaction: (t: Transaction, reason: string) =>
      `  ${t.on} ${reason}${t.isChange ? ', ändring' : ''}, bokfört ${localDateOf(t.recordedAt)}` +
      (t.period === t.postedIn ? '' : ` i år ${t.postedIn} för år ${t.period}`),
    rule: 'Arbete räknas i ordning efter arbetsdag. Timmar som upphör först används först; av dem som upphör samtidigt de överförda, sedan de avtalade, de köpta och de vi bjuder på, om inte villkoret hourBank.orderOfUse säger annat.',
  },
  en: {
    head: (s: HoursShown) =>
      `${s.agreement}, year ${s.year} (${s.from}–${addDays(s.to, -1)}), as it stands on ${s.on}`,
    known: (at: string) => `as it was known at ${at}`,
    contracted: 'contracted',
    rolledIn: 'rolled in from last year',
    added: 'purchased and goodwill',
    lapsed: 'rolled in and lapsed within the year',
    used: 'used',
    remaining: 'left',
    remainingAtEnd: "left at the year's end",
    overage: 'beyond the hour bank',
    rolledOut: 'rolled over to the next year',
    refunded: 'refunded',
    expired: 'expired',
    none: 'No hours are booked.',
    columns: ['no', 'day', 'time', 'kind', 'by', 'ref', 'note'],
    correction: (about: number) => `correction of ${about}`,
    undo: (about: number) => `undo of ${about}`,
    reported: (time: string) => `reported ${time}`,
    draws: (time: string, grant: string) => `      ${time} from ${grant}`,
    beyond: (time: string, cover: Cover, order?: number) =>
      `      ${time} beyond the hour bank: ${beyondWords.en[cover.by]}${order === undefined ? '' : ` (no. ${order})`}`,
    question: (number: number, on: string, answered?: string) =>
      `      question ${number} of the customer of ${on}, ${answered === undefined ? 'not answered yet' : `answered ${answered}`}`,
    movedTo: (entry: string) => `      moved to ${entry}`,
    held: "held for the customer's question",
    grants: 'Hours given',
    kinds: {
      held: 'held',
      contracted: 'contracted',
      rolled: 'rolled',
      purchased: 'purchased',
      goodwill: 'goodwill',
    },
    grant: (kind: string, g: Pick<Grant, 'from' | 'expires'>) =>
      `${kind} hours from ${g.from}, expiring ${g.expires}`,
    fate: (g: ShownGrant) =>
      `      ${formatTime(g.seconds)} given, ${formatTime(g.used)} used, ${formatTime(g.rolled)} rolled over, ` +
      `${formatTime(g.expired)} expired, ${formatTime(g.left)} left`,
    posted: 'Posted (excl. VAT)',
    accounts: {
      bank: 'hour bank',
      used: 'used',
      expired: 'expired',
      refunded: 'refunded',
      overage: 'ordered beyond the hour bank',
      waived: 'beyond the hour bank, not charged',
      suspense: 'beyond the hour bank, waits for an order',
    },
    account: (kind: string, year?: number) => `${kind} hours${year === undefined ? '' : ` of year ${year}`}`,
    reasons: { planned: 'hours given', reported: 'report', lapse: 'lapse', close: 'close of the year' },
    transaction: (t: Transaction, reason: string) =>
      `  ${t.on} ${reason}${t.isChange ? ', change' : ''}, recorded ${localDateOf(t.recordedAt)}` +
      (t.period === t.postedIn ? '' : ` in year ${t.postedIn} for year ${t.period}`),
    rule: 'Work counts in the order of its days. Hours that expire sooner are used sooner; of those that expire together the rolled ones, then contracted, purchased and goodwill, unless the term hourBank.orderOfUse says otherwise.',
  },
} as const;

/** What hours given are called, by their kind. */
export const kindInWords = (kind: Grant['kind'], language: Language): string => said[language].kinds[kind];

/** Hours given, with their days. */
export const grantInWords = (grant: Pick<Grant, 'kind' | 'from' | 'expires'>, language: Language): string =>
  said[language].grant(kindInWords(grant.kind, language), grant);

/** The hours as text. @param explained whether it says what each entry drew on, and what became of all hours given */
export function printHours(shown: HoursShown, language: Language, explained: boolean): string {
  const words = said[language];
  const totals = (
    [
      'contracted',
      'rolledIn',
      'added',
      'lapsed',
      'used',
      'remaining',
      'overage',
      'rolledOut',
      'expired',
      'held',
      'refunded',
    ] as const
  )
    .filter((name) => shown[name] > 0 || ['contracted', 'used', 'remaining'].includes(name))
    .map((name): [string, string] => [
      name === 'remaining' && shown.on >= shown.to ? words.remainingAtEnd : words[name],
      formatTime(shown[name]),
    ]);
  const wide = Math.max(...totals.map(([name]) => name.length));
  const longest = Math.max(...totals.map(([, time]) => time.length));
  const lines = [
    words.head(shown) + (shown.knownAt === undefined ? '' : `, ${words.known(shown.knownAt)}`),
    ...totals.map(([name, time]) => `  ${name.padEnd(wide)}  ${time.padStart(longest)}`),
    '',
    ...(shown.entries.length === 0 ? [words.none] : entryLines(shown, language, explained)),
    ...(explained ? ['', words.grants, ...shown.grants.flatMap((one) => grantLines(one, language))] : []),
    ...(explained && shown.transactions.length > 0
      ? ['', words.posted, ...transactionLines(shown, language)]
      : []),
    ...(explained ? ['', words.rule] : []),
  ];
  return lines.join('\n');
}

function entryLines(shown: HoursShown, language: Language, explained: boolean): string[] {
  const words = said[language];
  const rows = shown.entries.map((entry): string[] => [
    String(entry.number),
    entry.on,
    formatTime(entry.billable),
    kindOf(entry, language),
    label('sender', entry.by ?? '', language),
    entry.ref ?? '',
    [entry.reported === entry.billable ? '' : words.reported(formatTime(entry.reported)), entry.note ?? '']
      .filter(Boolean)
      .join('; '),
  ]);
  const all = [[...words.columns], ...rows];
  const widths = words.columns.map((_, at) => Math.max(...all.map((row) => row[at]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, at) =>
        at === 0 || at === 2 ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0),
      )
      .join('  ')
      .trimEnd();
  const names = new Map(shown.grants.map((one) => [one.id, grantInWords(one, language)]));
  return [
    line(words.columns),
    ...rows.flatMap((row, at) => [
      line(row),
      ...(explained ? aboutEntry(shown.entries[at]!, language) : []),
      ...(explained
        ? (shown.entries[at]?.draws ?? []).map(({ grant, seconds, order, cover = { by: 'nobody' } }) =>
            grant === undefined
              ? words.beyond(formatTime(seconds), cover, order)
              : words.draws(formatTime(seconds), names.get(grant) ?? grant),
          )
        : []),
    ]),
  ];
}

/** What was asked about an entry, and where hours went that were moved. */
function aboutEntry({ questions = [], movedTo }: ShownEntry, language: Language): string[] {
  const words = said[language];
  return [
    ...questions.map(({ number, on, answeredOn }) => words.question(number, on, answeredOn)),
    ...(movedTo === undefined ? [] : [words.movedTo(movedTo)]),
  ];
}

function kindOf({ action, about = 0, kind = 'other' }: ShownEntry, language: Language): string {
  if (action === 'use') return label('hourKind', kind, language);
  return action === 'correction' ? said[language].correction(about) : said[language].undo(about);
}

function grantLines(grant: ShownGrant, language: Language): string[] {
  const words = said[language];
  return [`  ${grantInWords(grant, language)}`, words.fate(grant)];
}

function transactionLines(shown: HoursShown, language: Language): string[] {
  const words = said[language];
  const rows = shown.transactions.flatMap(({ postings }) =>
    postings.map(({ account, seconds, minor }) => [
      accountName(account, shown.grants, language),
      signed(formatTime(seconds), seconds),
      signed(formatMoney(minor, shown.currency, language), minor),
    ]),
  );
  const widths = [0, 1, 2].map((at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const line = ([name = '', ...amounts]: readonly string[]): string =>
    `      ${name.padEnd(widths[0] ?? 0)}  ${amounts.map((one, at) => one.padStart(widths[at + 1] ?? 0)).join('  ')}`;
  let next = 0;
  return shown.transactions.flatMap((one) => {
    const lines = rows.slice(next, (next += one.postings.length)).map(line);
    return [words.transaction(one, words.reasons[one.reason]), ...lines];
  });
}

const signed = (text: string, amount: number): string => (amount > 0 ? `+${text}` : text);

/** An account in words; a grant by its kind and year, such as `grant:contracted-1`. */
function accountName(account: Account, grants: readonly ShownGrant[], language: Language): string {
  const words = said[language];
  if (account in words.accounts) return words.accounts[account as keyof typeof words.accounts];
  const [, kind = '', year] = /^grant:(contracted|rolled)-(\d+)$/.exec(account) ?? [];
  const id = account.replace(/^grant:/, '');
  const given = grants.find((grant) => grant.id === id);
  if (year === undefined && given) return `${words.account(words.kinds[given.kind])} ${given.from}`;
  return year === undefined ? id : words.account(words.kinds[kind as keyof typeof words.kinds], Number(year));
}
