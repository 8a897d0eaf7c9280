/**
 * Types of failures that no retry can mend. An activity that throws one marks it as non-retryable itself, so no retry
 * policy lists these types.
 */
export const permanentFailures = [
  /** The database refuses the statement itself: a dropped table, a broken constraint. */
  'DatabaseRefused',
  /** The rule files in force give no usable terms for this agreement. */
  'TermsUnusable',
  /** A message cannot be made from its template and data. */
  'MessageUnusable',
  /** There is no such agreement, plan or obligation. */
  'NotFound',
] as const;

export type PermanentFailure = (typeof permanentFailures)[number];
