/** Plays time forward on a workflow in a namespace whose server may skip it; never used on live agreements. */
import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { Instant } from '../rules/contract';

/** More skips than any year needs; without a maximum the server stops at a low default, in silence. */
const mostSkips = 10_000;
/** Milliseconds between looks at whether a workflow is idle. */
const lookEvery = 10;
/** Milliseconds after which waiting for an idle workflow is given up. */
const patience = 180_000;

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

export class VirtualTime {
  /**
   * @param clockOffset milliseconds between the server's clock and the agreement's
   */
  constructor(
    private readonly client: Client,
    private readonly workflowId: string,
    private readonly clockOffset: number,
  ) {}

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

  /** Waits until the workflow has nothing under way: no task, no activity. */
  async settle(): Promise<void> {
    const giveUpAt = Date.now() + patience;
    for (;;) {
      const { pendingActivities, pendingWorkflowTask, workflowExecutionInfo } = await this.describe();
      const status = workflowExecutionInfo?.status;
      if (status !== RUNNING && status !== CONTINUED_AS_NEW) return;
      const begun = Number(String(workflowExecutionInfo?.historyLength ?? 0)) >= eventsOfFirstTask;
      if (begun && (pendingActivities?.length ?? 0) === 0 && !pendingWorkflowTask) return;
      if (Date.now() > giveUpAt) {
        const busy = pendingActivities?.map(
          ({ activityType, lastFailure }) => `${activityType?.name}: ${lastFailure?.message ?? 'running'}`,
        );
        throw new Error(
          `${this.workflowId} is still busy after three minutes: ${busy?.join('; ') || 'a workflow task'}`,
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
