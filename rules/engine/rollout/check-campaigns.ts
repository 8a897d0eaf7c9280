/** What could never hold of campaigns beside the releases, and of several together. */
import { didYouMean } from '../basics/did-you-mean';
import { expectedFound, joined } from '../basics/text';
import { explainAt } from '../reading/explain-at';
import { oneOf } from '../reading/explain-schema-error';
import type { Finding } from '../reading/finding';
import { findRelease } from '../releases/release-for';
import type { Release } from '../releases/release';
import type { PlacedCampaign } from './read-campaign';

/**
 * Error: a release that is not there. Warnings: one that is withdrawn, so that nothing keeps it from being withdrawn (it places
 * nothing any more); and two campaigns of a product on the same days.
 */
export function checkCampaigns(placed: readonly PlacedCampaign[], releases: readonly Release[]): Finding[] {
  return placed.flatMap((one, index) => [
    ...wrongRelease(one, releases),
    ...placed.slice(0, index).flatMap((before) => atOnce(one, before)),
  ]);
}

function wrongRelease({ campaign, source }: PlacedCampaign, releases: readonly Release[]): Finding[] {
  const { product, release: version } = campaign;
  const ofProduct = releases.filter((each) => each.product === product);
  if (ofProduct.length === 0) {
    const products = [...new Set(releases.map((each) => each.product))];
    const there =
      products.length > 0 ? oneOf(products) : { sv: 'ett program i releases', en: 'a product of releases' };
    return [
      explainAt(
        source,
        ['product'],
        joined(expectedFound(there, `"${product}"`), didYouMean(product, products)),
      ),
    ];
  }
  const release = findRelease(releases, product, version);
  if (!release) {
    const versions = ofProduct.map((each) => each.version);
    const message = joined(expectedFound(oneOf(versions), `"${version}"`), didYouMean(version, versions));
    return [explainAt(source, ['release'], message)];
  }
  const { withdrawn } = release;
  if (!withdrawn) return [];
  const { on, reason, replacedBy } = withdrawn;
  const expected =
    replacedBy === undefined
      ? { sv: 'en version som inte är tillbakadragen', en: 'a release that is not withdrawn' }
      : { sv: `${replacedBy}, som ersätter den`, en: `${replacedBy}, which replaces it` };
  const found = {
    sv: `${version}, tillbakadragen ${on}: ${reason.sv}`,
    en: `${version}, withdrawn on ${on}: ${reason.en}`,
  };
  return [explainAt(source, ['release'], expectedFound(expected, found), { severity: 'warning' })];
}

/** Two campaigns of a product on the same days: each of their agreements would be placed twice. */
function atOnce({ campaign, source }: PlacedCampaign, { campaign: before }: PlacedCampaign): Finding[] {
  if (campaign.product !== before.product || campaign.from > before.to || before.from > campaign.to)
    return [];
  const expected = {
    sv: `en utrullning i taget av ${campaign.product}`,
    en: `one campaign of ${campaign.product} at a time`,
  };
  const found = {
    sv: `${campaign.id} samtidigt som ${before.id} (${before.from}–${before.to})`,
    en: `${campaign.id} at the same time as ${before.id} (${before.from}–${before.to})`,
  };
  return [explainAt(source, ['from'], expectedFound(expected, found), { severity: 'warning' })];
}
