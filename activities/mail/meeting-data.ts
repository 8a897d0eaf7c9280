/** What mails say of a management meeting: as it is planned and booked, what came of it, and who does what by when. */
import { addressKey } from '../../rules/engine/basics/mail-address';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import { contactId } from '../../rules/engine/contract/change-contract';
import type { Contract, Instant, LocalDate } from '../../rules/engine/contract/contract';
import type { TemplateId } from '../../rules/engine/plan/plan';
import { blocksAround } from '../../templates/calendar';
import { formatTime } from '../../templates/words/dates';
import type { MailAction, MailData, MailMeeting, MailPerson } from '../../templates/mails/mail-data';
import type { Queryable } from '../db';
import { inHundredths } from '../../rules/engine/hours/hour-bank';
import { readHours } from '../hours/facts';
import type { MailContext, Recipient, SendNoticeInput } from './notice';
import { named } from './mail-dates';
import { permanent } from '../permanent';
import { addMinutes } from '../../rules/engine/calendar/dates';
import { parties } from '../../rules/engine/contract/contract';

interface MeetingRow {
  dueAt: Instant;
  state: string;
  minutes: number | null;
  place: string | null;
  moves: number | null;
  heldOn: LocalDate | null;
  heldMinutes: number | null;
  participants: string[] | null;
  decisions: string[] | null;
  note: string | null;
}

/** The meeting a mail is about, and the signal to send about it; nothing if it is about something else. */
export async function meetingData(
  db: Queryable,
  context: MailContext,
  to: Recipient,
  input: SendNoticeInput,
): Promise<Pick<MailData, 'meeting' | 'signal'>> {
  const { contract, plan, terms } = context;
  const { template, obligation: id, cancelled, reason, change, replacement } = input;
  const { number, extra } = named(id);
  if (!id.startsWith('meeting-') || number === undefined) return {};
  const planned = plan.obligations.find((other) => other.id === id);
  const row = await recordedMeeting(db, input);
  const at = cancelled?.at ?? planned?.dueAt ?? row?.dueAt;
  if (at === undefined) return {};
  const minutes = cancelled?.minutes ?? planned?.minutes ?? row?.minutes ?? terms.meetings.lengthMinutes;
  const place = cancelled ? cancelled.place : (planned?.place ?? row?.place);
  const booked = !cancelled && planned?.booked === true;
  const bookBy = planned?.notices.find((notice) => notice.template === 'meeting-unbooked')?.at;
  const told = (row?.moves ?? 0) > 0 ? await lastTold(db, input, to) : undefined;
  const moved = told !== undefined;
  const before = moved && place ? await bookedAs(db, input, told) : undefined;
  const sameTime = before?.at === at && (before.minutes ?? terms.meetings.lengthMinutes) === minutes;
  const meeting: MailMeeting = {
    id,
    number,
    ...(extra && { extra }),
    at,
    endsAt: addMinutes(at, minutes),
    ...(place ? { place } : {}),
    booked,
    ...(cancelled && { cancelled: true }),
    ...(cancelled && (change || replacement) && { handedOver: true }),
    ...(moved && !cancelled && { moved }),
    ...(sameTime && before.place !== place && !cancelled && { newPlace: true }),
    ...(row?.state === 'declined' && { declined: true }),
    ...(reason && { reason }),
    ...(bookBy !== undefined && !booked && { bookBy: localDateOf(bookBy) }),
    blocks: blocksAround(at, minutes, terms.meetings),
    ...(row && (await heldMeeting(db, contract, input, row))),
  };
  return { meeting, ...meetingSignal(context, template, meeting) };
}

async function recordedMeeting(
  db: Queryable,
  { agreement, year, obligation }: SendNoticeInput,
): Promise<MeetingRow | undefined> {
  const [row] = await db.query<MeetingRow>(
    `select due_at as "dueAt", state, minutes, place, moves, held_on as "heldOn", held_minutes as "heldMinutes",
            participants, decisions, m.note
       from obligations o left join meetings m using (agreement, year, id)
      where agreement = $1 and year = $2 and id = $3`,
    [agreement, year, obligation],
  );
  return row;
}

/** The revision of the recipient's last mail of this kind about the meeting: only to those who have one something is new. */
async function lastTold(db: Queryable, input: SendNoticeInput, to: Recipient): Promise<number | undefined> {
  const earlier = await db.query<{ recipient: string; revision: number }>(
    `select recipient, max(revision) as revision from mails
      where agreement = $1 and year = $2 and obligation = $3 and template = $4
        and revision < $5 and state in ('sent', 'unknown') group by recipient`,
    [input.agreement, input.year, input.obligation, input.template, input.revision],
  );
  const known = earlier.filter(({ recipient }) => addressKey(recipient) === addressKey(to.email));
  return known.length > 0 ? Math.max(...known.map(({ revision }) => revision)) : undefined;
}

interface BookedAs {
  at: Instant;
  minutes: number | null;
  place: string | null;
}

/** The time and place of a meeting as the plan had them when a mail of a revision told of it. */
async function bookedAs(
  db: Queryable,
  { agreement, year, obligation }: SendNoticeInput,
  revision: number,
): Promise<BookedAs | undefined> {
  const [booked] = await db.query<BookedAs>(
    `select o->>'dueAt' as at, (o->>'minutes')::int as minutes, o->>'place' as place
       from plans, jsonb_array_elements(plan->'obligations') o
      where agreement = $1 and year = $2 and o->>'id' = $3 and (o->>'revision')::int <= $4
      order by (o->>'revision')::int desc, plans.revision desc limit 1`,
    [agreement, year, obligation, revision],
  );
  return booked;
}

/** What is known of a meeting that was held. */
async function heldMeeting(
  db: Queryable,
  contract: Contract,
  { agreement, year, obligation }: SendNoticeInput,
  row: MeetingRow,
): Promise<Partial<MailMeeting>> {
  if (row.heldOn === null) return {};
  const { uses } = await readHours(db, agreement);
  const drawn = uses
    .filter(({ entry }) => entry.ref?.startsWith(`${obligation}-${year}-`))
    .reduce((sum, { billable }) => sum + billable, 0);
  return {
    heldOn: row.heldOn,
    ...(row.heldMinutes !== null && { minutes: row.heldMinutes }),
    participants: (row.participants ?? []).map((id) => person(contract, id)),
    decisions: row.decisions ?? [],
    ...(row.note ? { note: row.note } : {}),
    ...(drawn > 0 && { chargedHours: inHundredths(drawn) }),
  };
}

/** Somebody whom the ledger knows by id, a party or a contact; without a name if the contact has left. */
function person({ contacts, customer }: Contract, id: string): MailPerson {
  if (id === 'customer') return { name: customer.name };
  if (id === contacts.consultant.id) return { name: contacts.consultant.name };
  if (id === 'consultant' || id === 'manager' || id === 'support') return { name: contacts[id].name };
  const contact = contacts.customer.find((one, index) => contactId(one, index) === id);
  return contact ? { name: contact.name } : {};
}

/** Mails after which there is nothing to report about the meeting. */
const nothingToReport: readonly TemplateId[] = ['meeting-minutes', 'meeting-cancelled', 'meeting-blocks'];

/** The message to send about a meeting: `meetingBooked` while its time is still to be settled, else `meetingHeld`. */
function meetingSignal(
  { contract: { agreement }, asOf }: MailContext,
  template: TemplateId,
  { number, extra, at, booked }: MailMeeting,
): Pick<MailData, 'signal'> {
  if (nothingToReport.includes(template)) return {};
  const meeting = extra ? `extra-${number}` : number;
  const toBook = template === 'meeting-call' || template === 'meeting-unbooked' || (!booked && at > asOf);
  const [name, fields] = toBook
    ? (['meetingBooked', { on: localDateOf(at), at: formatTime(at) }] as const)
    : (['meetingHeld', {}] as const);
  return { signal: { name, example: JSON.stringify({ agreement, meeting, ...fields }) } };
}

interface ActionRow {
  id: string;
  what: string;
  owner: string;
  dueOn: LocalDate;
  meeting: string;
  agreedOn: LocalDate | null;
}

const ours: readonly string[] = parties.filter((party) => party !== 'customer');

/**
 * The actions a mail tells of: what was agreed at a meeting, what is open before the next one (to the customer only
 * what is theirs), or the one that is due.
 * @throws NotFound if a reminder is about an action that nobody recorded
 */
export async function actionsData(
  db: Queryable,
  context: MailContext,
  to: Recipient,
  input: SendNoticeInput,
): Promise<Pick<MailData, 'actions' | 'signal'>> {
  const { agreement, year, obligation, template } = input;
  if (template === 'meeting-minutes') {
    const rows = await actionRows(
      db,
      agreement,
      `a.year = $2 and a.meeting = $3 and a.state <> 'withdrawn'`,
      [year, obligation],
    );
    return { actions: rows.map((row) => action(context, row)) };
  }
  if (template === 'meeting-reminder') {
    const rows = await actionRows(db, agreement, `a.state = 'open'`);
    const theirs = rows.filter(({ owner }) => to.party !== 'customer' || !ours.includes(owner));
    return { actions: theirs.map((row) => action(context, row)) };
  }
  if (template !== 'action-reminder') return {};
  const id = obligation.slice('action/'.length);
  const [row] = await actionRows(db, agreement, 'a.id = $2', [id]);
  if (!row) throw permanent('NotFound', `expected an action of ${agreement}, found none: ${obligation}`);
  const example = JSON.stringify({ agreement, action: id });
  return { actions: [action(context, row)], signal: { name: 'actionDone', example } };
}

function actionRows(
  db: Queryable,
  agreement: string,
  which: string,
  parameters: readonly unknown[] = [],
): Promise<ActionRow[]> {
  return db.query<ActionRow>(
    `select a.id, a.what, a.owner, a.due_on as "dueOn", a.meeting, m.held_on as "agreedOn"
       from actions a left join meetings m on m.agreement = a.agreement and m.year = a.year and m.id = a.meeting
      where a.agreement = $1 and ${which} order by a.due_on, length(a.id), a.id`,
    [agreement, ...parameters],
  );
}

function action({ contract, asOf }: MailContext, row: ActionRow): MailAction {
  const { id, what, owner, dueOn, meeting, agreedOn } = row;
  return {
    id,
    what,
    owner: person(contract, owner),
    dueOn,
    overdue: dueOn < localDateOf(asOf),
    meeting,
    ...(agreedOn !== null && { agreedOn }),
  };
}
