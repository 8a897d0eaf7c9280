/**
 * `npm run save-data`: what an earlier version leaves in PostgreSQL, and the statements that it makes, for the tests of
 * migrations. The version's own code does it, taken out of Git: `npm run save-data -- 0.3.0 COMMIT`.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Db } from '../activities/db';
import { openDb } from '../activities/db';
import { createProgressReporter } from '../worker/local/progress';
import { startStack } from '../worker/local/stack';
import { projectRoot } from '../worker/settings/configuration';
import { commitOf, firstVersion, takeOut } from './helpers/earlier-version';

const dataDir = path.join(projectRoot, '.data/test');

/** All rows as SQL, a row a line, and where numbering goes on. */
async function dump(db: Db): Promise<string> {
  const lines = ['set session_replication_role = replica;'];
  const tables = await db.query<{ name: string; columns: string[] }>(
    `select table_name as name, array_agg(column_name::text order by ordinal_position) as columns
       from information_schema.columns where table_schema = 'public' and is_generated = 'NEVER'
      group by 1 order by 1`,
  );
  for (const { name, columns } of tables) {
    const values = columns.map((column) => `quote_nullable(t."${column}"::text)`).join(` || ', ' || `);
    const rows = await db.query<{ row: string }>(`select ${values} as row from ${name} t order by 1`);
    const into = `insert into ${name} (${columns.map((column) => `"${column}"`).join(', ')})`;
    lines.push(...rows.map(({ row }) => `${into} overriding system value values (${row});`));
  }
  const numbering = await db.query<{ sql: string }>(
    `select format('select setval(%L, %s);', sequencename, last_value) as sql from pg_sequences
      where schemaname = 'public' and last_value is not null order by 1`,
  );
  return [...lines, ...numbering.map(({ sql }) => sql), 'set session_replication_role = origin;', ''].join(
    '\n',
  );
}

async function main(): Promise<void> {
  const [version = '0.2.0', name = firstVersion] = process.argv.slice(2);
  const commit = commitOf(name);
  if (commit === undefined) throw new Error(`expected a commit of this clone, found ${name}`);
  const folder = takeOut(commit);
  const log = createProgressReporter();
  const stack = await startStack({ dataDir, environment: {}, log, fsync: false });
  const database = `earlier_${process.pid}`;
  const url = new URL(stack.databaseUrl);
  url.pathname = `/${database}`;
  const admin = openDb(stack.databaseUrl);
  try {
    await admin.query(`create database ${database}`);
    const kept = (what: string): string => path.join(__dirname, 'fixtures', `${version}-${what}`);
    const step = log.step(`${version}, ${commit.slice(0, 8)}`);
    const asked = JSON.stringify({
      ...{ folder, databaseUrl: url.href, statements: kept('statements.json') },
      stack: { ...stack, cacheDir: path.join(dataDir, 'cache') },
    });
    const script = path.join(__dirname, 'helpers/earlier-data.ts');
    const { status } = spawnSync(process.execPath, ['--require', 'tsx/cjs', script, asked], {
      ...{ cwd: folder, stdio: 'inherit' },
    });
    if (status !== 0) throw new Error(`${version} ended with ${String(status)}`);
    const db = openDb(url.href);
    writeFileSync(kept('data.sql'), await dump(db).finally(() => db.close()));
    step.done();
  } finally {
    await admin.query(`drop database if exists ${database} with (force)`);
    await admin.close();
    await stack.stop();
  }
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
