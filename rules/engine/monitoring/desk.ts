/**
 * What a support desk is told, and when: decided from what is known at an instant, for all agreements of the desk at
 * once. Deciding again with what was decided changes nothing.
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

/** A problem waits so long for others of the customer, so that they share a mail. */
const groupSeconds = 60;

/** A check that a fresh result is wanted of. */
export interface Recheck {
  agreement: string;
  monitor: string;
}

export interface DeskDecision {
  /** All incidents of the view as they are afterwards. */
  incidents: DeskIncident[];
  /** Those of them that are another than before. */
  changed: DeskIncident[];
  log: DeskLogEntry[];
  mails: DeskMail[];
  rechecks: Recheck[];
}

const rank: Record<DeskSeverity, number> = { warning: 1, unknown: 1, silent: 1, down: 2 };

const isOpen = ({ closedAt }: DeskIncident): boolean => closedAt === null;

/** When the gate opened whose re-check is waited for. */
function recheckSince({ suppressed }: DeskIncident): Instant | undefined {
  return suppressed?.startsWith('recheck:') ? suppressed.slice('recheck:'.length) : undefined;
}

/** Whether nothing stands between an incident and its mail: no gate, and what was seen is from after the last one. */
function isFree(incident: DeskIncident): boolean {
  const since = recheckSince(incident);
  return since === undefined ? incident.suppressed === null : incident.confirmedAt >= since;
}

/** Whether the desk does not know of it yet, or not how bad it is. */
const isNews = ({ severity, toldSeverity }: DeskIncident): boolean =>
  toldSeverity === null || rank[severity] > rank[toldSeverity];

/** Whether the desk knows of it, and nobody has said to do something about it. */
const isLeft = (incident: DeskIncident): boolean =>
  isOpen(incident) &&
  incident.toldAt !== null &&
  !isNews(incident) &&
  incident.suppressed === null &&
  incident.takenAt === null &&
  incident.mendedAt === null;

const settingsOf = ({ monitor }: DeskIncident, { checks, monitoring }: DeskAgreement) =>
  checks.get(monitor)?.settings ?? monitoring;

/** Which others share a mail with it. */
function groupOf(incident: DeskIncident, of: DeskAgreement): string {
  const { groupBy } = settingsOf(incident, of);
  if (groupBy === 'none') return `${incident.id}`;
  const kind = groupBy === 'kind' ? (of.checks.get(incident.monitor)?.kind ?? 'site') : '';
  return `${of.customer}/${kind}`;
}

/** One kind of mail about incidents. */
interface Telling {
  kind: 'alert' | 'reminder' | 'recovery' | 'escalation';
  /** From when an incident has to be told, whatever the hour; nothing for one that has not. */
  dueAt: (incident: DeskIncident, of: DeskAgreement) => Instant | undefined;
  /** The instant itself if such mails may go out then, else the next at which they may. */
  allowedAt: (at: Instant, of: DeskAgreement) => Instant;
  /** Whether one that is not due yet shares the mail of another of its group. */
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
    // What only got worse was told before: who has to act within a time has had it since then.
    ...(toldSeverity === null ? { toldAt: at, remindedAt: null } : { toldAt, remindedAt: at }),
    toldSeverity: severity,
    suppressed: null,
  }),
};

const recovery: Telling = {
  kind: 'recovery',
  dueAt: ({ closedAt, toldAt, recoveryToldAt }) =>
    closedAt !== null && toldAt !== null && recoveryToldAt === null
      ? addSeconds(closedAt, groupSeconds)
      : undefined,
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

/** Decides what is due at an instant. */
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

/** Notes for each open incident which gate is closed; where one has opened, asks for a fresh result. */
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
    // What no check stands behind, a site's silence, is known without one.
    if (of.checks.has(monitor)) rechecks.push({ agreement, monitor });
    const confirmedAt = of.checks.has(monitor) ? incident.confirmedAt : later(incident.confirmedAt, at);
    return settled({ ...incident, confirmedAt, suppressed: `recheck:${at}` });
  });
}

/** One that was told and is still so after its gate opened goes on as before. */
function settled(incident: DeskIncident): DeskIncident {
  const isOver = incident.suppressed !== null && isFree(incident) && !isNews(incident);
  return isOver ? { ...incident, suppressed: null } : incident;
}

/** Somebody said it was mended, and a later result says it is not: it is nobody's, and told anew. */
function reopened(incident: DeskIncident, log: DeskLogEntry[]): DeskIncident {
  const { mendedAt, confirmedAt } = incident;
  if (!isOpen(incident) || mendedAt === null || confirmedAt <= mendedAt || !isFree(incident)) return incident;
  log.push({ incident: incident.id, what: 'notMended', detail: {} });
  return { ...incident, mendedAt: null, takenAt: null, toldSeverity: null, escalatedAt: null };
}

/** The mails of one kind that are due: whoever is due takes along those of its group that could be told as well. */
function mailsOf(telling: Telling, view: DeskView, at: Instant): DeskMail[] {
  const candidates = view.incidents.flatMap((incident) => {
    const of = view.agreements.get(incident.agreement);
    const dueAt = of && telling.dueAt(incident, of);
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

/** Those of a mail that the desk has heard of before. */
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
 * When something about the incidents of an agreement is to be decided next, as far as time alone brings it about.
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
        const due = dueAt(incident, of);
        return due === undefined ? undefined : allowedAt(later(due, asOf), of);
      }),
      ...(isOpen(incident) ? [nextGateChange(incident.monitor, asOf, of)] : []),
    ]);
  return candidates
    .filter((each): each is Instant => each !== undefined && each > asOf)
    .sort()
    .at(0);
}
