import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { Worker } from '@temporalio/worker';
import { workflowBundle } from '../../worker/workflow-bundle';
import { exampleContract } from '../helpers/example';
import { testStack } from '../helpers/stack';

const folder = path.join(__dirname, '../histories');
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));

interface History {
  events: { eventType: string; [attributes: string]: unknown }[];
}

const read = (file: string): History => JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as History;

async function replay(history: History): Promise<void> {
  const bundle = await workflowBundle(testStack().cacheDir);
  await Worker.runReplayHistory({ workflowBundle: bundle }, history, 'agreement-replayed');
}

/** Every text in a history, with its payloads decoded. */
function textOf(history: History): string {
  return JSON.stringify(history, (_key, value: unknown) =>
    typeof value === 'string' && /^[A-Za-z0-9+/]{16,}={0,2}$/.test(value)
      ? Buffer.from(value, 'base64').toString('utf8')
      : value,
  );
}

describe('saved histories', () => {
  it('are there for a diligent, a silent, a terminated year and the example scenario', () => {
    for (const name of ['diligent', 'silent', 'terminated', 'example-scenario'])
      expect(files.some((file) => file.includes(name))).toBe(true);
  });

  it.each(files)('%s goes on under the code of today', async (file) => {
    await replay(read(file));
  });

  it('does not go on when the history is another: a timer less fails', async () => {
    const history = read(files.find((file) => file.includes('diligent'))!);
    const timer = history.events.findIndex(({ eventType }) => eventType === 'EVENT_TYPE_TIMER_STARTED');
    const attributes = history.events[timer]!.timerStartedEventAttributes as { timerId: string };
    attributes.timerId = '4711';
    await expect(replay(history)).rejects.toThrow(/[Nn]ondeterminism/);
  });

  it.each(files)('%s holds no name and no address of a person', (file) => {
    const { contacts } = exampleContract();
    const people = [...contacts.customer, contacts.consultant, contacts.manager, contacts.support];
    const text = textOf(read(file));
    expect(text).toContain('meeting-1');
    for (const { name, email } of people) {
      expect(text).not.toContain(name);
      expect(text).not.toContain(email);
    }
  });
});
