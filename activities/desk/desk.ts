/** The support desk: decides who is told what of the monitoring, sends it, and takes the answers. */
import { localDateOf } from '../../rules/engine/calendar/calendar';
import type { Contract, Instant } from '../../rules/engine/contract/contract';
import { decideDesk, nextIncidentAt } from '../../rules/engine/monitoring/desk';
import {
  digestDue,
  firstWorkdayOf,
  monthsAround,
  nextDigestAt,
  onceOf,
} from '../../rules/engine/monitoring/desk-mails';
import type { DeskMail } from '../../rules/engine/monitoring/desk-view';
import { hasNoise } from '../../rules/engine/monitoring/noise';
import { differencesIn } from '../../rules/engine/releases/declared-found';
import { lastWorkday } from '../../rules/engine/terms/support-hours';
import { findAgreement } from '../agreements/agreements';
import type { Queryable } from '../db';
import { permanent } from '../permanent';
import type { OwnAgreement } from '../monitors/desk-agreements';
import {
  decideAlone,
  deskOf,
  loadDesk,
  loadOwn,
  noiseOf,
  noisyMonitors,
  saveDecision,
  saveMail,
} from './desk-data';
import { loadAgreements } from '../monitors/desk-agreements';
import { versionsOf } from '../monitors/found-versions';
import { neverReported } from '../monitors/overview';
import type { DeskDeps } from './desk-send';
import { sendUnsent } from './desk-send';
import type { Answered, AnswerInput, PauseInput, ResumeInput } from './pause-and-answer';
import { answerIncident, pauseMonitor, resumeMonitor } from './pause-and-answer';

export type { DeskDeps } from './desk-send';

/** The state of an agreement's monitoring, for its page: codes and ids, no addresses. */
export interface DeskPage {
  /** The newest open incidents. */
  incidents: {
    id: number;
    monitor: string;
    /** The check's name. */
    name: string;
    severity: string;
    since: Instant;
    takenBy?: string;
    suppressed?: string;
  }[];
  /** Number of open incidents that are not listed. */
  more: number;
  /** Number of checks in each state; checks in `notSetUp` and `notPossible` are never run. */
  checks: Record<string, number>;
  pauses: { monitor: string; name?: string; until: Instant; reason?: string }[];
  /** Mails of this agreement that a person has to settle. */
  unsettled: { key: string; state: 'unknown' | 'refused' }[];
  /** Versions found that the contract does not declare; absent where there is none. */
  versions?: { subject: string; declared?: string; found: string; monitor: string; since: Instant }[];
}

/** Most items of a list on a page. */
const longestList = 20;

export interface AttendedDesk {
  /** When something next falls due for this agreement if nobody sends anything before. */
  nextAt?: Instant;
  page: DeskPage;
}

export function createDeskActivities(deps: DeskDeps) {
  const { db } = deps;
  return {
    /**
     * Decides which mails are due in all agreements of this agreement's desk, and sends those not sent yet. Run twice, at
     * the same time or after a crash, it sends no mail twice and loses none.
     */
    async attendDesk({ agreement, asOf }: { agreement: string; asOf: Instant }): Promise<AttendedDesk> {
      const known = await findAgreement(db, agreement);
      if (!known) throw permanent('NotFound', `expected the agreement ${agreement}, found none`);
      const at = new Date(asOf).toISOString();
      const address = deskOf(known.contract);
      const nextAt = await decideAlone(db, address, (tx) => decide(tx, address, agreement, at));
      await sendUnsent(deps, address);
      const page = { ...(await pageOf(db, agreement, at)), ...(await differencesOf(db, known.contract)) };
      return { ...(nextAt !== undefined && { nextAt }), page };
    },

    /** Somebody takes an incident, or says that it is mended. */
    answerIncident: (input: AnswerInput): Promise<Answered> => answerIncident(db, input),
    /** Support lets a check rest. */
    pauseMonitor: (input: PauseInput): Promise<Answered> => pauseMonitor(db, input),
    /** Support ends a pause. */
    resumeMonitor: (input: ResumeInput): Promise<Answered> => resumeMonitor(db, input),
  };
}

/** @returns when something falls due next for the agreement */
async function decide(
  tx: Queryable,
  address: string,
  agreement: string,
  at: Instant,
): Promise<Instant | undefined> {
  const own = (await loadAgreements(tx, [agreement])).get(agreement);
  if (!own || own.state === 'ended') return undefined;
  // Each agreement attends when something of its own falls due. The desk's other agreements are loaded only then: in a
  // storm a thousand agreements are read once, not a thousand times.
  const alone = await loadOwn(tx, address, own, at);
  const ownDecision = decideDesk(alone, at);
  const isDue =
    ownDecision.mails.length > 0 ||
    digestDue({ ...alone, incidents: ownDecision.incidents }, own, at) !== undefined;
  const desk = isDue ? await loadDesk(tx, alone, own, at) : alone;
  const decision = isDue ? decideDesk(desk, at) : ownDecision;
  const after = { ...desk, incidents: decision.incidents };
  const digest = digestDue(after, own, at);
  await saveDecision(
    tx,
    address,
    { ...decision, mails: [...decision.mails, ...(digest ? [digest] : [])] },
    at,
  );
  const noise = await noiseDue(tx, address, own, desk.decided, at);
  if (noise) await saveMail(tx, address, noise, at);
  return [
    nextIncidentAt(after.incidents, own, at),
    nextDigestAt(after.incidents, own, at),
    await nextNoiseAt(tx, own, at),
  ]
    .filter((each) => each !== undefined)
    .sort()
    .at(0);
}

/** The list of noisy checks of the month before, once the first working day of this one has begun. */
async function noiseDue(
  tx: Queryable,
  address: string,
  own: OwnAgreement,
  decided: ReadonlySet<string>,
  at: Instant,
): Promise<DeskMail | undefined> {
  const workday = lastWorkday(at, own.support);
  const once = onceOf('noise', address, workday);
  const isFirst = firstWorkdayOf(localDateOf(workday), own.support) === workday;
  if (!own.monitoring.monthlyNoise || !isFirst || decided.has(once)) return undefined;
  const month = monthsAround(localDateOf(workday)).before;
  // Only an agreement that has noisy checks itself decides the list.
  if (!hasNoise(await noisyMonitors(tx, own.agreement, month, at))) return undefined;
  const noise = await noiseOf(tx, address, own, at);
  const [first] = noise;
  if (!first) return undefined;
  return {
    kind: 'noise',
    storm: false,
    agreement: first.agreement,
    to: 'support',
    recipient: address,
    incidents: [],
    detail: { month, noise },
    once,
    dueAt: workday,
  };
}

/** When an agreement's noisy checks are listed next: last month's until its first working day, then this month's. */
async function nextNoiseAt(tx: Queryable, own: OwnAgreement, at: Instant): Promise<Instant | undefined> {
  if (!own.monitoring.monthlyNoise) return undefined;
  const months = monthsAround(localDateOf(at));
  const first = firstWorkdayOf(months.own, own.support);
  const [month, dueAt] =
    at < first ? [months.before, first] : [months.own, firstWorkdayOf(months.after, own.support)];
  return hasNoise(await noisyMonitors(tx, own.agreement, month, at)) ? dueAt : undefined;
}

async function pageOf(db: Queryable, agreement: string, at: Instant): Promise<DeskPage> {
  const [incidents, checks, pauses, unsettled] = await Promise.all([
    db.query<{
      id: number;
      monitor: string;
      name: string;
      severity: string;
      since: Instant;
      takenBy: string | null;
      suppressed: string | null;
      count: number;
    }>(
      `select incidents.id, monitor, coalesce(watched #>> '{check,name}', monitor) as name, severity, since,
              taken_by as "takenBy", suppressed, count(*) over () as count
         from incidents left join monitors on monitors.agreement = incidents.agreement and monitors.id = monitor
        where incidents.agreement = $1 and closed_at is null order by opened_at desc, incidents.id desc limit $2`,
      [agreement, longestList],
    ),
    db.query<{ status: string; count: number }>(
      `select case when m.state <> 'watched' then m.state
                   when status = 'ok' and ${neverReported} then 'awaited'
                   else coalesce(status, 'pending') end as status,
              count(*) as count
         from monitors m left join monitor_states s on s.agreement = m.agreement and s.id = m.id
        where m.agreement = $1 group by 1 order by 1`,
      [agreement],
    ),
    db.query<{ monitor: string; name: string | null; until: Instant; reason: string | null }>(
      `select monitor, max(watched #>> '{check,name}') as name, max(until_at) as until, max(reason) as reason
         from monitor_pauses p left join monitors m on m.agreement = p.agreement and m.id = monitor
        where p.agreement = $1 and from_at <= $2 and until_at > $2 group by monitor order by monitor limit $3`,
      [agreement, at, longestList],
    ),
    db.query<{ key: string; state: 'unknown' | 'refused' }>(
      `select key, state from mails where agreement = $1 and obligation = 'monitoring' and state in ('unknown', 'refused')
        order by changed_at desc, key limit $2`,
      [agreement, longestList],
    ),
  ]);
  return {
    incidents: incidents.map(({ takenBy, suppressed, count: _, ...incident }) => ({
      ...incident,
      ...(takenBy !== null && { takenBy: withoutAddress(takenBy) }),
      ...(suppressed !== null && { suppressed }),
    })),
    more: Math.max(0, (incidents[0]?.count ?? 0) - incidents.length),
    checks: Object.fromEntries(checks.map(({ status, count }) => [status, count])),
    pauses: pauses.map(({ name, reason, ...pause }) => ({
      ...pause,
      ...(name !== null && { name }),
      ...(reason !== null && { reason }),
    })),
    unsettled,
  };
}

/** Versions that checks found and that the contract does not declare. */
async function differencesOf(db: Queryable, contract: Contract): Promise<Pick<DeskPage, 'versions'>> {
  const versions = differencesIn(await versionsOf(db, contract)).slice(0, longestList);
  return versions.length === 0
    ? {}
    : {
        versions: versions.map(({ subject, declared, version, monitor, firstSeenAt }) => ({
          subject,
          ...(declared !== undefined && { declared }),
          found: version,
          monitor,
          since: firstSeenAt,
        })),
      };
}

/** Pages end up in histories, where no address may be. */
const withoutAddress = (by: string): string => (by.includes('@') ? 'support' : by);
