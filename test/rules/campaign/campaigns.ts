/** Campaigns, installations and agreements to place. */
import type { Candidate, CampaignInput, Placed } from '../../../rules/engine/campaign/campaign-calendar';
import { formatMinute } from '../../../templates/words/dates';
import type { Campaign } from '../../../rules/engine/rollout/campaign';
import type { Installation } from '../../../rules/engine/rollout/installation';
import type { Terms } from '../../../rules/engine/ruleset/terms';
import { shippedReleases } from '../releases/shipped';

const about = { sv: 'x', en: 'x' };

/** A campaign of two rounds in May and June 2027. */
export const campaign = (parts: Partial<Campaign> = {}): Campaign => ({
  id: 'visma-2027',
  about,
  product: 'visma-business',
  release: '18.00.0',
  from: '2027-05-03',
  to: '2027-06-30',
  rounds: [
    { id: 'pilots', sv: 'piloter', en: 'pilots', to: '2027-05-31' },
    { id: 'rest', sv: 'övriga', en: 'the rest' },
  ],
  ...parts,
});

/** An agreement of Guld on 17.10.0 that may be upgraded from May to August. */
export const candidate = (
  { upgrade, calendar, support }: Terms,
  agreement: string,
  { terms, ...parts }: Partial<Omit<Candidate, 'terms'>> & { terms?: Partial<Terms['upgrade']> } = {},
): Candidate => ({
  agreement,
  customer: `Kunden ${agreement}`,
  consultant: 'konsult-1',
  version: '17.10.0',
  terms: { ...upgrade, ...terms },
  calendar,
  support,
  yearWindows: [{ year: 1, from: '2027-05-01', to: '2027-08-31' }],
  standing: 'open',
  ...parts,
});

/** An installation that some agreements share. */
export const installation = (
  id: string,
  agreements: string[],
  parts: Partial<Installation> = {},
): Installation => ({
  id,
  about,
  product: 'visma-business',
  agreements: Object.fromEntries(agreements.map((agreement) => [agreement, { companies: ['F0001'] }])),
  ...parts,
});

export const input = (parts: Partial<CampaignInput> = {}): CampaignInput => ({
  campaign: campaign(),
  installations: [],
  releases: shippedReleases(),
  candidates: [],
  taken: [],
  today: '2027-04-01',
  ...parts,
});

/** Windows in local time: `b1 2027-05-03 17:00–22:00`. */
export const shown = (placed: readonly Placed[]): string[] =>
  placed.map(
    ({ window }) =>
      `${window.installation} ${formatMinute(window.from)}–${formatMinute(window.to).slice(11)}`,
  );
