/** Who has which agreements, what they have to do, and who stands in for whom. */
import { addressKey } from '../../rules/engine/basics/mail-address';
import type { LocalDate, Person } from '../../rules/engine/contract/contract';
import { isOwedByPeople } from '../../rules/engine/plan/owed-by-people';
import type { Strand } from '../../rules/engine/plan/plan';
import type { Queryable } from '../db';

interface OpenStep {
  id: string;
  strand: Strand;
  dueOn: LocalDate;
}

/** What the consultant has to do in the running year, the most urgent first. */
export async function openStepsOf(
  db: Queryable,
  agreement: string,
  year: number | null,
): Promise<OpenStep[]> {
  const rows = await db.query<OpenStep>(
    `select id, strand, due_on as "dueOn" from obligations
      where agreement = $1 and year = $2 and state = 'open' and owner = 'consultant' order by due_at, id`,
    [agreement, year],
  );
  return rows.filter(isOwedByPeople);
}

export interface ConsultantStatus {
  /** Nothing where contracts name the consultant without an id: such a one cannot be replaced by id. */
  id: string | null;
  name: string;
  email: string;
  agreements: {
    agreement: string;
    customer: string;
    openSteps: number;
    next: { id: string; dueOn: LocalDate; overdue: boolean } | null;
  }[];
  /** In which agreements somebody stands in, from when until when; without an end, for good. */
  absences: { from: LocalDate; until: LocalDate | null; standIn: string; agreements: string[] }[];
}

/** Every dedicated consultant, with what they have to do and when somebody stands in for them, today or later. */
export async function listConsultants(db: Queryable, today: LocalDate): Promise<ConsultantStatus[]> {
  const rows = await db.query<
    Person & { id: string | null; agreement: string; customer: string; year: number | null }
  >(
    `select contract #>> '{contacts,consultant,id}' as id, contract #>> '{contacts,consultant,name}' as name,
            contract #>> '{contacts,consultant,email}' as email, number as agreement,
            contract #>> '{customer,name}' as customer, year_number as year
       from agreements where state <> 'ended' order by number`,
  );
  const absences = await db.query<
    Person & { id: string; from: LocalDate; until: LocalDate | null; standIn: string; agreements: string[] }
  >(
    `select old ->> 'id' as id, old ->> 'name' as name, old ->> 'email' as email, from_on as "from",
            until_on as until, new ->> 'id' as "standIn", array_agg(c.agreement order by c.agreement) as agreements
       from consultant_changes c join contract_changes k on k.id = change join agreements on number = c.agreement
      where way_back_of is null and void_at is null and coalesce(until_on, from_on) >= $1 and state <> 'ended'
        and (applied_at is null or contract #>> '{contacts,consultant,id}' = new ->> 'id')
      group by 1, 2, 3, 4, 5, 6 order by from_on, 6`,
    [today],
  );
  const byKey = new Map<string, ConsultantStatus>();
  const of = ({ id, name, email }: Person & { id: string | null }): ConsultantStatus => {
    const key = id ?? `<${addressKey(email)}>`;
    const known = byKey.get(key) ?? { id, name, email, agreements: [], absences: [] };
    byKey.set(key, known);
    return known;
  };
  for (const { agreement, customer, year, ...who } of rows) {
    const open = await openStepsOf(db, agreement, year);
    const [first] = open;
    const next = first ? { id: first.id, dueOn: first.dueOn, overdue: first.dueOn < today } : null;
    of(who).agreements.push({ agreement, customer, openSteps: open.length, next });
  }
  for (const { id, name, email, ...absence } of absences) of({ id, name, email }).absences.push(absence);
  return [...byKey.values()].sort((a, b) => ((a.id ?? '~') < (b.id ?? '~') ? -1 : 1));
}

/** The ids of everybody who is the dedicated consultant of an agreement that has not ended; `unnamed` without one. */
export async function consultantIds(db: Queryable): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    `select distinct coalesce(contract->'contacts'->'consultant'->>'id', 'unnamed') as id
       from agreements where state <> 'ended' order by 1`,
  );
  return rows.map(({ id }) => id);
}
