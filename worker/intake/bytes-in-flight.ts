/** Bounds the bytes of request bodies held at the same time, so that a flood cannot fill the memory. */

/** The bytes that one request holds. Releasing it more than once changes nothing. */
export interface Share {
  /** Takes so many bytes more. @returns false if there is no room for them: then it holds as many as before */
  take(bytes: number): boolean;
  release(): void;
}

export interface BytesInFlight {
  /** A share that holds nothing yet. */
  open(): Share;
  /** Bytes that all shares hold now. */
  held(): number;
}

/** Creates the bound. @param most bytes that all shares together may hold */
export function boundBytes(most: number): BytesInFlight {
  let held = 0;
  return {
    held: () => held,
    open: () => {
      let mine = 0;
      let released = false;
      return {
        take: (bytes) => {
          if (released || held + bytes > most) return false;
          held += bytes;
          mine += bytes;
          return true;
        },
        release: () => {
          held -= mine;
          mine = 0;
          released = true;
        },
      };
    },
  };
}

/** Bounds the bytes taken in each hour. @param now gives milliseconds */
export function boundBytesPerHour(most: number, now: () => number): { take(bytes: number): boolean } {
  let began = -Infinity;
  let taken = 0;
  return {
    take: (bytes) => {
      if (now() - began >= 3_600_000) {
        began = now();
        taken = 0;
      }
      if (taken + bytes > most) return false;
      taken += bytes;
      return true;
    },
  };
}
