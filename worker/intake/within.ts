/** Waiting with an end. */

/** Something that did not answer in time; it may later. */
export class TooSlow extends Error {
  override readonly name = 'TooSlow';
}

/**
 * What is waited for, or an error after so long. The work itself goes on.
 * @param what names it in the error
 * @throws TooSlow
 */
export async function within<T>(milliseconds: number, what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new TooSlow(`${what}: expected an answer within ${milliseconds} ms, found none`)),
      milliseconds,
    );
  });
  // If it loses the race nobody is left to hear how it failed.
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
