import { didYouMean } from '../basics/did-you-mean';
import { expectedFound, joined } from '../basics/text';
import type { Text } from '../basics/text';
import type { Finding } from '../reading/finding';
import { findingAt } from '../reading/finding-at';
import { homeOf } from '../ruleset/ruleset-paths';
import type { CheckContext } from './check-context';
import { findingIn } from './placed-rule';

/** What rules are written for: an agreement that was signed and has not ended. */
export interface SignedAgreement {
  agreement: string;
  /** The customer's id. */
  customer: string;
  level: string;
}

/**
 * Warns of rules that no agreement is under: files and conditions for a customer that nobody has; and of agreements at a
 * level that no file gives. Where nothing was signed yet, there is nothing to compare with.
 *
 * @param paths of all rule files
 */
export function checkSigned(
  paths: readonly string[],
  { files, levels }: CheckContext,
  signed: readonly SignedAgreement[],
): Finding[] {
  if (signed.length === 0) return [];
  const customers = [...new Set(signed.map(({ customer }) => customer))];
  const foldersSeen = new Set(customers);
  const strangers = paths.flatMap((path) => {
    const home = homeOf(path);
    if (home?.folder !== 'customers' || foldersSeen.has(home.customer)) return [];
    foldersSeen.add(home.customer);
    return [findingAt('', `rules/${path}`, 0, noCustomer(home.customer, customers), 'warning')];
  });
  // A customer's own rules name the customer of their folder: the folder tells of them, and `checkOwners` of others.
  const conditions = files.flatMap(({ home, rules }) =>
    (home.folder === 'customers' ? [] : rules).flatMap((placed) =>
      placed.questions.flatMap(({ fact, path, value }) =>
        [value].flat().flatMap((one, index) => {
          if (fact !== 'customer' || typeof one !== 'string' || customers.includes(one)) return [];
          const at = ['conditions', ...path, 'value', ...(Array.isArray(value) ? [String(index)] : [])];
          return [findingIn(placed, at, noCustomer(one, customers), { severity: 'warning' })];
        }),
      ),
    ),
  );
  const missing = [...new Set(signed.map(({ level }) => level))].filter((level) => !levels.includes(level));
  const levelless = missing.map((level) => {
    const at = signed.flatMap((each) => (each.level === level ? [each.agreement] : [])).join(', ');
    const found = {
      sv: `ingen, men avtal på den nivån: ${at}`,
      en: `none, but agreements at that level: ${at}`,
    };
    return findingAt('', 'rules', 0, expectedFound(`levels/${level}.json`, found), 'warning');
  });
  return [...strangers, ...conditions, ...levelless];
}

function noCustomer(found: string, customers: readonly string[]): Text {
  const expected = { sv: 'id för en kund med avtal', en: 'the id of a customer with an agreement' };
  return joined(expectedFound(expected, `"${found}"`), didYouMean(found, customers));
}
