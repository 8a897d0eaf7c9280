/** Sends agreements once more what people had sent them and a restoration lost. */
import { createHash } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { Db } from '../../../activities/db';
import type { Lost, LostMessage } from '../../../activities/health/lost-since';
import { noteSentAgain } from '../../../activities/health/restorations';
import { localDateOf } from '../../../rules/engine/calendar/calendar';
import { isMessage, isSentByPeople } from '../../../workflows/messages/messages';
import { workflowIdOf } from '../../temporal/start-agreement';

/**
 * Sends the messages that were taken, in the order in which they came. Each has a name for good, so that a second time
 * sends nothing, and one that was cut short goes on.
 * @returns how many were sent
 */
export async function sendAgain(db: Db, client: Client, { messages, agreements }: Lost): Promise<number> {
  const ours = messages
    .filter(({ agreement }) => !agreements.includes(agreement))
    .filter(
      ({ name, taken, bytes }) => taken && bytes === undefined && isMessage(name) && isSentByPeople(name),
    )
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  let sent = 0;
  for (const message of ours) {
    if (!(await send(client, message))) continue;
    await noteSentAgain(db, message);
    sent += 1;
  }
  return sent;
}

/** @returns whether there is a running year to send it to */
async function send({ workflowService, options }: Client, message: LostMessage): Promise<boolean> {
  const input = inputOf(message);
  try {
    await workflowService.signalWorkflowExecution({
      namespace: options.namespace,
      workflowExecution: { workflowId: workflowIdOf(message.agreement) },
      signalName: message.name,
      input: { payloads: input === undefined ? [] : [defaultPayloadConverter.toPayload(input)] },
      identity: 'serviceavtal restore',
      // The server drops a second signal with the same id.
      requestId: shortOf(message.key),
    });
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError || (error as { code?: number }).code === notFound)
      return false;
    throw error;
  }
}

const notFound = 5;

const shortOf = (key: string): string =>
  `restored-${createHash('sha256').update(key).digest('hex').slice(0, 24)}`;

/** What was sent, with what a message leaves out when it is about the moment: its day, and what names hours for good. */
function inputOf(message: LostMessage): unknown {
  const { name, at, input } = message;
  const isPlain = typeof input === 'object' && input !== null && !Array.isArray(input);
  if (input !== undefined && !isPlain) return input;
  const [on, ref] = [localDateOf(at), shortOf(message.key)];
  if (name === 'hoursUsed') return { on, ref, ...input };
  if (name === 'hoursGiven') return { ref, ...input };
  return name === 'meetingHeld' ? { on, ...input } : input;
}
