/** Sends mails when they fall due. A mail that fails for good never fails the agreement. */
import { condition } from '@temporalio/workflow';
import type { SendNoticeInput } from '../../activities/mail/mail';
import type { Instant } from '../../rules/engine/contract/contract';
import type { Notice } from '../../rules/engine/plan/plan';
import { toLookAt } from '../../templates/ui/reasons';
import { mailSummary, timerSummary } from '../../templates/ui/wording';
import { perform, reasonOf } from '../activities';
import { attempt } from './attempt';
import { inBackground } from './background';
import { raise } from './journal';
import { showPage } from './page';
import { writeMeeting } from './projection';
import type { Year } from './year';
import type { Mail } from './year-state';

/**
 * Sends each notice of an obligation when it falls due, until somebody closes it or the year is over.
 * @param halt whether there is another reason to stop
 */
export async function remindUntilClosed(year: Year, id: string, halt = never): Promise<void> {
  const stop = (): boolean => year.isClosed(id) || halt();
  while (!stop() && !year.over) {
    await sendNotices(year, id, halt);
    const { plan } = year;
    await condition(() => stop() || year.over || year.plan !== plan);
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

/**
 * Sends the notices of an obligation when they fall due, until none is left, it is closed or the year is over.
 * @param halt whether there is another reason to stop
 */
export async function sendNotices(year: Year, id: string, halt = never): Promise<void> {
  const closed = (): boolean => year.isClosed(id) || halt();
  for (let notice = nextNotice(year, id); notice && !closed() && !year.over; notice = nextNotice(year, id)) {
    const { step } = notice;
    const at = (): Instant | undefined =>
      year.obligation(id)?.notices.find((other) => other.step === step)?.at;
    // In a new plan another notice may come first: then that one is waited for.
    const outrun = (): boolean => year.booksMeetings && nextNotice(year, id)?.step !== step;
    const stop = (): boolean => closed() || outrun();
    const came = await year.until(at, stop, timerSummary(step, id, year.input.language));
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
  if (year.booksMeetings) noteSent(year, id, step, revision);
  const reason = step === 'invite' ? year.state.meetings[id]?.reason : undefined;
  await mail(year, {
    ...{ obligation: id, step, revision, template, to },
    ...(roles ? { roles } : {}),
    ...(reason === undefined ? {} : { reason }),
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

/** Sends a mail. Returns when it is sent or has failed, or when the year is over: then the next run sends it. */
export async function mail(year: Year, what: Mail): Promise<void> {
  const owed: SendNoticeInput = { agreement: year.agreement, year: year.number, asOf: year.now(), ...what };
  year.state.owedMails.push(owed);
  await Promise.race([deliver(year, owed), condition(() => year.over)]);
}

/** Delivers an owed mail. The next run calls it again for mails that this run leaves. */
export async function deliver(year: Year, owed: SendNoticeInput): Promise<void> {
  const { language } = year.input;
  const summary = mailSummary(owed.template, owed.obligation, language);
  const sent = await attempt(() => perform(year, 'sendNotice', owed, summary));
  if ('error' in sent) {
    year.state.failedMails.push(owed);
    raise(year, 'mail-failed', `${owed.obligation}/${owed.step}`, reasonOf(sent.error));
  } else {
    const { refused, unknown } = sent.value;
    for (const { contact, reason } of refused) addressRefused(year, owed, contact, reason);
    for (const key of unknown) raise(year, 'mail-unknown', key, toLookAt.mailUnknown[language]);
  }
  year.state.owedMails = year.state.owedMails.filter((other) => other !== owed);
  showPage(year);
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
