/** Rows a second that a file of a time system brings into the ledger, beside the same inserts in bare SQL. */
import { randomBytes } from 'node:crypto';
import type { Db } from '../../activities/db';
import { openDb } from '../../activities/db';
import { importHours } from '../../activities/hours/import';
import { addDays } from '../../rules/engine/calendar/dates';
import type { ImportProfile } from '../../rules/engine/imports/profile';
import { readTimeRows } from '../../worker/files/read-time-rows';
import { cloneDatabase } from '../../worker/simulation/databases';
import { signAndPlan } from '../activities/signed-agreement';
import type { BenchStack, Measured } from './measured';
import { compare, interleave } from './statistics';

const rows = 2_000;
const asOf = '2027-12-01T09:00:00.000Z';
const today = '2027-12-01';

/** Tables that an import writes, in the order in which they refer to each other. */
const written = [
  'hour_entries',
  'hour_entry_texts',
  'hour_imports',
  'hour_import_rows',
  'hour_transactions',
  'hour_postings',
  'outbox',
];

export const profile = (agreement: string): ImportProfile => ({
  columns: { date: 'Datum', customer: 'Kund', project: 'Projekt', person: 'Användare', time: 'Timmar' },
  dates: 'YYYY-MM-DD',
  times: '1,5',
  agreements: [{ when: { customer: 'Testbolaget*' }, agreement }],
  kinds: [{ when: { project: 'Förvaltning' }, kind: 'consulting' }],
  negative: 'corrects',
});

/** A year of work of ten people, as a time system in Sweden exports it. */
export const exported = Buffer.from(
  [
    'Datum;Kund;Projekt;Användare;Timmar',
    ...Array.from({ length: rows }, (_, at) => {
      const day = addDays('2027-01-01', (at * 7) % 330);
      return `${day};Testbolaget AB;Förvaltning;Konsult ${at % 10};0,${String(10 + (at % 80))}`;
    }),
  ].join('\r\n'),
  'latin1',
);

/** Measures with a database of its own: each repetition has an agreement that no other has booked on. */
export async function measureImport(
  stack: BenchStack,
  { repetitions }: { repetitions: number },
): Promise<Measured> {
  const clone = await cloneDatabase(stack.databaseUrl, `import_${randomBytes(4).toString('hex')}`);
  const db = openDb(clone.databaseUrl);
  let count = 0;
  const agreementAnew = async (): Promise<string> => {
    const agreement = `import-${(count += 1)}`;
    await signAndPlan(db, { agreement });
    return agreement;
  };
  const importInto = async (agreement: string): Promise<number> => {
    const start = performance.now();
    const read = await readTimeRows(exported, profile(agreement), today);
    const { done } = await importHours(db, {
      ...{ profile: agreement, rows: read.rows, by: 'bench', asOf },
      file: { name: 'tid.csv', sha256: '' },
    });
    if (!done) throw new Error('expected the file to be booked');
    return (1000 * rows) / (performance.now() - start);
  };
  try {
    const model = await modelOf(db, await agreementAnew(), importInto);
    const product = async (): Promise<number> => importInto(await agreementAnew());
    const bare = async (): Promise<number> => {
      const asked = await agreementAnew();
      const start = performance.now();
      await insertBare(db, model, asked);
      return (1000 * rows) / (performance.now() - start);
    };
    for (let warm = 0; warm < 3; warm += 1) {
      await product();
      await bare();
    }
    const pairs = await interleave(repetitions, product, bare, () => undefined);
    return {
      id: 'hours-import',
      name: `import of a file with ${rows} rows`,
      goal: { of: 'ratio', atLeast: 0.5 },
      unit: 'rows/s',
      ...compare(pairs),
      note: 'read, judged and posted in one transaction; bare: the same rows, one insert for each table',
      pairs,
    };
  } finally {
    await db.close();
    await clone.drop();
  }
}

/** What an import writes into each table, as JSON in which the agreement's number can be replaced. */
interface Model {
  agreement: string;
  tables: [table: string, json: string][];
}

async function modelOf(
  db: Db,
  agreement: string,
  importInto: (agreement: string) => Promise<number>,
): Promise<Model> {
  const rowsOf = async (table: string): Promise<Set<string>> =>
    new Set(
      (await db.query<{ row: string }>(`select to_jsonb(t)::text as row from ${table} t`)).map(
        ({ row }) => row,
      ),
    );
  const before = new Map<string, Set<string>>();
  for (const table of written) before.set(table, await rowsOf(table));
  await importInto(agreement);
  const tables: Model['tables'] = [];
  for (const table of written) {
    const added = [...(await rowsOf(table))].filter((row) => !before.get(table)?.has(row));
    tables.push([table, `[${added.join(',')}]`]);
  }
  return { agreement, tables };
}

/** Inserts what the model wrote for another agreement: one statement for each table, in one transaction. */
async function insertBare(db: Db, { agreement, tables }: Model, other: string): Promise<void> {
  const [{ next = 0 } = {}] = await db.query<{ next: number }>('select max(id) as next from hour_imports');
  await db.transaction(async (tx) => {
    for (const [table, json] of tables)
      await tx.query(
        `insert into ${table} overriding system value select * from jsonb_populate_recordset(null::${table}, $1::jsonb)`,
        [renamed(json, agreement, other, next + 10_000)],
      );
  });
}

/** The same rows under other keys. @param id of the import, and of the row in the outbox */
function renamed(json: string, agreement: string, other: string, id: number): string {
  return json
    .replaceAll(agreement, other)
    .replaceAll(/"(id|entry|subject|transaction)": "/g, `"$1": "${other}/`)
    .replaceAll(/"(id|import)": \d+/g, `"$1": ${id}`);
}
