/** Support's hours against the simplest model: minute by minute, by what the clock on the wall shows. */
import fc from 'fast-check';
import { supportInstantAfter, supportMinutesBetween } from '../../rules/engine/monitoring/act-time';
import type { SupportHours, SupportTerms } from '../../rules/engine/ruleset/terms';
import { lastOpening, nextSupportInstant, openingAfter } from '../../rules/engine/terms/support-hours';

/** Days around both changes of the clock, Easter and Christmas. */
const windows = [
  ['2027-03-24', 8],
  ['2027-10-28', 7],
  ['2027-12-22', 8],
] as const;
const holidays = ['2027-03-26', '2027-03-28', '2027-03-29', '2027-12-24', '2027-12-25', '2027-12-26'];
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const minute = 60_000;

/** A minute, and what a clock in Sweden shows then. */
interface Minute {
  at: number;
  date: string;
  time: string;
}

const clock = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Stockholm',
  dateStyle: 'short',
  timeStyle: 'short',
});

function minutesOf(first: string, days: number): Minute[] {
  const start = Date.parse(`${first}T00:00Z`) - 2 * 60 * minute;
  return Array.from({ length: (days + 1) * 1440 }, (_, index) => {
    const at = start + index * minute;
    const [date = '', time = ''] = clock.format(at).split(' ');
    return { at, date, time };
  });
}

const dayAfter = (date: string): string =>
  new Date(Date.parse(date) + 1440 * minute).toISOString().slice(0, 10);

function beginsOn(date: string, { days }: SupportHours, { closedDays }: SupportTerms): boolean {
  const weekday = weekdays[new Date(date).getUTCDay()]!;
  const isHoliday = holidays.includes(date) || closedDays.includes(date);
  if (days === 'all') return true;
  if (days === 'open') return !isHoliday && weekday !== 'sat' && weekday !== 'sun';
  return days.some((day) => day === (isHoliday ? 'holidays' : weekday));
}

/** For every minute whether support is open. Hours of days before the minutes given are left out. */
function openMinutes(minutes: readonly Minute[], support: SupportTerms): boolean[] {
  const open = minutes.map(() => false);
  const list = support.hours ?? [{ days: 'open' as const, from: support.opens, to: support.closes }];
  for (const date of new Set(minutes.map((each) => each.date)))
    for (const hours of list) {
      if (!beginsOn(date, hours, support)) continue;
      const isHalf = hours.days !== 'all' && support.halfDays.includes(date);
      const staysWithin = hours.from < hours.to && hours.to <= support.halfDayCloses;
      const to = isHalf && !staysWithin ? support.halfDayCloses : hours.to;
      if (isHalf && hours.from >= to) continue;
      const endsOn = hours.from < to ? date : dayAfter(date);
      const begins = minutes.findIndex((each) => each.date === date && each.time >= hours.from);
      const shows = minutes.findLastIndex((each) => each.date === endsOn && each.time === to);
      const skips = minutes.findIndex(
        (each) => each.date > endsOn || (each.date === endsOn && each.time > to),
      );
      const ends = shows >= 0 ? shows : skips >= 0 ? skips : minutes.length;
      if (begins >= 0) open.fill(true, begins, Math.max(begins, ends));
    }
  return open;
}

const times = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom('00', '15', '30', '59'))
  .map(([hour, rest]) => `${String(hour).padStart(2, '0')}:${rest}`);
const night = fc.constantFrom('00:00', '01:30', '02:00', '02:30', '03:00', '22:00');
const oneDay = fc.constantFrom('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun', 'holidays');
const hours: fc.Arbitrary<SupportHours> = fc
  .record({
    days: fc.oneof(
      fc.constantFrom('open' as const, 'all' as const),
      fc.uniqueArray(oneDay, { minLength: 1, maxLength: 8 }),
    ),
    from: fc.oneof(times, night),
    to: fc.oneof(times, night, fc.constant('24:00')),
  })
  .filter(({ from, to }) => from !== to) as fc.Arbitrary<SupportHours>;

/** The window, terms, and a beginning and a later minute within it. */
const worlds = fc.constantFrom(...windows).chain(([first, days]) => {
  const dates = Array.from({ length: days }, (_, index) =>
    new Date(Date.parse(first) + index * 1440 * minute).toISOString().slice(0, 10),
  );
  const support: fc.Arbitrary<SupportTerms> = fc.record(
    {
      opens: fc.constantFrom('00:00', '07:00', '08:30'),
      closes: fc.constantFrom('16:30', '22:00', '24:00'),
      closedDays: fc.subarray(dates, { maxLength: 2 }),
      halfDays: fc.subarray(dates, { maxLength: 2 }),
      halfDayCloses: fc.oneof(times, night),
      outsideHours: fc.constant('hold' as const),
      hours: fc.array(hours, { minLength: 1, maxLength: 4 }),
    },
    {
      requiredKeys: ['opens', 'closes', 'closedDays', 'halfDays', 'halfDayCloses', 'outsideHours'],
    },
  );
  return fc.record({
    window: fc.constant([first, days] as const),
    support,
    // From the third day on: hours of the day before the window do not reach that far.
    from: fc.integer({ min: 2 * 1440, max: (days - 1) * 1440 }),
    minutes: fc.integer({ min: 0, max: 2 * 1440 }),
  });
});

/** Support that opens so seldom that only one opening lies within reach. */
const onHolidaysOnly: SupportTerms = {
  opens: '00:00',
  closes: '16:30',
  closedDays: [],
  halfDays: [],
  halfDayCloses: '00:00',
  outsideHours: 'hold',
  hours: [{ days: ['holidays'], from: '00:00', to: '24:00' }],
};

const known = new Map(windows.map(([first, days]) => [first, minutesOf(first, days)]));
const iso = (at: number): string => new Date(at).toISOString();

describe('support hours are those of a clock on the wall', () => {
  test('when support is open, how long, and when it opens', () => {
    fc.assert(
      fc.property(worlds, ({ window: [first], support, from, minutes }) => {
        const all = known.get(first)!;
        const open = openMinutes(all, support);
        const at = iso(all[from]!.at);
        const until = Math.min(all.length - 1440, from + minutes);

        const next = open.indexOf(true, from);
        const found = nextSupportInstant(at, support);
        if (next >= 0) expect(found).toBe(iso(all[next]!.at));
        else expect(found > iso(all.at(-1)!.at)).toBe(true);

        const counted = open.slice(from, Math.max(from, until)).filter(Boolean).length;
        expect(supportMinutesBetween(at, iso(all[until]!.at), support)).toBe(counted);

        const opensAt = (index: number): boolean => open[index] === true && open[index - 1] === false;
        const last = all.findLastIndex((_, index) => index <= from && index > 1440 && opensAt(index));
        if (last > 1440) expect(lastOpening(at, support)).toBe(iso(all[last]!.at));
        const later = all.findIndex((_, index) => index > from && opensAt(index));
        if (later >= 0) expect(openingAfter(at, support)).toBe(iso(all[later]!.at));

        // The first minute by which so many have passed, within support's hours.
        const wanted = minutes % 600;
        let passed = 0;
        const after = all.findIndex((_, index) => {
          if (index < from || open[index] !== true) return false;
          if (passed === wanted) return true;
          passed += 1;
          return false;
        });
        if (after >= 0) expect(supportInstantAfter(at, wanted, support)).toBe(iso(all[after]!.at));
      }),
      {
        numRuns: 600,
        examples: [[{ window: ['2027-03-24', 8], support: onHolidaysOnly, from: 2940, minutes: 0 }]],
      },
    );
  });
});
