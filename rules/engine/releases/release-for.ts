import type { Text } from '../basics/text';
import type { LocalDate } from '../contract/contract';
import type { Release } from './release';
import { compareVersions } from './versions';

/** The release to upgrade to, or none, and why. */
export interface ChosenRelease {
  release?: Release;
  because: Text;
}

/**
 * The newest release of a product that may be used on a day, is not withdrawn then, and is newer than what the contract
 * declares. Of one that is withdrawn its replacement is taken, though it may be used later alone. Where there is none, `because` says it honestly: nothing newer, not usable yet, withdrawn.
 *
 * @param declared the version in the contract, as `17.0` or `17.10.0`
 */
export function releaseFor(
  releases: readonly Release[],
  product: string,
  declared: string,
  on: LocalDate,
): ChosenRelease {
  const all = releases.filter((each) => each.product === product).sort(byVersion);
  if (all.length === 0) return { because: noneOf(product) };
  if (compareVersions(declared, declared) === undefined) return { because: unread(product, declared) };
  const newer = all.filter(({ version }) => (compareVersions(version, declared) ?? 0) > 0);
  const come = newer.filter((each) => each.usableFrom <= on);
  const usable = come.filter((each) => !isWithdrawn(each, on));
  const last = come.at(-1);
  const release = (last && replacementOf(releases, last, on)) ?? usable.at(-1);
  const left = newer
    .filter((each) => each !== release && !usable.includes(each))
    .map((each) => whyNot(each, on))
    .reduce((text, why) => ({ sv: `${text.sv}; ${why.sv}`, en: `${text.en}; ${why.en}` }), {
      sv: '',
      en: '',
    });
  const told = release === undefined ? nothingNewer(product, declared) : newest(release);
  const because = { sv: told.sv + left.sv, en: told.en + left.en };
  return release === undefined ? { because } : { release, because };
}

/**
 * A release itself, or where it is withdrawn on a day the one that takes its place, which may be withdrawn and replaced as well.
 * @returns nothing where none takes its place
 */
export function replacementOf(
  releases: readonly Release[],
  release: Release,
  on: LocalDate,
): Release | undefined {
  const { withdrawn } = release;
  if (!withdrawn || !isWithdrawn(release, on)) return release;
  const next =
    withdrawn.replacedBy === undefined
      ? undefined
      : findRelease(releases, release.product, withdrawn.replacedBy);
  // A replacement is newer, as `check` asks for: this comes to an end.
  return next && byVersion(next, release) > 0 ? replacementOf(releases, next, on) : undefined;
}

/** A release by its version, as the contract or a plan writes it. */
export const findRelease = (
  releases: readonly Release[],
  product: string,
  version: string,
): Release | undefined =>
  releases.find((each) => each.product === product && compareVersions(each.version, version) === 0);

/** The releases that an upgrade takes at once, oldest first: newer than what is declared, up to the one chosen. */
export const releasesUpTo = (
  releases: readonly Release[],
  chosen: Pick<Release, 'product' | 'version'>,
  declared: string,
): Release[] =>
  releases
    .filter(
      ({ product, version }) =>
        product === chosen.product &&
        (compareVersions(version, declared) ?? 0) > 0 &&
        (compareVersions(version, chosen.version) ?? 1) <= 0,
    )
    .sort(byVersion);

/** Whether a release is withdrawn on a day: nobody may begin with it then. */
export const isWithdrawn = ({ withdrawn }: Release, on: LocalDate): boolean =>
  withdrawn !== undefined && withdrawn.on <= on;

export const byVersion = (one: Release, other: Release): number =>
  compareVersions(one.version, other.version) ?? 0;

const noneOf = (product: string): Text => ({
  sv: `reglerna har ingen version av ${product}`,
  en: `the rules have no release of ${product}`,
});

const unread = (product: string, declared: string): Text => ({
  sv: `avtalets version av ${product}, ${declared}, är ingen som AA.BC.D: vad som är nyare går inte att säga`,
  en: `the contract's version of ${product}, ${declared}, is none as AA.BC.D: what is newer cannot be told`,
});

const nothingNewer = (product: string, declared: string): Text => ({
  sv: `det finns ingen nyare version av ${product} än ${declared} att använda`,
  en: `there is no newer release of ${product} than ${declared} to use`,
});

const newest = ({ product, version, usableFrom }: Release): Text => ({
  sv: `${product} ${version} är den nyaste, och får användas från ${usableFrom}`,
  en: `${product} ${version} is the newest, and may be used from ${usableFrom}`,
});

function whyNot({ version, usableFrom, withdrawn }: Release, on: LocalDate): Text {
  if (withdrawn && withdrawn.on <= on)
    return {
      sv: `${version} drogs tillbaka ${withdrawn.on}: ${withdrawn.reason.sv}`,
      en: `${version} was withdrawn on ${withdrawn.on}: ${withdrawn.reason.en}`,
    };
  return {
    sv: `${version} får användas först från ${usableFrom}`,
    en: `${version} may not be used before ${usableFrom}`,
  };
}
