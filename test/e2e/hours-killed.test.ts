import type { Scenario, ScenarioStep } from '../../worker/simulation/scenario';
import { scripted } from '../../worker/simulation/scenario';
import type { YearStory } from '../../worker/simulation/timeline';
import { exampleContract } from '../helpers/example';
import { openMailbox } from '../helpers/mailbox';
import { play } from '../helpers/play';
import { random } from '../helpers/random-year';
import type { WorkerProcess } from '../helpers/worker-process';
import { startWorkerProcess } from '../helpers/worker-process';

const seed = 1;
/** Milliseconds into the way to every other step, or so, within which the worker is killed. */
const longest = 700;

const said = { by: 'anna', confirm: true };
const approved = { approvedBy: 'mats', note: 'glömd rapport' };
const hours = (on: string, signal: string, input: object): ScenarioStep => ({
  ...{ on, signal },
  input: { ...input },
});
const steps = [
  hours('2027-11-10', 'hoursUsed', { ...said, hours: 100, ref: 'a' }),
  hours('2027-12-29', 'hoursUsed', { ...said, hours: 3.25, ref: 'b' }),
  // On the way here the year is closed, and its final statement goes out.
  hours('2028-01-20', 'hoursCorrected', { ...said, ref: 'a', hours: 90, reason: 'fel kund' }),
  hours('2028-01-21', 'hoursGiven', {
    kind: 'goodwill',
    hours: '2:45',
    ref: 'goodwill-contracted-1',
    ...approved,
  }),
  hours('2028-01-24', 'hoursUsed', { ...said, ...approved, hours: 8, on: '2027-12-30', ref: 'late' }),
  hours('2028-01-25', 'stepUndone', { entry: 5, reason: 'var ett annat avtal' }),
  hours('2028-01-26', 'hoursUsed', { ...said, hours: 4, ref: 'c' }),
  // More than the bank has: a line of it is asked about, a part is ordered, the rest is waived.
  hours('2028-01-26', 'hoursUsed', { ...said, hours: 160, ref: 'd' }),
  hours('2028-01-26', 'lineQuestioned', { entry: 8, question: 'Så mycket?', contact: 'contact-1', ref: 'q' }),
  hours('2028-01-27', 'hoursOrdered', { hours: 10, contact: 'contact-1', note: 'telefon', ref: 'o' }),
  hours('2028-01-27', 'questionSettled', { entry: 8, answer: 'Ja, hela flytten.' }),
  hours('2028-01-27', 'overageDecided', { decision: 'waive', approvedBy: 'mats', reason: 'vår miss' }),
  hours('2028-01-27', 'agreementTerminated', { on: '2028-01-31', reason: 'sold' }),
];

const contract = exampleContract({ signedOn: '2027-10-20', startsOn: '2027-01-01' });

/** Accounts by names that are the same in each play: hours that somebody gave have an id made up then. */
const named = (accounts: YearStory['accounts']): object =>
  Object.fromEntries(
    Object.entries(accounts).map(([name, amount]) => [
      name.replace(/^grant:[\da-f-]{36}$/, 'grant:given'),
      amount,
    ]),
  );

/** What was mailed to whom, without the number of the journal entry that stands in a mail's key. */
const owed = (mails: YearStory['mails']): string[] =>
  mails.map(({ messageId }) => messageId.replace(/\.\d+\.(?=[^.]+@)/, '.')).sort();

it('hours that are booked, corrected, given and closed while the worker is killed stand once, to the second and the öre', async () => {
  const undisturbed = await play({ contract, years: 2, scenario: () => scripted(steps) });
  const mailbox = await openMailbox();
  const next = random(seed);
  let worker: WorkerProcess;
  const restarts: Promise<void>[] = [];
  const killing = (inner: Scenario): Scenario =>
    async function kill(number, to) {
      const [delay, isSpared] = [next() * longest, next() < 0.5];
      if (isSpared) return inner(number, to);
      // One at a time: a worker that is being started is not killed.
      restarts.push(
        (restarts.at(-1) ?? Promise.resolve()).then(async () => {
          await new Promise((resolve) => setTimeout(resolve, delay));
          await worker.killAndRestart();
        }),
      );
      return inner(number, to);
    };
  const disturbed = await play({
    contract,
    years: 2,
    smtpUrl: mailbox.smtpUrl,
    startWorker: async (options) => (worker = await startWorkerProcess(options)),
    scenario: () => killing(scripted(steps)),
  });
  await Promise.all(restarts);
  await mailbox.close();
  expect(restarts.length).toBeGreaterThanOrEqual(3);
  for (const [index, { hours: told, accounts, mails }] of disturbed.years.entries()) {
    const { hours: expected, accounts: posted, mails: mailsBefore } = undisturbed.years[index]!;
    expect(told).toEqual(expected);
    expect(named(accounts)).toEqual(named(posted));
    expect(owed(mails)).toEqual(owed(mailsBefore));
  }
  const arrived = mailbox.mails.map(({ messageId }) => messageId);
  expect(new Set(arrived).size).toBe(arrived.length);
  const { overage, waived, suspense } = undisturbed.years[1]!.accounts;
  expect([overage?.seconds, waived?.seconds, suspense?.seconds]).toEqual([-36_000, -26_100, 0]);
  expect(undisturbed.years[0]!.hours).toMatchObject({ used: 93.25, rolledOut: 24, expired: 2.75 });
}, 240_000);
