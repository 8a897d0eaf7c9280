/** What watching costs: memory, processor time, history events, and writes to the databases. */
import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { storeSignedContract } from '../../activities/agreements/agreements';
import type { Db } from '../../activities/db';
import { openDb } from '../../activities/db';
import { announceMonitors, central, watchIdOf } from '../../activities/monitors/places';
import { monitoringQueueOf } from '../../rules/engine/monitoring/queues';
import { cloneDatabase } from '../../worker/simulation/databases';
import { exampleContract } from '../helpers/example';
import { watchedCheck } from '../helpers/watched';
import type { BenchStack, Measured } from './measured';
import type { TargetPorts } from './monitoring-load';
import type { Exporter, ProductSide } from './monitoring-processes';
import { startProduct } from './monitoring-processes';
import type { Sample } from './monitoring-side';

export interface WatchOptions {
  agreements: number;
  /** Of each agreement, each at an address of its own. */
  checks: number;
  /** How long each pace is measured: a whole number, for the watch speaks up once a minute. */
  minutes: number;
  ports: TargetPorts;
  exporter?: Exporter;
  /** MiB that a process of a plugin has resident. */
  plugin?: number;
  onProgress: (text: string) => void;
}

/** Seconds between two checks of each, at the fast pace. */
const fast = 12;
/** No other watch has this number. */
const shard = 999;
const watch = { place: central, shard };
const patienceMs = 180_000;

const pause = (seconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/** An address of its own for each check, as customers' servers have. */
const urlOf = (port: number, number: number): string =>
  `http://127.0.${1 + Math.floor(number / 250)}.${1 + (number % 250)}:${port}/kept`;

/** Rows written so far, and commits. */
interface Writes {
  rows: number;
  commits: number;
}

/** Of all tables of our database, without the pieces that large values are kept in. */
async function rowsOf(db: Db): Promise<number> {
  const [row] = await db.query<{ rows: number }>(
    'select sum(n_tup_ins + n_tup_upd + n_tup_del)::bigint as rows from pg_stat_user_tables',
  );
  return row?.rows ?? 0;
}

async function writesOf(db: Db, database: 'ours' | 'temporal'): Promise<Writes> {
  const which = database === 'ours' ? `datname = current_database()` : `datname like 'temporal%'`;
  const [row] = await db.query<Writes>(
    `select sum(tup_inserted + tup_updated + tup_deleted)::bigint as rows, sum(xact_commit)::bigint as commits
       from pg_stat_database where ${which}`,
  );
  return row ?? { rows: 0, commits: 0 };
}

interface Moment {
  sample: Sample;
  rows: number;
  ours: Writes;
  temporal: Writes;
  events: number;
}

interface Bench {
  db: Db;
  client: Client;
  product: ProductSide;
}

async function look({ db, client, product }: Bench): Promise<Moment> {
  const { historyLength } = await client.workflow.getHandle(watchIdOf(watch)).describe();
  return {
    rows: await rowsOf(db),
    ours: await writesOf(db, 'ours'),
    temporal: await writesOf(db, 'temporal'),
    events: historyLength,
    sample: await product.sample(),
  };
}

/** What happened between two moments. */
interface Stretch {
  seconds: number;
  checks: number;
  events: number;
  rows: number;
  pieces: number;
  commits: number;
  temporalRows: number;
  /** Of one core. */
  share: number;
}

function between(from: Moment, to: Moment): Stretch {
  const seconds = (to.sample.at - from.sample.at) / 1000;
  return {
    seconds,
    checks: to.sample.made - from.sample.made,
    events: to.events - from.events,
    rows: to.rows - from.rows,
    pieces: to.ours.rows - from.ours.rows,
    commits: to.ours.commits - from.ours.commits,
    temporalRows: to.temporal.rows - from.temporal.rows,
    share: (to.sample.cpu - from.sample.cpu) / 1e6 / seconds,
  };
}

/** The checks, at this pace: rows as `configureMonitors` writes them. */
async function place(db: Db, options: WatchOptions, intervalMinutes: number): Promise<void> {
  const agreements = Array.from({ length: options.agreements }, (_, number) => `bench-${number}`);
  await db.transaction(async (tx) => {
    for (const [at, agreement] of agreements.entries()) {
      const checks = Array.from({ length: options.checks }, (_, number) =>
        watchedCheck(`check-${number}`, {
          agreement,
          intervalMinutes,
          url: urlOf(options.ports.http, at * options.checks + number),
        }),
      );
      await tx.query(
        `insert into monitors (agreement, id, customer, place, shard, state, watched)
         select $1, watched -> 'check' ->> 'id', watched ->> 'customer', $2, $3, 'watched', watched
           from jsonb_array_elements($4) as each(watched)
         on conflict (agreement, id) do update set watched = excluded.watched`,
        [agreement, central, shard, JSON.stringify(checks)],
      );
    }
    await announceMonitors(tx, watch);
  });
}

/** Waits until every check has been found well. */
async function untilWell(db: Db, checks: number): Promise<void> {
  const giveUpAt = Date.now() + patienceMs;
  for (;;) {
    const [row] = await db.query<{ well: number; other: number }>(
      `select count(*) filter (where status = 'ok') as well, count(*) filter (where status <> 'ok') as other
         from monitor_states`,
    );
    if (row?.well === checks) return;
    if ((row?.other ?? 0) > 0 || Date.now() > giveUpAt)
      throw new Error(`expected ${checks} checks to be well, found ${row?.well}, and not well ${row?.other}`);
    await pause(1);
  }
}

/** Has the exporter make as many checks, evenly: what it costs to make them where nobody keeps or judges them. */
async function paceExporter(
  exporter: Exporter,
  { ports }: WatchOptions,
  checks: number,
  seconds: number,
): Promise<{ share: number; resident: number }> {
  const every = 60_000 / checks;
  const [begun, before] = [performance.now(), exporter.cpu()];
  const running = new Set<Promise<void>>();
  let failure: Error | undefined;
  for (let made = 0; performance.now() - begun < seconds * 1000 && !failure;) {
    for (; made * every < performance.now() - begun; made += 1) {
      const probe = exporter
        .probe('kept', urlOf(ports.http, made % checks))
        .catch((error: Error) => void (failure = error))
        .finally(() => running.delete(probe));
      running.add(probe);
    }
    await pause(0.005);
  }
  await Promise.all(running);
  if (failure) throw failure;
  return {
    share: (exporter.cpu() - before) / 1000 / (performance.now() - begun),
    resident: exporter.resident(),
  };
}

/** Rows a minute that Temporal writes while nothing is watched. */
async function rowsWithoutWatch({ db, client }: Bench): Promise<number> {
  await client.workflow.getHandle(watchIdOf(watch)).terminate('measured');
  // The worker hears of it with its next heartbeat.
  await pause(15);
  const before = await writesOf(db, 'temporal');
  await pause(60);
  const after = await writesOf(db, 'temporal');
  return after.rows - before.rows;
}

const perMillion = (count: number, { checks }: Stretch): number => (count / checks) * 1_000_000;
const perMinute = ({ checks, seconds }: Stretch): string => ((checks / seconds) * 60).toFixed(0);
const round = (value: number): number => Math.round(value * 10) / 10;

/** Measures one watch, run by the real workflow and worker on a database of its own. */
export async function measureWatch(stack: BenchStack, options: WatchOptions): Promise<Measured[]> {
  const { onProgress, exporter } = options;
  const id = randomBytes(4).toString('hex');
  const total = options.agreements * options.checks;
  const taskQueue = `monitoring-${id}`;
  const { namespace, temporalAddress, cacheDir } = stack;
  const clone = await cloneDatabase(stack.databaseUrl, `monitoring_${id}`);
  const db = openDb(clone.databaseUrl, { maxConnections: 2 });
  const connection = await Connection.connect({ address: temporalAddress });
  const client = new Client({ connection, namespace });
  const product = startProduct();
  const bench: Bench = { db, client, product };
  try {
    onProgress('watching: preparing');
    for (let number = 0; number < options.agreements; number += 1)
      await storeSignedContract(db, exampleContract({ agreement: `bench-${number}` }), { start: false });
    // What every check needs is loaded and compiled before memory is looked at.
    await product.load({ kind: 'kept', ports: options.ports, lanes: 32, seconds: 2 });
    await product.watch({ databaseUrl: clone.databaseUrl, temporalAddress, namespace, taskQueue, cacheDir });
    await client.workflow.start('watching', {
      workflowId: watchIdOf(watch),
      taskQueue: monitoringQueueOf(taskQueue),
      workflowIdConflictPolicy: 'TERMINATE_EXISTING',
      args: [watch],
    });
    await pause(5);
    await product.sample();
    const empty = await product.sample();

    onProgress(`watching: ${total} checks, first results`);
    await place(db, options, 1);
    await untilWell(db, total);
    await pause(15);
    onProgress(`watching: once a minute, for ${options.minutes} min`);
    const before = await look(bench);
    await pause(60 * options.minutes);
    const after = await look(bench);
    const steady = between(before, after);

    if (exporter) onProgress('watching: the exporter, as often');
    const paced = exporter && (await paceExporter(exporter, options, total, 60));

    onProgress(`watching: every ${fast} s, for ${options.minutes} min`);
    await place(db, options, fast / 60);
    await pause(30);
    const from = await look(bench);
    await pause(60 * options.minutes);
    const to = await look(bench);
    const quick = between(from, to);
    const [states] = await db.query<{ other: number; seen: number; kept: number; bad: number }>(
      `select (select count(*) from monitor_states where status <> 'ok') as other, octet_length(seen::text) as seen,
              pg_column_size(seen) as kept, bad from watches where place = $1 and shard = $2`,
      [central, shard],
    );
    if (!states || states.other > 0 || states.bad > 0)
      throw new Error(`expected every check to stay well, found ${JSON.stringify(states)}`);
    onProgress('watching: nothing, for comparison');
    const idleRows = await rowsWithoutWatch(bench);
    const watchRows = (quick.temporalRows / quick.seconds) * 60;
    // What is resident goes up and down with garbage of earlier load by more than this.
    const grown = after.sample.used - empty.used;
    return [
      {
        id: 'watch-memory',
        name: 'memory of a thousand checks, watched',
        unit: 'MiB/1000',
        product: (grown / total) * 1000,
        note:
          `${total} http checks once a minute, each of an address of its own; in use after a collection ${round(empty.used)} MiB ` +
          `without them, ${round(after.sample.used)} with; resident ${round(empty.resident)} and ${round(after.sample.resident)}`,
      },
      {
        id: 'watch-resident',
        name: `resident, ${total} checks a minute`,
        unit: 'MiB',
        product: after.sample.resident,
        ...(paced && { bare: paced.resident, ratio: after.sample.resident / paced.resident }),
        note:
          'the exporter keeps neither schedule nor state: Prometheus and Alertmanager beside it do, and are not counted' +
          (options.plugin === undefined ? '' : `; a plugin at work has ${round(options.plugin)} MiB`),
      },
      {
        id: 'watch-cpu',
        name: `processor, ${total} checks a minute`,
        unit: '% of a core',
        product: 100 * steady.share,
        ...(paced && { bare: 100 * paced.share, ratio: steady.share / paced.share }),
        note: `${perMinute(steady)} checks a minute were made; the product's also plans, judges and keeps them`,
      },
      {
        id: 'watch-events',
        name: 'history events, a million healthy checks',
        unit: 'events',
        product: perMillion(quick.events, quick),
        note: `${quick.events} events in ${quick.checks} checks, ${perMinute(quick)} a minute`,
      },
      {
        id: 'watch-rows',
        name: 'rows written, a million healthy checks',
        unit: 'rows',
        product: perMillion(quick.rows, quick),
        note:
          `one a minute for the whole watch, so at ${perMinute(steady)} a minute ${perMillion(steady.rows, steady).toFixed(0)}; ` +
          `the row says when each check was last made, ${round(states.seen / 1000)} kB, ${round(states.kept / 1000)} packed: ` +
          `with the pieces it is stored in ${perMillion(quick.pieces, quick).toFixed(0)} rows`,
      },
      {
        id: 'watch-commits',
        name: 'commits, a million healthy checks',
        unit: 'commits',
        product: perMillion(quick.commits, quick),
        note: `with looks at what is to be watched, every 15 s; at ${perMinute(steady)} a minute ${perMillion(steady.commits, steady).toFixed(0)}`,
      },
      {
        id: 'watch-temporal',
        name: "rows in Temporal's database, a minute",
        unit: 'rows/min',
        product: watchRows,
        bare: idleRows,
        ratio: watchRows / idleRows,
        note: `heartbeats of the activity, every 5 s however many checks (${perMinute(quick)} a minute here); bare: the same server and worker without a watch`,
      },
    ];
  } finally {
    onProgress('watching: cleaning up');
    await client.workflow
      .getHandle(watchIdOf(watch))
      .terminate('measured')
      .catch(() => undefined);
    await client.workflowService
      .deleteWorkflowExecution({ namespace, workflowExecution: { workflowId: watchIdOf(watch) } })
      .catch(() => undefined);
    await product.stop();
    await connection.close();
    await db.close();
    await clone.drop();
  }
}
