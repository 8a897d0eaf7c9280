import fc from 'fast-check';
import { periodOf, yearNumberOn } from '../../rules/engine/calendar/agreement-period';
import { instantAt, isOpenDay, localDateOf } from '../../rules/engine/calendar/calendar';
import { addDays } from '../../rules/engine/calendar/dates';
import type { Contract, Instant, LocalDate } from '../../rules/engine/contract/contract';
import type { Obligation, YearPlan } from '../../rules/engine/plan/plan';
import type { PlanInput } from '../../rules/engine/plan/plan-context';
import { planYear } from '../../rules/engine/plan/plan-year';
import { closedDaysOf } from '../../rules/engine/terms/support-hours';
import type { TakeOver } from '../../rules/engine/plan/take-over';
import { planTakenOver, upgradeBegunOn } from '../../rules/engine/plan/take-over';
import type { Terms } from '../../rules/engine/ruleset/terms';
import { digestReaders, planDigests } from '../../rules/engine/plan/plan-digests';
import { exampleContract, fivePhases, guldTerms, obligation, plan, steps, withoutDigests } from './fixtures';

let terms: Terms;
beforeAll(async () => {
  terms = withoutDigests(fivePhases(await guldTerms()));
});

/** Testbolaget as if it had begun elsewhere on 1 January 2027, taken over on the first Monday of month seven. */
const asOf = '2027-07-05T09:00:00.000Z';

function input(changed: Partial<PlanInput> = {}): PlanInput {
  return { contract: exampleContract(), terms, yearNumber: 1, asOf, rulesetHash: 'hash', ...changed };
}
const inTime = (of: PlanInput): YearPlan =>
  planYear({ ...of, asOf: instantAt(periodOf(of.contract.startsOn, of.yearNumber).from, '00:00') });
const told: TakeOver = { meetingsHeld: ['2027-02-18', '2027-05-11'], upgrade: 'done' };

const open = ({ obligations, takenOver }: YearPlan): Obligation[] =>
  obligations.filter(({ id }) => takenOver?.closed[id] === undefined);
const how = (year: YearPlan): Record<string, string> =>
  Object.fromEntries(Object.entries(year.takenOver?.closed ?? {}).map(([id, one]) => [id, one.how]));

describe('an agreement taken over in month seven', () => {
  it('has behind it what was told and what had passed, and owes the rest', () => {
    const year = planTakenOver(input(), told);
    expect(how(year)).toMatchInlineSnapshot(`
     {
       "hours/statement-1": "passed",
       "hours/statement-2": "passed",
       "meeting-1": "told",
       "meeting-2": "told",
       "start/consultant": "passed",
       "start/kickoff": "passed",
       "start/monitoring": "passed",
       "upgrade/approval": "told",
       "upgrade/integrations": "told",
       "upgrade/precheck": "told",
       "upgrade/technical": "told",
       "upgrade/test": "told",
     }
    `);
    expect(open(year).map(({ id, dueOn }) => `${dueOn} ${id}`)).toMatchInlineSnapshot(`
     [
       "2027-08-17 meeting-3",
       "2027-09-03 renewal/notice",
       "2027-10-01 hours/statement-3",
       "2027-11-02 hours/expiry",
       "2027-11-16 meeting-4",
       "2028-01-01 close",
     ]
    `);
  });

  it('is a first plan, without a welcome, and without a mail for anything behind it', () => {
    const year = planTakenOver(input(), told);
    expect(year).toMatchObject({ revision: 1, plannedFrom: year.startsAt });
    expect(year).not.toHaveProperty('welcome');
    for (const { id, notices } of year.obligations)
      if (id in how(year)) expect([id, notices]).toEqual([id, []]);
  });

  it('keeps the ordinary day of what is open, although meetings were held far from theirs', () => {
    const early = planTakenOver(input(), { ...told, meetingsHeld: ['2027-01-05', '2027-01-19'] });
    const ordinary = inTime(input());
    for (const { id, dueOn } of open(early))
      expect([id, dueOn]).toEqual([id, obligation(ordinary, id).dueOn]);
    expect(early.settled).toEqual({
      'meeting-1': { heldOn: '2027-01-05' },
      'meeting-2': { heldOn: '2027-01-19' },
    });
  });

  it('counts a meeting whose day has passed as passed where it was not told', () => {
    expect(how(planTakenOver(input(), {}))).toMatchObject({ 'meeting-1': 'passed', 'meeting-2': 'passed' });
    expect(how(planTakenOver(input(), { meetingsHeld: ['2027-05-11'] }))).toMatchObject({
      'meeting-1': 'told',
      'meeting-2': 'passed',
    });
  });

  it('owes no meeting more when more were held than are promised', () => {
    const held = ['2027-01-12', '2027-02-09', '2027-03-09', '2027-04-13', '2027-05-11'];
    const year = planTakenOver(input(), { ...told, meetingsHeld: held });
    expect(open(year).filter(({ strand }) => strand === 'meetings')).toEqual([]);
    expect(year.takenOver?.meetings).toMatchObject({ 'meeting-4': '2027-04-13' });
  });

  it('calls a meeting at the next opening whose call has passed, and asks after it with time to act', () => {
    const [call, meeting] = ['2027-07-14', obligation(inTime(input()), 'meeting-3')];
    expect(call < meeting.dueOn && (steps(meeting).call ?? '') < call).toBe(true);
    const year = planTakenOver(input({ asOf: `${call}T09:00:00.000Z` }), told);
    const late = obligation(year, 'meeting-3');
    expect(late).toMatchObject({ dueOn: meeting.dueOn, late: false, revision: 1 });
    expect(steps(late).call).toBe('2027-07-15T06:30');
    expect((steps(late).book ?? '9') >= '2027-07-20').toBe(true);
  });
});

describe('the upgrade of an agreement taken over', () => {
  const phases = (year: YearPlan): Obligation[] =>
    year.obligations.filter(({ strand }) => strand === 'upgrade');

  it('says since when it should have begun, and nothing before', () => {
    const [first] = phases(inTime(input()));
    expect(upgradeBegunOn(input())).toBe(localDateOf(first!.opensAt));
    expect(upgradeBegunOn(input({ asOf: '2027-03-01T09:00:00.000Z' }))).toBeUndefined();
  });

  it('is laid out from the next open day where it should have been under way, each phase with its time', () => {
    const year = planTakenOver(input(), { upgrade: 'open' });
    const lengths = Object.fromEntries(phases(inTime(input())).map(({ id }, index) => [id, index]));
    expect(phases(year).map(({ id }) => id)).toEqual(Object.keys(lengths));
    expect(phases(year).map(({ late }) => late)).toEqual(phases(year).map(() => true));
    const [first, second] = phases(year);
    expect(first!.opensAt).toBe('2027-07-06T06:30:00.000Z');
    expect(first!.dueOn > '2027-07-06' && second!.opensAt > first!.dueAt).toBe(true);
    expect(steps(first!).start).toBe('2027-07-06T06:30');
  });

  it('stays where it was laid out when the year is planned again', () => {
    const year = planTakenOver(input(), { upgrade: 'open' });
    const closed = Object.fromEntries(
      Object.entries(year.takenOver!.closed).map(([id, { at }]) => [id, at] as const),
    );
    const later = '2027-07-06T05:00:00.000Z';
    const again = planYear(input({ asOf: later, progress: { previous: year, closed } }));
    expect(again).toEqual({ ...year, revision: 2 });
  });

  it('begins on its ordinary day where that is still to come', () => {
    const early = input({ asOf: '2027-03-01T09:00:00.000Z' });
    expect(phases(planTakenOver(early, {}))).toEqual(phases(inTime(early)));
  });
});

describe('rolled hours of an agreement taken over', () => {
  const lapsing = (): Terms => ({
    ...terms,
    hourBank: { ...terms.hourBank, rollover: { ...terms.hourBank.rollover, expiresAfterMonths: 6 } },
  });
  const second = (day: Instant): PlanInput =>
    input({
      terms: lapsing(),
      contract: { ...exampleContract(), startsOn: '2026-01-01' },
      yearNumber: 2,
      asOf: day,
    });

  it('have lapsed from their day on, and lapse on it before', () => {
    expect(how(planTakenOver(second('2027-06-30T22:00:00.000Z'), told))).toMatchObject({
      'hours/lapse': 'passed',
    });
    const before = planTakenOver(second('2027-06-30T21:59:00.000Z'), told);
    expect(how(before)).not.toHaveProperty('hours/lapse');
    expect(obligation(before, 'hours/lapse').dueOn).toBe('2027-07-01');
  });
});

const startsOn = fc.integer({ min: 0, max: 5 * 365 }).map((days) => addDays('2024-01-01', days));
const hoursOn = fc.integer({ min: 1, max: 4 * 365 * 24 });

interface Case {
  of: PlanInput;
  takeOver: TakeOver;
}

/** Any contract under terms of any shape, on any day of any year, with anything that can be told. */
const anyCase: fc.Arbitrary<Case> = fc
  .record({
    startsOn,
    hours: hoursOn,
    perYear: fc.integer({ min: 4, max: 12 }),
    month: fc.integer({ min: 1, max: 12 }),
    statements: fc.constantFrom(1, 2, 4, 12),
    expires: fc.constantFrom(3, 6, 12),
    digests: fc.constantFrom('never' as const, 'weekly' as const, 'monthly' as const),
    held: fc.uniqueArray(fc.integer({ min: 0, max: 365 }), { maxLength: 6 }),
    upgrade: fc.constantFrom('done' as const, 'open' as const, undefined),
    integrations: fc.integer({ min: 0, max: 3 }),
  })
  .map(
    ({
      startsOn: start,
      hours,
      perYear,
      month,
      statements,
      expires,
      digests,
      held,
      upgrade,
      integrations,
    }) => {
      const instant = new Date(Date.parse(instantAt(start, '00:00')) + hours * 3_600_000).toISOString();
      const today = localDateOf(instant);
      const yearNumber = yearNumberOn(start, today);
      const { from } = periodOf(start, yearNumber);
      const contract: Contract = {
        ...exampleContract(),
        startsOn: start,
        integrations: Array.from({ length: integrations }, (_, index) => ({
          id: `i-${index}`,
          name: 'Integration',
          owner: 'supplier' as const,
        })),
      };
      const under: Terms = {
        ...terms,
        meetings: { ...terms.meetings, perYear },
        upgrade: { ...terms.upgrade, window: { fromMonth: month, toMonth: 12 } },
        hourBank: {
          ...terms.hourBank,
          statementsPerYear: statements,
          rollover: { ...terms.hourBank.rollover, expiresAfterMonths: expires },
        },
        notices: { ...terms.notices, digests: { consultant: digests, manager: digests } },
      };
      const days = held.map((after) => addDays(from, after)).filter((day: LocalDate) => day <= today);
      return {
        of: { contract, terms: under, yearNumber, asOf: instant, rulesetHash: 'hash' },
        takeOver: { meetingsHeld: days, ...(upgrade && { upgrade }) },
      };
    },
  );

test('whatever is taken over, on whatever day: all of the year is behind or open, and no mail comes from the past', () => {
  fc.assert(
    fc.property(anyCase, ({ of, takeOver }) => {
      const year = planTakenOver(of, takeOver);
      const ordinary = inTime(of);
      const closedDays = closedDaysOf(of.terms.support);
      expect(year.obligations.map(({ id }) => id).sort()).toEqual(
        ordinary.obligations.map(({ id }) => id).sort(),
      );
      expect(year).not.toHaveProperty('welcome');
      // All facts are expected at once: it is faster.
      const wrong: unknown[] = [];
      const holds = (fact: boolean, ...about: unknown[]): void => void (fact || wrong.push(about));
      const behind = year.takenOver!.closed;
      for (const [id, { at }] of Object.entries(behind)) {
        holds(at <= of.asOf, id, at, 'is past');
        const { notices } = obligation(year, id);
        holds(notices.length === 0, id, notices, 'are none');
      }
      for (const { id, strand, dueOn, notices } of open(year)) {
        const moves = strand === 'upgrade' && year.takenOver?.upgradeFrom !== undefined;
        if (!moves) holds(dueOn === obligation(ordinary, id).dueOn, id, dueOn, 'is as ordinary');
        for (const { step, at } of notices) {
          holds(at >= of.asOf && at < year.endsAt, id, step, at, 'is ahead, within the year');
          holds(isOpenDay(localDateOf(at), closedDays), id, step, at, 'is on an open day');
        }
      }
      for (const { at } of digestReaders.flatMap((reader) =>
        planDigests({ from: year.from, to: year.to, since: year.takenOver!.at, terms: of.terms }, reader),
      ))
        holds(at >= of.asOf, 'digest', at, 'is ahead');
      expect(wrong).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

test('planned again at once, or later with nothing done, whatever was taken over stays as it was', () => {
  fc.assert(
    fc.property(anyCase, fc.integer({ min: 0, max: 60 * 24 }), ({ of, takeOver }, hoursLater) => {
      const year = planTakenOver(of, takeOver);
      const asOfLater = new Date(Date.parse(of.asOf) + hoursLater * 3_600_000).toISOString();
      if (asOfLater >= year.endsAt) return;
      const closed = Object.fromEntries(
        Object.entries(year.takenOver!.closed).map(([id, { at }]) => [id, at] as const),
      );
      const meetings = { meetings: year.settled ?? {} };
      const again = planYear({ ...of, asOf: asOfLater, progress: { previous: year, closed, ...meetings } });
      expect(again.takenOver).toEqual(year.takenOver);
      expect(again).not.toHaveProperty('welcome');
      for (const one of year.obligations) {
        const now = again.obligations.find(({ id }) => id === one.id);
        if (now === undefined) continue;
        expect([one.id, now.dueOn, now.revision]).toEqual([one.id, one.dueOn, one.revision]);
        if (one.id in closed) expect(now).toEqual(one);
      }
    }),
    { numRuns: 150 },
  );
});

test('a year signed in time and one that is taken over on its first morning owe the same, but for the start', () => {
  const morning = input({ asOf: '2027-01-01T06:00:00.000Z' });
  const mails = (year: YearPlan): Record<string, Record<string, string>> =>
    Object.fromEntries(open(year).flatMap((one) => (one.strand === 'start' ? [] : [[one.id, steps(one)]])));
  expect(mails(planTakenOver(morning, {}))).toEqual(mails(plan({ terms })));
});
