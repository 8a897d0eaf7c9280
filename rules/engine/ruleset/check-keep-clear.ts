import { isLocalDate } from '../basics/is-local-date';
import { expectedFound } from '../basics/text';
import type { Text } from '../basics/text';
import type { TermConflict } from './term-conflict';
import type { UpgradeTerms } from './terms';

type KeepClear = Partial<NonNullable<UpgradeTerms['keepClear']>[string]>;

/**
 * Finds days to keep clear that are said in two ways, or in none.
 * @param whole whether these are all the terms: a rule that overrides some needs not say the days again
 */
export function checkKeepClear(keepClear: Record<string, KeepClear> = {}, whole = false): TermConflict[] {
  return Object.entries(keepClear)
    .filter(([, { omitted }]) => omitted !== true)
    .flatMap(([id, one]) => {
      const at = (path: string[], expected: Text, found: string | Text): TermConflict => ({
        path: ['keepClear', id, ...path],
        message: expectedFound(expected, found),
      });
      const ways = waysOf(one);
      if (ways.length > 1) return [at([], oneWay, ways.join(', '))];
      if (whole && ways.length === 0) return [at([], oneWay, { sv: 'inget', en: 'none' })];
      return [...impossible(one, at), ...(whole ? incomplete(one, at) : [])];
    });
}

type At = (path: string[], expected: Text, found: string | Text) => TermConflict;

const oneWay: Text = {
  sv: 'ett av monthDay, monthEnd, from och to, days',
  en: 'one of monthDay, monthEnd, from and to, days',
};

function waysOf({ monthDay, monthEnd, from, to, days }: KeepClear): string[] {
  return [
    ...(monthDay === undefined ? [] : ['monthDay']),
    ...(monthEnd === true ? ['monthEnd'] : []),
    ...(from === undefined && to === undefined ? [] : [from === undefined ? 'to' : 'from']),
    ...(days === undefined ? [] : ['days']),
  ];
}

/** Days of no year, and open days counted from none. */
function impossible(one: KeepClear, at: At): TermConflict[] {
  const { from, to, days } = one;
  const real: Text = { sv: 'en dag som finns, som 02-28', en: 'a day that exists, as 02-28' };
  const dates = (['from', 'to'] as const).flatMap((name) => {
    const day = one[name];
    // 2028 is a leap year.
    return day === undefined || isLocalDate(`2028-${day}`) ? [] : [at([name], real, day)];
  });
  const only: Text = {
    sv: 'öppna dagar bara tillsammans med monthDay eller monthEnd',
    en: 'open days only beside monthDay or monthEnd',
  };
  const isFixed = from !== undefined || to !== undefined || days !== undefined;
  const counted = (['openDaysBefore', 'openDaysAfter'] as const).filter((name) => one[name] !== undefined);
  return [...dates, ...(isFixed ? counted.map((name) => at([name], only, String(one[name]))) : [])];
}

function incomplete(
  { from, to, monthEnd, openDaysBefore = 0, openDaysAfter = 0 }: KeepClear,
  at: At,
): TermConflict[] {
  const none: Text = { sv: 'ingen', en: 'none' };
  const both: Text = { sv: 'både from och to', en: 'both from and to' };
  if ((from === undefined) !== (to === undefined))
    return [at([from === undefined ? 'from' : 'to'], both, none)];
  const some: Text = {
    sv: 'openDaysBefore, openDaysAfter eller båda, minst 1',
    en: 'openDaysBefore, openDaysAfter or both, at least 1',
  };
  return monthEnd === true && openDaysBefore + openDaysAfter === 0 ? [at([], some, '0')] : [];
}
