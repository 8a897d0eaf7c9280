import type { Text, Wording } from './text';
import { inBoth } from './text';

/** An error for people to read, in both languages: `message` is English, as logs and histories keep it. */
export class BilingualError extends Error {
  readonly messageSv: string;
  constructor(message: Wording, options?: ErrorOptions) {
    const { sv, en } = inBoth(message);
    super(en, options);
    this.messageSv = sv;
  }
}

/** What an error says, in both languages if it has words in both. */
export const textOf = (error: unknown): Text =>
  error instanceof BilingualError
    ? { sv: error.messageSv, en: error.message }
    : inBoth(error instanceof Error ? error.message : String(error));
