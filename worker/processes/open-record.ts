/** The record outside of the database, as the settings place it, and who is told where it cannot be written. */
import { hostname } from 'node:os';
import type { Db } from '../../activities/db';
import type { OperatorMailDeps } from '../../activities/health/operator-mails';
import { tellOfRecord } from '../../activities/health/tell-record';
import type { RecordFile } from '../../activities/record/record-file';
import { openRecord } from '../../activities/record/record-file';
import { inWords } from '../basics/spoken';
import { takeTurns } from '../basics/take-turns';
import type { Configuration } from '../settings/configuration';

/** @param log told when it cannot be written, and when it can again */
export function recordOf(
  { recordDir }: Pick<Configuration, 'recordDir'>,
  log: (line: string) => void,
): RecordFile {
  return openRecord(recordDir, { log: (line) => log(inWords(line)) });
}

export interface RecordWatch {
  db: Db;
  record: Pick<RecordFile, 'trouble' | 'lost'>;
  recordDir: string;
  mail: OperatorMailDeps;
  log: (line: string) => void;
}

/** Milliseconds between looks. */
const lookEvery = 60_000;

/** Starts looking at the record of this process, at once and then every minute; the operator is mailed. */
export function startRecordWatch({ db, record, recordDir, mail, log }: RecordWatch): {
  stop(): Promise<void>;
} {
  const place = `${hostname()}:${recordDir}`;
  return takeTurns(async () => {
    const standing = { place, trouble: record.trouble(), lost: record.lost() };
    await tellOfRecord(db, mail, standing).catch(({ message }: Error) =>
      log(
        inWords({
          sv: `mejl om journalen utanför databasen väntar: «${message}»`,
          en: `mails about the record outside of the database wait: ${message}`,
        }),
      ),
    );
    return lookEvery;
  });
}
