/** What people call things in messages: what stands on the page in either language, and words that stand nowhere. */
import type { WorkKind } from '../../rules/engine/ruleset/work-kinds';
import type { LabelKind } from '../words/labels';
import { label } from '../words/labels';

export type { LabelKind } from '../words/labels';

/** What a code is called on pages and in mails, in Swedish and in English. */
export const labels = (kind: LabelKind, code: string): string[] => [
  label(kind, code, 'sv'),
  label(kind, code, 'en'),
];

/** Words that stand on no page, and that people use all the same. */
export const alsoCalled: Readonly<Record<string, readonly string[]>> = {
  all: ['alla', 'allt', 'everything'],
  other: ['övrigt', 'annat'],
  training: ['utbildningsbehov', 'training needs'],
  proposal: ['förslag'],
  upgrade: ['uppgradering', 'nyhet i uppgraderingen'],
  yes: ['ja'],
  no: ['nej'],
  consultant: ['konsult', 'konsulten'],
  customer: ['kund'],
  manager: ['chef', 'chefen'],
  support: ['support desk'],
};

const workCalled: Readonly<Record<WorkKind, readonly string[]>> = {
  consulting: ['konsult'],
  technical: ['teknik'],
  training: [],
  project: [],
  support: [],
  meeting: [],
  other: [],
};

/** Kinds of work that there always are; rule files may bring more. */
export const kindsOfWork = Object.keys(workCalled);

/**
 * The kind of work that somebody writes in words; any other text stays as it is, since rule files may bring new kinds.
 * @example kindOfWork('Utbildning') // 'training'
 */
export function kindOfWork(given: string): string {
  const wanted = given.trim().toLowerCase();
  const found = Object.entries(workCalled).find(([kind, names]) =>
    [...labels('hourKind', kind), ...names].some((name) => name.toLowerCase() === wanted),
  );
  return found?.[0] ?? given;
}
