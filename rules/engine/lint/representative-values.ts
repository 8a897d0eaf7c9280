/** Few values of a fact that stand for all of them, so that the rules can be tried on every case. */
import type { FactValue, FactName } from '../ruleset/facts';
import { factCatalogue } from '../ruleset/facts';
import type { Question } from '../terms/evaluate-conditions';
import { addDays } from '../calendar/dates';

/** Stands for every id that no condition mentions; no id can look like it. */
export const anyOther = '*';

/** Longest list of mentioned members whose every combination is tried. */
const allSubsetsUpTo = 12;

/** The smallest and largest values contracts can have. */
const range: Partial<Record<string, [from: number, to: number]>> = {
  yearNumber: [1, Number.MAX_SAFE_INTEGER],
  contractedHours: [0, 100_000],
  integrationCount: [0, 100],
};

/**
 * Values of one fact that stand for all others: for any further value, all `questions` have the same answers as for one
 * of these.
 *
 * @param domain the only values the fact can have, if known
 * @returns the values, and whether they stand for all (of a long list not every combination is tried)
 */
export function representativeValues(
  fact: FactName,
  questions: readonly Question[],
  domain?: readonly FactValue[],
): { values: FactValue[]; exact: boolean } {
  const mentioned = [
    ...new Set(questions.flatMap(({ value }) => value as string | string[] | number | number[])),
  ];
  const { type, values = domain } = factCatalogue[fact];
  const among = (value: FactValue): boolean => values?.includes(value) ?? true;
  switch (type) {
    case 'id':
    case 'choice': {
      const known = (mentioned as string[]).filter(among);
      const other =
        values === undefined
          ? [anyOther]
          : values.filter((value) => !known.includes(value as string)).slice(0, 1);
      return { values: [...known, ...other], exact: true };
    }
    case 'date': {
      const dates = (mentioned as string[]).sort();
      const [first] = dates;
      return { values: first === undefined ? ['2027-01-01'] : [addDays(first, -1), ...dates], exact: true };
    }
    case 'count':
      return { values: steps(mentioned as number[], 1, range[fact]), exact: true };
    case 'hours':
      return { values: steps(mentioned as number[], 0.01, range[fact]), exact: true };
    case 'list':
      return subsets((mentioned as string[]).filter(among).sort());
  }
}

/** Each value and the value one step above it, and one step below the lowest. */
function steps(
  mentioned: number[],
  step: number,
  [from, to]: [number, number] = [0, Number.MAX_SAFE_INTEGER],
): number[] {
  const near = [Math.min(...mentioned) - step, ...mentioned.flatMap((value) => [value, value + step])];
  const exact = near.map((value) => Number(value.toFixed(2)));
  return [...new Set(exact)].filter((value) => value >= from && value <= to).sort((a, b) => a - b);
}

function subsets(members: string[]): { values: string[][]; exact: boolean } {
  if (members.length <= allSubsetsUpTo)
    return {
      values: members.reduce<string[][]>(
        (made, member) => [...made, ...made.map((set) => [...set, member])],
        [[]],
      ),
      exact: true,
    };
  const pairs = members.flatMap((a, index) => members.slice(index + 1).map((b) => [a, b]));
  return { values: [[], ...members.map((member) => [member]), ...pairs, members], exact: false };
}
