import { compare } from '../basics/compare';
import { grouped } from '../basics/grouped';
import type { Round } from '../rollout/campaign';
import { busy, leftInWeek, weekOf } from './busy';
import type { WindowsLeft } from './campaign-calendar';
import { frameOf, possibleSlots, wanted } from './placing';
import type { Placing } from './placing';
import type { ToPlace } from './to-place';

/**
 * How many more windows each consultant has in each round, in the weeks and at the times that installations of that
 * consultant can use: at most one a day.
 */
export function windowsLeft(placing: Placing): WindowsLeft[] {
  return placing.input.campaign.rounds.flatMap((round) => {
    const ofRound = placing.sorted.toPlace.filter((one) => one.round === round.id && !one.never);
    return [...grouped(ofRound, ({ consultant }) => consultant)]
      .sort(([a], [b]) => compare(a, b))
      .map(([consultant, ones]) => ({ consultant, round: round.id, windows: leftOf(placing, ones, round) }));
  });
}

function leftOf(placing: Placing, ones: readonly ToPlace[], round: Round): number {
  const frame = frameOf(placing, round);
  const free = ones.flatMap((one) =>
    possibleSlots(placing, one, frame)
      .filter((slot) => !busy(placing.booked, { ...wanted(placing, one, slot), id: '' }))
      .map((slot) => ({ slot, one })),
  );
  const weeks = grouped(free, ({ slot }) => weekOf(slot));
  return [...weeks].reduce((sum, [week, inWeek]) => {
    const days = new Set(inWeek.map(({ slot }) => slot.day)).size;
    const most = Math.max(...inWeek.map(({ one }) => leftInWeek(placing.booked, week, one)));
    return sum + Math.min(days, most);
  }, 0);
}
