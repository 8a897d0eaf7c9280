/** The calendar of a campaign as a document: by round and week, what does not fit, and what is left. */
import { grouped } from '../../rules/engine/basics/grouped';
import type { Language, Text } from '../../rules/engine/basics/text';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import { isoWeek, mondayOf } from '../../rules/engine/calendar/dates';
import type { CampaignCalendar, NotPlaced, Placed } from '../../rules/engine/campaign/campaign-calendar';
import { morningAfter } from '../../rules/engine/campaign/morning-after';
import type { ObligationChange } from '../../rules/engine/plan/diff-plans';
import type { Campaign } from '../../rules/engine/rollout/campaign';
import { formatShortDate, formatSpan } from '../words/dates';
import { label } from '../words/labels';
import { campaignWords } from './campaign-words';
import type { PhaseNames } from '../words/labels';
import { obligationLine } from './document';
import type { PreviewBlock, PreviewGroup, PreviewLine } from './document';

/** What a calendar is drawn from. */
export interface CampaignDocument {
  campaign: Campaign;
  calendar: CampaignCalendar;
  /** Names of the customers, by number of their agreement. */
  customers: Readonly<Record<string, string>>;
}

/** Between what is said first and what stands below it; as `draw.ts` has it. */
const gap = '   ';

/** Its title, its days, and how many agreements are where. */
function headBlock({ campaign, calendar }: CampaignDocument, language: Language): PreviewBlock {
  const say = campaignWords[language];
  const agreementsOf = (ones: readonly { agreements: string[] }[]): number =>
    ones.reduce((sum, { agreements }) => sum + agreements.length, 0);
  const lines = [
    say.days(campaign.from, campaign.to),
    say.counts(agreementsOf(calendar.placed), agreementsOf(calendar.notPlaced), calendar.passed.length),
  ];
  return {
    sign: '~',
    title: say.title(label('system', campaign.product, language), calendar.release),
    subtitle: lines.join(', '),
    groups: [],
  };
}

/** What it is, what does not fit, then each round, what is left, and whom it does not concern. */
export function campaignBlocks(document: CampaignDocument, language: Language): PreviewBlock[] {
  const { campaign, calendar } = document;
  return [
    headBlock(document, language),
    ...notPlacedBlock(document, language),
    ...problemsBlock(calendar, language),
    ...campaign.rounds.flatMap((round) =>
      roundBlock(
        round[language],
        calendar.placed.filter(({ window }) => window.round === round.id),
        document,
        language,
      ),
    ),
    ...leftBlock(document, language),
    ...passedBlock(document, language),
  ];
}

function roundBlock(
  name: string,
  placed: readonly Placed[],
  document: CampaignDocument,
  language: Language,
): PreviewBlock[] {
  if (placed.length === 0) return [];
  const say = campaignWords[language];
  const weeks = grouped(placed, ({ window }) => mondayOf(localDateOf(window.from)));
  const groups = [...weeks].map(([monday, inWeek]) => ({
    title: say.week(isoWeek(monday), formatShortDate(monday, language)),
    lines: inWeek.map((one) => placedLine(one, document, language)),
  }));
  return [{ sign: '~', title: say.round(name), subtitle: say.upgrades(placed.length), groups }];
}

/** The phases that move because of the windows, agreement by agreement; nothing where none does. */
export function movedBlocks(
  moved: readonly {
    agreement: string;
    customer: string;
    obligations: readonly ObligationChange[];
    phaseNames: PhaseNames;
  }[],
  language: Language,
): PreviewBlock[] {
  if (moved.length === 0) return [];
  const groups = moved.map(({ agreement, customer, obligations, phaseNames }) => ({
    title: `${customer} (${agreement})`,
    lines: obligations.map((one) => obligationLine(one, language, phaseNames)),
  }));
  return [{ sign: '~', title: campaignWords[language].moved, subtitle: '', groups }];
}

function placedLine(
  { window, agreements, kept, fixed }: Placed,
  document: CampaignDocument,
  language: Language,
): PreviewLine {
  const say = campaignWords[language];
  const { from, to, consultant, onCall, present } = window;
  const morning = formatShortDate(morningAfter(to), language, { weekday: true });
  const people = say.people(consultant, onCall, present, morning);
  const when = formatSpan(from, to, language) + (fixed ? `, ${say.fixed}` : '');
  return {
    sign: kept ? '=' : '+',
    what: namesOf(window.installation, agreements, document),
    change: `${when}${gap}${people}`,
  };
}

/** The customers of an installation, with its id where it is no agreement's own. */
function namesOf(
  installation: string,
  agreements: readonly string[],
  { customers }: CampaignDocument,
): string {
  const names = agreements.map((agreement) => customers[agreement] ?? agreement);
  return `${[...new Set(names)].join(', ')} (${installation})`;
}

function notPlacedBlock(document: CampaignDocument, language: Language): PreviewBlock[] {
  const say = campaignWords[language];
  const line = ({ installation, agreements, why, nextFree }: NotPlaced): PreviewLine => {
    const next = nextFree ? `${gap}${say.next(formatSpan(nextFree.from, nextFree.to, language))}` : '';
    const what = namesOf(installation, agreements, document);
    return { sign: '!', what, change: `${why[language]}${next}` };
  };
  return blockOf('!', say.notPlaced, document.calendar.notPlaced.map(line));
}

function problemsBlock({ problems }: CampaignCalendar, language: Language): PreviewBlock[] {
  const line = (problem: Text): PreviewLine => {
    const [, what = '', change = ''] = /^(.*?): (.*)$/s.exec(problem[language]) ?? [];
    return { sign: '!', what, change };
  };
  return blockOf('!', campaignWords[language].problems, problems.map(line));
}

function leftBlock({ campaign, calendar }: CampaignDocument, language: Language): PreviewBlock[] {
  const say = campaignWords[language];
  const nameOf = (id: string): string => campaign.rounds.find((round) => round.id === id)?.[language] ?? id;
  const groups = [...grouped(calendar.left, ({ round }) => round)].map(([round, left]): PreviewGroup => ({
    title: nameOf(round),
    lines: left.map(({ consultant, windows }) => ({
      sign: windows === 0 ? '!' : '=',
      what: consultant,
      change: say.windows(windows),
    })),
  }));
  return groups.length === 0 ? [] : [{ sign: '~', title: say.left, subtitle: '', groups }];
}

function passedBlock(document: CampaignDocument, language: Language): PreviewBlock[] {
  const line = ({ agreement, why }: CampaignCalendar['passed'][number]): PreviewLine => ({
    sign: '=',
    what: namesOf(agreement, [agreement], document),
    change: why[language],
  });
  return blockOf('~', campaignWords[language].passed, document.calendar.passed.map(line));
}

const blockOf = (sign: '!' | '~', title: string, lines: PreviewLine[]): PreviewBlock[] =>
  lines.length === 0 ? [] : [{ sign, title, subtitle: '', groups: [{ title: '', lines }] }];
