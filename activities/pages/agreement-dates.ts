/** The year's dates that concern the customer, how each stands, and what was agreed to be done. */
import type { Instant, LocalDate, Party } from '../../rules/engine/contract/contract';
import { phaseInPlan } from '../../rules/engine/plan/phase-in-plan';
import type { Obligation, StoredPlan, Strand } from '../../rules/engine/plan/plan';
import { takesSystemDown } from '../../rules/engine/upgrade/phases';
import type { Queryable } from '../db';

/** One of the year's dates. */
export interface PageDate {
  id: string;
  strand: Strand;
  owner: Party;
  on: LocalDate;
  /** Meetings: when it begins, and how long it is if that is another time than usual. */
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
  return plan.obligations
    .flatMap((owed): PageDate[] => {
      const { state = 'open', closedOn = null } = known.get(owed.id) ?? {};
      if (state === 'cancelled' || !concernsCustomer(plan, owed)) return [];
      if (state === 'open' && owed.noDayLeft) return [];
      const { id, strand, owner, dueOn: on, dueAt: at, minutes, revision } = owed;
      const isMeeting = strand === 'meetings';
      return [
        {
          ...{ id, strand, owner, on, revision, state },
          booked: isMeeting && owed.booked === true,
          ...(isMeeting && { at }),
          ...(isMeeting && minutes !== undefined && { minutes }),
          ...(closedOn !== null && { closedOn }),
        },
      ];
    })
    .sort((a, b) => (a.on < b.on ? -1 : Number(a.on > b.on)));
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
