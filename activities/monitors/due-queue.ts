/** A queue of what is due when: the earliest first, in time that grows with the logarithm of its length. */
import { Heap } from 'heap-js';

export interface DueQueue<T> {
  push(due: number, item: T): void;
  /** The earliest, without taking it. */
  peek(): { due: number; item: T } | undefined;
  pop(): { due: number; item: T } | undefined;
}

/** Of items due at the same time the one pushed first comes first: a heap alone keeps no order among equals. */
export function dueQueue<T>(): DueQueue<T> {
  const heap = new Heap<{ due: number; order: number; item: T }>(
    (a, b) => a.due - b.due || a.order - b.order,
  );
  let pushed = 0;
  return {
    push(due, item) {
      heap.push({ due, order: (pushed += 1), item });
    },
    peek: () => heap.peek(),
    pop: () => heap.pop(),
  };
}
