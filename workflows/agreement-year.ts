/** One agreement, one run for each of its years. */
import { allHandlersFinished, condition } from '@temporalio/workflow';
import { timerSummary } from '../templates/ui/wording';
import { inBackground, unlessFailed } from './basics/background';
import { followDatedTerms } from './year/dated-terms';
import { isWritten, keepJournal, untilWritten } from './year/journal';
import { listenForAlerts } from './year/alerts';
import { listenForHours } from './year/changed-hours';
import { deliver, listenForReturnedMails } from './year/mails';
import { beginPeriod } from './year/obligations';
import { keepSearchAttributes, pageOf } from './year/page';
import { drawPageWhenAsked } from './basics/page-when-asked';
import { Undecodable } from './basics/payload-converter';
import { goOnAs, isToEnd, listenForVersions } from './basics/versions';
import { planYear } from './year/plan-year';
import { answerStanding } from './year/standing';
import { listenToPeople, takeInbox } from './judges/signals';
import { tellNoApprover } from './strands/approver';
import { remindOfActions } from './strands/actions';
import { announceClose, cancelBookings, closeYear } from './strands/close';
import { heldMails, sendHeldNow } from './strands/held-mails';
import { bookRest, hourBank } from './strands/hour-bank';
import { managementMeetings } from './strands/meetings';
import { askAfterIntegrations } from './strands/monitored';
import { askPartners } from './strands/partners';
import { tellOfRejections } from './strands/rejections';
import { renewal } from './strands/renewal';
import { firstYearStart, welcome } from './strands/start';
import { tellOfTests } from './strands/testing';
import { annualUpgrade } from './strands/upgrade';
import { handedUpgrade } from './year/upgrades';
import { Year } from './year/year';
import { fitting, stateForNextYear } from './year/year-state';
import type { AgreementYearInput, Announcement } from './year/year-state';

/**
 * Carries an agreement through one year and on into the next.
 *
 * The year is planned from the terms; meetings, upgrade and hour bank run side by side; at the period's end the year
 * is closed, the customer is told what was not delivered, hours roll over, and the next year begins.
 */
export async function agreementYear(input: AgreementYearInput): Promise<void> {
  if (input instanceof Undecodable) throw new Error(`the input cannot be decoded: ${input.reason}`);
  const year = new Year(input);
  return unlessFailed(year.background, () => carry(year));
}

async function carry(year: Year): Promise<void> {
  listenToPeople(year);
  listenForReturnedMails(year);
  listenForAlerts(year);
  listenForHours(year);
  answerStanding(year);
  listenForVersions(year.move);
  inBackground(year, () => keepJournal(year));
  inBackground(year, () => keepSearchAttributes(year));
  drawPageWhenAsked(() => pageOf(year));

  if (!(await planYear(year))) return goOn(year);
  takeInbox(year);
  for (const mail of [...year.state.owedMails]) inBackground(year, () => deliver(year, mail));
  if (year.state.ended) return tellOfEnd(year);

  const started = strands.map((strand) => inBackground(year, () => strand(year)));
  const end = await untilEnd(year);
  year.over = true;
  await Promise.all(started.map(({ done }) => done));
  await bookRest(year);
  if (end === 'run-ends') return goOn(year);

  const announcement = await closeYear(year);
  if (!announcement) return goOn(year);
  if (!year.terminatedInYear()) return goOn(year, announcement);
  Object.assign(year.state, { announcement, ended: true });
  cancelBookings(year);
  return tellOfEnd(year);
}

/** What runs in parallel through the year. */
const strands = [
  announceClose,
  welcome,
  firstYearStart,
  managementMeetings,
  annualUpgrade,
  hourBank,
  renewal,
  followDatedTerms,
  heldMails,
  remindOfActions,
  tellOfRejections,
  askPartners,
  tellOfTests,
  askAfterIntegrations,
  tellNoApprover,
];

/** Sends the mails that are left when the agreement has ended. */
async function tellOfEnd(year: Year): Promise<void> {
  year.phase = 'closing';
  year.changed = true;
  year.over = false;
  inBackground(year, async () => {
    await condition(() => isToEnd(year.move));
    year.over = true;
  });
  await sendHeldNow(year);
  await announceClose(year);
  await condition(() => year.over || year.state.owedMails.length === 0);
  if (year.over) return goOn(year);
  await untilWritten(year);
}

/** Waits for the legal end of the period, an early end, or until the run has to end before: see `isToEnd`. */
async function untilEnd(year: Year): Promise<'period-over' | 'terminated' | 'run-ends'> {
  const end = (): string => year.terminatedInYear()?.at ?? year.plan.endsAt;
  const start = (): string => (end() < year.plan.startsAt ? end() : year.plan.startsAt);
  if ((await until(year, start)) === 'run-ends') return 'run-ends';
  beginPeriod(year);
  if ((await until(year, end)) === 'run-ends') return 'run-ends';
  return year.terminatedInYear() ? 'terminated' : 'period-over';
}

async function until(year: Year, at: () => string): Promise<'due' | 'run-ends'> {
  const summary = timerSummary('period', 'close', year.input.language);
  for (;;) {
    const due = at();
    const milliseconds = Date.parse(due) - Date.parse(year.now());
    if (milliseconds <= 0) return 'due';
    if (isToEnd(year.move)) return 'run-ends';
    await condition(() => at() !== due || isToEnd(year.move), milliseconds, { summary });
  }
}

/**
 * Continues in a new run, once all handlers, messages in line, replans and journal entries are done; what arrives until then is handed on.
 * @param announcement what is still to be told of this year, where the new run is the next year's
 */
async function goOn(year: Year, announcement?: Announcement): Promise<never> {
  await condition(() => allHandlersFinished() && !year.line && year.replansToCome === 0 && isWritten(year));
  const { input, number, state } = year;
  const next = announcement
    ? { yearNumber: number + 1, state: fitting(stateForNextYear(state, announcement, handedUpgrade(year))) }
    : { ...(state.plan && { yearNumber: number }), state: fitting(state) };
  return goOnAs<typeof agreementYear>(year.move, { ...input, ...next });
}
