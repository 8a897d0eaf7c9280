/** Stops what was started, the last first. Each stop has a time limit; a failed one does not prevent the others. */
import { joined } from '../../rules/engine/basics/text';
import type { Text, Wording } from '../../rules/engine/basics/text';
import { inWords } from './spoken';

/** Milliseconds that one stop may take, by default. */
const longestStop = 15_000;

export interface CleanUp {
  /**
   * To be called right after something has been started.
   *
   * @param what its name in the log line if it cannot be stopped: "the intake"
   * @param within milliseconds that its stop may take
   */
  add(what: Wording, stop: () => unknown, within?: number): void;
  /** Stops everything, the last first. It never rejects: failures are logged. */
  run(): Promise<void>;
}

/** @param log gets one line for each failed stop */
export function createCleanUp(log: (line: string) => void): CleanUp {
  const started: { what: Wording; stop: () => unknown; within: number }[] = [];
  return {
    add: (what, stop, within = longestStop) => void started.push({ what, stop, within }),
    run: async () => {
      for (let last = started.pop(); last !== undefined; last = started.pop()) {
        const failure = await failureOf(last.stop, last.within);
        if (failure !== undefined) log(inWords(notStopped(last.what, failure)));
      }
    },
  };
}

const notStopped = (what: Wording, why: string): Text =>
  joined(what, {
    sv: ` gick inte att stoppa i ordning: ${why}`,
    en: ` could not be stopped in order: ${why}`,
  });

/** Runs a stop. @returns why it failed or was not done in time; nothing if it succeeded */
async function failureOf(stop: () => unknown, within: number): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(
      () =>
        resolve(
          inWords({ sv: `inte klart på ${within / 1_000} s`, en: `not done within ${within / 1_000} s` }),
        ),
      within,
    );
  });
  const done = (async () => {
    await stop();
    return undefined;
  })().catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
  return Promise.race([done, late]).finally(() => clearTimeout(timer));
}
