/** What a mail to a support desk says: the incidents as they stand, with what to do and the links to do it. */
import { addressKey } from '../../rules/engine/basics/mail-address';
import type { Instant, LocalDate, Person } from '../../rules/engine/contract/contract';
import type { DeskMailKind, DeskSeverity } from '../../rules/engine/monitoring/desk-view';
import { siteMonitor } from '../../rules/engine/monitoring/place';
import type { NoisyCheck } from '../../rules/engine/monitoring/noise';
import type { TemplateId } from '../../rules/engine/plan/plan';
import type { Language, Text } from '../../rules/engine/basics/text';
import type { MailData, MailDesk, MailIncident, MailNoise } from '../../templates/mails/mail-data';
import type { Queryable } from '../db';
import type { PageLinks } from '../pages/links';
import { permanent } from '../permanent';
import { alertAnswers } from './alert-links';
import type { OwnAgreement } from '../monitors/desk-agreements';
import { loadAgreements } from '../monitors/desk-agreements';
import { central } from '../monitors/places';

/** Most incidents that each kind of mail lists one by one. */
const listed = { alert: 15, reminder: 15, escalation: 15, recovery: 30, digest: 60, storm: 10 };

/** Characters of a check's name in a subject that a mail shows. */
const longestName = 120;

/** A mail as it was decided. */
export interface DecidedMail {
  id: number;
  kind: DeskMailKind;
  agreement: string;
  incidents: number[];
  detail: {
    to: 'support' | 'manager' | 'consultant';
    storm?: true;
    /** Alert: incidents that were told before with a lower severity. */
    worsened?: number[];
    /** Digest. */
    since?: Instant;
    open?: number[];
    suppressed?: Record<string, string>;
    /** Noise. */
    month?: LocalDate;
    noise?: NoisyCheck[];
  };
  decidedAt: Instant;
  sentAt: Instant | null;
  recipient: string;
  /** Names a digest, or a list of noisy checks, of one opening of its desk. */
  once: string | null;
}

interface IncidentRow {
  id: number;
  agreement: string;
  monitor: string;
  severity: DeskSeverity;
  since: Instant;
  openedAt: Instant;
  lastGoodAt: Instant | null;
  message: Text;
  answer: string | null;
  closedAt: Instant | null;
  toldAt: Instant | null;
  takenBy: string | null;
}

/** How links in mails are made. */
export interface MailLinks {
  agreementLink: (agreement: string) => string;
  /** Of its answers' pages; without it the mail has none. */
  pageLinks?: PageLinks | undefined;
  /** Of the mail, which the pages behind its links speak too. */
  staffLanguage: Language;
}

/** Which message a mail is. */
export function templateOf({ kind, detail }: Pick<DecidedMail, 'kind' | 'detail'>): TemplateId {
  if (detail.storm) return 'monitor-storm';
  if (kind === 'recovery') return 'monitor-recovery';
  if (kind === 'digest') return 'monitor-digest';
  return kind === 'noise' ? 'monitor-noise' : 'monitor-alert';
}

/** The mail with this id, or nothing. */
export async function findDeskMail(db: Queryable, id: number): Promise<DecidedMail | undefined> {
  const [mail] = await db.query<DecidedMail>(
    `select id, kind, agreement, incidents::float8[] as incidents, detail, decided_at as "decidedAt", sent_at as "sentAt",
            recipient, once from desk_mails where id = $1`,
    [id],
  );
  return mail;
}

/** Everything a mail says, and the agreement it is kept under. */
export async function deskMailData(
  db: Queryable,
  mail: DecidedMail,
  links: MailLinks,
): Promise<{ data: MailData; own: OwnAgreement; to: Person }> {
  const rows = await db.query<IncidentRow>(
    `select id, agreement, monitor, severity, since, opened_at as "openedAt", last_good_at as "lastGoodAt", message,
            answer, closed_at as "closedAt", told_at as "toldAt", taken_by as "takenBy"
       from incidents where id = any ($1) order by opened_at, id`,
    [mail.incidents],
  );
  const numbers = [mail.agreement, ...rows, ...(mail.detail.noise ?? [])].map((each) =>
    typeof each === 'string' ? each : each.agreement,
  );
  const agreements = await loadAgreements(db, [...new Set(numbers)]);
  const own = agreements.get(mail.agreement);
  if (!own) throw permanent('NotFound', `expected ${mail.agreement} with a plan, found none`);
  const of = (agreement: string): OwnAgreement => agreements.get(agreement) ?? own;
  const answers = await alertAnswers(
    db,
    mail,
    answerable(rows, mail).map(({ id, agreement, monitor }) => {
      return { id, agreement, isCheck: siteOf(monitor) === undefined, support: of(agreement).support };
    }),
    links,
  );
  const incident = (row: IncidentRow): MailIncident => ({
    ...incidentData(row, of(row.agreement), mail, links),
    actions: answers.get(row.id) ?? [],
  });
  const { consultant, manager, support } = own.contract.contacts;
  const to = [own.contract.contacts[mail.detail.to], support, manager, consultant].find(
    ({ email }) => addressKey(email) === addressKey(mail.recipient),
  ) ?? { name: own.contract.contacts[mail.detail.to].name, email: mail.recipient };
  const { customer, agreement: number, level } = own.contract;
  const data: MailData = {
    agreement: { number, level },
    customer: { id: customer.id, name: customer.name },
    year: own.year,
    recipient: { name: to.name, party: mail.detail.to },
    consultant,
    manager,
    support,
    links: { agreement: links.agreementLink(number) },
    desk: {
      ...counted(rows, mail, of, incident),
      ...(mail.kind === 'digest' ? digestParts(rows, mail, incident) : {}),
      ...(mail.kind === 'noise' ? noiseParts(mail, of, links) : {}),
      ...(mail.kind === 'escalation' ? { takeWithinMinutes: own.monitoring.takeWithinMinutes } : {}),
    },
  };
  return { data, own, to: { name: to.name, email: mail.recipient } };
}

const mostListed = ({ kind, detail }: Pick<DecidedMail, 'kind' | 'detail'>): number =>
  kind === 'noise' ? 0 : listed[detail.storm ? 'storm' : kind];

/** The incidents that a mail lists with answers: those that are open, unless it tells what is over or sums up. */
function answerable(rows: readonly IncidentRow[], mail: DecidedMail): IncidentRow[] {
  if (mail.kind === 'recovery' || mail.kind === 'digest') return [];
  return rows.slice(0, mostListed(mail)).filter(({ closedAt }) => closedAt === null);
}

/** The site whose silence an incident is about; none of one about a check. */
const siteOf = (monitor: string): string | undefined =>
  monitor.startsWith(siteMonitor('')) ? monitor.slice(siteMonitor('').length) : undefined;

function counted(
  rows: readonly IncidentRow[],
  { kind, detail }: DecidedMail,
  of: (agreement: string) => OwnAgreement,
  incident: (row: IncidentRow) => MailIncident,
): MailDesk {
  const names = rows.map(({ agreement }) => of(agreement).contract.customer.name);
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const most = mostListed({ kind, detail });
  return {
    kind,
    count: rows.length,
    incidents: kind === 'digest' ? [] : rows.slice(0, most).map(incident),
    more: Math.max(0, rows.length - most),
    customers: [...counts]
      .map(([customer, count]) => ({ customer, count }))
      .sort((a, b) => b.count - a.count || a.customer.localeCompare(b.customer, 'sv')),
  };
}

/** Open incidents come first: where there are too many, closed ones are left out. */
function digestParts(
  rows: readonly IncidentRow[],
  { detail }: DecidedMail,
  incident: (row: IncidentRow) => MailIncident,
): Pick<MailDesk, 'since' | 'open' | 'closed'> {
  const isOpen = (row: IncidentRow): boolean => detail.open?.includes(row.id) === true;
  const open = rows.filter(isOpen).slice(0, listed.digest);
  const closed = rows.filter((row) => !isOpen(row)).slice(0, listed.digest - open.length);
  return {
    ...(detail.since !== undefined && { since: detail.since }),
    // As it stood when support opened: a mail of its own tells of incidents that closed since.
    open: open.map((row) => {
      const { closedAt: _, lastedMinutes: __, ...asItStood } = incident(row);
      return asItStood;
    }),
    closed: closed.map(incident),
  };
}

function noiseParts(
  { detail: { month, noise = [] } }: DecidedMail,
  of: (agreement: string) => OwnAgreement,
  links: MailLinks,
): Pick<MailDesk, 'month' | 'noise'> {
  return {
    ...(month !== undefined && { month }),
    noise: noise.map(({ agreement, monitor, ...noisy }): MailNoise => {
      const { contract, watched } = of(agreement);
      return {
        ...noisy,
        agreement,
        customer: contract.customer.name,
        link: links.agreementLink(agreement),
        name: watched.get(monitor)?.check.name ?? monitor,
      };
    }),
  };
}

function incidentData(
  row: IncidentRow,
  { contract, watched, checks }: OwnAgreement,
  mail: DecidedMail,
  links: MailLinks,
): Omit<MailIncident, 'actions'> {
  const { id, agreement, monitor, severity, since, lastGoodAt, answer, closedAt, takenBy } = row;
  const known = watched.get(monitor)?.check;
  const site = siteOf(monitor);
  const place = checks.get(monitor)?.place ?? central;
  const gate = mail.detail.suppressed?.[String(id)];
  const untold = mail.kind === 'digest' && row.toldAt === null;
  return {
    id,
    agreement,
    customer: contract.customer.name,
    link: links.agreementLink(agreement),
    name: shortened(known?.name ?? site ?? monitor, longestName),
    kind: known?.kind ?? 'site',
    ...(place !== central && { site: place }),
    severity,
    ...(mail.detail.worsened?.includes(id) && { worsened: true as const }),
    since,
    ...(lastGoodAt !== null ? { lastGoodAt } : site === undefined && { neverGood: true as const }),
    message: { sv: row.message.sv || '–', en: row.message.en || '–' },
    ...(answer && { answer }),
    ...(known?.runbook !== undefined && { runbook: known.runbook }),
    ...(closedAt !== null && { closedAt, lastedMinutes: minutesBetween(row.since, closedAt) }),
    ...(takenBy !== null && { takenBy }),
    ...(untold && { untold: true as const }),
    ...(gate !== undefined && { gate: gateData(gate, watched) }),
  };
}

const minutesBetween = (from: Instant, to: Instant): number =>
  Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 60_000));

/** The beginning of a text, by whole characters. */
function shortened(text: string, most: number): string {
  const characters = Array.from(text);
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : text;
}

/** `parent:orders` → what it depends on, by name. */
function gateData(gate: string, watched: OwnAgreement['watched']): NonNullable<MailIncident['gate']> {
  const [code = gate, ...rest] = gate.split(':');
  const by = rest.join(':');
  if (by === '' || code === 'recheck') return { code };
  return { code, by: watched.get(by)?.check.name ?? by };
}
