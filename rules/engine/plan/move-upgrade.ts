/** Moves an upgrade under way to the phases of other rules, where what is done of it fits them. */
import type { Text } from '../basics/text';
import type { UpgradeTerms } from '../ruleset/terms';
import type { Phase, PlannedPhase } from '../upgrade/phases';
import { phaseOfUpgrade, phasesOf, plannedPhase } from '../upgrade/phases';
import type { YearPlan } from './plan';

/** An upgrade under way whose phases other rules would change. */
export interface UpgradeMove {
  /** `upgrade`, or `upgrade-1` for the one that year 1 left. */
  upgrade: string;
  /** Why it keeps its phases whatever is asked for; nothing where it can move. */
  why?: Text;
}

/**
 * The phases of an upgrade under way by other terms: those that are closed stay as they were and stand first, the others are
 * as the terms say.
 *
 * @param kept the phases it has
 * @param closed ids of those that are closed
 * @returns why it cannot move, where a closed phase is not there, is of another kind or in another place, or a phase that is
 *   not closed comes before it
 */
export function movedPhases(
  kept: readonly PlannedPhase[],
  closed: readonly string[],
  terms: UpgradeTerms,
): { phases: Phase[] } | { why: Text } {
  const next = phasesOf(terms);
  const done = kept.filter(({ id }) => closed.includes(id));
  for (const [index, { id, kind }] of done.entries()) {
    const same = next.find((phase) => phase.id === id);
    if (!same)
      return {
        why: {
          sv: `${id} är klar, och fasen finns inte i reglerna`,
          en: `${id} is done, and the rules have no such phase`,
        },
      };
    if (plannedPhase(same).kind !== kind)
      return {
        why: {
          sv: `${id} är klar, och är av annat slag i reglerna`,
          en: `${id} is done, and is of another kind in the rules`,
        },
      };
    const place = next[index]?.id ?? id;
    if (place !== id)
      return {
        why: {
          sv: `${place} kommer före ${id}, som är klar`,
          en: `${place} comes before ${id}, which is done`,
        },
      };
  }
  const first = next.slice(0, done.length).map((phase, index): Phase => ({ ...phase, ...done[index] }));
  return { phases: [...first, ...next.slice(done.length)] };
}

/**
 * The upgrades of a year that are under way and whose phases other terms would change.
 *
 * @param closed closed obligations, by id
 * @param begun something of the year's own upgrade was reported
 */
export function movesOf(
  plan: YearPlan,
  closed: Readonly<Record<string, unknown>>,
  terms: UpgradeTerms,
  begun = plan.upgrade?.progress?.upgrade?.begun === true,
): UpgradeMove[] {
  const { upgrade } = plan;
  const closedOf = (name: string): string[] =>
    Object.keys(closed).flatMap((id) => {
      const of = phaseOfUpgrade(id);
      return of?.upgrade === name ? [of.phase] : [];
    });
  const isOpen = (name: string): boolean =>
    plan.obligations.some(({ id }) => phaseOfUpgrade(id)?.upgrade === name && !(id in closed));
  const own = closedOf('upgrade');
  if (!upgrade) return own.length > 0 && isOpen('upgrade') ? [{ upgrade: 'upgrade', why: older }] : [];
  const { carried } = upgrade;
  const running = [
    ...(carried
      ? [
          {
            name: `upgrade-${carried.year}`,
            phases: carried.phases,
            before: againOf(plan) ? [] : carried.closed,
          },
        ]
      : []),
    ...(begun || own.length > 0 ? [{ name: 'upgrade', phases: upgrade.phases, before: [] }] : []),
  ];
  return running.flatMap(({ name, phases, before }): UpgradeMove[] => {
    if (!isOpen(name)) return [];
    const moved = movedPhases(phases, [...before, ...closedOf(name)], terms);
    if ('why' in moved) return [{ upgrade: name, why: moved.why }];
    return isSame(phases, moved.phases.map(plannedPhase)) ? [] : [{ upgrade: name }];
  });
}

/** Whether what an earlier year closed of the carried upgrade is to be done again. */
const againOf = ({ upgrade }: YearPlan): boolean =>
  upgrade?.progress?.[`upgrade-${upgrade.carried?.year}`]?.again === true;

const older: Text = {
  sv: 'den började under en version som inte håller reda på fasernas delar',
  en: 'it began under a version that does not know the parts of its phases',
};

/** Whether phases are the same; the kept ones may have checks more, which releases added when they were planned. */
function isSame(kept: readonly PlannedPhase[], next: readonly PlannedPhase[]): boolean {
  const text = (phase: PlannedPhase): string =>
    JSON.stringify(Object.entries(phase).sort(([a], [b]) => (a < b ? -1 : 1)));
  return (
    kept.length === next.length &&
    next.every((phase, index) => {
      const was = kept[index];
      return was && text({ ...was, checks: was.checks.slice(0, phase.checks.length) }) === text(phase);
    })
  );
}
