import { localDateOf } from '../../rules/engine/calendar/calendar';
import { isoWeek } from '../../rules/engine/calendar/dates';
import type { YearPlan } from '../../rules/engine/plan/plan';
import type { Party } from '../../rules/engine/contract/contract';
import type {
  CalendarTerms,
  MeetingTerms,
  SupportTerms,
  Terms,
  UpgradeTerms,
} from '../../rules/engine/ruleset/terms';
import {
  bookingOf,
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

const withSupport = (changed: Partial<SupportTerms>): Terms => ({
  ...terms,
  support: { ...terms.support, ...changed },
});
const withCalendar = (changed: Partial<CalendarTerms>): Terms => ({
  ...terms,
  calendar: { ...terms.calendar, ...changed },
});
const withMeetings = (changed: Partial<MeetingTerms>): Terms => ({
  ...terms,
  meetings: { ...terms.meetings, ...changed },
});
const withUpgrade = (changed: Partial<UpgradeTerms>): Terms => ({
  ...terms,
  upgrade: { ...terms.upgrade, ...changed },
});
const dueOn = (year: YearPlan, strand: string): string[] =>
  year.obligations.filter((one) => one.strand === strand).map((one) => one.dueOn);

describe('days an agreement closes besides weekends and holidays ("om ej annat avtalas")', () => {
  test('have nothing due, no mail, and no announcement of the closed year', () => {
    const closedDays = [
      '2027-01-04',
      '2027-02-16',
      '2027-02-12',
      '2027-04-01',
      '2027-05-10',
      '2027-12-30',
      '2028-01-03',
    ];
    const year = plan({ terms: withSupport({ closedDays }) });
    const days = year.obligations
      .filter(({ id }) => id !== 'close')
      .flatMap((one) => [one.dueOn, ...[one.opensAt, ...one.notices.map(({ at }) => at)].map(localDateOf)]);
    expect(days.filter((day) => closedDays.includes(day))).toEqual([]);
    expect(year.announceAt).toBe('2028-01-10T07:30:00.000Z');
  });

  test.each([
    ['a meeting on one is held the day before', '2027-02-16', 'meeting-1', '2027-02-15'],
    ['a phase is as many open days long', '2027-05-05', 'upgrade/precheck', '2027-05-11'],
    ['a step of the start is owed as many open days later', '2027-01-07', 'start/consultant', '2027-01-13'],
    ['a statement goes out the day after', '2027-04-01', 'hours/statement-1', '2027-04-02'],
  ])('%s', (_what, closedDay, id, expected) => {
    expect(obligation(plan({ terms: withSupport({ closedDays: [closedDay] }) }), id).dueOn).toBe(expected);
  });

  test('do not count in the open days of reminders and escalations', () => {
    const year = plan({ terms: withSupport({ closedDays: ['2027-01-25', '2027-01-27'] }) });
    expect(steps(obligation(year, 'start/kickoff'))).toEqual({
      start: '2027-01-04T07:30',
      remind: '2027-01-22T07:30',
      escalate: '2027-02-02T07:30',
    });
  });
});

describe('half days', () => {
  const halfDays = ['2027-02-16', '2027-05-10'];

  test('have what is due by the time they close', () => {
    const year = plan({ terms: withSupport({ halfDays }) });
    expect(obligation(year, 'upgrade/precheck').dueAt).toBe('2027-05-10T10:00:00.000Z');
    expect(obligation(year, 'upgrade/integrations').dueAt).toBe('2027-05-21T14:30:00.000Z');
  });

  test.each([
    ['is held on one that closes after its end', '10:00', '12:00', '2027-02-16', '2027-02-16T09:00:00.000Z'],
    ['is held on one that closes at its end', '10:00', '11:30', '2027-02-16', '2027-02-16T09:00:00.000Z'],
    ['moves off one that closes before its end', '10:00', '11:29', '2027-02-15', '2027-02-15T09:00:00.000Z'],
    [
      'moves off one that closes before it begins',
      '13:00',
      '12:00',
      '2027-02-15',
      '2027-02-15T12:00:00.000Z',
    ],
  ])('a meeting %s', (_what, startTime, halfDayCloses, day, at) => {
    const year = plan({
      terms: {
        ...withSupport({ halfDays, halfDayCloses }),
        meetings: { ...terms.meetings, startTime },
      },
    });
    expect(obligation(year, 'meeting-1')).toMatchObject({ dueOn: day, dueAt: at });
  });
});

describe('days to keep clear, for what the terms say', () => {
  const weekOfMeeting = { avoidWeeks: [7] };
  const days = (year: YearPlan, id: string) =>
    obligation(year, id).notices.map(({ step, at }) => `${step} ${localDateOf(at)}`);

  test.each([
    ['meetings', ['meetings'], '2027-02-12'],
    ['upgrade', ['upgrade'], '2027-02-16'],
  ] as const)('a meeting keeps clear only if they are for meetings: %s', (_what, appliesTo, expected) => {
    const year = plan({ terms: withCalendar({ ...weekOfMeeting, appliesTo: [...appliesTo] }) });
    expect(obligation(year, 'meeting-1').dueOn).toBe(expected);
  });

  test('level Guld keeps Christmas clear also where it lies in week 53', () => {
    // 28 to 30 December 2026 are week 53, and with it all that is left of the year.
    const contract = exampleContract('testbolaget');
    const year = plan({
      contract: { ...contract, signedOn: '2026-11-20', startsOn: '2026-01-01' },
      terms,
      asOf: '2026-11-20T09:00:00.000Z',
    });
    const late = year.obligations.filter(
      ({ strand, dueOn }) => /meetings|upgrade/.test(strand) && dueOn >= '2026-12-21',
    );
    expect(late).toEqual([]);
  });

  test('the kick-off of a late start is not in Christmas weeks, unless the year has no other days', () => {
    const dueFrom = (asOf: string, startsOn: string, perYear = terms.meetings.perYear) => {
      const contract = { ...exampleContract('testbolaget'), signedOn: '2026-11-20', startsOn };
      const year = plan({ contract, terms: { ...terms, meetings: { ...terms.meetings, perYear } }, asOf });
      return year.obligations.filter(({ strand }) => strand === 'start').map(({ dueOn }) => dueOn);
    };
    // Fifteen open days after 3 December end on 29 December; weeks 52 and 53 do not count.
    expect(dueFrom('2026-12-03T20:00:00.000Z', '2026-06-01', 1)).toEqual([
      '2026-12-10',
      '2027-01-08',
      '2027-01-29',
    ]);
    // A first meeting just after Christmas has the kick-off before Christmas.
    expect(dueFrom('2026-12-03T20:00:00.000Z', '2026-06-01')).toEqual([
      '2026-12-10',
      '2026-12-18',
      '2027-01-29',
    ]);
    expect(dueFrom('2026-12-28T09:00:00.000Z', '2026-01-01')).toEqual([
      '2026-12-29',
      '2026-12-29',
      '2026-12-30',
    ]);
  });

  test('a step of the start keeps clear only if they are for the start', () => {
    const kickoff = (appliesTo: readonly ('start' | 'meetings')[]) =>
      obligation(
        plan({ terms: withCalendar({ avoidWeeks: [3], appliesTo: [...appliesTo] }) }),
        'start/kickoff',
      ).dueOn;
    expect([kickoff(['meetings']), kickoff(['start'])]).toEqual(['2027-01-26', '2027-02-02']);
  });

  test('what a re-plan finds in the past goes to the next open day outside them', () => {
    const contract = { ...exampleContract('testbolaget'), signedOn: '2026-01-10', startsOn: '2026-02-01' };
    const previous = plan({ contract, terms: withCalendar({}), asOf: '2026-02-01T09:00:00.000Z' });
    const sooner = {
      ...terms,
      meetings: { ...terms.meetings, spread: 'months' as const, months: [2, 5, 8, 10] },
    };
    const asOf = '2026-12-20T09:00:00.000Z';
    const again = plan({ contract, terms: sooner, asOf, progress: { previous, closed: {} } });
    const moved = again.obligations.filter(
      ({ id, wantedOn }) => /^meeting/.test(id) && wantedOn !== undefined,
    );
    expect(moved.map(({ dueOn }) => dueOn)).toEqual(['2027-01-04', '2027-01-05', '2027-01-07', '2027-01-08']);
  });

  test.each([
    [['upgrade'], '2027-05-14'],
    [['meetings'], '2027-05-10'],
  ] as const)('a phase keeps clear only if they are for the upgrade: %s', (appliesTo, expected) => {
    const year = plan({ terms: withCalendar({ avoidWeeks: [18], appliesTo: [...appliesTo] }) });
    expect(obligation(year, 'upgrade/precheck').dueOn).toBe(expected);
  });

  test.each([
    ['nothing', [], ['remind 2027-02-12', 'overdue 2027-02-18', 'escalate 2027-02-23']],
    ['reminders', ['reminders'], ['remind 2027-02-05', 'overdue 2027-02-18', 'escalate 2027-02-23']],
    ['escalations', ['escalations'], ['remind 2027-02-12', 'overdue 2027-03-01', 'escalate 2027-03-01']],
  ] as const)('%s: what comes round a meeting', (_what, appliesTo, expected) => {
    const avoiding = withCalendar({ avoidWeeks: [6, 7, 8], appliesTo: [...appliesTo] });
    const asked = ['invite 2027-01-13', 'blocks 2027-01-13'];
    const agenda = ['agenda 2027-02-11', 'agenda-consultant 2027-02-11'];
    expect(days(planBooked({ terms: avoiding }, 'meeting-1'), 'meeting-1').sort()).toEqual(
      [...asked, ...agenda, ...expected].sort(),
    );
    const [, ...chased] = expected;
    expect(days(plan({ terms: avoiding }), 'meeting-1')).toEqual([
      'call 2027-01-12',
      'book 2027-01-26',
      'book-escalate 2027-01-29',
      ...chased,
    ]);
  });

  test('what asks keeps its day, and so does what chases a booking', () => {
    const avoiding = withCalendar({ avoidWeeks: [2, 4, 6], appliesTo: ['reminders', 'escalations'] });
    expect(days(plan({ terms: avoiding }), 'meeting-1').slice(0, 3)).toEqual([
      'call 2027-01-12',
      'book 2027-01-26',
      'book-escalate 2027-01-29',
    ]);
    expect(days(planBooked({ terms: avoiding }, 'meeting-1'), 'meeting-1')).toEqual(
      expect.arrayContaining(['invite 2027-01-13', 'agenda 2027-02-11']),
    );
  });

  test('a reminder that could only come with the asking or before it stays on its day', () => {
    const year = planBooked(
      { terms: withCalendar({ avoidWeeks: [4, 5, 6], appliesTo: ['reminders'] }) },
      'meeting-1',
      { since: '2027-01-26T09:00:00.000Z' },
    );
    expect(days(year, 'meeting-1')).toContain('remind 2027-02-12');
  });

  test('a reminder before the agenda keeps clear like one after it, and one that would come with it is left out', () => {
    const reminded = (avoidWeeks: number[], daysBefore: number) => {
      const avoiding = withCalendar({ avoidWeeks, appliesTo: ['reminders'] });
      const meetings = { ...terms.meetings, reminders: [{ daysBefore, to: 'customer' as const }] };
      const year = planBooked({ terms: { ...avoiding, meetings } }, 'meeting-1');
      return days(year, 'meeting-1').filter((day) => day.startsWith('remind'));
    };
    expect(reminded([], 7)).toEqual(['remind 2027-02-09']);
    expect(reminded([6], 7)).toEqual(['remind 2027-02-05']);
    expect(reminded([], 5)).toEqual([]);
  });

  test('two reminders that would come on one day are one', () => {
    const reminders = [5, 4].map((daysBefore) => ({ daysBefore, to: 'customer' as const }));
    const avoiding = {
      ...withCalendar({ avoidWeeks: [6], appliesTo: ['reminders'] }),
      meetings: { ...terms.meetings, reminders },
    };
    const year = planBooked({ terms: avoiding }, 'meeting-1');
    expect(days(year, 'meeting-1').filter((day) => !/^(invite|blocks|agenda)/.test(day))).toEqual([
      'remind 2027-02-05',
      'overdue 2027-02-18',
      'escalate 2027-02-23',
    ]);
  });

  test('an escalation finds no day later than the last of the year', () => {
    const year = plan({
      terms: withCalendar({ avoidWeeks: [47, 48, 49, 50, 51, 52], appliesTo: ['escalations'] }),
    });
    expect(days(year, 'meeting-4').slice(3)).toEqual(['overdue 2027-11-18', 'escalate 2027-12-30']);
  });

  test('month-ends are kept clear like weeks', () => {
    const avoidMonthEnds = { openDaysBefore: 3, openDaysAfter: 2 };
    const year = plan({ terms: withCalendar({ avoidWeeks: [], avoidMonthEnds }) });
    const phases = year.obligations.filter(({ strand }) => strand === 'upgrade');
    expect(phases.map(({ dueOn: on }) => on)).toEqual([
      '2027-05-12',
      '2027-05-25',
      '2027-06-04',
      '2027-06-18',
      '2027-07-05',
    ]);
  });

  test('a re-plan in the middle of them changes nothing', () => {
    const avoiding = withCalendar({ avoidWeeks: [6, 7, 8] });
    const previous = planBooked({ terms: avoiding }, 'meeting-1');
    const meetings = previous.settled ?? {};
    expect(meetings['meeting-1']?.booked).toEqual(bookingOf(plan({ terms: avoiding }), 'meeting-1'));
    for (const day of ['02-05', '02-08', '02-10', '02-12', '02-19', '03-01', '03-02'])
      for (const time of ['07:29:59', '07:30:00', '07:30:01', '12:00:00']) {
        const asOf = `2027-${day}T${time}.000Z`;
        const next = plan({ terms: avoiding, asOf, progress: { previous, closed: {}, meetings } });
        expect([asOf, next]).toEqual([asOf, { ...previous, revision: 3 }]);
      }
  });

  test('what a re-plan newly keeps clear moves what is to come, and not what went out', () => {
    const before = { terms: withCalendar({ avoidWeeks: [] }) };
    const previous = planBooked(before, 'meeting-1');
    const booked = bookingOf(plan(before), 'meeting-1');
    const next = plan({
      terms: withCalendar({ avoidWeeks: [6, 7, 8], appliesTo: ['reminders', 'escalations'] }),
      asOf: '2027-02-09T12:00:00.000Z',
      progress: { previous, closed: {}, meetings: { 'meeting-1': { booked } } },
    });
    expect(days(next, 'meeting-1')).toEqual([
      'invite 2027-01-13',
      'blocks 2027-01-13',
      'agenda 2027-02-11',
      'agenda-consultant 2027-02-11',
      'remind 2027-02-12',
      'overdue 2027-03-01',
      'escalate 2027-03-01',
    ]);
  });
});

describe('meetings in given months', () => {
  const inMonths = (months: number[]) => withMeetings({ spread: 'months', months, perYear: months.length });

  test('fall near the middle of each', () => {
    expect(dueOn(plan({ terms: inMonths([1, 4, 6, 9]) }), 'meetings')).toEqual([
      '2027-01-15',
      '2027-04-15',
      '2027-06-15',
      '2027-09-15',
    ]);
  });

  test('count months of the agreement year', () => {
    const contract = { ...exampleContract(), startsOn: '2027-03-20' };
    expect(dueOn(plan({ terms: inMonths([1, 12]), contract }), 'meetings')).toEqual([
      '2027-04-05',
      '2028-03-06',
    ]);
  });

  test('keep clear of the weeks to avoid', () => {
    const [july] = dueOn(plan({ terms: inMonths([7]) }), 'meetings');
    expect([july, isoWeek(july ?? '')]).toEqual(['2027-07-09', 27]);
  });

  test.each([
    ['2027-03-20T12:00:00.000Z', ['2027-03-22', '2027-06-15', '2027-09-15']],
    ['2027-03-31T12:00:00.000Z', ['2027-06-15', '2027-09-15']],
    ['2027-11-02T12:00:00.000Z', []],
  ])('that had not passed when the contract was signed and the year planned, at %s', (asOf, expected) => {
    const signedThen = { ...exampleContract(), signedOn: asOf.slice(0, 10) };
    const year = plan({ terms: inMonths([1, 3, 6, 9]), contract: signedThen, asOf });
    expect(dueOn(year, 'meetings')).toEqual(expected);
  });

  test('stay where they are when planned again', () => {
    const previous = plan({ terms: inMonths([1, 3, 6, 9]), asOf: '2027-03-20T12:00:00.000Z' });
    const next = plan({
      terms: inMonths([1, 3, 6, 9]),
      asOf: '2027-08-01T12:00:00.000Z',
      progress: { previous, closed: {} },
    });
    expect(next).toEqual({ ...previous, revision: 2 });
  });
});

describe('the window of the upgrade', () => {
  const inWindow = (fromMonth: number, toMonth: number, asOf?: string) => {
    const phases = plan({
      terms: withUpgrade({ window: { fromMonth, toMonth } }),
      ...(asOf !== undefined && { asOf }),
    }).obligations.filter(({ strand }) => strand === 'upgrade');
    return [localDateOf(phases[0]?.opensAt ?? ''), phases.at(-1)?.dueOn, phases.some(({ late }) => late)];
  };

  test.each([
    ['with room enough begins in its first month', 5, 8, ['2027-05-03', '2027-06-16', false]],
    ['too narrow begins before it, to end within it', 5, 5, ['2027-04-15', '2027-05-31', false]],
    [
      'in the first month of the year begins on its first day, and ends later',
      1,
      1,
      ['2027-01-04', '2027-02-17', false],
    ],
  ])('%s', (_what, fromMonth, toMonth, expected) => {
    expect(inWindow(fromMonth, toMonth)).toEqual(expected);
  });

  test.each([
    ['that has passed begins at once', 2, 3, '2027-06-01T12:00:00.000Z', ['2027-06-02', '2027-08-13', true]],
    [
      'with too little left of it begins at once',
      5,
      5,
      '2027-04-27T12:00:00.000Z',
      ['2027-04-28', '2027-06-11', false],
    ],
  ])('in a year planned late, %s', (_what, fromMonth, toMonth, asOf, expected) => {
    expect(inWindow(fromMonth, toMonth, asOf)).toEqual(expected);
  });
});

test('lists of reminders and escalations reach every party under a name of its own', () => {
  const parties: Party[] = ['consultant', 'manager', 'support', 'customer'];
  const twice = [...parties, ...parties];
  const escalation = twice.map((to, index) => ({ openDaysAfter: index + 1, to }));
  const reminders = twice.map((to, index) => ({ daysBefore: 18 - index, to }));
  const all = withMeetings({ reminders, escalation, bookingEscalation: escalation });
  for (const year of [plan({ terms: all }), planBooked({ terms: all }, 'meeting-1')]) {
    const { notices } = obligation(year, 'meeting-1');
    expect(new Set(notices.map(({ step }) => step)).size).toBe(notices.length);
    for (const to of parties)
      expect(notices.filter((notice) => notice.to === to).length).toBeGreaterThanOrEqual(3);
  }
});
