import type { Text } from '../basics/text';
import { localDateOf } from '../calendar/calendar';
import { busy } from './busy';
import { agreedDay, allHurdles, frameOf, wanted } from './placing';
import type { Placing } from './placing';
import type { Slot } from './placing-terms';
import type { ToPlace } from './to-place';
import { say } from './words';

/** What somebody has to look at: rules that a chosen window breaks, hosts that were not asked, windows that nobody used. */
export function problemsOf(placing: Placing): Text[] {
  const { input, sorted, placed } = placing;
  // Also what is passed over: the window of an upgrade that is done may stay in the file.
  const { product, windows = {} } = input.campaign;
  const shared = input.installations.filter((one) => one.product === product).map(({ id }) => id);
  const known = [...shared, ...input.candidates.map(({ agreement }) => agreement)];
  const unknown = Object.keys(windows).filter((id) => !known.includes(id));
  return [
    ...sorted.toPlace.flatMap((one) => {
      const slot = placed.get(one);
      const problems = slot ? ofPlaced(placing, one, slot) : [];
      return problems.map((what) => say.of(one.installation, what));
    }),
    ...unknown.sort().map((id) => say.windowOfNobody(id, product)),
  ];
}

function ofPlaced(placing: Placing, one: ToPlace, slot: Slot): Text[] {
  const { host, fixed, candidates } = one;
  const agreed = agreedDay(one);
  const isChosen = fixed !== undefined || agreed !== undefined;
  const others = candidates.filter((each) => each.agreed !== undefined && each.agreed !== slot.day);
  return [
    ...(isChosen ? broken(placing, one, slot) : []),
    ...others.map((each) => say.agreedOtherwise(each.agreement, each.agreed ?? '')),
    ...(slot.day < placing.input.today ? [say.wasNotBegun(slot.day)] : []),
    ...(host && !host.consent ? [say.noConsent(host)] : []),
  ];
}

/** The rules that a chosen window breaks. Notice was given where it was there before. */
function broken(placing: Placing, one: ToPlace, slot: Slot): Text[] {
  const round = placing.input.campaign.rounds.find(({ id }) => id === one.round);
  if (!round) return [];
  const wasThere = one.before !== undefined && localDateOf(one.before.from) === slot.day;
  const hurdles = allHurdles(placing, one, frameOf(placing, round)).filter(
    ({ kind, allows }) => kind !== 'time' && !(kind === 'notice' && wasThere) && !allows(slot),
  );
  const reasons = hurdles.map(({ why }) => why([slot]));
  const once = reasons.filter(({ en }, index) => reasons.findIndex((other) => other.en === en) === index);
  const reason = busy(placing.booked, wanted(placing, one, slot));
  const full = {
    overlap: say.overlap(one.consultant),
    week: say.fullWeek(one.consultant, one.limit),
  };
  return [...once, ...(reason ? [full[reason]] : [])];
}
