/** Sends mails when they fall due. A mail that fails for good never fails the agreement. */
import { condition, defineSignal, setHandler } from '@temporalio/workflow';
import type { SendNoticeInput } from '../../activities/mail/notice';
import type { Fate, ReturnedMail } from '../../activities/mail/digest-clock';
import type { Instant, Party } from '../../rules/engine/contract/contract';
import { addDays } from '../../rules/engine/calendar/dates';
import { localIn } from '../../rules/engine/calendar/local-time';
import type { Notice, RemindsAgain } from '../../rules/engine/plan/plan';
import { nextReminder } from '../../rules/engine/plan/remind-again';
import { reasons, toLookAt } from '../../templates/ui/reasons';
import { mailSummary, timerSummary } from '../../templates/ui/wording';
import { perform, reasonOf } from '../basics/activities';
import { attempt } from '../basics/attempt';
import { inBackground } from '../basics/background';
import { raise, reject } from './journal';
import { messageNames } from '../messages/messages';
import { riskStep, sessionStep } from '../../rules/engine/upgrade/phases';
import { lastToldOn, remindersOf } from './last-told';
import { restUntil } from './night-rest';
import { writeMeeting } from './projection';
import { reopenedFor } from './reopened-test';
import { lacksSession } from './test-session';
import { isAskedTwice } from './told-once';
import { silentIntegrations } from './upgrades';
import type { Year } from './year';
import type { Mail } from './year-state';

/**
 * Sends each notice of an obligation when it falls due, until somebody closes it or the year is over.
 * @param halt whether there is another reason to stop
 * @param notBefore no notice to a party is sent before this instant
 */
export async function remindUntilClosed(
  year: Year,
  id: string,
  halt = never,
  notBefore: (to: Party) => Instant | undefined = atAnyTime,
): Promise<void> {
  const stop = (): boolean => year.isClosed(id) || halt();
  while (!stop() && !year.over) {
    await sendNotices(year, id, halt, notBefore);
    const { plan } = year;
    const isOther = (): boolean => stop() || year.plan !== plan;
    if (plan.upgrade?.remindsAgain) await remindAgain(year, id, plan.upgrade.remindsAgain, isOther);
    await condition(() => isOther() || year.over);
  }
}

/** Reminds the owner of a phase that is overdue and the manager, each time some days have passed without a word of it. */
async function remindAgain(year: Year, id: string, every: RemindsAgain, stop: () => boolean): Promise<void> {
  const { strand, nextYear } = year.obligation(id) ?? {};
  if (strand !== 'upgrade' || nextYear) return;
  const next = (): Instant => nextReminder(year.calendar, every, lastToldOn(year, id), year.now());
  const summary = timerSummary('overdue', id, year.input.language, year.phaseNames);
  while (!stop()) {
    const at = next();
    if (!(await year.until(() => at, stop, summary))) return;
    // Somebody may have reported a part of it meanwhile.
    const owner = year.obligation(id)?.owner;
    const day = localIn(year.calendar, at).on;
    if (owner === undefined || addDays(lastToldOn(year, id), every.everyDays) > day) continue;
    for (const notice of remindersOf(year, id, owner, day)) if (!stop()) await notify(year, id, notice);
  }
}

/** As `remindUntilClosed`, for the whole year: it begins again when closing is undone. */
export async function remindWhileOpen(year: Year, id: string): Promise<void> {
  while (!year.over) {
    await remindUntilClosed(year, id);
    await condition(() => year.over || !year.isClosed(id));
  }
}

const never = (): boolean => false;
const atAnyTime = (): Instant | undefined => undefined;

/**
 * Sends the notices of an obligation when they fall due, until none is left, it is closed or the year is over.
 * @param halt whether there is another reason to stop
 * @param notBefore no notice to a party is sent before this instant
 */
export async function sendNotices(
  year: Year,
  id: string,
  halt = never,
  notBefore: (to: Party) => Instant | undefined = atAnyTime,
): Promise<void> {
  const closed = (): boolean => year.isClosed(id) || halt();
  for (let notice = nextNotice(year, id); notice && !closed() && !year.over; notice = nextNotice(year, id)) {
    const { step, to } = notice;
    const at = (): Instant | undefined => {
      const due = year.obligation(id)?.notices.find((other) => other.step === step)?.at;
      const earliest = notBefore(to);
      return due !== undefined && earliest !== undefined && earliest > due ? earliest : due;
    };
    // In a new plan another notice may come first: then that one is waited for.
    const outrun = (): boolean => nextNotice(year, id)?.step !== step;
    const stop = (): boolean => closed() || outrun();
    const came = await year.until(at, stop, timerSummary(step, id, year.input.language, year.phaseNames));
    if (came) await notify(year, id, notice);
    else if (at() !== undefined && !outrun()) return;
  }
}

/** The first notice of an obligation, as now planned, that has not been sent. */
function nextNotice(year: Year, id: string): Notice | undefined {
  const obligation = year.obligation(id);
  return obligation?.notices.find(
    ({ step }) => !year.state.sent.includes(`${id}#${obligation.revision}/${step}`),
  );
}

/** Sends one notice, and notes it as sent, so that it is never sent again. */
export async function notify(year: Year, id: string, notice: Notice): Promise<void> {
  const revision = year.obligation(id)?.revision ?? 1;
  const { step, template, to, roles } = notice;
  year.state.sent.push(`${id}#${revision}/${step}`);
  // Nobody is asked about what is reported.
  if (step === riskStep && silentIntegrations(year, id).length === 0) return;
  if (step === sessionStep && !lacksSession(year, id)) return;
  if (isAskedTwice(year, id, notice)) return;
  const reopened = template === 'upgrade-test' ? reopenedFor(year, id) : undefined;
  // Of ours who leads the test was told of the case itself.
  if (reopened && to !== 'customer') return;
  noteSent(year, id, step, revision);
  const reason = step === 'invite' ? year.state.meetings[id]?.reason : undefined;
  await mail(year, {
    ...{ obligation: id, step, revision, template, to },
    ...(roles ? { roles } : {}),
    ...(reason === undefined ? {} : { reason }),
    ...(reopened && { reopened }),
  });
}

/** Notes what follows from a notice: the customer is invited, or somebody has to look at the obligation. */
function noteSent(year: Year, id: string, step: string, revision: number): void {
  const meeting = year.state.meetings[id];
  if (step === 'invite' && meeting?.booked?.revision === revision) {
    year.state.meetings[id] = { ...meeting, invited: revision, invitedAt: year.now() };
    writeMeeting(year, id);
  }
  const { language } = year.input;
  if (step.startsWith('book-escalate')) raise(year, 'meeting-unbooked', id, toLookAt.notBooked[language]);
  if (!/^(overdue|escalate)/.test(step)) return;
  const strand = year.obligation(id)?.strand;
  const code = strand === 'meetings' ? 'meeting-overdue' : 'step-overdue';
  raise(year, code, id, toLookAt.notReported[language]);
}

/**
 * Sends a mail. Returns when it is sent or has failed, or when the year is over: then the next run sends it. One that
 * comes to be due at night, as after an outage, rests if it is to the customer: nothing waits for that.
 */
export async function mail(year: Year, what: Mail): Promise<void> {
  const owed: SendNoticeInput = { agreement: year.agreement, year: year.number, asOf: year.now(), ...what };
  year.state.owedMails.push(owed);
  if (restUntil(year, owed, year.now()) > year.now()) {
    inBackground(year, () => deliver(year, owed));
    return;
  }
  await Promise.race([deliver(year, owed), condition(() => year.over)]);
}

/**
 * Delivers an owed mail, after the night where it rests. The next run calls it again for mails that this run leaves.
 */
export async function deliver(year: Year, owed: SendNoticeInput): Promise<void> {
  const { language } = year.input;
  const at = restUntil(year, owed, year.now());
  const resting = timerSummary('night', owed.obligation, language, year.phaseNames);
  if (at > year.now() && !(await year.until(() => at, never, resting))) return;
  const summary = mailSummary(owed.template, owed.obligation, language, year.phaseNames);
  const sent = await attempt(() => perform(year, 'sendNotice', owed, summary));
  noteFate(year, owed, 'error' in sent ? { failed: reasonOf(sent.error) } : sent.value);
  year.state.owedMails = year.state.owedMails.filter((other) => other !== owed);
}

/** Shows what somebody has to look at because of a mail. */
function noteFate(year: Year, mailed: SendNoticeInput, fate: Fate): void {
  if ('failed' in fate) {
    year.state.failedMails.push(mailed);
    raise(year, 'mail-failed', `${mailed.obligation}/${mailed.step}`, fate.failed);
    return;
  }
  for (const { contact, reason } of fate.refused) addressRefused(year, mailed, contact, reason);
  for (const key of fate.unknown) raise(year, 'mail-unknown', key, toLookAt.mailUnknown[year.input.language]);
}

/** A mail about the agreement that its run did not send, as a digest, did not simply go out. */
const mailReturned = defineSignal<[unknown]>('mailReturned');

/** Listens for what becomes of mails that others send for the agreement. */
export function listenForReturnedMails(year: Year): void {
  setHandler(mailReturned, (sent: unknown) => {
    if (isReturnedMail(sent)) noteFate(year, sent.mail, sent);
    else reject(year, 'mailReturned', reasons.unknownMessage(messageNames, 'mailReturned'));
  });
}

/** People can send it as well: then it may be anything. */
function isReturnedMail(sent: unknown): sent is ReturnedMail {
  const { mail: mailed, failed, refused, unknown } = (sent ?? {}) as Partial<Record<string, unknown>>;
  const { obligation, step, template } = (mailed ?? {}) as Partial<Record<string, unknown>>;
  if (![obligation, step, template].every((part) => typeof part === 'string')) return false;
  if (typeof failed === 'string') return true;
  return (
    Array.isArray(refused) &&
    Array.isArray(unknown) &&
    refused.every((one) => {
      const { contact, reason } = (one ?? {}) as Partial<Record<string, unknown>>;
      return typeof contact === 'string' && typeof reason === 'string';
    }) &&
    unknown.every((key) => typeof key === 'string')
  );
}

/** Reports a refused address to the consultant, or to the manager if it is the consultant's own. */
function addressRefused(year: Year, owed: SendNoticeInput, contact: string, reason: string): void {
  const first = raise(year, 'address-refused', contact, reason);
  if (!first || (owed.template === 'attention' && contact === 'manager')) return;
  const told: Mail = {
    obligation: `contact/${contact}`,
    step: 'refused',
    // Each time is a mail of its own: raised again after it was cleared, it is told again.
    revision: year.state.sequence,
    template: 'attention',
    to: contact === 'consultant' ? 'manager' : 'consultant',
    attention: { code: 'address-refused', detail: `${contact}: ${reason}` },
  };
  inBackground(year, () => mail(year, told));
}
