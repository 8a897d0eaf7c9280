/**
 * Timbank: hours are booked as they are reported, customer and consultant are told when the bank runs low, and the
 * customer gets a statement at even intervals.
 */
import { condition } from '@temporalio/workflow';
import type { ReportedHours } from '../../activities/hours/hours';
import type { ReportedEntry } from '../../activities/hours/ledger';
import { crossedAlerts } from '../../rules/engine/hours/hour-bank';
import { reasons } from '../../templates/ui/reasons';
import { timerSummary } from '../../templates/ui/wording';
import { perform, reasonOf } from '../basics/activities';
import { attempt } from '../basics/attempt';
import { retryUntilDone } from '../year/failures';
import { holdAlert, takeBackAlerts } from '../year/hours-alert';
import { firstFew, raise, record, reject } from '../year/journal';
import { sendNotices } from '../year/mails';
import { closeObligation } from '../year/obligations';
import type { Year } from '../year/year';

const lapse = 'hours/lapse';

export async function hourBank(year: Year): Promise<void> {
  const carry = (id: string): Promise<void> => (id === lapse ? lapseRolled(year) : sendStatement(year, id));
  await Promise.all([bookHours(year), year.each('hourBank', carry)]);
}

/** Sends a statement. One that a re-plan has withdrawn waits for a re-plan that asks for it again. */
async function sendStatement(year: Year, statement: string): Promise<void> {
  while (!year.over && !year.isClosed(statement)) {
    await sendNotices(year, statement);
    const { plan } = year;
    if (year.over) return;
    if (year.obligation(statement)) closeObligation(year, statement, { state: 'done', by: 'system' });
    else await condition(() => year.over || year.plan !== plan);
  }
}

/** Hours rolled in lapse on the day the terms give them; the customer is told before by a statement. */
async function lapseRolled(year: Year): Promise<void> {
  const { agreement, number } = year;
  const summary = timerSummary('expire', lapse, year.input.language);
  while (!year.over && !year.isClosed(lapse)) {
    await sendNotices(year, lapse);
    const { plan } = year;
    const due = (): string | undefined => year.obligation(lapse)?.dueAt;
    if (await year.until(due, () => year.plan !== plan, summary)) {
      const asOf = due() ?? year.now();
      const done = await retryUntilDone(year, 'lapse-failed', 'hour bank', () =>
        perform(year, 'lapseRolled', { agreement, year: number, asOf }),
      );
      if (!done) break;
      const { lapsed, balance } = done;
      year.state.balance = balance;
      record(year, { kind: 'agreement', ref: 'rolled-hours-lapsed', detail: { hours: lapsed / 100 } });
      closeObligation(year, lapse, { state: 'done', by: 'system' });
    } else await condition(() => year.over || year.plan !== plan);
  }
}

/** The hours to book in this year. What is reported after its end belongs to the next year, if there is one. */
function oursToBook(year: Year): ReportedEntry[] {
  const { hoursToBook } = year.state;
  if (year.terminatedInYear()) return hoursToBook;
  return hoursToBook.filter(({ asOf }) => asOf < year.plan.endsAt);
}

/** Books reported hours in the order they came, so that every alert is sent once and in order. */
async function bookHours(year: Year): Promise<void> {
  for (;;) {
    await condition(() => year.over || oursToBook(year).length > 0);
    if (year.over) return;
    await bookReported(year);
  }
}

/** Books what still waits when a run comes to its end: what one run hands to the next has a size limit. */
export async function bookRest(year: Year): Promise<void> {
  while (oursToBook(year).length > 0) await bookReported(year);
}

/** Books the first entries that wait, as many as go at once. */
async function bookReported(year: Year): Promise<void> {
  const { state, agreement, number } = year;
  const entries = firstFew(oursToBook(year));
  const booked = await attempt(() => perform(year, 'reportHours', { agreement, year: number, entries }));
  if ('error' in booked) {
    state.failedHours.push(...entries);
    raise(year, 'hours-failed', 'hour bank', reasonOf(booked.error));
  } else noteBooked(year, entries, booked.value);
  state.hoursToBook = state.hoursToBook.filter((entry) => !entries.includes(entry));
}

/** Takes in what booking gave: the balance, repeats, corrections of unknown entries, and alerts. */
function noteBooked(
  year: Year,
  entries: readonly ReportedEntry[],
  { repeats, unknown, before, after, mailAt }: ReportedHours,
): void {
  const { state } = year;
  state.balance = after;
  for (const { entryId, repeat } of repeats) {
    // A repeat is no step: undoing the last step has to undo the entry that was booked.
    state.steps = state.steps.filter((step) => step.entryId !== entryId);
    if (repeat !== 'sent-by-a-cure') reject(year, 'hoursUsed', reasons.repeat(repeat));
  }
  const undone = entries.flatMap(({ corrects }) =>
    corrects && 'entryId' in corrects ? [corrects.entryId] : [],
  );
  for (const ref of unknown.filter((one) => !undone.includes(one)))
    reject(year, 'hoursCorrected', reasons.noSuchEntry(ref));
  takeBackAlerts(year);
  holdAlert(year, crossedAlerts(before, after, year.plan.alertPercents), mailAt);
}
