/** The session in which the consultant leads the customer through the test: when it is booked, and the mails about it. */
import { localIn } from '../../rules/engine/calendar/local-time';
import type { LocalDate } from '../../rules/engine/contract/contract';
import { bookingOf } from '../../rules/engine/upgrade/parts';
import { phaseInPlan } from '../../rules/engine/plan/phase-in-plan';
import { phaseOfUpgrade, sessionStep } from '../../rules/engine/upgrade/phases';
import type { RunningPhase } from './upgrades';
import { runningPhase } from './upgrades';
import type { Year } from './year';
import type { CheckState, HeldMail, Mail } from './year-state';

/** What is booked for the test of an upgrade. */
export const bookedSession = (
  year: Year,
  { upgrade, phase }: Pick<RunningPhase, 'upgrade' | 'phase'>,
): CheckState | undefined => year.state.checks[bookingOf(upgrade, phase).key];

/** The day that is booked for the session of a phase; nothing for another phase, or where none is booked. */
export function sessionDay(year: Year, id: string): LocalDate | undefined {
  const of = phaseOfUpgrade(id);
  const { time } = (of && bookedSession(year, of)) ?? {};
  return time === undefined ? undefined : localIn(year.calendar, time).on;
}

/**
 * Whether the consultant still has to book the session of a test: none is booked, and none was held. Plans that remind nobody of it
 * say no.
 */
export function lacksSession(year: Year, id: string): boolean {
  const running = runningPhase(year, id);
  const reminds = year.obligation(id)?.notices.some(({ step }) => step === sessionStep);
  if (!running || reminds !== true || bookedSession(year, running)) return false;
  return running.parts.some(({ kind, key }) => kind === 'session' && year.state.checks[key] === undefined);
}

/** Whether a mail invites to the session of a test, or calls it off. */
export const isOfSession =
  (id: string) =>
  ({ mail }: HeldMail): boolean =>
    mail.template === 'test-session' && mail.obligation === id;

/** The mails that invite to a session, or call it off: to who tests, and to the consultant. None about one that has begun. */
export function mailsOfSession(year: Year, id: string, booking: CheckState, cancelled: boolean): Mail[] {
  const { time: at, minutes = year.plan.meetings.lengthMinutes, note: place } = booking;
  if (at === undefined || at <= year.now()) return [];
  const notices = year.obligation(id)?.notices ?? [];
  const roles =
    notices.find(({ template, to }) => template === 'upgrade-test' && to === 'customer')?.roles ??
    year.plan.upgrade?.roles ??
    [];
  const session = {
    ...{ at, minutes },
    ...(place !== undefined && { place }),
    ...(cancelled && { cancelled: true as const }),
  };
  const about = { obligation: id, revision: year.state.sequence, template: 'test-session', session } as const;
  return [
    { ...about, step: 'session', to: 'customer', roles },
    { ...about, step: 'session-consultant', to: 'consultant' },
  ];
}

/**
 * What is owed to those who were invited by a step that is undone now.
 * @param key of the result that was put back
 * @param was what the step had booked, if anything
 * @returns nothing where the result is no booking
 */
export function mailsOfUndone(year: Year, key: string, was: CheckState | undefined): Mail[] {
  const test = year.obligations('upgrade').find(({ id }) => {
    const of = phaseOfUpgrade(id);
    const kind = phaseInPlan(year.plan, id)?.planned.kind;
    return kind === 'test' && of !== undefined && bookingOf(of.upgrade, of.phase).key === key;
  });
  const now = year.state.checks[key];
  if (!test) return [];
  return now
    ? mailsOfSession(year, test.id, now, false)
    : was
      ? mailsOfSession(year, test.id, was, true)
      : [];
}
