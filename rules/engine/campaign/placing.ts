/** The work of placing a campaign: what is to be placed, what has been, and what that leaves. */
import { instantAt, localDateOf } from '../calendar/calendar';
import { addDays, earlier, later } from '../calendar/dates';
import type { LocalDate } from '../contract/contract';
import type { Release } from '../releases/release';
import type { Round } from '../rollout/campaign';
import type { Booked } from './busy';
import { busy } from './busy';
import type { CampaignInput, UpgradeWindow } from './campaign-calendar';
import { frameHurdles, ownHurdles, slotsOfAll } from './hurdles';
import type { Frame, Hurdle } from './hurdles';
import type { Slot } from './placing-terms';
import { slotsOn } from './placing-terms';
import type { Sorted, ToPlace } from './to-place';

/** How many days after the campaign a free window is looked for. */
const horizon = 400;

export interface Placing {
  input: CampaignInput;
  release: Release;
  sorted: Sorted;
  /** What each installation asks for. */
  hurdles: ReadonlyMap<ToPlace, readonly Hurdle[]>;
  /** Days that may be asked about: those of the campaign, and far enough after it. */
  span: Frame;
  placed: Map<ToPlace, Slot>;
  booked: Booked[];
}

/** Begins with nothing placed but what other campaigns have, and what is under way. */
export function beginPlacing(input: CampaignInput, release: Release, sorted: Sorted): Placing {
  const { campaign, today, taken } = input;
  const span = { from: earlier(campaign.from, today), to: addDays(later(campaign.to, today), horizon) };
  const others = taken
    .filter((window) => window.campaign !== campaign.id)
    .map((window) => booking(window, Infinity));
  const running = sorted.running.map(({ window, limit }) => booking(window, limit));
  const booked = [...new Map([...others, ...running].map((one) => [one.id, one])).values()];
  const hurdles = new Map(sorted.toPlace.map((one) => [one, ownHurdles(one, today, span)]));
  return { input, release, sorted, hurdles, span, placed: new Map(), booked };
}

const booking = (window: UpgradeWindow, limit: number): Booked => ({
  id: `${window.campaign}/${window.installation}`,
  consultant: window.consultant,
  from: window.from,
  to: window.to,
  limit,
});

/** A window of an installation as its consultant has it. */
export function wanted({ input }: Placing, { installation, consultant, limit }: ToPlace, slot: Slot): Booked {
  const { from, to } = slot;
  return { id: `${input.campaign.id}/${installation}`, consultant, from, to, limit };
}

export function put(placing: Placing, one: ToPlace, slot: Slot): void {
  placing.placed.set(one, slot);
  placing.booked.push(wanted(placing, one, slot));
}

/** The days on which windows of a round may begin: after all of the rounds before have ended. */
export function frameOf({ input, release, sorted, placed }: Placing, round: Round): Frame {
  const { campaign } = input;
  const before = campaign.rounds.slice(0, campaign.rounds.indexOf(round)).map(({ id }) => id);
  const ends = [
    ...[...placed].filter(([one]) => before.includes(one.round)).map(([, { to }]) => to),
    ...sorted.running.filter((one) => before.includes(one.round)).map(({ window }) => window.to),
  ].map(localDateOf);
  const after = ends.map((end) => addDays(end, round.daysAfterRoundBefore ?? 1));
  return {
    from: [campaign.from, release.usableFrom, round.from ?? campaign.from, ...after].reduce(later),
    to: earlier(campaign.to, round.to ?? campaign.to),
  };
}

/** All hurdles of an installation, those of its round's days first. */
export const allHurdles = ({ hurdles }: Placing, one: ToPlace, frame: Frame): Hurdle[] => [
  ...frameHurdles(one.round, frame),
  ...(hurdles.get(one) ?? []),
];

/** The windows on some days that pass all hurdles, in order of time. */
export function possibleSlots(placing: Placing, one: ToPlace, frame: Frame): Slot[] {
  // What the terms give needs not be compared with them again.
  const hurdles = allHurdles(placing, one, frame).filter(({ kind }) => kind !== 'time');
  return slotsIn(one, frame).filter((slot) => hurdles.every((hurdle) => hurdle.allows(slot)));
}

/** The windows that the terms of an installation give on some days. */
export function slotsIn({ terms }: ToPlace, { from, to }: Frame): Slot[] {
  const slots: Slot[] = [];
  for (let day = from; day <= to; day = addDays(day, 1)) slots.push(...slotsOfAll(day, terms));
  return slots;
}

/** A window that was placed before. */
export const slotOf = ({ from, to }: Pick<UpgradeWindow, 'from' | 'to'>): Slot => ({
  day: localDateOf(from),
  from,
  to,
});

/** Whether a window that was placed before may still be so, apart from the rounds before its own. */
export function mayStay(placing: Placing, one: ToPlace, slot: Slot): boolean {
  const { campaign } = placing.input;
  const round = campaign.rounds.find(({ id }) => id === one.round);
  if (!round || one.never) return false;
  const alone = { ...placing, placed: new Map(), sorted: { ...placing.sorted, running: [] } };
  const hurdles = allHurdles(placing, one, frameOf(alone, round));
  return (
    hurdles.every(({ kind, allows }) => kind === 'notice' || allows(slot)) &&
    busy(placing.booked, wanted(placing, one, slot)) === undefined
  );
}

/**
 * The window that is not asked about: one that a person fixed, one on the day that the customer agreed to, one that has
 * come. Whatever rule it breaks is told.
 */
export function settledSlot(placing: Placing, one: ToPlace): Slot | undefined {
  const { fixed, before, candidates, terms } = one;
  if (fixed) return slotOf({ from: instantOf(fixed.from), to: instantOf(fixed.to) });
  const day = agreedDay(one);
  const stays = before && slotOf(before);
  if (day === undefined) {
    const putOff = candidates.some(({ postponedUntil = '' }) => stays && postponedUntil > stays.day);
    return stays && stays.day <= placing.input.today && !putOff ? stays : undefined;
  }
  if (stays?.day === day) return stays;
  const suiting = slotsOfAll(day, terms);
  const slots = suiting.length > 0 ? suiting : terms.flatMap((each) => slotsOn(day, each, true));
  const hurdles = placing.hurdles.get(one) ?? [];
  const isFree = (slot: Slot): boolean =>
    hurdles.every(({ allows }) => allows(slot)) && !busy(placing.booked, wanted(placing, one, slot));
  return slots.find(isFree) ?? slots[0];
}

const instantOf = (local: string): string => instantAt(local.slice(0, 10), local.slice(11));

/** The day that the customer agreed to; of several that share, the first by number that has one. */
export function agreedDay({ candidates }: ToPlace): LocalDate | undefined {
  return candidates.find(
    ({ agreed, postponedUntil = '' }) => agreed !== undefined && agreed >= postponedUntil,
  )?.agreed;
}
