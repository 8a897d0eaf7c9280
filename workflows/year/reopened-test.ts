/** A test that opens again: the customer knows how it is done, and is told what it is about. */
import { runningPhase } from './upgrades';
import type { Year } from './year';

/**
 * The cases for which the customer is asked to test again.
 * @param id of the phase whose opening mail is due
 * @returns their ids; nothing where they were not asked before, or nothing of it has failed
 */
export function reopenedFor(year: Year, id: string): string[] | undefined {
  const running = runningPhase(year, id);
  if (running?.planned.kind !== 'test' || !year.plan.upgrade?.cases) return undefined;
  const now = `${id}#${year.obligation(id)?.revision ?? 1}/start`;
  const isAsked = year.state.sent.some(
    (key) => key !== now && key.startsWith(`${id}#`) && key.endsWith('/start'),
  );
  const failed = running.parts.filter(({ kind, key }) => {
    const { ok, waived } = year.state.checks[key] ?? {};
    return kind === 'module' && ok === false && !waived;
  });
  return isAsked && failed.length > 0 ? failed.map((part) => part.id) : undefined;
}
