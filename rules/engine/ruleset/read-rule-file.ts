import { checkTerms } from './check-terms';
import type { Finding } from '../reading/finding';
import { explainAt, explainErrors, inFileOrder } from '../reading/explain-at';
import { readJson } from '../reading/read-json';
import type { JsonSource } from '../reading/read-json';
import { ruleFileErrors } from './rule-schemas';
import type { RuleFile } from './terms';
import { eachOnce } from '../basics/text';

/**
 * Reads a rule file from its text. Refuses what the engine would notice late or never: unknown facts, operators,
 * topics and terms, values of the wrong type, empty condition lists (which the engine takes for true), names used
 * twice.
 *
 * @param file the name findings carry, as `rules/levels/guld.json`
 * @returns the file, or all that is wrong with it, in the order of the file
 */
export function readRuleFile(text: string, file: string): { file?: RuleFile; findings: Finding[] } {
  const { source, findings } = readJson(text, file);
  if (source === undefined) return { findings };
  const wrong = explainErrors(source, ruleFileErrors(source.value));
  if (wrong.length === 0) wrong.push(...ruleFindings(source));
  return wrong.length > 0
    ? { findings: inFileOrder(wrong) }
    : { file: source.value as RuleFile, findings: [] };
}

/** Findings that the schema cannot give, for a file that passed it. */
function ruleFindings(source: JsonSource): Finding[] {
  const { rules } = source.value as RuleFile;
  return rules.flatMap(({ name, event }, index) => {
    const at = ['rules', String(index)];
    const first = rules.findIndex((rule) => rule.name === name);
    const twice = first === index ? [] : [explainAt(source, [...at, 'name'], eachOnce('name', name))];
    const conflicts = checkTerms(event.type, event.params).map(({ path, message }) =>
      explainAt(source, [...at, 'event', 'params', ...path], message),
    );
    return [...twice, ...conflicts];
  });
}
