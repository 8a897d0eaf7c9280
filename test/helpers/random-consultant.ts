/**
 * A consultant who does permitted things in a random order and at random times, from a seed: none may be refused. An
 * account records the expected results.
 */
import type { WorkflowHandle } from '@temporalio/client';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { findPlan } from '../../activities/agreements/plans';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import type { LocalDate } from '../../rules/engine/contract/contract';
import { isOpenDayIn } from '../../rules/engine/calendar/local-time';
import type { YearCalendar } from '../../rules/engine/calendar/local-time';
import { shortId } from '../../rules/engine/basics/short-id';
import type { Overview } from '../../templates/ui/overview';
import type { RunningSimulation } from '../../worker/simulation/simulate';
import { completedPhase } from './completed-phase';

/** The phases of Guld, in their order. */
const phases = ['plan', 'precheck', 'technical', 'integrations', 'test', 'approval', 'after-check'];

/** The results expected at the year's end. */
export interface Account {
  /** Reported hundredths of an hour, by what they were reported for. */
  hours: Map<string, number>;
  /** Words of steps that were undone before a mail could be sent: no mail may contain them. */
  untold: string[];
  /** Meetings, each with its time, that an undo restored after that time: nobody is invited to them. */
  past: Set<string>;
  /** Number of messages that had to be refused: garbage, and hours reported twice. */
  refused: number;
  /** What was done, for the analysis of a year that went wrong. */
  log: string[];
}

interface StepTaken {
  number: number;
  /** Milliseconds, by the agreement's clock. */
  at: number;
  words: string | undefined;
  takeBack: () => void;
}

interface Meeting {
  id: string;
  state: string;
  booked: string | null;
}

const garbage: unknown[] = [
  [],
  'text',
  { meeting: {} },
  { x: '\u0000' },
  { hours: -1 },
  { agreement: 'other' },
  7,
];

/** Minutes in which a step can be undone without a mail, and a margin for the delay of the signal. */
const [holdMinutes, safetyMinutes] = [5, 0.5];
/** Meetings booked for later days would not be escalated, because the year ends. */
const lastMeetingDay = '2027-12-08';

const minutes = (count: number): number => count * 60_000;
const dayAfter = (day: LocalDate, days: number): LocalDate =>
  new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);

/** Acts on a running simulation, and keeps the account. */
export class RandomConsultant {
  readonly account: Account = { hours: new Map(), untold: [], past: new Set(), refused: 0, log: [] };
  private readonly handle: WorkflowHandle;
  private readonly steps: StepTaken[] = [];
  private readonly times = new Set<string>();
  private count = 0;

  constructor(
    private readonly running: RunningSimulation,
    private readonly agreement: string,
    private readonly next: () => number,
  ) {
    this.handle = running.client.workflow.getHandle(running.workflowId);
  }

  /** Does one thing or a few, and sometimes undoes them, at once or after a while. */
  async act(): Promise<void> {
    const today = localDateOf(await this.running.time.now());
    const deeds: ((today: LocalDate) => Promise<unknown>)[] = [
      ...(today < lastMeetingDay ? [this.book, this.book, this.move, this.cancel, this.hold, this.hold] : []),
      ...(today < lastMeetingDay ? [this.decline, this.extra, this.bookAnew] : []),
      ...[this.reportHours, this.reportHours, this.correctHours, this.completePhase, this.failPhase],
      ...[this.checkIntegration, this.completeStart, this.note, this.improve, this.decide, this.pause],
      ...[this.finishAction, this.litter],
    ];
    const before = this.steps.length;
    await this.pick(deeds).call(this, today);
    if (this.chance(0.25)) await this.wait(this.pick([1, 3, 6, 20]));
    if (this.steps.length > before && this.chance(0.25))
      for (let left = this.pick([1, 1, 2, 3]); left > 0; left -= 1) await this.undo();
  }

  private chance(share: number): boolean {
    return this.next() < share;
  }

  private pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.next() * items.length)]!;
  }

  private number(): number {
    return (this.count += 1);
  }

  private async wait(count: number): Promise<void> {
    const now = Date.parse(await this.running.time.now());
    await this.running.time.advanceTo(new Date(now + minutes(count)).toISOString());
  }

  private async query(): Promise<Overview> {
    return this.handle.query<Overview>('overview');
  }

  /**
   * Sends a message that has to be accepted, as a signal or an update.
   * @param words words that stand in a mail that it causes, and in no other
   * @param takeBack changes the account when the step is undone
   */
  private async send(
    name: string,
    input: Record<string, unknown>,
    { words, takeBack = () => undefined }: { words?: string; takeBack?: () => void } = {},
  ): Promise<void> {
    this.account.log.push(`${(await this.running.time.now()).slice(0, 16)} ${name} ${JSON.stringify(input)}`);
    const last = (await this.query()).undo?.step ?? 0;
    // An update that is refused changes nothing, as a signal that is.
    if (this.chance(0.3))
      await this.handle
        .executeUpdate<Overview, [unknown]>(name, { args: [input] })
        .catch((error: unknown) => {
          if (!(error instanceof WorkflowUpdateFailedError)) throw error;
        });
    else await this.handle.signal(name, input);
    await this.running.time.untilIdle();
    const { undo } = await this.query();
    if (undo === undefined || undo.step <= last) return;
    this.steps.push({ number: undo.step, at: Date.parse(undo.at), words, takeBack });
  }

  private async undo(): Promise<void> {
    const { undo } = await this.query();
    if (!undo) return;
    const now = Date.parse(await this.running.time.now());
    const step = this.steps.find(({ number }) => number === undo.step);
    this.account.log.push(`${new Date(now).toISOString().slice(0, 16)} stepUndone ${undo.step} ${undo.name}`);
    await this.handle.signal('stepUndone', this.chance(0.5) ? { step: undo.step } : {});
    if (this.chance(0.2)) await this.handle.signal('stepUndone', { step: undo.step });
    await this.running.time.untilIdle();
    step?.takeBack();
    for (const { id, booked } of await this.meetings((meeting) => Date.parse(meeting.booked ?? '') < now))
      this.account.past.add(`${id} ${String(booked)}`);
    if (step?.words !== undefined && now - step.at < minutes(holdMinutes - safetyMinutes))
      this.account.untold.push(step.words);
  }

  private async meetings(which: (meeting: Meeting) => boolean): Promise<Meeting[]> {
    const all = await this.running.db.query<Meeting>(
      `select o.id, o.state, m.booked_at as booked from obligations o left join meetings m using (agreement, year, id)
        where o.agreement = $1 and o.year = 1 and o.strand = 'meetings' and o.state = 'open' order by o.due_at`,
      [this.agreement],
    );
    return all.filter(which);
  }

  private async calendar(): Promise<YearCalendar> {
    return (await findPlan(this.running.db, this.agreement, 1))!.plan.calendar!;
  }

  /** A future time on a working day that no other meeting has. */
  private async time(today: LocalDate): Promise<{ on: LocalDate; at: string }> {
    const calendar = await this.calendar();
    for (;;) {
      const on = dayAfter(today, 1 + Math.floor(this.next() * 60));
      const at = `${this.pick(['09', '10', '13', '14'])}:${this.pick(['00', '15', '30', '45'])}`;
      const first = dayAfter(today, 1) > lastMeetingDay;
      if (first || on > lastMeetingDay || on < '2027-01-01' || !isOpenDayIn(calendar, on)) {
        if (first) return { on: lastMeetingDay, at };
        continue;
      }
      if (this.times.has(`${on} ${at}`)) continue;
      this.times.add(`${on} ${at}`);
      return { on, at };
    }
  }

  private async book(today: LocalDate): Promise<void> {
    const [meeting] = await this.meetings(({ booked }) => booked === null);
    if (meeting) await this.bookAt(meeting.id, today);
  }

  private async move(today: LocalDate): Promise<void> {
    const booked = await this.meetings((meeting) => meeting.booked !== null);
    if (booked.length > 0) await this.bookAt(this.pick(booked).id, today);
  }

  private async bookAt(id: string, today: LocalDate): Promise<void> {
    const words = `plats-${this.number()}-`;
    const input = {
      meeting: id.replace('meeting-', ''),
      ...(await this.time(today)),
      place: words,
      by: 'anna',
    };
    await this.send('meetingBooked', input, { words });
  }

  private async cancel(): Promise<boolean> {
    const booked = await this.meetings((meeting) => meeting.booked !== null);
    if (booked.length === 0) return false;
    const words = `inställt-${this.number()}-`;
    await this.send('meetingCancelled', { meeting: this.pick(booked).id, reason: words }, { words });
    return true;
  }

  private async bookAnew(today: LocalDate): Promise<void> {
    if (await this.cancel()) await this.book(today);
  }

  private async decline(): Promise<void> {
    if (this.chance(0.6)) return;
    const open = await this.meetings(() => true);
    if (open.length === 0) return;
    const words = `avböjt-${this.number()}-`;
    await this.send('meetingDeclined', { meeting: this.pick(open).id, reason: words }, { words });
  }

  private async hold(today: LocalDate): Promise<void> {
    const open = await this.meetings(() => true);
    const [meeting] = this.chance(0.7) ? open : [this.pick(open)];
    if (!meeting) return;
    const words = `minnen-${this.number()}-`;
    const length = this.chance(0.5) ? 15 * (1 + Math.floor(this.next() * 12)) : undefined;
    const input = {
      meeting: meeting.id,
      ...(this.chance(0.3) && dayAfter(today, -3) >= '2027-01-01' ? { on: dayAfter(today, -3) } : {}),
      ...(length === undefined ? {} : { minutes: length }),
      ...(this.chance(0.7) ? { note: words } : {}),
      ...(this.chance(0.5) ? { participants: ['contact-1', 'consultant'] } : {}),
      ...(this.chance(0.4) ? { decisions: ['Vi går vidare'] } : {}),
      ...(this.chance(0.4) ? { actions: [{ what: 'Skicka listan', owner: 'contact-2' }] } : {}),
    };
    const ref = `held ${meeting.id}`;
    if (meeting.id.includes('extra')) this.account.hours.set(ref, await this.chargeFor(meeting.id, length));
    await this.send('meetingHeld', input, { words, takeBack: () => this.account.hours.delete(ref) });
  }

  /** Hundredths of an hour that an extra meeting draws: by its real length, else as booked, else by the terms. */
  private async chargeFor(id: string, length: number | undefined): Promise<number> {
    const { plan, terms } = (await findPlan(this.running.db, this.agreement, 1))!;
    const planned = plan.obligations.find((one) => one.id === id)?.minutes ?? terms.meetings.lengthMinutes;
    return Math.floor(((length ?? planned) * 100) / 60);
  }

  private async extra(today: LocalDate): Promise<void> {
    const [row] = await this.running.db.query<{ count: number }>(
      `select count(*)::int as count from obligations where id like 'meeting-extra-%'`,
    );
    if (row!.count >= 4 || this.chance(0.4)) return;
    const words = `plats-${this.number()}-`;
    const dated = { ...(await this.time(today)), minutes: 60, place: words };
    await this.send('extraMeetingRequested', this.chance(0.5) ? dated : {}, { words });
  }

  private async reportHours(today: LocalDate): Promise<void> {
    if (today < '2027-01-02') return;
    const ref = `ref-${this.number()}`;
    const amount = 1 + Math.floor(this.next() * 1_200);
    const input = { hours: amount / 100, ref, by: this.pick(['anna', 'erik']) };
    this.account.hours.set(ref, amount);
    await this.send('hoursUsed', input, { takeBack: () => this.account.hours.delete(ref) });
    if (!this.chance(0.2)) return;
    this.account.refused += 1;
    await this.handle.signal('hoursUsed', input);
    await this.running.time.untilIdle();
  }

  private async correctHours(): Promise<void> {
    const booked = [...this.account.hours.keys()].filter((ref) => ref.startsWith('ref-'));
    if (booked.length === 0) return;
    const ref = this.pick(booked);
    const amount = Math.floor(this.next() * 1_000);
    this.account.hours.set(ref, amount);
    await this.send('hoursCorrected', { ref, hours: amount / 100, reason: 'räknat om' });
  }

  private async open(strand: string): Promise<string | undefined> {
    const [first] = await this.running.db.query<{ id: string }>(
      `select id from obligations where agreement = $1 and year = 1 and strand = $2 and state = 'open'
        order by array_position($3::text[], id), due_at limit 1`,
      [this.agreement, strand, phases.map((phase) => `upgrade/${phase}`)],
    );
    return first?.id;
  }

  private async completePhase(): Promise<void> {
    const phase = await this.open('upgrade');
    if (phase === undefined || !this.chance(0.5)) return;
    // The year's first and last day: an agreed day that has not passed, a session that has been held, an upgrade that is done.
    const on = phase.endsWith('/plan') ? '2027-12-31' : '2027-01-01';
    const all = this.chance(0.7) ? completedPhase(shortId(phase), on) : {};
    await this.send('upgradePhaseCompleted', { ...all, phase });
  }

  private async failPhase(): Promise<void> {
    const phase = await this.open('upgrade');
    const then = this.pick(['again', 'roll-back', undefined]);
    if (phase !== undefined)
      await this.send('upgradePhaseFailed', { phase, reason: 'gick inte', ...(then && { then }) });
  }

  private async checkIntegration(): Promise<void> {
    const integration = this.pick(['webshop-orders', 'payroll-vouchers']);
    await this.send('integrationChecked', { integration, ok: this.chance(0.7), note: 'provad' });
  }

  private async completeStart(): Promise<void> {
    const step = await this.open('start');
    if (step !== undefined) await this.send('startStepCompleted', { step });
  }

  private async note(): Promise<void> {
    const kind = this.pick(['training', 'proposal', 'upgrade', 'other']);
    await this.send('noteAdded', { kind, text: `anteckning ${this.number()}` });
  }

  private async improve(): Promise<void> {
    await this.send('improvementAdded', {
      title: `förbättring ${this.number()}`,
      hours: this.pick([1, 2.5, 12]),
    });
  }

  private async decide(): Promise<void> {
    const { improvements } = await this.query();
    if (improvements.length === 0) return;
    const { id, state } = this.pick(improvements);
    if (state === 'accepted') await this.send('improvementDone', { improvement: id });
    else await this.send('improvementDecided', { improvement: id, decision: this.pick(['yes', 'no']) });
  }

  private async pause(today: LocalDate): Promise<void> {
    const monitor = this.pick(['all', 'order-import']);
    await this.send('monitoringPaused', { monitor, until: dayAfter(today, this.pick([0, 7])) });
  }

  private async finishAction(): Promise<void> {
    const { actions } = await this.query();
    if (actions.length > 0) await this.send('actionDone', { action: this.pick(actions).id });
  }

  private async litter(): Promise<void> {
    const name = this.pick(['meetingHeld', 'hoursUsed', 'noSuchSignal', 'startStepCompleted']);
    this.account.refused += 1;
    await this.handle.signal(name, this.pick(garbage));
    await this.running.time.untilIdle();
  }
}
