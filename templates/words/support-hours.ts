/** Support's hours in words. */
import type { Language } from '../../rules/engine/basics/text';
import { weekdays } from '../../rules/engine/contract/monitor';
import type { SupportDay } from '../../rules/engine/ruleset/term-catalogue';
import type { SupportHours } from '../../rules/engine/ruleset/terms';
import { weekdayNames } from './dates';

const words = {
  sv: {
    always: 'dygnet runt, årets alla dagar',
    open: 'helgfria vardagar',
    all: 'alla dagar',
    holidays: 'helgdagar',
    allDay: 'dygnet runt',
    at: 'kl. ',
    and: ' och ',
    notOnHolidays: 'inte på helgdagar',
    zone: '',
  },
  en: {
    always: 'around the clock, every day of the year',
    open: 'on working days',
    all: 'every day',
    holidays: 'holidays',
    allDay: 'around the clock',
    at: '',
    and: ' and ',
    notOnHolidays: 'not on holidays',
    zone: ' (Swedish time)',
  },
};

const isAllDay = ({ from, to }: SupportHours): boolean => from === '00:00' && to === '24:00';

/**
 * When support is there, as a part of a sentence.
 *
 * @example formatSupportHours([{ days: 'open', from: '08:30', to: '16:30' }], 'sv') // 'helgfria vardagar kl. 08:30–16:30'
 */
export function formatSupportHours(hours: readonly SupportHours[], language: Language): string {
  const { always, at, allDay, and, notOnHolidays, zone } = words[language];
  if (hours.some((each) => each.days === 'all' && isAllDay(each))) return always;
  const parts = hours.map((each) => {
    const { days, from, to } = each;
    const when = isAllDay(each) ? allDay : `${at}${from}–${to}`;
    return `${typeof days === 'string' ? words[language][days] : listed(days, language, and)} ${when}`;
  });
  const onWeekdaysOnly = hours.every(({ days }) => Array.isArray(days) && !days.includes('holidays'));
  return `${[...parts, ...(onWeekdaysOnly ? [notOnHolidays] : [])].join(', ')}${zone}`;
}

/** Weekdays in their order, three or more in a row as a span, and holidays: `Monday–Friday and holidays`. */
function listed(days: readonly SupportDay[], language: Language, and: string): string {
  const name = (index: number): string => weekdayNames[language][index] ?? '';
  const parts: string[] = [];
  for (let first = 0; first < 7; first += 1) {
    if (!days.includes(weekdays[first]!)) continue;
    let last = first;
    while (last < 6 && days.includes(weekdays[last + 1]!)) last += 1;
    if (last - first < 2) parts.push(...(last > first ? [name(first), name(last)] : [name(first)]));
    else parts.push(`${name(first)}–${name(last)}`);
    first = last;
  }
  if (days.includes('holidays')) parts.push(words[language].holidays);
  const [end = '', ...before] = parts.reverse();
  return before.length === 0 ? end : `${before.reverse().join(', ')}${and}${end}`;
}
