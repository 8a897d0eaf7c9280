/** Changes of dedicated consultants as they were recorded. */
import type { RecordedReplacement } from '../../rules/engine/change/replace-consultant';
import type { Queryable } from '../db';

/** Whether an element of a contract's changes, called `one`, is about the consultant. */
export const ofConsultant = `one ->> 'path' like 'contacts.consultant%'`;

/** A change of consultant as it was recorded. */
export interface ConsultantChange extends RecordedReplacement {
  agreement: string;
  /** The change that it reverses, after a leave. */
  wayBackOf: number | null;
}

/** The change of consultant with this id, or nothing. */
export async function findConsultantChange(db: Queryable, id: number): Promise<ConsultantChange | undefined> {
  const [row] = await db.query<ConsultantChange>(
    `select id, agreement, old, new, from_on as "from", until_on as until, way_back_of as "wayBackOf"
       from consultant_changes where id = $1`,
    [id],
  );
  return row;
}

/**
 * Voids a change of consultant that has come too late: on its day the agreement has a third consultant, who has to
 * stay, or the leave that it ends never began. Voiding is stored, so that every later call gives the same answer.
 * @returns whether the change is void
 */
export async function voidIfOvertaken(db: Queryable, id: number): Promise<boolean> {
  await db.query(
    `update consultant_changes as this set void_at = now() from agreements, contract_changes
      where this.id = $1 and number = this.agreement and contract_changes.id = this.change
        and applied_at is null and this.void_at is null
        and (contract #>> '{contacts,consultant,id}' is distinct from this.old ->> 'id'
             or exists (select 1 from consultant_changes as leave
                         where leave.id = this.way_back_of and leave.void_at is not null))`,
    [id],
  );
  const [row] = await db.query<{ void: boolean }>(
    'select void_at is not null as void from consultant_changes where id = $1',
    [id],
  );
  return row?.void ?? false;
}

/** The id of the consultant that a contract's change gave it (`unnamed` without one); nothing if it is about others. */
export async function consultantAfter(db: Queryable, change: number): Promise<string | undefined> {
  const [row] = await db.query<{ id: string | null }>(
    `select contract #>> '{contacts,consultant,id}' as id from agreements join contract_changes on agreement = number
      where contract_changes.id = $1
        and exists (select 1 from jsonb_array_elements(changes) as one where ${ofConsultant})`,
    [change],
  );
  return row && (row.id ?? 'unnamed');
}
