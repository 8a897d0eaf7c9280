import type { Text } from '../basics/text';
import type { Part } from '../upgrade/parts';
import { partsOf } from '../upgrade/parts';
import type { PhaseOfUpgrade, PlannedPhase } from '../upgrade/phases';
import { phaseOfUpgrade, takesSystemDown } from '../upgrade/phases';
import type { Obligation, YearPlan } from './plan';

/** A phase of an upgrade that a plan carries, with all it owes. */
export interface PlannedParts extends PhaseOfUpgrade {
  planned: PlannedPhase;
  parts: Part[];
}

/** The phase that takes the system down, of the upgrade that an obligation belongs to, if this year plans it. */
export const technicalOf = (plan: YearPlan, obligation: string): Obligation | undefined =>
  plan.obligations.find(({ id, nextYear }) => {
    const planned = phaseInPlan(plan, id)?.planned;
    const isOfIt = phaseOfUpgrade(id)?.upgrade === phaseOfUpgrade(obligation)?.upgrade;
    return !nextYear && isOfIt && planned !== undefined && takesSystemDown(planned);
  });

/** The phase behind an obligation; nothing if it is of something else, or the plan does not tell its parts. */
export function phaseInPlan({ upgrade, ids }: YearPlan, obligation: string): PlannedParts | undefined {
  const of = phaseOfUpgrade(obligation);
  if (!of || !upgrade) return undefined;
  const { phases = [], cases } = (of.leftBy === undefined ? upgrade : upgrade.carried) ?? {};
  const planned = phases.find(({ id }) => id === of.phase);
  const systems = Object.keys(upgrade.systems);
  return planned && { ...of, planned, parts: partsOf(of.upgrade, planned, { ...ids, systems, cases }) };
}

/** What the rules call phases, by their id, in the upgrades that a plan carries. */
export function phaseNamesOf({ upgrade }: Pick<YearPlan, 'upgrade'>): Record<string, Text> {
  const phases = [...(upgrade?.carried?.phases ?? []), ...(upgrade?.phases ?? [])];
  return Object.fromEntries(phases.flatMap(({ id, name }) => (name ? [[id, name]] : [])));
}
