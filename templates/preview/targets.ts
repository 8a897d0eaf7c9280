/** What a preview says of upgrades that go elsewhere, because releases came or were withdrawn. */
import type { Language } from '../../rules/engine/basics/text';
import type { ChangedTarget } from '../../rules/engine/change/changed-targets';
import { label } from '../words/labels';
import type { PreviewBlock, PreviewLine } from './document';

const words = {
  sv: {
    title: 'Uppgraderingar som berörs av versionerna',
    asked: 'pågår mot en version som är indragen: konsult och chef får frågan hur den går vidare',
    stopped: 'stannar: ingen annan version att gå till',
    moved: (from: string, to: string) => `går till ${to} i stället för ${from}`,
    found: (to: string) => `går till ${to}`,
  },
  en: {
    title: 'Upgrades that the releases concern',
    asked: 'is under way to a release that is withdrawn: consultant and manager are asked how it goes on',
    stopped: 'stops: there is no other release to go to',
    moved: (from: string, to: string) => `goes to ${to} in place of ${from}`,
    found: (to: string) => `goes to ${to}`,
  },
};

/** The block, one group for each agreement; nothing without any. */
export function targetsBlock(
  upgrades: readonly { agreement: string; customer: string; systems: readonly ChangedTarget[] }[],
  language: Language,
): PreviewBlock | undefined {
  if (upgrades.length === 0) return undefined;
  return {
    sign: '~',
    title: words[language].title,
    subtitle: '',
    groups: upgrades.map(({ agreement, customer, systems }) => ({
      title: `${customer} (${agreement})`,
      lines: systems.map((one) => lineOf(one, language)),
    })),
  };
}

function lineOf({ system, change, from, to }: ChangedTarget, language: Language): PreviewLine {
  const say = words[language];
  const what = `${label('system', system, language)}${change === 'moved' || from === undefined ? '' : ` ${from}`}`;
  if (change === 'asked') return { sign: '!', what, change: say.asked };
  if (change === 'stopped') return { sign: '!', what, change: say.stopped };
  return { sign: '~', what, change: from === undefined ? say.found(to ?? '') : say.moved(from, to ?? '') };
}
