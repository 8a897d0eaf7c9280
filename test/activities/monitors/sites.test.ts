import { createSiteActivities } from '../../../activities/monitors/sites';
import type { SiteReport } from '../../../activities/monitors/watch-site';
import { storeSignedContract } from '../../../activities/agreements/agreements';
import { exampleContract } from '../../helpers/example';
import type { FreshDatabase } from '../../helpers/stack';
import { freshDatabase } from '../../helpers/stack';
import { placeChecks, watchedCheck } from '../../helpers/watched';
import { sign } from '../signed-agreement';

const site = 'lund';
const at = (minute: number): string =>
  new Date(Date.parse('2027-03-01T08:00:00.000Z') + minute * 60_000).toISOString();

let fresh: FreshDatabase;
let sites: ReturnType<typeof createSiteActivities>;

beforeEach(async () => {
  fresh = await freshDatabase();
  sites = createSiteActivities(fresh);
  await sign(fresh.db);
  await storeSignedContract(fresh.db, exampleContract({ agreement: 'second-2027' }), { start: false });
  await sites.recordSiteSilence({ site, silent: false, worker: 'w', asOf: at(-60) });
});
afterEach(() => fresh.close());

const incidents = () =>
  fresh.db.query(
    `select agreement, monitor, severity, opened_at as "openedAt", closed_at as "closedAt" from incidents order by id`,
  );
const woken = async (): Promise<number> =>
  (
    await fresh.db.query(
      `select 1 from outbox where kind = 'monitoring' and payload ->> 'signal' = 'incidentsChanged'`,
    )
  ).length;

const both = [watchedCheck('import'), watchedCheck('import', { agreement: 'second-2027' })];

it('a site that was never heard of is waited for, and is no incident', async () => {
  await placeChecks(fresh.db, 'unheard', 1, both);
  expect(await sites.recordSiteSilence({ site: 'unheard', silent: true, asOf: at(0) })).toEqual({
    checks: 2,
  });
  expect(await incidents()).toEqual([]);
});

it('a silent site is one incident with each agreement concerned, noted once', async () => {
  await placeChecks(fresh.db, site, 1, both);
  expect(await sites.recordSiteSilence({ site, silent: true, asOf: at(0) })).toEqual({ checks: 2 });
  await sites.recordSiteSilence({ site, silent: true, asOf: at(5) });
  const silent = { monitor: 'site:lund', severity: 'silent', openedAt: at(0), closedAt: null };
  expect(await incidents()).toEqual([
    { agreement: 'second-2027', ...silent },
    { agreement: 'testbolaget-2027', ...silent },
  ]);
  expect(await woken()).toBe(2);
  expect(await fresh.db.query('select silent_since as since from sites')).toEqual([{ since: at(0) }]);
});

it('once it is back the incidents are closed, and every check is wanted anew', async () => {
  await placeChecks(fresh.db, site, 1, both);
  await sites.recordSiteSilence({ site, silent: true, asOf: at(0) });
  await sites.recordSiteSilence({ site, silent: false, worker: 'w', asOf: at(9) });
  expect(await incidents()).toEqual([
    expect.objectContaining({ closedAt: at(9) }),
    expect.objectContaining({ closedAt: at(9) }),
  ]);
  expect(await woken()).toBe(4);
  const { wishes, checks } = await sites.loadSiteChecks({ site, shard: 1, asOf: at(9) });
  expect(checks).toHaveLength(2);
  expect(wishes.map((wish) => wish.at)).toEqual([at(9), at(9)]);
  expect(await fresh.db.query('select silent_since as since, seen_at as seen, worker from sites')).toEqual([
    { since: null, seen: at(9), worker: 'w' },
  ]);
});

it('agreements that come and go while it is silent are taken up', async () => {
  await placeChecks(fresh.db, site, 1, both.slice(0, 1));
  await sites.recordSiteSilence({ site, silent: true, asOf: at(0) });
  await placeChecks(fresh.db, site, 1, both.slice(1));
  await sites.recordSiteSilence({ site, silent: true, asOf: at(5) });
  expect(await incidents()).toEqual([
    expect.objectContaining({ agreement: 'testbolaget-2027', closedAt: at(5) }),
    expect.objectContaining({ agreement: 'second-2027', openedAt: at(5), closedAt: null }),
  ]);
});

it('what its worker found is written once, however often it is reported, and fulfils wishes', async () => {
  await placeChecks(fresh.db, site, 1, both.slice(0, 1));
  await fresh.db.query('update monitors set recheck_at = $1', [at(1)]);
  const id = { agreement: 'testbolaget-2027', id: 'import' };
  const message = { sv: 'nere', en: 'down' };
  const report: SiteReport = {
    ...{ reason: 'changed', worker: 'w', seen: { 'testbolaget-2027/import': [1, null] }, made: 2, bad: 2 },
    states: [{ ...id, state: { status: 'down', since: at(2), recent: 'dd', recovered: [], lastAt: at(2) } }],
    transitions: [
      {
        agreement: id.agreement,
        monitor: 'import',
        from: 'ok',
        to: 'down',
        at: at(2),
        since: at(1),
        message,
      },
    ],
    rechecked: [{ ...id, at: at(1) }],
  };
  await sites.recordSite({ site, shard: 1, report, asOf: at(3) });
  await sites.recordSite({ site, shard: 1, report, asOf: at(3) });
  expect(await incidents()).toEqual([
    expect.objectContaining({ monitor: 'import', severity: 'down', closedAt: null }),
  ]);
  const log = await fresh.db.query<{ what: string }>('select what from incident_log');
  expect(log.map(({ what }) => what)).toEqual(['opened']);
  const { states, wishes } = await sites.loadSiteChecks({ site, shard: 1, asOf: at(4) });
  expect(states[0]?.state.status).toBe('down');
  expect(wishes).toEqual([]);
  expect(await fresh.db.query('select worker, checks, made, bad from watches')).toEqual([
    { worker: 'w', checks: 1, made: 2, bad: 2 },
  ]);
});
