/** What the calendar of a campaign says once all that can be is placed. */
import { compare } from '../basics/compare';
import type { Text } from '../basics/text';
import { addDays, later } from '../calendar/dates';
import { findRelease, isWithdrawn } from '../releases/release-for';
import type { Release } from '../releases/release';
import { busy } from './busy';
import type { CampaignCalendar, CampaignInput, NotPlaced, Placed } from './campaign-calendar';
import type { Frame } from './hurdles';
import { agreedDay, allHurdles, frameOf, slotsIn, wanted } from './placing';
import type { Placing } from './placing';
import type { Slot } from './placing-terms';
import { problemsOf } from './problems';
import type { Sorted, ToPlace } from './to-place';
import { windowsLeft } from './windows-left';
import { say } from './words';

/** The release that a campaign goes to, or why nothing of it may be placed. */
export function releaseToPlace({ campaign, releases, today }: CampaignInput): Release | { stopped: Text } {
  const { product, release: version } = campaign;
  const release = findRelease(releases, product, version);
  if (!release) return { stopped: say.noRelease(product, version) };
  const { withdrawn } = release;
  if (!withdrawn || !isWithdrawn(release, today)) return release;
  return { stopped: say.withdrawn(version, withdrawn.on, withdrawn.reason, withdrawn.replacedBy) };
}

/** The calendar of a campaign that may not go on. */
export function stoppedReport({ campaign }: CampaignInput, sorted: Sorted, why: Text): CampaignCalendar {
  const { id, release } = campaign;
  const notPlaced = sorted.toPlace.map((one) => ({ ...named(one), why }));
  return { campaign: id, release, placed: [], notPlaced, passed: sorted.passed, left: [], problems: [] };
}

const named = ({ installation, candidates, round }: ToPlace): Omit<NotPlaced, 'why'> => ({
  installation,
  agreements: candidates.map(({ agreement }) => agreement),
  round,
});

export function reportOf(placing: Placing): CampaignCalendar {
  const { input, sorted, placed } = placing;
  const { id, release, rounds } = input.campaign;
  const placeOf = (round: string): number => rounds.findIndex((each) => each.id === round);
  return {
    campaign: id,
    release,
    placed: [...placed]
      .map(([one, slot]) => placedOf(placing, one, slot))
      .sort(
        ({ window: a }, { window: b }) =>
          placeOf(a.round) - placeOf(b.round) ||
          compare(a.from, b.from) ||
          compare(a.installation, b.installation),
      ),
    notPlaced: sorted.toPlace
      .filter((one) => !placed.has(one))
      .map((one) => ({ ...named(one), ...whyNot(placing, one) })),
    passed: sorted.passed,
    left: windowsLeft(placing),
    problems: problemsOf(placing),
  };
}

function placedOf({ input }: Placing, one: ToPlace, { from, to }: Slot): Placed {
  const { id, release, onCall, present } = input.campaign;
  const { installation, round, consultant, before } = one;
  const window = {
    campaign: id,
    release,
    installation,
    round,
    from,
    to,
    consultant,
    onCall: onCall ?? consultant,
    present: present ?? consultant,
  };
  return {
    window,
    agreements: named(one).agreements,
    kept: before?.from === from && before.to === to,
    fixed: one.fixed !== undefined || agreedDay(one) !== undefined,
  };
}

/** The first hurdle that no window was left to pass, or the consultant's time. */
function whyNot(placing: Placing, one: ToPlace): Pick<NotPlaced, 'why' | 'nextFree'> {
  const { campaign } = placing.input;
  const round = campaign.rounds.find(({ id }) => id === one.round);
  if (one.never || !round) return { why: one.never ?? say.noSuchRound(one.round, campaign.rounds) };
  const frame = frameOf(placing, round);
  const free = nextFree(placing, one, frame);
  return {
    why: firstHurdle(placing, one, frame),
    ...(free && { nextFree: { from: free.from, to: free.to } }),
  };
}

function firstHurdle(placing: Placing, one: ToPlace, frame: Frame): Text {
  let slots = slotsIn(one, placing.input.campaign);
  if (slots.length === 0) return say.noWindow(one.terms.length > 1);
  for (const { allows, why } of allHurdles(placing, one, frame)) {
    const passing = slots.filter(allows);
    if (passing.length === 0) return why(slots);
    slots = passing;
  }
  return say.full(one.consultant, one.limit);
}

/** The first window that would do outside the days of the campaign and of the agreements' years. */
function nextFree(placing: Placing, one: ToPlace, frame: Frame): Slot | undefined {
  const hurdles = allHurdles(placing, one, frame).filter(({ kind }) => kind !== 'days' && kind !== 'year');
  const days = { from: later(frame.from, addDays(placing.input.today, 1)), to: placing.span.to };
  return slotsIn(one, days).find(
    (slot) =>
      hurdles.every(({ allows }) => allows(slot)) && !busy(placing.booked, wanted(placing, one, slot)),
  );
}
