import fc from 'fast-check';
import { instantAt, isOpenDay, localDateOf } from '../../rules/engine/calendar/calendar';
import { addDays, daysBetween } from '../../rules/engine/calendar/dates';
import type { YearPlan } from '../../rules/engine/plan/plan';
import { closedDaysOf } from '../../rules/engine/terms/support-hours';
import type { Party } from '../../rules/engine/contract/contract';
import type { Terms } from '../../rules/engine/ruleset/terms';
import { exampleContract, fivePhases, guldTerms, plan } from './fixtures';

let terms: Terms;
beforeAll(async () => {
  terms = fivePhases(await guldTerms());
});

const startsOn = fc.integer({ min: 0, max: 7 * 365 }).map((days) => addDays('2026-01-01', days));
const perYear = fc.integer({ min: 4, max: 12 });
const startsInMonth = fc.integer({ min: 1, max: 12 });

const termsWith = (meetings: number, month: number): Terms => ({
  ...terms,
  meetings: { ...terms.meetings, perYear: meetings },
  upgrade: { ...terms.upgrade, window: { fromMonth: month, toMonth: 12 } },
});

/**
 * What holds for every plan, whenever it was made. Thousands of facts are collected and expected at once: a call of
 * `expect` for each takes longer than to make the plans.
 */
function expectSound(year: YearPlan, under = terms, asOf = ''): void {
  const closed = closedDaysOf(under.support);
  const wrong: unknown[] = [];
  const holds = (fact: boolean, ...about: unknown[]): void => void (fact || wrong.push(about));
  for (const { id, dueOn, dueAt, opensAt, notices } of year.obligations) {
    if (id === 'close') continue;
    holds(isOpenDay(dueOn, closed), id, dueOn, 'is open');
    holds(dueOn >= year.from && dueOn < year.to, id, dueOn, 'is within the year');
    holds(localDateOf(dueAt) === dueOn, id, dueAt, 'is on', dueOn);
    holds(opensAt <= dueAt, id, opensAt, 'is not after', dueAt);
    const instants = notices.map(({ at }) => at);
    holds(inOrder(instants), id, instants, 'are in order');
    holds(new Set(notices.map(({ step }) => step)).size === notices.length, id, 'has each step once');
    for (const { step, at } of notices) {
      holds(at >= year.startsAt && at < year.endsAt, id, step, at, 'is within the year');
      if (at >= asOf) holds(isOpenDay(localDateOf(at), closed), id, step, at, 'is on an open day');
      holds(at === instantAt(localDateOf(at), '08:30'), id, step, at, 'is at 08:30');
      holds(
        at > dueAt === /^(overdue|escalate)/.test(step),
        id,
        step,
        at,
        'is after',
        dueAt,
        'if it is late',
      );
    }
  }
  // Phases that share a day follow one another, whatever they are called.
  const dates = year.obligations.map(
    ({ dueOn, strand, id }) => `${dueOn} ${strand === 'upgrade' ? strand : id}`,
  );
  holds(inOrder(dates), dates, 'are in order');
  expect(wrong).toEqual([]);
}

const inOrder = (texts: readonly string[]): boolean =>
  texts.every((text, index) => index === 0 || texts[index - 1]! <= text);

const meetingDays = (year: YearPlan) =>
  year.obligations.filter(({ strand }) => strand === 'meetings').map(({ dueOn }) => dueOn);

test('any year owes nothing on a closed day, and its mails are in order and within the year', () => {
  fc.assert(
    fc.property(
      startsOn,
      perYear,
      startsInMonth,
      fc.integer({ min: 1, max: 4 }),
      (start, meetings, month, yearNumber) => {
        const contract = { ...exampleContract(), startsOn: start };
        const year = plan({
          terms: termsWith(meetings, month),
          contract,
          yearNumber,
          asOf: '2025-12-01T12:00:00.000Z',
        });
        expectSound(year);
        expect(meetingDays(year)).toHaveLength(meetings);
        expect(year.obligations.filter(({ late }) => late)).toEqual([]);
      },
    ),
    { numRuns: 100 },
  );
});

test('any year’s meetings are evenly spread: none further from its place than the weeks to avoid push it', () => {
  fc.assert(
    fc.property(startsOn, fc.integer({ min: 4, max: 6 }), (start, meetings) => {
      const contract = { ...exampleContract(), startsOn: start };
      const days = meetingDays(
        plan({ terms: termsWith(meetings, 5), contract, asOf: '2025-12-01T12:00:00.000Z' }),
      );
      const ideal = 365 / meetings;
      days.slice(1).forEach((day, index) => {
        const gap = daysBetween(days[index] ?? day, day);
        expect(Math.abs(gap - ideal)).toBeLessThanOrEqual(21);
      });
    }),
    { numRuns: 100 },
  );
});

test('any year planned late starts from the day of planning, is as sound, and owes all that was signed', () => {
  fc.assert(
    fc.property(
      startsOn,
      perYear,
      fc.integer({ min: 0, max: 370 * 24 }),
      fc.integer({ min: -30, max: 370 }),
      fc.constantFrom('even' as const, 'months' as const),
      (start, meetings, hours, signedAfter, spread) => {
        const asOf = new Date(Date.parse(start) + hours * 3_600_000).toISOString();
        const entered = localDateOf(asOf);
        const signedOn = [addDays(start, signedAfter), entered].sort()[0]!;
        const under = termsWith(meetings, 5);
        const months = Array.from({ length: meetings }, (_, index) => index + 1);
        const year = plan({
          terms: { ...under, meetings: { ...under.meetings, spread, months } },
          contract: { ...exampleContract(), startsOn: start, signedOn },
          asOf,
        });
        expectSound(year);
        const mails = year.obligations.flatMap(({ notices }) => notices);
        expect(mails.filter(({ at }) => at < asOf)).toEqual([]);
        const days = meetingDays(year);
        if (days.length === 0) return;
        // Where fewer open days than meetings are left, the rest are due on the last one, and cannot be held.
        const held = year.obligations.filter((one) => one.strand === 'meetings' && !one.noDayLeft);
        expect(new Set(held.map(({ dueAt }) => dueAt)).size).toBe(held.length);
        expect(held).toHaveLength(Math.min(days.length, daysLeft(asOf, year)));
        const last = days.at(-1)!;
        const distinct = new Set(held.map(({ dueOn }) => dueOn)).size;
        if (distinct < days.length) expect(daysLeft(asOf, year)).toBe(distinct);
        else expect(days.filter((day) => day === last)).toHaveLength(1);
        if (signedOn <= start) expect(days).toHaveLength(meetings);
      },
    ),
    { numRuns: 200 },
  );
});

/** How many days of the year are left on which a mail can still go out. */
function daysLeft(asOf: string, { to }: YearPlan): number {
  let count = 0;
  for (let day = localDateOf(asOf); day < to; day = addDays(day, 1))
    if (isOpenDay(day) && instantAt(day, '08:30') >= asOf) count += 1;
  return count;
}

const days = fc.uniqueArray(
  fc.integer({ min: 0, max: 400 }).map((after) => addDays('2027-01-01', after)),
  { maxLength: 40 },
);
const party = fc.constantFrom(
  'consultant' as const,
  'manager' as const,
  'support' as const,
  'customer' as const,
);
const sorted = (ascending: number) => (numbers: number[]) => numbers.sort((a, b) => ascending * (a - b));
const listOf = <T>(maximum: number, ascending: number, entry: (days: number, to: Party) => T) =>
  fc
    .tuple(
      fc.array(fc.integer({ min: 1, max: maximum }), { maxLength: 4 }).map(sorted(ascending)),
      fc.array(party, { minLength: 4, maxLength: 4 }),
    )
    .map(([numbers, to]) => numbers.map((number, index) => entry(number, to[index] ?? 'manager')));
const escalation = listOf(15, 1, (openDaysAfter, to) => ({ openDaysAfter, to }));

/** Terms in which everything that moves a date takes any value. */
const anyTerms: fc.Arbitrary<Terms> = fc
  .record({
    months: fc.option(
      fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 4, maxLength: 12 }).map(sorted(1)),
      { nil: undefined },
    ),
    window: fc
      .tuple(startsInMonth, startsInMonth)
      .map((both) => ({ fromMonth: Math.min(...both), toMonth: Math.max(...both) })),
    minimumOpenDays: fc.integer({ min: 1, max: 10 }),
    reminders: listOf(20, -1, (daysBefore, to) => ({ daysBefore, to })),
    escalation,
    bookingEscalation: escalation,
    support: fc.record({
      closedDays: days,
      halfDays: days,
      halfDayCloses: fc.constantFrom('10:30', '12:00'),
    }),
    calendar: fc.record({
      avoidWeeks: fc.uniqueArray(fc.integer({ min: 1, max: 53 }), { maxLength: 30 }),
      avoidMonthEnds: fc.record({
        openDaysBefore: fc.integer({ min: 0, max: 10 }),
        openDaysAfter: fc.integer({ min: 0, max: 10 }),
      }),
      appliesTo: fc.subarray([
        'meetings' as const,
        'upgrade' as const,
        'reminders' as const,
        'escalations' as const,
      ]),
    }),
  })
  .map(
    ({
      months,
      window,
      minimumOpenDays,
      reminders,
      support,
      calendar,
      bookingEscalation,
      escalation: steps,
    }) => ({
      ...terms,
      meetings: {
        ...terms.meetings,
        ...(months ? { spread: 'months', months, perYear: months.length } : {}),
        reminders,
        escalation: steps,
        bookingEscalation,
      },
      upgrade: {
        ...terms.upgrade,
        window,
        phases: { ...terms.upgrade.phases, test: { owner: 'customer', openDays: 10, minimumOpenDays } },
        escalation: steps,
      },
      support: { ...terms.support, ...support },
      calendar,
    }),
  );

test('whatever the terms say, a plan is sound on the days the agreement is open, and planned again it is the same', () => {
  fc.assert(
    fc.property(
      anyTerms,
      anyTerms,
      fc.integer({ min: -31, max: 360 }),
      fc.integer({ min: 0, max: 360 * 24 * 60 }),
      fc.boolean(),
      (before, after, plannedOn, minutes, change) => {
        const firstAsOf = new Date(
          Date.parse('2027-01-01T12:00:00.000Z') + plannedOn * 86_400_000,
        ).toISOString();
        const first = plan({ terms: before, asOf: firstAsOf });
        expectSound(first, before);
        const asOf = new Date(Date.parse(firstAsOf) + minutes * 60_000).toISOString();
        const again = plan({ terms: before, asOf, progress: { previous: first, closed: {} } });
        if (asOf < first.endsAt) expect(again).toEqual({ ...first, revision: 2 });
        if (!change) return;
        const changed = plan({ terms: after, asOf, progress: { previous: first, closed: {} } });
        expectSound(
          { ...changed, obligations: changed.obligations.filter(({ dueAt }) => dueAt >= asOf) },
          after,
          asOf,
        );
        expect(plan({ terms: after, asOf, progress: { previous: changed, closed: {} } })).toEqual({
          ...changed,
          revision: 3,
        });
      },
    ),
    { numRuns: 150 },
  );
});

test('any re-plan keeps what is closed, is sound in what is open, and a second one changes nothing', () => {
  const day = fc.integer({ min: 0, max: 355 });
  fc.assert(
    fc.property(
      perYear,
      startsInMonth,
      perYear,
      startsInMonth,
      day,
      (meetings, month, newMeetings, newMonth, after) => {
        const previous = plan({ terms: termsWith(meetings, month) });
        const asOf = new Date(Date.parse('2027-01-01T12:00:00.000Z') + after * 86_400_000).toISOString();
        const closed = Object.fromEntries(
          previous.obligations.filter(({ dueAt }) => dueAt < asOf).map(({ id, dueAt }) => [id, dueAt]),
        );
        const input = { terms: termsWith(newMeetings, newMonth), asOf };
        const next = plan({ ...input, progress: { previous, closed } });
        for (const one of previous.obligations)
          if (closed[one.id] !== undefined) expect(next.obligations).toContainEqual(one);
        expectSound({ ...next, obligations: next.obligations.filter(({ dueAt }) => dueAt >= asOf) });
        expect(plan({ ...input, progress: { previous: next, closed } })).toEqual({ ...next, revision: 3 });
      },
    ),
    { numRuns: 100 },
  );
});
