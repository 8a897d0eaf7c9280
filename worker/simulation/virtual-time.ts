/** Skips time for a workflow, in a namespace where the server allows it; never used on live agreements. */
import { BilingualError } from '../../rules/engine/basics/bilingual-error';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import type { Instant } from '../../rules/engine/contract/contract';

/** Milliseconds from the first look at whether a workflow is idle to the second; later ones come ever further apart. */
const firstPause = 12;
/** When the first look comes, as a share of the time that it usually takes until the workflow is idle. */
const firstLook = 0.7;
/** How much of what was usual the last time changes, from 0 to 1. */
const learned = 0.2;
const longestPause = 250;
const nextPause = (pause: number): number => Math.min(longestPause, pause * 1.5);
/** Milliseconds after which waiting for an idle workflow is given up. */
const patience = 180_000;

/** Fewest milliseconds to skip; shorter times are waited for. */
const leastSkip = 200;
/** Milliseconds by which workflows may be apart and count as being at the same time. */
const tolerated = 1_000;

/** Most events of a history read at once. */
const historyPage = 100;

const RUNNING = 1;
/** The status between two runs: the next one is about to begin. */
const CONTINUED_AS_NEW = 6;

/** Events until a run's first task is done: started, and its task scheduled, started, completed. */
const eventsOfFirstTask = 4;

interface ProtoTime {
  seconds?: { toString(): string } | number | null;
  nanos?: number | null;
}

const toMilliseconds = (time: ProtoTime): number =>
  Number(String(time.seconds ?? 0)) * 1000 + Math.floor((time.nanos ?? 0) / 1_000_000);

/**
 * The timers of a workflow's current run that have not fired. The server fires a due timer a moment late, later on a
 * busy machine, and passes over it if time is skipped in that moment. It lists no timers, so they are read from the
 * history, each event once; while one is due, no time is skipped.
 */
class OpenTimers {
  private runId = '';
  private seen = 0;
  private readonly dueAt = new Map<string, number>();

  constructor(
    private readonly client: Client,
    private readonly workflowId: string,
  ) {}

  /**
   * When the next one of this run is due, in milliseconds of the run's time; `Infinity` where there is none.
   * @returns nothing where the run went on since it was described: a timer may have fired meanwhile
   */
  async next(runId: string, historyLength: number): Promise<number | undefined> {
    if (runId !== this.runId) {
      Object.assign(this, { runId, seen: 0 });
      this.dueAt.clear();
    }
    if (historyLength > this.seen) await this.read(historyLength - this.seen);
    return this.seen > historyLength ? undefined : Math.min(...this.dueAt.values());
  }

  private async read(fresh: number): Promise<void> {
    const events = await this.newest(fresh).catch(() => this.all());
    for (const event of events) this.note(event);
  }

  /** All events, in order: a server whose disk was full may have a history that it reads from its beginning only. */
  private async all(): Promise<temporal.api.history.v1.IHistoryEvent[]> {
    const { events } = await this.client.workflow.getHandle(this.workflowId, this.runId).fetchHistory();
    return events ?? [];
  }

  /** The newest events, in order, and perhaps some that were seen before. */
  private async newest(fresh: number): Promise<temporal.api.history.v1.IHistoryEvent[]> {
    const events: temporal.api.history.v1.IHistoryEvent[] = [];
    let nextPageToken: Uint8Array | undefined;
    do {
      const page = await this.client.workflowService.getWorkflowExecutionHistoryReverse({
        namespace: this.client.options.namespace,
        execution: { workflowId: this.workflowId, runId: this.runId },
        maximumPageSize: Math.min(fresh, historyPage),
        ...(nextPageToken && { nextPageToken }),
      });
      events.push(...(page.history?.events ?? []));
      nextPageToken = page.nextPageToken?.length ? page.nextPageToken : undefined;
    } while (nextPageToken && Number(String(events.at(-1)?.eventId)) > this.seen + 1);
    return events.reverse();
  }

  private note(event: temporal.api.history.v1.IHistoryEvent): void {
    const id = Number(String(event.eventId));
    if (id <= this.seen) return;
    this.seen = id;
    const { timerStartedEventAttributes: started } = event;
    if (started)
      this.dueAt.set(
        String(id),
        toMilliseconds(event.eventTime ?? {}) + toMilliseconds(started.startToFireTimeout ?? {}),
      );
    const over = event.timerFiredEventAttributes ?? event.timerCanceledEventAttributes;
    if (over) this.dueAt.delete(String(over.startedEventId));
  }
}

/** The state of a workflow that has nothing under way. Times are milliseconds of the agreement's clock. */
interface Idle {
  /** How far the agreement's time is ahead of real time, for this workflow. */
  ahead: number;
  /** When its next timer is due; `Infinity` if there is none. */
  nextTimer: number;
}

type Described = temporal.api.workflowservice.v1.IDescribeWorkflowExecutionResponse;

/** Milliseconds that a workflow's time is ahead of real time, given a description that was just made. */
function aheadOf({ workflowExtendedInfo }: Described): number {
  const current = workflowExtendedInfo?.timeSkippingInfo?.currentTime;
  return current ? toMilliseconds(current) - Date.now() : 0;
}

const isRunning = ({ workflowExecutionInfo }: Described): boolean =>
  workflowExecutionInfo?.status === RUNNING || workflowExecutionInfo?.status === CONTINUED_AS_NEW;

const isSkipping = (description: Described): boolean =>
  isRunning(description) &&
  description.workflowExtendedInfo?.timeSkippingInfo?.effectiveConfig?.enabled === true;

/** A workflow whose time is skipped. The server keeps a clock for each workflow. */
class PlayedWorkflow {
  private readonly timers: OpenTimers;
  /** What was found when it was last idle, until something was done to it. */
  private idle: Idle | undefined;
  /** Milliseconds that it usually takes until it is idle: each look costs the server and us as much as a small task. */
  private usual = 0;

  /**
   * @param clockOffset milliseconds between the workflow's clock and the agreement's
   */
  constructor(
    private readonly client: Client,
    readonly workflowId: string,
    private readonly clockOffset: number,
  ) {
    this.timers = new OpenTimers(client, workflowId);
  }

  private async describe() {
    const { workflowService } = this.client;
    return workflowService.describeWorkflowExecution({
      namespace: this.client.options.namespace,
      execution: { workflowId: this.workflowId },
    });
  }

  /** Whether it still runs. */
  async running(): Promise<boolean> {
    return isRunning(await this.describe());
  }

  /** The agreement's now. */
  async now(): Promise<Instant> {
    return new Date(Date.now() + aheadOf(await this.describe()) + this.clockOffset).toISOString();
  }

  /** To be called when something was sent to it: it is looked at again. */
  disturb(): void {
    this.idle = undefined;
  }

  /**
   * Waits until the workflow has nothing under way: no skip, no run about to begin, no task, no activity, no due timer. Asks
   * the server only if something can have happened since it was last idle.
   * @returns undefined if it has ended
   */
  async untilIdle(): Promise<Idle | undefined> {
    if (this.idle && this.idle.nextTimer > Date.now() + this.idle.ahead) return this.idle;
    this.idle = await this.askUntilIdle();
    return this.idle;
  }

  private async askUntilIdle(): Promise<Idle | undefined> {
    const begun = Date.now();
    const giveUpAt = begun + patience;
    await sleep(Math.min(longestPause, this.usual * firstLook));
    for (let pause = firstPause; ; pause = nextPause(pause)) {
      const found = await this.describe();
      const { pendingActivities, pendingWorkflowTask, workflowExecutionInfo } = found;
      if (!isRunning(found)) return undefined;
      const ahead = aheadOf(found);
      const length = Number(String(workflowExecutionInfo?.historyLength ?? 0));
      const idle =
        workflowExecutionInfo?.status === RUNNING &&
        !isSkipping(found) &&
        length >= eventsOfFirstTask &&
        (pendingActivities?.length ?? 0) === 0 &&
        !pendingWorkflowTask;
      if (idle) {
        const nextTimer = await this.timers.next(workflowExecutionInfo?.execution?.runId ?? '', length);
        if (nextTimer !== undefined && nextTimer > Date.now() + ahead) {
          this.usual += (Date.now() - begun - this.usual) * learned;
          return { ahead: ahead + this.clockOffset, nextTimer: nextTimer + this.clockOffset };
        }
      }
      if (Date.now() > giveUpAt) {
        const busy = pendingActivities?.map(
          ({ activityType, lastFailure }) => `${activityType?.name}: ${lastFailure?.message ?? 'running'}`,
        );
        const why = busy?.join('; ');
        throw new BilingualError({
          sv: `${this.workflowId} är fortfarande upptagen efter tre minuter: ${why || 'en workflow task eller en timer'}`,
          en: `${this.workflowId} is still busy after three minutes: ${why || 'a workflow task or a timer'}`,
        });
      }
      await sleep(pause);
    }
  }

  /** Switches skipping off. Needed before a fault is injected, as its retries would carry the clock far ahead. */
  async stop(): Promise<void> {
    this.disturb();
    await this.configure({ enabled: false });
  }

  /**
   * Plays it forward to an instant, or, if its next timer comes before, until that timer is due. `untilIdle` waits until that
   * is done.
   *
   * The server skips to the next timer or to the end of what it was asked for, whichever comes first, and would then skip
   * on from timer to timer, also over one that is due and has not fired. So each request is for one skip.
   *
   * @param target milliseconds since 1970
   */
  async advanceTo(target: number): Promise<void> {
    const found = await this.untilIdle();
    if (!found) return;
    const { ahead, nextTimer } = found;
    const left = Math.min(target, nextTimer) - Date.now() - ahead;
    if (left < leastSkip) return void (await sleep(Math.max(0, left)));
    this.disturb();
    const duration = { seconds: Math.floor(left / 1000), nanos: (left % 1000) * 1_000_000 };
    // The server switches skipping off when it has skipped.
    await this.configure({
      enabled: true,
      maxSessionSkipCount: 1,
      fastForwardConfig: { id: randomUUID(), duration: duration as never },
    });
  }

  private async configure(timeSkippingConfig: object): Promise<void> {
    await this.client.workflowService.updateWorkflowExecutionOptions({
      namespace: this.client.options.namespace,
      workflowExecution: { workflowId: this.workflowId },
      workflowExecutionOptions: { timeSkippingConfig },
      updateMask: { paths: ['time_skipping_config'] },
    });
  }
}

/** A workflow played alongside the agreement. `clockOffset`: milliseconds between its clock and the agreement's. */
export interface Companion {
  workflowId: string;
  clockOffset: number;
}

/** What is played, as those see it who send messages on behalf of the dispatcher. */
export interface Played {
  /** Ids of the workflows alongside that run. */
  alongside: ReadonlySet<string>;
  now: Instant;
  /** Brings a workflow to now. To be called before anything is sent to it. */
  catchUp(workflowId: string): Promise<void>;
}

/**
 * Signals the workflows alongside what the agreement has done since, and starts those that are needed.
 * @returns those that it signalled; undefined if there was nothing to signal
 */
export type TellCompanions = (played: () => Played) => Promise<Companion[] | undefined>;

/** Those whose next timer is due at an instant, or so soon after it that they would be due before it is played. */
const dueAt = (instant: number, all: readonly [PlayedWorkflow, Idle][]): PlayedWorkflow[] =>
  all.filter(([, { nextTimer }]) => nextTimer <= instant + tolerated).map(([one]) => one);

/**
 * Plays an agreement, and the workflows alongside it, forward in virtual time. Only those are moved in which something
 * is due: the others stay behind until something is due in them, or is sent to them.
 */
export class VirtualTime {
  private readonly agreement: PlayedWorkflow;
  private readonly alongside = new Map<string, PlayedWorkflow>();

  /**
   * @param clockOffset milliseconds between the server's clock and the agreement's
   * @param tell called whenever nothing of the agreement is under way
   */
  constructor(
    private readonly client: Client,
    workflowId: string,
    clockOffset: number,
    private readonly tell: TellCompanions = () => Promise.resolve(undefined),
  ) {
    this.agreement = new PlayedWorkflow(client, workflowId, clockOffset);
  }

  /** Whether the agreement still runs. */
  async running(): Promise<boolean> {
    return this.agreement.running();
  }

  /** The agreement's now. */
  async now(): Promise<Instant> {
    return this.agreement.now();
  }

  /** Switches skipping off. Needed before a fault is injected, as its retries would carry the clock far ahead. */
  async stop(): Promise<void> {
    await Promise.all([this.agreement, ...this.alongside.values()].map((one) => one.stop()));
  }

  /** Waits until neither the agreement nor a workflow alongside has anything under way. */
  async untilIdle(): Promise<void> {
    this.agreement.disturb();
    await this.untilAllIdle();
  }

  /** Waits until nothing is under way, and nothing to be told. @returns the agreement first; undefined if it has ended */
  private async untilAllIdle(): Promise<[PlayedWorkflow, Idle][] | undefined> {
    for (;;) {
      const all: [PlayedWorkflow, Idle][] = [];
      for (const one of [this.agreement, ...this.alongside.values()]) {
        const found = await one.untilIdle();
        if (found) all.push([one, found]);
        else this.alongside.delete(one.workflowId);
      }
      const told = await this.tell(() => this.played(all));
      if (!told) return all[0]?.[0] === this.agreement ? all : undefined;
      for (const { workflowId, clockOffset } of told) {
        const known = this.alongside.get(workflowId);
        if (known) known.disturb();
        else this.alongside.set(workflowId, new PlayedWorkflow(this.client, workflowId, clockOffset));
      }
      // What was told may have been told to the agreement.
      this.agreement.disturb();
    }
  }

  private played(all: readonly [PlayedWorkflow, Idle][]): Played {
    const now = Math.max(...all.map(([, { ahead }]) => Date.now() + ahead));
    return {
      alongside: new Set(this.alongside.keys()),
      now: new Date(now).toISOString(),
      catchUp: async (workflowId) => {
        const found = all.find(([one]) => one.workflowId === workflowId)?.[0];
        await found?.advanceTo(now);
        await found?.untilIdle();
      },
    };
  }

  /**
   * Plays until an instant, from timer to timer; an instant in the past changes nothing. No workflow is played past the
   * next timer of any of them. Returns early if the agreement ends.
   */
  async advanceTo(instant: Instant): Promise<void> {
    const target = Date.parse(instant);
    for (;;) {
      const idle = await this.untilAllIdle();
      if (!idle) return;
      const next = Math.min(...idle.map(([, { nextTimer }]) => nextTimer));
      const [[agreement, { ahead }]] = idle as [[PlayedWorkflow, Idle]];
      if (next > target && Date.now() + ahead >= target) return;
      const due = next > target ? [agreement] : dueAt(next, idle);
      await Promise.all(due.map((one) => one.advanceTo(Math.min(next, target))));
    }
  }
}
