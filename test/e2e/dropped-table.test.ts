import { scripted } from '../../worker/simulation/scenario';
import type { RunningSimulation } from '../../worker/simulation/simulate';
import { exampleContract } from '../helpers/example';
import { openMailbox } from '../helpers/mailbox';
import { play } from '../helpers/play';

/** Its year ends soon after the scenario. */
const contract = exampleContract({ signedOn: '2027-01-04', startsOn: '2026-07-01' });

describe('a table that is gone for a while', () => {
  it.each(['mails', 'hour_entries', 'events'])(
    'without %s the year goes on; what failed is shown, kept, and done once when it is retried',
    async (table) => {
      const mailbox = await openMailbox();
      let running: RunningSimulation | undefined;
      const { years } = await play({
        contract,
        smtpUrl: mailbox.smtpUrl,
        onStarted: (started) => {
          running = started;
        },
        scenario: () => {
          const inner = scripted([
            { on: '2027-01-18', signal: 'meetingBooked', input: { meeting: 1, on: '2027-02-16' } },
            { on: '2027-02-01', signal: 'startStepCompleted', input: {} },
            { on: '2027-03-10', signal: 'hoursUsed', input: { hours: 8, ref: 'meanwhile' } },
            { on: '2027-03-20', signal: 'failuresRetried', input: {} },
            { on: '2027-05-18', signal: 'meetingHeld', input: { meeting: 2 } },
          ]);
          let step = 0;
          return async (year, to) => {
            step += 1;
            if (step === 3) await running!.db.query(`alter table ${table} rename to gone`);
            if (step === 4) await running!.db.query(`alter table gone rename to ${table}`);
            return inner(year, to);
          };
        },
      });
      await mailbox.close();
      const [story] = years;
      expect(story!.outcome).toBe('unfulfilled');
      expect(story!.hours.used).toBe(8);
      const arrived = mailbox.mails.map(({ messageId }) => messageId);
      expect(new Set(arrived).size).toBe(arrived.length);
      expect(new Set(arrived)).toEqual(new Set(story!.mails.map(({ messageId }) => messageId)));
      expect(story!.timeline.filter(({ id }) => id === 'meeting-1/remind').length).toBeGreaterThanOrEqual(1);
      const told = story!.timeline.filter(({ kind, id }) => kind === 'signal' && id === 'failuresRetried');
      expect(told[0]?.detail).toMatch(/mails \d+/);
      expect(story!.timeline.filter(({ id }) => id === 'hoursUsed')).toHaveLength(1);
    },
  );
});
