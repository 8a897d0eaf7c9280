import type { RunningSimulation } from '../../worker/simulate';
import { runsOf } from '../../worker/simulate';
import { scripted } from '../../worker/scenario';
import { play } from '../helpers/play';

const entries = 300;
/** Together more than the 4 MB at which the server suggests a new run. */
const litter = Array.from({ length: 90 }, (_, index) => ({
  note: 'å'.repeat(25_000),
  ['\u0000\ud800']: index,
}));

async function inTens<T>(items: T[], send: (item: T) => Promise<void>): Promise<void> {
  for (let next = 0; next < items.length; next += 50)
    await Promise.all(items.slice(next, next + 50).map(send));
}

describe('a burst of signals', () => {
  it('books every hour once, also over the new run that a long history takes in mid-year', async () => {
    let running: RunningSimulation | undefined;
    let runs = 0;
    const { years } = await play({
      onStarted: (started) => {
        running = started;
      },
      scenario: () => {
        const inner = scripted([
          { on: '2027-03-01', signal: 'hoursUsed', input: { hours: 1, ref: 'first' } },
          { on: '2027-03-02', signal: 'startStepCompleted', input: {} },
          { on: '2027-11-16', signal: 'meetingHeld', input: { meeting: 4 } },
        ]);
        let step = 0;
        return async (year, to) => {
          step += 1;
          const handle = running!.client.workflow.getHandle(running!.workflowId);
          if (step === 2) {
            const refs = Array.from({ length: entries }, (_, index) => `burst-${index}`);
            await inTens(refs, (ref) => handle.signal('hoursUsed', { hours: 0.01, ref }));
            await inTens(litter, (input) => handle.signal('meetingHeld', input));
            await running!.time.settle();
          }
          if (step === 3) runs = (await runsOf(running!.client, running!.workflowId)).length;
          return inner(year, to);
        };
      },
    });
    const [story] = years;
    expect(runs).toBeGreaterThan(1);
    expect(story!.hours.used).toBe(1 + entries / 100);
    expect(story!.timeline.filter(({ detail }) => detail.startsWith('rejected: expected only'))).toHaveLength(
      90,
    );
    const ids = story!.mails.map(({ messageId }) => messageId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(story!.timeline.filter(({ id }) => id === 'meeting-4' || id === 'year-started')).toHaveLength(2);
    expect(story!.timeline.filter(({ id }) => id === 'meeting-2/escalate')).toHaveLength(1);
  }, 300_000);
});
