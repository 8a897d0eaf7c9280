/** A queue of what is due when: the earliest first, in time that grows with the logarithm of its length. */

export interface DueQueue<T> {
  push(due: number, item: T): void;
  /** The earliest, without taking it. */
  peek(): { due: number; item: T } | undefined;
  pop(): { due: number; item: T } | undefined;
}

/** A binary heap; of items due at the same time the one pushed first comes first. */
export function dueQueue<T>(): DueQueue<T> {
  const heap: { due: number; order: number; item: T }[] = [];
  let pushed = 0;
  const before = (a: number, b: number): boolean => {
    const [one, other] = [heap[a]!, heap[b]!];
    return one.due < other.due || (one.due === other.due && one.order < other.order);
  };
  const swap = (a: number, b: number): void => {
    [heap[a], heap[b]] = [heap[b]!, heap[a]!];
  };
  return {
    push(due, item) {
      heap.push({ due, order: (pushed += 1), item });
      for (let at = heap.length - 1; at > 0;) {
        const above = (at - 1) >> 1;
        if (!before(at, above)) return;
        swap(at, above);
        at = above;
      }
    },
    peek: () => heap[0],
    pop() {
      const first = heap[0];
      const last = heap.pop();
      if (first === undefined || last === undefined || heap.length === 0) return first;
      heap[0] = last;
      for (let at = 0; ;) {
        const [left, right] = [2 * at + 1, 2 * at + 2];
        let least = at;
        if (left < heap.length && before(left, least)) least = left;
        if (right < heap.length && before(right, least)) least = right;
        if (least === at) return first;
        swap(at, least);
        at = least;
      }
    },
  };
}
