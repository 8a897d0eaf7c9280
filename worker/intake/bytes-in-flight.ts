/** How many bytes of bodies are held at the same time: a flood must not fill the memory. */

/** What one request holds; it gives all of it back once, however often it is told to. */
export interface Share {
  /** Holds so many bytes more. @returns false where there is no room for them: then it holds what it held */
  take(bytes: number): boolean;
  release(): void;
}

export interface BytesInFlight {
  /** A share that holds nothing yet. */
  open(): Share;
  /** Bytes that are held now. */
  held(): number;
}

/** @param most bytes that may be held together */
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

/** A number of bytes that may be taken in each hour. */
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
