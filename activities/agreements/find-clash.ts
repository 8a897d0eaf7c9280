/** Finds what a consultant has booked in other agreements: one agreement's workflow knows its own meetings alone. */
import { addressKey } from '../../rules/engine/basics/mail-address';
import type { PendingChange } from '../../rules/engine/change/amend-contract';
import { contractThen } from '../../rules/engine/change/amend-contract';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import type { Contract, Instant, LocalDate } from '../../rules/engine/contract/contract';
import type { Clash } from '../../templates/ui/reasons';
import type { Db, Queryable } from '../db';
import { permanent } from '../permanent';
import { findAgreement } from './agreements';

export interface FindClashInput {
  agreement: string;
  /** When the meeting begins and ends that is to be booked. */
  begins: Instant;
  ends: Instant;
}

type Consultant = Contract['contacts']['consultant'];

export function createClashActivities({ db }: { db: Db }) {
  return {
    /**
     * Who leads a meeting is who the contract names on its day, with replacements that are recorded for it.
     * @returns the first meeting that the agreement's consultant leads elsewhere in that time, or `null`
     */
    async findClash({ agreement, begins, ends }: FindClashInput): Promise<Clash | null> {
      const own = await findAgreement(db, agreement);
      if (!own) throw permanent('NotFound', `expected a signed agreement, found none: ${agreement}`);
      const leader = await consultantOn(db, own, localDateOf(begins));
      for (const { number, contract, id, at, day } of await bookedMeanwhile(db, agreement, begins, ends))
        if (isSame(leader, await consultantOn(db, { number, contract }, day)))
          return { agreement: number, customer: contract.customer.name, id, at };
      return null;
    },
  };
}

/** Open meetings of other agreements that go on between two instants; one that ends as the other begins does not. */
async function bookedMeanwhile(
  db: Queryable,
  agreement: string,
  begins: Instant,
  ends: Instant,
): Promise<{ number: string; contract: Contract; id: string; at: string; day: LocalDate }[]> {
  return db.query(
    `select number, contract, m.id, to_char(local, 'YYYY-MM-DD HH24:MI') as at, to_char(local, 'YYYY-MM-DD') as day
       from meetings m join agreements a on number = m.agreement
            left join obligations o using (agreement, year, id)
            left join lateral (select (plan #>> '{meetings,lengthMinutes}')::int as minutes from plans p
                                where p.agreement = m.agreement and p.year = m.year order by revision desc limit 1) planned
              on true
            cross join lateral (select booked_at at time zone 'Europe/Stockholm' as local) at_home
      where m.agreement <> $1 and a.state <> 'ended' and held_on is null and coalesce(o.state, 'open') = 'open'
        and booked_at < $3
        and booked_at + make_interval(mins => coalesce(m.minutes, planned.minutes, 0)) > $2
      order by booked_at, number, m.id`,
    [agreement, begins, ends],
  );
}

/** The consultant of an agreement on a day, after all changes of its contract that are recorded for then. */
async function consultantOn(
  db: Queryable,
  { number, contract }: { number: string; contract: Contract },
  day: LocalDate,
): Promise<Consultant> {
  const pending = await db.query<PendingChange>(
    `select from_date as from, changes from contract_changes k left join consultant_changes c on c.change = k.id
      where k.agreement = $1 and applied_at is null and void_at is null order by from_date, k.id`,
    [number],
  );
  return contractThen({ contract, pending, ended: false }, day).contacts.consultant;
}

/** One person has one id, and one address where contracts name no id. */
const isSame = (one: Consultant, other: Consultant): boolean =>
  (one.id !== undefined && one.id === other.id) || addressKey(one.email) === addressKey(other.email);
