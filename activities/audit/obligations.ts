/** Audits what years owe: nothing is forgotten past its day, and every year that is over was closed. */
import type { Instant, LocalDate } from '../../rules/engine/contract/contract';
import type { Queryable } from '../db';
import type { AuditFinding } from './findings';

interface Overlooked {
  agreement: string;
  year: number;
  id: string;
  dueOn: LocalDate;
  why: 'over' | 'unsent' | 'untold';
}

const whyOverlooked = {
  over: { sv: 'öppet fast året är slut', en: 'open though its year is over' },
  unsent: { sv: 'inte utskickat', en: 'not sent' },
  untold: { sv: 'ingen har fått veta det', en: 'nobody was told' },
};

/** Days that people and the mail server may take. */
const within = `interval '2 days'`;

/**
 * Obligations that are open and past due: of a year that is over; of those that we send by ourselves; and of people's, where the
 * mail that escalates it did not go out. What waits for another one is told with that.
 */
export async function obligationsOverlooked(db: Queryable, asOf: Instant): Promise<AuditFinding[]> {
  const rows = await db.query<Overlooked>(
    `with past as (
       select o.*, a.state = 'ended' or o.year < a.year_number as over
         from obligations o join agreements a on a.number = o.agreement
        where o.state = 'open' and o.due_at < $1::timestamptz - ${within}
     )
     select agreement, year, id, due_on as "dueOn", case when over then 'over' when strand = 'hourBank' then 'unsent' else 'untold' end as why
       from past
      where over or (strand = 'hourBank' and id <> 'hours/expiry')
         or (strand not in ('hourBank', 'close')
             and not exists (select from obligations b where b.agreement = past.agreement and b.year = past.year
                                and b.id = past.after and b.state = 'open')
             and exists (
               select from (select plan from plans p where p.agreement = past.agreement and p.year = past.year
                             order by revision desc limit 1) as newest,
                    jsonb_array_elements(newest.plan -> 'obligations') as planned,
                    jsonb_array_elements(planned -> 'notices') as notice
                where planned ->> 'id' = past.id and notice ->> 'step' ~ '^(overdue|escalate)'
                  and (notice ->> 'at')::timestamptz < $1::timestamptz - ${within}
                  and not exists (select from mails m where m.agreement = past.agreement and m.year = past.year
                                     and m.obligation = past.id and m.step = notice ->> 'step')))`,
    [asOf],
  );
  return rows.map(({ agreement, year, id, dueOn, why }) => ({
    kind: 'obligationOverlooked',
    subject: `${agreement}/${year}/${id}`,
    agreement,
    detail: {
      sv: `skulle vara klart ${dueOn}; ${whyOverlooked[why].sv}`,
      en: `due on ${dueOn}; ${whyOverlooked[why].en}`,
    },
  }));
}

/** Years that are over, each with the decision about its unused hours. */
export async function yearsNotClosed(db: Queryable, asOf: Instant): Promise<AuditFinding[]> {
  const rows = await db.query<{ agreement: string; year: number; to: LocalDate }>(
    `select p.agreement, p.year, max(p.plan ->> 'to') as to
       from plans p join agreements a on a.number = p.agreement
      where not exists (select from decisions d where d.agreement = p.agreement and d.year = p.year and d.key = 'rollover')
        and (a.state = 'ended' or p.year < a.year_number or (p.plan ->> 'endsAt')::timestamptz < $1::timestamptz - ${within})
      group by p.agreement, p.year`,
    [asOf],
  );
  return rows.map(({ agreement, year, to }) => ({
    kind: 'yearNotClosed',
    subject: `${agreement}/${year}`,
    agreement,
    detail: { sv: `året gick till ${to}`, en: `the year went to ${to}` },
  }));
}
