import { createConfigureActivities } from '../../../activities/monitors/configure';
import {
  heartbeatReader,
  issueToken,
  listHeartbeats,
  recordReport,
} from '../../../activities/monitors/heartbeats';
import { recordTransitions } from '../../../activities/monitors/incidents';
import { monitorsOf } from '../../../activities/monitors/overview';
import { centralShardOf } from '../../../activities/monitors/places';
import { createProgressActivities } from '../../../activities/years/progress';
import type { Contract } from '../../../rules/engine/contract/contract';
import type { Check } from '../../../rules/engine/contract/monitor';
import type { FreshDatabase } from '../../helpers/stack';
import { freshDatabase } from '../../helpers/stack';
import { sign, signAndPlan } from '../signed-agreement';

const agreement = 'testbolaget-2027';
const asOf = '2027-02-01T08:00:00.000Z';
const shop: Check = { id: 'shop', kind: 'http', name: 'Web shop', url: 'https://shop.example.com/' };
const inside: Check = { id: 'inside', kind: 'process', name: 'ERP', service: 'erp', site: 'lund' };
const bank: Check = { id: 'bank', kind: 'files', name: 'Bank files' };

let fresh: FreshDatabase;
beforeEach(async () => {
  fresh = await freshDatabase();
});
afterEach(() => fresh.close());

const configure = (at = asOf) => createConfigureActivities(fresh).configureMonitors({ agreement, asOf: at });
const rows = () =>
  fresh.db.query('select id, place, shard, state from monitors where agreement = $1 order by id', [
    agreement,
  ]);
const outbox = (kind: string) =>
  fresh.db.query<{ payload: object }>('select payload from outbox where kind = $1 order by id', [kind]);
const change = (changed: Partial<Contract>) =>
  fresh.db.query('update agreements set contract = contract || $2 where number = $1', [
    agreement,
    JSON.stringify(changed),
  ]);

it('waits for a plan, and for the agreement to begin', async () => {
  await sign(fresh.db, { monitors: [shop] });
  expect(await configure()).toEqual({ state: 'waiting', monitors: ['shop'] });
  expect(await rows()).toEqual([]);
});

it('says when the agreement begins', async () => {
  await signAndPlan(fresh.db, { monitors: [shop] });
  expect(await configure('2026-12-05T08:00:00.000Z')).toEqual({
    state: 'waiting',
    startsAt: '2026-12-31T23:00:00.000Z',
    monitors: ['shop'],
  });
});

it('places each check, and has the watches started that make them', async () => {
  await signAndPlan(fresh.db, {
    monitors: [shop, inside, bank, { ...shop, id: 'no', notPossible: 'a reason' }],
  });
  expect(await outbox('monitoring')).toEqual([{ payload: { signal: 'configurationChanged' } }]);
  expect(await configure()).toEqual({ state: 'watching', monitors: ['shop', 'inside', 'bank', 'no'] });
  const shard = centralShardOf(agreement);
  expect(await rows()).toEqual([
    { id: 'bank', place: 'central', shard, state: 'notSetUp' },
    { id: 'inside', place: 'lund', shard: 1, state: 'watched' },
    { id: 'no', place: 'central', shard, state: 'notPossible' },
    { id: 'shop', place: 'central', shard, state: 'watched' },
  ]);
  expect((await outbox('watch')).map(({ payload }) => payload)).toEqual([
    { place: 'central', shard },
    { place: 'lund', shard: 1 },
  ]);
});

it('leaves what did not change as it is, and closes the incident of what is gone', async () => {
  await signAndPlan(fresh.db, { monitors: [shop, inside] });
  await configure();
  const bad = { at: asOf, from: 'ok', to: 'down', since: asOf, message: { sv: 'nere', en: 'down' } } as const;
  await fresh.db.transaction((tx) =>
    recordTransitions(tx, [
      { ...bad, agreement, monitor: 'shop' },
      { ...bad, agreement, monitor: 'inside' },
    ]),
  );
  await change({ monitors: [{ ...shop, name: 'The shop' }, bank] });
  await configure('2027-02-02T08:00:00.000Z');
  const found = await monitorsOf(fresh.db, { agreement, now: '2027-02-02T08:00:00.000Z' });
  expect(found.map(({ id, name, incident }) => [id, name, incident?.severity])).toEqual([
    ['bank', 'Bank files', undefined],
    ['shop', 'The shop', 'down'],
  ]);
  expect(
    await fresh.db.query(
      `select monitor, closed_at as "closedAt" from incidents where closed_at is not null`,
    ),
  ).toEqual([{ monitor: 'inside', closedAt: '2027-02-02T08:00:00.000Z' }]);
  const times = async () => fresh.db.query('select id, configured_at as at from monitors order by id');
  const before = await times();
  await configure('2027-02-03T08:00:00.000Z');
  expect(await times()).toEqual(before);
});

describe('a job whose schedule is changed', () => {
  const hourly: Check = { id: 'job', kind: 'heartbeat', name: 'Job', everyMinutes: 60 };
  const nightly: Check = { id: 'job', kind: 'heartbeat', name: 'Job', dailyAt: '02:15', lateMinutes: 5 };
  const job = { agreement, monitor: 'job' };
  const deadline = async () => (await listHeartbeats(fresh.db)).map(({ deadlineAt }) => deadlineAt);
  const made = '2027-02-01T09:00:00.000Z';

  beforeEach(async () => {
    await signAndPlan(fresh.db, { monitors: [hourly] });
    await configure();
    await issueToken(fresh.db, job, Date.parse(made));
    expect(await deadline()).toEqual(['2027-02-01T10:00:00.000Z']);
  });

  it.each([
    ['has not reported yet', [], '2027-02-02T01:20:00.000Z'],
    ['has reported', [['success', '2027-02-02T01:14:00.000Z']], '2027-02-03T01:20:00.000Z'],
    [
      'has started again',
      [
        ['success', '2027-02-02T01:14:00.000Z'],
        ['start', '2027-02-02T02:14:00.000Z'],
      ],
      '2027-02-03T01:20:00.000Z',
    ],
    ['has started, and not ended yet', [['start', '2027-02-01T12:14:00.000Z']], '2027-02-02T01:20:00.000Z'],
  ] as const)('is shown as due by the new one: it %s', async (_what, reports, due) => {
    for (const [kind, at] of reports) await recordReport(fresh.db, job, { kind, at: Date.parse(at) });
    await change({ monitors: [nightly] });
    await configure('2027-02-02T08:00:00.000Z');
    expect(await deadline()).toEqual([due]);
    expect((await heartbeatReader(fresh.db)(agreement, 'job'))?.deadlineAt).toBe(Date.parse(due));
  });

  it('keeps its time where something else was changed', async () => {
    await recordReport(fresh.db, job, { kind: 'success', at: Date.parse('2027-02-01T09:30:00.000Z') });
    await change({ monitors: [hourly, shop] });
    await configure('2027-02-02T08:00:00.000Z');
    expect(await deadline()).toEqual(['2027-02-01T10:30:00.000Z']);
  });
});

it.each([{ notPossible: 'the customer closed the port' }, { url: undefined }])(
  'closes the incident of a check that is not watched any more: %j',
  async (changed) => {
    await signAndPlan(fresh.db, { monitors: [shop] });
    await configure();
    const message = { sv: 'nere', en: 'down' };
    await fresh.db.transaction((tx) =>
      recordTransitions(tx, [
        { agreement, monitor: 'shop', at: asOf, from: 'ok', to: 'down', since: asOf, message },
      ]),
    );
    await change({ monitors: [{ ...shop, ...changed } as Check] });
    const later = '2027-02-02T08:00:00.000Z';
    await configure(later);
    // Nobody is told that it works again: it is not watched.
    expect(
      await fresh.db.query(
        `select closed_at as "closedAt", recovery_told_at as "recoveryToldAt" from incidents`,
      ),
    ).toEqual([{ closedAt: later, recoveryToldAt: later }]);
  },
);

it('watches nothing of an agreement that has ended', async () => {
  await signAndPlan(fresh.db, { monitors: [shop] });
  await configure();
  await createProgressActivities(fresh).recordProgress({
    agreement,
    year: 1,
    entries: [{ id: '1', at: asOf, kind: 'agreement', ref: 'ended', detail: {}, ended: true }],
  });
  expect((await outbox('monitoring')).at(-1)).toEqual({ payload: { signal: 'configurationChanged' } });
  expect(await configure()).toEqual({ state: 'ended', monitors: [] });
  expect(await rows()).toEqual([]);
});

it('keeps a pause as the agreement has it, and wakes the monitoring for it and for the upgrade', async () => {
  await signAndPlan(fresh.db);
  const { recordProgress } = createProgressActivities(fresh);
  const row = { at: asOf, kind: 'row' as const, ref: 'shop', detail: {} };
  const pauses = () =>
    fresh.db.query(
      'select monitor, from_at as from, until_at as until, reason from monitor_pauses where agreement = $1',
      [agreement],
    );
  await recordProgress({
    agreement,
    year: 1,
    entries: [{ ...row, id: '1', pause: { monitor: 'shop', until: '2027-03-28', reason: 'move' } }],
  });
  // Through the day that summer time begins.
  expect(await pauses()).toEqual([
    { monitor: 'shop', from: asOf, until: '2027-03-28T22:00:00.000Z', reason: 'move' },
  ]);
  await recordProgress({ agreement, year: 1, entries: [{ ...row, id: '2', pause: { monitor: 'shop' } }] });
  expect(await pauses()).toEqual([]);
  await recordProgress({
    agreement,
    year: 1,
    entries: [{ ...row, id: '3', obligation: { id: 'upgrade/technical', state: 'done' } }],
  });
  await recordProgress({ agreement, year: 1, entries: [{ ...row, id: '4' }] });
  const woken = (await outbox('monitoring')).filter(
    ({ payload }) => (payload as { signal: string }).signal === 'incidentsChanged',
  );
  expect(woken).toHaveLength(3);
});
