/**
 * Hours that our own correction freed after they expired, or shortly before: our lateness is not the customer's loss, so
 * a manager is asked to give them back. It is worked out anew with every change, never kept.
 */
import { addDays } from '../../rules/engine/calendar/dates';
import { instantAt, localDateOf } from '../../rules/engine/calendar/calendar';
import type { Instant, LocalDate } from '../../rules/engine/contract/contract';
import { isAsking, standingOf } from '../../rules/engine/hours/entries';
import type { HourEntry } from '../../rules/engine/hours/entries';
import type { SupportTerms } from '../../rules/engine/ruleset/terms';
import { announcementOf } from '../../rules/engine/terms/support-hours';
import { burn, factsWithout } from './facts';
import type { HourFacts } from './facts';

/** Days before hours expire within which a correction comes too late for the customer to use what it frees. */
const daysTooLate = 30;
/** Days after hours expired within which what becomes of them is looked at. */
const daysLooked = 400;

/** Hours that expired because a correction came too late, and that nobody has given back. */
export interface FreedHours {
  /** Names them: the `ref` of the goodwill that gives them back. */
  ref: string;
  seconds: number;
  /** When the manager is asked again. */
  remindAt?: Instant;
}

/** Open days after which the manager is asked again. */
const daysToDecide = 10;

/**
 * All hours of an agreement that corrections freed too late: of each grant that has ended, what has expired now beyond
 * what had expired when it ended, corrections of the last weeks before left out.
 *
 * @param facts all that is known now
 * @param support the working days by which the manager is asked again
 */
export function freedHours(facts: HourFacts, asOf: Instant, support?: SupportTerms): FreedHours[] {
  const again = support && { remindAt: announcementOf(asOf, support, daysToDecide) };
  const today = localDateOf(asOf);
  const burned = burn(facts, today);
  const ours = new Set(burned.grants.flatMap(({ id, kind }) => (kind === 'goodwill' ? [id] : [])));
  const corrections = correctionsOfUses(facts.entries);
  const freed: FreedHours[] = [];
  for (const { grant, on, expired } of burned.ends) {
    if (expired === 0 || ours.has(grant) || on < addDays(today, -daysLooked)) continue;
    const late = lateSince(facts.entries, corrections, on);
    if (!late.some(({ id }) => corrections.has(id))) continue;
    const then = factsWithout(
      facts,
      late.map(({ id }) => id),
    );
    const before = burn(then, on).ends.find((end) => end.grant === grant && end.on === on)?.expired ?? 0;
    const { given, times } = givenBack(facts.entries, `goodwill-${grant}`);
    const seconds = expired - before - given;
    if (seconds > 0)
      freed.push({ ref: `goodwill-${grant}${times === 0 ? '' : `-again-${times}`}`, seconds, ...again });
  }
  return freed;
}

/** What was recorded once a day had begun, and corrections shortly before it. */
function lateSince(
  entries: readonly HourEntry[],
  corrections: ReadonlySet<string>,
  day: LocalDate,
): HourEntry[] {
  const began = instantAt(day, '00:00');
  const shortlyBefore = instantAt(addDays(day, -daysTooLate), '00:00');
  return entries.filter(
    ({ id, recordedAt }) => recordedAt >= began || (recordedAt >= shortlyBefore && corrections.has(id)),
  );
}

/** Ids of the entries that change what was used: corrections, and what takes a use or one of them back. */
function correctionsOfUses(entries: readonly HourEntry[]): ReadonlySet<string> {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const targetOf = (entry: HourEntry | undefined): HourEntry | undefined => byId.get(entry?.target ?? '');
  const isOne = (entry: HourEntry): boolean => {
    const about = targetOf(entry);
    if (isAsking(entry.action) || (about && isAsking(about.action))) return false;
    return about?.action === 'use' || targetOf(about)?.action === 'use';
  };
  return new Set(entries.filter(isOne).map(({ id }) => id));
}

/** What was given back under a name, and how often. */
function givenBack(entries: readonly HourEntry[], name: string): { given: number; times: number } {
  const all = standingOf(entries, 'grant').filter(
    ({ entry: { ref } }) => ref === name || ref?.startsWith(`${name}-again-`),
  );
  return { given: all.reduce((sum, { billable }) => sum + billable, 0), times: all.length };
}
