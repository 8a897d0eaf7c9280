import type { Finding } from '../reading/finding';
import { checkReleases } from '../releases/check-releases';
import type { PlacedRelease } from '../releases/read-release';
import { readRelease } from '../releases/read-release';
import type { Release } from '../releases/release';
import type { Campaign } from '../rollout/campaign';
import { checkCampaigns } from '../rollout/check-campaigns';
import type { Known } from '../rollout/check-doubtful';
import { doubtfulRollout } from '../rollout/check-doubtful';
import type { Installation } from '../rollout/installation';
import type { PlacedCampaign } from '../rollout/read-campaign';
import { readCampaign } from '../rollout/read-campaign';
import type { PlacedInstallation } from '../rollout/read-installation';
import { checkInstallations, readInstallation } from '../rollout/read-installation';
import { isCampaignPath, isInstallationPath, isReleasePath } from './ruleset-paths';
import type { RulesetFiles } from './terms';

/** What a ruleset knows of upgrades besides terms, each in the order of their files. */
export interface Rollout {
  /** Releases of products. */
  releases: Release[];
  /** What is upgraded once for several agreements, or has a host. */
  installations: Installation[];
  campaigns: Campaign[];
}

interface PlacedFiles {
  releases: PlacedRelease[];
  installations: PlacedInstallation[];
  campaigns: PlacedCampaign[];
  findings: Finding[];
}

/** The releases, installations and campaigns among the files, or what keeps them from being used. Warnings are for `check`. */
export function readRollout(files: RulesetFiles): Rollout & { findings: Finding[] } {
  const placed = readAll(files);
  return {
    releases: placed.releases.map(({ release }) => release),
    installations: placed.installations.map(({ installation }) => installation),
    campaigns: placed.campaigns.map(({ campaign }) => campaign),
    findings: [...placed.findings, ...together(placed).filter(({ severity }) => severity === 'error')],
  };
}

/** What is doubtful of releases, installations and campaigns together; their errors are told where they are read. */
export function doubtsOfRollout(files: RulesetFiles, known: Known): Finding[] {
  const placed = readAll(files);
  return [
    ...together(placed).filter(({ severity }) => severity !== 'error'),
    ...doubtfulRollout(placed.installations, placed.campaigns, known),
  ];
}

function readAll(files: RulesetFiles): PlacedFiles {
  const read = <T>(
    isOne: (path: string) => boolean,
    reader: (text: string, file: string) => { placed?: T; findings: Finding[] },
  ): { placed: T[]; findings: Finding[] } => {
    const all = Object.keys(files)
      .filter(isOne)
      .sort()
      .map((path) => reader(files[path] ?? '', `rules/${path}`));
    return {
      placed: all.flatMap(({ placed }) => placed ?? []),
      findings: all.flatMap(({ findings }) => findings),
    };
  };
  const releases = read(isReleasePath, readRelease);
  const installations = read(isInstallationPath, readInstallation);
  const campaigns = read(isCampaignPath, readCampaign);
  return {
    releases: releases.placed,
    installations: installations.placed,
    campaigns: campaigns.placed,
    findings: [...releases.findings, ...installations.findings, ...campaigns.findings],
  };
}

/** Where a release's own file is wrong, a campaign to it is not told to go to none. */
function together({ releases, installations, campaigns, findings }: PlacedFiles): Finding[] {
  const known = releases.map(({ release }) => release);
  const areKnown = !findings.some(({ file }) => isReleasePath(file.replace(/^rules\//, '')));
  return [
    ...checkReleases(releases),
    ...checkInstallations(installations),
    ...(areKnown ? checkCampaigns(campaigns, known) : []),
  ];
}
