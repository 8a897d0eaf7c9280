/**
 * Timbank: hours are booked as they are reported, customer and consultant are told when the bank runs low, and the
 * customer gets a statement at even intervals.
 */
import { condition } from '@temporalio/workflow';
import { crossedAlerts } from '../../rules/hour-bank';
import { timerSummary } from '../../templates/ui/wording';
import { perform, permanentFailure } from '../activities';
import type { Year } from '../year';

export async function hourBank(year: Year): Promise<void> {
  await Promise.all([bookHours(year), year.each('hourBank', (statement) => sendStatement(year, statement))]);
}

async function sendStatement(year: Year, statement: string): Promise<void> {
  await year.sendNotices(statement);
  if (!year.over) year.close(statement, { state: 'done', by: 'system' });
}

/** Books reported hours one after the other, so that every alert is sent once and in order. */
async function bookHours(year: Year): Promise<void> {
  const { state } = year;
  for (;;) {
    await condition(() => year.over || state.hoursToBook.length > 0);
    const entry = state.hoursToBook[0];
    if (!entry) return;
    try {
      const { repeat, before, after, mailAt } = await perform('reportHours', { ...entry, year: year.number });
      state.balance = after;
      if (repeat !== undefined) year.reject('hoursUsed', `taken as a repeat and not booked again: ${repeat}`);
      else void alert(year, crossedAlerts(before, after, year.plan.alertPercents), mailAt);
    } catch (error) {
      year.raise('hours-failed', entry.entryId, permanentFailure(error)?.message ?? String(error));
    }
    state.hoursToBook.shift();
    year.show();
  }
}

/** Tells customer and consultant how much is used; of several thresholds passed at once only the highest. */
async function alert(year: Year, crossed: number[], at: string): Promise<void> {
  const percent = Math.max(...crossed.filter((threshold) => !year.state.alerted.includes(threshold)));
  if (!Number.isFinite(percent)) return;
  year.state.alerted.push(...crossed);
  year.raise('hours-low', `${percent}`, `${percent} % of the hour bank is used`);
  const id = `hours/alert-${percent}`;
  await year.until(
    () => at,
    () => false,
    timerSummary('alert', id, year.input.language),
  );
  const mail = { obligation: id, revision: 1, template: 'hours-alert', alert: { percent } } as const;
  await year.mail({ ...mail, step: 'alert', to: 'customer', roles: year.plan.statementRoles });
  await year.mail({ ...mail, step: 'alert-consultant', to: 'consultant' });
}
