/** Keeps small what travels between a site's worker and us: it is stored in a workflow's history. */
import type { CheckState, Transition } from '../../rules/engine/monitoring/check-state';

/** Bytes that one input or result is meant to stay below. */
export const largestPayload = 45_000;

/** Characters of an answer that are kept where the whole is too large: first 200, then none. */
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
 * The payload with as much of the answers as fits; where that is not enough, states without their answers. Checks and
 * changes are never left out, however many: a change that is not told is worse than a large payload.
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
