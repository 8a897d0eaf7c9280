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
    divided: 'Installationer vars avtal skulle gå till olika versioner',
    together: (installation: string, system: string, to: string) =>
      `${installation}: alla går till ${system} ${to}`,
    alone: (to: string) => `skulle för sig gå till ${to}`,
  },
  en: {
    title: 'Upgrades that the releases concern',
    asked: 'is under way to a release that is withdrawn: consultant and manager are asked how it goes on',
    stopped: 'stops: there is no other release to go to',
    moved: (from: string, to: string) => `goes to ${to} in place of ${from}`,
    found: (to: string) => `goes to ${to}`,
    divided: 'Installations whose agreements would go to different releases',
    together: (installation: string, system: string, to: string) =>
      `${installation}: all go to ${system} ${to}`,
    alone: (to: string) => `would by itself go to ${to}`,
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

/** Installations that are upgraded once although their agreements would choose differently; nothing without any. */
export function dividedBlock(
  installations: readonly {
    installation: string;
    product: string;
    version: string;
    choices: readonly { agreement: string; version: string }[];
    customers: Readonly<Record<string, string>>;
  }[],
  language: Language,
): PreviewBlock | undefined {
  if (installations.length === 0) return undefined;
  const say = words[language];
  return {
    sign: '!',
    title: say.divided,
    subtitle: '',
    groups: installations.map(({ installation, product, version, choices, customers }) => ({
      title: say.together(installation, label('system', product, language), version),
      lines: choices.map(({ agreement, version: own }) => ({
        sign: own === version ? '=' : '!',
        what: `${customers[agreement] ?? agreement} (${agreement})`,
        change: say.alone(own),
      })),
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
