/** What could never hold of releases together: several files of one product tell one story. */
import { didYouMean } from '../basics/did-you-mean';
import { expectedFound, joined } from '../basics/text';
import { explainAt } from '../reading/explain-at';
import { oneOf } from '../reading/explain-schema-error';
import type { Finding } from '../reading/finding';
import type { PlacedRelease } from './read-release';
import { byVersion } from './release-for';

/** Errors and warnings of all releases, product by product. */
export function checkReleases(placed: readonly PlacedRelease[]): Finding[] {
  const products = [...new Set(placed.map(({ release }) => release.product))];
  return products.flatMap((product) => {
    const all = placed
      .filter(({ release }) => release.product === product)
      .sort((a, b) => byVersion(a.release, b.release));
    return [
      ...all.flatMap((one, index) => outOfOrder(one, all[index - 1])),
      ...all.flatMap((one, index) => [...unreplaced(one, all), ...noWay(one, all.slice(index + 1))]),
      ...all.flatMap(unruled),
    ];
  });
}

/** A newer release that may be used before the older one. */
function outOfOrder({ release, source }: PlacedRelease, before: PlacedRelease | undefined): Finding[] {
  if (before === undefined || release.usableFrom >= before.release.usableFrom) return [];
  const { version, usableFrom } = before.release;
  const expected = {
    sv: `tidigast ${usableFrom}, då ${version} får användas`,
    en: `${usableFrom} or later, when ${version} may be used`,
  };
  return [explainAt(source, ['usableFrom'], expectedFound(expected, release.usableFrom))];
}

/** A withdrawn release whose successor is not there, or is withdrawn itself. */
function unreplaced({ release, source }: PlacedRelease, all: readonly PlacedRelease[]): Finding[] {
  const by = release.withdrawn?.replacedBy;
  if (by === undefined) return [];
  const successor = all.find((other) => other.release.version === by);
  const path = ['withdrawn', 'replacedBy'];
  if (!successor) {
    // What replaces a release is newer.
    const newer = all.slice(all.findIndex((other) => other.release === release) + 1);
    const versions = newer.map((other) => other.release.version);
    const known =
      versions.length > 0
        ? oneOf(versions)
        : { sv: 'en nyare version som finns', en: 'a newer release that is there' };
    return [explainAt(source, path, joined(expectedFound(known, `"${by}"`), didYouMean(by, versions)))];
  }
  if (!successor.release.withdrawn) return [];
  const expected = { sv: 'en version som inte är tillbakadragen', en: 'a release that is not withdrawn' };
  return [explainAt(source, path, expectedFound(expected, `"${by}"`))];
}

/** A withdrawn release that no other follows: who has the one before has nothing to upgrade to. */
function noWay({ release, source }: PlacedRelease, newer: readonly PlacedRelease[]): Finding[] {
  if (!release.withdrawn || newer.some((other) => !other.release.withdrawn)) return [];
  const message = {
    sv: `${release.version} är tillbakadragen och ingen nyare version följer: det finns inget att uppgradera till`,
    en: `${release.version} is withdrawn and no newer release follows: there is nothing to upgrade to`,
  };
  return [explainAt(source, ['withdrawn'], message, { severity: 'warning' })];
}

/** Components whose fit nobody can tell. */
function unruled({ release, source }: PlacedRelease): Finding[] {
  if (release.fit) return [];
  return Object.entries(release.components).flatMap(([id, { name, fit, fits }]) => {
    if (fit || fits) return [];
    const message = {
      sv: `vilka versioner av ${name} som passar är inte sagt: förväntade fit eller fits här, eller fit för hela versionen`,
      en: `which versions of ${name} fit is not said: expected fit or fits here, or fit of the whole release`,
    };
    return [explainAt(source, ['components', id], message, { severity: 'warning' })];
  });
}
