/** The year's dates that concern the customer, how each stands, and what was agreed to be done. */
import type { Instant, LocalDate, Party } from '../../rules/engine/contract/contract';
import { phaseInPlan } from '../../rules/engine/plan/phase-in-plan';
import type { Obligation, StoredPlan, Strand } from '../../rules/engine/plan/plan';
import { phaseOfUpgrade, takesSystemDown } from '../../rules/engine/upgrade/phases';
import type { Queryable } from '../db';
import { findSession } from '../years/test-session';
import { localDateOf } from '../../rules/engine/calendar/calendar';

/** One of the year's dates. */
export interface PageDate {
  id: string;
  strand: Strand;
  owner: Party;
  /** The day on which it was done; until then the agreed day of what takes the system down, or the planned one. */
  on: LocalDate;
  /** Meetings to come and the session of the test: when it begins, and how long it is if that is another time than usual. */
  at?: Instant;
  minutes?: number;
  booked: boolean;
  revision: number;
  state: 'open' | 'done' | 'missed' | 'declined' | 'carried';
  /** When it was held, or closed. */
  closedOn?: LocalDate;
}

interface DateRow {
  id: string;
  state: PageDate['state'] | 'cancelled';
  closedOn: LocalDate | null;
}

/** In the order of their days; what is cancelled, and what is ours to decide, is left out. */
export async function datesOf(db: Queryable, plan: StoredPlan): Promise<PageDate[]> {
  const rows = await db.query<DateRow>(
    `select o.id, o.state, coalesce(m.held_on, (o.closed_at at time zone 'Europe/Stockholm')::date) as "closedOn"
       from obligations o left join meetings m using (agreement, year, id) where o.agreement = $1 and o.year = $2`,
    [plan.agreement, plan.yearNumber],
  );
  const known = new Map(rows.map((row) => [row.id, row]));
  const agreed = await agreedDays(db, plan);
  const owed = plan.obligations.flatMap((owed): PageDate[] => {
    const { state = 'open', closedOn = null } = known.get(owed.id) ?? {};
    if (state === 'cancelled' || !concernsCustomer(plan, owed)) return [];
    if (state === 'open' && owed.noDayLeft) return [];
    const { id, strand, owner, dueOn, dueAt: at, minutes, revision } = owed;
    const isMeeting = strand === 'meetings';
    const doneOn = state === 'done' ? (closedOn ?? undefined) : undefined;
    const isTimed = isMeeting && (doneOn === undefined || doneOn === dueOn);
    return [
      {
        ...{ id, strand, owner, revision, state },
        on: doneOn ?? agreedFor(plan, owed, agreed) ?? dueOn,
        booked: isMeeting && owed.booked === true,
        ...(isTimed && { at }),
        ...(isTimed && minutes !== undefined && { minutes }),
        ...(closedOn !== null && { closedOn }),
      },
    ];
  });
  return [...owed, ...(await sessionsOf(db, plan))].sort((a, b) => (a.on < b.on ? -1 : Number(a.on > b.on)));
}

/** The sessions of tests that are booked or were held: of the year's own upgrade, and of one that an earlier year left. */
async function sessionsOf(
  db: Queryable,
  { agreement, yearNumber, upgrade }: StoredPlan,
): Promise<PageDate[]> {
  const years = [...(upgrade?.carried ? [upgrade.carried.year] : []), yearNumber];
  const all = await Promise.all(
    years.map((ofYear) => sessionOf(db, agreement, ofYear, ofYear === yearNumber)),
  );
  return all.flat();
}

async function sessionOf(
  db: Queryable,
  agreement: string,
  ofYear: number,
  isOwn: boolean,
): Promise<PageDate[]> {
  const { booked, heldOn } = await findSession(db, agreement, ofYear);
  const id = isOwn ? 'test-session' : `test-session-${ofYear}`;
  const about = { id, strand: 'upgrade', owner: 'consultant', revision: 1 } as const;
  if (heldOn !== undefined) return [{ ...about, on: heldOn, booked: false, state: 'done', closedOn: heldOn }];
  if (!booked) return [];
  return [{ ...about, on: localDateOf(booked.at), at: booked.at, booked: true, state: 'open' }];
}

/** The days that the customer has agreed to, by the year that the upgrade belongs to. */
async function agreedDays(db: Queryable, { agreement }: StoredPlan): Promise<Map<number, LocalDate>> {
  const rows = await db.query<{ ofYear: number; on: LocalDate }>(
    `select distinct on (of_year) of_year as "ofYear", on_day as "on" from upgrade_parts
      where agreement = $1 and kind = 'date' and on_day is not null order by of_year, year desc`,
    [agreement],
  );
  return new Map(rows.map(({ ofYear, on }) => [ofYear, on]));
}

/** The day that was agreed for a phase that takes the system down. */
function agreedFor(
  plan: StoredPlan,
  { id, strand }: Obligation,
  agreed: ReadonlyMap<number, LocalDate>,
): LocalDate | undefined {
  const planned = strand === 'upgrade' ? phaseInPlan(plan, id)?.planned : undefined;
  return planned && takesSystemDown(planned)
    ? agreed.get(phaseOfUpgrade(id)?.leftBy ?? plan.yearNumber)
    : undefined;
}

/** What the customer is told of the hour bank by a day of the year. */
const ofHours = /^hours\/(statement-\d+|lapse)$/;

/** Phases that the customer takes part in, or during which nobody can work. */
function concernsCustomer(plan: StoredPlan, { id, strand, owner }: Obligation): boolean {
  if (strand === 'hourBank') return ofHours.test(id);
  if (strand === 'renewal') return id === 'renewal/notice';
  if (strand === 'close') return false;
  if (strand !== 'upgrade' || owner === 'customer') return true;
  const planned = phaseInPlan(plan, id)?.planned;
  return !planned || takesSystemDown(planned) || /^(test|approval)$/.test(planned.kind);
}

/** Something that was agreed at a meeting and is not done. */
export interface PageAction {
  id: string;
  what: string;
  /** A party, or a contact's id. */
  owner: string;
  dueOn: LocalDate;
  meeting: string;
}

/** Whether somebody can say that it is done: it is theirs, or the customer's without a name. */
export const isOwn = ({ owner }: Pick<PageAction, 'owner'>, contact: string): boolean =>
  owner === contact || owner === 'customer';

export const openActions = (db: Queryable, agreement: string): Promise<PageAction[]> =>
  db.query(
    `select id, what, owner, due_on as "dueOn", meeting from actions
      where agreement = $1 and state = 'open' order by due_on, length(id), id`,
    [agreement],
  );
