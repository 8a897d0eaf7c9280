/** Reads the messages that were sent to a workflow from its history, to send them again. */
import type { temporal } from '@temporalio/proto';
import type { Message, StoredPayload } from '../../activities/agreements/cures';
import type { HistoryEvent } from './workflows';

type Payload = temporal.api.common.v1.IPayload;

/** Messages that arrived after an event, in order. @param except identity of a sender whose messages are left out */
export function messagesSince(events: readonly HistoryEvent[], since: number, except?: string): Message[] {
  return events
    .filter(({ eventId }) => Number(eventId) > since)
    .flatMap((event): Message[] => {
      const signal = event.workflowExecutionSignaledEventAttributes;
      const update = event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input;
      const name = signal?.signalName ?? update?.name;
      if (typeof name !== 'string' || (except !== undefined && signal?.identity === except)) return [];
      const payloads = signal ? signal.input?.payloads : update?.args?.payloads;
      return [
        {
          at: new Date(Number(event.eventTime?.seconds ?? 0) * 1_000).toISOString(),
          name,
          kind: signal ? 'signal' : 'update',
          input: (payloads ?? []).map(storedPayload),
        },
      ];
    });
}

const storedPayload = ({ metadata, data }: Payload): StoredPayload => ({
  metadata: Object.fromEntries(
    Object.entries(metadata ?? {}).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
  ),
  data: Buffer.from(data ?? []).toString('base64'),
});

const payloadOf = ({ metadata, data }: StoredPayload): Payload => ({
  metadata: Object.fromEntries(
    Object.entries(metadata).map(([key, value]) => [key, Buffer.from(value, 'base64')]),
  ),
  data: Buffer.from(data, 'base64'),
});

/** A message's input in the form of Temporal's gRPC service. */
export const inputOf = ({ input }: Message): { payloads: Payload[] } => ({ payloads: input.map(payloadOf) });
