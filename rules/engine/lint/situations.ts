import type { FactValues, Question } from '../terms/evaluate-conditions';
import { factNames } from '../ruleset/facts';
import type { FactName, FactValue } from '../ruleset/facts';
import { joined } from '../basics/text';
import type { Text } from '../basics/text';
import { anyOther, representativeValues } from './representative-values';

/** The only values that some facts can have in what is checked, such as the level in a level's file. */
export type Domains = Partial<Record<FactName, readonly FactValue[]>>;

/** Sets of facts that stand for all others: some conditions answer alike for any further set. */
export interface Situations {
  facts: FactValues[];
  /** False if there were too many: facts were then varied in pairs, and something may have been missed. */
  exact: boolean;
}

/**
 * The situations that conditions with these questions can tell apart.
 *
 * @param starts facts to try in any case, also where all combinations are more than `limit`
 */
export function situationsOf(
  questions: readonly Question[],
  domains: Domains,
  limit: number,
  starts: readonly FactValues[] = [],
): Situations {
  const axes = axesOf(questions, domains);
  const count = axes.reduce((product, { values }) => product * values.length, 1);
  const exact = axes.every((axis) => axis.exact);
  const isPossible = possibleWith(axes);
  if (count <= limit) return { facts: combinations(axes).filter(isPossible), exact };
  return { facts: inPairs(axes, starts, limit).filter(isPossible), exact: false };
}

interface Axis {
  fact: FactName;
  values: FactValue[];
  exact: boolean;
}

function axesOf(questions: readonly Question[], domains: Domains): Axis[] {
  return factNames.flatMap((fact) => {
    const asked = questions.filter((question) => question.fact === fact);
    const fixed = domains[fact]?.length === 1;
    return asked.length === 0 && !fixed
      ? []
      : [{ fact, ...representativeValues(fact, asked, domains[fact]) }];
  });
}

function combinations(axes: readonly Axis[]): FactValues[] {
  return axes.reduce<FactValues[]>(
    (made, { fact, values }) => made.flatMap((facts) => values.map((value) => ({ ...facts, [fact]: value }))),
    [{}],
  );
}

/**
 * Not all situations, but those that find most: the starts, every two of them combined, and the plainest facts with
 * every two facts varied together (of very many values only some, spread over all).
 */
function inPairs(axes: readonly Axis[], starts: readonly FactValues[], limit: number): FactValues[] {
  const plain = Object.fromEntries(
    axes.flatMap(({ fact, values: [first] }) => (first === undefined ? [] : [[fact, first]])),
  );
  const laid = [{}, ...starts].flatMap((below) =>
    [{}, ...starts].map((above) => ({ ...plain, ...below, ...above })),
  );
  const pairs = axes.flatMap((one, index) => axes.slice(index + 1).map((other) => [one, other] as const));
  const most = Math.max(2, Math.floor(Math.sqrt(limit / pairs.length)));
  const varied = pairs.flatMap(([one, other]) =>
    combinations([thinned(one, most), thinned(other, most)]).map((facts) => ({ ...plain, ...facts })),
  );
  return [...laid.slice(0, limit), ...varied];
}

/** The axis with at most so many of its values, spread over all. */
function thinned({ fact, values, exact }: Axis, most: number): Axis {
  const step = Math.ceil(values.length / most);
  return { fact, values: values.filter((_, index) => index % step === 0), exact };
}

/** Leaves out facts that no contract can have together. */
function possibleWith(axes: readonly Axis[]): (facts: FactValues) => boolean {
  const known = new Set(axes.find(({ fact }) => fact === 'systems')?.values.flat());
  return ({ integrations = [], integrationCount = Infinity, systems = [], systemVersions = [] }) => {
    const versioned = (systemVersions as string[]).map((version) => version.split(' ')[0] ?? '');
    return (
      (integrations as string[]).length <= (integrationCount as number) &&
      new Set(versioned).size === versioned.length &&
      versioned.every((system) => !known.has(system) || (systems as string[]).includes(system))
    );
  };
}

/** A situation in words: `level guld, any other customer, contractedHours 100`. */
export function describeSituation(facts: FactValues): Text {
  const parts = Object.entries(facts).map(([fact, value]): Text => {
    if (value === anyOther) return { sv: `${fact} någon annan`, en: `${fact} any other` };
    if (Array.isArray(value) && value.length === 0) return { sv: `${fact} inga`, en: `${fact} none` };
    const shown = Array.isArray(value) ? value.join(' + ') : String(value);
    return joined(`${fact} ${shown}`);
  });
  return joined(...parts.flatMap((part, index) => (index === 0 ? [part] : [', ', part])));
}
