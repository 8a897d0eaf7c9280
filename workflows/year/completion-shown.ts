/** The message that completes a phase, as people are offered it: with what was reported of the phase already. */
import { momentIn } from '../../rules/engine/calendar/local-time';
import type { Instant } from '../../rules/engine/contract/contract';
import type { Completion } from '../../rules/engine/plan/completion';
import { goesTo } from '../../rules/engine/plan/goes-to';
import { phaseOfUpgrade } from '../../rules/engine/upgrade/phases';
import { completionOf } from '../../rules/engine/plan/completion';
import { sessionDay } from './test-session';
import { runningPhase } from './upgrades';
import type { Year } from './year';

/**
 * What to send when a phase is done: times, people and versions that were reported take the place of those that are planned.
 * @returns nothing where the plan does not tell what the phase owes
 */
export function completionShown(year: Year, id: string): Completion | undefined {
  const { fields, versions } = reportedOf(year, id);
  const { targets } = goesTo(year.plan.upgrade, phaseOfUpgrade(id)?.upgrade ?? 'upgrade');
  const known = { ...targets, ...versions };
  const found = completionOf(year.plan, id, year.now(), 'shown', known, sessionDay(year, id));
  return found && { ...found, message: { ...found.message, ...fields } };
}

/** What was reported of a phase, by the fields of the message that completes it. */
function reportedOf(
  year: Year,
  id: string,
): { fields: Record<string, string>; versions: Record<string, string> } {
  const fields: Record<string, string> = {};
  const versions: Record<string, string> = {};
  const local = (at: Instant): string => momentIn(year.calendar, at);
  for (const { kind, id: part, key } of runningPhase(year, id)?.parts ?? []) {
    const { ok, on, time, contact, version } = year.state.checks[key] ?? {};
    if (ok !== true) continue;
    if (kind === 'system' && version !== undefined) versions[part] = version;
    if (kind === 'date' && on !== undefined) fields.on = on;
    if (kind === 'session' && on !== undefined) fields.session = on;
    if (kind === 'smokeTested' && contact !== undefined) fields.smokeTested = contact;
    if (kind === 'go' && contact !== undefined) fields.go = contact;
    if (kind === 'go' && time !== undefined) fields.goAt = local(time);
    if ((kind === 'began' || kind === 'ended') && time !== undefined) fields[kind] = local(time);
  }
  return { fields, versions };
}
