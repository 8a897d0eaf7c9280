/** Places the windows of a campaign, round by round. */
import { compare } from '../basics/compare';
import { busy } from './busy';
import type { CampaignCalendar, CampaignInput } from './campaign-calendar';
import {
  agreedDay,
  beginPlacing,
  frameOf,
  mayStay,
  possibleSlots,
  put,
  settledSlot,
  slotOf,
  wanted,
} from './placing';
import type { Placing } from './placing';
import { releaseToPlace, reportOf, stoppedReport } from './report';
import type { ToPlace } from './to-place';
import { sortCandidates } from './to-place';

/**
 * Gives each installation of a campaign its window, in the order of the rounds; in a round those with the fewest possible
 * windows choose first. What was placed before, and still may be, stays. The same agreements in another order, or its
 * own result as what was placed before, give the same.
 */
export function placeCampaign(input: CampaignInput): CampaignCalendar {
  const sorted = sortCandidates(input);
  const release = releaseToPlace(input);
  if ('stopped' in release) return stoppedReport(input, sorted, release.stopped);
  // A window that a round before has grown past is given up, and all is placed again as if it had not been there.
  const givenUp = new Set<ToPlace>();
  for (;;) {
    const placing = beginPlacing(input, release, sorted);
    const overtaken = placeAll(placing, givenUp);
    if (overtaken.length === 0) return reportOf(placing);
    for (const one of overtaken) givenUp.add(one);
  }
}

/** @returns the windows kept that begin before the rounds before theirs have ended */
function placeAll(placing: Placing, givenUp: ReadonlySet<ToPlace>): ToPlace[] {
  const { toPlace } = placing.sorted;
  const isAgreed = (one: ToPlace): number => Number(!one.fixed && agreedDay(one) !== undefined);
  for (const one of [...toPlace].sort((a, b) => isAgreed(a) - isAgreed(b))) {
    const slot = one.never ? undefined : settledSlot(placing, one);
    if (slot) put(placing, one, slot);
  }
  const kept = keepPlaced(placing, givenUp);
  return placing.input.campaign.rounds.flatMap((round) => {
    const frame = frameOf(placing, round);
    placeRound(
      placing,
      toPlace.filter((one) => one.round === round.id && !one.never),
      frame,
    );
    return kept.filter((one) => one.round === round.id && slotDay(placing, one) < frame.from);
  });
}

const slotDay = ({ placed }: Placing, one: ToPlace): string => placed.get(one)?.day ?? '';

/** Keeps what was placed before and still may be, the earliest first. */
function keepPlaced(placing: Placing, givenUp: ReadonlySet<ToPlace>): ToPlace[] {
  const before = placing.sorted.toPlace
    .flatMap((one) => (one.before && !givenUp.has(one) ? [{ one, slot: slotOf(one.before) }] : []))
    .filter(({ one }) => !placing.placed.has(one))
    .sort((a, b) => compare(a.slot.from, b.slot.from));
  return before.flatMap(({ one, slot }) => {
    if (!mayStay(placing, one, slot)) return [];
    put(placing, one, slot);
    return [one];
  });
}

function placeRound(
  placing: Placing,
  ofRound: readonly ToPlace[],
  frame: { from: string; to: string },
): void {
  const open = ofRound
    .filter((one) => !placing.placed.has(one))
    .map((one) => ({ one, slots: possibleSlots(placing, one, frame) }))
    .sort((a, b) => a.slots.length - b.slots.length || compare(a.one.installation, b.one.installation));
  for (const { one, slots } of open) {
    const slot = slots.find((each) => !busy(placing.booked, wanted(placing, one, each)));
    if (slot) put(placing, one, slot);
  }
}
