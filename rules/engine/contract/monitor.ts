/** A check of something critical for a customer ("lämplig automatisk övervakning sätts upp för kritiska tjänster"). */

export const checkKinds = ['http', 'tcp', 'tls', 'sql', 'files', 'heartbeat', 'process'] as const;
export type CheckKind = (typeof checkKinds)[number];

/** A secret by name; its value stands in `SERVICEAVTAL_SECRET_<CUSTOMER>__<NAME>` of whoever runs the check. */
export interface SecretRef {
  secret: string;
}

/** Bounds of a measured value; crossing a `warn` bound is a warning, crossing an `error` bound is down. */
export interface Limit {
  warnAbove?: number;
  errorAbove?: number;
  warnBelow?: number;
  errorBelow?: number;
}

/** What a check's limits can be set on. */
export type Measure = 'ageMinutes' | 'value' | 'oldestMinutes' | 'newestMinutes' | 'count' | 'megabytes';

/** A daily span of local time; `days` without a value are the open days. */
export interface Hours {
  days?: 'open' | 'all' | Weekday[];
  /** Local times of day, `HH:MM`; `to` may be `24:00`. A span does not cross midnight. */
  from: string;
  to: string;
}

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof weekdays)[number];

/** What is expected somewhere in an answer of JSON; `path` is dotted: `queue.0.length`. */
export interface JsonExpectation {
  path: string;
  equals?: string | number | boolean | null;
  above?: number;
  below?: number;
}

/**
 * A check as a contract or a rule file declares it. Which properties a kind takes stands in `monitor-schema.ts`. One that
 * has only id, kind and name is agreed on but not set up yet.
 */
export interface Check {
  id: string;
  kind: CheckKind;
  name: string;
  /** Id of the site worker that runs it; without it our own worker does. */
  site?: string;
  /** Why it cannot be run in the customer's environment ("kan påverka våra möjligheter"). */
  notPossible?: string;
  /** Checks of the same agreement without which this one cannot be well: while one of them is not, this is muted. */
  dependsOn?: string[];
  /** What to do about it. */
  runbook?: string;
  /** When something is expected to happen: outside it nothing is missing. */
  expectedHours?: Hours[];
  /** Recurring maintenance: problems are kept, not told. */
  maintenance?: Hours[];
  intervalMinutes?: number;
  failuresBeforeAlert?: number;
  failuresWithin?: number;
  retrySeconds?: number;
  goodBeforeRecovery?: number;
  graceMinutes?: number;
  repeatMinutes?: number;
  /** Seconds until it is given up. */
  timeoutSeconds?: number;
  /** Seconds after which a good answer is a warning. */
  slowSeconds?: number;
  limits?: Partial<Record<Measure, Limit>>;

  /** http */
  url?: string;
  method?: 'GET' | 'HEAD' | 'POST';
  headers?: Record<string, string | SecretRef>;
  body?: string;
  /** Status codes that are well; without it 200 to 299. */
  status?: number[];
  /** What the body must, and must not, contain; for tcp what the service says first. */
  contains?: string;
  lacks?: string;
  json?: JsonExpectation[];
  /** http over TLS, and tls: days the certificate must still be valid. */
  certificateDays?: { warn?: number; error?: number };

  /** tcp, tls */
  host?: string;
  port?: number;
  /** Name asked for in the certificate, if other than `host`. */
  serverName?: string;

  /** sql: `connection` is a URL `postgresql://…` or `sqlserver://…`. */
  connection?: SecretRef;
  /** A scalar query: one row, one column. For `ageMinutes` a point in time, by the database's own clock. */
  query?: string;
  /** Whether times in the database are local to it or UTC (SQL Server's datetime has no zone). */
  clock?: 'local' | 'utc';

  /** files */
  folder?: string;
  sftp?: {
    host: string;
    port?: number;
    user: string;
    password?: SecretRef;
    key?: SecretRef;
    /** SHA-256 fingerprint of the host's key, base64 without padding. */
    hostKey: string;
  };
  /** File names that count; `*` and `?` as usual. */
  pattern?: string;

  /** heartbeat: how often the customer's job reports, how late it may be, how long a run may take. */
  everyMinutes?: number;
  lateMinutes?: number;
  maxRunMinutes?: number;

  /** process: the name of a system service, or of a program. */
  service?: string;
  program?: string;
}

/** How one kind of check is carried out. */
export interface CheckTerms {
  intervalMinutes: number;
  /** … of the last `failuresWithin` checks. */
  failuresBeforeAlert: number;
  failuresWithin: number;
  /** Until the next try while it is not settled whether something is wrong. */
  retrySeconds: number;
  /** Good checks in a row. */
  goodBeforeRecovery: number;
  graceMinutes: number;
  /** 0: an ongoing problem is told once. */
  repeatMinutes: number;
  /** Which problems share one mail. */
  groupBy: 'none' | 'kind' | 'customer';
}

/** Terms of checking as they hold for one check: kind and check laid over the agreement's. */
export interface CheckSettings extends CheckTerms {
  /** Recoveries within so many minutes that make it flapping; it then has to be well for half as long. */
  flapping: { recoveries: number; withinMinutes: number };
}
