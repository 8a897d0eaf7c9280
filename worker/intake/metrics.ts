/** `/metrics` for Prometheus: figures from PostgreSQL, and counts of the intake itself. */
import { timingSafeEqual, createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Db } from '../../activities/db';
import { readAuditFigures } from '../../activities/audit/findings';
import type { AuditFigures } from '../../activities/audit/findings';
import type { HealthFigures } from '../../activities/health/health';
import { readHealthFigures, sickKinds } from '../../activities/health/health';
import type { MonitoringFigures } from '../../activities/health/metrics';
import { readMonitoringFigures } from '../../activities/health/metrics';
import type { RecordFile } from '../../activities/record/record-file';
import type { SigningFigures } from '../../activities/signings/figures';
import { readSigningFigures } from '../../activities/signings/figures';
import type { SigningService } from '../../rules/engine/signing/signing';
import { signingServices } from '../../rules/engine/signing/signing';
import { auditKinds } from '../../templates/words/audit-words';
import type { Secret } from '../settings/secret';
import { allowMethods } from './allow-methods';
import { asked, text } from './openapi';
import { within } from './within';

/** Milliseconds for which the database's figures are reused. */
const keptFor = 5_000;
const databaseWithin = 4_000;

/**
 * Outcomes of a signing service's delivery: `received` for the first time, or `known`; `refused` as not genuine,
 * `unreadable`, `limited` after too many refusals, `tooLarge`, `unsupported` content, a service that is `notSetUp`;
 * `busy` when other bodies fill the memory, `failed` in the database, `aborted` by the sender.
 */
const deliveryAnswers = [
  'received',
  'known',
  'refused',
  'unreadable',
  'limited',
  'tooLarge',
  'unsupported',
  'notSetUp',
  'busy',
  'failed',
  'aborted',
] as const;
export type DeliveryAnswer = (typeof deliveryAnswers)[number];

export interface IntakeMetrics {
  /** Counts a job's report. */
  report(kind: 'start' | 'success' | 'fail'): void;
  /** Counts a signing service's delivery by its outcome. */
  delivery(service: SigningService, answer: DeliveryAnswer): void;
  /** Sets the function that gives the bytes of bodies in memory. */
  watchBytes(held: () => number): void;
  /** Counts an answered request; `route` is a pattern, never an address. */
  answered(route: string, method: string, status: number, seconds: number): void;
  /** All metrics in Prometheus' text format. */
  text(): Promise<string>;
  readonly contentType: string;
}

/** Label values whose series exist from the beginning: an alert needs a series before its first event. */
const known = {
  checks: ['pending', 'ok', 'warning', 'down', 'unknown', 'notSetUp', 'notPossible'],
  classes: ['customer', 'ours'],
  severities: ['down', 'warning', 'unknown', 'silent'],
  suppressed: ['parent', 'pause', 'maintenance', 'upgrade', 'grace', 'site'],
  mails: ['queued', 'sending', 'refused', 'unknown'],
  deliveries: ['received', 'waiting', 'refused'],
};

function createGauges(registry: Registry) {
  const gauge = <L extends string>(name: string, help: string, ...labelNames: L[]): Gauge<L> =>
    new Gauge<L>({ name: `serviceavtal_${name}`, help, labelNames, registers: [registry] });
  return {
    up: gauge('database_up', 'Whether PostgreSQL answered when this was read'),
    checks: gauge('checks', 'Checks of all agreements by state', 'state'),
    incidents: gauge(
      'incidents_open',
      'Open incidents; class ours: the check could not be made; taken: somebody works on it',
      'class',
      'severity',
      'taken',
    ),
    suppressed: gauge(
      'incidents_suppressed',
      'Open incidents that are kept and not told, by reason',
      'reason',
    ),
    beat: gauge(
      'watch_beat_age_seconds',
      'Seconds since a watch told that it watches: central every minute, a site what changed and once a day',
      'place',
      'shard',
    ),
    watched: gauge('watch_checks', 'Checks that a watch has', 'place', 'shard'),
    made: gauge('watch_checks_made', 'Checks that a watch made in its last minute', 'place', 'shard'),
    bad: gauge('watch_checks_bad', 'Checks of its last minute that were not good', 'place', 'shard'),
    unsent: gauge('desk_mails_unsent', 'Mails to support desks that are due and not sent'),
    unsentAge: gauge('desk_mails_unsent_age_seconds', 'Age of the oldest of them'),
    outbox: gauge('outbox_waiting', 'Rows that Temporal is due to be told of'),
    outboxAge: gauge('outbox_age_seconds', 'Age of the oldest of them, failed tries included'),
    mails: gauge('mails_unsettled', 'Mails that wait for a server or for a person, by state', 'state'),
    sites: gauge('sites', 'Sites with a worker of their own'),
    sitesSilent: gauge('sites_silent', 'Sites whose worker is silent'),
    heartbeats: gauge('heartbeats', 'Checks whose job has a token to report with'),
    heartbeatsLate: gauge('heartbeats_late', 'Of them, those whose report is late'),
    sick: gauge('workflows_sick', 'Workflows that are not well, by what is wrong with them', 'kind'),
    lookAge: gauge(
      'health_look_age_seconds',
      'Seconds since Temporal was looked at for workflows that are not well',
    ),
    audited: gauge('audit_findings', 'What the last audit found and was not mended, by kind', 'kind'),
    auditAge: gauge(
      'audit_age_seconds',
      'Seconds since the last complete audit; below zero before the first',
    ),
    auditFails: gauge('audit_failing', 'Whether the last audit could not be completed'),
    lookFails: gauge('health_look_failing', 'Whether the last look at Temporal failed'),
    signings: gauge(
      'signings',
      'Deliveries of signing services: received and not processed for a minute, waiting for a person, refused',
      'state',
    ),
    signingsAge: gauge('signings_oldest_age_seconds', 'Age of the oldest of them', 'state'),
    filesWanted: gauge('signed_files_wanted', 'Signed papers that are still to be fetched'),
    amendments: gauge('amendments_proposed', "Amendments that wait for a manager's answer"),
    signingMails: gauge(
      'signing_mails_unsent',
      'Mails about deliveries that wait, and about amendments, that have not gone out',
    ),
  };
}

type Gauges = ReturnType<typeof createGauges>;

function show(
  gauges: Gauges,
  figures: MonitoringFigures,
  signings: SigningFigures,
  { sick, looking }: HealthFigures,
  audit: AuditFigures,
): void {
  for (const gauge of Object.values(gauges)) gauge.reset();
  gauges.up.set(1);
  for (const state of known.checks) gauges.checks.set({ state }, 0);
  for (const { state, count } of figures.checks) gauges.checks.set({ state }, count);
  for (const each of known.classes)
    for (const severity of known.severities)
      for (const taken of ['true', 'false']) gauges.incidents.set({ class: each, severity, taken }, 0);
  for (const { class: each, severity, taken, count } of figures.incidents)
    gauges.incidents.set({ class: each, severity, taken: String(taken) }, count);
  for (const reason of known.suppressed) gauges.suppressed.set({ reason }, 0);
  for (const { reason, count } of figures.suppressed) gauges.suppressed.set({ reason }, count);
  for (const { place, shard, age, checks, made, bad } of figures.watches) {
    const watch = { place, shard: String(shard) };
    gauges.beat.set(watch, age);
    gauges.watched.set(watch, checks);
    gauges.made.set(watch, made);
    gauges.bad.set(watch, bad);
  }
  gauges.unsent.set(figures.deskMails.unsent);
  gauges.unsentAge.set(figures.deskMails.age);
  gauges.outbox.set(figures.outbox.waiting);
  gauges.outboxAge.set(figures.outbox.age);
  for (const state of known.mails) gauges.mails.set({ state }, 0);
  for (const { state, count } of figures.mails) gauges.mails.set({ state }, count);
  gauges.sites.set(figures.sites.known);
  gauges.sitesSilent.set(figures.sites.silent);
  gauges.heartbeats.set(figures.heartbeats.known);
  gauges.heartbeatsLate.set(figures.heartbeats.late);
  for (const state of known.deliveries) {
    gauges.signings.set({ state }, 0);
    gauges.signingsAge.set({ state }, 0);
  }
  for (const { state, count, age } of signings.deliveries) {
    gauges.signings.set({ state }, count);
    gauges.signingsAge.set({ state }, age);
  }
  for (const kind of sickKinds) gauges.sick.set({ kind }, 0);
  for (const { kind, count } of sick) gauges.sick.set({ kind }, count);
  for (const kind of auditKinds) gauges.audited.set({ kind }, 0);
  for (const { kind, count } of audit.findings) gauges.audited.set({ kind }, count);
  gauges.auditAge.set(audit.age ?? -1);
  gauges.auditFails.set(audit.failing ? 1 : 0);
  gauges.lookAge.set(looking?.age ?? 0);
  gauges.lookFails.set(looking?.failed ? 1 : 0);
  gauges.filesWanted.set(signings.filesWanted);
  gauges.amendments.set(signings.amendmentsProposed);
  gauges.signingMails.set(signings.mailsUnsent);
}

/** All figures from the database. */
async function readStored(db: Db): Promise<[MonitoringFigures, SigningFigures, HealthFigures, AuditFigures]> {
  return [
    await readMonitoringFigures(db),
    await readSigningFigures(db),
    await readHealthFigures(db),
    await readAuditFigures(db),
  ];
}

/** What the record outside of the database tells of itself. */
export type RecordFigures = Pick<RecordFile, 'trouble' | 'lost'>;

function recordGauges(registry: Registry, record: RecordFigures): void {
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name: `serviceavtal_record_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  };
  gauge('failing', 'Whether the record outside of the database cannot be written', () =>
    record.trouble() === undefined ? 0 : 1,
  );
  gauge('lost_lines', 'Lines that could not be written to it since the process began', () => record.lost());
}

/**
 * Creates the metrics: counts of this process, and the database's figures, read at most once every few seconds.
 * @param now the clock, in milliseconds since 1970
 */
export function createIntakeMetrics(db: Db, now: () => number, record?: RecordFigures): IntakeMetrics {
  const own = new Registry();
  const stored = new Registry();
  const gauges = createGauges(stored);
  const requests = new Counter({
    name: 'serviceavtal_intake_requests_total',
    help: 'Requests that the intake answered',
    labelNames: ['route', 'method', 'status'],
    registers: [own],
  });
  const durations = new Histogram({
    name: 'serviceavtal_intake_request_duration_seconds',
    help: 'Time until a request was answered',
    labelNames: ['route'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [own],
  });
  const reports = new Counter({
    name: 'serviceavtal_heartbeat_reports_total',
    help: "Reports of customers' jobs that were kept",
    labelNames: ['kind'],
    registers: [own],
  });
  for (const kind of ['start', 'success', 'fail']) reports.inc({ kind }, 0);
  const deliveries = new Counter({
    name: 'serviceavtal_signing_deliveries_total',
    help: 'Deliveries of signing services, by what came of them',
    labelNames: ['service', 'answer'],
    registers: [own],
  });
  for (const service of signingServices)
    for (const answer of deliveryAnswers) deliveries.inc({ service, answer }, 0);
  let held = (): number => 0;
  new Gauge({
    name: 'serviceavtal_intake_bytes_in_flight',
    help: 'Bytes of bodies of deliveries that have arrived and are held in memory',
    registers: [own],
    collect() {
      this.set(held());
    },
  });

  if (record) recordGauges(own, record);

  let shown: Promise<string> | undefined;
  let shownAt = 0;
  const read = async (): Promise<string> => {
    try {
      show(gauges, ...(await within(databaseWithin, 'the database', readStored(db))));
      return await stored.metrics();
    } catch {
      // Report only that the database does not answer: older figures would hide it.
      const name = 'serviceavtal_database_up';
      gauges.up.set(0);
      return await stored.getSingleMetricAsString(name);
    }
  };
  return {
    report: (kind) => reports.inc({ kind }),
    delivery: (service, answer) => deliveries.inc({ service, answer }),
    watchBytes: (bytes) => {
      held = bytes;
    },
    answered: (route, method, status, seconds) => {
      requests.inc({ route, method, status: String(status) });
      durations.observe({ route }, seconds);
    },
    text: async () => {
      if (!shown || now() - shownAt >= keptFor) {
        shown = read();
        shownAt = now();
      }
      return `${(await shown).trimEnd()}\n${await own.metrics()}`;
    },
    contentType: own.contentType,
  };
}

/** Whether a request brings the token. */
function bringsToken({ headers }: FastifyRequest, token: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(headers.authorization ?? ''), digest(`Bearer ${token}`));
}

const noToken = 'expected SERVICEAVTAL_METRICS_TOKEN to be set, found nothing';

const operation = asked(
  'Figures for Prometheus',
  'getMetrics',
  {
    '200': {
      description: "Prometheus' text format.",
      content: { 'text/plain': { schema: { type: 'string' } } },
    },
    '401': text('This is not the token.', 'expected a bearer token'),
    '403': text('No token is set, so nobody may read them.', noToken),
  },
  [{ metrics: [] }],
);

/** Registers `/metrics`. It asks for the token from everywhere: what a proxy passes on comes from this machine, too. */
export function metricsRoute(
  app: FastifyInstance,
  { metrics, token }: { metrics: IntakeMetrics; token: Secret | undefined },
): void {
  const plain = (reply: FastifyReply, status: number, text: string): FastifyReply =>
    reply.code(status).type('text/plain').send(`${text}\n`);
  app.get('/metrics', { config: { operation } }, async (request, reply): Promise<FastifyReply> => {
    const current = token?.();
    if (current === undefined) return plain(reply, 403, noToken);
    if (!bringsToken(request, current)) return plain(reply, 401, 'expected a bearer token');
    return reply.type(metrics.contentType).send(await metrics.text());
  });
  allowMethods(app, '/metrics', 'GET');
}
