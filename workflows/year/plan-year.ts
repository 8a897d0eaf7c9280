/** Has the year planned, and planned again when something changed. Every plan is recorded in the history. */
import { crossedAlerts } from '../../rules/engine/hours/hour-bank';
import type { PlanYearInput } from '../../activities/years/terms';
import type { MeetingProgress } from '../../rules/engine/plan/plan';
import { cutBytes } from '../../templates/ui/text';
import { activitySummary } from '../../templates/ui/wording';
import { perform, reasonOf } from '../basics/activities';
import { attempt } from '../basics/attempt';
import { inBackground } from '../basics/background';
import { followContractedHours } from './contracted-hours';
import { retryUntilDone } from './failures';
import { clear, raise, record } from './journal';
import { takeMovedPlan } from './moved-upgrade';
import { writeMeeting } from './projection';
import { upgradeProgress } from './upgrades';
import type { Year } from './year';

/**
 * Makes the first plan of the year. Where the terms are unusable the year waits, visibly, until they are mended.
 * @returns false where the history grew too long while it waited: there is no plan yet
 */
export async function planYear(year: Year): Promise<boolean> {
  const { yearNumber } = year.input;
  if (!year.state.plan) {
    const plan = await retryUntilDone(year, 'plan-failed', 'plan', () =>
      perform(year, 'planAgreementYear', {
        agreement: year.agreement,
        ...(yearNumber === undefined ? {} : { yearNumber }),
        asOf: year.now(),
        revision: 1,
        ...(year.state.carried && { carried: year.state.carried }),
      }),
    );
    if (!plan) return false;
    year.state.plan = plan;
    delete year.state.carried;
  }
  takeOver(year);
  return true;
}

/**
 * Closes what lay before the day on which an agreement was taken over in the middle of its year: nobody is asked for it,
 * no mail goes out, and thresholds that its hours had reached are not alerted.
 */
function takeOver(year: Year): void {
  const { state, plan } = year;
  const { takenOver, balance } = plan;
  if (!takenOver || plan.revision > 1 || state.takenOver) return;
  state.takenOver = true;
  for (const [id, { at, how }] of Object.entries(takenOver.closed))
    state.closed[id] = { at, state: how === 'told' ? 'done' : 'cancelled', by: 'takeover' };
  for (const [id, heldOn] of Object.entries(takenOver.meetings)) {
    state.meetings[id] = { heldOn };
    writeMeeting(year, id);
  }
  if (balance) state.alerted = crossedAlerts({ ...balance, used: 0 }, balance, plan.alertPercents);
  const told = Object.values(takenOver.closed).filter(({ how }) => how === 'told').length;
  const passed = Object.keys(takenOver.closed).length - told;
  record(year, { kind: 'agreement', ref: 'taken-over', detail: { told, passed } });
}

/** What a re-plan does beside. */
interface Replanning extends Pick<PlanYearInput, 'closedAsIn'> {
  /** Upgrades under way take the phases of the rules, where what is done fits them. */
  move?: boolean;
}

/**
 * Plans the open part of the year again: closed obligations stay, open ones move. If it fails the old plan holds.
 * Replans run one after the other, each from the plan that the one before left.
 * @param then called when it is planned, or could not be
 */
export async function replanYear(
  year: Year,
  reason: string,
  then?: () => void,
  how: Replanning = {},
): Promise<void> {
  year.replansToCome += 1;
  year.replanning = year.replanning.then(() => replan(year, reason, how));
  await year.replanning;
  then?.();
  year.replansToCome -= 1;
}

/** As `replanYear`, in the background. */
export function replanSoon(year: Year, reason: string, then?: () => void, how: Replanning = {}): void {
  inBackground(year, () => replanYear(year, reason, then, how));
}

async function replan(year: Year, reason: string, { move = false, closedAsIn }: Replanning): Promise<void> {
  const before = year.plan;
  const planned = await attempt(() =>
    perform(
      year,
      'planAgreementYear',
      {
        agreement: year.agreement,
        yearNumber: before.yearNumber,
        asOf: year.now(),
        revision: before.revision + 1,
        reason,
        closed: Object.fromEntries(Object.entries(year.state.closed).map(([id, { at }]) => [id, at])),
        ...settledMeetings(year),
        ...upgradeProgress(year, move),
        ...(closedAsIn && { closedAsIn }),
      },
      cutBytes(`${activitySummary('planAgreementYear', year.input.language)}: ${reason}`, 200),
    ),
  );
  if ('error' in planned) {
    raise(year, 'replan-failed', reason, reasonOf(planned.error));
    return;
  }
  if (move) takeMovedPlan(year, planned.value);
  else year.state.plan = planned.value;
  followContractedHours(year, before);
  clear(year, 'replan-failed');
  record(year, { kind: 'agreement', ref: 'replanned', detail: { reason, revision: planned.value.revision } });
}

/** What people have settled about meetings. A meeting whose booking was undone still counts as called. */
function settledMeetings(year: Year): { meetings?: Record<string, MeetingProgress> } {
  const undone = year.plan.obligations.flatMap(({ id, booked }): [string, MeetingProgress][] =>
    booked ? [[id, { called: true }]] : [],
  );
  const settled = Object.entries(year.state.meetings).map(
    ([id, { booked, invited, movedFrom, cancelledAt, extra, called, heldOn }]): [string, MeetingProgress] => [
      id,
      {
        ...(booked && { booked }),
        ...(movedFrom && booked && booked.revision !== invited && { movedFrom }),
        ...(cancelledAt !== undefined && { cancelledAt }),
        ...(extra !== undefined && { extra }),
        ...(called && { called }),
        ...(heldOn !== undefined && { heldOn }),
      },
    ],
  );
  const meetings = Object.fromEntries([...undone, ...settled]);
  return Object.keys(meetings).length > 0 ? { meetings } : {};
}
