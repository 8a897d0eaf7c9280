/** Rulesets for tests: the working rules with further rules, or with a part changed. */
import { cpSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../worker/settings/configuration';
import type { Ruleset } from '../../rules/engine/ruleset/read-ruleset';
import { readRuleset } from '../../rules/engine/ruleset/read-ruleset';
import type { Rule, RuleFile, RulesetFiles } from '../../rules/engine/ruleset/terms';
import { workingRules } from './example';

const levelFile = 'levels/guld.json';

/** A ruleset from its texts. @throws if they have errors */
export function rulesetOf(texts: RulesetFiles): Ruleset {
  const { ruleset, findings } = readRuleset(texts);
  if (!ruleset) throw new Error(`a ruleset of a test does not read: ${JSON.stringify(findings)}`);
  return ruleset;
}

/** The working rules with their level file changed. */
export function changedLevel(change: (level: RuleFile) => void, more: RulesetFiles = {}): Ruleset {
  const { texts } = workingRules();
  const level = JSON.parse(texts[levelFile] ?? '') as RuleFile;
  change(level);
  return rulesetOf({ ...texts, [levelFile]: JSON.stringify(level, null, 2), ...more });
}

/** The working rules with so many meetings a year. */
export const withMeetings = (perYear: number): Ruleset =>
  changedLevel((level) => {
    const meetings = level.rules.find(({ event }) => event.type === 'meetings');
    if (!meetings) throw new Error('expected a rule on meetings');
    meetings.event.params = { ...meetings.event.params, perYear };
  });

/** The working rules followed by these rules. */
export const withRules = (...rules: Rule[]): Ruleset =>
  changedLevel((level) => void level.rules.push(...rules));

/** One condition: `when('date', 'lessThan', '2027-07-01')`. */
export const when = (fact: string, operator: string, value: unknown): object => ({ fact, operator, value });
export const from = (day: string): object => when('date', 'greaterThanInclusive', day);
export const until = (day: string): object => when('date', 'lessThan', day);

/** A rule by which mails go out at any hour of the day: a test on the wall clock is right at night as well. */
export const sleepless: Rule = {
  name: 'prov: mejl dygnet runt',
  priority: 499,
  conditions: { all: [when('level', 'equal', 'guld')] },
  event: { type: 'support', params: { outsideHours: 'send' } },
};

/**
 * Copies the rules into a folder that is not there yet, with that rule and others.
 * @returns the folder
 */
export function writeSleeplessRules(folder: string, ...rules: Rule[]): string {
  cpSync(path.join(projectRoot, 'rules'), folder, { recursive: true });
  writeFileSync(path.join(folder, levelFile), withRules(sleepless, ...rules).texts[levelFile] ?? '');
  return folder;
}

let count = 0;

/** A rule with a higher priority than the level's, for every guld agreement unless conditions restrict it. */
export function rule(
  topic: string,
  params: Record<string, unknown>,
  conditions: object[] = [],
  more: Partial<Rule> = {},
): Rule {
  return {
    name: `prov ${String(++count)}: ${topic}`,
    priority: 400,
    conditions: { all: [when('level', 'equal', 'guld'), ...conditions] },
    event: { type: topic, params },
    ...more,
  };
}
