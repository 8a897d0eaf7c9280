/** What is doubtful of installations and campaigns beside one another, the agreements that there are, and the day. */
import { didYouMean } from '../basics/did-you-mean';
import { expectedFound, joined } from '../basics/text';
import type { Text } from '../basics/text';
import type { LocalDate } from '../contract/contract';
import { explainAt } from '../reading/explain-at';
import type { Finding } from '../reading/finding';
import type { JsonSource } from '../reading/read-json';
import type { Installation } from './installation';
import type { PlacedCampaign } from './read-campaign';
import type { PlacedInstallation } from './read-installation';

/** What files cannot say by themselves. */
export interface Known {
  /** Numbers of the agreements that have not ended; none where nothing was signed yet: then nothing is compared. */
  agreements?: readonly string[];
  today?: LocalDate;
}

/**
 * Warns of agreements that nobody signed, companies that are named twice, windows that another one takes the place of, and
 * campaigns that have ended.
 */
export function doubtfulRollout(
  installations: readonly PlacedInstallation[],
  campaigns: readonly PlacedCampaign[],
  { agreements = [], today }: Known,
): Finding[] {
  return [
    ...(agreements.length > 0
      ? [...strangers(installations, agreements), ...strangeWindows(campaigns, installations, agreements)]
      : []),
    ...companiesTwice(installations),
    ...windowsTwice(campaigns, installations),
    ...(today === undefined ? [] : campaigns.flatMap((one) => ended(one, today))),
  ];
}

const warn = (source: JsonSource, path: string[], message: Text, aboutKey = false): Finding =>
  explainAt(source, path, message, { aboutKey, severity: 'warning' });

function strangers(installations: readonly PlacedInstallation[], known: readonly string[]): Finding[] {
  return installations.flatMap(({ installation, source }) =>
    Object.keys(installation.agreements)
      .filter((agreement) => !known.includes(agreement))
      .map((agreement) => warn(source, ['agreements', agreement], noAgreement(agreement, known), true)),
  );
}

function strangeWindows(
  campaigns: readonly PlacedCampaign[],
  installations: readonly PlacedInstallation[],
  agreements: readonly string[],
): Finding[] {
  const known = [...installations.map(({ installation: { id } }) => id), ...agreements];
  return campaigns.flatMap(({ campaign, source }) =>
    Object.keys(campaign.windows ?? {})
      .filter((of) => !known.includes(of))
      .map((of) => warn(source, ['windows', of], noAgreement(of, known), true)),
  );
}

function noAgreement(found: string, known: readonly string[]): Text {
  const expected = {
    sv: 'ett avtal som är tecknat och inte slut',
    en: 'an agreement that is signed and has not ended',
  };
  return joined(expectedFound(expected, `"${found}"`), didYouMean(found, known));
}

/**
 * Databases of a company that two agreements have, or one has twice. Names of databases are alike everywhere: those of two
 * installations are the same only where they share a server.
 */
function companiesTwice(installations: readonly PlacedInstallation[]): Finding[] {
  const seen: { installation: Installation; company: string; at: string }[] = [];
  return installations.flatMap(({ installation, source }) =>
    Object.entries(installation.agreements).flatMap(([agreement, { companies }]) =>
      companies.flatMap((company, index) => {
        const path = ['agreements', agreement, 'companies', String(index)];
        const before = seen.find(
          (one) => one.company === company && areTogether(one.installation, installation),
        );
        const { file, line } = warn(source, path, { sv: '', en: '' });
        if (!before) {
          seen.push({ installation, company, at: `${file}:${line}` });
          return [];
        }
        const expected = { sv: 'varje företag en gång', en: 'each company once' };
        const found = { sv: `"${company}" även i ${before.at}`, en: `"${company}" also in ${before.at}` };
        return [warn(source, path, expectedFound(expected, found))];
      }),
    ),
  );
}

const areTogether = (one: Installation, other: Installation): boolean =>
  one.id === other.id ||
  (one.product === other.product && (one.servers ?? []).some((server) => other.servers?.includes(server)));

/** Windows of an agreement beside that of its installation, or of another agreement of it: only one of them holds. */
function windowsTwice(
  campaigns: readonly PlacedCampaign[],
  installations: readonly PlacedInstallation[],
): Finding[] {
  return campaigns.flatMap(({ campaign, source }) =>
    installations.flatMap(({ installation: { id, product, agreements } }) => {
      if (product !== campaign.product) return [];
      // The order in which a campaign looks for the window of an installation.
      const [holds, ...others] = [id, ...Object.keys(agreements).sort()].filter(
        (of) => campaign.windows?.[of] !== undefined,
      );
      const expected = { sv: `en tid för installationen ${id}`, en: `one window of the installation ${id}` };
      return others.map((of) => {
        const found = {
          sv: `"${of}" bredvid "${holds}", som gäller`,
          en: `"${of}" beside "${holds}", which holds`,
        };
        return warn(source, ['windows', of], expectedFound(expected, found), true);
      });
    }),
  );
}

function ended({ campaign: { to }, source }: PlacedCampaign, today: LocalDate): Finding[] {
  if (to >= today) return [];
  const expected = {
    sv: `en utrullning som inte är slut (${today} eller senare)`,
    en: `a campaign that has not ended (${today} or later)`,
  };
  return [warn(source, ['to'], expectedFound(expected, to))];
}
