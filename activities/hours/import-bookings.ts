/** Books rows of time on one agreement: judged one by one as reports are, written in one go. */
import { randomUUID } from 'node:crypto';
import type { Instant, LocalDate } from '../../rules/engine/contract/contract';
import { grouped } from '../../rules/engine/basics/grouped';
import type { HourEntry, StandingUse } from '../../rules/engine/hours/entries';
import { standingUses } from '../../rules/engine/hours/entries';
import type { HourFacts } from './facts';
import type { BookingTerms, Judged, NeedsManager, Outside, ReportedEntry, TooMuch } from './ledger';
import { judge } from './ledger';

/** Why a row was not booked. */
export type Refusal =
  | Outside
  | NeedsManager
  | TooMuch
  | {
      /** No entry of the day holds so much, or only so much is left of it. */ nothingToTake: {
        seconds: number;
      };
    };

/** What became of a row: the entry that was made of it, or the one that says the same already. */
export type Booked = { entry: HourEntry } | { same: HourEntry } | { refused: Refusal };

/** Who imports, and by whose approval. */
export interface Importer {
  by: string;
  asOf: Instant;
  approvedBy?: string;
  reason?: string;
}

/** What a new row books. */
export interface NewUse {
  id: string;
  on: LocalDate;
  person: string;
  kind?: string;
  note?: string;
  seconds: number;
}

/** What somebody says of a correction. */
export interface Correction {
  by: string;
  on?: LocalDate;
  note?: string;
}

/**
 * The entries of an agreement while rows are booked. Whatever a row is about is found by an index, so that a file of many
 * rows takes no longer for each.
 */
export class Bookings {
  /** What was booked so far, in its order. */
  readonly booked: HourEntry[] = [];
  private readonly bySubject: Map<string, HourEntry[]>;
  private readonly byDay: Map<string, string[]>;
  private nextNumber: number;

  constructor(
    { entries }: HourFacts,
    private readonly terms: BookingTerms,
    private readonly importer: Importer,
  ) {
    const subjects = new Map<string, string>();
    for (const { id, target } of entries) subjects.set(id, subjects.get(target ?? '') ?? id);
    this.bySubject = grouped(entries, ({ id }) => subjects.get(id) ?? id);
    this.byDay = new Map();
    for (const [id, [use]] of this.bySubject) if (use?.action === 'use') this.index(id);
    this.nextNumber = (entries.at(-1)?.number ?? 0) + 1;
  }

  /** Books a new use. */
  use({ id, seconds, on, person, kind, note }: NewUse): Booked {
    return this.judged(this.ofDay(person, on), {
      ...{ entryId: id, seconds, on, by: person },
      ...(kind !== undefined && { service: kind }),
      ...(note !== undefined && { note }),
    });
  }

  /** Corrects a use to what it is to be. @param said.on the day of the work, where it may be another */
  correct(id: string, seconds: number, said: Correction): Booked {
    const use = this.standing(id);
    if (seconds < 0) return { refused: { nothingToTake: { seconds: use.reported } } };
    const { by, on = use.on, note } = said;
    const person = use.entry.by ?? '';
    const others = on === use.on ? [] : this.ofDay(person, on);
    const near = new Set([...this.group(id), ...this.ofDay(person, use.on), ...others]);
    return this.judged([...near], {
      ...{ entryId: randomUUID(), seconds, corrects: { entryId: id }, by },
      ...(on !== use.on && { on }),
      ...(note !== undefined && { note }),
    });
  }

  /** Takes a use back. */
  undo(id: string): Booked {
    return this.judged(this.group(id), { entryId: randomUUID(), seconds: 0, undoes: { entryId: id } });
  }

  /** A use as it stands now. @throws if it was taken back */
  standing(id: string): StandingUse {
    const [use] = standingUses(this.group(id));
    if (!use) throw new Error(`expected entry ${id} to stand, found it taken back`);
    return use;
  }

  /** The use that an entry is about: itself, unless it corrects one or takes it back. */
  useOf(entry: HourEntry): HourEntry {
    return this.group(entry.target ?? entry.id)[0] ?? entry;
  }

  /** The day of an entry: that of its use, where it does not move it. */
  dayOf(entry: HourEntry): LocalDate {
    const subject = this.useOf(entry);
    return entry.on ?? this.group(subject.id).findLast(({ on }) => on !== undefined)?.on ?? '';
  }

  /** The use of a person, day and kind that holds so much time: the one with exactly as much, or the last one. */
  findUse({ person, on, kind }: Omit<NewUse, 'id'>, seconds: number): StandingUse | undefined {
    const uses = standingUses(this.ofDay(person, on)).filter(
      (use) => use.on === on && use.entry.service === kind && use.reported >= seconds,
    );
    return uses.find(({ reported }) => reported === seconds) ?? uses.at(-1);
  }

  private judged(
    entries: readonly HourEntry[],
    report: Pick<ReportedEntry, 'entryId'> & Partial<ReportedEntry>,
  ): Booked {
    const { by, asOf, approvedBy, reason } = this.importer;
    const note = report.note ?? (report.corrects || report.undoes ? reason : undefined);
    const said = { by, byAssumed: false, asOf, ...report, ...(note !== undefined && { note }) };
    const judged = judge(entries, said, this.terms, this.nextNumber);
    // Only what needs the manager's yes has it.
    const outcome =
      'needsManager' in judged && approvedBy !== undefined
        ? judge(entries, { ...said, approvedBy }, this.terms, this.nextNumber)
        : judged;
    return this.booking(outcome);
  }

  private booking(outcome: Judged): Booked {
    if ('nothing' in outcome) return { same: outcome.nothing };
    if ('unknown' in outcome || 'tooLate' in outcome)
      throw new Error(`expected an entry that stands, found ${JSON.stringify(outcome)}`);
    if (!('booked' in outcome)) return { refused: outcome };
    const entry = outcome.booked;
    const subject = entry.target ?? entry.id;
    this.bySubject.set(subject, [...this.group(subject), entry]);
    this.index(subject);
    this.booked.push(entry);
    this.nextNumber += 1;
    return { entry };
  }

  private group(id: string): HourEntry[] {
    return this.bySubject.get(id) ?? [];
  }

  /** All that was recorded about uses of a person that stand, or stood, on a day. */
  private ofDay(person: string, on: LocalDate): HourEntry[] {
    return (this.byDay.get(dayKey(person, on)) ?? []).flatMap((id) => this.group(id));
  }

  private index(id: string): void {
    const [use] = this.group(id);
    for (const { on } of this.group(id)) {
      const key = dayKey(use?.by ?? '', on ?? '');
      const ids = this.byDay.get(key) ?? [];
      if (on !== undefined && !ids.includes(id)) this.byDay.set(key, [...ids, id]);
    }
  }
}

const dayKey = (person: string, on: LocalDate): string => `${on} ${person.toLowerCase()}`;
