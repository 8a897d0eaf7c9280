/**
 * Timbank: hours are booked as they are reported, customer and consultant are told when the bank runs low, and the
 * customer gets a statement at even intervals.
 */
import { condition } from '@temporalio/workflow';
import type { ReportedEntry } from '../../activities/hours';
import { crossedAlerts } from '../../rules/hour-bank';
import { reasons, toLookAt } from '../../templates/ui/reasons';
import { timerSummary } from '../../templates/ui/wording';
import { perform, reasonOf } from '../activities';
import { insist } from '../failures';
import { clear, firstFew, raise, record, reject } from '../journal';
import { mail, sendNotices } from '../mails';
import { closeObligation } from '../obligations';
import { showPage } from '../page';
import type { Year } from '../year';

const lapse = 'hours/lapse';

export async function hourBank(year: Year): Promise<void> {
  const carry = (id: string): Promise<void> => (id === lapse ? lapseRolled(year) : sendStatement(year, id));
  await Promise.all([bookHours(year), year.each('hourBank', carry)]);
}

/** A statement that a re-plan withdrew was not sent: it waits for one that asks for it again. */
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
      const { lapsed, balance } = await insist(year, 'lapse-failed', 'hour bank', () =>
        perform(year, 'lapseRolled', { agreement, year: number, asOf }),
      );
      year.state.balance = balance;
      record(year, { kind: 'agreement', ref: 'rolled-hours-lapsed', detail: { hours: lapsed / 100 } });
      closeObligation(year, lapse, { state: 'done', by: 'system' });
    } else await condition(() => year.over || year.plan !== plan);
  }
}

/** What is reported after the period is the next year's, if there is one. */
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
  try {
    const {
      repeats,
      unknown = [],
      before,
      after,
      mailAt,
    } = await perform(year, 'reportHours', {
      agreement,
      year: number,
      entries,
    });
    state.balance = after;
    for (const { entryId, repeat } of repeats) {
      // A repeat is no step: taking the last step back is to take back the one that was booked.
      state.steps = state.steps.filter((step) => step.entryId !== entryId);
      reject(year, 'hoursUsed', reasons.repeat(repeat));
    }
    const undone = entries.flatMap(({ corrects }) =>
      corrects && 'entryId' in corrects ? [corrects.entryId] : [],
    );
    for (const ref of unknown.filter((one) => !undone.includes(one)))
      reject(year, 'hoursCorrected', reasons.noSuchEntry(ref));
    void alert(year, crossedAlerts(before, after, year.plan.alertPercents), mailAt);
  } catch (error) {
    state.failedHours.push(...entries);
    raise(year, 'hours-failed', 'hour bank', reasonOf(error));
  }
  state.hoursToBook = state.hoursToBook.filter((entry) => !entries.includes(entry));
  showPage(year);
}

/** Tells customer and consultant how much is used; of several thresholds passed at once only the highest. */
async function alert(year: Year, crossed: number[], at: string): Promise<void> {
  const percent = Math.max(...crossed.filter((threshold) => !year.state.alerted.includes(threshold)));
  if (!Number.isFinite(percent)) return;
  year.state.alerted.push(...crossed);
  raise(year, 'hours-low', `${percent}`, toLookAt.hoursUsed(percent)[year.input.language]);
  const id = `hours/alert-${percent}`;
  const held = year.heldUntil();
  await year.until(
    () => (at > held ? at : held),
    () => false,
    timerSummary('alert', id, year.input.language),
  );
  if (isTakenBack(year, percent)) return;
  const about = { obligation: id, revision: 1, template: 'hours-alert', alert: { percent } } as const;
  await mail(year, { ...about, step: 'alert', to: 'customer', roles: year.plan.statementRoles });
  await mail(year, { ...about, step: 'alert-consultant', to: 'consultant' });
}

/** The hours that passed a threshold were corrected before anybody was told. */
function isTakenBack(year: Year, percent: number): boolean {
  const { balance, alerted } = year.state;
  if (!year.booksMeetings || !balance) return false;
  if (balance.used * 100 >= percent * (balance.contracted + balance.rolledIn)) return false;
  year.state.alerted = alerted.filter((threshold) => threshold < percent);
  clear(year, 'hours-low', `${percent}`);
  return true;
}
