/** What a preview says of releases that come, go, are withdrawn or say something else. */
import type { Language } from '../../rules/engine/basics/text';
import type { RuleChange } from '../../rules/engine/change/diff-rulesets';
import type { TermChange } from '../../rules/engine/terms/running-terms';
import { showValue } from './document';
import type { PreviewBlock, PreviewGroup, PreviewLine, Sign } from './document';

const words = {
  sv: {
    title: 'Versioner att uppgradera till',
    usable: (day: string) => `får användas från ${day}`,
    gone: 'står inte längre i reglerna',
    withdrawn: (day: string, reason: string) => `dras tillbaka ${day}: ${reason}`,
    restored: 'är inte längre tillbakadragen',
  },
  en: {
    title: 'Releases to upgrade to',
    usable: (day: string) => `may be used from ${day}`,
    gone: 'is in the rules no longer',
    withdrawn: (day: string, reason: string) => `is withdrawn on ${day}: ${reason}`,
    restored: 'is withdrawn no longer',
  },
};

const signs: Record<RuleChange['change'], Sign> = { added: '+', removed: '-', changed: '~' };

/** The block about releases, one group of lines for each; nothing without any. */
export function releasesBlock(changes: readonly RuleChange[], language: Language): PreviewBlock | undefined {
  if (changes.length === 0) return undefined;
  const groups = changes.map((each) => groupOf(each, language));
  return { sign: '~', title: words[language].title, subtitle: '', groups };
}

function groupOf({ change, file, rule, values }: RuleChange, language: Language): PreviewGroup {
  const say = words[language];
  const sign = signs[change];
  const place = { where: `rules/${file}` };
  if (change === 'removed') return { title: '', lines: [{ sign, what: rule, change: say.gone, ...place }] };
  const to = (path: string): string => String(values.find((value) => value.path === path)?.to ?? '');
  if (change === 'added')
    return { title: '', lines: [{ sign, what: rule, change: say.usable(to('usableFrom')), ...place }] };
  return { title: rule, lines: [...withdrawal(values, language), ...others(values, language)] };
}

const isWithdrawal = ({ path }: TermChange): boolean => path.startsWith('withdrawn.');

/** A release that is withdrawn now, or no longer, in a line. */
function withdrawal(values: readonly TermChange[], language: Language): PreviewLine[] {
  const on = values.find(({ path }) => path === 'withdrawn.on');
  const say = words[language];
  if (on?.from === undefined && typeof on?.to === 'string') {
    const reason = values.find(({ path }) => path === `withdrawn.reason.${language}`)?.to;
    return [{ sign: '-', what: 'withdrawn', change: say.withdrawn(on.to, String(reason)) }];
  }
  return on && on.to === undefined ? [{ sign: '~', what: 'withdrawn', change: say.restored }] : [];
}

/** All else, value by value. */
function others(values: readonly TermChange[], language: Language): PreviewLine[] {
  const told = withdrawal(values, language).length > 0;
  return valueLines(
    values.filter((value) => !(told && isWithdrawal(value) && value.path !== 'withdrawn.replacedBy')),
    language,
  );
}

/** What changes in a file of data, value by value. */
export const valueLines = (values: readonly TermChange[], language: Language): PreviewLine[] =>
  values.map(({ path, from, to }) => ({
    sign: from === undefined ? '+' : to === undefined ? '-' : '~',
    what: path,
    change: `${showValue(from, language)} → ${showValue(to, language)}`,
  }));
