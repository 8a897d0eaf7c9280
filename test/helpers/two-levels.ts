/** The working rules with two levels: `guld` with four meetings, `platina` with six. */
import type { Ruleset } from '../../rules/engine/ruleset/read-ruleset';
import type { RuleFile } from '../../rules/engine/ruleset/terms';
import { rulesetOf } from './changed-rules';
import { workingRules } from './example';

/** Makes the ruleset. @param replaced terms of `platina` that differ from those of `guld`, by topic */
export function twoLevels(
  replaced: Record<string, Record<string, unknown>> = { meetings: { perYear: 6 } },
): Ruleset {
  const { texts } = workingRules();
  const level = JSON.parse((texts['levels/guld.json'] ?? '').replaceAll('guld', 'platina')) as RuleFile;
  for (const { event, priority } of level.rules)
    if (priority === 100) Object.assign(event.params, replaced[event.type]);
  return rulesetOf({ ...texts, 'levels/platina.json': JSON.stringify(level) });
}
