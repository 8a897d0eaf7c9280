/** Imports time from a time system's file: what is ours goes all or nothing, and what is known is not booked twice. */
import { grouped } from '../../rules/engine/basics/grouped';
import { instantAt, localDateOf } from '../../rules/engine/calendar/calendar';
import { later } from '../../rules/engine/calendar/dates';
import type { LocalDate } from '../../rules/engine/contract/contract';
import type { Draw, Grant } from '../../rules/engine/hours/burn-down';
import type { HourBalance } from '../../rules/engine/hours/hour-bank';
import { pairRows } from '../../rules/engine/imports/pair-rows';
import type { TimeRow } from '../../rules/engine/imports/read-rows';
import type { Db, Queryable } from '../db';
import { storable } from '../storable';
import type { Changed } from './change';
import { changeHours, inTransaction, tellRuns } from './change';
import { workElsewhere } from './elsewhere';
import { balanceAt, burn, yearOn } from './facts';
import { bookingTerms } from './hours';
import type { Booked, Refusal } from './import-bookings';
import { Bookings } from './import-bookings';
import type { ImportRecord, KeptRow, KnownRow, NamedRow } from './import-rows';
import {
  digestOf,
  keepImport,
  knownRows,
  lockProfile,
  namedRows,
  otherProfiles,
  signedAmong,
} from './import-rows';
import { insertEntries, lockHours } from './ledger';

export interface TimeImport extends ImportRecord {
  rows: readonly TimeRow[];
  /** Works out what would become of it, and changes nothing. */
  dryRun?: boolean;
}

/**
 * What becomes of a row: `rebooked` where what it said is taken back and booked anew, `leftAlone` where it has changed and
 * somebody has taken back what it booked, `nothing` where it is new and has no time, `refused` where a fault says why.
 */
export type RowFate = 'booked' | 'corrected' | 'rebooked' | 'unchanged' | 'leftAlone' | 'nothing' | 'refused';

export interface ImportedRow extends Omit<TimeRow, 'name'> {
  fate: RowFate;
  /** The number of the entry that it books, or whose time it changes. */
  entry?: number;
  /** What of the entry draws on which hours; without a grant it goes beyond the bank. */
  draws?: Omit<Draw, 'use'>[];
}

/** A row that cannot be booked, and why. */
export interface ImportFault {
  line: number;
  agreement: string;
  why: Refusal | { unsigned: true } | { unplanned: true };
}

/** An agreement whose hours change, its balances in hundredths of an hour. */
export interface ImportedAgreement {
  agreement: string;
  years: { year: number; before: HourBalance; after: HourBalance }[];
  /** Hours that its rows draw on. */
  grants: Pick<Grant, 'id' | 'kind' | 'from' | 'expires'>[];
  /** Closed years of which the customer gets a corrected statement. */
  corrected: number[];
}

/** Time that was imported, and that the file does not have any more: it is not taken back. */
export interface MissingTime {
  agreement: string;
  /** Of the entry that was booked for it. */
  entry: number;
  on: LocalDate;
  seconds: number;
}

export interface ImportedTime {
  /** Whether it was booked. */
  done: boolean;
  rows: ImportedRow[];
  faults: ImportFault[];
  agreements: ImportedAgreement[];
  missing: MissingTime[];
  /** Other profiles by which the same file was imported: its rows are not known by this one. */
  otherProfiles: string[];
}

/**
 * Imports rows in one transaction: what is new is booked, what has changed since it was imported is corrected, what is the
 * same is left as it is, also where somebody has corrected it by hand. With a fault nothing is booked.
 */
export async function importHours(db: Db, about: TimeImport): Promise<ImportedTime> {
  const asked = storable(about);
  return inTransaction(db, async (tx) => {
    await lockProfile(tx, asked.profile);
    const rows = namedRows(asked.profile, asked.rows);
    const known = await knownRows(tx, asked.profile, rows);
    // In one order, so that two imports, or moves, do not wait for each other.
    const agreements = new Set([...rows, ...known].map(({ agreement }) => agreement));
    for (const agreement of [...agreements].sort()) await lockHours(tx, agreement);
    // Until then somebody may have taken back what is known.
    const run = new Run(asked, rows, known.length === 0 ? known : await knownRows(tx, asked.profile, rows));
    const result = { ...(await run.book(tx)), otherProfiles: await otherProfiles(tx, asked) };
    const keep = result.done && asked.dryRun !== true;
    if (keep) {
      await keepImport(tx, asked, run.kept);
      await tellRuns(tx, result.agreements);
    }
    return { result: { ...result, done: keep }, keep };
  });
}

/** What is to be done for a row on one agreement. */
type Work =
  | { do: 'use' | 'take'; row: Paired }
  | { do: 'correct' | 'retake' | 'undo' | 'giveBack'; row: Paired; before: KnownRow };

interface Paired {
  row: NamedRow;
  nth: number;
  before?: KnownRow;
  fate: RowFate;
  entry?: { id: string; number: number };
}

/** First time is given back and taken back, then it is booked and corrected, then rows below zero take of what stands. */
const order: Work['do'][] = ['giveBack', 'undo', 'correct', 'use', 'retake', 'take'];

class Run {
  readonly kept: KeptRow[] = [];
  private readonly paired: Paired[];
  private readonly gone: KnownRow[];
  private readonly works: Map<string, Work[]>;
  private readonly faults: ImportFault[] = [];
  /** What rows below zero take of each entry. */
  private readonly taken = new Map<string, number>();

  constructor(
    private readonly asked: TimeImport,
    rows: readonly NamedRow[],
    known: readonly KnownRow[],
  ) {
    const pairs = pairRows(known, rows);
    const nths = new Map<string, number>();
    for (const { name, nth } of known) nths.set(name, Math.max(nth, nths.get(name) ?? 0));
    this.gone = pairs.gone;
    this.paired = pairs.rows.map(({ row, before }) => {
      const nth = before?.nth ?? (nths.get(row.name) ?? 0) + 1;
      if (!before) nths.set(row.name, nth);
      return { row, nth, fate: 'unchanged', ...(before && { before }) };
    });
    for (const { takes, entry, seconds } of known) if (takes) this.take(entry, seconds);
    const works = this.allWorks().sort((a, b) => order.indexOf(a.do) - order.indexOf(b.do));
    this.works = grouped(works, (work) =>
      'before' in work ? work.before.agreement : work.row.row.agreement,
    );
  }

  /** What is to be done for all rows. What takes time from an entry that is taken back takes it from another. */
  private allWorks(): Work[] {
    const works = this.paired.flatMap(worksOf);
    const undone = new Set(works.flatMap((work) => (work.do === 'undo' ? [work.before.entry] : [])));
    const stranded = this.paired.filter(
      ({ row, before }) => before?.takes && before.content === row.content && undone.has(before.entry),
    );
    return [...works, ...stranded.flatMap((row) => againOf(row))];
  }

  /** The agreements whose hours may change. */
  private agreements(): string[] {
    return [...this.works.keys()].sort();
  }

  async book(tx: Queryable): Promise<Omit<ImportedTime, 'otherProfiles'>> {
    const agreements: ImportedAgreement[] = [];
    const draws = new Map<string, Omit<Draw, 'use'>[]>();
    const signed = await signedAmong(tx, this.agreements());
    for (const agreement of this.agreements()) {
      const works = this.works.get(agreement) ?? [];
      if (!signed.has(agreement)) {
        this.refuse(works, { unsigned: true });
        continue;
      }
      const changed = await this.bookOn(tx, agreement, works);
      if (changed.value.length === 0) continue;
      agreements.push(this.tellOf(agreement, changed, draws));
    }
    const rows = this.paired.map(({ row, fate, entry }): ImportedRow => {
      const { name: _name, content: _content, bookedAs: _bookedAs, ...told } = row;
      const drawn = entry && fate !== 'unchanged' ? draws.get(entry.id) : undefined;
      return { ...told, fate, ...(entry && { entry: entry.number }), ...(drawn && { draws: drawn }) };
    });
    const done = this.faults.length === 0 && agreements.length > 0;
    return { done, rows, faults: this.faults, agreements, missing: this.missing() };
  }

  private async bookOn(
    tx: Queryable,
    agreement: string,
    works: readonly Work[],
  ): Promise<Changed<LocalDate[]>> {
    const { asOf } = this.asked;
    return changeHours(tx, { agreement, asOf }, async (facts, stated) => {
      if (facts.periods.length === 0) {
        this.refuse(works, { unplanned: true });
        return [];
      }
      const elsewhere = await workElsewhere(tx, agreement, {
        people: works.map(({ row: { row } }) => row.person),
        days: works.map(({ row: { row } }) => row.on),
      });
      const terms = { ...bookingTerms(facts, stated, localDateOf(asOf)), elsewhere };
      const bookings = new Bookings(facts, terms, this.asked);
      for (const work of works) this.settle(work, this.carryOut(work, bookings), bookings);
      const entries = bookings.booked.map((entry) => ({ entry, byAssumed: false }));
      await insertEntries(tx, agreement, entries);
      return bookings.booked.map((entry) => bookings.dayOf(entry));
    });
  }

  private carryOut(work: Work, bookings: Bookings): Booked {
    const { row, nth, before } = work.row;
    switch (work.do) {
      case 'use':
        return bookings.use({ ...row, id: digestOf([row.name, nth, before?.import ?? 0]) });
      case 'correct': {
        const { entry } = work.before;
        const seconds = row.seconds + (this.taken.get(entry) ?? 0);
        return bookings.correct(entry, seconds, { by: row.person, on: row.on });
      }
      case 'undo':
        return bookings.undo(work.before.entry);
      case 'take': {
        const use = bookings.findUse(row, -row.seconds);
        if (!use) return { refused: { nothingToTake: { seconds: -row.seconds } } };
        return this.changeTaken(use.entry.id, row.seconds, row, bookings);
      }
      case 'retake':
        return this.changeTaken(work.before.entry, row.seconds - work.before.seconds, row, bookings);
      case 'giveBack':
        return this.changeTaken(work.before.entry, -work.before.seconds, row, bookings);
    }
  }

  /** Takes time of an entry as it stands, or gives some back. */
  private changeTaken(
    entry: string,
    seconds: number,
    { person, note }: NamedRow,
    bookings: Bookings,
  ): Booked {
    const { reported } = bookings.standing(entry);
    this.take(entry, seconds);
    const said = { by: person, ...(note !== undefined && { note }) };
    return bookings.correct(entry, reported + seconds, said);
  }

  private take(entry: string, seconds: number): void {
    this.taken.set(entry, (this.taken.get(entry) ?? 0) + seconds);
  }

  /** Notes what came of a row. */
  private settle(work: Work, booked: Booked, bookings: Bookings): void {
    if ('refused' in booked) return this.refuse([work], booked.refused);
    if (work.do === 'undo' || work.do === 'giveBack' || work.row.fate === 'refused') return;
    const { row, nth } = work.row;
    const subject = bookings.useOf('entry' in booked ? booked.entry : booked.same);
    work.row.entry = { id: subject.id, number: subject.number };
    work.row.fate = fateOf(work, 'entry' in booked);
    const { name, bookedAs, on, seconds, line } = row;
    const takes = work.do === 'take' || work.do === 'retake';
    this.kept.push({ name, nth, line, entry: subject.id, bookedAs, on, seconds, takes });
  }

  private refuse(works: readonly Work[], why: ImportFault['why']): void {
    for (const { row } of works) {
      row.fate = 'refused';
      this.faults.push({ line: row.row.line, agreement: row.row.agreement, why });
    }
  }

  /** What becomes of an agreement's hours, and what its rows draw on. */
  private tellOf(
    agreement: string,
    { value: days, before, after, corrected }: Changed<LocalDate[]>,
    draws: Map<string, Omit<Draw, 'use'>[]>,
  ): ImportedAgreement {
    const today = localDateOf(this.asked.asOf);
    const burned = burn(after, days.reduce(later, today));
    const entries = new Set(
      this.paired.flatMap(({ entry, fate }) => (entry && fate !== 'unchanged' ? [entry.id] : [])),
    );
    const own = burned.draws.filter(({ use }) => entries.has(use));
    for (const [use, drawn] of grouped(own, (draw) => draw.use))
      draws.set(
        use,
        drawn.map(({ use: _use, ...draw }) => draw),
      );
    const drawnOn = new Set(own.map(({ grant }) => grant));
    const years = [...new Set(days.map((day) => yearOn(after.periods, day)))].sort((a, b) => a - b);
    return {
      ...{ agreement, corrected },
      years: years.map((year) => {
        const lastDay = days.filter((day) => yearOn(after.periods, day) === year).reduce(later);
        // A balance counts work up to its day.
        const at = later(this.asked.asOf, instantAt(lastDay, '12:00'));
        return { year, before: balanceAt(before, year, at), after: balanceAt(after, year, at) };
      }),
      grants: burned.grants
        .filter(({ id }) => drawnOn.has(id))
        .map(({ id, kind, from, expires }) => ({ id, kind, from, expires })),
    };
  }

  /** What was imported of the file's period, and is not in it any more. */
  private missing(): MissingTime[] {
    const days = this.paired.map(({ row }) => row.on).sort();
    const [first, last] = [days[0] ?? '', days.at(-1) ?? ''];
    return this.gone
      .filter(({ on, seconds, isTakenBack }) => first <= on && on <= last && seconds !== 0 && !isTakenBack)
      .map(({ agreement, number, on, seconds }) => ({ agreement, entry: number, on, seconds }));
  }
}

function fateOf(work: Work, isChange: boolean): RowFate {
  if (!isChange) return 'unchanged';
  if (work.do !== 'use' && work.do !== 'take') return 'corrected';
  return work.row.before ? 'rebooked' : work.do === 'use' ? 'booked' : 'corrected';
}

/** What is to be done for a row: nothing where it says what it said before. */
function worksOf(paired: Paired): Work[] {
  const { row, before } = paired;
  const takes = row.seconds < 0;
  if (!before) {
    if (row.seconds !== 0) return [freshOf(paired)];
    paired.fate = 'nothing';
    return [];
  }
  if (before.content === row.content) return [];
  if (before.isTakenBack) {
    paired.fate = 'leftAlone';
    return [];
  }
  const isAlike =
    before.bookedAs === row.bookedAs && before.takes === takes && (!takes || before.on === row.on);
  if (isAlike || row.seconds === 0) return [{ do: before.takes ? 'retake' : 'correct', row: paired, before }];
  return againOf(paired);
}

const freshOf = (row: Paired): Work => ({ do: row.row.seconds < 0 ? 'take' : 'use', row });

const againOf = (row: Paired): Work[] =>
  row.before ? [{ do: row.before.takes ? 'giveBack' : 'undo', row, before: row.before }, freshOf(row)] : [];
