import type { Text } from '../basics/text';
import { fittingOf } from '../releases/goes-with';
import { lineOf } from '../releases/versions';
import type { UpgradePlan } from './plan';

/** Where an upgrade goes: its releases by system, and what they say of the contract's other systems. */
export type GoesTo = Required<Pick<UpgradePlan, 'targets' | 'goesWith'>>;

/**
 * Where an upgrade of a plan goes. One that an earlier year left goes where it was to go then; in plans made before that was told,
 * where the year's own goes, and nothing is said of other systems.
 *
 * @param upgrade `upgrade`, or `upgrade-1` for one that an earlier year left
 */
export function goesTo(plan: UpgradePlan | undefined, upgrade: string): GoesTo {
  const { targets = {}, goesWith = [], carried } = plan ?? {};
  if (upgrade === 'upgrade' || !carried) return { targets, goesWith };
  return carried.targets
    ? { targets: carried.targets, goesWith: carried.goesWith ?? [] }
    : { targets, goesWith: [] };
}

/** The upgrade that the result of a part belongs to, by its key: `system/visma-business`, or `upgrade-1:system/visma-business`. */
export const upgradeOfKey = (key: string): string => /^upgrade-\d+(?=:)/.exec(key)?.[0] ?? 'upgrade';

/** Which versions of an integration go with the release of a system, in words. */
export interface FittingVersions {
  system: string;
  version: string;
  versions: Text;
}

/**
 * Which versions of an integration go with the releases that an upgrade goes to, as far as those know. A release of which another
 * line was installed says nothing.
 *
 * @param installed the versions that systems have now, by id
 */
export const fittingVersions = (
  { goesWith }: GoesTo,
  integration: string,
  installed: Readonly<Record<string, string>>,
): FittingVersions[] =>
  goesWith.flatMap((release) => {
    const { product: system, version } = release;
    const versions = fittingOf(release, integration);
    const is = installed[system] ?? version;
    return versions && lineOf(is) === lineOf(version) ? [{ system, version, versions }] : [];
  });
