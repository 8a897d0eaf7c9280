/** The record outside of the database, as the settings place it. */
import type { RecordFile } from '../../activities/record/record-file';
import { openRecord } from '../../activities/record/record-file';
import { inWords } from '../basics/spoken';
import type { Configuration } from '../settings/configuration';

/** @param log told when it cannot be written, and when it can again */
export function recordOf(
  { recordDir }: Pick<Configuration, 'recordDir'>,
  log: (line: string) => void,
): RecordFile {
  return openRecord(recordDir, { log: (line) => log(inWords(line)) });
}
