/** The session in which we lead the customer through the test: what mails say of it, and who is told that it is booked or off. */
import { addressKey } from '../../rules/engine/basics/mail-address';
import { addMinutes } from '../../rules/engine/calendar/dates';
import type { Contract } from '../../rules/engine/contract/contract';
import { phaseInPlan } from '../../rules/engine/plan/phase-in-plan';
import type { YearPlan } from '../../rules/engine/plan/plan';
import { phaseOfUpgrade } from '../../rules/engine/upgrade/phases';
import type { MailData } from '../../templates/mails/mail-data';
import { knownAs, listTesters } from '../agreements/testers';
import type { Queryable } from '../db';
import { findSession } from '../years/test-session';
import type { MailContext, Recipient, SendNoticeInput, TestSession } from './notice';

/** The year that the upgrade belongs to which a mail is about. */
export const yearOfUpgrade = ({ obligation, year }: Pick<SendNoticeInput, 'obligation' | 'year'>): number =>
  phaseOfUpgrade(obligation)?.leftBy ?? year;

/** The session of the test that a mail is about; nothing for another phase, in plans without cases, and once it was led. */
export async function sessionOf(
  db: Queryable,
  plan: YearPlan,
  input: SendNoticeInput,
): Promise<Pick<MailContext, 'session'>> {
  if (phaseInPlan(plan, input.obligation)?.planned.kind !== 'test' || !plan.upgrade?.cases) return {};
  const { booked, heldOn } = await findSession(db, input.agreement, yearOfUpgrade(input));
  return heldOn === undefined ? { session: booked ?? null } : {};
}

/** What a mail says of the session: the one that it invites to or calls off, or how it stands. */
export async function sessionData(
  db: Queryable,
  { session: booked }: MailContext,
  to: Recipient,
  input: SendNoticeInput,
): Promise<Pick<MailData, 'session'>> {
  const { session } = input;
  if (!session) return booked === undefined ? {} : { session: booked ?? {} };
  const told = (await lastTold(db, input)).get(addressKey(to.email))?.session;
  const { at, minutes, place, cancelled } = session;
  return {
    session: {
      ...{ at, endsAt: addMinutes(at, minutes) },
      ...(place !== undefined && { place }),
      ...(cancelled && { cancelled }),
      ...(told && !told.cancelled && !cancelled && { moved: true as const }),
    },
  };
}

interface Told {
  contact: string;
  recipient: string;
  session: TestSession;
}

/** What each address was last told of the session before a mail. */
async function lastTold(db: Queryable, input: SendNoticeInput): Promise<ReadonlyMap<string, Told>> {
  const rows = await db.query<Told>(
    `select contact, recipient, request -> 'session' as session from mails
      where agreement = $1 and template = 'test-session' and state in ('sent', 'unknown') and as_of < $2
        and ((year = $3 and obligation like 'upgrade/%') or obligation like $4) order by as_of`,
    [input.agreement, input.asOf, yearOfUpgrade(input), `upgrade-${yearOfUpgrade(input)}/%`],
  );
  return new Map(rows.map((row) => [addressKey(row.recipient), row]));
}

/**
 * Who is told of the session: those who test, also who was invited to that, and the consultant. That it is off is told
 * to who was invited, and has the entry in a calendar.
 * @param asked whom the notice names
 */
export async function toldOfSession(
  db: Queryable,
  { agreement, contacts }: Pick<Contract, 'agreement' | 'contacts'>,
  input: SendNoticeInput,
  asked: Recipient[],
): Promise<Recipient[]> {
  const invited = input.to === 'customer' ? await listTesters(db, agreement, yearOfUpgrade(input)) : [];
  const testers = knownAs({ contacts }, invited);
  const all = [...asked, ...testers.map((one): Recipient => ({ ...one, party: 'customer' }))];
  const byAddress = new Map([...all].reverse().map((one) => [addressKey(one.email), one]));
  if (!input.session?.cancelled) return [...byAddress.values()].reverse();
  const ours = [contacts.consultant, contacts.manager].map(({ email }) => addressKey(email));
  const told = [...(await lastTold(db, input))].filter(
    ([address, { session, contact }]) =>
      !session.cancelled &&
      (contact === 'consultant' || ours.includes(address)) === (input.to !== 'customer'),
  );
  return told.map(
    ([address, { contact: id, recipient: email }]) =>
      byAddress.get(address) ?? { ...{ id, name: email, email, party: input.to }, left: true as const },
  );
}
