/** What is wrong with a file that somebody wrote. */

/**
 * How much a finding matters: an error keeps the file from being used, a warning is something to look at, and
 * `info` says what a check could not do.
 */
export type Severity = 'error' | 'warning' | 'info';

/** Where in a file something is wrong. Line and column count from 1. */
export interface Finding {
  file: string;
  line: number;
  column: number;
  severity: Severity;
  message: string;
  messageSv: string;
}
