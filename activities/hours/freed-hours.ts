/**
 * Hours that our own correction frees after they expired, or shortly before: our lateness is not the customer's loss, so
 * a manager is asked to give them back.
 */
import { addDays } from '../../rules/engine/calendar/dates';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import type { Instant, LocalDate } from '../../rules/engine/contract/contract';
import type { HourEntry } from '../../rules/engine/hours/entries';
import type { Queryable } from '../db';
import { burn, readHours } from './facts';
import type { HourFacts } from './facts';

/** Days before hours expire within which a correction comes too late for the customer to use what it frees. */
const daysTooLate = 30;

/** Hours that expired because a correction came too late. */
export interface FreedHours {
  /** Names them once and for all: the `ref` of the goodwill that gives them back. */
  ref: string;
  seconds: number;
}

/**
 * What reported corrections freed of hours that had expired.
 * @param facts with what is reported
 * @param reported ids of entries that are booked
 */
export async function freedByReports(
  tx: Queryable,
  agreement: string,
  { entries }: HourFacts,
  reported: readonly string[],
  asOf: Instant,
): Promise<FreedHours[]> {
  const corrections = entries.filter(({ id }) => reported.includes(id) && isOfUse(entries, id));
  const ids = corrections.map(({ id }) => id);
  const freed: FreedHours[] = [];
  for (const [index, { number }] of corrections.entries()) {
    // Each counts with those before it: what later ones free is theirs.
    const [after, before] = [ids.slice(index + 1), ids.slice(index)];
    const day = localDateOf(asOf);
    const seconds =
      (await expiredBy(tx, agreement, day, after)) - (await expiredBy(tx, agreement, day, before));
    if (seconds > 0) freed.push({ ref: `goodwill-${number}`, seconds });
  }
  return freed;
}

/** What corrections shortly before a day freed of the hours that expired on it. @param ref names what is freed */
export async function freedBeforeEnd(
  tx: Queryable,
  agreement: string,
  { entries }: HourFacts,
  { ref, asOf }: { ref: string; asOf: Instant },
): Promise<FreedHours[]> {
  const day = localDateOf(asOf);
  const isLate = ({ recordedAt }: HourEntry): boolean => {
    const on = localDateOf(recordedAt);
    return addDays(day, -daysTooLate) <= on && on < day;
  };
  const late = entries.flatMap((entry) => (isLate(entry) && isOfUse(entries, entry.id) ? [entry.id] : []));
  if (late.length === 0) return [];
  const seconds = (await expiredBy(tx, agreement, day, [])) - (await expiredBy(tx, agreement, day, late));
  return seconds > 0 ? [{ ref, seconds }] : [];
}

/** Whether an entry changes what was used. */
function isOfUse(entries: readonly HourEntry[], id: string): boolean {
  const find = (wanted: string | undefined): HourEntry | undefined =>
    entries.find((one) => one.id === wanted);
  const about = find(find(id)?.target);
  return about?.action === 'use' || find(about?.target)?.action === 'use';
}

/** Seconds that have expired by a day, some entries left out; what we gave is not given again. */
async function expiredBy(
  tx: Queryable,
  agreement: string,
  day: LocalDate,
  without: readonly string[],
): Promise<number> {
  const { grants, ends } = burn(await readHours(tx, agreement, { without }), day);
  const ours = new Set(grants.flatMap(({ id, kind }) => (kind === 'goodwill' ? [id] : [])));
  return ends.reduce((sum, { grant, expired }) => (ours.has(grant) ? sum : sum + expired), 0);
}
