import type { Simulation } from '../../worker/simulation/simulate';
import { exampleContract } from '../helpers/example';
import type { Mailbox } from '../helpers/mailbox';
import { openMailbox } from '../helpers/mailbox';
import { play } from '../helpers/play';

describe('a year in which nobody does anything', () => {
  const { consultant, manager, customer } = exampleContract().contacts;
  let played: Simulation;
  let mailbox: Mailbox;
  const year = () => played.years[0]!;
  const mailed = (id: string) => year().timeline.filter((entry) => entry.kind === 'mail' && entry.id === id);
  const meetings = [1, 2, 3, 4].map((number) => `meeting-${number}`);

  beforeAll(async () => {
    mailbox = await openMailbox();
    played = await play({ smtpUrl: mailbox.smtpUrl, digests: true });
  });

  afterAll(() => mailbox.close());

  it('calls the consultant to each meeting, says that it is not booked, then tells the manager', () => {
    for (const meeting of meetings) {
      const [call, book, told] = ['call', 'book', 'book-escalate'].map((step) =>
        mailed(`${meeting}/${step}`),
      );
      expect([call, book, told].map((mails) => mails!.length)).toEqual([1, 1, 1]);
      expect(call![0]!.detail).toContain(consultant.email);
      expect(book![0]!.detail).toContain(consultant.email);
      expect(book![0]!.detail).toContain('Inte bokat');
      expect(told![0]!.detail).toContain(manager.email);
      expect(call![0]!.at < book![0]!.at && book![0]!.at < told![0]!.at).toBe(true);
    }
  });

  it('invites the customer to nothing that nobody has booked', () => {
    for (const meeting of meetings)
      for (const step of ['invite', 'blocks', 'agenda', 'remind'])
        expect(mailed(`${meeting}/${step}`)).toEqual([]);
    expect(mailbox.sources.filter((source) => source.includes('METHOD:REQUEST'))).toEqual([]);
  });

  it('reminds the consultant of a meeting nobody reported, then tells the manager', () => {
    for (const meeting of meetings) {
      const [overdue, escalated] = [mailed(`${meeting}/overdue`), mailed(`${meeting}/escalate`)];
      expect(overdue).toHaveLength(1);
      expect(escalated).toHaveLength(1);
      expect(overdue[0]!.detail).toContain(consultant.email);
      expect(escalated[0]!.detail).toContain(manager.email);
      expect(overdue[0]!.at < escalated[0]!.at).toBe(true);
    }
  });

  it('raises for each meeting that it is not booked, and later that it is overdue', () => {
    for (const code of ['meeting-unbooked', 'meeting-overdue']) {
      const raised = year().timeline.filter(({ kind, id }) => kind === 'phase' && id === code);
      expect(raised.map(({ detail }) => /meeting-\d/.exec(detail)?.[0])).toEqual(meetings);
    }
  });

  it('escalates the upgrade phase that is open, and does not begin the next', () => {
    expect(mailed('upgrade/plan/escalate')).toHaveLength(1);
    expect(mailed('upgrade/precheck/start')).toEqual([]);
  });

  it('says honestly what was not delivered, and why', () => {
    expect(year().outcome).toBe('unfulfilled');
    const missed = year().timeline.filter(({ detail }) => detail === 'state missed');
    expect(missed).toHaveLength(4 + 7 + 3);
    const summaries = mailbox.mails.filter(({ messageId }) => messageId?.includes('.close.summary'));
    const addresses = summaries.map(({ to }) => [to].flat()[0]!.value[0]!.address);
    const told = customer.filter(({ roles }) => roles.includes('management') || roles.includes('finance'));
    expect(addresses.sort()).toEqual([manager.email, ...told.map(({ email }) => email)].sort());
    for (const { text = '' } of summaries) {
      expect(text).toContain('Inte levererat: 14.');
      for (const number of [1, 2, 3, 4])
        expect(text).toMatch(
          new RegExp(`Förvaltningsmöte ${number}, planerat .*: INTE LEVERERAT \\(bokades aldrig\\)`),
        );
    }
  });

  it('closes the year and sends statement and summary', () => {
    expect(year().mails.filter(({ template }) => template === 'year-summary').length).toBeGreaterThanOrEqual(
      2,
    );
    expect(mailed('close/statement').length).toBeGreaterThanOrEqual(1);
    expect(year().hours).toMatchObject({ rolledOut: 24, expired: 96 });
  });
});
