/** The bare workflow an agreement year is measured against: as many timers and activities, nothing else. */
import {
  CancellationScope,
  condition,
  continueAsNew,
  defineSignal,
  isCancellation,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
  sleep,
} from '@temporalio/workflow';

/** What one workflow task of the product did. */
export interface Turn {
  /** Timers and signals that the workflow waits for before this turn. */
  wakes: number;
  localActivities: number;
  activities: number;
  /** Milliseconds of each timer that is started; a negative one is cancelled later. */
  timers: number[];
  /** Timers that are cancelled. */
  cancels: number;
}

export interface BareYearInput {
  /** Turns of each run; the workflow continues as new after every run but the last. */
  runs: Turn[][];
}

interface BareActivities {
  nothing(): Promise<void>;
}

const local = proxyLocalActivities<BareActivities>({ scheduleToCloseTimeout: '10 seconds' });
const ordinary = proxyActivities<BareActivities>({ startToCloseTimeout: '2 minutes' });

export const pushed = defineSignal('pushed');

/** Does what the turns say. After the last turn of the last run it waits until it is terminated. */
export async function bareYear({ runs }: BareYearInput): Promise<void> {
  const [turns = [], ...later] = runs;
  let woken = 0;
  const wake = (): void => {
    woken += 1;
  };
  setHandler(pushed, wake);
  const toCancel: CancellationScope[] = [];
  let expected = 0;
  for (const turn of turns) {
    expected += turn.wakes;
    await condition(() => woken >= expected);
    for (const scope of toCancel.splice(0, turn.cancels)) scope.cancel();
    await Promise.all([
      ...Array.from({ length: turn.localActivities }, () => local.nothing()),
      ...Array.from({ length: turn.activities }, () => ordinary.nothing()),
    ]);
    for (const milliseconds of turn.timers) {
      const scope = new CancellationScope();
      if (milliseconds < 0) toCancel.push(scope);
      scope
        .run(() => sleep(Math.abs(milliseconds)))
        .then(wake, (error: unknown) => {
          if (!isCancellation(error)) throw error;
        });
    }
  }
  if (later.length > 0) return continueAsNew<typeof bareYear>({ runs: later });
  await condition(() => false);
}
