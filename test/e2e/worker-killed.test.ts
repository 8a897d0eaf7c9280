import { diligent } from '../../worker/simulation/scenario';
import type { Scenario } from '../../worker/simulation/scenario';
import type { Simulation } from '../../worker/simulation/simulate';
import { exampleContract } from '../helpers/example';
import type { Mailbox } from '../helpers/mailbox';
import { openMailbox } from '../helpers/mailbox';
import { play } from '../helpers/play';
import type { WorkerProcess } from '../helpers/worker-process';
import { startWorkerProcess } from '../helpers/worker-process';

const contract = exampleContract();
/** Milliseconds into the way to a step at which the worker is killed, by the step's number in the year. */
const kills = new Map([
  [2, 150],
  [6, 0],
]);

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('a year in which the worker is killed', () => {
  let undisturbed: Simulation;
  let disturbed: Simulation;
  let mailbox: Mailbox;

  beforeAll(async () => {
    mailbox = await openMailbox();
    undisturbed = await play({ contract, scenario: (db) => diligent(db, contract.agreement) });
    let worker: WorkerProcess;
    const restarts: Promise<void>[] = [];
    const killing = (inner: Scenario): Scenario => {
      let step = 0;
      return async (year, to) => {
        const delay = kills.get((step += 1));
        if (delay !== undefined) restarts.push(pause(delay).then(() => worker.killAndRestart()));
        return inner(year, to);
      };
    };
    disturbed = await play({
      contract,
      smtpUrl: mailbox.smtpUrl,
      startWorker: async (options) => (worker = await startWorkerProcess(options)),
      scenario: (db) => killing(diligent(db, contract.agreement)),
    });
    await Promise.all(restarts);
    expect(restarts).toHaveLength(kills.size);
  }, 240_000);

  afterAll(() => mailbox.close());

  it('is fulfilled all the same, with the same hours', () => {
    expect(disturbed.years[0]!.outcome).toBe('fulfilled');
    expect(disturbed.years[0]!.hours).toEqual(undisturbed.years[0]!.hours);
  });

  it('owes exactly the mails of an undisturbed year', () => {
    const owed = ({ years }: Simulation) => years[0]!.mails.map(({ messageId }) => messageId).sort();
    expect(owed(disturbed)).toEqual(owed(undisturbed));
  });

  it('hands no mail over twice, and hides none whose fate it does not know', () => {
    const arrived = mailbox.mails.map(({ messageId }) => messageId);
    expect(new Set(arrived).size).toBe(arrived.length);
    const unknown = disturbed.years[0]!.timeline.filter(({ detail }) => detail.endsWith('(unknown)'));
    const year = disturbed.years[0]!.mails.length;
    expect(arrived.length).toBeGreaterThanOrEqual(year - unknown.length);
    expect(unknown.length).toBeLessThanOrEqual(kills.size);
  });
});
