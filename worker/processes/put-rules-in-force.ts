/** Decides at a start which ruleset is in force, and says so. */
import type { Db } from '../../activities/db';
import {
  lookAtRulesetInForce,
  NewerRulesetError,
  publishRuleset,
} from '../../activities/agreements/rulesets';
import { decideRulesetAtStart } from '../../rules/engine/ruleset/decide-ruleset-at-start';
import { rulesetFormat } from '../../rules/engine/ruleset/read-ruleset';
import type { RulesOnDisk } from '../files/rule-files';

/**
 * Puts the rule files in force by itself in two cases: there is no ruleset yet, or the one in force was written by an
 * earlier version and this one can no longer read it. Otherwise applying is a person's decision. Rule files that fail
 * are not applied; the last good ruleset stays in force.
 *
 * @param rules the rule files, or what is wrong with them
 * @param format the format of rule files that this version writes and reads
 * @throws if the ruleset in force is a newer version's, or is of this version and cannot be read: this process can then
 *   neither plan nor sign
 */
export async function putRulesInForce(
  db: Db,
  rules: RulesOnDisk | Error,
  say: (line: string) => void,
  format: number = rulesetFormat,
): Promise<void> {
  const inForce = await lookAtRulesetInForce(db, format);
  const decision = decideRulesetAtStart(inForce, format);
  const before = inForce?.hash.slice(0, 8) ?? '';
  if (inForce !== undefined && decision === 'refuse-newer')
    throw new NewerRulesetError(inForce.hash, inForce.format, format);
  if (decision === 'refuse-unreadable')
    throw new Error(
      `The ruleset in force, ${before}, cannot be read: ${inForce?.unreadable ?? ''}.\n` +
        `Nothing is put in its place unasked, and nothing starts. \`npx serviceavtal rulesets show ${before}\` shows its\n` +
        'files; `npx serviceavtal apply` puts the rule files in force instead.',
    );
  if (rules instanceof Error) {
    if (decision !== 'keep') throw rules;
    return say(`${rules.message}\nThe ruleset in force stays: ${before}.`);
  }
  const { ruleset } = rules;
  const name = ruleset.hash.slice(0, 8);
  if (decision === 'keep') {
    if (inForce?.hash === ruleset.hash) return;
    return say(
      `The rule files say something else (${name}) than the ruleset in force (${before}), which stays.\n` +
        'See what they would change with `npx serviceavtal plan`, and decide with `npx serviceavtal apply`.',
    );
  }
  const message =
    decision === 'publish-first' ? 'the first ruleset' : 'the one before was written for an earlier version';
  await publishRuleset(db, ruleset, { author: '', message }, format);
  say(`Ruleset ${name} is in force (${message}).`);
}
