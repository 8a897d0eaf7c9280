/** What the local server refuses, so that nothing of ours comes to depend on large payloads. */
import { randomBytes } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { openClient } from '../../../worker/temporal/temporal-connection';
import { testStack } from '../../helpers/stack';

let client: Client;

beforeAll(async () => {
  client = await openClient(testStack());
});

afterAll(() => client.connection.close());

it('takes a signal of 60 KiB and refuses one of more than 64 KiB', async () => {
  const handle = await client.workflow.start('nobody-runs-this', {
    workflowId: `limits-${randomBytes(4).toString('hex')}`,
    taskQueue: 'nobody',
  });
  const signal = (kib: number) => handle.signal('note', 'x'.repeat(kib * 1024));
  await signal(60);
  await expect(signal(65)).rejects.toMatchObject({
    cause: { details: 'Blob data size exceeds limit.' },
  });
  await handle.terminate();
});
