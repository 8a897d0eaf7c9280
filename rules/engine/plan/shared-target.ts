import { later } from '../calendar/dates';
import type { Contract, LocalDate } from '../contract/contract';
import type { Release } from '../releases/release';
import { compareVersions } from '../releases/versions';
import { targetsOf, withdrawnTargets } from './targets';

/** An agreement of an installation, whose upgrade is to come or under way. */
export interface SharingUpgrade {
  agreement: string;
  contract: Pick<Contract, 'systems'>;
  /** First day of the window that its terms give the upgrade. */
  begins: LocalDate;
  /** Where an upgrade that is under way goes: it keeps that. */
  underWay?: Readonly<Record<string, string>> | undefined;
}

/** The release that an installation goes to, and what each of its agreements would have gone to by itself. */
export interface SharedTarget {
  version: string;
  choices: { agreement: string; version: string }[];
}

/**
 * The one release of a product that agreements which share an installation go to: that of an upgrade under way, else the lowest
 * of what each would choose by its own window that is newer than what any of them has.
 *
 * @returns nothing where none of them has a release to go to
 */
export function sharedTarget(
  product: string,
  sharing: readonly SharingUpgrade[],
  releases: readonly Release[],
  today: LocalDate,
): SharedTarget | undefined {
  const choices = sharing.flatMap(({ agreement, contract, begins, underWay }) => {
    const version = underWay
      ? underWay[product]
      : targetsOf(contract, releases, { on: later(begins, today), today })[product]?.version;
    return version === undefined ? [] : [{ agreement, version }];
  });
  const usable = choices.filter(
    ({ version }) => withdrawnTargets({ [product]: version }, releases, today)[product] === undefined,
  );
  const kept = usable.filter((one) =>
    sharing.some(({ agreement, underWay }) => underWay && agreement === one.agreement),
  );
  const among = (kept.length > 0 ? kept : usable).map(({ version }) => version).sort(byVersion);
  const had = sharing
    .map(({ contract }) => contract.systems[product]?.version ?? '')
    .sort(byVersion)
    .at(-1);
  const version = among.find((one) => byVersion(one, had ?? '') > 0) ?? among.at(-1);
  return version === undefined ? undefined : { version, choices };
}

const byVersion = (one: string, other: string): number => compareVersions(one, other) ?? 0;
