import { instantAt } from '../../../rules/engine/calendar/calendar';
import { isCronLine, isTimeZone } from '../../../rules/engine/basics/cron';
import type { HeartbeatCheck } from '../../../rules/engine/monitoring/heartbeat';
import { afterReport, heartbeatOutcome } from '../../../rules/engine/monitoring/heartbeat';
import { localTimeOf } from '../../../rules/engine/monitoring/expected-hours';

const minute = 60_000;
/** `2027-10-30 02:15` in Sweden, or an instant in UTC. */
const at = (text: string): number => {
  const [date = '', time = ''] = text.split(' ');
  return Date.parse(text.endsWith('Z') ? text : instantAt(date, time));
};
const success = (text: string) => ({ kind: 'success' as const, at: at(text) });
const stateAfter = (text: string, check: HeartbeatCheck) =>
  afterReport(undefined, success(text), check, new Set());

/** In 2027 summer time lasts from 28 March to 31 October. 25 June is Midsummer's Eve, a Friday. */
test.each<[string, HeartbeatCheck, string, string]>([
  ['daily', { dailyAt: '02:15' }, '2027-05-03 02:20', '2027-05-04 02:15'],
  ['daily, reported in the evening', { dailyAt: '22:00' }, '2027-05-03 12:00', '2027-05-03 22:00'],
  ['daily, with a clock that is ahead', { dailyAt: '02:15' }, '2027-05-03 02:12', '2027-05-04 02:15'],
  ['daily, much too early', { dailyAt: '02:15' }, '2027-05-03 02:00', '2027-05-03 02:15'],
  ['weekdays, on a Friday', { weekdaysAt: '07:00' }, '2027-05-07 07:01', '2027-05-10 07:00'],
  [
    'weekdays on which people work',
    { weekdaysAt: '07:00', expectedHours: [{ from: '00:00', to: '24:00' }] },
    '2027-06-24 07:01',
    '2027-06-28 07:00',
  ],
  ['cron, every quarter', { cron: '*/15 * * * *' }, '2027-05-03 10:07', '2027-05-03 10:15'],
  ['cron, every quarter, just before one', { cron: '*/15 * * * *' }, '2027-05-03 10:14', '2027-05-03 10:30'],
  ['cron, every minute', { cron: '* * * * *' }, '2027-05-03 10:07', '2027-05-03 10:08'],
  ['cron, names and a list', { cron: '0 6,18 * * MON-wed' }, '2027-05-05 18:01', '2027-05-10 06:00'],
  ['cron, Sunday as 7', { cron: '0 3 * * 7' }, '2027-05-03 10:00', '2027-05-09 03:00'],
  ['cron, month’s first or a Monday', { cron: '0 3 1 * 1' }, '2027-05-24 04:00', '2027-05-31 03:00'],
  ['cron, month’s first after that Monday', { cron: '0 3 1 * 1' }, '2027-05-31 04:00', '2027-06-01 03:00'],
  ['cron, from a number on in steps', { cron: '0 8/4 * * *' }, '2027-05-03 13:00', '2027-05-03 16:00'],
  ['cron, a leap day', { cron: '30 1 29 feb *' }, '2027-05-03 13:00', '2028-02-29 01:30'],
  [
    'cron, elsewhere',
    { cron: '0 2 * * *', zone: 'America/New_York' },
    '2027-05-03 12:00',
    '2027-05-04 08:00',
  ],
  ['daily, when summer time ends', { dailyAt: '02:15' }, '2027-10-30 02:20', '2027-10-31T01:15:00Z'],
  ['daily, after the first of two', { dailyAt: '02:15' }, '2027-10-31T00:16:00Z', '2027-11-01 02:15'],
  ['daily, after the second of two', { dailyAt: '02:15' }, '2027-10-31T01:16:00Z', '2027-11-01 02:15'],
  ['daily, when its time is skipped', { dailyAt: '02:15' }, '2027-03-27 02:20', '2027-03-28 03:15'],
  [
    'daily in the morning, over the end of summer time',
    { dailyAt: '08:00' },
    '2027-10-30 08:05',
    '2027-10-31 08:00',
  ],
  [
    'an interval of a day, over the end of summer time',
    { everyMinutes: 1440 },
    '2027-10-30 02:15',
    '2027-10-31T01:15:00Z',
  ],
  ['an interval of a week', { everyMinutes: 10_080 }, '2027-10-27 12:00', '2027-11-03 12:00'],
  ['an interval of an hour', { everyMinutes: 60 }, '2027-10-31T00:15:00Z', '2027-10-31T01:15:00Z'],
])('a job owes its next run: %s', (_, check, reported, due) => {
  for (const lateMinutes of [0, 30]) {
    const { deadlineAt } = stateAfter(reported, { ...check, lateMinutes });
    expect(localTimeOf(new Date(deadlineAt ?? NaN).toISOString())).toBe(
      localTimeOf(new Date(at(due) + lateMinutes * minute).toISOString()),
    );
    expect(deadlineAt).toBe(at(due) + lateMinutes * minute);
  }
});

test('a run may take its time once it has started, and no longer', () => {
  const check = { dailyAt: '02:15', lateMinutes: 10, maxRunMinutes: 120 };
  const before = stateAfter('2027-05-03 03:50', check);
  const isWell = (state: typeof before, time: string) =>
    heartbeatOutcome(state, at(`2027-05-04 ${time}`), check).outcome;
  expect([isWell(before, '02:25'), isWell(before, '02:26')]).toEqual(['ok', 'down']);
  const begun = afterReport(before, { kind: 'start', at: at('2027-05-04 02:16') }, check, new Set());
  expect([isWell(begun, '04:16'), isWell(begun, '04:17')]).toEqual(['ok', 'down']);
});

test('a cron line that never comes is never late', () => {
  expect(stateAfter('2027-05-03 10:00', { cron: '0 0 31 2 *' })).not.toHaveProperty('deadlineAt');
  const never = {
    cron: '* * * * *',
    expectedHours: [{ days: ['sun' as const], from: '02:15', to: '02:15' }],
  };
  expect(stateAfter('2027-05-03 10:00', never)).not.toHaveProperty('deadlineAt');
});

test.each([
  ['15 2 * * *', true],
  ['*/5 0-6,22-23 1,15 jan-mar 1-5', true],
  ['0 0 * * SUN', true],
  ['60 2 * * *', false],
  ['15 24 * * *', false],
  ['15 2 0 * *', false],
  ['15 2 * 13 *', false],
  ['15 2 * * 8', false],
  ['*/0 2 * * *', false],
  ['30-10 2 * * *', false],
  ['15 2 * *', false],
  ['15 2 * * * *', false],
  ['@daily', false],
  ['15 2 * mon *', false],
  ['', false],
])('%j is a cron line: %s', (line, isOne) => {
  expect(isCronLine(line)).toBe(isOne);
});

test.each([
  ['Europe/Stockholm', true],
  ['UTC', true],
  ['Europe/Stokholm', false],
  ['', false],
])('%j is a time zone: %s', (zone, isOne) => {
  expect(isTimeZone(zone)).toBe(isOne);
});
