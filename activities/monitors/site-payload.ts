/** What travels between a site's worker and us stands in a workflow's history: it is kept small. */
import type { CheckState, Transition } from '../../rules/engine/monitoring/check-state';

/** Bytes that one input or result is meant to stay below. */
export const largestPayload = 45_000;

/** Characters of an answer that are kept where the whole is too large; then none. */
const shorterAnswers = [200, 0];

const cut = <T extends { answer?: string }>(one: T, longest: number): T => {
  const { answer, ...rest } = one;
  return (answer === undefined || longest === 0 ? rest : { ...rest, answer: answer.slice(0, longest) }) as T;
};

interface Travelling {
  states: { agreement: string; id: string; state: CheckState }[];
  transitions?: Transition[];
  rechecked?: { still?: Transition }[];
}

/**
 * The same with as much of the answers as fits, and at last without what states say besides how things are. Checks and
 * changes are never left out, however many: one that is not told is worse than a large payload.
 */
export function fitting<T extends Travelling>(whole: T): T {
  const small = (value: T): boolean => Buffer.byteLength(JSON.stringify(value)) <= largestPayload;
  let fit = whole;
  for (const longest of shorterAnswers) {
    if (small(fit)) return fit;
    fit = {
      ...fit,
      states: fit.states.map((each) => ({ ...each, state: cut(each.state, longest) })),
      ...(fit.transitions && { transitions: fit.transitions.map((each) => cut(each, longest)) }),
      ...(fit.rechecked && {
        rechecked: fit.rechecked.map((each) =>
          each.still ? { ...each, still: cut(each.still, longest) } : each,
        ),
      }),
    };
  }
  if (small(fit)) return fit;
  return {
    ...fit,
    states: fit.states.map(({ state: { message: _, ...state }, ...id }) => ({ ...id, state })),
  };
}
