/** The question to a database, its possible answers, and the errors where it gives none. */
import type { Socket } from 'node:net';
import type { Check } from '../../../rules/engine/contract/monitor';
import type { Text } from '../../../rules/engine/basics/text';
import { expectedFound, joined } from '../../../rules/engine/basics/text';
import { NotMade, NotWell } from './checker';
import type { SqlConnection } from './sql-connection';

export interface Question {
  connection: SqlConnection;
  /** A single statement. */
  query: string;
  clock: Check['clock'];
  /** Whether the value is wanted as text, of whatever type it is: a version. */
  asText?: boolean;
  /** Time limit of the query. */
  seconds: number;
  /** Gives a socket connected to an allowed address; the function that asks closes it. */
  connect: () => Promise<Socket>;
}

/** The single value, `undefined` for null or no row. Times are milliseconds since 1970, `now` by the database's clock. */
export type Answer =
  | { kind: 'number'; value: number | undefined }
  | { kind: 'time'; at: number | undefined; now: number }
  | { kind: 'text'; text: string | undefined };

const query: Text = { sv: 'frågan: ', en: 'the query: ' };

export const rowsExpected = (found: Text): NotWell =>
  new NotWell(joined(query, expectedFound({ sv: 'en rad', en: 'one row' }, found)));

export const columnsExpected = (found: number): NotWell =>
  new NotWell(joined(query, expectedFound({ sv: 'en kolumn', en: 'one column' }, String(found))));

export const pointInTime: Text = { sv: 'en tidpunkt', en: 'a point in time' };
export const number: Text = { sv: 'ett tal', en: 'a number' };
export const somethingElse: Text = { sv: 'något annat', en: 'something else' };

export const valueExpected = (expected: Text, found: Text): NotWell =>
  new NotWell(joined(query, expectedFound(expected, found)));

export const typeExpected = (): NotWell =>
  valueExpected(joined(pointInTime, { sv: ' eller ', en: ' or ' }, number), somethingElse);

export const loginRefused = (cause: Error): NotMade =>
  new NotMade(
    {
      sv: 'databasen släpper inte in användaren: fel användare, lösenord eller databas',
      en: 'the database does not let the user in: wrong user, password or database',
    },
    { cause },
  );

export const notAllowed = (why: Text, cause: Error): NotMade =>
  new NotMade(joined({ sv: 'databasen: ', en: 'the database: ' }, why), { cause });

export const gaveUp = (seconds: number, cause: Error): NotWell =>
  new NotWell(
    {
      sv: `databasen svarade inte inom ${seconds} s`,
      en: `the database did not answer within ${seconds} s`,
    },
    undefined,
    { cause },
  );
