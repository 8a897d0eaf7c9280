/**
 * Asks a SQL Server for a single value.
 *
 * Not verified against a real SQL Server: none could be had where this was written. Tried were the driver's real side of
 * the protocol against a stand-in that answers as the protocol's description says, connections that are refused or stay
 * silent, and the settings. Not tried are logging in over TLS, and what a real one makes of the statement.
 */
import type mssql from 'mssql';
import { DateTime } from 'luxon';
import { NotMade, NotWell } from './checker';
import type { Answer, Question } from './sql-answer';
import { gaveUp, loginRefused, notAllowed, typeExpected } from './sql-answer';
import type { SqlConnection } from './sql-connection';

/** Errors by number: what the user may not read. */
const permissions = [229, 230, 297, 300, 916];
const lockTimeout = 1222;

/**
 * The query as a value in a statement of ours. A value can only be one row and one column: the server refuses more, and
 * it cannot write. No rows are null.
 *
 * Read uncommitted: a check must not wait for the customer's writers, nor they for it. What it may see is a row that is
 * undone a moment later; the next check sees that.
 */
export const statementFor = (query: string, seconds: number): string =>
  [
    `set nocount on; set textsize 1000; set lock_timeout ${1000 * seconds};`,
    'set transaction isolation level read uncommitted;',
    'select (',
    query,
    ') as [value], sysdatetimeoffset() as [now], datepart(tzoffset, sysdatetimeoffset()) as [ahead];',
  ].join('\n');

/** The driver's settings. No retries, and no redirection to another server. */
export function sqlServerConfig(
  connection: SqlConnection,
  seconds: number,
  connector: () => Promise<unknown>,
): mssql.config {
  const { host, port, user, password, database, encrypted, verified } = connection;
  return {
    server: host,
    port,
    user,
    password,
    database,
    pool: { min: 0, max: 1 },
    connectionTimeout: 1000 * seconds,
    requestTimeout: 1000 * seconds,
    // A connection made this second need not be tested.
    validateConnection: false,
    options: {
      appName: 'serviceavtal',
      encrypt: encrypted,
      trustServerCertificate: !verified,
      useUTC: true,
      maxRetriesOnTransientErrors: 0,
      connector,
    },
  } as mssql.config;
}

interface Row {
  value: unknown;
  now: Date;
  ahead: number;
}

/** Loads the driver when it is first needed: it is large, and most places have no SQL Server. */
const loadDriver = async (): Promise<typeof mssql> => (await import('mssql')).default;

/** Asks; the driver connects twice, once to try whether it can. */
export async function askSqlServer({
  connect,
  connection,
  query,
  clock,
  asText = false,
  seconds,
}: Question): Promise<Answer> {
  let refused: unknown;
  const connector = async (): Promise<unknown> =>
    connect().catch((error: unknown) => {
      refused = error;
      throw error;
    });
  const driver = await loadDriver();
  const pool = new driver.ConnectionPool(sqlServerConfig(connection, seconds, connector));
  // Stays: what breaks while the connection is being closed must not end the process.
  pool.on('error', () => undefined);
  try {
    await pool.connect();
    const { recordset } = await pool.request().batch<Row>(statementFor(query, seconds));
    const [row] = recordset;
    if (!row) throw new Error('the server gave no answer');
    if (asText) return { kind: 'text', text: textOf(row.value) };
    return answerOf(row, recordset.columns['value']?.type, clock, typesOf(driver));
  } catch (error) {
    throw refused ?? told(error, seconds);
  } finally {
    await pool.close().catch(() => undefined);
  }
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;

interface Types {
  withoutZone: readonly unknown[];
  numbers: readonly unknown[];
  withZone: unknown;
}

const typesOf = (driver: typeof mssql): Types => ({
  withoutZone: [driver.DateTime, driver.DateTime2, driver.SmallDateTime, driver.Date],
  numbers: [
    driver.TinyInt,
    driver.SmallInt,
    driver.Int,
    driver.BigInt,
    driver.Real,
    driver.Float,
    driver.Decimal,
    driver.Numeric,
    driver.SmallMoney,
    driver.Money,
  ],
  withZone: driver.DateTimeOffset,
});

function answerOf(
  { value, now, ahead }: Row,
  type: unknown,
  clock: Question['clock'],
  { withoutZone, numbers, withZone }: Types,
): Answer {
  const none = value === null || value === undefined;
  if (numbers.includes(type)) return { kind: 'number', value: none ? undefined : Number(value) };
  if (type !== withZone && !withoutZone.includes(type)) throw typeExpected();
  if (none) return { kind: 'time', at: undefined, now: now.getTime() };
  const read = (value as Date).getTime();
  const isLocal = withoutZone.includes(type) && clock !== 'utc';
  return {
    kind: 'time',
    at: isLocal ? instantOfLocal(read, ahead, now.getTime()) : read,
    now: now.getTime(),
  };
}

/**
 * The instant of a local time that was read as if it were UTC, milliseconds since 1970.
 *
 * A server says only how far ahead of UTC it is now. If that is as far as Sweden is, it is in Sweden, and what it wrote
 * before summer time began or ended is understood. Of a time that occurs twice it is the last that has been.
 *
 * @param ahead minutes that the server's clock is ahead of UTC at `now`
 */
export function instantOfLocal(read: number, ahead: number, now: number): number {
  const zone = 'Europe/Stockholm';
  if (DateTime.fromMillis(now, { zone }).offset !== ahead) return read - ahead * 60_000;
  const found = DateTime.fromMillis(read, { zone: 'utc' }).setZone(zone, { keepLocalTime: true });
  const [first, ...later] = found
    .getPossibleOffsets()
    .map((moment) => moment.toMillis())
    .sort((a, b) => a - b);
  return later.findLast((at) => at <= now) ?? first ?? found.toMillis();
}

function told(error: unknown, seconds: number): unknown {
  if (error instanceof NotMade || error instanceof NotWell || !(error instanceof Error)) return error;
  const { code, number } = error as { code?: string; number?: number };
  // The driver does not tell a wrong password from a database that is not there.
  if (code === 'ELOGIN') return loginRefused(error);
  if (code === 'ETIMEOUT' || number === lockTimeout) return gaveUp(seconds, error);
  if (number !== undefined && permissions.includes(number))
    return notAllowed({ sv: 'användaren får inte läsa detta', en: 'the user may not read this' }, error);
  return error;
}
