/**
 * Checks a single value from a customer's database: the age of the newest order, the number of failed imports. Each run
 * opens a short connection of its own to an allowed address; it reads and never writes.
 */
import type { Socket } from 'node:net';
import type { Measure } from '../../../rules/engine/contract/monitor';
import { expectedAge, isWithinHours } from '../../../rules/engine/monitoring/expected-hours';
import type { FoundVersion, WatchedCheck } from '../../../rules/engine/monitoring/watched';
import type { Text } from '../../../rules/engine/basics/text';
import { joined } from '../../../rules/engine/basics/text';
import { connectChecked } from './address-policy';
import { askPostgres } from './ask-postgres';
import { askSqlServer } from './ask-sql-server';
import type { Checker, Found } from './checker';
import { answerText, NotMade, NotWell, secretOf, withinLimits } from './checker';
import { singleStatement } from './single-statement';
import type { Answer, Question } from './sql-answer';
import { number, pointInTime, rowsExpected, somethingElse, typeExpected, valueExpected } from './sql-answer';
import type { SqlConnection } from './sql-connection';
import { readSqlConnection } from './sql-connection';
import { versionOfValue } from './version-found';

/** Seconds of the query's time limit where the check sets none: what `run-check.ts` allows a check of kind `sql`. */
const secondsUnlessTold = 30;
const ask = { postgresql: askPostgres, sqlserver: askSqlServer } as const;

/**
 * @throws NotMade if we may not: a missing secret, a wrong password, no permission, no such database, a forbidden address
 * @throws NotWell if the database does not answer, or not with a single value
 */
export const checkSql: Checker = async (watched, deps, signal) => {
  const { connection: secret, query = '', clock, timeoutSeconds } = watched.check;
  if (!secret)
    throw new NotMade({ sv: 'förväntade connection, hittade ingen', en: 'expected connection, found none' });
  limitedMeasures(watched);
  const connection = readSqlConnection(secretOf(deps, watched.customer, secret), secret.secret);
  const statement = singleStatement(query, connection.dialect);
  const sockets: Socket[] = [];
  const leave = (): void => sockets.forEach((socket) => void socket.destroy(new Error('called off')));
  const connect = async (): Promise<Socket> => {
    const socket = await connectChecked({ host: connection.host, port: connection.port, deps, signal });
    sockets.push(socket);
    if (signal.aborted) leave();
    return socket;
  };
  signal.addEventListener('abort', leave, { once: true });
  try {
    const question = { connection, clock, seconds: timeoutSeconds ?? secondsUnlessTold, connect };
    const answer = await ask[connection.dialect]({ ...question, query: statement });
    const found = holdToLimits(answer, watched, deps.now());
    const version = await versionFound(watched, question, signal);
    return { ...found, ...(version && { version }) };
  } catch (error) {
    throw told(error, connection, signal);
  } finally {
    signal.removeEventListener('abort', leave);
    sockets.forEach((socket) => void socket.destroy());
  }
};

/** What the check's other query says of a version; that it fails says nothing of what is checked. */
async function versionFound(
  { check: { reportsVersion: report } }: WatchedCheck,
  question: Omit<Question, 'query'>,
  signal: AbortSignal,
): Promise<FoundVersion | undefined> {
  if (!report) return undefined;
  const { of, query = '' } = report;
  const { dialect } = question.connection;
  try {
    const answer = await ask[dialect]({ ...question, asText: true, query: singleStatement(query, dialect) });
    return versionOfValue(of, answer.kind === 'text' ? answer.text : undefined);
  } catch (error) {
    const problem = told(error, question.connection, signal);
    if (problem instanceof NotMade || problem instanceof NotWell) return { of, problem: problem.text };
    throw problem;
  }
}

const measures = ['ageMinutes', 'value'] as const;
type SqlMeasure = (typeof measures)[number] & Measure;

/** @throws NotMade if a check has no limit that concerns databases */
function limitedMeasures({ check: { limits = {} } }: WatchedCheck): SqlMeasure[] {
  const limited = measures.filter((measure) => limits[measure]);
  if (limited.length > 0) return limited;
  throw new NotMade({
    sv: 'förväntade en gräns för ageMinutes eller value, hittade ingen',
    en: 'expected a limit of ageMinutes or value, found none',
  });
}

const kindOf: Record<SqlMeasure, Text> = { ageMinutes: pointInTime, value: number };

/** @param now for expected hours; an age is by the database's own clock */
function holdToLimits(answer: Answer, watched: WatchedCheck, now: number): Found {
  const { limits = {}, expectedHours } = watched.check;
  const closed = new Set(watched.closedDays);
  if (answer.kind === 'text') throw typeExpected();
  const measure: SqlMeasure = answer.kind === 'time' ? 'ageMinutes' : 'value';
  const limited = limitedMeasures(watched);
  const [wanted = measure] = limited;
  if (!limited.includes(measure))
    throw valueExpected(
      joined(kindOf[wanted], { sv: ` för gränsen ${wanted}`, en: ` for the limit ${wanted}` }),
      kindOf[measure],
    );
  if (answer.kind === 'time') {
    const { at } = answer;
    if (at === undefined) throw new NotWell({ sv: 'det finns ingen rad alls', en: 'there is no row at all' });
    if (!Number.isFinite(at)) throw valueExpected(pointInTime, { sv: 'en utan slut', en: 'one without end' });
    const age = expectedAge(at, answer.now, expectedHours, closed);
    return {
      ...withinLimits(measure, age, limits[measure], expectedHours ? expectedAgeLabel : ageLabel),
      answer: `newest: ${instantOf(at)}, clock of the database: ${instantOf(answer.now)}`,
    };
  }
  const { value } = answer;
  if (value === undefined) throw rowsExpected({ sv: 'ingen', en: 'none' });
  if (!Number.isFinite(value)) throw valueExpected(number, somethingElse);
  const expected = isWithinHours(new Date(now).toISOString(), expectedHours, closed);
  return withinLimits(measure, value, expected ? limits[measure] : undefined, valueLabel);
}

const ageLabel: Text = { sv: 'den nyaste radens ålder i minuter', en: "the newest row's age in minutes" };
const expectedAgeLabel: Text = {
  sv: 'den nyaste radens ålder i minuter av väntad tid',
  en: "the newest row's age in minutes of expected time",
};
const valueLabel: Text = { sv: 'frågans värde', en: "the query's value" };

/** An instant as text; one outside the range of dates as its number. */
const instantOf = (at: number): string =>
  Number.isNaN(new Date(at).getTime()) ? String(at) : new Date(at).toISOString();

/** A database's error, without anything secret. */
function told(error: unknown, { hide }: SqlConnection, signal: AbortSignal): unknown {
  if (error instanceof NotMade || error instanceof NotWell) return error;
  if (signal.aborted)
    return new NotWell({ sv: 'inget svar från databasen', en: 'no answer from the database' }, undefined, {
      cause: error,
    });
  const message = answerText(hide(error instanceof Error ? error.message : String(error)));
  return new NotWell({ sv: `databasen: ${message}`, en: `the database: ${message}` }, undefined, {
    cause: error,
  });
}
