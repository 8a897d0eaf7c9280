/** Which versions of a contract's other systems go with the release that its upgrade goes to. */
import type { Text } from '../basics/text';
import { inBoth } from '../basics/text';
import type { Fitting } from './fits';
import { fits } from './fits';

/** What releases say of a contract's systems, each for those that it names. */
export const goesWithOf = (systems: readonly string[], releases: readonly Fitting[]): Fitting[] =>
  releases.flatMap(({ product, version, fit, components }) => {
    const named = Object.entries(components).filter(([id]) => id !== product && systems.includes(id));
    if (named.length === 0) return [];
    return [{ product, version, ...(fit && { fit }), components: Object.fromEntries(named) }];
  });

const naming = (all: readonly Fitting[], system: string): Fitting[] =>
  all.filter(({ components }) => Object.hasOwn(components, system));

/**
 * Why a version of a system does not go with a release.
 * @param others versions of the other systems, by id
 * @returns nothing where it fits, or where nobody knows
 */
export const misfitOf = (
  all: readonly Fitting[],
  system: string,
  version: string,
  others: Readonly<Record<string, string>>,
): Text | undefined =>
  naming(all, system)
    .map((release) => fits(release, system, version, others))
    .find(({ answer }) => answer === 'doesNotFit')?.because;

/**
 * Which versions of a system go with a release, in words: `5.3 eller 6.x`.
 * @param versions those of today, by id
 * @returns nothing where that of today fits, or where nobody knows
 */
export function neededOf(
  all: readonly Fitting[],
  system: string,
  versions: Readonly<Record<string, string>>,
): Text | undefined {
  const declared = versions[system] ?? '';
  const release = naming(all, system).find((one) => misfitOf([one], system, declared, versions));
  const { fits: listed, fit = release?.fit } = release?.components[system] ?? {};
  if (!release || (!listed && !fit)) return undefined;
  if (listed) return { sv: listed.join(' eller '), en: listed.join(' or ') };
  const { digits = 0 } = fit ?? {};
  return digits >= 4
    ? inBoth(release.version)
    : {
        sv: `en där de första ${digits} siffrorna är som i ${release.version}`,
        en: `one whose first ${digits} digits are as in ${release.version}`,
      };
}
