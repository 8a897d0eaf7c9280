/** Reads a single value from a PostgreSQL database, in a transaction that changes nothing. */
import type { Socket } from 'node:net';
import pg from 'pg';
import type { Check } from '../../../rules/engine/contract/monitor';
import { NotMade, NotWell } from './checker';
import type { Answer, Question } from './sql-answer';
import { columnsExpected, gaveUp, loginRefused, notAllowed, rowsExpected, typeExpected } from './sql-answer';

const types = { timestamptz: 1184, timestamp: 1114, date: 1082 } as const;
const times: readonly number[] = Object.values(types);
/** int2, int4, int8, float4, float8, numeric. */
const numbers: readonly number[] = [21, 23, 20, 700, 701, 1700];

/** Values as the database writes them. */
const asText: pg.CustomTypesConfig = { getTypeParser: () => (value: string) => value };

/** As a timestamptz, by a type's number; a time without zone is the database's own, or UTC. */
const instant: Record<number, (zone: string) => string> = {
  [types.timestamptz]: () => '$1::timestamptz',
  [types.timestamp]: (zone) => `$1::timestamp at time zone ${zone}`,
  [types.date]: (zone) => `$1::date::timestamp at time zone ${zone}`,
};

/**
 * Runs the query in a read-only transaction, with a time limit that the database keeps itself: a query that we give up
 * ends there too. It is declared as a cursor: its columns are known before the first row is computed, and at most two
 * rows are.
 */
export async function askPostgres(question: Question): Promise<Answer> {
  const { connect, connection, query, clock, asText: wantsText = false, seconds } = question;
  const socket = await connect();
  const client = new pg.Client({
    host: connection.host,
    port: connection.port,
    user: connection.user,
    // As a function: an empty password would be taken from our own environment.
    password: () => connection.password,
    database: connection.database,
    ssl: connection.encrypted && { rejectUnauthorized: connection.verified },
    application_name: 'serviceavtal',
    stream: () => connected(socket),
  });
  // Stays: what breaks while the connection is being closed must not end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(
      `begin read only; set local statement_timeout = ${1000 * seconds}; set local datestyle = 'ISO, YMD'`,
    );
    // By name it is prepared, and the database refuses more than one statement.
    await client.query({ name: 'declare', text: `declare asked no scroll cursor for ${query}` });
    const { fields } = await client.query({ text: 'fetch 0 from asked', types: asText });
    const [field] = fields;
    if (!field || fields.length !== 1) throw columnsExpected(fields.length);
    const type = field.dataTypeID;
    if (!wantsText && !times.includes(type) && !numbers.includes(type)) throw typeExpected();
    const { rows } = await client.query<[string | null]>({
      text: 'fetch 2 from asked',
      types: asText,
      rowMode: 'array',
    } as pg.QueryArrayConfig);
    const [row] = rows as [string | null][];
    if (rows.length > 1) throw rowsExpected({ sv: 'flera', en: 'several' });
    const value = row?.[0] ?? undefined;
    if (wantsText) return { kind: 'text', text: value };
    if (numbers.includes(type))
      return { kind: 'number', value: value === undefined ? undefined : Number(value) };
    return { kind: 'time', ...(await timeOf(client, type, value, clock)) };
  } catch (error) {
    throw told(error, seconds);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Both by the database's own clock and calendar. */
async function timeOf(
  client: pg.Client,
  type: number,
  value: string | undefined,
  clock: Check['clock'],
): Promise<{ at: number | undefined; now: number }> {
  const zone = clock === 'utc' ? "'UTC'" : "current_setting('TimeZone')";
  const at = (instant[type] as (zone: string) => string)(zone);
  const { rows } = await client.query<{ at: string | null; now: string }>({
    text: `select extract(epoch from ${at}) * 1000 as at, extract(epoch from clock_timestamp()) * 1000 as now`,
    values: [value ?? null],
    types: asText,
  });
  const [row] = rows;
  if (!row) throw new Error('expected the time of the database, found no row');
  return { at: row.at === null ? undefined : Number(row.at), now: Number(row.now) };
}

/** The driver connects the stream it is given; ours is connected, to an address that was checked. */
const connected = (socket: Socket): Socket =>
  Object.assign(socket, {
    connect: () => {
      process.nextTick(() => socket.emit('connect'));
      return socket;
    },
  });

function told(error: unknown, seconds: number): unknown {
  if (error instanceof NotMade || error instanceof NotWell || !(error instanceof Error)) return error;
  const { code = '' } = error as { code?: string };
  if (code.startsWith('28') || error.message.startsWith('SASL')) return loginRefused(error);
  if (code === '3D000')
    return notAllowed({ sv: 'databasen finns inte', en: 'there is no such database' }, error);
  if (code === '42501')
    return notAllowed({ sv: 'användaren får inte läsa detta', en: 'the user may not read this' }, error);
  if (code === '57014') return gaveUp(seconds, error);
  return error;
}
