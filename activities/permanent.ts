/** Tells failures that no retry can mend from those that one may. */
import { ApplicationFailure } from '@temporalio/common';
import type { PermanentFailure } from '../rules/engine/ruleset/failures';
import { isPermanentDbError } from './db';

/** A failure that is not retried. */
export function permanent(type: PermanentFailure, message: string, cause?: unknown): ApplicationFailure {
  return ApplicationFailure.create({
    message,
    type,
    nonRetryable: true,
    ...(cause instanceof Error ? { cause } : {}),
  });
}

type Activity = (input: never) => Promise<unknown>;

/** Wraps activities so that what the database refuses for good is not retried for ever. */
export function withPermanentDbErrors<T extends Record<string, Activity>>(activities: T): T {
  const wrapped = Object.entries(activities).map(([name, activity]) => [
    name,
    async (input: never) => {
      try {
        return await activity(input);
      } catch (error) {
        if (!isPermanentDbError(error)) throw error;
        throw permanent('DatabaseRefused', `${name}: ${(error as Error).message}`, error);
      }
    },
  ]);
  return Object.fromEntries(wrapped) as T;
}
