/** The message that completes a phase of an upgrade, filled in with all that the year's plan knows. */
import { addDays, later } from '../calendar/dates';
import { isOpenDayIn, localIn } from '../calendar/local-time';
import type { Instant, LocalDate } from '../contract/contract';
import { completingMessage, keyUserOf } from '../upgrade/parts';
import { phaseInPlan, technicalOf } from './phase-in-plan';
import type { YearPlan } from './plan';

export interface Completion {
  message: Record<string, unknown>;
  /** Systems whose new version nobody knows yet: the message cannot be sent before they stand in `versions`. */
  toFill: string[];
}

/** When the system is up again in the message that is shown: it can be sent only after that. */
const endOfExample = '12:00';

/**
 * What to send when a phase is done. Days are open days: the one to agree on is the one that is planned or the next, a
 * session was on the last one, the system was down on the planned one.
 *
 * @param obligation the phase, as `upgrade/test`
 * @param sent when it is sent: `now`, or later on, once the phase is done
 * @param versions those that the systems have then, by system
 * @returns nothing where the plan does not tell what the phase owes
 */
export function completionOf(
  plan: YearPlan,
  obligation: string,
  now: Instant,
  sent: 'now' | 'later' = 'now',
  versions: Readonly<Record<string, string>> = plan.upgrade?.targets ?? {},
): Completion | undefined {
  const found = phaseInPlan(plan, obligation);
  if (!found) return undefined;
  const { calendar, ids, called } = plan;
  const { on: today, time } = localIn(calendar, now);
  const openDay = (from: LocalDate, step: 1 | -1): LocalDate =>
    isOpenDayIn(calendar, from) ? from : openDay(addDays(from, step), step);
  const technical = technicalOf(plan, obligation);
  const planned = technical && localIn(calendar, technical.opensAt).on;
  const { window } = plan.upgrade ?? {};
  // A window may be on a day when nobody works; where the customer has agreed to another, it is none of ours.
  const windowDay = window && window.from === technical?.opensAt && window.from > now ? planned : undefined;
  const last = openDay(time > endOfExample ? today : addDays(today, -1), -1);
  const isToCome = planned !== undefined && (sent === 'later' || planned < last);
  const [contact] = plan.upgrade?.approvers ?? [];
  const keyUser = keyUserOf(ids.contacts.map((id) => ({ id, roles: called?.roles[id] ?? [] })));
  const systems = found.parts.filter(({ kind }) => kind === 'system').map(({ id }) => id);
  return {
    message: completingMessage(found.planned, found.parts, {
      versions,
      next: windowDay ?? openDay(later(planned ?? today, today), 1),
      last: openDay(today, -1),
      down: isToCome ? planned : last,
      ...(keyUser !== undefined && { keyUser }),
      ...(contact !== undefined && { contact }),
    }),
    toFill: systems.filter((id) => versions[id] === undefined),
  };
}
