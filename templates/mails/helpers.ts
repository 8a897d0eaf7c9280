/** The helpers templates may use; each environment gets them for its language. */
import type { Party, Person } from '../../rules/engine/contract/contract';
import { formOf } from '../../rules/engine/basics/counted';
import type { Language, Text } from '../../rules/engine/basics/text';
import type { SupportHours } from '../../rules/engine/ruleset/terms';
import { lineName } from '../statement/wording';
import { shownAccount } from './statement-lines';
import {
  dayBefore,
  formatDate,
  formatMonth,
  formatMonthFrom,
  formatShortDate,
  formatSpan,
  formatTime as formatTimeOfDay,
} from '../words/dates';
import type { PhaseNames } from '../words/labels';
import { capitalize, isLabelKind, label } from '../words/labels';
import { keptReason } from '../words/kept-reasons';
import { formatSupportHours } from '../words/support-hours';
import {
  formatClock,
  formatClockInWords,
  formatTimeInWords,
  formatDuration,
  formatMinutes,
  formatMoney,
  formatTime,
} from '../words/numbers';

interface Options {
  hash: Record<string, unknown>;
  data?: { root?: { phaseNames?: PhaseNames; recipient?: { party?: Party } } };
}

/** Whether a mail client may follow it: `javascript:` and the like are no links, escaping does not stop them. */
const isLink = (text: string): boolean => /^https?:\/\/[^\s"'<>]+$/.test(text);

function href(link: string): string {
  if (!isLink(link)) {
    throw new Error(`expected a link that begins with http:// or https://, found "${link}"`);
  }
  return link;
}

/**
 * Name of a code; `capital=true` for the beginning of a line, `phaseNames=` of another agreement than the mail's. A kind that does not
 * exist is a template's mistake.
 */
function named(language: Language) {
  return (kind: unknown, code: string | Text, options: Options): string => {
    if (!isLabelKind(kind)) throw new Error(`expected a kind of label, found "${String(kind)}"`);
    const phaseNames = (options.hash['phaseNames'] ?? options.data?.root?.phaseNames) as
      PhaseNames | undefined;
    const text = label(kind, code, language, phaseNames);
    return options.hash['capital'] === true ? capitalize(text) : text;
  };
}

/** The form for one hour, or one minute, and for any other time. @example hoursForm(100, 'it', 'they') // 'it' */
const hoursForm = (centihours: number, one: string, many: string): string =>
  /^1\s\S+$/.test(formatClockInWords(centihours, 'en')) ? one : many;

/** The helpers in one language. */
export function createHelpers(language: Language) {
  return {
    date: (value: string): string => formatDate(value, language),
    shortDate: (value: string, options: Options): string =>
      formatShortDate(value, language, { weekday: options.hash['weekday'] === true }),
    month: (value: string): string => formatMonth(value, language),
    monthFrom: (value: string): string => formatMonthFrom(value, language),
    time: (value: string): string => formatTimeOfDay(value),
    span: (from: string, to: string): string => formatSpan(from, to, language),
    dayBefore: (value: string): string => dayBefore(value),
    hours: (centihours: number, options: Options): string =>
      options.hash['unit'] === true ? formatClockInWords(centihours, language) : formatClock(centihours),
    /** Whole seconds as hours and minutes; with `signed=true` what is gained has its sign, too. */
    clock: (seconds: number, options: Options): string =>
      `${options.hash['signed'] === true && seconds > 0 ? '+' : ''}${formatTime(seconds)}`,
    /** What a line took, with its unit; a plus is before what it gave. */
    spent: (seconds: number): string =>
      `${seconds > 0 ? '+' : ''}${formatTimeInWords(Math.abs(seconds), language, true)}`,
    lineName: (kind: string): string => lineName(kind, language),
    account: shownAccount,
    first: <T>(list: readonly T[], count: number): T[] => list.slice(0, count),
    /** Whether an object says something under a name, 0 included. */
    given: (of: object, name: string): boolean => Object.hasOwn(of, name),
    either: (a: unknown, b: unknown): boolean => Boolean(a) || Boolean(b),
    beyond: (list: readonly unknown[], count: number): number => Math.max(0, list.length - count),
    minutes: (count: number): string => formatMinutes(count, language),
    money: (minor: number, currency: string): string => formatMoney(minor, currency, language),
    plural: (count: number, one: string, many: string): string => formOf(count, [one, many]),
    hoursForm,
    label: named(language),
    /** Who answers for an integration, as the reader says it. */
    answersFor: (owner: string, { data }: Options): string =>
      label(
        'integrationOwner',
        owner === 'customer' && data?.root?.recipient?.party === 'customer' ? 'reader' : owner,
        language,
      ),
    wording: (text: string | Text): string => (typeof text === 'string' ? text : text[language]),
    /** The number of something in a list, counted from 1. */
    nth: (index: number): string => String(index + 1),
    eq: (a: unknown, b: unknown): boolean => a === b,
    atLeast: (a: number, b: number): boolean => a >= b,
    /** Whom to call, with the number where there is one. */
    withPhone: ({ name, phone }: Person): string =>
      phone === undefined ? name : `${name}, ${phone.replaceAll(' ', '\u00a0')}`,
    firstName: (name: string): string => name.trim().split(/\s+/)[0] ?? name,
    duration: (minutes: number): string => formatDuration(minutes, language),
    openHours: (hours: readonly SupportHours[]): string => formatSupportHours(hours, language),
    kept: (reason: string): string => keptReason(reason, language),
    href,
    isLink,
  };
}
