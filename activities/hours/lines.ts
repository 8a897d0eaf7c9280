/** The ledger of a year line by line: what was given, used and corrected, and what rolled over, lapsed or expired. */
import { compare } from '../../rules/engine/basics/compare';
import { instantAt, localDateOf } from '../../rules/engine/calendar/calendar';
import { later } from '../../rules/engine/calendar/dates';
import type { Instant, LocalDate } from '../../rules/engine/contract/contract';
import { entryChanges } from '../../rules/engine/hours/entries';
import type { EntryChange } from '../../rules/engine/hours/entries';
import { addedHours } from '../../rules/engine/hours/year-hours';
import type { HourTableLine } from '../../templates/hour-table';
import { burn, usesOf } from './facts';
import type { HourFacts } from './facts';

/** A line of the ledger. A correction counts what it changed; all times are whole seconds. */
export interface HourLine {
  at: Instant;
  kind: 'contracted' | 'rolledIn' | 'added' | 'used' | 'lapsed' | 'rolledOut' | 'expired' | 'refunded';
  seconds: number;
  /** Of a use: the entry, with the day of its work. */
  change?: EntryChange;
  reason?: string;
}

/** The changes of uses on days of a year, in the order of their work. */
export function changesOf(facts: HourFacts, year: number): EntryChange[] {
  const period = facts.periods.find(({ number }) => number === year);
  if (!period) return [];
  return entryChanges(facts.entries)
    .filter(({ on }) => period.from <= on && on < period.to)
    .sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : a.entry.number - b.entry.number));
}

/** All lines of a year as they stand on a day, what is derived from them included. */
export function hourLines(facts: HourFacts, year: number, on: LocalDate): HourLine[] {
  const period = facts.periods.find(({ number }) => number === year);
  if (!period) return [];
  const given = facts.recorded
    .filter((grant) => grant.year === year && grant.kind === 'contracted')
    .map(({ recordedAt, seconds, reason }): HourLine => ({
      ...{ at: recordedAt, kind: 'contracted', seconds },
      ...(reason !== null && { reason }),
    }));
  const used = changesOf(facts, year).map((change): HourLine => ({
    ...{ at: change.entry.recordedAt, kind: 'used', seconds: change.billable, change },
  }));
  const burned = burn(facts, on);
  const own = burned.grants.filter((grant) => grant.year === year);
  const starts = own.flatMap(({ kind, seconds, from }): HourLine[] =>
    kind === 'rolled' && seconds > 0 ? [{ at: instantAt(from, '00:00'), kind: 'rolledIn', seconds }] : [],
  );
  const added = addedHours(burned, usesOf(facts.uses), period).map(({ from, seconds }): HourLine => ({
    ...{ at: instantAt(from, '00:00'), kind: 'added', seconds },
  }));
  const refunds = burned.ends.flatMap((end): HourLine[] =>
    end.refunded !== undefined && end.on === period.to
      ? [{ at: instantAt(end.on, '00:00'), kind: 'refunded', seconds: end.refunded }]
      : [],
  );
  const ends = burned.ends
    .filter(({ grant }) => own.some(({ id }) => id === grant))
    .flatMap(({ on: day, rolled, expired }): HourLine[] => {
      const at = instantAt(day, '00:00');
      const isLast = day >= period.to;
      return [
        { at, kind: 'rolledOut', seconds: rolled },
        { at, kind: isLast ? 'expired' : 'lapsed', seconds: expired },
      ];
    });
  return [...given, ...starts, ...added, ...used, ...merged([...ends, ...refunds])];
}

/** What ends at one time in one way is one line. */
function merged(lines: readonly HourLine[]): HourLine[] {
  const sums = new Map<string, HourLine>();
  for (const line of lines) {
    const key = `${line.at} ${line.kind}`;
    sums.set(key, { ...line, seconds: line.seconds + (sums.get(key)?.seconds ?? 0) });
  }
  return [...sums.values()].filter(({ seconds }) => seconds > 0);
}

/** The lines of a statement, in order of the days on which they count; what ends counts below zero. */
export function statementLines(facts: HourFacts, year: number, on: LocalDate): HourTableLine[] {
  const from = facts.periods.find(({ number }) => number === year)?.from ?? on;
  const gives: HourLine['kind'][] = ['contracted', 'rolledIn', 'added'];
  return hourLines(facts, year, on)
    .map(({ at, kind, seconds, change }): HourTableLine => {
      if (!change)
        return { on: later(localDateOf(at), from), kind, seconds: gives.includes(kind) ? seconds : -seconds };
      const { entry } = change;
      return {
        ...{ on: change.on, number: entry.number, seconds: -seconds },
        kind: entry.action === 'use' ? (entry.service ?? 'other') : 'correction',
        ...(entry.by !== undefined && { by: entry.by }),
        ...(entry.note !== undefined && { note: entry.note }),
      };
    })
    .filter((line) => line.on <= on)
    .sort((a, b) => compare(a.on, b.on) || rank(a) - rank(b) || (a.number ?? 0) - (b.number ?? 0));
}

/** On one day hours are given first, then used; what ends there is gone last only on the day after a year. */
const rank = ({ number, seconds }: HourTableLine): number => (number !== undefined ? 2 : seconds > 0 ? 0 : 1);
