import type { Finding, Severity } from './finding';
import type { Text } from '../basics/text';

/**
 * The finding for what stands at `offset` of a file's text.
 *
 * @returns line and column counted from 1, in UTF-16 code units as editors count them
 */
export function findingAt(
  text: string,
  file: string,
  offset: number,
  message: Text,
  severity: Severity = 'error',
): Finding {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return {
    file,
    line: before.split('\n').length,
    column: offset - lineStart + 1,
    severity,
    message: message.en,
    messageSv: message.sv,
  };
}
