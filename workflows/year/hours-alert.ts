/** Alerts customer and consultant that the hour bank runs low: in opening hours, after the time to undo the report. */
import { patched } from '@temporalio/workflow';
import { toLookAt } from '../../templates/ui/reasons';
import { clear, raise } from './journal';
import type { Year } from './year';
import { later } from '../../rules/engine/calendar/dates';
import { hasReached } from '../../rules/engine/hours/hour-bank';

/**
 * Has a mail to customer and consultant wait that says how much is used: of several thresholds only the highest.
 * @param crossed thresholds that were passed, per cent
 * @param mailAt when the customer may be told
 */
export function holdAlert(year: Year, crossed: number[], mailAt: string): void {
  const { state, plan } = year;
  const percent = Math.max(...crossed.filter((threshold) => !state.alerted.includes(threshold)));
  if (!Number.isFinite(percent)) return;
  state.alerted.push(...crossed);
  // Passed again before it was told that it had not been: who was told of it knows what holds.
  const isUndone = state.heldMails.some(
    ({ mail }) => mail.alert?.takenBack && mail.alert.percent === percent,
  );
  state.heldMails = state.heldMails.filter(
    ({ mail }) => !mail.alert?.takenBack || mail.alert.percent > percent,
  );
  if (isUndone) return;
  raise(year, 'hours-low', `${percent}`, toLookAt.hoursUsed(percent)[year.input.language]);
  const at = later(mailAt, year.heldUntil());
  const about = {
    obligation: `hours/alert-${percent}`,
    // Each time is a mail of its own: a threshold that is passed again is told again.
    revision: state.sequence,
    template: 'hours-alert',
    alert: { percent },
  } as const;
  state.heldMails.push(
    { at, step: 0, mail: { ...about, step: 'alert', to: 'customer', roles: plan.statementRoles } },
    { at, step: 0, mail: { ...about, step: 'alert-consultant', to: 'consultant' } },
  );
}

/**
 * Takes back the thresholds that are no longer reached: hours were corrected, or the bank has grown. Alerts that wait are
 * withdrawn; who was told of one is told that it holds no longer, and is alerted anew when it is passed again.
 */
export function takeBackAlerts(year: Year): void {
  const { state } = year;
  const { balance } = state;
  if (!balance) return;
  // A mail that names its year is about the year before.
  const waiting = new Set(
    state.heldMails.flatMap(({ mail }) =>
      mail.alert && !mail.alert.takenBack && mail.year === undefined ? [mail.alert.percent] : [],
    ),
  );
  for (const percent of [...waiting].filter((one) => !hasReached(balance, one))) {
    state.heldMails = state.heldMails.filter(
      ({ mail }) => mail.year !== undefined || mail.alert?.percent !== percent,
    );
    state.alerted = state.alerted.filter((threshold) => threshold < percent);
    clear(year, 'hours-low', `${percent}`);
  }
  const told = state.alerted.filter((percent) => !hasReached(balance, percent));
  if (told.length === 0 || !patched('take-back-alerts-2026-11-29')) return;
  state.alerted = state.alerted.filter((percent) => !told.includes(percent));
  for (const percent of told) clear(year, 'hours-low', `${percent}`);
  tellTakenBack(year, Math.max(...told));
}

/** Has a mail wait to those who were told that a threshold was passed. */
function tellTakenBack(year: Year, percent: number): void {
  const { state, plan } = year;
  const about = {
    obligation: `hours/alert-${percent}`,
    revision: state.sequence,
    template: 'hours-alert',
    alert: { percent, takenBack: true },
  } as const;
  const at = year.heldUntil();
  state.heldMails.push(
    { at, step: 0, mail: { ...about, step: 'back', to: 'customer', roles: plan.statementRoles } },
    { at, step: 0, mail: { ...about, step: 'back-consultant', to: 'consultant' } },
  );
}
