/**
 * What a digest lists: everything somebody has to do that is overdue, or due before the next one, in all agreements of
 * its reader.
 */
import type { Text } from '../../rules/engine/basics/text';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import { mondayOf } from '../../rules/engine/calendar/dates';
import type { Instant, LocalDate, Party } from '../../rules/engine/contract/contract';
import { isOwedByPeople } from '../../rules/engine/plan/owed-by-people';
import { phaseNamesOf } from '../../rules/engine/plan/phase-in-plan';
import type { Strand } from '../../rules/engine/plan/plan';
import { planDigests } from '../../rules/engine/plan/plan-digests';
import { closedDaysOf, openDaysBetween } from '../../rules/engine/terms/support-hours';
import type { SupportTerms } from '../../rules/engine/ruleset/terms';
import type { MailData, MailDigestAgreement, MailDigestItem } from '../../templates/mails/mail-data';
import type { Queryable } from '../db';
import type { MailContext } from './notice';
import { findReadAgreements, partyOf, readerKey } from '../agreements/digest-readers';

/** An agreement whose open steps a digest tells of. */
interface ToldAgreement {
  agreement: string;
  year: number;
  customer: string;
  support: Pick<SupportTerms, 'closedDays'>;
  phaseNames: Record<string, Text>;
  /** Up to when its reader's own digest would tell; nothing before its first. */
  end: Instant | undefined;
}

export interface OpenStep {
  agreement: string;
  id: string;
  strand: Strand;
  owner: Party;
  dueOn: LocalDate;
  dueAt: Instant;
}

/**
 * Key of a digest's mail, the same for all agreements of its reader. Nothing for other mails, and for a consultant without
 * an id: that one gets a digest of each agreement.
 *
 * A weekly one is named by its Monday: an agreement that is closed on that day does not send another the day after.
 */
export function digestKey(
  { template, step }: { template: string; step: string },
  { contract, terms }: Pick<MailContext, 'contract' | 'terms'>,
): string | undefined {
  if (template !== 'digest') return undefined;
  const to = partyOf(step);
  const reader = readerKey(contract, to);
  if (reader.startsWith('agreement-')) return undefined;
  const day = step.slice(to.length + 1);
  return `${reader}/digest/${terms.notices.digests[to] === 'monthly' ? day : mondayOf(day)}`;
}

/** @param step the digest's, as in the rule */
export async function digestData(
  db: Queryable,
  context: MailContext,
  step: string,
): Promise<Pick<MailData, 'digest'>> {
  const { contract, plan, terms, asOf } = context;
  const { from, to, startsAt } = plan;
  const reader = partyOf(step);
  const digests = planDigests({ from, to, since: startsAt, terms }, reader);
  const own: ToldAgreement = {
    agreement: contract.agreement,
    year: plan.yearNumber,
    customer: contract.customer.name,
    support: terms.support,
    phaseNames: phaseNamesOf(plan),
    end: digests.find((digest) => digest.step === step)?.until ?? plan.endsAt,
  };
  const told = [own, ...(await othersOf(db, own, readerKey(contract, reader), asOf))];
  const end = told.reduce((latest, { end: each = '' }) => (each > latest ? each : latest), '');
  const open = await findOpenSteps(db, told, end);
  const agreements = told
    .map((one): MailDigestAgreement => {
      const rows = open.filter(({ agreement }) => agreement === one.agreement);
      const item = itemOf(localDateOf(asOf), one.support);
      return {
        agreement: one.agreement,
        customer: one.customer,
        link: context.linkTo(one.agreement),
        phaseNames: one.phaseNames,
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

function itemOf(today: LocalDate, support: ToldAgreement['support']): (row: OpenStep) => MailDigestItem {
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

/** The reader's other agreements. */
async function othersOf(
  db: Queryable,
  own: ToldAgreement,
  reader: string,
  asOf: Instant,
): Promise<ToldAgreement[]> {
  // Times of day differ between agreements: whoever's digest falls on this day is told of by this one.
  const today = localDateOf(asOf);
  return (await findReadAgreements(db, reader))
    .filter(({ agreement }) => agreement !== own.agreement)
    .map(({ agreement, year, customer, terms, upgrade, digests }) => ({
      ...{ agreement, year, customer },
      phaseNames: phaseNamesOf(upgrade ? { upgrade } : {}),
      support: terms.support,
      end: digests.findLast(({ at }) => localDateOf(at) <= today)?.until,
    }));
}

/** What people have to do in some years of agreements and is due before an instant, in order. */
export async function findOpenSteps(
  db: Queryable,
  of: readonly { agreement: string; year: number }[],
  before: Instant,
): Promise<OpenStep[]> {
  const rows = await db.query<OpenStep>(
    `select agreement, id, strand, owner, due_on as "dueOn", due_at as "dueAt" from obligations
       join unnest($1::text[], $2::int[]) as told(number, of_year) on agreement = number and year = of_year
      where state = 'open' and due_at < $3 order by due_at, id`,
    [of.map(({ agreement }) => agreement), of.map(({ year }) => year), before],
  );
  return rows.filter(isOwedByPeople);
}
