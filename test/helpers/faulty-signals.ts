/** Faulty signals that people and programs have really sent. */
import type { Client } from '@temporalio/client';

interface Sent {
  signal: string;
  encoding: string;
  data: string | null;
}

const plain = (signal: string, data: string | null): Sent => ({ signal, encoding: 'json/plain', data });

export const faultySignals: Sent[] = [
  plain('meetingHeld', 'not json'),
  { signal: 'meetingHeld', encoding: 'json/protobuf', data: '{"meeting":1}' },
  plain('meetingHeld', '"ett"'),
  plain('meetingHeld', '[1,2]'),
  plain('meetingHeld', 'null'),
  plain('meetingHeld', '{"meeting":{"$gt":0}}'),
  plain('meetingHeld', '{"meeting":"__proto__"}'),
  plain('meetingHeld', '{"meeting":99}'),
  plain('hoursUsed', '{"hours":"tolv"}'),
  plain('hoursUsed', '{"hours":-3,"kind":"consulting"}'),
  plain('hoursUsed', '{"hours":1e308,"kind":"consulting"}'),
  plain('hoursUsed', null),
  plain('hoursUsed', '{"hours":2,"kind":"nonsense"}'),
  plain('upgradePhaseCompleted', '{"phase":"after-the-last"}'),
  plain('meetingHedl', '{"meeting":1}'),
  plain('__temporal_internal', '{}'),
  plain('constructor', '{}'),
  plain('noteAdded', JSON.stringify({ text: 'x'.repeat(50_000) })),
];

/** Sends all of them at once, encoded as they would be on the wire. */
export async function sendFaultySignals(client: Client, workflowId: string): Promise<void> {
  await Promise.all(
    faultySignals.map(({ signal, encoding, data }) =>
      client.workflowService.signalWorkflowExecution({
        namespace: client.options.namespace,
        workflowExecution: { workflowId },
        signalName: signal,
        ...(data === null
          ? {}
          : {
              input: {
                payloads: [{ metadata: { encoding: Buffer.from(encoding) }, data: Buffer.from(data) }],
              },
            }),
      }),
    ),
  );
}
