/** Decides at a start which ruleset is in force, and says so. */
import { spoken } from '../basics/spoken';
import type { Db } from '../../activities/db';
import {
  lookAtRulesetInForce,
  NewerRulesetError,
  publishRuleset,
} from '../../activities/agreements/rulesets';
import { decideRulesetAtStart } from '../../rules/engine/ruleset/decide-ruleset-at-start';
import { rulesetFormat } from '../../rules/engine/ruleset/read-ruleset';
import type { RulesOnDisk } from '../files/rule-files';

const said = {
  sv: {
    first: 'det första regelverket',
    earlier: 'det förra skrevs för en tidigare version',
    inForce: (name: string, why: string) => `Regelverk ${name} är i kraft (${why}).`,
    stays: (before: string) => `Regelverket i kraft gäller fortfarande: ${before}.`,
    differs: (name: string, before: string) =>
      `Regelfilerna säger något annat (${name}) än regelverket i kraft (${before}), som gäller fortfarande.\n` +
      'Se vad de skulle ändra med `npx serviceavtal plan`, och bestäm med `npx serviceavtal apply`.',
    unreadable: (before: string, why: string) =>
      `Regelverket i kraft, ${before}, går inte att läsa: ${why}.\n` +
      `Inget sätts i dess ställe oombett, och inget startar. \`npx serviceavtal rulesets show ${before}\` visar dess\n` +
      'filer; `npx serviceavtal apply` sätter regelfilerna i kraft i stället.',
  },
  en: {
    first: 'the first ruleset',
    earlier: 'the one before was written for an earlier version',
    inForce: (name: string, why: string) => `Ruleset ${name} is in force (${why}).`,
    stays: (before: string) => `The ruleset in force stays: ${before}.`,
    differs: (name: string, before: string) =>
      `The rule files say something else (${name}) than the ruleset in force (${before}), which stays.\n` +
      'See what they would change with `npx serviceavtal plan`, and decide with `npx serviceavtal apply`.',
    unreadable: (before: string, why: string) =>
      `The ruleset in force, ${before}, cannot be read: ${why}.\n` +
      `Nothing is put in its place unasked, and nothing starts. \`npx serviceavtal rulesets show ${before}\` shows its\n` +
      'files; `npx serviceavtal apply` puts the rule files in force instead.',
  },
} as const;

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
  const words = said[spoken()];
  const inForce = await lookAtRulesetInForce(db, format);
  const decision = decideRulesetAtStart(inForce, format);
  const before = inForce?.hash.slice(0, 8) ?? '';
  if (inForce !== undefined && decision === 'refuse-newer')
    throw new NewerRulesetError(inForce.hash, inForce.format, format);
  if (decision === 'refuse-unreadable') throw new Error(words.unreadable(before, inForce?.unreadable ?? ''));
  if (rules instanceof Error) {
    if (decision !== 'keep') throw rules;
    return say(`${rules.message}\n${words.stays(before)}`);
  }
  const { ruleset } = rules;
  const name = ruleset.hash.slice(0, 8);
  if (decision === 'keep') {
    if (inForce?.hash === ruleset.hash) return;
    return say(words.differs(name, before));
  }
  const because = decision === 'publish-first' ? 'first' : 'earlier';
  await publishRuleset(db, ruleset, { author: '', message: said.en[because] }, format);
  say(words.inForce(name, words[because]));
}
