/** How many bytes of bodies are held at the same time: a flood must not fill the memory. */

/** What one request holds; it gives it back once, however often it is told to. */
export interface Reservation {
  /** Keeps less than was asked for at first. */
  shrinkTo(bytes: number): void;
  release(): void;
}

export interface BytesInFlight {
  /** @returns nothing where there is no room */
  reserve(bytes: number): Reservation | undefined;
  /** Bytes that are held now. */
  held(): number;
}

/** @param most bytes that may be held together */
export function boundBytes(most: number): BytesInFlight {
  let held = 0;
  return {
    held: () => held,
    reserve: (bytes) => {
      if (held + bytes > most) return undefined;
      held += bytes;
      let mine = bytes;
      const shrinkTo = (fewer: number): void => {
        const kept = Math.min(mine, fewer);
        held -= mine - kept;
        mine = kept;
      };
      return { shrinkTo, release: () => shrinkTo(0) };
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
