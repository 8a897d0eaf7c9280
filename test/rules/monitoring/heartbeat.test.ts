import fc from 'fast-check';
import { instantAt } from '../../../rules/engine/calendar/calendar';
import type { Hours } from '../../../rules/engine/contract/monitor';
import type {
  HeartbeatCheck,
  HeartbeatReport,
  ReportedHeartbeat,
} from '../../../rules/engine/monitoring/heartbeat';
import {
  afterReport,
  awaitedHeartbeat,
  heartbeatOutcome,
  kindOfExitCode,
} from '../../../rules/engine/monitoring/heartbeat';

const none: ReadonlySet<string> = new Set();
const minute = 60_000;
const at = (date: string, time: string): number => Date.parse(instantAt(date, time));
/** Times on Monday 3 May 2027. */
const on = (time: string): number => at('2027-05-03', time);
const hourly: HeartbeatCheck = { everyMinutes: 60, lateMinutes: 10, maxRunMinutes: 30 };

const play = (
  reports: HeartbeatReport[],
  check = hourly,
  from: ReportedHeartbeat | undefined = undefined,
): ReportedHeartbeat | undefined =>
  reports.reduce<ReportedHeartbeat | undefined>(
    (state, report) => afterReport(state, report, check, none),
    from,
  );
const outcomeAt = (state: ReportedHeartbeat | undefined, time: string, check = hourly) =>
  heartbeatOutcome(state, on(time), check);

describe('a heartbeat: the customer’s job reports in', () => {
  const success = { kind: 'success' as const, at: on('10:00') };
  const start = { kind: 'start' as const, at: on('10:00') };
  const fail = { kind: 'fail' as const, at: on('10:00'), exitCode: 3, body: 'disk full' };

  test.each<[string, HeartbeatReport[], string, 'ok' | 'down', string]>([
    ['nothing reported', [], '23:00', 'ok', 'not reported yet'],
    ['within its period', [success], '11:00', 'ok', 'reported 2027-05-03 10:00'],
    ['at the very deadline', [success], '11:10', 'ok', 'reported'],
    [
      'a minute late',
      [success],
      '11:11',
      'down',
      'late since 2027-05-03 11:10: the job reported 2027-05-03 10:00',
    ],
    ['failed', [fail], '10:01', 'down', 'ended with exit code 3 2027-05-03 10:00'],
    [
      'failed by a crash on Windows',
      [{ ...fail, exitCode: -1_073_741_819 }],
      '10:01',
      'down',
      'ended with exit code -1073741819 (0xC0000005) 2027-05-03 10:00',
    ],
    [
      'failed without a code',
      [{ kind: 'fail', at: on('10:00') }],
      '10:01',
      'down',
      'reported that it failed',
    ],
    [
      'failed, then nothing',
      [fail],
      '12:00',
      'down',
      'exit code 3 2027-05-03 10:00 and has not reported since',
    ],
    [
      'failed, then good',
      [fail, { ...success, at: on('10:05') }],
      '10:06',
      'ok',
      'reported 2027-05-03 10:05',
    ],
    [
      'failed, then started again',
      [fail, { ...start, at: on('10:05') }],
      '10:06',
      'down',
      'it started again 2027-05-03 10:05',
    ],
    ['running', [start], '10:30', 'ok', 'started 2027-05-03 10:00'],
    ['running too long', [start], '10:31', 'down', 'has not reported its end within 30 minutes'],
    [
      'started, ended, silent within the period',
      [start, { ...success, at: on('10:20') }],
      '11:20',
      'ok',
      '10:20',
    ],
    [
      'started twice: the run counts from the second',
      [start, { ...start, at: on('10:20') }],
      '10:45',
      'ok',
      'started 2027-05-03 10:20',
    ],
  ])('%s', (_, reports, time, outcome, message) => {
    const found = outcomeAt(play(reports), time);
    expect(found.outcome).toBe(outcome);
    expect(found.message.en).toContain(message);
    expect(found.message.sv).not.toBe(found.message.en);
  });

  test.each<
    [string, [time: string, kind: HeartbeatReport['kind'], run?: string][], string, 'ok' | 'down', string]
  >([
    [
      'each ends its own: the one that hangs is told',
      [
        ['10:00', 'start', 'a'],
        ['10:10', 'start', 'b'],
        ['10:20', 'success', 'b'],
      ],
      '10:31',
      'down',
      'started 2027-05-03 10:00 and has not reported its end',
    ],
    [
      'the first has ended',
      [
        ['10:00', 'start', 'a'],
        ['10:10', 'start', 'b'],
        ['10:20', 'success', 'a'],
      ],
      '10:40',
      'ok',
      'started 2027-05-03 10:10',
    ],
    [
      'the second hangs though the first has ended',
      [
        ['10:00', 'start', 'a'],
        ['10:10', 'start', 'b'],
        ['10:20', 'success', 'a'],
      ],
      '10:41',
      'down',
      'started 2027-05-03 10:10 and has not',
    ],
    [
      'start, start, end, end',
      [
        ['10:00', 'start', 'a'],
        ['10:10', 'start', 'b'],
        ['10:20', 'success', 'a'],
        ['10:30', 'success', 'b'],
      ],
      '11:30',
      'ok',
      'reported 2027-05-03 10:30',
    ],
    [
      'one that fails while another runs',
      [
        ['10:00', 'start', 'a'],
        ['10:10', 'start', 'b'],
        ['10:20', 'fail', 'a'],
      ],
      '10:25',
      'down',
      'reported that it failed; another run started 2027-05-03 10:10',
    ],
    [
      'a start that came twice',
      [
        ['10:00', 'start', 'a'],
        ['10:01', 'start', 'a'],
        ['10:20', 'success', 'a'],
      ],
      '11:00',
      'ok',
      'reported 2027-05-03 10:20',
    ],
    [
      'one that died, and the next that is well',
      [
        ['10:00', 'start', 'a'],
        ['10:40', 'start', 'b'],
        ['10:50', 'success', 'b'],
      ],
      '11:00',
      'ok',
      'reported 2027-05-03 10:50',
    ],
    [
      'named as an object’s own',
      [
        ['10:00', 'start', '__proto__'],
        ['10:10', 'start', 'constructor'],
        ['10:20', 'success', '__proto__'],
      ],
      '10:40',
      'ok',
      'started 2027-05-03 10:10',
    ],
  ])('runs that overlap and have names: %s', (_, reports, time, outcome, message) => {
    const state = play(
      reports.map(([when, kind, run]) => ({ kind, at: on(when), ...(run !== undefined && { run }) })),
    );
    const stored = JSON.parse(JSON.stringify(state)) as ReportedHeartbeat;
    const found = outcomeAt(stored, time);
    expect(found.outcome).toBe(outcome);
    expect(found.message.en).toContain(message);
  });

  test('a failed job’s last words are the answer', () => {
    expect(outcomeAt(play([fail]), '10:01').answer).toBe('disk full');
    expect(outcomeAt(play([success]), '10:01')).not.toHaveProperty('answer');
  });

  test('a start does not move the deadline on: the job owes a success', () => {
    const check = { everyMinutes: 60, lateMinutes: 10 };
    const starts = ['10:30', '11:00', '11:09'].map((time) => ({ kind: 'start' as const, at: on(time) }));
    const state = play([success, ...starts], check);
    expect(state?.deadlineAt).toBe(on('11:10'));
    expect(outcomeAt(state, '11:11', check)).toMatchObject({
      outcome: 'down',
      message: { en: 'late since 2027-05-03 11:10: the job started 2027-05-03 11:09' },
    });
  });

  test('a job that was agreed on and never reports is late a period after', () => {
    const state = awaitedHeartbeat(on('10:00'), hourly, none);
    expect(outcomeAt(state, '11:10')).toMatchObject({ outcome: 'ok' });
    expect(outcomeAt(state, '11:11')).toMatchObject({
      outcome: 'down',
      message: { en: 'late since 2027-05-03 11:10: the job has not reported yet' },
    });
  });

  test.each<[string, HeartbeatCheck, string, number]>([
    ['daily', { dailyAt: '10:02' }, '10:00', on('10:02')],
    ['daily, five minutes before', { dailyAt: '10:05' }, '10:00', on('10:05')],
    ['daily, at that very time', { dailyAt: '10:00' }, '10:00', at('2027-05-04', '10:00')],
    ['on weekdays', { weekdaysAt: '10:01' }, '10:00', on('10:01')],
    ['once a week', { cron: '2 10 * * 1' }, '10:00', on('10:02')],
    ['once a year', { cron: '2 10 3 5 *' }, '10:00', on('10:02')],
    ['in another zone', { dailyAt: '08:02', zone: 'UTC' }, '10:00', on('10:02')],
    [
      'within hours',
      {
        dailyAt: '10:02',
        expectedHours: [
          { from: '11:00', to: '12:00' },
          { days: ['tue'], from: '10:00', to: '11:00' },
        ],
      },
      '10:00',
      at('2027-05-04', '10:02'),
    ],
  ])('a job that is agreed on shortly before its run owes that run: %s', (_, check, time, expected) => {
    const state = awaitedHeartbeat(on(time), { lateMinutes: 3, ...check }, none);
    expect(state).toEqual({ deadlineAt: expected + 3 * minute });
  });

  test('one that only ever starts is late too', () => {
    const check = { everyMinutes: 60 };
    expect(outcomeAt(play([start], check), '11:01', check).outcome).toBe('down');
  });

  test('minutes outside the expected hours do not count', () => {
    const expectedHours: Hours[] = [{ from: '08:00', to: '16:00' }];
    const check = { ...hourly, expectedHours };
    const deadline = (from: number): number | undefined =>
      play([{ kind: 'success', at: from }], check)?.deadlineAt;
    expect(deadline(on('10:00'))).toBe(on('11:10'));
    expect(deadline(on('15:30'))).toBe(at('2027-05-04', '08:40'));
    expect(deadline(at('2027-06-24', '15:30'))).toBe(at('2027-06-28', '08:40'));
    expect(deadline(on('23:00'))).toBe(at('2027-05-04', '09:10'));
  });

  test('a day’s period keeps to elapsed time over summer time', () => {
    const daily = { everyMinutes: 1440 };
    expect(play([{ kind: 'success', at: at('2027-03-27', '12:00') }], daily)?.deadlineAt).toBe(
      at('2027-03-28', '13:00'),
    );
  });

  test('the deadline is kept over a restart: it is an instant', () => {
    const stored = JSON.parse(JSON.stringify(play([success]))) as ReportedHeartbeat;
    expect(outcomeAt(stored, '11:11').outcome).toBe('down');
  });

  test('a period that was made shorter holds from the next report', () => {
    const state = play([success], { everyMinutes: 1440 });
    expect(play([{ ...success, at: on('11:00') }], hourly, state)?.deadlineAt).toBe(on('12:10'));
  });

  describe('reports out of order and doubled change nothing for the worse', () => {
    const later: HeartbeatReport = { kind: 'success', at: on('10:05'), exitCode: 0 };

    test.each<[string, HeartbeatReport]>([
      ['start', { ...start, at: on('10:04') }],
      ['failure', { ...fail, at: on('10:04') }],
      ['success', { ...success, at: on('10:04') }],
    ])('an older %s after a success', (_, older) => {
      expect(play([later, older])).toEqual(play([later]));
    });

    test('an older success after a start moves the deadline on, and the run goes on', () => {
      const state = play([
        { kind: 'success', at: on('09:00') },
        { kind: 'start', at: on('10:05') },
        { kind: 'success', at: on('10:04') },
      ]);
      expect(state).toMatchObject({ startedAt: on('10:05'), deadlineAt: on('11:14'), lastKind: 'start' });
    });

    test('an older success does not undo a newer failure', () => {
      expect(outcomeAt(play([fail, { ...success, at: on('09:59') }]), '10:01').outcome).toBe('down');
    });
  });

  test.each([
    [0, 'success'],
    [1, 'fail'],
    [255, 'fail'],
    [-1, 'fail'],
  ])('exit code %i is a %s', (code, kind) => {
    expect(kindOfExitCode(code)).toBe(kind);
  });
});

const reports = fc.array(
  fc.record({
    kind: fc.constantFrom('start' as const, 'success' as const, 'fail' as const),
    at: fc.integer({ min: 0, max: 600 }).map((minutes) => on('08:00') + minutes * minute),
  }),
  { maxLength: 12 },
);

test('any report twice in a row is the same as once, and an older one never makes a good job bad', () => {
  fc.assert(
    fc.property(reports, reports, fc.integer({ min: 0, max: 900 }), (some, [extra], minutes) => {
      const state = play(some);
      const again = some.flatMap((report) => [report, report]);
      expect(play(again)).toEqual(state);
      if (!extra || state?.lastAt === undefined || extra.at >= state.lastAt) return;
      const now = on('08:00') + minutes * minute;
      if (heartbeatOutcome(state, now, hourly).outcome === 'ok')
        expect(heartbeatOutcome(play([extra], hourly, state), now, hourly).outcome).toBe('ok');
    }),
  );
});

test('after reports in order a job is good exactly if its last run was, and was in time', () => {
  fc.assert(
    fc.property(reports, fc.integer({ min: 0, max: 900 }), (some, minutes) => {
      const inOrder = [...some].sort((a, b) => a.at - b.at);
      const now = on('08:00') + minutes * minute;
      const lastEnd = inOrder.findLast(({ kind }) => kind !== 'start');
      const lastStart = inOrder.at(-1)?.kind === 'start' ? inOrder.at(-1) : undefined;
      const due = (lastEnd ?? inOrder[0])?.at;
      const good =
        lastEnd?.kind !== 'fail' &&
        (due === undefined || now <= due + 70 * minute) &&
        (lastStart === undefined || now <= lastStart.at + 30 * minute);
      expect(heartbeatOutcome(play(inOrder), now, hourly).outcome).toBe(good ? 'ok' : 'down');
    }),
  );
});
