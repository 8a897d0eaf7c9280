/** How results of single checks become states: a state changes only after several results, both ways. */
import type { Instant } from '../contract/contract';
import type { Text } from '../basics/text';
import type { CheckSettings } from '../contract/monitor';
import type { CheckResult, Outcome } from './watched';

/** The state of a check. It is kept small, since heartbeats and results carry it. */
export interface CheckState {
  /** `pending` until the first hard state is reached. */
  status: 'pending' | Outcome;
  /** Since when it has this status. */
  since: Instant;
  /** The last outcomes, oldest first, one letter each: o, w, d, u. */
  recent: string;
  /** The first bad result since the last good one. */
  badSince?: Instant;
  lastAt?: Instant;
  lastGoodAt?: Instant;
  /** First good result after a bad one, while it is not recovered yet. */
  goodSince?: Instant;
  /** Its last recoveries, oldest first; as many as are needed to tell whether it flaps. */
  recovered: Instant[];
  message?: Text;
  answer?: string;
  /** The version it last found, since when it is that one, since when none is found, and whether that is long. */
  version?: { of: string; version: string; since: Instant; unreadSince?: Instant; lost?: true };
}

/** What a watcher reports: a change of the hard state, or that a bad state still holds after a re-check. */
export interface Transition {
  agreement: string;
  monitor: string;
  at: Instant;
  from: CheckState['status'];
  to: Outcome;
  /** The first bad result. */
  since: Instant;
  lastGoodAt?: Instant;
  message: Text;
  answer?: string;
}

const letters: Record<Outcome, string> = { ok: 'o', warning: 'w', down: 'd', unknown: 'u' };
const outcomes = Object.fromEntries(
  Object.entries(letters).map(([outcome, letter]) => [letter, outcome as Outcome]),
) as Record<string, Outcome>;

/** Whether a check is between two states. It is then tried again sooner. */
export function isUnsettled({ status, recent }: CheckState): boolean {
  const last = outcomes[recent.at(-1) ?? ''];
  return last !== undefined && last !== status;
}

/** Whether it has recovered so often lately that a few good results prove little. */
export function isFlapping({ recovered }: CheckState, { flapping }: CheckSettings, now: Instant): boolean {
  const from = Date.parse(now) - flapping.withinMinutes * 60_000;
  return recovered.filter((at) => Date.parse(at) >= from).length >= flapping.recoveries;
}

/** How a check begins: nothing is known. */
export const unseen = (at: Instant): CheckState => ({
  status: 'pending',
  since: at,
  recent: '',
  recovered: [],
});

/**
 * The state after a result.
 *
 * A bad state is reached when `failuresBeforeAlert` of the last `failuresWithin` results were bad. It is the worst
 * outcome that came that often; "unknown" counts apart, since what could not be checked is not down. It is left after
 * `goodBeforeRecovery` good results in a row, and if it flaps only after half the flapping time without a bad one.
 */
export function nextState(state: CheckState, result: CheckResult, settings: CheckSettings): CheckState {
  const { outcome, at, message, answer } = result;
  const good = outcome === 'ok';
  const kept = Math.max(settings.failuresWithin, settings.goodBeforeRecovery);
  const recent = (state.recent + letters[outcome]).slice(-kept);
  const { badSince, goodSince, lastGoodAt, message: _, answer: __, version, ...rest } = state;
  const lastWell = result.lastWell ?? (good ? at : lastGoodAt);
  const next: CheckState = {
    ...rest,
    recent,
    lastAt: at,
    message,
    ...(lastWell !== undefined && lastWell !== 'never' && { lastGoodAt: lastWell }),
    // Nobody reads the answer of a good check, and thousands of states are kept.
    ...(answer !== undefined && !good && { answer }),
    ...versionAfter(version, result),
    ...(good ? isBad(state.status) && { goodSince: goodSince ?? at } : { badSince: badSince ?? at }),
  };
  const status = good ? statusAfterGood(next, settings, at) : statusAfterBad(next, settings);
  if (good && (status === 'ok' || status === 'pending')) return settle(state, next, status, at, settings);
  if (good && badSince !== undefined) next.badSince = badSince;
  return settle(state, next, status, at, settings);
}

/** Milliseconds that a version holds once it is found, and that one is missed before it counts as lost: two servers may answer in turn. */
const versionHolds = 3_600_000;

/** The version after a result; one that did not get so far as to look leaves it as it was. */
function versionAfter(
  before: CheckState['version'],
  { version, at }: CheckResult,
): Pick<CheckState, 'version'> {
  if (!version) return before ? { version: before } : {};
  const isLong = (since: Instant): boolean => Date.parse(at) - Date.parse(since) >= versionHolds;
  if (version.version === undefined) {
    if (!before) return {};
    const unreadSince = before.unreadSince ?? at;
    return { version: { ...before, unreadSince, ...(isLong(unreadSince) && { lost: true }) } };
  }
  const found = { of: version.of, version: version.version };
  const isOther = before?.of !== found.of || before.version !== found.version;
  const changes = !before || (isOther && (before.of !== found.of || before.lost || isLong(before.since)));
  return changes
    ? { version: { ...found, since: at } }
    : { version: { of: before.of, version: before.version, since: before.since } };
}

/** Whether something about the version is to be stored: another, lost, or found again. */
export const tellsVersion = ({ version: before }: CheckState, { version: after }: CheckState): boolean =>
  before?.since !== after?.since || before?.lost !== after?.lost;

const isBad = (status: CheckState['status']): boolean => status !== 'ok' && status !== 'pending';

function settle(
  before: CheckState,
  next: CheckState,
  status: CheckState['status'],
  at: Instant,
  { flapping }: CheckSettings,
): CheckState {
  if (status === before.status) return next;
  const healed = status === 'ok' && before.status !== 'pending';
  const recovered = healed
    ? [...before.recovered, at].slice(-Math.max(1, flapping.recoveries))
    : before.recovered;
  const { goodSince: _, ...changed } = next;
  return { ...changed, status, since: at, recovered };
}

function statusAfterGood(state: CheckState, settings: CheckSettings, at: Instant): CheckState['status'] {
  const { status, recent, goodSince = at } = state;
  if (status === 'ok') return 'ok';
  if (status === 'pending') return 'ok';
  const enough = recent.length >= settings.goodBeforeRecovery;
  if (!enough || /[^o]/.test(recent.slice(-settings.goodBeforeRecovery))) return status;
  const steadyFor = isFlapping(state, settings, at) ? (settings.flapping.withinMinutes * 60_000) / 2 : 0;
  return Date.parse(at) - Date.parse(goodSince) >= steadyFor ? 'ok' : status;
}

function statusAfterBad({ status, recent }: CheckState, settings: CheckSettings): CheckState['status'] {
  const within = recent.slice(-settings.failuresWithin);
  const count = (...which: Outcome[]): number =>
    [...within].filter((letter) => which.includes(outcomes[letter] ?? 'ok')).length;
  const enough = (number: number): boolean => number >= settings.failuresBeforeAlert;
  if (enough(count('down'))) return 'down';
  // From down to a warning takes as many results without a down as a recovery takes good ones.
  const isEasing = status === 'down' && recent.slice(-settings.goodBeforeRecovery).includes(letters.down);
  if (enough(count('down', 'warning'))) return isEasing ? 'down' : 'warning';
  if (enough(count('unknown'))) return 'unknown';
  // Bad often enough in all, but in no single way: a bad state stays, any other becomes what the last result says.
  if (enough(count('down', 'warning', 'unknown')))
    return isBad(status) ? status : (outcomes[recent.at(-1) ?? ''] ?? status);
  return status;
}

/** The transition to report for the step from one state to the next, if there is one. */
export function transitionOf(
  watched: { agreement: string; check: { id: string } },
  before: CheckState,
  after: CheckState,
): Transition | undefined {
  if (after.status === before.status || after.status === 'pending') return undefined;
  if (before.status === 'pending' && after.status === 'ok') return undefined;
  return stillSo(watched, before.status, after);
}

/** Reports the state again although it has not changed, after a re-check that somebody waits for. */
export function stillSo(
  { agreement, check }: { agreement: string; check: { id: string } },
  from: CheckState['status'],
  state: CheckState,
): Transition | undefined {
  if (state.status === 'pending') return undefined;
  const at = state.lastAt ?? state.since;
  return {
    agreement,
    monitor: check.id,
    at,
    from,
    to: state.status,
    since: state.badSince ?? state.since,
    ...(state.lastGoodAt !== undefined && { lastGoodAt: state.lastGoodAt }),
    message: state.message ?? { sv: '', en: '' },
    ...(state.answer !== undefined && { answer: state.answer }),
  };
}
