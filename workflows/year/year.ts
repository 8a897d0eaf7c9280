/** The running agreement year: its clock, its plan, its state, and how to wait. The strands work on it. */
import { phaseNamesOf } from '../../rules/engine/plan/phase-in-plan';
import { condition } from '@temporalio/workflow';
import type { Text } from '../../rules/engine/basics/text';
import type { Instant, LocalDate } from '../../rules/engine/contract/contract';
import { instantIn, localIn } from '../../rules/engine/calendar/local-time';
import type { Obligation, StoredPlan, Strand } from '../../rules/engine/plan/plan';
import type { YearCalendar } from '../../rules/engine/calendar/local-time';
import type { QuickLane } from '../basics/activities';
import type { Background } from '../basics/background';
import { inBackground } from '../basics/background';
import type { Move } from '../basics/versions';
import type { AgreementYearInput, Termination, YearState } from './year-state';
import { initialState } from './year-state';
import { addDays, addMinutes } from '../../rules/engine/calendar/dates';

/** Until there is a plan: winter time, no holidays. */
const unplannedCalendar: YearCalendar = {
  closedDays: [],
  offsets: [{ from: '', minutes: 60 }],
  opens: '08:30',
  closes: '16:30',
};

/** An update that was taken, and what came of it once that is known. */
export interface Asked {
  /** Nobody waits for the answer any more. */
  unheard?: boolean;
  settledAt?: Instant;
  failed?: Text;
  /** What it has wait for PostgreSQL. */
  caused?: readonly object[];
  /** The number of the entry of hours that it booked or repeats. */
  entry?: { number: number; repeats?: true };
}

/** What came of an entry of hours: its number or that of what it repeats, or why it was not booked. */
export interface HoursOutcome {
  /** Nobody's mistake: no reason to fail. */
  silent?: boolean;
  number?: number;
  repeats?: true;
  why?: Text;
}

export class Year {
  readonly agreement: string;
  readonly state: YearState;
  /** Nothing new is begun: the period is over, the agreement ended, or the history goes on in a new run. */
  over = false;
  phase: 'waiting' | 'running' | 'closing' = 'waiting';
  /** What came of reported hours. */
  readonly outcomes = new WeakMap<object, HoursOutcome>();
  /** A part of the journal is on its way to PostgreSQL. */
  writing = false;
  /** The last re-plan asked for; the next one waits for it. */
  replanning: Promise<void> = Promise.resolve();
  /** Number of re-plans asked for and not finished. */
  replansToCome = 0;
  /** Updates of which nobody was told yet what came of them, by name and content. */
  readonly asked = new Map<string, Asked>();
  /** The last of the messages that wait for one another, while there are any. */
  line: Promise<void> | undefined;
  /** Work in the background: nobody waits for it, or not yet. */
  readonly background: Background = {};
  /** The queue of first tries of activities. */
  readonly lane: QuickLane = { last: Promise.resolve(), closed: false };
  /** Something has happened since the search attributes were last compared with the year. */
  changed = true;
  /** Search attributes as they were last set, so that only a change costs an event. */
  shownAttributes = '';
  /** The version of the worker that the run is to go on with, once it was told to move. */
  readonly move: Move = {};

  constructor(readonly input: AgreementYearInput) {
    this.agreement = input.agreement;
    this.state = initialState(input.state);
  }

  /** Whether the sender of an update waits for what comes of something that it caused. */
  isAwaited(one: object): boolean {
    return [...this.asked.values()].some(({ unheard, caused }) => !unheard && caused?.includes(one));
  }

  /** Now, by the agreement's clock. */
  now(): Instant {
    return new Date(Date.now() + this.input.clockOffset).toISOString();
  }

  /**
   * Until when a mail to the customer waits after the message that causes it.
   * @param since when the message was sent
   */
  heldUntil(since: Instant = this.now()): Instant {
    const minutes = this.state.plan?.holdMinutes ?? 0;
    return addMinutes(since, minutes);
  }

  /** The local date and time of day by the agreement's clock. */
  today(): { on: LocalDate; time: string } {
    return localIn(this.calendar, this.now());
  }

  get calendar(): YearCalendar {
    return this.state.plan?.calendar ?? unplannedCalendar;
  }

  /** The instant of a local time of day. */
  instantOf(on: LocalDate, time: string): Instant {
    return instantIn(this.calendar, on, time);
  }

  /** The plan of the year; there is one before any strand begins. */
  get plan(): StoredPlan {
    if (!this.state.plan) throw new Error('the year has no plan yet');
    return this.state.plan;
  }

  /** What the rules call phases of the upgrade. */
  get phaseNames(): Record<string, Text> {
    return phaseNamesOf(this.state.plan ?? {});
  }

  get number(): number {
    return this.state.plan?.yearNumber ?? this.input.yearNumber ?? 1;
  }

  obligation(id: string): Obligation | undefined {
    return this.state.plan?.obligations.find((obligation) => obligation.id === id);
  }

  obligations(strand: Strand): Obligation[] {
    return this.plan.obligations.filter((obligation) => obligation.strand === strand);
  }

  /** Obligations of a strand that nobody has closed, in order of their date. */
  open(strand: Strand): Obligation[] {
    return this.obligations(strand).filter(({ id }) => !this.isClosed(id));
  }

  isClosed(id: string): boolean {
    return id in this.state.closed;
  }

  /** Whether an obligation was done after its date. */
  isDoneLate(id: string): boolean {
    const closed = this.state.closed[id];
    const due = this.obligation(id)?.dueAt;
    return closed?.state === 'done' && due !== undefined && Date.parse(closed.at) > Date.parse(due);
  }

  /** The early end of the agreement, if it falls into this year; a later one is the next year's. */
  terminatedInYear(): Termination | undefined {
    const { termination } = this.state;
    if (!termination) return undefined;
    const { on, at } = termination;
    const ends = on === undefined ? at : this.instantOf(addDays(on, 1), '00:00');
    return ends <= this.plan.endsAt ? { ...termination, at: ends } : undefined;
  }

  /**
   * Waits for an instant that a re-plan may move.
   * @returns false when `stop` came true or the year was over first
   */
  async until(at: () => Instant | undefined, stop: () => boolean, summary: string): Promise<boolean> {
    for (;;) {
      const due = at();
      if (stop() || this.over || due === undefined) return false;
      const milliseconds = Date.parse(due) - Date.parse(this.now());
      if (milliseconds <= 0) return true;
      const moved = this.isMoved(at, due);
      await condition(() => stop() || this.over || moved(), milliseconds, { summary });
    }
  }

  /** Tells whether a re-plan has moved the instant that is waited for; only then is a new timer needed. */
  private isMoved(at: () => Instant | undefined, due: Instant): () => boolean {
    let { plan } = this.state;
    return () => {
      if (this.state.plan === plan) return false;
      plan = this.state.plan;
      return at() !== due;
    };
  }

  /** Runs `carry` for every obligation of a strand, all at the same time, also for those that a re-plan adds. */
  async each(strand: Strand, carry: (id: string) => Promise<void>): Promise<void> {
    const carried = new Map<string, { done: Promise<void> }>();
    while (!this.over) {
      const { plan } = this;
      for (const { id } of this.obligations(strand))
        if (!carried.has(id))
          carried.set(
            id,
            inBackground(this, () => carry(id)),
          );
      await condition(() => this.over || this.plan !== plan);
    }
    await Promise.all([...carried.values()].map(({ done }) => done));
  }
}
