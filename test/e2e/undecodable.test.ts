import { scripted } from '../../worker/simulation/scenario';
import type { RunningSimulation } from '../../worker/simulation/simulate';
import { play } from '../helpers/play';

const payload = (encoding: string, data: string) => ({
  metadata: { encoding: Buffer.from(encoding) },
  data: Buffer.from(data),
});

/** What a person's slip in the Web UI can hand over: broken JSON, the other encoding, an encoding nobody knows. */
const slips = [
  payload('json/plain', '{"meeting": 1'),
  payload('json/protobuf', '{"meeting": 1}'),
  payload('binary/unheard-of', '\u0000\u0001'),
];

describe('a signal that cannot be decoded', () => {
  it('is rejected with the reason, and the agreement goes on', async () => {
    let running: RunningSimulation | undefined;
    const { years } = await play({
      until: '2027-02-17T12:00:00Z',
      onStarted: (started) => {
        running = started;
      },
      scenario: () => {
        const inner = scripted([
          { on: '2027-02-01', signal: 'startStepCompleted', input: {} },
          { on: '2027-02-16', signal: 'meetingHeld', input: { meeting: 1 } },
        ]);
        let step = 0;
        return async (year, to) => {
          step += 1;
          if (step === 2)
            for (const slip of slips)
              await running!.client.workflowService.signalWorkflowExecution({
                namespace: running!.client.options.namespace,
                workflowExecution: { workflowId: running!.workflowId },
                signalName: 'meetingHeld',
                input: { payloads: [slip] },
              });
          return inner(year, to);
        };
      },
    });
    const told = years[0]!.timeline.filter(({ kind, id }) => kind === 'signal' && id === 'meetingHeld');
    expect(told.filter(({ detail }) => detail.includes('hittade något som inte kan läsas'))).toHaveLength(
      slips.length,
    );
    expect(told.filter(({ detail }) => detail.includes('obligation meeting-1'))).toHaveLength(1);
  });
});
