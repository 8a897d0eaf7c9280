/** The session of a test is called off: by its message, or because its upgrade does not go on now. */
import { bookingOf } from '../../rules/engine/upgrade/parts';
import { hold, withdraw } from '../year/steps';
import { bookedSession, isOfSession, mailsOfSession } from '../year/test-session';
import type { RunningPhase } from '../year/upgrades';
import { phasesOfUpgrade, runningPhase } from '../year/upgrades';
import type { Year } from '../year/year';
import type { Step } from '../year/year-state';

/** Calls the session off, if one is booked: those who were invited are told. */
export function callOffSession(
  year: Year,
  step: Step | undefined,
  running: Pick<RunningPhase, 'id' | 'upgrade' | 'phase'>,
): void {
  const booking = bookedSession(year, running);
  if (!booking) return;
  delete year.state.checks[bookingOf(running.upgrade, running.phase).key];
  withdraw(year, step, isOfSession(running.id));
  for (const mail of mailsOfSession(year, running.id, booking, true)) hold(year, step, mail);
}

/** Calls off what is booked for an upgrade that does not go on now. */
export function callOffSessions(year: Year, step: Step | undefined, upgrade: string): void {
  for (const id of phasesOfUpgrade(year, upgrade)) {
    const running = runningPhase(year, id);
    if (running?.planned.kind === 'test') callOffSession(year, step, running);
  }
}
