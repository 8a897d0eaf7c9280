import type { Ruleset } from './read-ruleset';
import { diffTerms } from './running-terms';
import type { TermChange } from './running-terms';
import type { Rule } from './terms';

/** A rule that came, went or changed between two rulesets. */
export interface RuleChange {
  change: 'added' | 'removed' | 'changed';
  /** Path relative to `rules/`. */
  file: string;
  rule: string;
  /** What it says differently: params by their topic, and `priority`, `conditions` and the like. */
  values: TermChange[];
}

/** What differs between two rulesets, rule by rule, in the order of files and then of rules. Prices are a file's. */
export function diffRulesets(before: Ruleset, after: Ruleset): RuleChange[] {
  const [old, now] = [rulesOf(before), rulesOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((key): RuleChange[] => {
    const [file = '', rule = ''] = key.split('\n');
    const [was, is] = [old.get(key), now.get(key)];
    const values = diffTerms(said(was), said(is));
    if (was === undefined) return [{ change: 'added', file, rule, values }];
    if (is === undefined) return [{ change: 'removed', file, rule, values }];
    return values.length === 0 ? [] : [{ change: 'changed', file, rule, values }];
  });
}

function rulesOf({ files }: Ruleset): Map<string, Rule> {
  return new Map(
    Object.entries(files).flatMap(([file, { rules }]) =>
      rules.map((rule) => [`${file}\n${rule.name}`, rule] as const),
    ),
  );
}

/** A rule's conditions stand as one value: they are shown as they are written. */
function said(rule: Rule | undefined): object {
  if (rule === undefined) return {};
  const { event, conditions, name: _, ...rest } = rule;
  return { [event.type]: event.params, conditions: JSON.stringify(conditions), ...rest };
}
