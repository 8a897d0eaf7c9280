/**
 * What a digest lists: everything somebody has to do that is overdue, or due before the next one, in all agreements of
 * its reader. They share one mail: whichever of them comes first in a week sends it.
 */
import { createHash } from 'node:crypto';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import { mondayOf } from '../../rules/engine/calendar/dates';
import type { Contract, Instant, LocalDate, Party } from '../../rules/engine/contract/contract';
import { digestEnd } from '../../rules/engine/plan/digest-end';
import { isOwedByPeople } from '../../rules/engine/plan/owed-by-people';
import type { DigestNotice, Strand } from '../../rules/engine/plan/plan';
import { closedDaysOf, openDaysBetween } from '../../rules/engine/terms/support-hours';
import type { SupportTerms } from '../../rules/engine/ruleset/terms';
import type { MailData, MailDigestAgreement, MailDigestItem } from '../../templates/mails/mail-data';
import type { Queryable } from '../db';
import type { MailContext } from './notice';

type Reader = DigestNotice['to'];

/** An agreement whose open steps a digest tells of. */
interface ToldAgreement {
  agreement: string;
  year: number;
  customer: string;
  support: Pick<SupportTerms, 'closedDays'>;
  /** Up to when its reader's own digest would tell; nothing before its first. */
  end: Instant | undefined;
}

interface OpenRow {
  agreement: string;
  id: string;
  strand: Strand;
  owner: Party;
  dueOn: LocalDate;
  dueAt: Instant;
}

/**
 * Key of a digest's mail, the same for all agreements of its reader: a consultant is known by id, a manager by address,
 * which stands there as a fingerprint, since keys reach histories. Nothing for other mails, and for a consultant without
 * an id: that one gets a digest of each agreement.
 *
 * A weekly one is named by its Monday: an agreement that is closed on that day does not send another the day after.
 */
export function digestKey(
  { template, step }: { template: string; step: string },
  { contract, terms }: Pick<MailContext, 'contract' | 'terms'>,
): string | undefined {
  if (template !== 'digest') return undefined;
  const reader = readerOf(step);
  const { consultant, manager } = contract.contacts;
  const day = step.slice(reader.length + 1);
  const date = terms.notices.digests[reader] === 'monthly' ? day : mondayOf(day);
  if (reader === 'consultant')
    return consultant.id === undefined ? undefined : `consultant-${consultant.id}/digest/${date}`;
  const address = createHash('sha256').update(manager.email.toLowerCase()).digest('hex').slice(0, 16);
  return `manager-${address}/digest/${date}`;
}

/** Steps of digests are `consultant-2027-03-01` and `manager-2027-03-01`. */
const readerOf = (step: string): Reader => (step.startsWith('manager-') ? 'manager' : 'consultant');

/** @param step the digest's, as in the plan */
export async function digestData(
  db: Queryable,
  context: MailContext,
  step: string,
): Promise<Pick<MailData, 'digest'>> {
  const { contract, plan, terms, asOf } = context;
  const own: ToldAgreement = {
    agreement: contract.agreement,
    year: plan.yearNumber,
    customer: contract.customer.name,
    support: terms.support,
    end: digestEnd(plan, step),
  };
  const told = [own, ...(await othersOf(db, contract, readerOf(step), asOf))];
  const end = told.reduce((latest, { end: each = '' }) => (each > latest ? each : latest), '');
  const open = await openSteps(db, told, end);
  const agreements = told
    .map((one): MailDigestAgreement => {
      const rows = open.filter(({ agreement }) => agreement === one.agreement);
      const item = itemOf(localDateOf(asOf), one.support);
      return {
        agreement: one.agreement,
        customer: one.customer,
        link: context.linkTo(one.agreement),
        overdue: rows.filter(({ dueAt }) => dueAt < asOf).map(item),
        coming: rows.filter(({ dueAt }) => dueAt >= asOf).map(item),
      };
    })
    .filter(({ overdue, coming }) => overdue.length + coming.length > 0);
  return {
    digest: {
      until: localDateOf(end),
      overdue: agreements.reduce((count, { overdue }) => count + overdue.length, 0),
      agreements: byCustomer(agreements),
    },
  };
}

function itemOf(today: LocalDate, support: ToldAgreement['support']): (row: OpenRow) => MailDigestItem {
  const closed = closedDaysOf(support);
  return ({ id, owner, dueOn }) => ({
    id,
    owner,
    dueOn,
    overdueOpenDays: openDaysBetween(dueOn, today, closed),
  });
}

/** Customers with something overdue first; the agreements of one customer stand together. */
function byCustomer(agreements: readonly MailDigestAgreement[]): MailDigestAgreement[] {
  const late = new Set(agreements.filter(({ overdue }) => overdue.length > 0).map((one) => one.customer));
  const rank = ({ customer }: MailDigestAgreement): number => (late.has(customer) ? 0 : 1);
  return [...agreements].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      a.customer.localeCompare(b.customer, 'sv') ||
      a.agreement.localeCompare(b.agreement, 'sv'),
  );
}

/** The reader's other running agreements whose terms want digests to that reader. */
async function othersOf(
  db: Queryable,
  { agreement, contacts: { consultant, manager } }: Contract,
  reader: Reader,
  asOf: Instant,
): Promise<ToldAgreement[]> {
  const known = reader === 'consultant' ? consultant.id : manager.email.toLowerCase();
  if (known === undefined) return [];
  const isTheirs =
    reader === 'consultant'
      ? `contract #>> '{contacts,consultant,id}' = $3`
      : `lower(contract #>> '{contacts,manager,email}') = $3`;
  const rows = await db.query<
    Omit<ToldAgreement, 'end'> & { digests: DigestNotice[] | null; endsAt: Instant }
  >(
    `select number as agreement, year_number as year, contract #>> '{customer,name}' as customer,
            jsonb_build_object('closedDays', coalesce(terms #> '{support,closedDays}', '[]')) as support,
            plan -> 'digests' as digests, plan ->> 'endsAt' as "endsAt"
       from agreements join lateral (select plan, terms from plans where agreement = number and year = year_number
                                      order by revision desc limit 1) as newest on true
      where state = 'live' and number <> $1 and terms #>> array['notices', 'digests', $2] <> 'never' and ${isTheirs}`,
    [agreement, reader, known],
  );
  // Times of day differ between agreements: whoever's digest falls on this day is told of by this one.
  const today = localDateOf(asOf);
  return rows.map(({ digests, endsAt, ...one }) => {
    const theirs = (digests ?? []).filter(({ to }) => to === reader);
    const begun = theirs.some(({ at }) => localDateOf(at) <= today);
    const next = theirs.find(({ at }) => localDateOf(at) > today)?.at ?? endsAt;
    return { ...one, end: begun ? next : undefined };
  });
}

async function openSteps(db: Queryable, told: readonly ToldAgreement[], end: Instant): Promise<OpenRow[]> {
  const rows = await db.query<OpenRow>(
    `select agreement, id, strand, owner, due_on as "dueOn", due_at as "dueAt" from obligations
       join unnest($1::text[], $2::int[]) as told(number, of_year) on agreement = number and year = of_year
      where state = 'open' and due_at < $3 order by due_at, id`,
    [told.map(({ agreement }) => agreement), told.map(({ year }) => year), end],
  );
  return rows.filter(isOwedByPeople);
}
