import { joined } from '../basics/text';
import type { Finding } from '../reading/finding';
import type { CheckContext } from './check-context';
import { findingIn } from './placed-rule';

/**
 * Warns of a level's rule by which some work counts for more or less than its time: "timmarna får fritt disponeras". What one
 * customer has signed stands in that customer's rules.
 */
export function checkPromises({ files }: CheckContext): Finding[] {
  return files.flatMap(({ home, rules }) =>
    (home.folder === 'levels' ? rules : []).flatMap((placed) =>
      placed.leaves.flatMap(({ path, json }) => {
        const [kinds, , term] = path;
        const isFactor =
          placed.rule.event.type === 'hourBank' && kinds === 'kinds' && term === 'factorPercent';
        if (!isFactor || json === '100') return [];
        const message = joined(
          {
            sv: 'timmarna "får fritt disponeras" enligt avtalet: annat än 100 hör hemma i reglerna för en kund som skrivit under det, hittade ',
            en: 'the hours are "to use freely" by the agreement: other than 100 belongs in the rules of a customer who signed it, found ',
          },
          json,
        );
        return [findingIn(placed, ['event', 'params', ...path], message, { severity: 'warning' })];
      }),
    ),
  );
}
