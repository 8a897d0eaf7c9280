/** What should run beside what does, and when an audit is due. */
import type { KnownAgreement } from '../../../activities/audit/known-agreements';
import type { Standing } from '../../../activities/health/health';
import { doubledRuns, missingRuns, orphanedRuns } from '../../../worker/audit/compare-runs';
import type { ListedRun } from '../../../worker/audit/list-runs';
import { isAuditDue } from '../../../worker/processes/audit-clock';

const known = new Map(
  (
    [
      { number: 'new', state: 'signed', yearNumber: null, endedLongAgo: false },
      { number: 'old', state: 'live', yearNumber: 2, endedLongAgo: false },
      { number: 'past', state: 'ended', yearNumber: 1, endedLongAgo: true },
      { number: 'just', state: 'ended', yearNumber: 1, endedLongAgo: false },
    ] satisfies KnownAgreement[]
  ).map((one) => [one.number, one]),
);
const standing: Standing = {
  agreements: [
    { number: 'new', lives: true, monitored: false },
    { number: 'old', lives: true, monitored: true },
    { number: 'told', lives: false, monitored: false },
  ],
  watches: [{ place: 'central', shard: 2 }],
  readers: ['consultant-anna'],
};
const run = (workflowId: string, type = 'agreementYear', agreement?: string): ListedRun => ({
  ...{ workflowId, type, agreement },
  ...{ year: 1, attention: [] },
});

it('misses what should run, and mends what has all it needs in PostgreSQL', () => {
  const tells = (kind: string) => ({ how: 'tell', kind });
  expect(missingRuns(standing, known, [])).toMatchObject([
    { workflowId: 'agreement-new', agreement: 'new', mend: { ...tells('start'), agreement: 'new' } },
    { workflowId: 'agreement-old', agreement: 'old' },
    { workflowId: 'monitoring-old', agreement: 'old', mend: tells('monitoring') },
    { workflowId: 'watching-central-2', agreement: null, mend: { ...tells('watch'), payload: { shard: 2 } } },
    { workflowId: 'digests-consultant-anna', agreement: null, mend: tells('digests') },
  ]);
  expect(missingRuns(standing, known, [])[1]).not.toHaveProperty('mend');
  const all = [
    'agreement-new',
    'agreement-old',
    'monitoring-old',
    'watching-central-2',
    'digests-consultant-anna',
  ];
  expect(
    missingRuns(
      standing,
      known,
      all.map((id) => run(id)),
    ),
  ).toEqual([]);
});

it('finds what runs for nobody, and has the monitoring of an ended agreement end itself', () => {
  const runs = [
    'agreement-old',
    'agreement-ghost',
    'agreement-past',
    'monitoring-past',
    'monitoring-just',
    'watching-x-1',
  ];
  expect(
    orphanedRuns(
      known,
      runs.map((id) => run(id)),
    ),
  ).toMatchObject([
    { subject: 'agreement-ghost', agreement: null },
    { subject: 'agreement-past', agreement: 'past' },
    { subject: 'monitoring-past', agreement: 'past', mend: { how: 'tell', kind: 'monitoring' } },
  ]);
});

it('finds a second workflow of an agreement', () => {
  const runs = [
    run('agreement-old', 'agreementYear', 'old'),
    run('again', 'agreementYear', 'old'),
    run('monitoring-old', 'monitoring', 'old'),
    run('digests-x', 'digestClock'),
  ];
  expect(doubledRuns(known, runs)).toMatchObject([{ kind: 'runTwice', subject: 'again', agreement: 'old' }]);
});

interface Last {
  ended: string;
  begun?: string;
  failed?: string;
}

/** Winter time: an hour ahead of UTC. */
it.each<[when: string, last: Last | undefined, now: string, due: boolean]>([
  ['at night, where there was none before', undefined, '2027-01-12T02:00:00Z', true],
  ['not in the day, where there was none before', undefined, '2027-01-12T12:00:00Z', false],
  [
    'at night, after that of the night before',
    { ended: '2027-01-11T01:10:00Z' },
    '2027-01-12T01:00:00Z',
    true,
  ],
  ['not twice in a night', { ended: '2027-01-12T00:50:00Z' }, '2027-01-12T03:00:00Z', false],
  ['not before half past one', { ended: '2027-01-11T01:10:00Z' }, '2027-01-12T00:20:00Z', false],
  [
    'at night again after a failure',
    { ended: '2027-01-11T01:10:00Z', begun: '2027-01-12T00:50:00Z', failed: 'x' },
    '2027-01-12T02:00:00Z',
    true,
  ],
  [
    'not at once after a failure',
    { ended: '2027-01-11T01:10:00Z', begun: '2027-01-12T00:50:00Z', failed: 'x' },
    '2027-01-12T01:20:00Z',
    false,
  ],
  [
    'in the day after an outage over the night',
    { ended: '2027-01-10T01:10:00Z' },
    '2027-01-12T09:00:00Z',
    true,
  ],
  ['not in the day after a good night', { ended: '2027-01-12T01:10:00Z' }, '2027-01-12T09:00:00Z', false],
])('an audit is made %s', (_when, last, now, due) => {
  const at = last && { begunAt: last.begun ?? last.ended, endedAt: last.ended, failed: last.failed ?? null };
  expect(isAuditDue(at, now)).toBe(due);
});
