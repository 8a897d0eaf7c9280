import { instantAt, localDateOf } from '../calendar/calendar';
import type { Instant, LocalDate } from '../contract/contract';
import type { MeetingProgress, Obligation, TakenOver, YearPlan } from './plan';
import { planContext } from './plan-context';
import type { PlanInput } from './plan-context';
import { planYear } from './plan-year';

/** What was done in the running year before the agreement was taken over, as far as somebody has told. */
export interface TakeOver {
  /** Hours of the bank used so far this year; at most two decimals. */
  hoursUsed?: number;
  /** Hours carried into this year from the one before; at most two decimals. */
  hoursRolledIn?: number;
  /** Days on which management meetings of this year were held. */
  meetingsHeld?: LocalDate[];
  /** Whether the year's upgrade is done. Absent means open, and is refused once the upgrade should have begun. */
  upgrade?: 'done' | 'open';
}

/** The take over as it is stored with the agreement. */
export interface AgreedTakeOver extends TakeOver {
  /** The agreement year it is about. */
  year: number;
}

/**
 * Plans the rest of a year that began before the agreement was taken over: as if it had been planned at its start, with
 * everything that is over closed and without mails. What is open keeps its ordinary day.
 */
export function planTakenOver(input: PlanInput, takeOver: TakeOver): YearPlan {
  const base = planInTime(input);
  const takenOver = takenOverOf(input, base, takeOver);
  const { welcome: _welcome, withdrawn: _withdrawn, ...frame } = base;
  const behind = base.obligations.filter(({ id }) => id in takenOver.closed);
  const previous: YearPlan = {
    ...frame,
    revision: 0,
    takenOver,
    obligations: behind.map((obligation) => ({ ...obligation, notices: [] })),
  };
  const closed = Object.fromEntries(Object.entries(takenOver.closed).map(([id, { at }]) => [id, at]));
  const meetings = Object.fromEntries(
    Object.entries(takenOver.meetings).map(([id, heldOn]): [string, MeetingProgress] => [id, { heldOn }]),
  );
  return planYear({ ...input, progress: { previous, closed, meetings } });
}

/** The day on which the year's upgrade should have begun, if that has passed: then the take over has to mention it. */
export function upgradeBegunOn(input: PlanInput): LocalDate | undefined {
  const opensAt = upgradeOf(planInTime(input))[0]?.opensAt;
  return opensAt === undefined || opensAt > input.asOf ? undefined : localDateOf(opensAt);
}

/** The year as it would have been planned at its start. */
function planInTime(input: PlanInput): YearPlan {
  return planYear({ ...input, asOf: planContext(input).startsAt });
}

const upgradeOf = ({ obligations }: YearPlan): Obligation[] =>
  obligations.filter(({ strand }) => strand === 'upgrade');

function takenOverOf(input: PlanInput, base: YearPlan, takeOver: TakeOver): TakenOver {
  const { asOf, terms } = input;
  const { earliestDay } = planContext(input);
  const closed: TakenOver['closed'] = {};
  const close = (id: string, at: Instant, how: 'told' | 'passed'): void => {
    closed[id] = { at: at < asOf ? at : asOf, how };
  };
  const meetings: TakenOver['meetings'] = {};
  const promised = base.obligations.filter(({ strand }) => strand === 'meetings');
  const held = [...(takeOver.meetingsHeld ?? [])].sort();
  for (const [index, { id }] of promised.entries()) {
    const heldOn = held[index];
    if (heldOn === undefined) break;
    meetings[id] = heldOn;
    close(id, instantAt(heldOn, terms.meetings.startTime), 'told');
  }
  const isDone = takeOver.upgrade === 'done';
  for (const { id, dueAt } of isDone ? upgradeOf(base) : []) close(id, dueAt, 'told');
  for (const owed of base.obligations)
    if (!(owed.id in closed) && isBehind(owed, asOf, earliestDay)) close(owed.id, owed.dueAt, 'passed');
  const first = isDone ? undefined : upgradeOf(base)[0];
  const begunLate = first !== undefined && first.dueOn < earliestDay;
  return { at: asOf, closed, meetings, ...(begunLate && { upgradeFrom: earliestDay }) };
}

/**
 * Whether an obligation that the take over does not mention is over: no mail can go out on its day any more. The start
 * always is, even if it was days ago; an upgrade never is; the lapse of rolled hours is once its instant has passed.
 */
function isBehind({ id, strand, dueOn, dueAt }: Obligation, asOf: Instant, earliestDay: LocalDate): boolean {
  if (strand === 'start') return true;
  if (strand === 'upgrade' || strand === 'close') return false;
  return id === 'hours/lapse' ? dueAt <= asOf : dueOn < earliestDay;
}
