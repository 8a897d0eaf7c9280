/** Alerts customer and consultant that the hour bank runs low: in opening hours, after the time to undo the report. */
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

/** Withdraws waiting alerts of thresholds that are no longer reached: hours were corrected, or the bank has grown. */
export function takeBackAlerts(year: Year): void {
  const { state } = year;
  const { balance } = state;
  if (!balance) return;
  // A mail that names its year is about the year before.
  const percents = state.heldMails.flatMap(({ mail }) =>
    mail.alert && mail.year === undefined && !hasReached(balance, mail.alert.percent)
      ? [mail.alert.percent]
      : [],
  );
  for (const percent of new Set(percents)) {
    state.heldMails = state.heldMails.filter(
      ({ mail }) => mail.year !== undefined || mail.alert?.percent !== percent,
    );
    state.alerted = state.alerted.filter((threshold) => threshold < percent);
    clear(year, 'hours-low', `${percent}`);
  }
}
