/** Gathers from PostgreSQL what a message says: the one place where names and addresses meet the plan. */
import { localDateOf } from '../rules/calendar';
import type { Contract, CustomerContact, Instant, Person } from '../rules/contract';
import type { HourBalance, HourClose, Obligation, TemplateId, YearPlan } from '../rules/plan';
import { unusedRolledIn } from '../rules/hour-bank';
import { discountedRate, overageAmount } from '../rules/price';
import { closedDaysOf, openDaysBetween } from '../rules/support-hours';
import type { Party, Terms, UpgradePhaseId } from '../rules/terms';
import type { MailData, MailDate, MailHours, MailModule, MailSummaryItem } from '../templates/mail-data';
import type { Queryable } from './db';
import { digestData } from './digest';
import { hourBalance, lapsedHours } from './hours';
import { rateOf } from './prices';
import { renewalData } from './renewal';

/** Somebody a mail goes to. `id` is `contact-1` … for the customer's, the party's name for our own. */
export interface Recipient extends Person {
  id: string;
  party: Party;
}

export interface MailContext {
  contract: Contract;
  plan: YearPlan;
  terms: Terms;
  asOf: Instant;
  /** Link to the agreement's page, for our own people. */
  agreementLink: string;
  /** The same of any agreement. */
  linkTo: (agreement: string) => string;
}

/** Who a notice goes to: our person, or the customer's contacts with one of the roles (all if nobody has one). */
export function recipientsOf(contract: Contract, to: Party, roles: string[] | undefined): Recipient[] {
  if (to !== 'customer') return [{ id: to, party: to, ...contract.contacts[to] }];
  const { customer } = contract.contacts;
  const fitting = customer.filter(({ role }) => roles?.includes(role) ?? true);
  return (fitting.length > 0 ? fitting : customer).map((contact: CustomerContact, index) => ({
    id: contact.id ?? `contact-${index + 1}`,
    party: 'customer',
    name: contact.name,
    email: contact.email,
  }));
}

/** The parts of an obligation's id that wording depends on. */
function named(id: string): { number?: number; phase?: UpgradePhaseId; step?: string } {
  const [strand, rest] = id.split('/');
  const number = /-(\d+)$/.exec(id)?.[1];
  return {
    ...(number === undefined ? {} : { number: Number(number) }),
    ...(strand === 'upgrade' && rest ? { phase: rest as UpgradePhaseId } : {}),
    ...(strand === 'start' && rest ? { step: rest } : {}),
  };
}

function endsAt(obligation: Obligation, terms: Terms): { endsAt?: Instant } {
  if (obligation.strand !== 'meetings') return {};
  return {
    endsAt: new Date(Date.parse(obligation.dueAt) + terms.meetings.lengthMinutes * 60_000).toISOString(),
  };
}

function dateOf(obligation: Obligation, terms: Terms): MailDate {
  const { id, strand, dueOn, dueAt } = obligation;
  return { id, strand, ...named(id), on: dueOn, at: dueAt, ...endsAt(obligation, terms) };
}

/** What to send in the Web UI when the obligation is done. */
function signalFor(agreement: string, id: string): { signal?: { name: string; example: string } } {
  const { number, phase, step } = named(id);
  const example = (name: string, fields: Record<string, unknown>) => ({
    signal: { name, example: JSON.stringify({ agreement, ...fields }) },
  });
  if (phase) return example('upgradePhaseCompleted', { phase });
  if (step) return example('startStepCompleted', { step });
  return id.startsWith('meeting-') ? example('meetingHeld', { meeting: number }) : {};
}

function obligationData(context: MailContext, id: string): Partial<MailData> {
  const obligation = context.plan.obligations.find((other) => other.id === id);
  if (!obligation) return {};
  const today = localDateOf(context.asOf);
  const closed = closedDaysOf(context.terms.support);
  const overdue =
    today > obligation.dueOn ? { overdueOpenDays: openDaysBetween(obligation.dueOn, today, closed) } : {};
  const { strand, owner, dueOn, dueAt, opensAt, late } = obligation;
  return {
    obligation: {
      id,
      strand,
      ...named(id),
      owner,
      dueOn,
      dueAt,
      opensAt,
      late,
      ...endsAt(obligation, context.terms),
      ...overdue,
    },
    ...signalFor(context.contract.agreement, id),
  };
}

/** What the mails of a phase of the upgrade list: its checks, and for the test the cases of what the customer has. */
function phaseData({ contract, terms }: MailContext, id: string): Pick<MailData, 'checks' | 'testCases'> {
  const { phase } = named(id);
  if (phase === undefined) return {};
  const checks = terms.upgrade.phases[phase]?.checks ?? [];
  return phase === 'test' ? { checks, testCases: testCasesFor(contract, terms) } : { checks };
}

/** The test cases for everyone, of the customer's systems and of its integrations, in this order. */
function testCasesFor({ systems, integrations }: Contract, { upgrade }: Terms): MailModule[] {
  const modules = [
    { id: 'all' },
    ...Object.keys(systems).map((id) => ({ id })),
    ...integrations.filter(({ id }) => !Object.hasOwn(systems, id)).map(({ id, name }) => ({ id, name })),
  ];
  return modules.flatMap((module) => {
    const cases = upgrade.testCases[module.id] ?? [];
    return cases.length > 0 ? [{ ...module, cases }] : [];
  });
}

/** The consultant's time around a meeting, if the terms set some aside. */
function ownTime({ meetings }: Terms): Pick<MailData, 'ownTime'> {
  const { preparationMinutes, followUpMinutes } = meetings;
  return preparationMinutes + followUpMinutes > 0 ? { ownTime: { preparationMinutes, followUpMinutes } } : {};
}

/** Hours rolled in that are going to lapse within the year, and when. */
function lapsing(
  { plan, terms, asOf }: MailContext,
  balance: HourBalance,
): Pick<MailHours, 'lapsing' | 'lapsesOn'> {
  const lapse = plan.obligations.find(({ id }) => id === 'hours/lapse');
  const unused = unusedRolledIn(balance, terms.hourBank.orderOfUse);
  return lapse === undefined || asOf >= lapse.dueAt || unused === 0
    ? {}
    : { lapsing: unused, lapsesOn: lapse.dueOn };
}

async function hoursData(db: Queryable, context: MailContext): Promise<MailHours> {
  const { contract, plan, terms, asOf } = context;
  const { agreement } = contract;
  const balance = await hourBalance(db, agreement, plan.yearNumber);
  const [closed] = await db.query<{ result: HourClose }>(
    `select result from decisions where agreement = $1 and year = $2 and key = 'rollover'`,
    [agreement, plan.yearNumber],
  );
  const entries = await db.query<{
    at: Instant;
    hours: number;
    reported: number | null;
    service: string | null;
    note: string | null;
    by: string;
  }>(
    `select as_of as at, hours, reported, service, note, by from hour_entries
      where agreement = $1 and year = $2 and kind = 'used' order by as_of, id`,
    [agreement, plan.yearNumber],
  );
  const ordinaryRateMinor = rateOf(plan, contract);
  const lapsed = await lapsedHours(db, agreement, plan.yearNumber);
  return {
    ...balance,
    ...(lapsed > 0 && { lapsed }),
    ...lapsing(context, balance),
    ...(closed ? { rolledOut: closed.result.rolledOut, expired: closed.result.expired } : {}),
    currency: contract.hourBank.currency,
    discountedRateMinor: discountedRate(ordinaryRateMinor, terms.hourBank.discountPercent),
    overageAmountMinor: overageAmount(balance.overage, ordinaryRateMinor, terms.hourBank),
    entries: entries.map(({ at, hours, reported, service, note, by }) => ({
      on: localDateOf(at),
      hours,
      ...(reported === null || reported === hours ? {} : { reported }),
      kind: service ?? 'other',
      ...(note === null ? {} : { note }),
      by,
    })),
    final: closed !== undefined,
    asOf: localDateOf(asOf),
  };
}

async function summaryData(
  db: Queryable,
  { contract: { agreement }, plan: { yearNumber: year }, terms }: MailContext,
): Promise<Partial<MailData>> {
  const closedDays = closedDaysOf(terms.support);
  const rows = await db.query<{
    id: string;
    strand: Obligation['strand'];
    due: string;
    state: string;
    at: string;
  }>(
    `select id, strand, due_on as due, state, closed_at as at from obligations
      where agreement = $1 and year = $2 and strand in ('start', 'meetings', 'upgrade') order by due_on, id`,
    [agreement, year],
  );
  const [closing] = await db.query<{ outcome: 'fulfilled' | 'unfulfilled' | 'terminated' }>(
    `select detail->>'outcome' as outcome from events where agreement = $1 and year = $2 and ref = 'year-closed'`,
    [agreement, year],
  );
  const items = rows.map(({ id, strand, due, state, at }): MailSummaryItem => {
    const done = state === 'done' ? localDateOf(at) : undefined;
    return {
      id,
      strand,
      ...named(id),
      dueOn: due,
      state: state === 'open' ? 'missed' : (state as MailSummaryItem['state']),
      ...(done === undefined ? {} : { closedOn: done }),
      ...(done !== undefined && done > due ? { lateDays: openDaysBetween(due, done, closedDays) } : {}),
    };
  });
  return { summary: { outcome: closing?.outcome ?? 'unfulfilled', items } };
}

/** A contact that needs attention is known by id to the workflow; the mail gives name, address and the server's words. */
async function attentionData(
  db: Queryable,
  contract: Contract,
  obligation: string,
  attention: NonNullable<MailData['attention']>,
): Promise<NonNullable<MailData['attention']>> {
  const { customer, consultant, manager, support } = contract.contacts;
  const ours = Object.entries({ consultant, manager, support }).map(([id, person]) => ({ id, ...person }));
  const known = [...customer, ...ours];
  const contact = known.find(({ id }) => `contact/${id}` === obligation);
  if (!contact) return attention;
  const [refused] = await db.query<{ reason: string }>(
    'select reason from refused_addresses where email = $1',
    [contact.email],
  );
  return {
    ...attention,
    detail: `${contact.name} <${contact.email}>: ${refused?.reason ?? attention.detail}`,
  };
}

/** The messages that tell of the hour bank; the others need not look it up. */
const tellHours: readonly TemplateId[] = ['welcome', 'hours-alert', 'hour-statement', 'year-summary'];

/** What a message is and is about. */
export interface MessageAbout extends Pick<MailData, 'alert' | 'attention'> {
  template: TemplateId;
  obligation: string;
  step?: string;
}

/**
 * Everything a message may say, to one recipient. What only the sender knows, the alert's threshold or what needs
 * attention, comes with what the message is about.
 */
export async function mailDataFor(
  db: Queryable,
  context: MailContext,
  recipient: Recipient,
  { template, obligation, step, alert, attention }: MessageAbout,
): Promise<MailData> {
  const { contract, plan, terms } = context;
  const { consultant, manager, support } = contract.contacts;
  return {
    agreement: { number: contract.agreement, level: contract.level },
    customer: { id: contract.customer.id, name: contract.customer.name },
    year: { number: plan.yearNumber, from: plan.from, to: plan.to },
    recipient: { name: recipient.name, party: recipient.party },
    consultant,
    manager,
    support,
    links: { agreement: context.agreementLink },
    dates: plan.obligations
      .filter(({ strand }) => strand === 'start' || strand === 'meetings' || strand === 'upgrade')
      .map((other) => dateOf(other, terms)),
    agenda: terms.meetings.agenda,
    integrations: contract.integrations,
    systems: Object.entries(contract.systems).map(([id, { version }]) => ({ id, version })),
    monitors: contract.monitors,
    supportHours: terms.support,
    rollover: { percent: terms.hourBank.rollover.percent, basis: terms.hourBank.rollover.basis },
    ...(tellHours.includes(template) ? { hours: await hoursData(db, context) } : {}),
    ...obligationData(context, obligation),
    ...phaseData(context, obligation),
    ...ownTime(terms),
    ...(obligation.startsWith('renewal/') ? await renewalData(db, context, obligation) : {}),
    ...(template === 'digest' ? await digestData(db, context, step ?? '') : {}),
    ...(obligation === 'close' ? await summaryData(db, context) : {}),
    ...(alert ? { alert } : {}),
    ...(attention ? { attention: await attentionData(db, contract, obligation, attention) } : {}),
  };
}
