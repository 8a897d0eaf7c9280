/**
 * Plays whole years in one run, or in runs that end after a few steps, as if their history had grown too long.
 */
import type { Db } from '../../activities/db';
import type { SimulationOptions } from '../../worker/simulation/simulate';
import { runsOf, startSimulationWorker } from '../../worker/simulation/simulate';
import { bundleOfShortRuns } from './bundle-with';
import { play } from './play';
import { rulesOf, stories } from './stories';

const toTheMinute = (text: string): string => text.replace(/(T\d\d:\d\d):\d\d\.\d{3}Z/g, '$1Z');

/** All rows of the agreement in PostgreSQL, without counts of attempts. */
async function rowsOf(db: Db): Promise<object> {
  const tables = {
    mails: 'select key, recipient, subject, state, as_of from mails',
    obligations: 'select * from obligations',
    meetings: 'select * from meetings',
    attention: 'select code, subject, detail from attention',
    grants: 'select year, kind, seconds from hour_grants',
    hours: `select e.number, e.action, e.work_date, e.service, e.reported, e.billable, t.note
              from hour_entries e left join hour_entry_texts t on t.entry = e.id`,
  };
  const read = Object.entries(tables).map(async ([table, sql]): Promise<[string, string[]]> => [
    table,
    (await db.query(sql)).map((row) => toTheMinute(JSON.stringify(row))).sort(),
  ]);
  return Object.fromEntries(await Promise.all(read));
}

export interface Told {
  /** The years' stories and all rows, with times to the minute. */
  story: object;
  runs: number;
}

/** Plays a year of `stories`. */
export async function tell(story: string, options: Partial<SimulationOptions> = {}): Promise<Told> {
  let rows = {};
  let runs = 0;
  const { years } = await play({
    rules: rulesOf(story),
    scenario: stories[story]!,
    digests: story === 'dated-terms',
    ...options,
    onPlayed: async ({ client, db, workflowId }) => {
      rows = await rowsOf(db);
      runs = (await runsOf(client, workflowId)).length;
    },
  });
  return { story: { years, rows }, runs };
}

/** Plays a year of `stories` in runs of so many steps. */
export async function tellInShortRuns(story: string, steps: number): Promise<Told> {
  const bundle = await bundleOfShortRuns(steps);
  return tell(story, { startWorker: (options) => startSimulationWorker({ ...options, bundle }) });
}
