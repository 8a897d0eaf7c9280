/** Posts a sign of life to a service outside as long as all is well; the service notices when it stops. */
import { takeTurns } from '../basics/take-turns';

/** Milliseconds that the health check may take, and the post. */
const healthyWithin = 10_000;
const tellWithin = 10_000;

export interface DeadMansSwitchOptions {
  /** Address to post to; never logged whole, since it usually is a secret. */
  url: string;
  everySeconds?: number;
  /** Gives a line that says what is not well, or undefined; an error that it throws counts as not well, too. */
  healthy: () => Promise<string | undefined>;
  log: (line: string) => void;
}

export interface DeadMansSwitch {
  stop(): Promise<void>;
}

/**
 * Posts to `url` at once and then at intervals, while all is well; otherwise not at all. Each change is logged once.
 * @throws if `url` is neither https nor http
 */
export function startDeadMansSwitch(options: DeadMansSwitchOptions): DeadMansSwitch {
  const { url, everySeconds = 60, healthy, log } = options;
  const { protocol, host } = new URL(url);
  if (protocol !== 'https:' && protocol !== 'http:')
    throw new Error(`expected an address that begins with https:// or http://, found ${protocol}`);
  let said: string | undefined;
  const say = (what: string | undefined): void => {
    if (what !== undefined && said === undefined) log(what);
    if (what === undefined && said !== undefined) log(`all is well again; ${host} is told so`);
    said = what;
  };
  const beat = async (stopping: AbortSignal): Promise<void> => {
    const trouble = await troubleOf(healthy);
    if (stopping.aborted) return;
    if (trouble !== undefined) return say(`not well, so ${host} is not told that we live: ${trouble}`);
    const failure = await tell(url, stopping);
    if (stopping.aborted) return;
    say(failure === undefined ? undefined : `could not tell ${host} that we live: ${failure}`);
  };
  return takeTurns(async (stopping) => {
    const began = Date.now();
    await beat(stopping);
    return began + everySeconds * 1_000 - Date.now();
  });
}

async function troubleOf(healthy: DeadMansSwitchOptions['healthy']): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('the database does not answer'), healthyWithin);
  });
  const found = healthy().catch((error: Error) => `the database cannot be asked: ${error.message}`);
  return Promise.race([found, late]).finally(() => clearTimeout(timer));
}

/** Posts once. @returns why it failed, without the address, which may be a secret */
async function tell(url: string, stopping: AbortSignal): Promise<string | undefined> {
  try {
    const signal = AbortSignal.any([stopping, AbortSignal.timeout(tellWithin)]);
    const answer = await fetch(url, { method: 'POST', signal });
    await answer.body?.cancel();
    return answer.ok ? undefined : `expected an answer of 200 to 299, found ${answer.status}`;
  } catch (error) {
    const { name, cause } = error as Error & { cause?: { code?: string } };
    return name === 'TimeoutError' ? `no answer within ${tellWithin / 1_000} s` : (cause?.code ?? name);
  }
}
