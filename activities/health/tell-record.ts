/**
 * Mails about the record outside of the database: once a day while it cannot be written, and once when it is written again. To the
 * operator, or without one to the manager of an agreement.
 */
import type { Instant, Person } from '../../rules/engine/contract/contract';
import type { Db, Queryable } from '../db';
import type { OperatorMailDeps } from './operator-mails';
import { decideOperatorMail, operatorOr, sendOperatorMails } from './operator-mails';

/** How a process finds its record. */
export interface RecordStanding {
  /** The machine, and the folder there. */
  place: string;
  /** Why it cannot be written now; nothing where it can. */
  trouble: string | undefined;
  /** Entries that this process could not write. */
  lost: number;
}

/** Notes how the record is, and mails what is to be told. @returns how many mails went out */
export async function tellOfRecord(
  db: Db,
  deps: OperatorMailDeps,
  standing: RecordStanding,
): Promise<number> {
  await db.transaction(async (tx) => {
    await note(tx, standing);
    await settle(tx, deps);
  });
  return sendOperatorMails(deps, 'record');
}

async function note(tx: Queryable, { place, trouble, lost }: RecordStanding): Promise<void> {
  if (trouble === undefined)
    await tx.query(
      'update record_troubles set healed_at = clock_timestamp() where place = $1 and healed_at is null',
      [place],
    );
  else
    await tx.query(
      `insert into record_troubles as had (place, why, since, lost) values ($1, $2, clock_timestamp(), $3)
       on conflict (place) do update set why = excluded.why, lost = excluded.lost, healed_at = null,
              since = case when had.healed_at is null then had.since else excluded.since end`,
      [place, trouble, lost],
    );
}

interface UntoldRow {
  place: string;
  why: string;
  since: Instant;
  lost: number;
  healed: boolean;
  manager: Person | null;
}

async function settle(tx: Queryable, deps: OperatorMailDeps): Promise<void> {
  const rows = await tx.query<UntoldRow>(
    `select r.place, r.why, r.since, r.lost, r.healed_at is not null as healed,
            (select a.contract #> '{contacts,manager}' from agreements a order by a.state = 'live' desc, a.number limit 1) as manager
       from record_troubles r
      where (healed_at is null and (told_at is null or told_at < now() - interval '1 day'))
         or (healed_at is not null and told = 'failing')
      order by place for update of r skip locked`,
  );
  for (const { manager, healed, ...record } of rows) {
    const to = operatorOr(deps, manager);
    if (!to) continue;
    await decideOperatorMail(tx, 'record', to, { ...record, ...(healed && { healed }) });
    await tx.query('update record_troubles set told = $2, told_at = clock_timestamp() where place = $1', [
      record.place,
      healed ? 'healed' : 'failing',
    ]);
  }
}
