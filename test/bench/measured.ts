/** What the parts of the benchmark have in common. */
import type { StackAddresses } from '../../worker/local/running-stack';
import type { Pair } from './statistics';

export type BenchStack = StackAddresses & { cacheDir: string };

/** One line of the result. */
export interface Measured {
  id: string;
  name: string;
  unit: string;
  product: number;
  /** The same thing without the product, measured in the same run. */
  bare?: number;
  ratio?: number;
  lowestRatio?: number;
  highestRatio?: number;
  goal?:
    { of: 'ratio'; atLeast: number } | { of: 'ratio'; atMost: number } | { of: 'product'; below: number };
  note?: string;
  pairs?: Pair[];
  /** Single measurements where there is no bare counterpart to pair them with. */
  values?: number[];
}

/** Whether a goal is reached; nothing where none is set. */
export function reached({ goal, ratio, product }: Measured): boolean | undefined {
  if (!goal) return undefined;
  if (goal.of === 'product') return product < goal.below;
  return 'atLeast' in goal ? (ratio ?? 0) >= goal.atLeast : (ratio ?? Infinity) <= goal.atMost;
}
