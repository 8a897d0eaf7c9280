/** A year that a test plays step by step: it moves time, sends messages, and reads the results. */
import type { WorkflowHandle } from '@temporalio/client';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import type { ParsedMail } from 'mailparser';
import { instantAt } from '../../rules/engine/calendar/calendar';
import type { LocalDate } from '../../rules/engine/contract/contract';
import type { Overview } from '../../templates/ui/overview';
import type { RunningSimulation, Simulation, SimulationOptions } from '../../worker/simulation/simulate';
import type { Mailbox } from './mailbox';
import { openMailbox } from './mailbox';
import { play } from './play';

export interface LiveYear extends RunningSimulation {
  mailbox: Mailbox;
  handle: WorkflowHandle;
  /** Plays until a local time of a day, by default noon. */
  to(on: LocalDate, time?: string): Promise<void>;
  /** Plays some minutes. */
  wait(minutes: number): Promise<void>;
  /** Sends a signal, and waits until its immediate effects are done. */
  signal(name: string, input?: unknown): Promise<void>;
  /** Sends an update. @returns the overview it answers with */
  update(name: string, input?: unknown): Promise<Overview>;
  /** Sends an update that has to be refused. @returns the reason */
  refused(name: string, input?: unknown): Promise<string>;
  overview(): Promise<Overview>;
  /** Mails of an obligation's step in order of arrival: `mails('meeting-1', 'invite')`. */
  mails(obligation: string, step: string): ParsedMail[];
  /**
   * Plays the rest of the year, unless it was begun with `years: 0`, replays its histories, and returns its story. A
   * second call returns the same.
   */
  finish(): Promise<Simulation>;
}

/** Begins the example's first year on the day of signing. */
export async function beginYear(options: Partial<SimulationOptions> = {}): Promise<LiveYear> {
  const mailbox = await openMailbox();
  let leave = (): void => undefined;
  const left = new Promise<void>((resolve) => (leave = resolve));
  let played: Promise<Simulation> | undefined;
  const running = await new Promise<RunningSimulation>((resolve, reject) => {
    played = play({
      smtpUrl: mailbox.smtpUrl,
      ...options,
      onStarted: async (started) => {
        await options.onStarted?.(started);
        await started.time.untilIdle();
        resolve(started);
        await left;
      },
    });
    played.catch(reject);
  });
  return livingIn(running, mailbox, async () => {
    leave();
    try {
      return await played!;
    } finally {
      await mailbox.close();
    }
  });
}

function livingIn(running: RunningSimulation, mailbox: Mailbox, end: () => Promise<Simulation>): LiveYear {
  const { client, time, workflowId } = running;
  const handle = client.workflow.getHandle(workflowId);
  const update = (name: string, input?: unknown): Promise<Overview> =>
    input === undefined
      ? handle.executeUpdate<Overview, []>(name)
      : handle.executeUpdate<Overview, [unknown]>(name, { args: [input] });
  let ended: Promise<Simulation> | undefined;
  return {
    ...running,
    mailbox,
    handle,
    to: (on, at = '12:00') => time.advanceTo(instantAt(on, at)),
    wait: async (minutes) =>
      time.advanceTo(new Date(Date.parse(await time.now()) + minutes * 60_000).toISOString()),
    signal: async (name, input) => {
      await handle.signal(name, ...(input === undefined ? [] : [input]));
      await time.untilIdle();
    },
    update: async (name, input) => {
      const overview = await update(name, input);
      await time.untilIdle();
      return overview;
    },
    refused: (name, input) =>
      update(name, input).then(
        () => Promise.reject(new Error(`${name} was taken, and is to be refused: ${JSON.stringify(input)}`)),
        (error: unknown) => {
          if (error instanceof WorkflowUpdateFailedError) return error.cause?.message ?? '';
          throw error;
        },
      ),
    overview: () => handle.query<Overview>('overview'),
    mails: (obligation, step) =>
      mailbox.mails.filter(({ messageId = '' }) =>
        messageId.includes(`.${obligation.replaceAll('/', '.')}.${step}.`),
      ),
    finish: () => (ended ??= end()),
  };
}
