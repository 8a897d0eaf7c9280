/** The agreements' mails: who gets a notice, and what it says. Each goes through the ledger, once. */
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import type { Contract, Person } from '../../rules/engine/contract/contract';
import type { TemplateId, YearPlan } from '../../rules/engine/plan/plan';
import { phaseOfUpgrade } from '../../rules/engine/upgrade/phases';
import { findAgreement } from '../agreements/agreements';
import { findPlan } from '../agreements/plans';
import { isPermanentDbError } from '../db';
import { permanent } from '../permanent';
import type { Abandoned, Mail, MailDeps } from './compose';
import { sendMail } from './compose';
import { digestKey } from './digest';
import { enclosureFor } from './enclosures';
import { mailDataFor } from './mail-data';
import { nothingToTell } from './told-hours';
import type { MailContext, Recipient, SendNoticeInput, SentNotice } from './notice';
import { addressees } from './recipients';
import { sessionOf } from './test-session';
import { pagesOfMail } from './page-links';
import type { Delivery } from './smtp';

/** Identifies a mail for good: a retry has the same key, a moved meeting's new invitation another. */
export function mailKey(input: SendNoticeInput, contact: string): string {
  return [input.agreement, input.year, input.obligation, input.step, input.revision, contact].join('/');
}

/** A digest is one mail over all agreements of its reader; every other mail is its agreement's own. */
const keyOf = (input: SendNoticeInput, to: Recipient, context: MailContext): string =>
  digestKey(input, context) ?? mailKey(input, to.id);

export function createMailActivities(deps: MailDeps) {
  const { db } = deps;

  /** What one mail says; a digest of which nothing is open any more says nothing. */
  async function write(
    input: SendNoticeInput,
    context: MailContext,
    to: Recipient,
  ): Promise<Mail | Abandoned> {
    const { contract } = context;
    const data = await mailDataFor(db, context, to, input);
    if (data.digest?.agreements.length === 0) return { abandoned: 'nothing is open any more' };
    const needless = nothingToTell(input.template, data);
    if (needless) return needless;
    const language =
      to.language ?? (to.party === 'customer' ? contract.customer.language : deps.staffLanguage);
    const linked = { key: keyOf(input, to, context), input, context, to, language };
    Object.assign(
      data.links,
      await pagesOfMail(deps, { ...linked, ...(data.hours && { hours: data.hours }) }),
    );
    return {
      to,
      language,
      data,
      replyTo: answeredBy(input.template, contract),
      threads: threadsOf(input, to.id),
      enclosure: await enclosureFor({
        db,
        input,
        context,
        to,
        language,
        staffLanguage: deps.staffLanguage,
        data,
      }),
    };
  }

  /** Brings one mail as far as it will go: sends it, or tells how it ended before. */
  async function sendOne(input: SendNoticeInput, context: MailContext, to: Recipient): Promise<Delivery> {
    const key = keyOf(input, to, context);
    const { agreement, year, obligation, step, revision, template, asOf } = input;
    const entry = { key, agreement, year, obligation, step, revision, template, asOf };
    const delivery = await sendMail(
      deps,
      { ...entry, contact: to.id, recipient: to.email, request: input },
      () => write(input, context, to),
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
      const { leftBy } = phaseOfUpgrade(input.obligation) ?? {};
      const begunBy = leftBy === undefined ? stored : await findPlan(db, input.agreement, leftBy);
      const context: MailContext = {
        contract: agreement.contract,
        ...stored,
        testCases: begunBy?.testCases ?? [],
        ...(await sessionOf(db, stored.plan, input)),
        asOf: input.asOf,
        agreementLink: deps.agreementLink(input.agreement),
        linkTo: deps.agreementLink,
      };
      const notice: SentNotice = { sent: 0, refused: [], unknown: [] };
      if (isOutrun(input, stored.plan)) return notice;
      let failed: Error | undefined;
      for (const to of await addressees(db, context, input)) {
        try {
          const delivery = await sendOne(input, context, to);
          if (delivery.state === 'sent') notice.sent += 1;
          else if (delivery.state === 'refused') {
            // Nobody can mend the address of somebody who has left.
            if (!to.left || input.only !== undefined)
              notice.refused.push({ contact: to.id, reason: withoutPerson(delivery.reason, to) });
          } else notice.unknown.push(keyOf(input, to, context));
        } catch (error) {
          failed ??= withoutPersonIn(error, to);
        }
      }
      if (failed) throw failed;
      return notice;
    },
  };
}

/** Mails about a booking, which are wrong once the booking has changed. */
const ofBooking: readonly TemplateId[] = [
  'meeting-invitation',
  'meeting-blocks',
  'meeting-agenda',
  'meeting-reminder',
];

/**
 * Whether a mail is out of date: while it waited, for example for a mail server, its meeting was moved or cancelled,
 * and another mail says so.
 */
function isOutrun(
  { template, cancelled, obligation, revision, change }: SendNoticeInput,
  { obligations }: YearPlan,
): boolean {
  const planned = obligations.find(({ id }) => id === obligation);
  // Who comes or leaves is told of a booked meeting, under a number that the plan does not know.
  if (change && obligation.startsWith('meeting-') && planned?.booked !== true) return true;
  if (!ofBooking.includes(template) || cancelled) return false;
  return (planned?.revision ?? revision) > revision;
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

/** All mails about one meeting to one contact belong to one thread. */
const threadsOf = ({ agreement, year, obligation }: SendNoticeInput, contact: string): string[] =>
  obligation.startsWith('meeting-') ? [[agreement, year, obligation, contact].join('/')] : [];

/** An answer reaches a person: the dedicated consultant, or for alerts the support desk, which is always staffed. */
function answeredBy(template: TemplateId, { contacts }: Contract): Person {
  return template.endsWith('-alert') ? contacts.support : contacts.consultant;
}
