import type { Simulation } from '../../worker/simulation/simulate';
import { diligent } from '../../worker/simulation/scenario';
import { exampleContract } from '../helpers/example';
import { play } from '../helpers/play';

/** Written down by hand from the Swedish almanac, not taken from the library that plans with it. */
const closedIn2027 = [
  ...['2027-01-01', '2027-01-06', '2027-03-26', '2027-03-28', '2027-03-29', '2027-05-01', '2027-05-06'],
  ...['2027-05-16', '2027-06-06', '2027-06-25', '2027-06-26', '2027-11-06', '2027-12-24', '2027-12-25'],
  ...['2027-12-26', '2027-12-31', '2028-01-01'],
];

const isClosed = (day: string): boolean =>
  [0, 6].includes(new Date(day).getUTCDay()) || closedIn2027.includes(day);

describe('a diligent year', () => {
  let played: Simulation;
  const year = () => played.years[0]!;
  const mailsOf = (id: string) => year().timeline.filter((entry) => entry.kind === 'mail' && entry.id === id);

  beforeAll(async () => {
    const contract = exampleContract();
    played = await play({ contract, digests: true, scenario: (db) => diligent(db, contract.agreement) });
  });

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
    const contract = exampleContract();
    const again = await play({ contract, digests: true, scenario: (db) => diligent(db, contract.agreement) });
    expect(again.years).toEqual(played.years);
  });
});
