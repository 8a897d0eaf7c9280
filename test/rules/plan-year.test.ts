import { isoWeek } from '../../rules/engine/calendar/dates';
import type { Contract } from '../../rules/engine/contract/contract';
import type { Terms } from '../../rules/engine/ruleset/terms';
import {
  exampleContract,
  fivePhases,
  guldTerms,
  obligation,
  plan,
  planBooked,
  steps,
  withoutDigests,
} from './fixtures';

let terms: Terms;
beforeAll(async () => {
  terms = withoutDigests(fivePhases(await guldTerms()));
});

const dueDates = (year: ReturnType<typeof plan>, strand: string) =>
  year.obligations.filter((one) => one.strand === strand).map(({ id, dueOn }) => `${id} ${dueOn}`);

describe('the plan of a first year', () => {
  test('tells what checks are called, also those that only the rules declare', () => {
    const checks = { port: { kind: 'tcp', name: 'Porten' }, nameless: { graceMinutes: 5 } } as const;
    const { ids, called } = plan({ terms: { ...terms, monitoring: { ...terms.monitoring, checks } } });
    expect(ids.monitors).toEqual(['order-import', 'business-services', 'port']);
    expect(called?.monitors).toEqual({
      'order-import': 'Import av order från webshop',
      'business-services': 'Affärssystemets tjänster svarar',
      port: 'Porten',
    });
  });

  test('has the limits of the year and announces its end once late reports had their time', () => {
    expect(plan({ terms })).toMatchObject({
      agreement: 'testbolaget-2027',
      from: '2027-01-01',
      to: '2028-01-01',
      startsAt: '2026-12-31T23:00:00.000Z',
      endsAt: '2027-12-31T23:00:00.000Z',
      announceAt: '2028-01-07T07:30:00.000Z',
      plannedFrom: '2026-12-01T12:00:00.000Z',
      revision: 1,
      rulesetHash: 'hash',
      alertPercents: [75, 90, 100],
      statementRoles: ['finance', 'management'],
      summaryRoles: ['management', 'finance'],
    });
  });

  test('welcomes the customer at once, even before the start', () => {
    expect(plan({ terms }).welcome).toEqual({
      step: 'welcome',
      at: '2026-12-01T12:00:00.000Z',
      template: 'welcome',
      to: 'customer',
      roles: ['management', 'system-owner'],
    });
    expect(plan({ terms, yearNumber: 2 })).not.toHaveProperty('welcome');
  });

  test.each([
    ['2026-11-10T01:20:00.000Z', 'hold', '2026-11-10T07:30:00.000Z', 'at night, on a working day'],
    ['2026-11-14T01:20:00.000Z', 'hold', '2026-11-16T07:30:00.000Z', 'at night, before a Saturday'],
    ['2026-11-13T21:00:00.000Z', 'hold', '2026-11-16T07:30:00.000Z', 'at ten in the evening'],
    ['2026-11-13T20:59:00.000Z', 'hold', '2026-11-13T20:59:00.000Z', 'in the evening'],
    ['2026-11-14T05:00:00.000Z', 'hold', '2026-11-14T05:00:00.000Z', 'at six in the morning'],
    [
      '2026-11-10T01:20:00.000Z',
      'send',
      '2026-11-10T01:20:00.000Z',
      'at night, where mails go out at any hour',
    ],
  ] as const)('welcomes who is signed at %s, with "%s", at %s: %s', (asOf, outsideHours, at, _) => {
    const year = plan({ terms: { ...terms, support: { ...terms.support, outsideHours } }, asOf });
    expect(year.welcome?.at).toBe(at);
  });

  test('spreads four meetings evenly ("med jämn periodicitet")', () => {
    expect(dueDates(plan({ terms }), 'meetings')).toEqual([
      'meeting-1 2027-02-16',
      'meeting-2 2027-05-18',
      'meeting-3 2027-08-17',
      'meeting-4 2027-11-16',
    ]);
  });

  test('calls the consultant to plan a meeting, and chases one not booked or not held ("kallar till")', () => {
    const meeting = obligation(plan({ terms }), 'meeting-1');
    expect(meeting).toMatchObject({
      owner: 'consultant',
      opensAt: '2027-01-12T07:30:00.000Z',
      dueAt: '2027-02-16T09:00:00.000Z',
      revision: 1,
      late: false,
    });
    expect(meeting.notices).toEqual([
      { step: 'call', at: '2027-01-12T07:30:00.000Z', template: 'meeting-call', to: 'consultant' },
      { step: 'book', at: '2027-01-26T07:30:00.000Z', template: 'meeting-unbooked', to: 'consultant' },
      { step: 'book-escalate', at: '2027-01-29T07:30:00.000Z', template: 'meeting-unbooked', to: 'manager' },
      { step: 'overdue', at: '2027-02-18T07:30:00.000Z', template: 'step-reminder', to: 'consultant' },
      { step: 'escalate', at: '2027-02-23T07:30:00.000Z', template: 'escalation', to: 'manager' },
    ]);
  });

  test('invites to a meeting that is booked, gives the agenda, reminds of it, and chases one not held', () => {
    const meeting = obligation(planBooked({ terms }, 'meeting-1'), 'meeting-1');
    const customer = { to: 'customer', roles: ['management', 'system-owner'] };
    expect(meeting).toMatchObject({
      owner: 'consultant',
      opensAt: '2027-01-13T09:05:00.000Z',
      dueOn: '2027-02-16',
      dueAt: '2027-02-16T09:00:00.000Z',
      booked: true,
      revision: 2,
      late: false,
    });
    expect(meeting.notices).toEqual([
      { step: 'invite', at: '2027-01-13T09:05:00.000Z', template: 'meeting-invitation', ...customer },
      { step: 'blocks', at: '2027-01-13T09:05:00.000Z', template: 'meeting-blocks', to: 'consultant' },
      { step: 'agenda', at: '2027-02-11T07:30:00.000Z', template: 'meeting-agenda', ...customer },
      {
        step: 'agenda-consultant',
        at: '2027-02-11T07:30:00.000Z',
        template: 'meeting-agenda',
        to: 'consultant',
      },
      { step: 'remind', at: '2027-02-12T07:30:00.000Z', template: 'meeting-reminder', ...customer },
      { step: 'overdue', at: '2027-02-18T07:30:00.000Z', template: 'step-reminder', to: 'consultant' },
      { step: 'escalate', at: '2027-02-23T07:30:00.000Z', template: 'escalation', to: 'manager' },
    ]);
  });

  test('takes the upgrade phase by phase over holidays ("årligen sker en uppgradering")', () => {
    const year = plan({ terms });
    expect(
      year.obligations
        .filter(({ strand }) => strand === 'upgrade')
        .map(({ id, opensAt, dueOn, owner, after }) => [id, opensAt.slice(0, 10), dueOn, owner, after]),
    ).toEqual([
      ['upgrade/precheck', '2027-05-03', '2027-05-10', 'consultant', undefined],
      ['upgrade/integrations', '2027-05-11', '2027-05-21', 'consultant', 'upgrade/precheck'],
      ['upgrade/technical', '2027-05-24', '2027-05-26', 'consultant', 'upgrade/integrations'],
      ['upgrade/test', '2027-05-27', '2027-06-09', 'customer', 'upgrade/technical'],
      ['upgrade/approval', '2027-06-10', '2027-06-16', 'customer', 'upgrade/test'],
    ]);
  });

  test('asks customer and consultant to test ("testleder vi kunden")', () => {
    expect(obligation(plan({ terms }), 'upgrade/test').notices).toEqual([
      {
        step: 'start',
        at: '2027-05-27T06:30:00.000Z',
        template: 'upgrade-test',
        to: 'customer',
        roles: ['tester', 'system-owner'],
      },
      {
        step: 'start-consultant',
        at: '2027-05-27T06:30:00.000Z',
        template: 'upgrade-test',
        to: 'consultant',
      },
      {
        step: 'remind',
        at: '2027-06-07T06:30:00.000Z',
        template: 'step-reminder',
        to: 'customer',
        roles: ['tester', 'system-owner'],
      },
      // Where no session is booked by then.
      { step: 'book-session', at: '2027-06-07T06:30:00.000Z', template: 'step-reminder', to: 'consultant' },
      { step: 'escalate', at: '2027-06-14T06:30:00.000Z', template: 'escalation', to: 'manager' },
      {
        step: 'escalate-management',
        at: '2027-06-16T06:30:00.000Z',
        template: 'customer-escalation',
        to: 'customer',
        roles: ['management'],
      },
    ]);
  });

  test('leaves out a reminder that would come with the mail it repeats', () => {
    expect(steps(obligation(plan({ terms }), 'upgrade/technical'))).toEqual({
      start: '2027-05-24T06:30',
      escalate: '2027-05-31T06:30',
    });
  });

  test('opens the agreement in steps, in the first year only', () => {
    expect(dueDates(plan({ terms }), 'start')).toEqual([
      'start/consultant 2027-01-12',
      'start/kickoff 2027-01-26',
      'start/monitoring 2027-02-16',
    ]);
    expect(steps(obligation(plan({ terms }), 'start/kickoff'))).toEqual({
      start: '2027-01-04T07:30',
      remind: '2027-01-22T07:30',
      escalate: '2027-01-29T07:30',
    });
    expect(dueDates(plan({ terms, yearNumber: 2 }), 'start')).toEqual([]);
  });

  test.each([
    [1, []],
    [2, ['2027-07-01']],
    [4, ['2027-04-01', '2027-07-01', '2027-10-01']],
    [
      12,
      [
        '2027-02-01',
        '2027-03-01',
        '2027-04-01',
        '2027-05-03',
        '2027-06-01',
        '2027-07-01',
        '2027-08-02',
        '2027-09-01',
        '2027-10-01',
        '2027-11-01',
        '2027-12-01',
      ],
    ],
  ])('with %i statements a year sends all but the last at month boundaries', (statementsPerYear, dates) => {
    const year = plan({ terms: { ...terms, hourBank: { ...terms.hourBank, statementsPerYear } } });
    expect(
      year.obligations.filter(({ id }) => id.startsWith('hours/statement')).map(({ dueOn }) => dueOn),
    ).toEqual(dates);
  });

  test('ends at midnight of the first day after it, whatever day that is', () => {
    expect(obligation(plan({ terms }), 'close')).toMatchObject({
      dueOn: '2028-01-01',
      dueAt: '2027-12-31T23:00:00.000Z',
      opensAt: '2027-12-31T23:00:00.000Z',
      notices: [],
    });
  });

  test('is the same for the same input, and leaves the input as it was', () => {
    const before = structuredClone(terms);
    expect(plan({ terms })).toEqual(plan({ terms }));
    expect(terms).toEqual(before);
  });
});

describe('days the plan avoids', () => {
  const meetingsFrom = (startsOn: string) =>
    plan({ terms, contract: { ...exampleContract(), startsOn }, asOf: '2026-01-01T12:00:00.000Z' })
      .obligations.filter(({ strand }) => strand === 'meetings')
      .map(({ dueOn }) => dueOn);

  test.each([
    ['Midsummer’s Eve 2027 (a Friday)', '2027-05-11', '2027-06-25', '2027-06-24'],
    ['Christmas week 2026', '2026-11-08', '2026-12-23', '2026-12-18'],
    ['the summer weeks of 2027', '2027-06-10', '2027-07-25', '2027-08-09'],
  ])('moves the meeting off %s', (_, startsOn, avoided, instead) => {
    expect(meetingsFrom(startsOn)).not.toContain(avoided);
    expect(meetingsFrom(startsOn)[0]).toBe(instead);
  });

  test('an upgrade that reaches July goes on in August', () => {
    const contract = { ...exampleContract(), startsOn: '2027-02-15' };
    const days = plan({ terms, contract }).obligations.filter(({ strand }) => strand === 'upgrade');
    expect(days.map(({ dueOn }) => isoWeek(dueOn)).filter((week) => week >= 28 && week <= 31)).toEqual([]);
    expect(days.map(({ dueOn }) => dueOn)).toEqual([
      '2027-06-21',
      '2027-07-05',
      '2027-07-08',
      '2027-08-19',
      '2027-08-26',
    ]);
  });

  test('every year from 29 February has four meetings and an upgrade', async () => {
    const contract = exampleContract('english-customer');
    for (let yearNumber = 1; yearNumber <= 5; yearNumber++) {
      const year = plan({
        terms: await guldTerms(contract, yearNumber),
        contract,
        yearNumber,
        asOf: '2028-02-01T12:00:00.000Z',
      });
      expect(dueDates(year, 'meetings')).toHaveLength(4);
      expect(dueDates(year, 'upgrade')).toHaveLength(7);
      expect(dueDates(year, 'hourBank')).toHaveLength(4);
    }
  });
});

describe('an upgrade that would not end within the year', () => {
  const late = (startsInMonth: number, asOf?: string, contract?: Contract) =>
    plan({
      terms: { ...terms, upgrade: { ...terms.upgrade, window: { fromMonth: startsInMonth, toMonth: 12 } } },
      ...(asOf !== undefined && { asOf }),
      ...(contract !== undefined && { contract }),
    }).obligations.filter(({ strand }) => strand === 'upgrade');

  test('begins earlier', () => {
    const phases = late(12);
    expect(phases[0]?.opensAt.slice(0, 10)).toBe('2027-11-10');
    expect(phases.at(-1)).toMatchObject({ dueOn: '2027-12-23', late: false });
  });

  test('is shortened if it cannot begin earlier', () => {
    expect(late(5, '2027-12-08T15:00:00.000Z').map(({ id, dueOn, late }) => [id, dueOn, late])).toEqual([
      ['upgrade/precheck', '2027-12-10', true],
      ['upgrade/integrations', '2027-12-14', true],
      ['upgrade/technical', '2027-12-15', true],
      ['upgrade/test', '2027-12-22', true],
      ['upgrade/approval', '2027-12-23', true],
    ]);
  });

  test('piles up on the last open day if not even a day a phase is left', () => {
    const due = late(5, '2027-12-28T15:00:00.000Z').map(({ dueOn }) => dueOn);
    expect(due.sort()).toEqual(['2027-12-29', '2027-12-30', '2027-12-30', '2027-12-30', '2027-12-30']);
  });
});

describe('a start in the past', () => {
  const asOf = '2027-09-15T12:00:00.000Z';
  /** Signed on the day on which it is planned. */
  const signedThen = (at = asOf) => ({
    terms,
    asOf: at,
    contract: { ...exampleContract(), signedOn: at.slice(0, 10) },
  });

  test('lays out what is left from the day of planning', () => {
    const year = plan(signedThen());
    expect(dueDates(year, 'meetings')).toEqual(['meeting-1 2027-10-12', 'meeting-2 2027-12-06']);
    expect(dueDates(year, 'hourBank')).toEqual(['hours/statement-3 2027-10-01', 'hours/expiry 2027-11-02']);
    expect(obligation(year, 'start/consultant')).toMatchObject({ dueOn: '2027-09-22', late: true });
    expect(obligation(year, 'upgrade/precheck')).toMatchObject({ dueOn: '2027-09-22', late: true });
    expect(obligation(year, 'meeting-1')).toMatchObject({ opensAt: '2027-09-16T06:30:00.000Z', late: false });
  });

  test('mails nothing before the next opening and nothing as overdue', () => {
    const year = plan({ terms, asOf });
    const first = year.obligations
      .flatMap(({ notices }) => notices)
      .map(({ at }) => at)
      .sort()[0];
    expect(first).toBe('2027-09-16T06:30:00.000Z');
    for (const one of year.obligations)
      for (const { step, at } of one.notices)
        if (step === 'overdue' || step === 'escalate') expect(at > one.dueAt).toBe(true);
  });

  test.each([
    ['2027-01-01T10:00:00.000Z', 4],
    ['2027-01-03T10:00:00.000Z', 4],
    ['2027-04-03T10:00:00.000Z', 3],
    ['2027-07-04T10:00:00.000Z', 2],
    ['2027-10-03T10:00:00.000Z', 1],
  ])('signed and planned at %s holds %i meetings', (at, count) => {
    expect(dueDates(plan(signedThen(at)), 'meetings')).toHaveLength(count);
  });

  test('that was signed in time and entered late owes all that was signed', () => {
    expect(dueDates(plan({ terms, asOf }), 'meetings')).toEqual([
      'meeting-1 2027-09-28',
      'meeting-2 2027-10-25',
      'meeting-3 2027-11-22',
      'meeting-4 2027-12-17',
    ]);
    const november = { ...exampleContract(), signedOn: '2026-05-20', startsOn: '2026-06-01' };
    const year = plan({ terms, contract: november, asOf: '2026-11-10T09:00:00.000Z' });
    expect(dueDates(year, 'meetings')).toHaveLength(4);
    const inAutumn = { ...november, signedOn: '2026-09-15' };
    expect(
      dueDates(plan({ terms, contract: inAutumn, asOf: '2026-11-10T09:00:00.000Z' }), 'meetings'),
    ).toHaveLength(3);
  });

  test('owes by months those of the months that had not passed when it was signed', () => {
    const byMonths = {
      ...terms,
      meetings: { ...terms.meetings, spread: 'months' as const, months: [2, 5, 8, 11] },
    };
    expect(dueDates(plan({ ...signedThen(), terms: byMonths }), 'meetings')).toEqual([
      'meeting-1 2027-11-15',
    ]);
    // Those of February, May and August are held where there is most room, that of November in its month.
    expect(dueDates(plan({ terms: byMonths, asOf }), 'meetings')).toEqual([
      'meeting-1 2027-09-30',
      'meeting-2 2027-10-15',
      'meeting-3 2027-11-15',
      'meeting-4 2027-12-09',
    ]);
  });

  test('with fewer open days left than meetings has the others due on the last one, where they are missed', () => {
    expect(dueDates(plan({ terms, asOf: '2027-12-28T15:00:00.000Z' }), 'meetings')).toEqual([
      'meeting-1 2027-12-29',
      'meeting-2 2027-12-30',
      'meeting-3 2027-12-30',
      'meeting-4 2027-12-30',
    ]);
  });

  test('has one meeting an hour: those for which no day is left are neither planned nor mailed about', () => {
    const year = plan({ terms, asOf: '2027-12-28T15:00:00.000Z' });
    const meetings = year.obligations.filter(({ strand }) => strand === 'meetings');
    expect(meetings.map(({ noDayLeft, notices }) => [noDayLeft, notices.length > 0])).toEqual([
      [undefined, true],
      [undefined, true],
      [true, false],
      [true, false],
    ]);
    const progress = { previous: year, closed: {} };
    expect(plan({ terms, asOf: '2027-12-28T16:00:00.000Z', progress }).obligations).toEqual(year.obligations);
  });

  test.each([
    ['days left before it', '2026-11-26T10:00:00.000Z', '2026-11-27', '2026-11-27'],
    ['one day left before it', '2026-11-16T10:00:00.000Z', '2026-11-17', '2026-11-18'],
    ['weeks left before it', '2026-10-20T10:00:00.000Z', '2026-10-23', '2026-10-26'],
    ['two days left of the year', '2026-11-30T10:00:00.000Z', '2026-12-01', '2026-12-01'],
  ])('has the kick-off no later than the first meeting: %s', (_what, at, kickoff, meeting) => {
    const contract = { ...exampleContract(), signedOn: '2025-11-20', startsOn: '2025-12-03' };
    const year = plan({ terms, contract, asOf: at });
    expect(obligation(year, 'meeting-1').dueOn).toBe(meeting);
    expect(obligation(year, 'start/consultant').dueOn).toBe(kickoff);
    expect(obligation(year, 'start/kickoff').dueOn).toBe(kickoff);
    const held = year.obligations.filter(({ strand, noDayLeft }) => strand === 'meetings' && !noDayLeft);
    expect(new Set(held.map(({ dueOn }) => dueOn)).size).toBe(held.length);
  });

  test('without a day for a meeting that is booked all the same has it at its hour', () => {
    const asOf = '2027-12-28T15:00:00.000Z';
    const booked = planBooked({ terms, asOf }, 'meeting-4', { on: '2027-12-30', time: '14:00' });
    expect(obligation(booked, 'meeting-4')).not.toHaveProperty('noDayLeft');
    expect(steps(obligation(booked, 'meeting-4'))).toHaveProperty('invite');
  });

  test('so late that no open day is left owes all that was promised, and mails of none of it', () => {
    for (const at of ['2027-12-30T12:00:00.000Z', '2028-06-01T12:00:00.000Z']) {
      const year = plan({ terms, asOf: at });
      const owed = year.obligations.filter(({ id }) => id !== 'close');
      expect(owed.map(({ id }) => id).sort()).toEqual([
        ...['meeting-1', 'meeting-2', 'meeting-3', 'meeting-4'],
        ...['start/consultant', 'start/kickoff', 'start/monitoring'],
        ...[
          'upgrade/approval',
          'upgrade/integrations',
          'upgrade/precheck',
          'upgrade/technical',
          'upgrade/test',
        ],
      ]);
      expect(owed.every(({ noDayLeft, notices }) => noDayLeft && notices.length === 0)).toBe(true);
    }
  });

  test('by a few seconds, as at the turn of the year, changes nothing', () => {
    const dates = (asOf: string) => plan({ terms, yearNumber: 2, asOf }).obligations;
    expect(dates('2027-12-31T23:00:07.000Z')).toEqual(dates('2027-12-31T23:00:00.000Z'));
  });
});
