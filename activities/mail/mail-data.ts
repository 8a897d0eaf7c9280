/** Gathers from PostgreSQL what a message says: the one place where names and addresses meet the plan. */
import { localDateOf } from '../../rules/engine/calendar/calendar';
import type { Contract, Instant, LocalDate } from '../../rules/engine/contract/contract';
import { moneyRoles } from '../../rules/engine/contract/contract';
import type { Obligation, TemplateId } from '../../rules/engine/plan/plan';
import { closedDaysOf, hoursOf, openDaysBetween } from '../../rules/engine/terms/support-hours';
import type { Terms } from '../../rules/engine/ruleset/terms';
import type { MailData, MailSummary, MailSummaryItem } from '../../templates/mails/mail-data';
import type { Db, Queryable } from '../db';
import { digestData } from './digest';
import { hoursData, whyTakenBack } from './hours-data';
import { toldOfHours } from './told-hours';
import { dateOf, endsAt, isExtra, named } from './mail-dates';
import { actionsData, meetingData } from './meeting-data';
import { noReleaseData } from './no-release';
import { monitoringFigures } from '../monitors/figures';
import { renewalData } from './renewal-data';
import type { MailContext, Recipient, SendNoticeInput } from './notice';
import { replacementData } from './replacement-data';
import { testData } from './test-data';
import { sessionData } from './test-session';
import { partnerData, phaseData, phaseSignal, upgradeData } from './upgrade-data';
import { contactId } from '../../rules/engine/contract/change-contract';
import { blankFields } from '../../rules/engine/upgrade/parts';
import { phaseInPlan, phaseNamesOf } from '../../rules/engine/plan/phase-in-plan';

/** What to send in the Web UI when a phase or a step is done; meetings have more than one answer. */
function signalFor(context: MailContext, id: string): Pick<MailData, 'signal'> {
  const { step } = named(id);
  const phase = phaseSignal(context, id);
  const example = (name: string, fields: Record<string, unknown>) => exampleSignal(context, { name, fields });
  if (phase) {
    const { message, toFill } = phase;
    const blank = blankFields(message);
    return {
      signal: {
        ...example('upgradePhaseCompleted', message),
        ...(toFill.length > 0 && { toFill }),
        ...(blank.length > 0 && { blank }),
      },
    };
  }
  return step ? { signal: example('startStepCompleted', { step }) } : {};
}

/** A message as it is pasted into the Web UI. */
const exampleSignal = (
  { contract: { agreement } }: MailContext,
  { name, fields }: { name: string; fields: Record<string, unknown> },
): NonNullable<MailData['signal']> => ({ name, example: JSON.stringify({ agreement, ...fields }) });

/** The ways on from what failed; that which the mail tells of apart is not told twice. */
const waysIn = (
  context: MailContext,
  { signal, ways = [] }: NonNullable<SendNoticeInput['attention']>,
): NonNullable<MailData['ways']> =>
  ways.flatMap(({ way, part, phase, ...said }) => {
    const message = exampleSignal(context, said);
    const isApart = signal !== undefined && exampleSignal(context, signal).example === message.example;
    return isApart
      ? []
      : [{ way, ...(part !== undefined && { part }), ...(phase !== undefined && { phase }), ...message }];
  });

/** What is owed and, but for news of what is done, what to send then. */
function obligationData(context: MailContext, id: string, template: TemplateId): Partial<MailData> {
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
      ...(phaseInPlan(context.plan, id)?.planned.kind === 'approval' && { approval: true as const }),
      ...endsAt(obligation, context.terms),
      ...overdue,
    },
    ...(template !== 'upgrade-news' && signalFor(context, id)),
  };
}

/** How many of the year's meetings have no day left to be held on, if any. */
function unheldMeetings({ obligations }: MailContext['plan']): Pick<MailData, 'unheldMeetings'> {
  const unheld = obligations.filter(({ strand, noDayLeft }) => strand === 'meetings' && noDayLeft);
  return unheld.length > 0 ? { unheldMeetings: unheld.length } : {};
}

/** The consultant's time around a meeting, if the terms set some aside. */
function ownTime({ meetings }: Terms): Pick<MailData, 'ownTime'> {
  const { preparationMinutes, followUpMinutes } = meetings;
  return preparationMinutes + followUpMinutes > 0 ? { ownTime: { preparationMinutes, followUpMinutes } } : {};
}

/** What the rules call phases, where they do. */
function phaseNamesIn(plan: MailContext['plan']): Pick<MailData, 'phaseNames'> {
  const phaseNames = phaseNamesOf(plan);
  return Object.keys(phaseNames).length > 0 ? { phaseNames } : {};
}

interface SummaryRow {
  id: string;
  strand: Obligation['strand'];
  due: LocalDate;
  state: MailSummaryItem['state'] | 'open';
  /** When it was closed here; null while it is open, and for what was told at the takeover, whose day is not known. */
  at: Instant | null;
  heldOn: LocalDate | null;
  wasBooked: boolean;
}

/**
 * How the year ended, item by item. A meeting was delivered the day it was held, whenever somebody reported it. Of what
 * passed before we took the agreement over we know nothing, and say nothing.
 */
async function summaryData(
  db: Queryable,
  { contract: { agreement }, plan: { yearNumber: year }, terms }: MailContext,
): Promise<Pick<MailData, 'summary'>> {
  const closedDays = closedDaysOf(terms.support);
  const rows = await db.query<SummaryRow>(
    `select id, strand, due_on as due, state, held_on as "heldOn",
            case when closed_by is distinct from 'takeover' then closed_at end as at,
            (booked_at is not null or invited_at is not null) as "wasBooked"
       from obligations left join meetings using (agreement, year, id)
      where agreement = $1 and year = $2 and strand in ('start', 'meetings', 'upgrade')
        and not (state = 'cancelled' and closed_by is not distinct from 'takeover')
      order by due_on, id`,
    [agreement, year],
  );
  const [closing] = await db.query<{ outcome: MailSummary['outcome'] }>(
    `select detail->>'outcome' as outcome from events where agreement = $1 and year = $2 and ref = 'year-closed'`,
    [agreement, year],
  );
  const all = rows.map((row) => summaryItem(row, closedDays));
  const items = all.filter(({ id }) => !isExtra(id));
  const count = (state: MailSummaryItem['state']): number =>
    items.filter((item) => item.state === state).length;
  return {
    summary: {
      outcome: closing?.outcome ?? 'unfulfilled',
      counts: {
        done: count('done'),
        missed: count('missed'),
        cancelled: count('cancelled'),
        declined: count('declined'),
        carried: count('carried'),
      },
      items,
      extras: all.filter(({ id }) => isExtra(id)),
    },
  };
}

function summaryItem(row: SummaryRow, closedDays: ReadonlySet<LocalDate>): MailSummaryItem {
  const { id, strand, due, at, heldOn, wasBooked } = row;
  const state = row.state === 'open' ? 'missed' : row.state;
  const closedOn = heldOn ?? (at === null ? undefined : localDateOf(at));
  const done = state === 'done' ? closedOn : undefined;
  return {
    id,
    strand,
    ...named(id),
    dueOn: due,
    state,
    ...(state === 'missed' && strand === 'meetings' && { missed: wasBooked ? 'notHeld' : 'notBooked' }),
    ...(done !== undefined && { closedOn: done }),
    ...(done !== undefined && done > due && { lateDays: openDaysBetween(due, done, closedDays) }),
  };
}

/** A contact that needs attention is known by id to the workflow; the mail gives name, address and the server's words. */
async function attentionData(
  db: Queryable,
  contract: Contract,
  obligation: string,
  { code, detail, asked }: NonNullable<SendNoticeInput['attention']>,
): Promise<NonNullable<MailData['attention']>> {
  const attention = { code, detail };
  if (asked !== undefined)
    return { code, detail: await writtenOnPage(db, { contract, obligation, detail, asked }) };
  const { customer, consultant, manager, support } = contract.contacts;
  const ours = Object.entries({ consultant, manager, support }).map(([id, person]) => ({ id, ...person }));
  const partners = contract.integrations.flatMap(({ id, contact }) =>
    contact ? [{ ...contact, id: `partner/${id}` }] : [],
  );
  const known = [...customer, ...ours, ...partners];
  const contact = known.find(({ id }) => `contact/${id}` === obligation);
  if (!contact) return code === 'upgrade-failed' ? { code, detail: withName(contract, detail) } : attention;
  const [refused] = await db.query<{ reason: string }>(
    'select reason from refused_addresses where email = $1',
    [contact.email],
  );
  return {
    ...attention,
    detail: `${contact.name} <${contact.email}>: ${refused?.reason ?? attention.detail}`,
  };
}

/** A text with the name of a contact whom the workflow knows by id: `(contact-1)`. */
const withName = ({ contacts }: Contract, text: string): string =>
  contacts.customer.reduce(
    (said, one, index) => said.replaceAll(`(${contactId(one, index)})`, `(${one.name})`),
    text,
  );

/** What a contact asked for on a page, by name, with what they wrote: that is in no history. */
async function writtenOnPage(
  db: Queryable,
  about: { contract: Contract; obligation: string; detail: string; asked: string },
): Promise<string> {
  const { contract, obligation, detail, asked } = about;
  const contact = contract.contacts.customer.find(
    (one, index) => `contact/${contactId(one, index)}` === obligation,
  );
  const [, event] = /^page-(\d{1,15})$/.exec(asked) ?? [];
  const [kept] = event
    ? await db.query<{ text: string | null }>(
        `select e.details ->> 'text' as text from page_events e join page_links l on l.id = e.link
          where e.id = $1 and l.agreement = $2`,
        [event, contract.agreement],
      )
    : [];
  const who = contact && `${contact.name} <${contact.email}>`;
  return [...(who ? [who] : []), detail, ...(kept?.text ? [`”${kept.text}”`] : [])].join('\n');
}

/** The messages that tell of the hour bank; the others need not look it up. */
const tellHours: readonly TemplateId[] = [
  ...(['welcome', 'hours-alert', 'hour-statement', 'hours-expiry'] as const),
  ...(['hours-given', 'agreement-ends', 'year-summary'] as const),
];

/** What tells the customer how the monitoring has been. */
const tellMonitoring: readonly TemplateId[] = ['hour-statement', 'year-summary'];

/** The year so far. */
async function monitoringData(
  db: Queryable,
  { contract, plan, asOf }: MailContext,
): Promise<Pick<MailData, 'monitoring'>> {
  const to = asOf < plan.endsAt ? asOf : plan.endsAt;
  const monitoring = await monitoringFigures(db, contract.agreement, plan.startsAt, to);
  return monitoring ? { monitoring } : {};
}

/** A contact of the customer who has no role that sees prices, where somebody else has. */
function seesNoPrices({ contacts: { customer } }: Contract, { party, id }: Recipient): boolean {
  const sees = customer.map(({ roles }) => roles.some((role) => moneyRoles.includes(role)));
  const at = customer.findIndex((one, index) => contactId(one, index) === id);
  return party === 'customer' && at >= 0 && sees[at] !== true && sees.includes(true);
}

/** Everything a message may say, to one recipient. What only the sender knows comes with the notice. */
export async function mailDataFor(
  db: Db,
  context: MailContext,
  recipient: Recipient,
  input: SendNoticeInput,
): Promise<MailData> {
  const { template, obligation, step, alert, attention, rejected, replacement } = input;
  const { contract, plan, terms } = context;
  const { consultant, manager, support } = contract.contacts;
  return {
    agreement: { number: contract.agreement, level: contract.level },
    customer: { id: contract.customer.id, name: contract.customer.name },
    year: {
      number: plan.yearNumber,
      from: plan.from,
      to: plan.to,
      ...(plan.from < localDateOf(context.asOf) && { begun: true as const }),
    },
    recipient: {
      ...{ name: recipient.name, party: recipient.party },
      ...(seesNoPrices(contract, recipient) && { noPrices: true as const }),
    },
    consultant,
    manager,
    support,
    links: { agreement: context.agreementLink },
    dates: plan.obligations
      .filter(({ strand, noDayLeft }) => /^(start|meetings|upgrade)$/.test(strand) && !noDayLeft)
      .map((other) => dateOf(other, terms)),
    ...unheldMeetings(plan),
    ...phaseNamesIn(plan),
    agenda: terms.meetings.agenda,
    integrations: contract.integrations,
    systems: Object.entries(contract.systems).map(([id, { version }]) => ({ id, version })),
    monitors: contract.monitors,
    supportHours: hoursOf(terms.support),
    rollover: { percent: terms.hourBank.rollover.percent, basis: terms.hourBank.rollover.basis },
    ...(await toldOfHours(db, context, input)),
    ...(tellHours.includes(template) ? { hours: await hoursData(db, context, input) } : {}),
    ...obligationData(context, obligation, template),
    ...(await meetingData(db, context, recipient, input)),
    ...(await actionsData(db, context, recipient, input)),
    ...phaseData(context, obligation),
    ...(await upgradeData(db, context, input)),
    ...(await noReleaseData(db, context, input)),
    ...(await partnerData(db, context, input)),
    ...(await testData(db, context, recipient, input)),
    ...(await sessionData(db, context, recipient, input)),
    ...ownTime(terms),
    ...(obligation.startsWith('renewal/') ? await renewalData(db, context, obligation) : {}),
    ...(template === 'digest' ? await digestData(db, context, step) : {}),
    ...(obligation === 'close' ? await summaryData(db, context) : {}),
    ...(tellMonitoring.includes(template) ? await monitoringData(db, context) : {}),
    ...(input.changed && { changed: true as const }),
    ...(rejected ? { rejections: rejected } : {}),
    ...(replacement ? await replacementData(db, context, replacement.change) : {}),
    ...(alert
      ? { alert: { ...alert, ...(alert.takenBack && (await whyTakenBack(db, context, input))) } }
      : {}),
    ...(attention
      ? {
          attention: await attentionData(db, contract, obligation, attention),
          ...(attention.signal && { signal: exampleSignal(context, attention.signal) }),
          ...(attention.ways && { ways: waysIn(context, attention) }),
        }
      : {}),
  };
}
