/** Which versions of a contract's other systems go with the release that its upgrade goes to. */
import type { Text } from '../basics/text';
import { inBoth } from '../basics/text';
import type { Contract } from '../contract/contract';
import type { Fitting } from './fits';
import { fits } from './fits';

/** What releases say of some systems and integrations of a contract, each for those that it names. */
export const goesWithOf = (ids: readonly string[], releases: readonly Fitting[]): Fitting[] =>
  releases.flatMap(({ product, version, fit, components }) => {
    const named = Object.entries(components).filter(([id]) => id !== product && ids.includes(id));
    if (named.length === 0) return [];
    return [{ product, version, ...(fit && { fit }), components: Object.fromEntries(named) }];
  });

/** What of a contract a release can say something of, by the ids that its components have. */
export const idsToFit = ({ systems, integrations }: Pick<Contract, 'systems' | 'integrations'>): string[] => [
  ...Object.keys(systems),
  ...integrations.map(({ id }) => id),
];

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
  return release && fittingOf(release, system);
}

/**
 * Which versions of a component go with a release, in words: `5.3 eller 6.x`.
 * @returns nothing where the release does not know
 */
export function fittingOf(release: Fitting, component: string): Text | undefined {
  const known = Object.hasOwn(release.components, component) ? release.components[component] : undefined;
  if (!known) return undefined;
  const { fits: listed, fit = release.fit } = known;
  if (!listed && !fit) return undefined;
  if (listed) return { sv: listed.join(' eller '), en: listed.join(' or ') };
  const { digits = 0 } = fit ?? {};
  return digits >= 4
    ? inBoth(release.version)
    : {
        sv: `en där de första ${digits} siffrorna är som i ${release.version}`,
        en: `one whose first ${digits} digits are as in ${release.version}`,
      };
}
