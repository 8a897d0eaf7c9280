/** A check of something critical for a customer ("lämplig automatisk övervakning sätts upp för kritiska tjänster"). */

export const checkKinds = ['http', 'tcp', 'tls', 'sql', 'files', 'heartbeat', 'process'] as const;
export type CheckKind = (typeof checkKinds)[number];

/** A secret by name; its value is the variable `SERVICEAVTAL_SECRET_<CUSTOMER>__<NAME>` of the worker that checks. */
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

/** A daily span of local time, on open days unless `days` says otherwise. */
export interface Hours {
  days?: 'open' | 'all' | Weekday[];
  /** Local times of day, `HH:MM`; `to` may be `24:00`. A span does not cross midnight. */
  from: string;
  to: string;
}

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof weekdays)[number];

/** A version that a check reports besides what it checks, and where it stands. */
export interface VersionReport {
  /** Id of a system, component or integration of the contract. */
  of: string;
  /** sql: a query of its own, whose single value is the version. */
  query?: string;
  /** http: the dotted path in an answer of JSON. */
  path?: string;
  /** files: a file of the folder; process: a whole path. */
  file?: string;
  /** In a file that is text: what the version follows. */
  after?: string;
}

/** What is expected somewhere in an answer of JSON; `path` is dotted: `queue.0.length`. */
export interface JsonExpectation {
  path: string;
  equals?: string | number | boolean | null;
  above?: number;
  below?: number;
}

/**
 * A check as a contract or a rule file declares it. `monitor-schema.ts` says which properties a kind takes. With only
 * id, kind and name it is agreed on but not set up yet.
 */
export interface Check {
  id: string;
  kind: CheckKind;
  name: string;
  /** Id of the site worker that runs it; without it our own worker does. */
  site?: string;
  /** Why it cannot be run in the customer's environment ("kan påverka våra möjligheter"). */
  notPossible?: string;
  /** Checks of the same agreement that this one depends on: while one of them has failed, this one is muted. */
  dependsOn?: string[];
  /** What to do when it fails. */
  runbook?: string;
  /** When something is expected to happen; outside these hours nothing counts as missing. */
  expectedHours?: Hours[];
  /** Recurring maintenance, during which problems are recorded and nobody is mailed. */
  maintenance?: Hours[];
  intervalMinutes?: number;
  failuresBeforeAlert?: number;
  failuresWithin?: number;
  retrySeconds?: number;
  goodBeforeRecovery?: number;
  graceMinutes?: number;
  repeatMinutes?: number;
  /** Timeout of one try, in seconds. */
  timeoutSeconds?: number;
  /** Seconds after which a good answer is a warning. */
  slowSeconds?: number;
  /** A version it reports; what is found differing from the contract is shown, and never alerted. */
  reportsVersion?: VersionReport;
  /** Id of the integration of the contract that it checks: it is asked for after an upgrade. */
  integration?: string;
  limits?: Partial<Record<Measure, Limit>>;

  /** http */
  url?: string;
  method?: 'GET' | 'HEAD' | 'POST';
  headers?: Record<string, string | SecretRef>;
  body?: string;
  /** Status codes that count as good; 200 to 299 if absent. */
  status?: number[];
  /** Text that the body must, and must not, contain; for tcp the first text that the service sends. */
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

  /** heartbeat: how often the customer's job reports, or when, by one of four; in contracts from before 0.3.0 perhaps by more. */
  everyMinutes?: number;
  /** `HH:MM`, every day or from Monday to Friday. */
  dailyAt?: string;
  weekdaysAt?: string;
  /** Five fields. */
  cron?: string;
  /** Where the times of day are local; Europe/Stockholm if absent. */
  zone?: string;
  /** How late it may be, and how long a run may take. */
  lateMinutes?: number;
  maxRunMinutes?: number;

  /** process: the name of a system service, or of a program. */
  service?: string;
  program?: string;
}

/** How one kind of check is carried out. */
export interface CheckTerms {
  intervalMinutes: number;
  /** So many of the last `failuresWithin` checks have to fail. */
  failuresBeforeAlert: number;
  failuresWithin: number;
  /** Between tries while it is not certain whether something is wrong. */
  retrySeconds: number;
  /** So many good checks in a row. */
  goodBeforeRecovery: number;
  graceMinutes: number;
  /** Between reminders of an ongoing problem; 0 for none. */
  repeatMinutes: number;
  /** Which problems share one mail. */
  groupBy: 'none' | 'kind' | 'customer';
}

/** The terms of one check: the agreement's, overridden by those of its kind and then by its own. */
export interface CheckSettings extends CheckTerms {
  /** So many recoveries within so many minutes make it flapping; it then has to be good for half that time. */
  flapping: { recoveries: number; withinMinutes: number };
}
