/** Waits with a time limit. */

/** Thrown when something did not answer in time; it may still do so later. */
export class TooSlow extends Error {
  override readonly name = 'TooSlow';
}

/**
 * The result of `work`, or an error after so many milliseconds. The work itself goes on.
 * @param what its name in the error
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
  // After the time limit nobody handles its failure.
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
