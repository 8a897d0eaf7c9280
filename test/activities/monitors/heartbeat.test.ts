import { checkHeartbeat } from '../../../activities/monitors/checks/heartbeat';
import type { CheckDeps } from '../../../activities/monitors/checks/checker';
import { NotMade } from '../../../activities/monitors/checks/checker';
import type { ReportedHeartbeat } from '../../../rules/engine/monitoring/heartbeat';
import { depsWith, watchedCheck } from './watched-check';

const signal = new AbortController().signal;
const now = Date.parse('2027-05-03T10:00:00.000Z');
const watched = watchedCheck({ id: 'nightly', kind: 'heartbeat', everyMinutes: 60 });

const withReports = (state: ReportedHeartbeat | undefined, asked: string[] = []): CheckDeps =>
  depsWith({
    now: () => now,
    heartbeat: async (agreement, monitor) => {
      asked.push(`${agreement} ${monitor}`);
      return state;
    },
  });

test('a heartbeat is looked up by agreement and check, and told as its reports say', async () => {
  const asked: string[] = [];
  const late = withReports({ lastAt: now - 7_200_000, lastKind: 'success', deadlineAt: now - 1 }, asked);
  await expect(checkHeartbeat(watched, late, signal)).resolves.toMatchObject({ outcome: 'down' });
  expect(asked).toEqual(['2027-0001 nightly']);
  await expect(checkHeartbeat(watched, withReports(undefined), signal)).resolves.toMatchObject({
    outcome: 'ok',
    message: { en: 'the job has not reported yet' },
    lastWell: 'never',
  });
  const failed = withReports({ lastKind: 'fail', lastAt: now, succeededAt: now - 3_600_000 });
  await expect(checkHeartbeat(watched, failed, signal)).resolves.toMatchObject({
    outcome: 'down',
    lastWell: '2027-05-03T09:00:00.000Z',
  });
});

test('a failed job’s last words are cut, and hold nothing a mail cannot', async () => {
  const body = `\u0000red \u001b[31m${'x'.repeat(5000)}`;
  const found = await checkHeartbeat(watched, withReports({ lastKind: 'fail', lastAt: now, body }), signal);
  expect(found.answer).toHaveLength(2000);
  expect(found.answer).toMatch(/^ red {2}\[31mxxx/);
});

test('a site worker cannot watch a heartbeat, and says so', async () => {
  const failure = await Promise.resolve(checkHeartbeat(watched, depsWith({}), signal)).catch(
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(NotMade);
  expect((failure as NotMade).text.en).toBe(
    'a heartbeat is watched at our own place only, not by a site worker',
  );
});
