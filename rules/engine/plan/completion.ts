/** The message that completes a phase of an upgrade, filled in with all that the year's plan knows. */
import { addDays, later } from '../calendar/dates';
import { isOpenDayIn, localIn, momentIn } from '../calendar/local-time';
import type { Instant, LocalDate } from '../contract/contract';
import type { KnownOfPhase } from '../upgrade/parts';
import { completingMessage, keyUserOf } from '../upgrade/parts';
import { phaseOfUpgrade } from '../upgrade/phases';
import { goesTo } from './goes-to';
import { phaseInPlan, technicalOf } from './phase-in-plan';
import type { YearPlan } from './plan';

export interface Completion {
  message: Record<string, unknown>;
  /** Systems whose new version nobody knows yet: the message cannot be sent before they stand in `versions`. */
  toFill: string[];
}

/** When the system is up again in a simulation: the message can be sent only after that. */
const endOfExample = '12:00';

/**
 * What to send when a phase is done. Days are open days: the one to agree on is the one that is planned or the next, a
 * session was on the last one; the system was down in the window of the campaign, if there is one.
 *
 * @param obligation the phase, as `upgrade/test`
 * @param sent `shown` to somebody who fills in who decided and when, or `assumed` as it is by a simulation
 * @param versions those that the systems have then, by system
 * @param session the day that is booked for the session of the test; without it, the last open day
 * @returns nothing where the plan does not tell what the phase owes
 */
export function completionOf(
  plan: YearPlan,
  obligation: string,
  now: Instant,
  sent: 'shown' | 'assumed' = 'shown',
  versions: Readonly<Record<string, string>> = goesTo(
    plan.upgrade,
    phaseOfUpgrade(obligation)?.upgrade ?? 'upgrade',
  ).targets,
  session?: LocalDate,
): Completion | undefined {
  const found = phaseInPlan(plan, obligation);
  if (!found) return undefined;
  const { calendar } = plan;
  const { on: today, time } = localIn(calendar, now);
  const openDay = (from: LocalDate, step: 1 | -1): LocalDate =>
    isOpenDayIn(calendar, from) ? from : openDay(addDays(from, step), step);
  const technical = technicalOf(plan, obligation);
  const planned = technical && localIn(calendar, technical.opensAt).on;
  const { window } = plan.upgrade ?? {};
  // A window may be on a day when nobody works; where the customer has agreed to another, it is none of ours.
  const own = window !== undefined && window.from === technical?.opensAt ? window : undefined;
  const windowDay = own && own.from > now ? planned : undefined;
  const last = openDay(time > endOfExample ? today : addDays(today, -1), -1);
  const isToCome = planned !== undefined && planned < last;
  const approvers = plan.upgrade?.approvers ?? [];
  const contact = sent === 'assumed' || approvers.length === 1 ? approvers[0] : undefined;
  const moment = (at: Instant): string => momentIn(calendar, at);
  const systems = found.parts.filter(({ kind }) => kind === 'system').map(({ id }) => id);
  return {
    message: completingMessage(found.planned, found.parts, {
      versions,
      next: windowDay ?? openDay(later(planned ?? today, today), 1),
      last: session ?? openDay(today, -1),
      ...(contact !== undefined && { contact }),
      ...(own && { began: moment(own.from), ended: moment(own.to) }),
      ...(sent === 'assumed' && assumed(plan, isToCome ? planned : last)),
    }),
    toFill: systems.filter((id) => versions[id] === undefined),
  };
}

/** As a simulation has it: the system was down that morning, tried by a key user and decided by who approves. */
function assumed({ ids, called, upgrade }: YearPlan, down: LocalDate): Partial<KnownOfPhase> {
  const keyUser = keyUserOf(ids.contacts.map((id) => ({ id, roles: called?.roles[id] ?? [] })));
  const [decidedBy] = upgrade?.approvers ?? [];
  return {
    ...{ began: `${down} 08:00`, goAt: `${down} 11:30`, ended: `${down} ${endOfExample}` },
    ...(keyUser !== undefined && { keyUser }),
    ...(decidedBy !== undefined && { decidedBy }),
  };
}
