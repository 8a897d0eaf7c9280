/** What `doctor` looks at, one line each: all is well, worth a look, or wrong, with what to do. */
import type { Text, Wording } from '../../rules/engine/basics/text';
import { inBoth } from '../../rules/engine/basics/text';
import { textOf } from '../../rules/engine/basics/bilingual-error';

export type Standing = 'ok' | 'warning' | 'wrong';

/** One thing that was looked at. */
export interface Finding {
  /** A name for programs. */
  about: string;
  standing: Standing;
  /** What was found. */
  found: Text;
  /** What to do about it. */
  todo?: Text;
}

export const ok = (about: string, found: Wording): Finding => ({
  ...{ about, standing: 'ok' },
  found: inBoth(found),
});

export const warning = (about: string, found: Wording, todo: Wording): Finding => ({
  ...{ about, standing: 'warning' },
  ...{ found: inBoth(found), todo: inBoth(todo) },
});

export const wrong = (about: string, found: Wording, todo: Wording): Finding => ({
  ...{ about, standing: 'wrong' },
  ...{ found: inBoth(found), todo: inBoth(todo) },
});

/** Looks, within so many milliseconds; what fails or does not answer is wrong. */
export async function looked(
  about: string,
  todo: Wording,
  look: () => Promise<Finding[]> | Finding[],
  within = 15_000,
): Promise<Finding[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no answer within ${within / 1000} s (inget svar inom ${within / 1000} s)`)),
      within,
    );
  });
  try {
    return await Promise.race([Promise.resolve().then(look), late]);
  } catch (error) {
    return [wrong(about, textOf(error), todo)];
  } finally {
    clearTimeout(timer);
  }
}

/** Megabytes below which a disk is worth a look, and below which it is wrong. */
export const [fewMegabytes, tooFewMegabytes] = [2_000, 500] as const;
/** Days before its end at which a certificate is worth a look, and at which it is wrong. */
export const [fewDays, tooFewDays] = [21, 7] as const;
/** Hours after which a back-up is old, and after which it is none. */
export const [oldHours, tooOldHours] = [26, 7 * 24] as const;
/** Seconds by which clocks may differ. */
export const [fewSeconds, tooManySeconds] = [2, 60] as const;

/** How good a number is that should be large. */
export const least = (found: number, few: number, tooFew: number): Standing =>
  found >= few ? 'ok' : found >= tooFew ? 'warning' : 'wrong';

/** How good a number is that should be small. */
export const most = (found: number, many: number, tooMany: number): Standing =>
  found <= many ? 'ok' : found <= tooMany ? 'warning' : 'wrong';
