import type { Instant } from '../../rules/engine/contract/contract';
import type { YearPlan } from '../../rules/engine/plan/plan';
import type { Terms } from '../../rules/engine/ruleset/terms';
import { bookingOf, fivePhases, guldTerms, obligation, plan, planBooked, steps } from './fixtures';

let terms: Terms;
let first: YearPlan;
beforeAll(async () => {
  terms = fivePhases(await guldTerms());
  first = plan({ terms });
});

const again = (
  asOf: Instant,
  closed: Record<string, Instant> = {},
  changed: Partial<Terms> = {},
  previous = first,
) => plan({ terms: { ...terms, ...changed }, asOf, progress: { previous, closed } });

const held = { 'meeting-1': '2027-02-16T10:00:00.000Z' };

describe('a re-plan', () => {
  test.each([
    '2026-12-10T12:00:00.000Z',
    '2027-01-04T07:30:00.000Z',
    '2027-03-10T12:00:00.000Z',
    '2027-12-29T12:00:00.000Z',
  ])('of unchanged terms at %s changes nothing but its number', (asOf) => {
    expect(again(asOf)).toEqual({ ...first, revision: 2 });
    expect(again(asOf, held)).toEqual({ ...first, revision: 2 });
  });

  test('of a year planned late changes nothing either', () => {
    const late = plan({ terms, asOf: '2027-09-15T12:00:00.000Z' });
    expect(again('2027-10-20T12:00:00.000Z', {}, {}, late)).toEqual({ ...late, revision: 2 });
  });

  test('copies what is closed and moves what is open', () => {
    const meetings = { ...terms.meetings, perYear: 6 };
    const next = again('2027-03-01T12:00:00.000Z', held, { meetings });
    expect(obligation(next, 'meeting-1')).toEqual(obligation(first, 'meeting-1'));
    expect(obligation(next, 'meeting-2')).toMatchObject({ dueOn: '2027-04-02', revision: 2, late: false });
    expect(obligation(next, 'meeting-6')).toMatchObject({ dueOn: '2027-12-02', revision: 1, late: false });
    expect(obligation(next, 'upgrade/test')).toEqual(obligation(first, 'upgrade/test'));
    expect(next.plannedFrom).toBe(first.plannedFrom);
  });

  test('puts one moved into the past on the next open day, late, and leaves it there', () => {
    const meetings = { ...terms.meetings, perYear: 6 };
    const next = again('2027-04-30T12:00:00.000Z', held, { meetings });
    expect(obligation(next, 'meeting-2')).toMatchObject({
      dueOn: '2027-05-03',
      revision: 2,
      late: true,
      wantedOn: '2027-04-02',
    });
    const later = again('2027-05-12T12:00:00.000Z', held, { meetings }, next);
    expect(obligation(later, 'meeting-2')).toEqual(obligation(next, 'meeting-2'));
  });

  test('moves it on where that day is closed in the end', () => {
    const meetings = { ...terms.meetings, perYear: 6 };
    const late = again('2027-04-30T12:00:00.000Z', held, { meetings });
    const support = { ...terms.support, closedDays: ['2027-05-03', '2027-05-04'] };
    const next = again('2027-04-30T13:00:00.000Z', held, { meetings, support }, late);
    expect(obligation(next, 'meeting-2')).toMatchObject({ dueOn: '2027-05-05', revision: 3, late: true });
    const later = again('2027-05-12T12:00:00.000Z', held, { meetings, support }, next);
    expect(obligation(later, 'meeting-2')).toEqual(obligation(next, 'meeting-2'));
  });

  test('gives meetings moved into the past a day each', () => {
    const meetings = { ...terms.meetings, perYear: 12 };
    const next = again('2027-04-20T12:00:00.000Z', held, { meetings });
    const days = next.obligations.filter(({ strand }) => strand === 'meetings').map(({ dueOn }) => dueOn);
    expect(new Set(days).size).toBe(12);
  });

  test('leaves one that is simply overdue as it is, whatever happens to its terms', () => {
    const meetings = {
      ...terms.meetings,
      reminders: [{ daysBefore: 5, to: 'customer' as const }],
      startTime: '13:00',
    };
    const next = again('2027-02-25T12:00:00.000Z', {}, { meetings });
    expect(obligation(next, 'meeting-1')).toEqual(obligation(first, 'meeting-1'));
    expect(obligation(next, 'meeting-2')).toMatchObject({ dueAt: '2027-05-18T11:00:00.000Z', revision: 2 });
  });

  test('mails again what it moved, from the next opening on', () => {
    const calendar = { ...terms.calendar, avoidWeeks: [7, ...terms.calendar.avoidWeeks] };
    const next = again('2027-02-01T12:00:00.000Z', {}, { calendar });
    expect(obligation(next, 'meeting-1')).toMatchObject({ dueOn: '2027-02-12', revision: 2 });
    expect(steps(obligation(next, 'meeting-1'))).toEqual({
      call: '2027-02-02T07:30',
      book: '2027-02-05T07:30',
      'book-escalate': '2027-02-10T07:30',
      overdue: '2027-02-22T07:30',
      escalate: '2027-02-22T07:30',
    });
  });

  test('keeps the time of mails that went out, and follows new terms for those that did not', () => {
    const meetings = {
      ...terms.meetings,
      inviteDaysBefore: 30,
      bookingEscalation: [...terms.meetings.bookingEscalation, { openDaysAfter: 15, to: 'manager' as const }],
    };
    const next = again('2027-02-01T12:00:00.000Z', {}, { meetings });
    expect(steps(obligation(next, 'meeting-1'))).toMatchObject({
      call: '2027-01-12T07:30',
      book: '2027-01-26T07:30',
      'book-escalate': '2027-01-29T07:30',
      'book-escalate-2': '2027-02-05T07:30',
    });
    expect(steps(obligation(next, 'meeting-2'))).toMatchObject({ book: '2027-04-16T06:30' });
  });

  test('keeps the time of mails about a booked meeting that went out, and follows new terms for the others', () => {
    const previous = planBooked({ terms }, 'meeting-1');
    const meetings = {
      ...terms.meetings,
      inviteDaysBefore: 30,
      agendaDaysBefore: 6,
      reminders: [{ daysBefore: 7, to: 'customer' as const }],
    };
    const next = plan({
      terms: { ...terms, meetings, notices: { ...terms.notices, holdMinutes: 60 } },
      asOf: '2027-02-01T12:00:00.000Z',
      progress: {
        previous,
        closed: {},
        meetings: { 'meeting-1': { booked: bookingOf(first, 'meeting-1') } },
      },
    });
    expect(steps(obligation(next, 'meeting-1'))).toEqual({
      invite: '2027-01-13T09:05',
      blocks: '2027-01-13T09:05',
      remind: '2027-02-09T07:30',
      agenda: '2027-02-10T07:30',
      'agenda-consultant': '2027-02-10T07:30',
      overdue: '2027-02-18T07:30',
      escalate: '2027-02-23T07:30',
    });
  });

  test('drops what the terms no longer ask for, but not what was done', () => {
    const meetings = { ...terms.meetings, perYear: 4 };
    const six = plan({ terms: { ...terms, meetings: { ...meetings, perYear: 6 } } });
    const closed = { 'meeting-1': '2027-01-29T12:00:00.000Z', 'meeting-6': '2027-02-01T12:00:00.000Z' };
    const next = again('2027-02-02T12:00:00.000Z', closed, { meetings }, six);
    const ids = next.obligations.filter(({ strand }) => strand === 'meetings').map(({ id }) => id);
    expect(ids.sort()).toEqual(['meeting-1', 'meeting-2', 'meeting-3', 'meeting-4', 'meeting-6']);
  });

  test('asks for no statements of months that have passed', () => {
    const hourBank = { ...terms.hourBank, statementsPerYear: 12 };
    const next = again(
      '2027-11-15T12:00:00.000Z',
      {
        'hours/statement-1': '2027-04-01T07:00:00.000Z',
        'hours/statement-2': '2027-07-01T07:00:00.000Z',
        'hours/statement-3': '2027-10-01T07:00:00.000Z',
      },
      { hourBank },
    );
    const statements = next.obligations.filter(({ strand }) => strand === 'hourBank').map(({ id }) => id);
    expect(statements).toEqual([
      'hours/statement-1',
      'hours/statement-2',
      'hours/statement-3',
      'hours/expiry',
      'hours/statement-11',
    ]);
  });
});

describe('a re-plan of the upgrade', () => {
  const dates = (of: YearPlan) =>
    of.obligations
      .filter(({ strand }) => strand === 'upgrade')
      .map(({ id, opensAt, dueOn, late, revision }) => [
        id.slice(8),
        opensAt.slice(0, 10),
        dueOn,
        late,
        revision,
      ]);

  test('after a phase closed late moves those that follow', () => {
    const closed = { 'upgrade/precheck': '2027-05-14T12:00:00.000Z' };
    expect(dates(again('2027-05-14T12:00:00.000Z', closed))).toEqual([
      ['precheck', '2027-05-03', '2027-05-10', false, 1],
      ['integrations', '2027-05-17', '2027-05-27', true, 2],
      ['technical', '2027-05-28', '2027-06-01', true, 2],
      ['test', '2027-06-02', '2027-06-15', true, 2],
      ['approval', '2027-06-16', '2027-06-22', true, 2],
    ]);
  });

  test('is stable afterwards', () => {
    const closed = { 'upgrade/precheck': '2027-05-14T12:00:00.000Z' };
    const second = again('2027-05-14T12:00:00.000Z', closed);
    expect(again('2027-05-20T12:00:00.000Z', closed, {}, second)).toEqual({ ...second, revision: 3 });
    const onTime = { ...closed, 'upgrade/integrations': '2027-05-27T12:00:00.000Z' };
    expect(dates(again('2027-05-27T13:00:00.000Z', onTime, {}, second))).toEqual(dates(second));
  });

  test('after a phase closed early moves nothing', () => {
    const closed = { 'upgrade/precheck': '2027-05-04T12:00:00.000Z' };
    expect(dates(again('2027-05-04T12:00:00.000Z', closed))).toEqual(dates(first));
  });

  test('after the system was upgraded early brings what follows at once, and leaves it there', () => {
    const closed = {
      'upgrade/precheck': '2027-05-10T12:00:00.000Z',
      'upgrade/integrations': '2027-05-21T12:00:00.000Z',
      'upgrade/technical': '2027-05-21T12:30:00.000Z',
    };
    const second = again('2027-05-21T12:30:00.000Z', closed);
    expect(dates(second).slice(3)).toEqual([
      ['test', '2027-05-24', '2027-06-04', false, 2],
      ['approval', '2027-06-07', '2027-06-11', false, 2],
    ]);
    for (const asOf of ['2027-05-27T12:00:00.000Z', '2027-06-24T12:00:00.000Z'])
      expect(dates(again(asOf, closed, {}, second))).toEqual(dates(second));
    const tested = { ...closed, 'upgrade/test': '2027-05-25T12:00:00.000Z' };
    expect(dates(again('2027-05-25T12:00:00.000Z', tested, {}, second))).toContainEqual([
      ...['approval', '2027-05-26', '2027-06-01', false, 3],
    ]);
    // A year that kept its days until it is planned again does not owe in the past what it can be asked for now.
    expect(dates(again('2027-05-26T12:00:00.000Z', closed))[3]?.slice(1, 4)).toEqual([
      ...['2027-05-27', '2027-06-09', false],
    ]);
  });

  test('that closed far too late still ends within the year', () => {
    const closed = { 'upgrade/precheck': '2027-12-15T12:00:00.000Z' };
    expect(dates(again('2027-12-15T12:00:00.000Z', closed)).map(([id, , dueOn]) => [id, dueOn])).toEqual([
      ['precheck', '2027-05-10'],
      ['integrations', '2027-12-16'],
      ['technical', '2027-12-17'],
      ['test', '2027-12-22'],
      ['approval', '2027-12-23'],
    ]);
  });

  test('moved to an earlier month begins on the next open day and goes on from there', () => {
    const upgrade = { ...terms.upgrade, window: { fromMonth: 2, toMonth: 8 } };
    expect(dates(again('2027-04-14T12:00:00.000Z', {}, { upgrade }))).toEqual([
      ['precheck', '2027-04-15', '2027-04-15', true, 2],
      ['integrations', '2027-04-16', '2027-04-28', true, 2],
      ['technical', '2027-04-29', '2027-05-03', true, 2],
      ['test', '2027-05-04', '2027-05-18', true, 2],
      ['approval', '2027-05-19', '2027-05-25', true, 2],
    ]);
  });
});
