import type { Finding } from '../reading/finding';
import { expectedFound } from '../basics/text';
import type { Text } from '../basics/text';
import type { CheckContext } from './check-context';
import { findingIn } from './placed-rule';

const bands: Record<'levels' | 'customers', { ranges: [from: number, to: number][]; expected: Text }> = {
  levels: {
    ranges: [
      [100, 100],
      [300, 499],
    ],
    expected: {
      sv: '100 (grund) eller 300–499 (tillägg) i levels/',
      en: '100 (base) or 300–499 (addition) in levels/',
    },
  },
  customers: {
    ranges: [[500, 999]],
    expected: {
      sv: '500–899 (kund) eller 900–999 (undantag) i customers/',
      en: '500–899 (customer) or 900–999 (exception) in customers/',
    },
  },
};

/** Checks that priorities lie in the band of their folder: a level's rule never overrides a customer's. */
export function checkBands({ files }: CheckContext): Finding[] {
  return files.flatMap(({ home, rules }) => {
    const { ranges, expected } = bands[home.folder];
    return rules
      .filter(({ rule }) => !ranges.some(([from, to]) => rule.priority >= from && rule.priority <= to))
      .map((placed) =>
        findingIn(placed, ['priority'], expectedFound(expected, String(placed.rule.priority))),
      );
  });
}
