/** One agreement, one run for each of its years. */
import { allHandlersFinished, condition, continueAsNew, workflowInfo } from '@temporalio/workflow';
import { timerSummary } from '../templates/ui/wording';
import { followDatedTerms } from './dated-terms';
import { keepJournal, settled } from './journal';
import { deliver } from './mails';
import { beginPeriod } from './obligations';
import { showPage } from './page';
import { Undecodable } from './payload-converter';
import { planYear } from './plan-year';
import { listenToPeople, takeInbox } from './signals';
import { remindOfActions } from './strands/actions';
import { announceClose, cancelBookings, closeYear } from './strands/close';
import { digests } from './strands/digests';
import { heldMails, sendHeldNow } from './strands/held-mails';
import { bookRest, hourBank } from './strands/hour-bank';
import { managementMeetings } from './strands/meetings';
import { tellOfRejections } from './strands/rejections';
import { renewal } from './strands/renewal';
import { firstYearStart, welcome } from './strands/start';
import { annualUpgrade } from './strands/upgrade';
import { Year } from './year';
import { fitting, stateForNextYear } from './year-state';
import type { AgreementYearInput } from './year-state';

/**
 * Carries an agreement through one year and on into the next.
 *
 * The year is planned from the terms; meetings, upgrade and hour bank run side by side; at the period's end the year
 * is closed, what was not delivered is told honestly, hours roll over, and the next year begins.
 */
export async function agreementYear(input: AgreementYearInput): Promise<void> {
  if (input instanceof Undecodable) throw new Error(`the input cannot be decoded: ${input.reason}`);
  const year = new Year(input);
  listenToPeople(year);
  void keepJournal(year);
  showPage(year);

  await planYear(year);
  takeInbox(year);
  for (const mail of [...year.state.owedMails]) void deliver(year, mail);

  const strands = Promise.all([
    announceClose(year),
    welcome(year),
    firstYearStart(year),
    managementMeetings(year),
    annualUpgrade(year),
    hourBank(year),
    renewal(year),
    digests(year),
    followDatedTerms(year),
    heldMails(year),
    remindOfActions(year),
    tellOfRejections(year),
  ]);
  const end = await untilEnd(year);
  year.over = true;
  await strands;
  await bookRest(year);
  if (end === 'history-is-long')
    return goOn(year, () => ({ ...input, yearNumber: year.number, state: fitting(year.state) }));

  const announcement = await closeYear(year);
  if (year.terminatedInYear()) {
    year.over = false;
    year.state.announcement = announcement;
    cancelBookings(year);
    await sendHeldNow(year);
    await announceClose(year);
    await condition(() => year.state.owedMails.length === 0);
    await settled(year);
    return;
  }
  return goOn(year, () => ({
    ...input,
    yearNumber: year.number + 1,
    state: fitting(stateForNextYear(year.state, announcement)),
  }));
}

/** The legal end of the period, an early end, or a history that has grown too long for one run. */
async function untilEnd(year: Year): Promise<'period-over' | 'terminated' | 'history-is-long'> {
  const end = (): string => year.terminatedInYear()?.at ?? year.plan.endsAt;
  const start = (): string => (end() < year.plan.startsAt ? end() : year.plan.startsAt);
  if ((await until(year, start)) === 'long') return 'history-is-long';
  beginPeriod(year);
  if ((await until(year, end)) === 'long') return 'history-is-long';
  return year.terminatedInYear() ? 'terminated' : 'period-over';
}

async function until(year: Year, at: () => string): Promise<'due' | 'long'> {
  const summary = timerSummary('period', 'close', year.input.language);
  for (;;) {
    const due = at();
    const milliseconds = Date.parse(due) - Date.parse(year.now());
    if (milliseconds <= 0) return 'due';
    if (workflowInfo().continueAsNewSuggested) return 'long';
    await condition(() => at() !== due || workflowInfo().continueAsNewSuggested, milliseconds, { summary });
  }
}

/** Continues in a new run, once nothing that arrived is left half done; what arrives until then goes along. */
async function goOn(year: Year, next: () => AgreementYearInput): Promise<never> {
  await settled(year);
  await condition(
    () =>
      allHandlersFinished() && year.replansToCome === 0 && !year.writing && year.state.journal.length === 0,
  );
  return continueAsNew<typeof agreementYear>(next());
}
