/**
 * What the ledger's entries come to: a use stands as the last correction of it says, unless it was undone. Without
 * libraries: workflows use it.
 */
import { compare } from '../basics/compare';
import type { Instant, LocalDate } from '../contract/contract';

/** An entry of the ledger as somebody reported it. Times are whole seconds. */
export interface HourEntry {
  id: string;
  /** Short, within its agreement, in the order of recording. */
  number: number;
  /**
   * A correction says what a use is to be; an undo takes an entry back. A question is asked about a use, and an answer settles all
   * that are asked about it: neither changes it. An order says who answers for work beyond the bank.
   */
  action: 'use' | 'grant' | 'order' | 'correction' | 'undo' | 'question' | 'answer';
  /** The id of the entry that it is about: hours used, hours given, or what was said of them. */
  target?: string;
  /** The day of the work, or from which hours given can be used; a correction names it only if it moves it. */
  on?: LocalDate;
  service?: string;
  reported?: number;
  /** What of it counts. */
  billable?: number;
  ref?: string;
  recordedAt: Instant;
  by?: string;
  /** The manager who said yes to what worsens a closed year, or lies far back. */
  approvedBy?: string;
  note?: string;
}

/** A use, or hours given, as they stand now. */
export interface StandingUse {
  entry: HourEntry;
  on: LocalDate;
  reported: number;
  billable: number;
}

/** An entry beside what it changed; a correction counts the difference, an undo what it took back. */
export interface EntryChange {
  entry: HourEntry;
  /** The use that it is about: itself, unless it corrects or undoes one. */
  use: HourEntry;
  on: LocalDate;
  reported: number;
  billable: number;
}

/**
 * Reported time in whole units of so many minutes, rounded down in the customer's favour; 0 minutes do not round.
 *
 * @example roundDownToUnits(5040, 15) // 4500: an hour and twenty-four minutes are five quarters
 */
export function roundDownToUnits(seconds: number, minutes: number): number {
  return minutes === 0 ? seconds : seconds - (seconds % (minutes * 60));
}

const inOrder = (a: HourEntry, b: HourEntry): number =>
  compare(a.recordedAt, b.recordedAt) || a.number - b.number;

/** Each use, and hours given, with all that was recorded about it, itself first, in the order of recording. */
export function entriesBySubject(entries: readonly HourEntry[]): HourEntry[][] {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const useOf = (entry: HourEntry): string => {
    const target = entry.target === undefined ? undefined : byId.get(entry.target);
    return target ? useOf(target) : entry.id;
  };
  const groups = new Map<string, HourEntry[]>();
  for (const entry of [...entries].sort(inOrder)) {
    const id = useOf(entry);
    const group = groups.get(id);
    if (group) group.push(entry);
    else groups.set(id, [entry]);
  }
  return [...groups.values()];
}

/** Ids of the entries of a group that were taken back. */
export const undoneIn = (group: readonly HourEntry[]): ReadonlySet<string> =>
  new Set(group.flatMap(({ action, target }) => (action === 'undo' && target ? [target] : [])));

/** How a use, or hours given, stand after what was recorded about it; nothing once it is undone. */
function standing(group: readonly HourEntry[]): StandingUse | undefined {
  const [entry] = group;
  const undone = undoneIn(group);
  if (!entry || undone.has(entry.id)) return undefined;
  const counting = group.filter(({ reported, id }) => reported !== undefined && !undone.has(id));
  const { reported = 0, billable = 0 } = counting.at(-1) ?? entry;
  const on = counting.findLast((one) => one.on !== undefined)?.on ?? '';
  return { entry, on, reported, billable };
}

/** All that stands of what was used, or of what was given; both without `action`; in the order of their numbers. */
export function standingOf(entries: readonly HourEntry[], action?: 'use' | 'grant' | 'order'): StandingUse[] {
  return entriesBySubject(entries)
    .flatMap((group) => standing(group) ?? [])
    .filter(({ entry }) => action === undefined || entry.action === action)
    .sort((a, b) => a.entry.number - b.entry.number);
}

/** All uses that stand, in the order of their numbers. */
export const standingUses = (entries: readonly HourEntry[]): StandingUse[] => standingOf(entries, 'use');

/** How a use changes: one that is moved is gone from its day, and stands on another. */
function changesBetween(
  before: StandingUse | undefined,
  after: StandingUse | undefined,
): Pick<EntryChange, 'on' | 'reported' | 'billable'>[] {
  if (before && after && before.on !== after.on)
    return [...changesBetween(before, undefined), ...changesBetween(undefined, after)];
  const on = (after ?? before)?.on ?? '';
  return [
    {
      on,
      reported: (after?.reported ?? 0) - (before?.reported ?? 0),
      billable: (after?.billable ?? 0) - (before?.billable ?? 0),
    },
  ];
}

/** Whether an entry asks about hours, or answers: it leaves them as they are. */
export const isAsking = (action: HourEntry['action']): boolean =>
  action === 'question' || action === 'answer';

/** What each entry changed when it was recorded, in the order of recording. They add up to the uses that stand. */
export function entryChanges(entries: readonly HourEntry[]): EntryChange[] {
  const changes = entriesBySubject(entries).flatMap((group): EntryChange[] => {
    const [use] = group;
    if (use?.action !== 'use') return [];
    let before: StandingUse | undefined;
    const asked = new Set(group.flatMap(({ action, id }) => (isAsking(action) ? [id] : [])));
    return group.flatMap((entry, index): EntryChange[] => {
      if (asked.has(entry.id) || asked.has(entry.target ?? '')) return [];
      const after = standing(group.slice(0, index + 1));
      const all = changesBetween(before, after);
      before = after;
      return all.map((change) => ({ entry, use, ...change }));
    });
  });
  return changes.sort((a, b) => inOrder(a.entry, b.entry));
}
