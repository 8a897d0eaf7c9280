/** Plays time forward on a workflow in a namespace whose server may skip it; never used on live agreements. */
import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import type { Instant } from '../rules/contract';

/** More skips than any year needs; without a maximum the server stops at a low default, in silence. */
const mostSkips = 10_000;
/** Milliseconds between looks at whether a workflow is idle. */
const lookEvery = 10;
/** Milliseconds after which waiting for an idle workflow is given up. */
const patience = 180_000;

/** Events of a history that are read at once: hardly ever more are new. */
const historyPage = 100;

const RUNNING = 1;
/** Between two runs for a moment: the next one is about to be there. */
const CONTINUED_AS_NEW = 6;

/** Started, and its first task scheduled, started, completed. A new run waits a moment for that first task. */
const eventsOfFirstTask = 4;

interface ProtoTime {
  seconds?: { toString(): string } | number | null;
  nanos?: number | null;
}

const toMilliseconds = (time: ProtoTime): number =>
  Number(String(time.seconds ?? 0)) * 1000 + Math.floor((time.nanos ?? 0) / 1_000_000);

/**
 * The timers of a workflow's present run that have not fired. The server fires what is due a moment later, longer on a
 * busy machine, and passes over it when time is skipped in that moment; and it lists no timers. So they are read from
 * the history, each event once.
 */
class OpenTimers {
  private runId = '';
  private seen = 0;
  private readonly dueAt = new Map<string, number>();

  constructor(
    private readonly client: Client,
    private readonly workflowId: string,
  ) {}

  /** Whether one is due at this time of the run, in milliseconds, and has not fired. */
  async isDue(runId: string, historyLength: number, now: number): Promise<boolean> {
    if (runId !== this.runId) {
      Object.assign(this, { runId, seen: 0 });
      this.dueAt.clear();
    }
    if (historyLength > this.seen) await this.read();
    return [...this.dueAt.values()].some((due) => due <= now);
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

export class VirtualTime {
  private readonly timers: OpenTimers;

  /**
   * @param clockOffset milliseconds between the server's clock and the agreement's
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

  /** Whether the workflow still runs. */
  async running(): Promise<boolean> {
    const status = (await this.describe()).workflowExecutionInfo?.status;
    return status === RUNNING || status === CONTINUED_AS_NEW;
  }

  /** The agreement's now. */
  async now(): Promise<Instant> {
    const current = (await this.describe()).workflowExtendedInfo?.timeSkippingInfo?.currentTime;
    return new Date((current ? toMilliseconds(current) : Date.now()) + this.clockOffset).toISOString();
  }

  /** Waits until the workflow has nothing under way: no new run that has not begun, no task, no activity, no timer due. */
  async settle(): Promise<void> {
    const giveUpAt = Date.now() + patience;
    for (;;) {
      const { pendingActivities, pendingWorkflowTask, workflowExecutionInfo, workflowExtendedInfo } =
        await this.describe();
      const status = workflowExecutionInfo?.status;
      if (status !== RUNNING && status !== CONTINUED_AS_NEW) return;
      const length = Number(String(workflowExecutionInfo?.historyLength ?? 0));
      const current = workflowExtendedInfo?.timeSkippingInfo?.currentTime;
      const idle =
        status === RUNNING &&
        length >= eventsOfFirstTask &&
        (pendingActivities?.length ?? 0) === 0 &&
        !pendingWorkflowTask;
      const runId = workflowExecutionInfo?.execution?.runId ?? '';
      const now = current ? toMilliseconds(current) : Date.now();
      if (idle && !(await this.timers.isDue(runId, length, now))) return;
      if (Date.now() > giveUpAt) {
        const busy = pendingActivities?.map(
          ({ activityType, lastFailure }) => `${activityType?.name}: ${lastFailure?.message ?? 'running'}`,
        );
        throw new Error(
          `${this.workflowId} is still busy after three minutes: ${busy?.join('; ') || 'a workflow task or a timer'}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, lookEvery));
    }
  }

  /** Switches skipping off: before a fault is injected, else its retries run away with the clock. */
  async stop(): Promise<void> {
    await this.configure({ enabled: false });
  }

  /**
   * Plays until an instant; one that has passed already changes nothing.
   * Returns early when the workflow comes to its end, at once when it has.
   */
  async advanceTo(instant: Instant): Promise<void> {
    const milliseconds = Date.parse(instant) - Date.parse(await this.now());
    if (milliseconds <= 0 || !(await this.running())) return;
    const id = randomUUID();
    const duration = { seconds: Math.floor(milliseconds / 1000), nanos: (milliseconds % 1000) * 1_000_000 };
    await this.configure({
      enabled: true,
      maxSessionSkipCount: mostSkips,
      fastForwardConfig: { id, duration: duration as never },
    });
    await this.completed(id);
    await this.settle();
  }

  private async configure(timeSkippingConfig: object): Promise<void> {
    await this.client.workflowService.updateWorkflowExecutionOptions({
      namespace: this.client.options.namespace,
      workflowExecution: { workflowId: this.workflowId },
      workflowExecutionOptions: { timeSkippingConfig },
      updateMask: { paths: ['time_skipping_config'] },
    });
  }

  /** The poll answers after 20 s at the latest, and fails when the workflow ends: ask again, look again. */
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
