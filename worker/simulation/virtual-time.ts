/** Skips time for a workflow, in a namespace where the server allows it; never used on live agreements. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import type { Instant } from '../../rules/engine/contract/contract';

/** More skips than any year needs; without a maximum the server stops silently at a low default. */
const mostSkips = 10_000;
/** Milliseconds between looks at whether a workflow is idle. */
const lookEvery = 10;
/** Milliseconds after which waiting for an idle workflow is given up. */
const patience = 180_000;

/** Fewest milliseconds before the next timer at which skipping ends; more on a machine that answers slowly. */
const leastMargin = 20;
/** Fewest milliseconds to skip; shorter times are waited for. */
const leastSkip = 10;
/** Share of a margin that is kept from one skip to the next. */
const calming = 0.9;
/** Milliseconds by which two readings of a clock over the network may differ. */
const tolerated = 1_000;

/** Events of a history read at once: there are hardly ever more new ones. */
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
 * history, each event once, and time is never skipped past the next of them.
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
    if (historyLength > this.seen) await this.read();
    return this.seen > historyLength ? undefined : Math.min(...this.dueAt.values());
  }

  private async read(): Promise<void> {
    const events: temporal.api.history.v1.IHistoryEvent[] = [];
    let nextPageToken: Uint8Array | undefined;
    do {
      const page = await this.client.workflowService.getWorkflowExecutionHistoryReverse({
        namespace: this.client.options.namespace,
        execution: { workflowId: this.workflowId, runId: this.runId },
        maximumPageSize: historyPage,
        ...(nextPageToken && { nextPageToken }),
      });
      events.push(...(page.history?.events ?? []));
      nextPageToken = page.nextPageToken?.length ? page.nextPageToken : undefined;
    } while (nextPageToken && Number(String(events.at(-1)?.eventId)) > this.seen + 1);
    for (const event of events.reverse()) this.note(event);
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

/** A workflow whose time is skipped. The server keeps a clock for each workflow. */
class PlayedWorkflow {
  private readonly timers: OpenTimers;
  /** Milliseconds before the next timer at which skipping ends. */
  margin = leastMargin;

  /**
   * @param clockOffset milliseconds between the workflow's clock and the agreement's
   */
  constructor(
    private readonly client: Client,
    private readonly workflowId: string,
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
    const status = (await this.describe()).workflowExecutionInfo?.status;
    return status === RUNNING || status === CONTINUED_AS_NEW;
  }

  /** The agreement's now. */
  async now(): Promise<Instant> {
    return new Date(Date.now() + aheadOf(await this.describe()) + this.clockOffset).toISOString();
  }

  /**
   * Waits until the workflow has nothing under way: no run about to begin, no task, no activity, no due timer.
   * @returns undefined if it has ended
   */
  async untilIdle(): Promise<Idle | undefined> {
    const giveUpAt = Date.now() + patience;
    for (;;) {
      const found = await this.describe();
      const { pendingActivities, pendingWorkflowTask, workflowExecutionInfo } = found;
      const ahead = aheadOf(found);
      const status = workflowExecutionInfo?.status;
      if (status !== RUNNING && status !== CONTINUED_AS_NEW) return undefined;
      const length = Number(String(workflowExecutionInfo?.historyLength ?? 0));
      const idle =
        status === RUNNING &&
        length >= eventsOfFirstTask &&
        (pendingActivities?.length ?? 0) === 0 &&
        !pendingWorkflowTask;
      if (idle) {
        const nextTimer = await this.timers.next(workflowExecutionInfo?.execution?.runId ?? '', length);
        if (nextTimer !== undefined && nextTimer > Date.now() + ahead)
          return { ahead: ahead + this.clockOffset, nextTimer: nextTimer + this.clockOffset };
      }
      if (Date.now() > giveUpAt) {
        const busy = pendingActivities?.map(
          ({ activityType, lastFailure }) => `${activityType?.name}: ${lastFailure?.message ?? 'running'}`,
        );
        throw new Error(
          `${this.workflowId} is still busy after three minutes: ${busy?.join('; ') || 'a workflow task or a timer'}`,
        );
      }
      await sleep(lookEvery);
    }
  }

  /** Switches skipping off. Needed before a fault is injected, as its retries would carry the clock far ahead. */
  async stop(): Promise<void> {
    await this.configure({ enabled: false });
  }

  /**
   * Skips so many milliseconds, in which nothing may be due. The server counts them from when the request arrives, and
   * goes on skipping after a timer that fires before their end. If the end passes while that timer's task is under way,
   * the server skips to whatever comes next, however far off. So the end has to lie before the next timer, by more than
   * a request takes.
   *
   * @param ahead from `settle`
   * @throws if the server passed over a timer: the rest of the play would be wrong
   */
  async skip(milliseconds: number, ahead: number): Promise<void> {
    const id = randomUUID();
    const sentAt = Date.now();
    const duration = { seconds: Math.floor(milliseconds / 1000), nanos: (milliseconds % 1000) * 1_000_000 };
    await this.configure({
      enabled: true,
      maxSessionSkipCount: mostSkips,
      fastForwardConfig: { id, duration: duration as never },
    });
    this.margin = Math.max(leastMargin, 2 * (Date.now() - sentAt), this.margin * calming);
    await this.completed(id);
    const tooFar = aheadOf(await this.describe()) + this.clockOffset - ahead - milliseconds;
    if (tooFar > tolerated)
      throw new Error(
        `${this.workflowId}: the server skipped ${Math.round(tooFar / 1000)} s more than it was asked for, past what was due then; ` +
          'the machine may be too busy: play it again',
      );
  }

  private async configure(timeSkippingConfig: object): Promise<void> {
    await this.client.workflowService.updateWorkflowExecutionOptions({
      namespace: this.client.options.namespace,
      workflowExecution: { workflowId: this.workflowId },
      workflowExecutionOptions: { timeSkippingConfig },
      updateMask: { paths: ['time_skipping_config'] },
    });
  }

  /** Waits for the end of a skip. The poll lasts at most 20 s and fails when the workflow ends, so it is repeated. */
  private async completed(id: string): Promise<void> {
    for (;;) {
      try {
        const { fastForwardInfo } = await this.client.workflowService.pollWorkflowExecutionTimeSkipping({
          namespace: this.client.options.namespace,
          workflowExecution: { workflowId: this.workflowId },
          fastForwardId: id,
        });
        if (fastForwardInfo?.hasCompleted || !(await this.running())) return;
      } catch (error) {
        if (!(await this.running())) return;
        const info = (await this.describe()).workflowExtendedInfo?.timeSkippingInfo?.fastForwardInfo;
        if (info?.fastForwardId !== id) throw error;
        if (info.hasCompleted) return;
      }
    }
  }
}

/** A workflow played alongside the agreement. `clockOffset`: milliseconds between its clock and the agreement's. */
export interface Companion {
  workflowId: string;
  clockOffset: number;
}

/**
 * Signals the workflows alongside what the agreement has done since, and starts those that are needed.
 * @returns those that it signalled; undefined if there was nothing to signal
 */
export type TellCompanions = (
  running: ReadonlySet<string>,
  now: () => Promise<Instant>,
) => Promise<Companion[] | undefined>;

/** Plays an agreement, and the workflows alongside it, forward in virtual time. */
export class VirtualTime {
  private readonly agreement: PlayedWorkflow;
  private companions = new Map<string, PlayedWorkflow>();

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
    await Promise.all([this.agreement, ...this.companions.values()].map((one) => one.stop()));
  }

  /** Waits until neither the agreement nor a workflow alongside has anything under way. */
  async untilIdle(): Promise<void> {
    await this.untilAllIdle();
  }

  /** Settles all workflows. @returns the agreement first; undefined if it has ended */
  private async untilAllIdle(): Promise<[PlayedWorkflow, Idle][] | undefined> {
    for (;;) {
      const own = await this.agreement.untilIdle();
      const beside = await this.untilCompanionsIdle();
      const running = new Set(this.companions.keys());
      const told = await this.tell(running, () => this.now());
      if (!told) return own && [[this.agreement, own], ...beside];
      for (const { workflowId, clockOffset } of told)
        if (!running.has(workflowId))
          this.companions.set(workflowId, new PlayedWorkflow(this.client, workflowId, clockOffset));
    }
  }

  /** Settles the workflows alongside, and drops those that have ended. */
  private async untilCompanionsIdle(): Promise<[PlayedWorkflow, Idle][]> {
    const settled: [PlayedWorkflow, Idle][] = [];
    for (const [workflowId, one] of this.companions) {
      const found = await one.untilIdle();
      if (found) settled.push([one, found]);
      else this.companions.delete(workflowId);
    }
    return settled;
  }

  /**
   * Plays until an instant, from timer to timer; an instant in the past changes nothing. No workflow is played past the
   * next timer of any of them. Returns early if the agreement ends.
   * @throws if the server passed over a timer: the rest of the play would be wrong
   */
  async advanceTo(instant: Instant): Promise<void> {
    const target = Date.parse(instant);
    for (;;) {
      const settled = await this.untilAllIdle();
      if (!settled) return;
      const now = ({ ahead }: Idle): number => Date.now() + ahead;
      const slowest = Math.min(...settled.map(([, one]) => now(one)));
      if (slowest >= target) return;
      const next = Math.min(...settled.map(([, { nextTimer }]) => nextTimer));
      const margin = Math.max(...settled.map(([one]) => one.margin));
      const until = Math.min(target, next - margin);
      const skips = settled.filter(([, one]) => until - now(one) > leastSkip);
      await Promise.all(skips.map(([one, at]) => one.skip(until - now(at), at.ahead)));
      if (skips.length === 0) await sleep(Math.max(0, Math.min(target, next) - slowest));
    }
  }
}
