import { diligent } from '../../worker/simulation/scenario';
import type { Scenario } from '../../worker/simulation/scenario';
import type { Simulation } from '../../worker/simulation/simulate';
import { exampleContract } from '../helpers/example';
import type { Mailbox } from '../helpers/mailbox';
import { openMailbox } from '../helpers/mailbox';
import { play } from '../helpers/play';
import type { WorkerProcess } from '../helpers/worker-process';
import { startWorkerProcess } from '../helpers/worker-process';

/** Written down by hand from the Swedish almanac, not taken from the library that plans with it. */
const closedIn2027 = [
  ...['2027-01-01', '2027-01-06', '2027-03-26', '2027-03-28', '2027-03-29', '2027-05-01', '2027-05-06'],
  ...['2027-05-16', '2027-06-06', '2027-06-25', '2027-06-26', '2027-11-06', '2027-12-24', '2027-12-25'],
  ...['2027-12-26', '2027-12-31', '2028-01-01'],
];

const isClosed = (day: string): boolean =>
  [0, 6].includes(new Date(day).getUTCDay()) || closedIn2027.includes(day);

const contract = exampleContract();
let played: Simulation;

beforeAll(async () => {
  played = await play({ contract, digests: true, scenario: (db) => diligent(db, contract.agreement) });
});

describe('a diligent year', () => {
  const year = () => played.years[0]!;
  const mailsOf = (id: string) => year().timeline.filter((entry) => entry.kind === 'mail' && entry.id === id);

  it('fulfils every promise of the agreement', () => {
    expect(year().outcome).toBe('fulfilled');
    expect(year().timeline.filter(({ detail }) => detail === 'state missed')).toEqual([]);
  });

  it('calls, invites to and reminds of four meetings, and escalates none', () => {
    for (const meeting of ['meeting-1', 'meeting-2', 'meeting-3', 'meeting-4']) {
      expect(mailsOf(`${meeting}/call`)).toHaveLength(1);
      expect(mailsOf(`${meeting}/invite`).length).toBeGreaterThanOrEqual(1);
      expect(mailsOf(`${meeting}/remind`).length).toBeGreaterThanOrEqual(1);
      expect(mailsOf(`${meeting}/escalate`)).toEqual([]);
    }
    expect(mailsOf('meeting-5/call')).toEqual([]);
  });

  it('takes the upgrade through its phases in order, each with a mail to whoever acts', () => {
    const phases = ['plan', 'precheck', 'technical', 'integrations', 'test', 'approval', 'after-check'].map(
      (phase) => `upgrade/${phase}`,
    );
    const closed = year().timeline.filter(({ kind, id }) => kind === 'phase' && id.startsWith('upgrade/'));
    expect(closed.map(({ id }) => id)).toEqual(phases);
    for (const phase of phases) expect(mailsOf(`${phase}/start`).length).toBeGreaterThanOrEqual(1);
    expect(mailsOf('upgrade/test/start')[0]?.detail).toContain('@testbolaget.example');
    expect(mailsOf('upgrade/test/start-consultant')[0]?.detail).toContain('@pector.example');
  });

  it('sends no mail twice', () => {
    const ids = year().mails.map(({ messageId }) => messageId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('mails on open days at the hour the office opens, except the welcome and what a booking causes', () => {
    const booking = ['meeting-invitation', 'meeting-blocks', 'upgrade-news'];
    const owed = year().mails.filter(({ template }) => template !== 'welcome');
    expect(owed.length).toBeGreaterThan(30);
    for (const { at, template } of owed) {
      expect({ at, closed: isClosed(at.slice(0, 10)) }).toEqual({ at, closed: false });
      expect([template, at.slice(11, 16)]).toEqual([
        template,
        booking.includes(template) ? '12:05' : '08:30',
      ]);
    }
  });

  it('invites five minutes after the consultant has booked, on the day of the call, and nobody else is asked', () => {
    for (const meeting of ['meeting-1', 'meeting-2', 'meeting-3', 'meeting-4']) {
      const days = (step: string) => [
        ...new Set(mailsOf(`${meeting}/${step}`).map(({ at }) => at.slice(0, 10))),
      ];
      expect(days('invite')).toHaveLength(1);
      expect(days('invite')).toEqual(days('call'));
      expect(days('blocks')).toEqual(days('call'));
      for (const step of ['agenda', 'agenda-consultant']) expect(days(step)).toHaveLength(1);
      for (const step of ['book', 'book-escalate', 'overdue']) expect(days(step)).toEqual([]);
    }
  });

  it('knows summer time: the same local hour has another offset', () => {
    const offsets = new Set(year().mails.map(({ at }) => at.slice(16)));
    expect(offsets).toEqual(new Set(['+01:00', '+02:00']));
  });

  it('stays under 550 history events, with a task for each timer and signal', () => {
    expect(played.historyEvents).toBeLessThan(550);
  });

  it('rolls 20 % of the contracted hours over, and lets the rest expire', () => {
    expect(year().hours).toEqual({
      contracted: 120,
      rolledIn: 0,
      used: 0,
      overage: 0,
      rolledOut: 24,
      expired: 96,
    });
  });

  it('tells the same story when it is played again', async () => {
    const again = await play({ contract, digests: true, scenario: (db) => diligent(db, contract.agreement) });
    expect(again.years).toEqual(played.years);
  });
});

/** Milliseconds into the way to a step at which the worker is killed, by the step's number in the year. */
const kills = new Map([
  [2, 150],
  [6, 0],
]);

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('such a year in which the worker is killed', () => {
  let disturbed: Simulation;
  let mailbox: Mailbox;

  beforeAll(async () => {
    mailbox = await openMailbox();
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
    expect(disturbed.years[0]!.hours).toEqual(played.years[0]!.hours);
  });

  it('owes exactly the mails of an undisturbed year', () => {
    // Nobody reads digests of it.
    const owed = ({ years }: Simulation) =>
      years[0]!.mails.flatMap(({ messageId, template }) => (template === 'digest' ? [] : messageId)).sort();
    expect(owed(disturbed)).toEqual(owed(played));
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
