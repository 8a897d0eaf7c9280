/** Which installations a campaign has to place, and which agreements it passes over. */
import { compare } from '../basics/compare';
import type { Text } from '../basics/text';
import { compareVersions } from '../releases/versions';
import type { Campaign, FixedWindow } from '../rollout/campaign';
import type { Host, Installation } from '../rollout/installation';
import type { CampaignCalendar, CampaignInput, Candidate, UpgradeWindow } from './campaign-calendar';
import { placingTerms } from './placing-terms';
import type { PlacingTerms } from './placing-terms';
import { say } from './words';

/** An installation whose upgrade is to be placed. */
export interface ToPlace {
  installation: string;
  /** Of the agreements that are upgraded, by number. */
  candidates: Candidate[];
  /** The terms of each of them. */
  terms: PlacingTerms[];
  /** The latest of their rounds: a pilot that shares with one of the rest waits for it. */
  round: string;
  consultant: string;
  /** Windows a week, as the strictest of them says. */
  limit: number;
  host?: Host;
  /** Its window by a person. */
  fixed?: FixedWindow;
  /** Where it was placed before. */
  before?: UpgradeWindow;
  /** What keeps it from being placed at all. */
  never?: Text;
}

export interface Sorted {
  toPlace: ToPlace[];
  passed: CampaignCalendar['passed'];
  /** Windows of what is passed over and still takes its consultant's time. */
  running: { window: UpgradeWindow; round: string; limit: number }[];
}

/** Sorts the candidates into installations, by id, and passes over those whose upgrade is begun, done, declined or not needed. */
export function sortCandidates(input: CampaignInput): Sorted {
  const sorted: Sorted = { toPlace: [], passed: [], running: [] };
  for (const [installation, candidates] of installationsOf(input)) {
    const going = candidates.find(({ standing }) => standing === 'begun' || standing === 'done');
    const open: Candidate[] = [];
    for (const candidate of candidates) {
      const why =
        ownReason(candidate, input.campaign) ?? (going && say.sharesWith(installation, going.agreement));
      if (why === undefined) open.push(candidate);
      else sorted.passed.push({ agreement: candidate.agreement, why });
    }
    if (going?.window) sorted.running.push(runningWindow(going.window, installation, candidates, input));
    if (open.length > 0) sorted.toPlace.push(toPlaceOf(installation, open, candidates, input));
  }
  sorted.passed.sort((a, b) => compare(a.agreement, b.agreement));
  return sorted;
}

/** The candidates by installation, both in the order of their ids. */
function installationsOf({ campaign, installations, candidates }: CampaignInput): [string, Candidate[]][] {
  const byId = new Map<string, Candidate[]>();
  for (const candidate of [...candidates].sort((a, b) => compare(a.agreement, b.agreement))) {
    const id = installationOf(candidate.agreement, campaign, installations)?.id ?? candidate.agreement;
    byId.set(id, [...(byId.get(id) ?? []), candidate]);
  }
  return [...byId].sort(([a], [b]) => compare(a, b));
}

const installationOf = (
  agreement: string,
  { product }: Campaign,
  installations: readonly Installation[],
): Installation | undefined =>
  installations.find((one) => one.product === product && Object.hasOwn(one.agreements, agreement));

function ownReason({ standing, version, window }: Candidate, { release }: Campaign): Text | undefined {
  if (standing === 'done') return say.done;
  if (standing === 'begun') return say.begun(window);
  if ((compareVersions(version, release) ?? -1) >= 0) return say.alreadyOn(version);
  return standing === 'declined' ? say.declined : undefined;
}

function runningWindow(
  window: UpgradeWindow,
  installation: string,
  candidates: readonly Candidate[],
  { campaign }: CampaignInput,
): Sorted['running'][number] {
  const terms = candidates.map((one) => placingTerms(one.terms));
  return { window: { ...window, installation }, round: roundOf(terms, campaign), limit: limitOf(terms) };
}

function toPlaceOf(
  installation: string,
  open: Candidate[],
  all: readonly Candidate[],
  { campaign, installations }: CampaignInput,
): ToPlace {
  const terms = open.map((one) => placingTerms(one.terms));
  const round = roundOf(terms, campaign);
  const host = installations.find(
    ({ id, product }) => id === installation && product === campaign.product,
  )?.host;
  const declined = all.find(({ standing }) => standing === 'declined');
  const isRound = campaign.rounds.some(({ id }) => id === round);
  const never = declined
    ? say.sharesWithDeclined(declined.agreement)
    : isRound
      ? undefined
      : say.noSuchRound(round, campaign.rounds);
  const before = open.flatMap(({ window }) => (window?.campaign === campaign.id ? [window] : []))[0];
  const fixed = [installation, ...open.map(({ agreement }) => agreement)].flatMap(
    (id) => campaign.windows?.[id] ?? [],
  )[0];
  return {
    installation,
    candidates: open,
    terms,
    round,
    consultant: all[0]?.consultant ?? '',
    limit: limitOf(terms),
    ...(host && { host }),
    ...(fixed && { fixed }),
    ...(before && { before }),
    ...(never && { never }),
  };
}

const limitOf = (terms: readonly PlacingTerms[]): number =>
  Math.min(...terms.map(({ windowsPerConsultantWeek }) => windowsPerConsultantWeek));

/** The latest of some rounds; one that the campaign does not have counts as the latest. */
function roundOf(terms: readonly PlacingTerms[], { rounds }: Campaign): string {
  const placeOf = (round: string): number => {
    const place = rounds.findIndex(({ id }) => id === round);
    return place < 0 ? rounds.length : place;
  };
  return terms.map(({ round }) => round).reduce((a, b) => (placeOf(b) > placeOf(a) ? b : a));
}
