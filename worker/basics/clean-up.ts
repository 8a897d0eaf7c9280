/** What was started is stopped again, in reverse: each in its time, and none kept from it by another. */

/** Milliseconds that one stop may take, unless told. */
const longestStop = 15_000;

export interface CleanUp {
  /**
   * Called right after something has been started.
   *
   * @param what names it where it cannot be stopped: "the intake"
   * @param within milliseconds that its stop may take
   */
  add(what: string, stop: () => unknown, within?: number): void;
  /** Stops everything, the last first. It never rejects: what cannot be stopped is told. */
  run(): Promise<void>;
}

/** @param log hears what could not be stopped, a line each */
export function createCleanUp(log: (line: string) => void): CleanUp {
  const started: { what: string; stop: () => unknown; within: number }[] = [];
  return {
    add: (what, stop, within = longestStop) => void started.push({ what, stop, within }),
    run: async () => {
      for (let last = started.pop(); last !== undefined; last = started.pop()) {
        const failure = await failureOf(last.stop, last.within);
        if (failure !== undefined) log(`${last.what} could not be stopped in order: ${failure}`);
      }
    },
  };
}

/** Why it could not be stopped in its time, if it could not. */
async function failureOf(stop: () => unknown, within: number): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`not done within ${within / 1_000} s`), within);
  });
  const done = (async () => {
    await stop();
    return undefined;
  })().catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
  return Promise.race([done, late]).finally(() => clearTimeout(timer));
}
