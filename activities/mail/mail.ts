/** The agreements' mails: who gets a notice, and what it says. Each goes through the ledger, once. */
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import type { MailComposerOptions } from 'nodemailer/lib/mail-composer';
import type { Contract, Instant } from '../../rules/engine/contract/contract';
import type { Language } from '../../rules/engine/basics/text';
import type { TemplateId, YearPlan } from '../../rules/engine/plan/plan';
import type { Party } from '../../rules/engine/ruleset/terms';
import type { MailData } from '../../templates/mails/mail-data';
import { renderMail } from '../../templates/mails/render-mail';
import { findAgreement } from '../agreements/agreements';
import { findConsultantChange } from '../agreements/consultants';
import { isPermanentDbError } from '../db';
import type { Db } from '../db';
import { digestKey } from './digest';
import { enclosureFor } from './enclosures';
import type { MailContext, Recipient } from './mail-data';
import type { Written } from './mail-ledger';
import { messageIdOf, openMailLedger } from './mail-ledger';
import { mailDataFor, recipientsOf } from './mail-data';
import { permanent } from '../permanent';
import type { Delivery, SendMessage } from './smtp';
import { findPlan } from '../agreements/plans';

export interface SendNoticeInput {
  agreement: string;
  year: number;
  /** What it is about: `meeting-2`, `upgrade/test`, `agreement`, `close`, … */
  obligation: string;
  step: string;
  revision: number;
  template: TemplateId;
  to: Party;
  roles?: string[];
  /** To this contact alone, for a mail that a person sends again. */
  only?: string;
  asOf: Instant;
  alert?: { percent: number };
  attention?: { code: string; detail: string };
  /** The meeting as it was before it was cancelled: the plan does not know it any more. */
  cancelled?: CancelledMeeting;
  /** Why somebody moved or cancelled it. */
  reason?: string;
  /** Messages that were not taken, and why, newest first. */
  rejected?: { at: Instant; signal: string; reason: string }[];
  /** Another dedicated consultant: number of the change in `consultant_changes`, where the names stand. */
  replacement?: { change: number };
}

/** When a meeting that is cancelled would have been. */
export interface CancelledMeeting {
  at: Instant;
  minutes: number;
  place?: string;
}

export interface SentNotice {
  sent: number;
  /** Contacts whose address or message the server refuses. */
  refused: { contact: string; reason: string }[];
  /** Keys of mails whose fate is not known. */
  unknown: string[];
}

export interface MailDeps {
  db: Db;
  sendMessage: SendMessage;
  /** Sender's address, for example `serviceavtal@pector.example`. */
  mailFrom: string;
  /** Address of an agreement's page, for mails to our own people. */
  agreementLink: (agreement: string) => string;
  /** Language of mails to our own people; customers have theirs in the contract. */
  staffLanguage: Language;
}

/** Identifies a mail for good: a retry has the same key, a moved meeting's new invitation another. */
export function mailKey(input: SendNoticeInput, contact: string): string {
  return [input.agreement, input.year, input.obligation, input.step, input.revision, contact].join('/');
}

/** A digest is one mail over all agreements of its reader; every other mail is its agreement's own. */
const keyOf = (input: SendNoticeInput, to: Recipient, context: MailContext): string =>
  digestKey(input, context) ?? mailKey(input, to.id);

export function createMailActivities(deps: MailDeps) {
  const { db } = deps;
  const ledger = openMailLedger(deps);

  /** Renders one mail; a digest of which nothing is open any more says nothing. */
  async function write(
    key: string,
    input: SendNoticeInput,
    context: MailContext,
    to: Recipient,
  ): Promise<Written> {
    const data = await mailDataFor(db, context, to, input);
    if (data.digest?.agreements.length === 0) return { abandoned: 'nothing is open any more' };
    return { message: await messageFor(deps, input, key, context, to, data) };
  }

  /** Brings one mail as far as it will go: sends it, or tells how it ended before. */
  async function sendOne(input: SendNoticeInput, context: MailContext, to: Recipient): Promise<Delivery> {
    const key = keyOf(input, to, context);
    const { agreement, year, obligation, step, revision, template, asOf } = input;
    const entry = { key, agreement, year, obligation, step, revision, template, asOf };
    const delivery = await ledger.sendOnce(
      { ...entry, contact: to.id, recipient: to.email, request: input },
      () => write(key, input, context, to),
    );
    if (!delivery)
      // Nothing is wrong: the next try finds it sent. No log needs to warn of it.
      throw ApplicationFailure.create({
        message: `another attempt to send ${key} is under way`,
        category: ApplicationFailureCategory.BENIGN,
      });
    return delivery;
  }

  return {
    /**
     * Sends a notice to everybody it concerns, to each once. One address that fails does not keep the others from
     * theirs; what a retry may mend is thrown when all had their turn.
     */
    async sendNotice(input: SendNoticeInput): Promise<SentNotice> {
      const [agreement, stored] = await Promise.all([
        findAgreement(db, input.agreement),
        findPlan(db, input.agreement, input.year),
      ]);
      if (!agreement || !stored)
        throw permanent(
          'NotFound',
          `expected ${input.agreement} with a plan of year ${input.year}, found none`,
        );
      const context: MailContext = {
        contract: agreement.contract,
        ...stored,
        asOf: input.asOf,
        agreementLink: deps.agreementLink(input.agreement),
        linkTo: deps.agreementLink,
      };
      const notice: SentNotice = { sent: 0, refused: [], unknown: [] };
      if (isOutrun(input, stored.plan)) return notice;
      let failed: Error | undefined;
      for (const to of await addressees(db, agreement.contract, input)) {
        if (to.id !== (input.only ?? to.id)) continue;
        try {
          const delivery = await sendOne(input, context, to);
          if (delivery.state === 'sent') notice.sent += 1;
          else if (delivery.state === 'refused')
            notice.refused.push({ contact: to.id, reason: withoutPerson(delivery.reason, to) });
          else notice.unknown.push(keyOf(input, to, context));
        } catch (error) {
          failed ??= withoutPersonIn(error, to);
        }
      }
      if (failed) throw failed;
      return notice;
    },
  };
}

/** Whom a mail goes to; what leaves a former consultant's calendar goes to the former consultant. */
async function addressees(db: Db, contract: Contract, input: SendNoticeInput): Promise<Recipient[]> {
  const { template, to, roles, replacement } = input;
  if (template !== 'meeting-blocks' || !replacement) return recipientsOf(contract, to, roles);
  const change = await findConsultantChange(db, replacement.change);
  if (!change)
    throw permanent('NotFound', `expected change ${replacement.change} of the consultant, found none`);
  const { id = 'consultant', name, email } = change.old;
  return [{ id, party: 'consultant', name, email }];
}

/** What is about a booking, and would be wrong once that is another. */
const ofBooking: readonly TemplateId[] = [
  'meeting-invitation',
  'meeting-blocks',
  'meeting-agenda',
  'meeting-reminder',
];

/** A mail that had to wait, as for a server that was away, while its meeting was moved or called off: another says so. */
function isOutrun(
  { template, cancelled, obligation, revision }: SendNoticeInput,
  { obligations }: YearPlan,
): boolean {
  if (!ofBooking.includes(template) || cancelled) return false;
  return (obligations.find(({ id }) => id === obligation)?.revision ?? revision) > revision;
}

/** What goes into a history names contacts by id: a person can be erased without touching histories. */
function withoutPerson(text: string, { id, email, name }: Recipient): string {
  return text.replaceAll(email, id).replaceAll(name, id);
}

/** An error fit for a history, as permanent as it was. */
function withoutPersonIn(error: unknown, to: Recipient): Error {
  if (error instanceof ApplicationFailure) return error;
  const message = withoutPerson((error as Error).message, to);
  return isPermanentDbError(error) ? permanent('DatabaseRefused', message) : new Error(message);
}

/** The message itself: rendered, threaded by meeting, answers going to a person. */
async function messageFor(
  deps: MailDeps,
  input: SendNoticeInput,
  key: string,
  context: MailContext,
  to: Recipient,
  data: MailData,
): Promise<MailComposerOptions & { subject: string }> {
  const { contract } = context;
  const language = to.party === 'customer' ? contract.customer.language : deps.staffLanguage;
  let rendered: ReturnType<typeof renderMail>;
  try {
    rendered = renderMail(input.template, language, data);
  } catch (error) {
    throw permanent('MessageUnusable', `${input.template} (${language}): ${(error as Error).message}`, error);
  }
  return {
    ...rendered,
    from: { name: 'Serviceavtal', address: deps.mailFrom },
    to: { name: to.name, address: to.email },
    replyTo: answeredBy(input.template, contract),
    messageId: messageIdOf(key, deps.mailFrom),
    ...threadOf(input, to.id, deps.mailFrom),
    date: new Date(input.asOf),
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'OOF, AutoReply' },
    ...(await enclosureFor({ db: deps.db, input, context, to, language, data })),
  };
}

/**
 * All mails about one meeting to one contact hang on one root, which is derived and never sent itself: a reader's mail
 * program lays them together, whichever of them came first or is missing.
 */
function threadOf(
  { agreement, year, obligation }: SendNoticeInput,
  contact: string,
  mailFrom: string,
): { inReplyTo?: string; references?: string } {
  if (!obligation.startsWith('meeting-')) return {};
  const root = messageIdOf([agreement, year, obligation, contact].join('/'), mailFrom);
  return { inReplyTo: root, references: root };
}

/** An answer reaches a person: the dedicated consultant, or for alerts the support desk, which is always staffed. */
function answeredBy(
  template: SendNoticeInput['template'],
  { contacts }: Contract,
): { name: string; address: string } {
  const { name, email } = template.endsWith('-alert') ? contacts.support : contacts.consultant;
  return { name, address: email };
}
