import type { Finding } from '../reading/finding';
import { didYouMean } from '../basics/did-you-mean';
import { expectedFound, joined } from '../basics/text';
import { topics } from '../ruleset/term-catalogue';
import type { CheckContext } from './check-context';
import type { PlacedRule } from './placed-rule';
import { findingIn } from './placed-rule';

/**
 * Checks that each rule asks, in its topmost `all`, for the level or customer whose file it is in; that a customer's
 * rule has the topic its file is named for; and that only customers' rules name an amendment.
 */
export function checkOwners({ files }: CheckContext): Finding[] {
  return files.flatMap(({ home, rules }) =>
    rules.flatMap((placed) =>
      home.folder === 'levels'
        ? [...checkOwner(placed, 'level', home.level), ...checkAmendment(placed)]
        : [...checkOwner(placed, 'customer', home.customer), ...checkTopic(placed, home.topic)],
    ),
  );
}

function checkOwner(placed: PlacedRule, fact: 'level' | 'customer', owner: string): Finding[] {
  const asked = placed.questions.filter(
    ({ path, operator, ...question }) =>
      path.length === 2 && path[0] === 'all' && operator === 'equal' && question.fact === fact,
  );
  if (asked.some(({ value }) => value === owner)) return [];
  const expected = {
    sv: `villkoret { "fact": "${fact}", "operator": "equal", "value": "${owner}" } i översta "all" (filen hör till ${owner})`,
    en: `the condition { "fact": "${fact}", "operator": "equal", "value": "${owner}" } in the topmost "all" (the file is for ${owner})`,
  };
  const [other] = asked;
  if (other === undefined)
    return [findingIn(placed, ['conditions'], expectedFound(expected, { sv: 'inget', en: 'none' }))];
  const message = joined(
    expectedFound(expected, `"${String(other.value)}"`),
    didYouMean(String(other.value), [owner]),
  );
  return [findingIn(placed, ['conditions', ...other.path, 'value'], message)];
}

function checkTopic(placed: PlacedRule, topic: string): Finding[] {
  const { type } = placed.rule.event;
  // A file named by no topic has its own finding.
  if (type === topic || !(topics as string[]).includes(topic)) return [];
  const expected = {
    sv: `ämnet "${topic}", som filen heter`,
    en: `the topic "${topic}", as the file is named`,
  };
  return [findingIn(placed, ['event', 'type'], expectedFound(expected, `"${type}"`))];
}

function checkAmendment(placed: PlacedRule): Finding[] {
  if (placed.rule.amendment === undefined) return [];
  const expected = {
    sv: 'tilläggsavtal bara i kunders regler (customers/)',
    en: "amendments in customers' rules only (customers/)",
  };
  const found = { sv: 'ett i en nivås regel', en: "one in a level's rule" };
  return [findingIn(placed, ['amendment'], expectedFound(expected, found), { aboutKey: true })];
}
