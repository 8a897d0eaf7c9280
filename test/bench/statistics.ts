/** What is made of repeated measurements on a machine that does other things too. */

/** One measurement of the product beside the bare one taken right after it. */
export interface Pair {
  product: number;
  bare: number;
}

/** The middle value; of an even number of values the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  if (upper === undefined || lower === undefined) throw new Error('expected at least one value, found none');
  return (upper + lower) / 2;
}

export interface Compared {
  product: number;
  bare: number;
  /** Median of the pairs' own ratios: what disturbs a pair disturbs both of its halves. */
  ratio: number;
  lowestRatio: number;
  highestRatio: number;
}

/** Medians of both sides, and of their ratios pair by pair. */
export function compare(pairs: readonly Pair[]): Compared {
  const ratios = pairs.map(({ product, bare }) => product / bare);
  return {
    product: median(pairs.map(({ product }) => product)),
    bare: median(pairs.map(({ bare }) => bare)),
    ratio: median(ratios),
    lowestRatio: Math.min(...ratios),
    highestRatio: Math.max(...ratios),
  };
}

/** Measures both sides in turn, the other one first every second time. */
export async function interleave(
  repetitions: number,
  product: () => Promise<number>,
  bare: () => Promise<number>,
  onRepetition: (done: number) => void,
): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (let done = 0; done < repetitions; done += 1) {
    const pair: Partial<Pair> = {};
    const productTurn = async (): Promise<void> => void (pair.product = await product());
    const bareTurn = async (): Promise<void> => void (pair.bare = await bare());
    for (const turn of done % 2 === 0 ? [productTurn, bareTurn] : [bareTurn, productTurn]) await turn();
    pairs.push(pair as Pair);
    onRepetition(done + 1);
  }
  return pairs;
}
