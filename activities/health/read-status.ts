/** Reads the status of agreements: where each strand stands, what is due next, and who has to do it. */
import type { Queryable } from '../db';
import type { SickWorkflow } from './health';
import { listSick } from './health';
import type { HourBalance } from '../../rules/engine/hours/hour-bank';
import { hourBalance } from '../hours/facts';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import type { Contract, Instant, LocalDate, Party } from '../../rules/engine/contract/contract';
import type { Text } from '../../rules/engine/basics/text';
import { phaseNamesOf } from '../../rules/engine/plan/phase-in-plan';
import type { UpgradePlan } from '../../rules/engine/plan/plan';
import type { SigningService } from '../../rules/engine/signing/signing';

export interface AgreementStatus {
  agreement: string;
  customer: string;
  state: 'signed' | 'live' | 'ended';
  year: number | null;
  signed?: SignedStatus;
  from?: LocalDate;
  to?: LocalDate;
  /** What the rules call phases of its upgrades, by id; nothing where they give no names. */
  phaseNames?: Record<string, Text>;
  /** Obligations by strand, without those that a new plan no longer has. */
  strands: {
    strand: string;
    done: number;
    missed: number;
    /** Before a take-over in mid-year: how many of the done ones, and how many others that had passed. */
    takenOver?: { done: number; passed: number };
    total: number;
  }[];
  next: {
    id: string;
    dueOn: LocalDate;
    owner: Party;
    overdue: boolean;
    late: boolean;
    /** The year has no day left for it. */
    noDayLeft?: boolean;
    /** The next agreement year goes on with it. */
    nextYear?: boolean;
    /** Another open phase of the upgrade has to be done on the same day. */
    sharesDay?: boolean;
  }[];
  /** In hours, at most two decimals. */
  hours?: HourBalance;
  /** Its workflows that are not well. */
  sick: SickWorkflow[];
  attention: { code: string; subject: string; detail: string; raisedAt: string }[];
  /** Mails that wait for a server or for a person. */
  mails: { key: string; state: string; recipient: string; error: string | null }[];
}

/** How an agreement was signed, and the papers and amendments that are still under way. */
export interface SignedStatus {
  /** The service that delivered the document that began it, if one did. */
  service?: SigningService;
  document?: string;
  title?: string;
  on: LocalDate;
  /** Hash of the ruleset in force when it was signed. */
  ruleset?: string;
  /** Number of signed papers of all its documents: kept, still to be fetched, and unavailable. */
  papers: { kept: number; wanted: number; unavailable: number };
  /** Numbers of amendments that wait for a manager. */
  amendments: number[];
}

const mostNext = 5;

/** Reads the state of one agreement, or of all, from PostgreSQL alone. */
export async function readStatus(db: Queryable, now: Date, agreement?: string): Promise<AgreementStatus[]> {
  const rows = await db.query<{
    number: string;
    state: AgreementStatus['state'];
    year: number | null;
    contract: Contract;
    ruleset: string | null;
  }>(
    `select number, state, year_number as year, contract, signed_ruleset as ruleset from agreements
      where $1::text is null or number = $1 order by number`,
    [agreement ?? null],
  );
  return Promise.all(
    rows.map(async ({ number, state, year, contract, ruleset }) => ({
      agreement: number,
      customer: contract.customer.name,
      state,
      year,
      ...(await signedOf(db, number, contract.signedOn, ruleset)),
      ...(await periodOf(db, number, year)),
      strands: await strandsOf(db, number, year),
      next: await nextOf(db, number, year, localDateOf(now.toISOString())),
      ...(year === null ? {} : { hours: await hoursOf(db, number, year, now) }),
      sick: await listSick(db, number),
      attention: await db.query(
        `select code, subject, detail, raised_at as "raisedAt" from attention
          where agreement = $1 and cleared_at is null order by raised_at, code, subject`,
        [number],
      ),
      mails: await db.query(
        `select key, state, recipient, error from mails
          where agreement = $1 and (state in ('unknown', 'refused')
             or (state in ('queued', 'sending') and changed_at < now() - interval '1 minute')) order by changed_at, key`,
        [number],
      ),
    })),
  );
}

/** How an agreement was signed; undefined if it was signed by a file before rulesets were bound to signings. */
async function signedOf(
  db: Queryable,
  agreement: string,
  signedOn: LocalDate,
  ruleset: string | null,
): Promise<{ signed?: SignedStatus }> {
  const [original] = await db.query<{
    service: SigningService;
    document: string;
    title: string | null;
    completedAt: Instant | null;
  }>(
    `select service, document, title, completed_at as "completedAt" from signings
      where agreement = $1 and kind = 'original' order by recorded_at limit 1`,
    [agreement],
  );
  if (!original && ruleset === null) return {};
  const [papers] = await db.query<SignedStatus['papers']>(
    `select count(*) filter (where f.state = 'kept') as kept, count(*) filter (where f.state = 'wanted') as wanted,
            count(*) filter (where f.state = 'unavailable') as unavailable
       from signings s join signed_files f on f.service = s.service and f.document = s.document where s.agreement = $1`,
    [agreement],
  );
  const open = await db.query<{ id: number }>(
    `select id from amendments where agreement = $1 and state = 'proposed' order by id`,
    [agreement],
  );
  return {
    signed: {
      ...(original && { service: original.service, document: original.document }),
      ...(original && original.title !== null && { title: original.title }),
      on: original?.completedAt ? localDateOf(original.completedAt) : signedOn,
      ...(ruleset !== null && { ruleset }),
      papers: papers ?? { kept: 0, wanted: 0, unavailable: 0 },
      amendments: open.map(({ id }) => id),
    },
  };
}

async function periodOf(
  db: Queryable,
  agreement: string,
  year: number | null,
): Promise<Pick<AgreementStatus, 'from' | 'to' | 'phaseNames'>> {
  const [plan] = await db.query<{ from: LocalDate; to: LocalDate; upgrade: UpgradePlan | null }>(
    `select plan->>'from' as from, plan->>'to' as to, plan->'upgrade' as upgrade from plans
      where agreement = $1 and year = $2 order by revision desc limit 1`,
    [agreement, year],
  );
  if (!plan) return {};
  const { upgrade, ...period } = plan;
  const phaseNames = upgrade ? phaseNamesOf({ upgrade }) : {};
  return { ...period, ...(Object.keys(phaseNames).length > 0 && { phaseNames }) };
}

async function strandsOf(
  db: Queryable,
  agreement: string,
  year: number | null,
): Promise<AgreementStatus['strands']> {
  const rows = await db.query<Required<AgreementStatus['strands'][number]>>(
    `select strand, count(*) filter (where state = 'done')::int as done,
            count(*) filter (where state = 'missed')::int as missed,
            jsonb_build_object('done', count(*) filter (where state = 'done' and closed_by = 'takeover'),
                               'passed', count(*) filter (where state = 'cancelled')) as "takenOver",
            count(*) filter (where state <> 'cancelled')::int as total
       from obligations where agreement = $1 and year = $2 and strand <> 'close'
        and (state <> 'cancelled' or closed_by = 'takeover')
      group by strand order by min(due_on), strand`,
    [agreement, year],
  );
  return rows.map(({ takenOver, ...strand }) => ({
    ...strand,
    ...(takenOver.done + takenOver.passed > 0 && { takenOver }),
  }));
}

async function nextOf(
  db: Queryable,
  agreement: string,
  year: number | null,
  today: LocalDate,
): Promise<AgreementStatus['next']> {
  const rows = await db.query<{
    id: string;
    dueOn: LocalDate;
    owner: Party;
    late: boolean;
    noDayLeft: boolean;
    nextYear: boolean;
    sharesDay: boolean;
  }>(
    `with latest as (select plan from plans where agreement = $1 and year = $2 order by revision desc limit 1)
     select id, due_on as "dueOn", owner, late, coalesce(planned->'noDayLeft' = 'true', false) as "noDayLeft",
            coalesce(planned->'nextYear' = 'true', false) as "nextYear",
            strand = 'upgrade' and planned->'noDayLeft' is null
              and count(*) filter (where planned->'noDayLeft' is null) over (partition by strand, due_on) > 1 as "sharesDay"
       from obligations
       left join (select planned from latest, jsonb_array_elements(plan->'obligations') planned) as of_plan
         on planned->>'id' = id
      where agreement = $1 and year = $2 and state = 'open' and strand not in ('close', 'hourBank')
        and id <> 'renewal/notice'
      order by due_on, id limit $3`,
    [agreement, year, mostNext],
  );
  return rows.map(({ noDayLeft, nextYear, sharesDay, ...row }) => ({
    ...row,
    overdue: row.dueOn < today,
    ...(noDayLeft && { noDayLeft }),
    ...(nextYear && { nextYear }),
    ...(sharesDay && { sharesDay }),
  }));
}

async function hoursOf(db: Queryable, agreement: string, year: number, now: Date): Promise<HourBalance> {
  const hours = await hourBalance(db, agreement, year, now.toISOString());
  return Object.fromEntries(
    Object.entries(hours).map(([name, amount]) => [name, amount / 100]),
  ) as unknown as HourBalance;
}
