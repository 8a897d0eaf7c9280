/** What comes after a phase that is closed before its day. */
import { followsAtOnce } from '../../rules/engine/upgrade/phases';
import { replanSoon } from '../year/plan-year';
import type { RunningPhase } from '../year/upgrades';
import { phasesOfUpgrade, runningPhase } from '../year/upgrades';
import type { Year } from '../year/year';

/**
 * Has the phases after one that was closed before its day come at once, where the system is upgraded. Plans made before the
 * tests' cases stood in them keep their days, and so do their runs.
 */
export function followOn(year: Year, { id, upgrade }: Pick<RunningPhase, 'id' | 'upgrade'>): void {
  const due = year.obligation(id)?.dueOn;
  if (year.plan.upgrade?.cases === undefined || due === undefined || year.today().on >= due) return;
  const ids = phasesOfUpgrade(year, upgrade);
  const phases = ids.flatMap((one) => runningPhase(year, one)?.planned ?? []);
  const isLast = ids.every((one) => year.isClosed(one));
  if (!isLast && followsAtOnce(phases, ids.indexOf(id))) replanSoon(year, `${id} was completed early`);
}
