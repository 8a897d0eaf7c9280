/**
 * Who a mail goes to. What follows something sent goes to those who have that, as the ledger knows them, and not to those
 * whom the contract would name now: somebody who has left gets the cancellation, somebody who came later does not.
 */
import { addressKey } from '../../rules/engine/basics/mail-address';
import { contactId } from '../../rules/engine/contract/change-contract';
import type { ContractChange } from '../../rules/engine/contract/change-contract';
import type { Contract, CustomerContact, Party } from '../../rules/engine/contract/contract';
import type { TemplateId } from '../../rules/engine/plan/plan';
import { phaseInPlan } from '../../rules/engine/plan/phase-in-plan';
import { approverRoles } from '../../rules/engine/plan/upgrade-to-plan';
import { phaseOfUpgrade } from '../../rules/engine/upgrade/phases';
import { findConsultantChange } from '../agreements/consultant-changes';
import { isTester } from '../../rules/engine/upgrade/test-cases';
import { findTester } from '../agreements/testers';
import type { Queryable } from '../db';
import { permanent } from '../permanent';
import type { MailState } from './mail-ledger';
import type { MailContext, Recipient, SendNoticeInput } from './notice';
import { toldOfSession } from './test-session';

/** Who a notice goes to: our person, or the customer's contacts with one of the roles (all if nobody has one). */
export function recipientsOf(contract: Contract, to: Party, roles: string[] | undefined): Recipient[] {
  if (to !== 'customer') return [{ id: to, party: to, ...contract.contacts[to] }];
  // Numbered before some are chosen: a contact without an id is known by its place among all.
  const all = contract.contacts.customer.map((one, index) => ({ one, recipient: asRecipient(one, index) }));
  const fitting = all.filter(({ one }) => !roles || one.roles.some((role) => roles.includes(role)));
  return (fitting.length > 0 ? fitting : all).map(({ recipient }) => recipient);
}

const asRecipient = (contact: CustomerContact, index: number): Recipient => ({
  id: contactId(contact, index),
  party: 'customer',
  name: contact.name,
  email: contact.email,
});

/**
 * Whom a mail goes to.
 * @throws NotFound where it names a change of the consultant that is not recorded
 */
export async function addressees(
  db: Queryable,
  { contract, plan }: Pick<MailContext, 'contract' | 'plan'>,
  input: SendNoticeInput,
): Promise<Recipient[]> {
  const { template, replacement, only } = input;
  if (template === 'meeting-blocks' && replacement) return [await formerConsultant(db, replacement.change)];
  if (template === 'action-reminder') return [ownerOf(contract, input)];
  if (template === 'upgrade-partner') return partnerOf(contract, input);
  if (only !== undefined && isTester(only)) return testerOf(db, contract, only);
  const all =
    template === 'test-session'
      ? await toldOfSession(db, contract, input, recipientsOf(contract, input.to, input.roles))
      : await everybody(db, { contract, plan }, input);
  return only === undefined ? all : all.filter(({ id }) => id === only);
}

/** Who is to approve is asked, also where the terms tell others alone of the upgrade. */
function rolesOf(
  { contract: { contacts }, plan }: Pick<MailContext, 'contract' | 'plan'>,
  { template, obligation, to, roles }: SendNoticeInput,
): string[] | undefined {
  const isApproval = phaseInPlan(plan, obligation)?.planned.kind === 'approval';
  const asks =
    to === 'customer' && (template === 'upgrade-approval' || (template === 'step-reminder' && isApproval));
  const may = contacts.customer.filter((one) => one.roles.some((role) => approverRoles.includes(role)));
  const isTold = may.some((one) => !roles || one.roles.some((role) => roles.includes(role)));
  return asks && may.length > 0 && !isTold ? [...approverRoles] : roles;
}

async function everybody(
  db: Queryable,
  { contract, plan }: Pick<MailContext, 'contract' | 'plan'>,
  input: SendNoticeInput,
): Promise<Recipient[]> {
  const { template, to, change, cancelled } = input;
  const today = recipientsOf(contract, to, rolesOf({ contract, plan }, input));
  const opening = openingOf(input);
  if (opening.length === 0) return today;
  const holders = await holdersOf(db, contract, input, opening);
  if (!holders) return change === 'left' ? [] : today;
  const among = (people: Recipient[]) => {
    const addresses = new Set(people.map(({ email }) => addressKey(email)));
    return ({ email }: Recipient): boolean => addresses.has(addressKey(email));
  };
  const [isHolder, isOfToday] = [among(holders), among(today)];
  if (change === 'came') return today.filter((one) => !isHolder(one));
  if (change === 'left') return holders.filter((one) => !isOfToday(one));
  if (cancelled) return holders;
  if (opening.includes(template)) return today;
  // A step that is still to be done is nothing to remind those of who have left.
  const told = template === 'step-reminder' ? today.filter(isHolder) : holders;
  return told.length > 0 ? told : today;
}

/** What clears a former consultant's calendar goes to the former consultant. */
async function formerConsultant(db: Queryable, number: number): Promise<Recipient> {
  const change = await findConsultantChange(db, number);
  if (!change) throw permanent('NotFound', `expected change ${number} of the consultant, found none`);
  const { id = 'consultant', name, email } = change.old;
  return { id, party: 'consultant', name, email };
}

/** Whoever has to do what was agreed; the consultant, where that was a contact who has left. */
function ownerOf(contract: Contract, { to, only }: SendNoticeInput): Recipient {
  const [first] = recipientsOf(contract, to === 'customer' ? 'consultant' : to, undefined);
  const contact = contract.contacts.customer.map(asRecipient).find(({ id }) => id === only);
  return to === 'customer' && contact ? contact : first!;
}

/** The partner's contact for an integration; nobody where it has none any more. */
function partnerOf({ integrations }: Contract, { partner }: SendNoticeInput): Recipient[] {
  const { id = '', contact } = integrations.find((one) => one.id === partner?.integration) ?? {};
  return contact ? [{ id: `partner/${id}`, party: 'customer', ...contact }] : [];
}

/** Somebody whom the customer's system owner has invited to test; nobody where they were removed since. */
async function testerOf(db: Queryable, { agreement }: Contract, id: string): Promise<Recipient[]> {
  const tester = await findTester(db, agreement, id);
  return tester
    ? [{ id, party: 'customer', name: tester.name, email: tester.email, language: tester.language }]
    : [];
}

/** The mails of a meeting that go to those who were invited to it. */
const followInvitation: readonly TemplateId[] = [
  'meeting-invitation',
  'meeting-agenda',
  'meeting-reminder',
  'meeting-minutes',
  'meeting-cancelled',
];

/** The mails of a step that go to those who were asked to take it. */
const followStep: readonly TemplateId[] = ['step-reminder', 'step-handed-over'];

/** The mails that ask for a phase of the upgrade, each by what the phase owes. */
const openUpgradePhases: readonly TemplateId[] = [
  'upgrade-plan',
  'upgrade-precheck',
  'upgrade-phase',
  'upgrade-technical',
  'upgrade-integrations',
  'upgrade-test',
  'upgrade-approval',
];

/** The mails that a mail follows, one of which somebody has to have had for it; for an opening mail, itself. */
function openingOf({ obligation, template, to }: SendNoticeInput): readonly TemplateId[] {
  if (template === 'meeting-blocks') return [template];
  if (to !== 'customer') return [];
  if (followInvitation.includes(template)) return ['meeting-invitation'];
  const opens: readonly TemplateId[] = phaseOfUpgrade(obligation)
    ? openUpgradePhases
    : obligation.startsWith('start/')
      ? ['start-step']
      : [];
  return opens.includes(template) || followStep.includes(template) ? opens : [];
}

/** States of a mail that went out, as far as we know. One that is still to go out is not sent beside it. */
const out: readonly MailState[] = ['sent', 'unknown'];

interface HeldMailRow {
  contact: string;
  recipient: string;
  step: string;
  revision: number;
  /** It opens something, and does not call it off, nor hand it over. */
  opens: boolean;
  /** It went out, as far as we know. */
  told: boolean;
}

/**
 * Those who have the mail that opened something and were not told since that it is off. A mail that opens it or calls it
 * off looks at what went before itself, so that each further try of it finds the same people; one that tells who left may come late,
 * and looks at what came after it as well.
 * @returns nothing where the ledger has no mail that opened it
 */
async function holdersOf(
  db: Queryable,
  contract: Contract,
  { agreement, year, obligation, to, template, cancelled, change, revision, step }: SendNoticeInput,
  opening: readonly TemplateId[],
): Promise<Recipient[] | undefined> {
  const before = opening.includes(template) || cancelled ? revision : Infinity;
  const rows = await db.query<HeldMailRow>(
    `select contact, recipient, step, revision, template = any ($5) and not request ? 'cancelled' as opens,
            state = any ($6) as told from mails
      where agreement = $1 and year = $2 and obligation = $3 and request ->> 'to' = $4
        and (template = any ($5) or template in ('meeting-cancelled', 'step-handed-over')) order by revision, as_of`,
    [agreement, year, obligation, to, opening, change === 'came' ? [...out, 'queued', 'sending'] : out],
  );
  if (!rows.some(({ opens }) => opens)) return undefined;
  // Each mail of a meeting has a number of its own, each of a step a name.
  const isOther = (row: HeldMailRow): boolean => {
    if (!obligation.startsWith('meeting-')) return row.step !== step;
    return change === 'left' ? row.revision !== revision : row.revision < before;
  };
  const told = rows.filter((row) => row.told && isOther(row));
  const last = new Map(told.map((row) => [addressKey(row.recipient), row]));
  const held = [...last.values()].filter(({ opens }) => opens);
  const known =
    to === 'customer' ? contract.contacts.customer.map(asRecipient) : recipientsOf(contract, to, undefined);
  const today = (address: string): Recipient | undefined =>
    known.find(({ email }) => addressKey(email) === addressKey(address));
  const changes = held.every(({ recipient }) => today(recipient)) ? [] : await changesOf(db, agreement);
  return held.map(
    ({ contact, recipient }) =>
      today(recipient) ?? {
        id: contact,
        party: to,
        name: nameThen(contract, changes, recipient) ?? recipient,
        email: recipient,
        left: true,
      },
  );
}

/** What has changed in the contract, newest first. */
const changesOf = (db: Queryable, agreement: string): Promise<{ changes: ContractChange[] }[]> =>
  db.query(
    'select changes from contract_changes where agreement = $1 and applied_at is not null order by id desc',
    [agreement],
  );

/** The name that somebody had who was in the contract with an address. */
function nameThen(
  { contacts }: Contract,
  all: readonly { changes: ContractChange[] }[],
  address: string,
): string | undefined {
  for (const { changes } of all)
    for (const { path, from } of changes) {
      const left = from as Partial<CustomerContact> | undefined;
      if (typeof from === 'object' && left?.email === address) return left.name;
      if (from !== address) continue;
      const holder = path.replace(/\.email$/, '');
      const name = changes.find((other) => other.path === `${holder}.name`)?.from;
      if (typeof name === 'string') return name;
      const id = holder.split('.').at(-1);
      return id === 'consultant'
        ? contacts.consultant.name
        : contacts.customer.find((one) => one.id === id)?.name;
    }
  return undefined;
}
