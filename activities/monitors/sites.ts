/** Sites in PostgreSQL: the checks for their workers, what those found, and whether a site is silent. */
import type { Instant } from '../../rules/engine/contract/contract';
import type { Text } from '../../rules/engine/basics/text';
import { siteMonitor } from '../../rules/engine/monitoring/place';
import type { WatchedCheck } from '../../rules/engine/monitoring/watched';
import type { Db, Queryable } from '../db';
import { log, wakeMonitoring } from './incidents';
import { announceAlerts } from './running-alerts';
import { fitting } from './site-payload';
import type { WatchedState, Wish } from './watch-loop';
import type { SiteReport } from './watch-site';
import { beatWatch, loadWatched, recordBatch, takeWatch } from './watches';

export interface SiteWatch {
  site: string;
  shard: number;
}

export interface SiteChecks {
  checks: WatchedCheck[];
  states: WatchedState[];
  wishes: Wish[];
}

const silence = (site: string): Text => ({
  sv: `platsarbetaren ${site} hörs inte: dess kontroller körs inte`,
  en: `the site worker ${site} is not heard of: its checks are not made`,
});
const isBack = (site: string): Text => ({
  sv: `platsarbetaren ${site} hörs igen`,
  en: `the site worker ${site} is heard of again`,
});

export function createSiteActivities({ db }: { db: Db }) {
  return {
    /** Reads the checks of a site, as the input for its worker. */
    async loadSiteChecks({ site, shard, asOf }: SiteWatch & { asOf: Instant }): Promise<SiteChecks> {
      return fitting(await loadWatched(db, { place: site, shard }, asOf));
    },

    /** Stores what a site's worker found. The workflow sends out one worker at a time, so the last report is the newest. */
    async recordSite({
      site,
      shard,
      report,
      asOf,
    }: SiteWatch & { report: SiteReport; asOf: Instant }): Promise<void> {
      const watch = { place: site, shard };
      const { worker, seen, made, bad } = report;
      await db.transaction(async (tx) => {
        await takeWatch(tx, watch, worker, asOf);
        await recordBatch(tx, watch, report);
        if (report.reason !== 'announced') await beatWatch(tx, watch, worker, { at: asOf, seen, made, bad });
        await heard(tx, site, worker, asOf);
      });
    },

    /**
     * Stores that a site is silent, or is back. Each agreement with checks there gets one incident of ours, which is
     * mailed and mutes the checks; the checks keep their states. Once the site is back, fresh results are requested.
     * Storing the same twice changes nothing, except for agreements that came or went meanwhile.
     *
     * @returns number of checks at the site
     */
    async recordSiteSilence({
      site,
      silent,
      worker,
      asOf,
    }: {
      site: string;
      silent: boolean;
      /** The worker that was heard of. */
      worker?: string;
      asOf: Instant;
    }): Promise<{ checks: number }> {
      return db.transaction(async (tx) => {
        const rows = await tx.query<{ agreement: string; checks: number }>(
          `select agreement, count(*) as checks from monitors
            where place = $1 and state = 'watched' group by agreement order by agreement`,
          [site],
        );
        const agreements = rows.map(({ agreement }) => agreement);
        const touched = [
          ...(await closeSilence(tx, site, silent ? agreements : [], asOf)),
          ...(silent ? await openSilence(tx, site, agreements, asOf) : []),
        ];
        await tx.query(
          `insert into sites (id, silent_since) values ($1, $2)
           on conflict (id) do update set silent_since =
             case when excluded.silent_since is null then null
                  else coalesce(sites.silent_since, excluded.silent_since) end`,
          [site, silent ? asOf : null],
        );
        if (!silent)
          await tx.query(`update monitors set recheck_at = $2 where place = $1 and state = 'watched'`, [
            site,
            asOf,
          ]);
        if (worker !== undefined) await heard(tx, site, worker, asOf);
        for (const agreement of [...new Set(touched)].sort()) await wakeMonitoring(tx, agreement);
        return { checks: rows.reduce((sum, { checks }) => sum + checks, 0) };
      });
    },
  };
}

async function heard(tx: Queryable, site: string, worker: string, asOf: Instant): Promise<void> {
  await tx.query(
    `insert into sites (id, seen_at, worker) values ($1, $2, $3)
     on conflict (id) do update set seen_at = excluded.seen_at, worker = excluded.worker`,
    [site, asOf, worker],
  );
}

/**
 * Opens the incidents of a site's silence. A site that was never heard of is not silent: its worker is not set up yet.
 * @returns the agreements for which an incident was opened
 */
async function openSilence(
  tx: Queryable,
  site: string,
  agreements: readonly string[],
  asOf: Instant,
): Promise<string[]> {
  const message = silence(site);
  const opened = await tx.query<{ id: number; agreement: string }>(
    `insert into incidents
            (agreement, monitor, class, severity, since, opened_at, last_good_at, message, confirmed_at)
     select agreement, $2, 'ours', 'silent', $3, $3, (select seen_at from sites where id = $4), $5, $3
       from unnest($1::text[]) as a(agreement)
      where exists (select 1 from sites where id = $4 and seen_at is not null)
     on conflict (agreement, monitor, class) where closed_at is null do nothing
     returning id, agreement`,
    [agreements, siteMonitor(site), asOf, site, JSON.stringify(message)],
  );
  for (const { id } of opened) await log(tx, id, asOf, 'opened', { severity: 'silent', message });
  return opened.map(({ agreement }) => agreement);
}

/** Closes the silence of a site, except for these agreements. */
async function closeSilence(
  tx: Queryable,
  site: string,
  except: readonly string[],
  asOf: Instant,
): Promise<string[]> {
  const closed = await tx.query<{ id: number; agreement: string; told: boolean }>(
    `update incidents set closed_at = greatest($3::timestamptz, opened_at)
      where monitor = $1 and class = 'ours' and closed_at is null and agreement <> all ($2)
      returning id, agreement, told_at is not null as told`,
    [siteMonitor(site), except, asOf],
  );
  const message = isBack(site);
  for (const { id } of closed) await log(tx, id, asOf, 'recovered', { message });
  await announceAlerts(
    tx,
    closed.flatMap(({ agreement, told }) => (told ? [agreement] : [])),
  );
  return closed.map(({ agreement }) => agreement);
}

export type SiteActivities = ReturnType<typeof createSiteActivities>;
