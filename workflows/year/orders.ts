/**
 * Hours beyond the hour bank are ordered before they are charged: the customer is asked, reminded, and after silence a manager
 * decides. Urgent work goes on meanwhile, and waits.
 */
import type { ToldOrders } from '../../activities/hours/orders';
import type { Instant } from '../../rules/engine/contract/contract';
import { moneyRoles } from '../../rules/engine/contract/contract';
import { later } from '../../rules/engine/calendar/dates';
import { toLookAt } from '../../templates/ui/reasons';
import { clear, raise } from './journal';
import type { Year } from './year';
import type { Ordering } from './year-state';

const code = 'overage-waits';
const obligation = 'hours/order';

/**
 * Asks the customer about what waits; while an answer is waited for once, however much it becomes. Asks anew where something was ordered
 * or decided and more waits, and where nobody has decided and it has become more.
 * @param mailAt when the customer may be told
 */
export function followOrders(year: Year, { waits, placed, ...times }: ToldOrders, mailAt: Instant): void {
  const { state } = year;
  const before = state.ordering;
  for (const { number, kind } of placed) confirm(year, number, kind, mailAt);
  if (waits === 0) {
    if (!before) return;
    stopAsking(year);
    delete state.ordering;
    return;
  }
  state.ordering = { seconds: waits, days: daysOf(year, times) };
  const isAsked = state.heldMails.some(({ mail }) => mail.obligation === obligation);
  if (before && placed.length === 0 && (isAsked || waits <= before.seconds)) return;
  if (before) stopAsking(year);
  ask(year, mailAt, times);
}

/** Asks once more after a while, as a manager who takes it up with the customer wants it, and then the manager again. */
export function askAgain(year: Year, { days }: Ordering): void {
  stopAsking(year);
  const after = (milliseconds: number): Instant => plus(year.now(), milliseconds);
  ask(year, after(days.remind), { decideAt: after(days.decide) });
}

const plus = (instant: Instant, milliseconds: number): Instant =>
  new Date(Date.parse(instant) + milliseconds).toISOString();

/** How long after the question the customer is reminded and the manager decides, in milliseconds. */
function daysOf(
  year: Year,
  { remindAt, decideAt }: Pick<ToldOrders, 'remindAt' | 'decideAt'>,
): Ordering['days'] {
  const since = (at: Instant): number => Date.parse(at) - Date.parse(year.now());
  return { remind: since(remindAt), decide: since(decideAt) };
}

function stopAsking(year: Year): void {
  const { state } = year;
  clear(year, code, 'hour bank');
  state.heldMails = state.heldMails.filter(({ mail }) => mail.obligation !== obligation);
}

function ask(
  year: Year,
  from: Instant,
  { remindAt, decideAt }: { remindAt?: Instant; decideAt: Instant },
): void {
  const { state } = year;
  raise(year, code, 'hour bank', toLookAt.overageWaits[year.input.language]);
  const about = { obligation, revision: state.sequence } as const;
  const customer = { ...about, template: 'overage-order', to: 'customer', roles: moneyRoles } as const;
  const manager = { ...about, template: 'overage-decision', to: 'manager' } as const;
  const at = later(from, year.heldUntil());
  state.heldMails.push({ at, step: 0, mail: { ...customer, step: 'ask' } });
  if (remindAt !== undefined)
    state.heldMails.push({ at: later(at, remindAt), step: 0, mail: { ...customer, step: 'remind' } });
  // Who has not decided is asked again: nothing else ends it.
  const pause = Math.max(0, Date.parse(decideAt) - Date.parse(at));
  ['decide', 'decide-again', 'decide-at-last'].forEach((step, times) =>
    state.heldMails.push({
      at: plus(later(at, decideAt), times * pause),
      step: 0,
      mail: { ...manager, step },
    }),
  );
}

function confirm(year: Year, number: number, kind: string, mailAt: Instant): void {
  const about = { obligation: `hours/order-${number}`, revision: 1, template: 'overage-ordered' } as const;
  const at = later(mailAt, year.heldUntil());
  year.state.heldMails.push(
    { at, step: 0, mail: { ...about, step: 'confirmed', to: 'customer', roles: moneyRoles } },
    { at, step: 0, mail: { ...about, step: `${kind}-consultant`, to: 'consultant' } },
  );
}
