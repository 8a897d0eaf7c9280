/** A preview of changed terms as a document; text, markdown and HTML are drawn from it. Pure. */
import { localDateOf } from '../../rules/engine/calendar/calendar';
import type { Instant } from '../../rules/engine/contract/contract';
import type { Language } from '../../rules/engine/basics/text';
import type { Amount } from '../../rules/engine/change/change-amounts';
import type { AgreementPreview, BrokenPromise, ValueChange } from '../../rules/engine/change/preview-change';
import type { UpgradeMove } from '../../rules/engine/plan/move-upgrade';
import { phaseOfUpgrade } from '../../rules/engine/upgrade/phases';
import type { MailChange, ObligationChange } from '../../rules/engine/plan/diff-plans';
import { toMinorUnits } from '../../rules/engine/hours/price';
import { termAt } from '../../rules/engine/ruleset/term-catalogue';
import { formatTime } from '../words/dates';
import { label } from '../words/labels';
import type { PhaseNames } from '../words/labels';
import { formatHoursWithUnit, formatMoney } from '../words/numbers';
import { mailSummary } from '../ui/wording';
import { previewWords } from './wording';

/** `+` is added, `-` is removed, `~` changes, `!` is not allowed, `=` stays. */
export type Sign = '+' | '-' | '~' | '!' | '=';

export interface PreviewLine {
  sign: Sign;
  /** What it is about, what becomes of it, and where that is said. */
  what: string;
  change: string;
  where?: string;
}

export interface PreviewGroup {
  title: string;
  lines: PreviewLine[];
  /** A sentence below the lines. */
  note?: string;
}

/** One agreement, or what many of them have in common. */
export interface PreviewBlock {
  sign: Sign;
  title: string;
  subtitle: string;
  groups: PreviewGroup[];
}

/** What all previews of a change add up to. */
export interface PreviewTotals {
  live: number;
  changed: number;
  untouched: number;
  /** Agreements that would get less than was signed, and those the ruleset gives no usable terms. */
  broken: number;
  unusable: number;
  /** Agreements whose upgrade gets another time from a campaign. */
  windows: number;
  /** Agreements whose upgrade goes elsewhere, stops or needs a decision because of the releases. */
  targets: number;
  obligations: Counts;
  mails: Counts;
  /** The value of all hour banks that change, by currency, in minor units. */
  bankValues: Record<string, { from: number; to: number }>;
  /** Each value change, over all agreements. */
  values: { change: ValueChange; agreements: number }[];
}

export interface Counts {
  added: number;
  removed: number;
  moved: number;
}

/** Lines shown of one group; a year has about fifty mails. */
const mostLines = 12;
const longestValue = 60;

/**
 * One agreement's preview.
 * @param moving whether upgrades under way are to take the new phases
 */
export function agreementBlock(preview: AgreementPreview, language: Language, moving = false): PreviewBlock {
  const words = previewWords[language];
  const { agreement, customer, yearNumber, from, to, currency, phaseNames } = preview;
  const shown = (group: PreviewGroup): PreviewGroup[] =>
    group.lines.length > 0 ? [shortened(group, language)] : [];
  return {
    sign: preview.broken.length > 0 ? '!' : '~',
    title: agreement,
    subtitle: `${customer}, ${words.year(yearNumber, from, to)}`,
    groups: [
      ...(preview.broken.length > 0
        ? [
            {
              title: words.broken,
              lines: preview.broken.map((one) => brokenLine(one, language)),
              note: preview.broken.some(({ within }) => within === 'period')
                ? `${words.hint} ${words.periodHint}`
                : words.hint,
            },
          ]
        : []),
      ...shown({ title: words.values, lines: preview.values.map((one) => valueLine(one, language)) }),
      ...(preview.keepsPhases ?? []).map((move) => ({ title: moveLine(move, moving, language), lines: [] })),
      ...shown({
        title: words.obligations,
        lines: preview.plan.obligations.map((one) => obligationLine(one, language, phaseNames)),
      }),
      ...shown({
        title: words.mails,
        lines: preview.plan.mails.map((one) => mailLine(one, language, phaseNames)),
      }),
      ...preview.later.flatMap(({ on, obligations, mails }) => [
        ...shown({
          title: words.later(words.obligations, on),
          lines: obligations.map((one) => obligationLine(one, language, phaseNames)),
        }),
        ...shown({
          title: words.later(words.mails, on),
          lines: mails.map((one) => mailLine(one, language, phaseNames)),
        }),
      ]),
      ...shown({
        title: words.amounts,
        lines: preview.amounts.map((one) => amountLine(one, currency, language)),
      }),
    ],
  };
}

/** What becomes of the phases of an upgrade under way. @param moving whether it is to take the new ones */
export function moveLine({ upgrade, why }: UpgradeMove, moving: boolean, language: Language): string {
  const words = previewWords[language];
  const leftBy = phaseOfUpgrade(`${upgrade}/any`)?.leftBy;
  const said = why ? words.cannotMove(why[language]) : moving ? words.moves : words.keepsPhases;
  return leftBy === undefined ? said : words.ofYear(leftBy, said);
}

/** An agreement that the proposed rules do not fit. */
export function unusableBlock(agreement: string, error: string, language: Language): PreviewBlock {
  const words = previewWords[language];
  return {
    sign: '!',
    title: agreement,
    subtitle: words.unusable,
    groups: [{ title: words.values, lines: [{ sign: '!', what: error, change: '' }] }],
  };
}

/** The changed values, over all agreements. */
export function valuesBlock({ values }: PreviewTotals, language: Language): PreviewBlock | undefined {
  const words = previewWords[language];
  if (values.length === 0) return undefined;
  const lines = values.map(({ change, agreements }) => {
    const line = valueLine(change, language);
    return { ...line, change: `${line.change}   ${words.agreements(agreements)}` };
  });
  return { sign: '~', title: words.allValues, subtitle: '', groups: [{ title: '', lines }] };
}

/** The sentences at the end. */
export function summaryLines(totals: PreviewTotals, hidden: number, language: Language): string[] {
  const words = previewWords[language];
  const counts = (what: string, { added, removed, moved }: Counts): string[] =>
    added + removed + moved === 0 ? [] : [words.counts(capital(what), added, removed, moved)];
  return [
    ...(hidden > 0 ? [words.notShown(hidden)] : []),
    ...(totals.changed > 0 ? [words.changed(totals.changed)] : []),
    ...(totals.windows > 0 ? [words.windows(totals.windows)] : []),
    ...(totals.targets > 0 ? [words.targets(totals.targets)] : []),
    ...(totals.changed + totals.windows + totals.targets === 0 ? [words.futureOnly] : []),
    ...(totals.untouched > 0 ? [words.untouched(totals.untouched)] : []),
    ...counts(words.obligations, totals.obligations),
    ...counts(words.mails, totals.mails),
    ...Object.entries(totals.bankValues).map(([currency, { from, to }]) =>
      words.bankValues(formatMoney(from, currency, language), formatMoney(to, currency, language)),
    ),
    ...(totals.broken > 0 ? [words.brokenCount(totals.broken)] : []),
    ...(totals.unusable > 0 ? [words.unusableCount(totals.unusable)] : []),
  ];
}

/** A value of the terms, on one line. */
export function showValue(value: unknown, language: Language): string {
  if (value === undefined) return previewWords[language].nothing;
  if (isItems(value)) return value.map((item) => showItem(item, language)).join('; ');
  const text = Array.isArray(value)
    ? `[${value.map((item) => (typeof item === 'string' ? item : JSON.stringify(item))).join(', ')}]`
    : typeof value === 'string'
      ? value
      : JSON.stringify(value);
  const characters = Array.from(text);
  return characters.length > longestValue ? `${characters.slice(0, longestValue - 1).join('')}…` : text;
}

type Item = Readonly<Record<string, unknown>>;

const isItem = (value: unknown): value is Item =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;
const isItems = (value: unknown): value is Item[] =>
  Array.isArray(value) && value.length > 0 && value.every(isItem);

/** One of several things that the terms list, in words: a package by what it costs, any other by its members. */
function showItem(item: Item, language: Language): string {
  const { hours, pricePerHour, currency = 'SEK', ...others } = item;
  if (typeof hours === 'number' && typeof pricePerHour === 'number' && Object.keys(others).length === 0) {
    const money = (amount: number): string => formatMoney(toMinorUnits(amount), String(currency), language);
    const words = previewWords[language].package;
    return words(
      formatHoursWithUnit(hours * 100, language),
      money(pricePerHour),
      money(hours * pricePerHour),
    );
  }
  const members = Object.entries(item).map(([name, value]) => `${name} ${showValue(value, language)}`);
  return members.join(', ');
}

/** What becomes of a value: of a list of things, which go and which come. */
function showChange(from: unknown, to: unknown, language: Language): string {
  const told = `${showValue(from, language)} → ${showValue(to, language)}`;
  if (!isItems(from) || !isItems(to)) return told;
  const [before, after] = [from, to].map((items) => items.map((item) => showItem(item, language)));
  const changes = [
    ...before!.flatMap((one) => (after!.includes(one) ? [] : [`− ${one}`])),
    ...after!.flatMap((one) => (before!.includes(one) ? [] : [`+ ${one}`])),
  ];
  return changes.length > 0 ? changes.join('; ') : told;
}

function shortened({ title, lines }: PreviewGroup, language: Language): PreviewGroup {
  const left = lines.length - mostLines;
  if (left <= 0) return { title, lines };
  return { title, lines: lines.slice(0, mostLines), note: previewWords[language].more(left) };
}

function valueLine({ path, from, to, on, rule, place }: ValueChange, language: Language): PreviewLine {
  const words = previewWords[language];
  const about = termAt(path.split('.'))?.about?.[language];
  return {
    sign: from === undefined ? '+' : to === undefined ? '-' : '~',
    what: path,
    change: `${showChange(from, to, language)}, ${words.from(on)}${about === undefined ? '' : `   ${about}`}`,
    ...(rule !== undefined && place !== undefined && { where: words.by(place, rule) }),
  };
}

function brokenLine(broken: BrokenPromise, language: Language): PreviewLine {
  const { path, signed, now, on, rule, place, within } = broken;
  const words = previewWords[language];
  const compared = within === 'period' ? words.dearer : words.promise;
  return {
    sign: '!',
    what: path,
    change: `${compared(showValue(signed, language), showValue(now, language))}, ${words.from(on)}`,
    ...(rule !== undefined && place !== undefined && { where: words.by(place, rule) }),
  };
}

const signs = { added: '+', removed: '-', moved: '~' } as const;

/** What becomes of an obligation: from when to when. @param phaseNames what the rules call phases of upgrades */
export function obligationLine(
  one: ObligationChange,
  language: Language,
  phaseNames?: PhaseNames,
): PreviewLine {
  const days = [one.from, one.to].flatMap((day) => day ?? []);
  const times =
    one.fromAt && one.toAt && `${one.to ?? ''} ${formatTime(one.fromAt)} → ${formatTime(one.toAt)}`;
  const late = one.late === true ? ` (${previewWords[language].late})` : '';
  return {
    sign: signs[one.change],
    what: label('obligation', one.id, language, phaseNames),
    change: `${times ?? days.join(' → ')}${late}`,
  };
}

function mailLine(
  { change, obligation, template, to, fromAt, toAt }: MailChange,
  language: Language,
  phaseNames?: PhaseNames,
): PreviewLine {
  const at = (instant: Instant): string => `${localDateOf(instant)} ${formatTime(instant)}`;
  const times = [fromAt, toAt].flatMap((instant) => (instant === undefined ? [] : [at(instant)]));
  return {
    sign: signs[change],
    what: mailSummary(template, obligation, language, phaseNames),
    change: `${times.join(' → ')}   ${label('party', to, language)}`,
  };
}

function amountLine({ what, on, from, to }: Amount, currency: string, language: Language): PreviewLine {
  const words = previewWords[language];
  const show = (amount: number): string =>
    what === 'rolloverAtMost'
      ? formatHoursWithUnit(amount, language)
      : formatMoney(amount, currency, language);
  return { sign: '~', what: words[what], change: `${show(from)} → ${show(to)}, ${words.from(on)}` };
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
