import type { FactValues } from '../terms/evaluate-conditions';
import { topics } from '../ruleset/term-catalogue';
import type { CheckContext, PlacedFile } from './check-context';
import { knownValues } from './check-context';
import type { PlacedRule } from './placed-rule';
import { situationsOf } from './situations';

/** Most combinations tried for one topic of one level and customer; with more, facts are varied in pairs. */
export const perScope = 20_000;
/** Most combinations tried in all, so that a thousand customers are checked in seconds. */
const inAll = 4_000_000;

/** Where terms are merged: one topic for one customer of a level, or for all other customers of it. */
export interface Scope {
  level: string;
  levelFile: PlacedFile;
  /** Absent for the customers that have no rules of their own on the topic. */
  customerFile?: PlacedFile;
  topic: string;
}

/** One set of rules that can apply together in a scope, with facts for which they do. */
export interface Outcome {
  facts: FactValues;
  /** In the order they are merged. */
  applied: PlacedRule[];
}

/** The scopes of a ruleset: every level with every topic, alone and with every customer's file. */
export function scopesOf({ files }: CheckContext): Scope[] {
  const levelFiles = files.filter(({ home }) => home.folder === 'levels');
  const customerFiles = files.filter(({ home }) => home.folder === 'customers');
  return levelFiles.flatMap((levelFile) => {
    const level = levelFile.home.folder === 'levels' ? levelFile.home.level : '';
    return [
      ...topics.map((topic) => ({ level, levelFile, topic })),
      ...customerFiles.flatMap((customerFile) =>
        customerFile.home.folder === 'customers'
          ? [{ level, levelFile, customerFile, topic: customerFile.home.topic }]
          : [],
      ),
    ];
  });
}

/**
 * All sets of rules of a scope that can apply together, each once.
 *
 * @returns also whether all situations were tried
 */
export function outcomesOf(
  scope: Scope,
  context: CheckContext,
  scopes: number,
): { outcomes: Outcome[]; exact: boolean } {
  const rules = [...scope.levelFile.rules, ...(scope.customerFile?.rules ?? [])]
    .filter(({ rule }) => rule.event.type === scope.topic)
    .sort((a, b) => a.rule.priority - b.rule.priority || (a.rule.name < b.rule.name ? -1 : 1));
  const questions = rules.flatMap((placed) => placed.questions);
  const domains = {
    ...knownValues,
    level: [scope.level],
    ...(scope.customerFile?.home.folder === 'customers' && { customer: [scope.customerFile.home.customer] }),
  };
  const limit = Math.max(500, Math.min(perScope, Math.floor(inAll / scopes)));
  const starts = rules.flatMap((placed) =>
    situationsOf(placed.questions, domains, limit).facts.filter(placed.applies).slice(0, 1),
  );
  const { facts, exact } = situationsOf(questions, domains, limit, starts);
  const others = scope.customerFile ? new Set() : customersWithRules(scope, context);
  const outcomes = new Map<string, Outcome>();
  for (const situation of facts) {
    if (others.has(situation.customer)) continue;
    const applied = rules.filter((placed) => placed.applies(situation));
    const key = applied.map((placed) => rules.indexOf(placed)).join(',');
    if (!outcomes.has(key)) outcomes.set(key, { facts: situation, applied });
  }
  return { outcomes: [...outcomes.values()], exact };
}

/** Customers that have rules of their own on the topic: they are scopes of their own. */
function customersWithRules({ topic }: Scope, { files }: CheckContext): Set<unknown> {
  return new Set(
    files.flatMap(({ home }) => (home.folder === 'customers' && home.topic === topic ? [home.customer] : [])),
  );
}
