/** Reports on standard error what a long step is doing: one updating line in a terminal, plain lines elsewhere. */
import { inWords } from '../basics/spoken';

/** Milliseconds between two plain lines while a step goes on. */
const PLAIN_INTERVAL_MS = 10_000;
const REDRAW_INTERVAL_MS = 100;

export interface Step {
  /** Says what is being done now; `fraction` from 0 to 1 if the end is known. */
  update(text: string, fraction?: number): void;
  done(note?: string): void;
  fail(reason: string): void;
}

export interface ProgressReporter {
  step(title: string): Step;
  info(line: string): void;
  warn(line: string): void;
}

export interface ProgressOutput {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

interface OpenStep {
  title: string;
  startedAt: number;
  text: string;
  fraction: number | undefined;
  saidAt: number;
}

/** Elapsed time as people read it: `0.4 s`, `12 s`, `4 min 05 s`. */
export function formatElapsed(ms: number): string {
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}

export function createProgressReporter(
  output: ProgressOutput = process.stderr,
  now: () => number = () => performance.now(),
): ProgressReporter {
  const live = output.isTTY === true;
  const open = new Set<OpenStep>();
  let drawn = false;
  let ticker: NodeJS.Timeout | undefined;

  const describe = (step: OpenStep): string => {
    const percent = step.fraction === undefined ? '' : ` ${Math.floor(step.fraction * 100)} %`;
    const text = step.text === '' ? '' : `: ${step.text}`;
    return `${step.title}${percent} (${formatElapsed(now() - step.startedAt)})${text}`;
  };
  const erase = (): void => {
    if (drawn) output.write('\r\x1b[2K');
    drawn = false;
  };
  const draw = (): void => {
    const last = [...open].at(-1);
    if (!live || last === undefined) return;
    erase();
    const others = open.size > 1 ? ` [+${open.size - 1}]` : '';
    output.write(`  ${describe(last)}${others}`.slice(0, (output.columns || 80) - 1));
    drawn = true;
  };
  const say = (line: string): void => {
    erase();
    output.write(`${line}\n`);
    draw();
  };
  const close = (step: OpenStep, line: string): void => {
    if (!open.delete(step)) return;
    if (open.size === 0 && ticker !== undefined) {
      clearInterval(ticker);
      ticker = undefined;
    }
    say(line);
  };
  /** Called often: redraws the live line or, on plain output, writes a line if a step has long been silent. */
  const tick = (): void => {
    if (live) return draw();
    for (const step of open) {
      if (now() - step.saidAt < PLAIN_INTERVAL_MS) continue;
      step.saidAt = now();
      output.write(`  ${describe(step)}\n`);
    }
  };

  return {
    step(title) {
      const step: OpenStep = { title, startedAt: now(), text: '', fraction: undefined, saidAt: now() };
      open.add(step);
      ticker ??= setInterval(tick, live ? REDRAW_INTERVAL_MS : 1000).unref();
      draw();
      return {
        update(text, fraction) {
          step.text = text;
          step.fraction = fraction;
          tick();
        },
        done(note) {
          close(
            step,
            `  ✓ ${title} (${formatElapsed(now() - step.startedAt)})${note === undefined ? '' : `: ${note}`}`,
          );
        },
        fail(reason) {
          close(step, `  ✗ ${title} (${formatElapsed(now() - step.startedAt)}): ${reason}`);
        },
      };
    },
    info: (line) => say(line),
    warn: (line) => say(`  ! ${line}`),
  };
}

/** Runs one step and reports how it ended; the error goes on to the caller. */
export async function runStep<T>(
  log: ProgressReporter,
  title: string,
  work: (step: Step) => Promise<T>,
): Promise<T> {
  const step = log.step(title);
  try {
    const result = await work(step);
    step.done();
    return result;
  } catch (error) {
    step.fail(inWords({ sv: 'misslyckades', en: 'failed' }));
    throw error;
  }
}

const nothing = (): void => undefined;

/** Reports nothing: for commands whose output is read by programs, and for tests. */
export const silentReporter: ProgressReporter = {
  step: () => ({ update: nothing, done: nothing, fail: nothing }),
  info: nothing,
  warn: nothing,
};
