/** What a preview says of campaigns and installations that come, go or say something else. */
import type { Language } from '../../rules/engine/basics/text';
import type { RuleChange } from '../../rules/engine/change/diff-rulesets';
import { isCampaignPath } from '../../rules/engine/ruleset/ruleset-paths';
import type { PreviewBlock, PreviewGroup } from './document';
import { valueLines } from './releases';

const words = {
  sv: {
    title: 'Utrullningar och installationer',
    campaign: (release: string, from: string, to: string) => `${release} till alla avtal, ${from}–${to}`,
    installation: (agreements: string) => `uppgraderas en gång: ${agreements}`,
    gone: 'står inte längre i reglerna',
  },
  en: {
    title: 'Campaigns and installations',
    campaign: (release: string, from: string, to: string) => `${release} to all agreements, ${from}–${to}`,
    installation: (agreements: string) => `is upgraded once: ${agreements}`,
    gone: 'is in the rules no longer',
  },
};

/** The block about campaigns and installations, one group of lines for each; nothing without any. */
export function rolloutBlock(changes: readonly RuleChange[], language: Language): PreviewBlock | undefined {
  if (changes.length === 0) return undefined;
  const groups = changes.map((each) => groupOf(each, language));
  return { sign: '~', title: words[language].title, subtitle: '', groups };
}

function groupOf(change: RuleChange, language: Language): PreviewGroup {
  const { rule: what, file, values } = change;
  if (change.change === 'changed') return { title: what, lines: valueLines(values, language) };
  const isGone = change.change === 'removed';
  const said = isGone ? words[language].gone : added(change, language);
  const line = { sign: isGone ? ('-' as const) : ('+' as const), what, change: said, where: `rules/${file}` };
  return { title: '', lines: [line] };
}

function added({ file, values }: RuleChange, language: Language): string {
  const say = words[language];
  const to = (path: string): string => String(values.find((value) => value.path === path)?.to ?? '');
  if (isCampaignPath(file)) return say.campaign(to('release'), to('from'), to('to'));
  const agreements = values.flatMap(({ path }) => /^agreements\.([^.]+)/.exec(path)?.[1] ?? []);
  return say.installation([...new Set(agreements)].join(', '));
}
