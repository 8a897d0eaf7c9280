/** An agreement that is taken over in month seven of its year: two meetings held, the upgrade done, hours used. */
import { findPlan } from '../../activities/agreements/plans';
import type { AgreedTakeOver } from '../../rules/engine/plan/take-over';
import type { YearStory } from '../../worker/simulation/timeline';
import { planBatch } from '../../worker/commands/sign/plan-batch';
import { exampleContract, workingRules } from '../helpers/example';
import { freshDatabase } from '../helpers/stack';
import type { LiveYear } from '../helpers/live-year';
import { beginYear } from '../helpers/live-year';
import { openMailbox } from '../helpers/mailbox';
import { play } from '../helpers/play';

const contract = exampleContract({ signedOn: '2027-07-05', startsOn: '2027-01-01' });
const { agreement } = contract;
const takeOver: AgreedTakeOver = {
  year: 1,
  hoursUsed: 100,
  hoursRolledIn: 10,
  meetingsHeld: ['2027-02-18', '2027-05-11'],
  upgrade: 'done',
};

describe('where nobody acts', () => {
  let years: [YearStory, YearStory];
  beforeAll(async () => {
    const mailbox = await openMailbox();
    const played = await play({ contract, takeOver, digests: true, years: 2, smtpUrl: mailbox.smtpUrl });
    await mailbox.close();
    years = played.years as [YearStory, YearStory];
  });
  const mails = ({ timeline }: YearStory, before = '9'): string[] =>
    timeline.flatMap(({ at, kind, id, detail }) =>
      kind === 'mail' && at < before ? [`${at.slice(0, 16)} ${id} ${detail.split(':')[0]}`] : [],
    );

  it('mails go out for what is open, on its ordinary days, and for nothing else', () => {
    expect(mails(years[0], '2027-09-05')).toEqual([
      '2027-07-13T08:30 meeting-3/call anna.berg@pector.example',
      '2027-07-27T08:30 meeting-3/book anna.berg@pector.example',
      '2027-07-30T08:30 meeting-3/book-escalate erik.holm@pector.example',
      '2027-08-16T08:30 digest/consultant-2027-08-16 anna.berg@pector.example',
      '2027-08-19T08:30 meeting-3/overdue anna.berg@pector.example',
      '2027-08-23T08:30 digest/consultant-2027-08-23 anna.berg@pector.example',
      '2027-08-24T08:30 meeting-3/escalate erik.holm@pector.example',
      '2027-08-30T08:30 digest/consultant-2027-08-30 anna.berg@pector.example',
      '2027-09-03T08:30 renewal/notice/send karin.ek@testbolaget.example.com',
      '2027-09-03T08:30 renewal/notice/send maria.strand@testbolaget.example.com',
    ]);
    const about = new Set(
      mails(years[0]).map((line) => line.split(' ')[1]?.split('/').slice(0, -1).join('/')),
    );
    expect([...about].sort()).toEqual([
      'close',
      'digest',
      'hours/expiry',
      'hours/statement-3',
      'meeting-3',
      'meeting-4',
      'renewal/notice',
    ]);
  });

  it('the journal says once what lay behind', () => {
    const told = years[0].timeline.filter(({ id }) => id === 'taken-over');
    expect(told.map(({ detail }) => detail)).toEqual(['told 9, passed 5']);
  });

  it('the year closes with what was not delivered here, and rolls over by all that was used', () => {
    expect(years[0]).toMatchObject({
      outcome: 'unfulfilled',
      hours: { contracted: 120, rolledIn: 10, used: 100, overage: 0, rolledOut: 24, expired: 6 },
    });
    expect(years[1].hours).toMatchObject({ contracted: 120, rolledIn: 24, used: 0 });
    const missed = years[0].timeline.filter(
      ({ kind, detail }) => kind === 'phase' && detail === 'state missed',
    );
    expect(missed.map(({ id }) => id).sort()).toEqual(['meeting-3', 'meeting-4']);
  });

  it('the next year is one as any other', () => {
    expect(mails(years[1]).some((line) => line.includes('meeting-1/call'))).toBe(true);
    expect(mails(years[1]).some((line) => line.includes('welcome'))).toBe(false);
  });
});

it('a dry run tells the mails that then go out, to the minute, also of an upgrade that should have been under way', async () => {
  const open: AgreedTakeOver = { year: 1, upgrade: 'open', hoursUsed: 12.5 };
  const { ruleset } = workingRules();
  const database = await freshDatabase();
  const problemAt = (): never => {
    throw new Error('expected no problem');
  };
  const asOf = '2027-07-05T07:00:00.000Z';
  const { signings } = await planBatch(
    database.db,
    ruleset,
    [{ contract, takeOver: open, problemAt }],
    asOf,
    {
      takeOverPast: true,
    },
  );
  await database.close();
  const told = signings[0]!.mails.map(
    ({ at, obligation, step }) => `${at.slice(0, 16)} ${obligation}/${step}`,
  );

  const { years } = await play({ until: '2027-07-20T12:00:00Z', contract, takeOver: open });
  const sent = years[0]!.timeline.flatMap(({ at, kind, id }) =>
    kind === 'mail' && at < '2027-07-20' ? [`${new Date(at).toISOString().slice(0, 16)} ${id}`] : [],
  );
  expect(told.length).toBeGreaterThan(1);
  expect(told).toContain('2027-07-06T06:30 upgrade/plan/start');
  expect([...new Set(sent)].sort()).toEqual([...told].sort());
});

describe('as people go on with it', () => {
  let year: LiveYear;
  beforeAll(async () => {
    year = await beginYear({ years: 0, contract, takeOver });
  });
  afterAll(() => year.finish());
  const closed = async (): Promise<Record<string, string>> => {
    const rows = await year.db.query<{ id: string; state: string }>(
      `select id, state from obligations where agreement = $1 and year = 1 and closed_by = 'takeover'`,
      [agreement],
    );
    return Object.fromEntries(rows.map(({ id, state }) => [id, state]));
  };

  it('its page shows what is done, what the bank holds, and what comes next', async () => {
    const overview = await year.overview();
    expect(overview).toMatchObject({
      planRevision: 1,
      hours: { contracted: 12000, rolledIn: 1000, used: 10000 },
    });
    expect(overview.strands).toEqual([
      { strand: 'meetings', done: 2, total: 4 },
      { strand: 'upgrade', done: 7, total: 7 },
      { strand: 'renewal', done: 0, total: 1 },
    ]);
    expect(overview.next.map(({ id }) => id)).toEqual(['meeting-3', 'meeting-4']);
    expect(overview.last.map(({ text }) => text)).toContain(
      'Avtalet togs över mitt i året; det som låg före är avslutat utan mejl',
    );
    expect(overview.attention).toEqual([]);
    expect(year.mailbox.mails).toEqual([]);
  });

  it('a booking plans the year again, and what lay behind stays behind', async () => {
    const before = await closed();
    await year.to('2027-07-14');
    await year.signal('meetingBooked', { meeting: 3, on: '2027-08-24' });
    const { planRevision, strands } = await year.overview();
    expect(planRevision).toBe(2);
    expect(strands[0]).toEqual({ strand: 'meetings', done: 2, total: 4 });
    expect(await closed()).toEqual(before);
    const { plan } = (await findPlan(year.db, agreement, 1))!;
    expect(plan).not.toHaveProperty('welcome');
    expect(plan.settled).toMatchObject({ 'meeting-1': { heldOn: '2027-02-18' } });
    await year.wait(30);
    expect(year.mails('meeting-3', 'invite').length).toBeGreaterThan(0);
    expect(year.mails('agreement', 'welcome')).toEqual([]);
  });

  it('of its hours only thresholds still to come are told', async () => {
    await year.signal('hoursUsed', { hours: 20, ref: 'a-1', by: 'anna' });
    await year.wait(24 * 60);
    expect((await year.overview()).hours?.used).toBe(12000);
    expect(year.mails('hours/alert-90', 'alert').length).toBeGreaterThan(0);
    expect(year.mails('hours/alert-75', 'alert')).toEqual([]);
  });

  it('what was told of its hours can be corrected', async () => {
    await year.signal('hoursCorrected', { ref: 'takeover', hours: 95, by: 'anna' });
    expect((await year.overview()).hours?.used).toBe(11500);
  });
});
