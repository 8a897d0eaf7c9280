/**
 * Decodes what is sent to a workflow, and never throws: one undecodable signal would fail every later task of the
 * agreement. An undecodable payload becomes a marker, which handlers reject with the reason.
 */
import type { Payload, PayloadConverter } from '@temporalio/common';
import { defaultPayloadConverter } from '@temporalio/common';

/** Stands for a payload that could not be decoded. */
export class Undecodable {
  constructor(readonly reason: string) {}
}

export const payloadConverter: PayloadConverter = {
  toPayload: (value) => defaultPayloadConverter.toPayload(value),
  fromPayload: <T>(payload: Payload): T => {
    try {
      return defaultPayloadConverter.fromPayload<T>(payload);
    } catch (error) {
      return new Undecodable(error instanceof Error ? error.message : String(error)) as T;
    }
  },
};
