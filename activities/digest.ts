/** What a digest lists: everything somebody has to do that is overdue, or due before the next one. */
import { localDateOf } from '../rules/calendar';
import type { Instant, LocalDate } from '../rules/contract';
import { digestEnd } from '../rules/digest-end';
import { isOwedByPeople } from '../rules/owed-by-people';
import type { Strand } from '../rules/plan';
import { closedDaysOf, openDaysBetween } from '../rules/support-hours';
import type { Party } from '../rules/terms';
import type { MailData, MailDigestItem } from '../templates/mail-data';
import type { Queryable } from './db';
import type { MailContext } from './mail-data';

interface OpenRow {
  id: string;
  strand: Strand;
  owner: Party;
  dueOn: LocalDate;
  dueAt: Instant;
}

/** @param step the digest's, as in the plan */
export async function digestData(
  db: Queryable,
  { contract, plan, terms, asOf }: MailContext,
  step: string,
): Promise<Pick<MailData, 'digest'>> {
  const end = digestEnd(plan, step);
  const rows = await db.query<OpenRow>(
    `select id, strand, owner, due_on as "dueOn", due_at as "dueAt" from obligations
      where agreement = $1 and year = $2 and state = 'open' and due_at < $3 order by due_at, id`,
    [contract.agreement, plan.yearNumber, end],
  );
  const open = rows.filter(isOwedByPeople);
  const closed = closedDaysOf(terms.support);
  const today = localDateOf(asOf);
  const item = ({ id, owner, dueOn }: OpenRow): MailDigestItem => ({
    id,
    owner,
    dueOn,
    overdueOpenDays: openDaysBetween(dueOn, today, closed),
  });
  return {
    digest: {
      until: localDateOf(end),
      overdue: open.filter(({ dueAt }) => dueAt < asOf).map(item),
      coming: open.filter(({ dueAt }) => dueAt >= asOf).map(item),
    },
  };
}
