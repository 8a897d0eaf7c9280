import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { Worker } from '@temporalio/worker';
import { payloadConverterPath, workflowBundle } from '../../worker/temporal/workflow-bundle';
import { exampleContract } from '../helpers/example';
import { testStack } from '../helpers/stack';

const folder = path.join(__dirname, '../histories');
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));

interface History {
  events: unknown[];
}

const read = (file: string): History => JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as History;

async function replay(history: History): Promise<void> {
  const bundle = await workflowBundle(testStack().cacheDir);
  const options = { workflowBundle: bundle, dataConverter: { payloadConverterPath } };
  await Worker.runReplayHistory(options, history, 'agreement-replayed');
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
  it('are there for years of every kind, and for monitoring at our own place and at a site', () => {
    const years = [
      'diligent',
      'silent',
      'terminated',
      'example-scenario',
      'dated-terms',
      'meetings',
      'guided-test',
    ];
    for (const name of [...years, '-monitoring', 'watching-central', 'watching-site'])
      expect(files.some((file) => file.includes(name))).toBe(true);
  });

  it('are there for the clock of a reader of digests', () => {
    expect(files.some((file) => file.includes('digest-clock'))).toBe(true);
  });

  it.each(files)('%s goes on under the code of today', async (file) => {
    await replay(read(file));
  });

  it('does not go on when the history is another one: a booking where a mail was sent', async () => {
    const text = readFileSync(
      path.join(
        folder,
        files.find((file) => file.includes('diligent'))!,
      ),
      'utf8',
    );
    const altered = text.replace(/"data":"([A-Za-z0-9+/=]+)"/g, (whole, data: string) => {
      const decoded = Buffer.from(data, 'base64').toString('utf8');
      if (!decoded.includes('"activity_type":"sendNotice"')) return whole;
      return `"data":"${Buffer.from(decoded.replace('sendNotice', 'reportHours')).toString('base64')}"`;
    });
    expect(altered).not.toBe(text);
    await expect(replay(JSON.parse(altered) as History)).rejects.toThrow(/[Nn]ondeterminism/);
  });

  it.each(files)('%s holds no name and no address of a person', (file) => {
    const { contacts } = exampleContract();
    const people = [...contacts.customer, contacts.consultant, contacts.manager, contacts.support];
    const text = textOf(read(file));
    // Something it does hold, so that what is looked through is known to be readable.
    const held = [
      /monitoring|watching/.test(file) ? 'monitor' : file.includes('clock') ? 'attendDigests' : 'meeting-1',
      ...people.flatMap(({ name, email }) => [name, email]),
    ].filter((part) => text.includes(part));
    expect(held).toHaveLength(1);
  });

  it.each(files)('%s holds no stack trace, which names folders of a machine', (file) => {
    expect(JSON.stringify(read(file))).not.toContain('"stackTrace"');
  });
});
