/** Alerts customer and consultant that the hour bank runs low: in opening hours, after the time to undo the report. */
import { patched } from '@temporalio/workflow';
import { toLookAt } from '../../templates/ui/reasons';
import { clear, raise } from './journal';
import type { Year } from './year';
import type { HeldMail } from './year-state';
import { later } from '../../rules/engine/calendar/dates';
import type { Instant } from '../../rules/engine/contract/contract';
import type { HourBalance } from '../../rules/engine/hours/hour-bank';
import { hasReached } from '../../rules/engine/hours/hour-bank';

/**
 * Has a mail to customer and consultant wait that says how much is used: of several thresholds only the highest.
 * @param crossed thresholds that were passed, per cent
 * @param mailAt when the customer may be told
 */
export function holdAlert(year: Year, crossed: number[], mailAt: string): void {
  const { state } = year;
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
  const passed = crossed.filter((threshold) => threshold < percent);
  tell(year, percent, later(mailAt, year.heldUntil()), { customer: passed, consultant: passed });
}

const supersedes = 'supersede-alerts-2026-11-30';

/** Whether a mail is an alert of this year; one that names its year is about the year before. */
const isAlert = ({ mail }: HeldMail): boolean =>
  mail.alert !== undefined && !mail.alert.takenBack && mail.year === undefined;

/**
 * Has the alert wait for each reader, and drops those of lower thresholds that still wait for the same one.
 * @param passed lower thresholds of which each reader has not been told
 */
function tell(
  year: Year,
  percent: number,
  at: Instant,
  passed: Partial<Record<'customer' | 'consultant', readonly number[]>>,
): void {
  const { state, plan } = year;
  raise(year, 'hours-low', `${percent}`, toLookAt.hoursUsed(percent)[year.input.language]);
  const lower = state.heldMails.filter((held) => isAlert(held) && (held.mail.alert?.percent ?? 0) < percent);
  const dropped = lower.length > 0 && patched(supersedes) ? lower : [];
  state.heldMails = state.heldMails.filter((held) => !dropped.includes(held));
  const about = {
    obligation: `hours/alert-${percent}`,
    // Each time is a mail of its own: a threshold that is passed again is told again.
    revision: state.sequence,
    template: 'hours-alert',
    alert: { percent },
  } as const;
  const mails = [
    { ...about, step: 'alert', to: 'customer', roles: plan.statementRoles },
    { ...about, step: 'alert-consultant', to: 'consultant' },
  ] as const;
  for (const mail of mails) {
    const untold = passed[mail.to];
    if (!untold) continue;
    const before = dropped.filter((held) => held.mail.to === mail.to);
    const instead = [
      ...untold,
      ...before.flatMap((held) => [held.mail.alert?.percent ?? 0, ...(held.instead ?? [])]),
    ];
    state.heldMails.push({ at, step: 0, mail, ...(instead.length > 0 && { instead }) });
  }
}

/**
 * Takes back the thresholds that are no longer reached: hours were corrected, or the bank has grown. Alerts that wait are
 * withdrawn; who was told of one is told that it holds no longer, and is alerted anew when it is passed again.
 */
export function takeBackAlerts(year: Year): void {
  const { state } = year;
  const { balance } = state;
  if (!balance) return;
  const waiting = new Set(
    state.heldMails.flatMap((held) => (isAlert(held) && held.mail.alert ? [held.mail.alert.percent] : [])),
  );
  for (const percent of [...waiting].filter((one) => !hasReached(balance, one))) {
    const withdrawn = state.heldMails.filter(
      ({ mail }) => mail.year === undefined && mail.alert?.percent === percent,
    );
    state.heldMails = state.heldMails.filter((held) => !withdrawn.includes(held));
    state.alerted = state.alerted.filter((threshold) => threshold < percent);
    clear(year, 'hours-low', `${percent}`);
    tellLower(year, withdrawn, balance);
  }
  const told = state.alerted.filter((percent) => !hasReached(balance, percent));
  if (told.length === 0 || !patched('take-back-alerts-2026-11-29')) return;
  state.alerted = state.alerted.filter((percent) => !told.includes(percent));
  for (const percent of told) clear(year, 'hours-low', `${percent}`);
  tellTakenBack(year, Math.max(...told));
}

/**
 * Has an alert wait of the highest threshold that is still reached, for those who were to be told of a higher one in its place. What
 * nobody was told of is not taken back.
 */
function tellLower(year: Year, withdrawn: readonly HeldMail[], balance: HourBalance): void {
  const [first] = withdrawn;
  const untold = (to: string): number[] =>
    withdrawn.flatMap(({ mail, instead = [] }) => (mail.to === to ? instead : []));
  const [customer, consultant] = [untold('customer'), untold('consultant')];
  if (!first || customer.length + consultant.length === 0 || !patched(supersedes)) return;
  clearUntold(
    year,
    customer.filter((one) => consultant.includes(one) && !hasReached(balance, one)),
  );
  const percent = Math.max(...[...customer, ...consultant].filter((one) => hasReached(balance, one)));
  if (!Number.isFinite(percent)) return;
  const below = (passed: number[]): number[] => passed.filter((one) => one < percent);
  tell(year, percent, first.at, {
    ...(customer.includes(percent) && { customer: below(customer) }),
    ...(consultant.includes(percent) && { consultant: below(consultant) }),
  });
}

function clearUntold(year: Year, untold: readonly number[]): void {
  year.state.alerted = year.state.alerted.filter((percent) => !untold.includes(percent));
  for (const percent of untold) clear(year, 'hours-low', `${percent}`);
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
