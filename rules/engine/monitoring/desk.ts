/**
 * Decides which mails a support desk gets, and when, from what is known at an instant about all its agreements.
 * Deciding a second time, from the result of the first, changes nothing.
 */
import type { Instant } from '../contract/contract';
import { nextSupportInstant } from '../terms/support-hours';
import { supportInstantAfter } from './act-time';
import type {
  DeskAgreement,
  DeskIncident,
  DeskLogEntry,
  DeskMail,
  DeskSeverity,
  DeskView,
} from './desk-view';
import { addSeconds, later } from '../calendar/dates';
import { closedGate, nextGateChange } from './gates';
import { compare } from '../basics/compare';
import { successorOf } from './succession';

/** How long a problem waits for others of the same customer, to share a mail with them. */
const groupSeconds = 60;

/** A check of which the desk wants a fresh result. */
export interface Recheck {
  agreement: string;
  monitor: string;
}

export interface DeskDecision {
  /** All incidents of the view as they are afterwards. */
  incidents: DeskIncident[];
  /** Those of them that have changed. */
  changed: DeskIncident[];
  log: DeskLogEntry[];
  mails: DeskMail[];
  rechecks: Recheck[];
}

const rank: Record<DeskSeverity, number> = { warning: 1, unknown: 1, silent: 1, down: 2 };

const isOpen = ({ closedAt }: DeskIncident): boolean => closedAt === null;

/** When the gate opened, if the desk waits for a result from after that. */
function recheckSince({ suppressed }: DeskIncident): Instant | undefined {
  return suppressed?.startsWith('recheck:') ? suppressed.slice('recheck:'.length) : undefined;
}

/** Whether an incident may be mailed: no gate is closed, and it was confirmed after the last one opened. */
function isFree(incident: DeskIncident): boolean {
  const since = recheckSince(incident);
  return since === undefined ? incident.suppressed === null : incident.confirmedAt >= since;
}

/** Whether the desk has not been told of it, or not of how bad it is now. */
const isNews = ({ severity, toldSeverity }: DeskIncident): boolean =>
  toldSeverity === null || rank[severity] > rank[toldSeverity];

/** Whether the desk has been told of it, no gate is closed, and nobody has taken or mended it. */
const isLeft = (incident: DeskIncident): boolean =>
  isOpen(incident) &&
  incident.toldAt !== null &&
  !isNews(incident) &&
  incident.suppressed === null &&
  incident.takenAt === null &&
  incident.mendedAt === null;

const settingsOf = ({ monitor }: DeskIncident, { checks, monitoring }: DeskAgreement) =>
  checks.get(monitor)?.settings ?? monitoring;

/** The key of the incidents that share a mail with it. */
function groupOf(incident: DeskIncident, of: DeskAgreement): string {
  const { groupBy } = settingsOf(incident, of);
  if (groupBy === 'none') return `${incident.id}`;
  const kind = groupBy === 'kind' ? (of.checks.get(incident.monitor)?.kind ?? 'site') : '';
  return `${of.customer}/${kind}`;
}

/** One kind of mail about incidents. */
interface Telling {
  kind: 'alert' | 'reminder' | 'recovery' | 'escalation';
  /** From when an incident needs such a mail, whatever the hour; nothing if it needs none. `all`: those of the view. */
  dueAt: (incident: DeskIncident, of: DeskAgreement, all: readonly DeskIncident[]) => Instant | undefined;
  /** The instant itself if such mails may go out then, else the next instant at which they may. */
  allowedAt: (at: Instant, of: DeskAgreement) => Instant;
  /** Whether an incident that is not due yet joins the mail of another of its group that is. */
  joins: boolean;
  told: (incident: DeskIncident, at: Instant) => Partial<DeskIncident>;
}

const bySupport = (at: Instant, { support }: DeskAgreement): Instant => nextSupportInstant(at, support);
const byTerms = (at: Instant, of: DeskAgreement): Instant =>
  of.monitoring.outsideHours === 'send' ? at : bySupport(at, of);

const alert: Telling = {
  kind: 'alert',
  dueAt: (incident) =>
    isOpen(incident) && isNews(incident) && isFree(incident)
      ? addSeconds(later(incident.openedAt, recheckSince(incident) ?? ''), groupSeconds)
      : undefined,
  allowedAt: byTerms,
  joins: true,
  told: ({ severity, toldAt, toldSeverity }, at) => ({
    // For an incident that only got worse, the time to act runs from the first alert.
    ...(toldSeverity === null ? { toldAt: at, remindedAt: null } : { toldAt, remindedAt: at }),
    toldSeverity: severity,
    suppressed: null,
  }),
};

const recovery: Telling = {
  kind: 'recovery',
  dueAt: (incident, _, all) => {
    const { closedAt, toldAt, recoveryToldAt } = incident;
    if (closedAt === null || toldAt === null || recoveryToldAt !== null) return undefined;
    const successor = successorOf(incident, all);
    if (!successor) return addSeconds(closedAt, groupSeconds);
    // The check works again once that one has closed; if the desk was told of it, its recovery says so.
    return successor.closedAt === null || successor.toldAt !== null
      ? undefined
      : addSeconds(successor.closedAt, groupSeconds);
  },
  allowedAt: byTerms,
  joins: true,
  told: (_, at) => ({ recoveryToldAt: at }),
};

const reminder: Telling = {
  kind: 'reminder',
  dueAt: (incident, of) => {
    const { repeatMinutes } = settingsOf(incident, of);
    if (!isLeft(incident) || incident.toldAt === null || repeatMinutes === 0) return undefined;
    return addSeconds(later(incident.toldAt, incident.remindedAt ?? ''), repeatMinutes * 60);
  },
  allowedAt: bySupport,
  joins: false,
  told: (_, at) => ({ remindedAt: at }),
};

const escalation: Telling = {
  kind: 'escalation',
  dueAt: (incident, { monitoring, support }) =>
    isLeft(incident) &&
    incident.toldAt !== null &&
    incident.escalatedAt === null &&
    monitoring.takeWithinMinutes > 0
      ? supportInstantAfter(incident.toldAt, monitoring.takeWithinMinutes, support)
      : undefined,
  allowedAt: bySupport,
  joins: false,
  told: (_, at) => ({ escalatedAt: at }),
};

const tellings = [alert, recovery, reminder, escalation];

/** Decides all that is due at an instant: mails, re-checks, log entries and the incidents as they are afterwards. */
export function decideDesk(view: DeskView, asOf: Instant): DeskDecision {
  const log: DeskLogEntry[] = [];
  const rechecks: Recheck[] = [];
  const mails: DeskMail[] = [];
  let incidents = passGates(view, asOf, log, rechecks);
  incidents = incidents.map((incident) => reopened(incident, log));
  for (const telling of tellings) {
    const decided = mailsOf(telling, { ...view, incidents }, asOf);
    mails.push(...decided);
    const told = new Set(decided.flatMap((mail) => mail.incidents));
    incidents = incidents.map((incident) => {
      if (!told.has(incident.id)) return incident;
      log.push({ incident: incident.id, what: pastOf[telling.kind], detail: detailOf(telling, incident) });
      return { ...incident, ...telling.told(incident, asOf) };
    });
  }
  incidents = incidents.map((incident) => replaced(incident, incidents, asOf));
  const before = new Map(view.incidents.map((incident) => [incident.id, incident]));
  const changed = incidents.filter((incident) => before.get(incident.id) !== incident);
  return { incidents, changed, log, mails, rechecks };
}

const pastOf: Record<Telling['kind'], string> = {
  alert: 'told',
  recovery: 'recoveryTold',
  reminder: 'reminded',
  escalation: 'escalated',
};

const detailOf = ({ kind }: Telling, { severity, toldSeverity }: DeskIncident): Record<string, unknown> =>
  kind === 'alert' ? { severity, ...(toldSeverity !== null && { worsened: true }) } : {};

/** Records for each open incident which gate is closed; if a gate has opened, asks for a fresh result. */
function passGates(view: DeskView, at: Instant, log: DeskLogEntry[], rechecks: Recheck[]): DeskIncident[] {
  const open = new Map<string, DeskIncident[]>();
  for (const incident of view.incidents.filter(isOpen))
    open.set(incident.agreement, [...(open.get(incident.agreement) ?? []), incident]);
  return view.incidents.map((incident) => {
    const of = view.agreements.get(incident.agreement);
    if (!of || !isOpen(incident)) return incident;
    const context = { of, open: open.get(of.agreement) ?? [], silentSites: view.silentSites };
    const gate = closedGate(incident, at, context);
    if (gate !== undefined) {
      if (gate === incident.suppressed) return incident;
      log.push({ incident: incident.id, what: 'suppressed', detail: { gate } });
      return { ...incident, suppressed: gate };
    }
    const wasClosed = incident.suppressed !== null && recheckSince(incident) === undefined;
    if (!wasClosed) return settled(incident);
    const { agreement, monitor } = incident;
    log.push({ incident: incident.id, what: 'gateOpened', detail: { gate: incident.suppressed } });
    // A site's silence has no check behind it: it is known without a fresh result.
    if (of.checks.has(monitor)) rechecks.push({ agreement, monitor });
    const confirmedAt = of.checks.has(monitor) ? incident.confirmedAt : later(incident.confirmedAt, at);
    return settled({ ...incident, confirmedAt, suppressed: `recheck:${at}` });
  });
}

/** Ends the wait for a re-check of an incident that was told before and is confirmed: it needs no new alert. */
function settled(incident: DeskIncident): DeskIncident {
  const isOver = incident.suppressed !== null && isFree(incident) && !isNews(incident);
  return isOver ? { ...incident, suppressed: null } : incident;
}

/** Reopens an incident that somebody said was mended if a later result says otherwise: nobody has taken it then. */
function reopened(incident: DeskIncident, log: DeskLogEntry[]): DeskIncident {
  const { mendedAt, confirmedAt } = incident;
  if (!isOpen(incident) || mendedAt === null || confirmedAt <= mendedAt || !isFree(incident)) return incident;
  log.push({ incident: incident.id, what: 'notMended', detail: {} });
  return { ...incident, mendedAt: null, takenAt: null, toldSeverity: null, escalatedAt: null };
}

/** Ends the wait for the recovery of an incident that became another one of which the desk was told. */
function replaced(incident: DeskIncident, all: readonly DeskIncident[], at: Instant): DeskIncident {
  const { toldAt, recoveryToldAt } = incident;
  if (toldAt === null || recoveryToldAt !== null) return incident;
  const isReplaced = (successorOf(incident, all)?.toldAt ?? null) !== null;
  return isReplaced ? { ...incident, recoveryToldAt: at } : incident;
}

/** The mails of one kind that are due: an incident that is due takes along those of its group that may join. */
function mailsOf(telling: Telling, view: DeskView, at: Instant): DeskMail[] {
  const candidates = view.incidents.flatMap((incident) => {
    const of = view.agreements.get(incident.agreement);
    const dueAt = of && telling.dueAt(incident, of, view.incidents);
    if (!of || dueAt === undefined || telling.allowedAt(at, of) !== at) return [];
    if (dueAt > at && !telling.joins) return [];
    const to = telling.kind === 'escalation' ? of.monitoring.escalateTo : ('support' as const);
    const recipient = to === 'support' ? view.address : of[to];
    return [
      {
        incident,
        of,
        dueAt,
        to,
        recipient,
        group: to === 'support' ? groupOf(incident, of) : of.customer,
      },
    ];
  });
  const byRecipient = groupBy(candidates, ({ to, recipient }) => `${to} ${recipient}`);
  return byRecipient.flatMap((forOne) => {
    const isDue = (group: typeof forOne): boolean => group.some(({ dueAt }) => dueAt <= at);
    const stormy = forOne.filter(({ of }) => forOne.length >= of.monitoring.stormIncidents);
    const isStorm = stormy.length > 1 && isDue(stormy);
    const others = isStorm ? forOne.filter((one) => !stormy.includes(one)) : forOne;
    const groups = groupBy(others, ({ group }) => group).filter(isDue);
    return [...(isStorm ? [stormy] : []), ...groups].map((group): DeskMail => {
      const sorted = [...group].sort(
        ({ incident: a }, { incident: b }) => compare(a.openedAt, b.openedAt) || a.id - b.id,
      );
      const [first] = sorted as [(typeof sorted)[number]];
      return {
        kind: telling.kind,
        storm: group === stormy,
        agreement: first.of.agreement,
        to: first.to,
        recipient: first.recipient,
        incidents: sorted.map(({ incident }) => incident.id),
        detail: telling.kind === 'alert' ? { worsened: worsenedOf(sorted) } : {},
        once: null,
        dueAt: sorted.reduce((earliest, { dueAt }) => (dueAt < earliest ? dueAt : earliest), at),
      };
    });
  });
}

/** The incidents of a mail that the desk was told of before. */
const worsenedOf = (group: { incident: DeskIncident }[]): number[] =>
  group.filter(({ incident }) => incident.toldSeverity !== null).map(({ incident }) => incident.id);

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return [...groups.values()];
}

/**
 * When the incidents of an agreement have to be decided again if nothing but time passes.
 *
 * @param incidents as they are after what is due at `asOf` was decided
 */
export function nextIncidentAt(
  incidents: readonly DeskIncident[],
  of: DeskAgreement,
  asOf: Instant,
): Instant | undefined {
  const candidates = incidents
    .filter(({ agreement }) => agreement === of.agreement)
    .flatMap((incident) => [
      ...tellings.map(({ dueAt, allowedAt }) => {
        const due = dueAt(incident, of, incidents);
        return due === undefined ? undefined : allowedAt(later(due, asOf), of);
      }),
      ...(isOpen(incident) ? [nextGateChange(incident.monitor, asOf, of)] : []),
    ]);
  return candidates
    .filter((each): each is Instant => each !== undefined && each > asOf)
    .sort()
    .at(0);
}
