/** What releases that come, go or are withdrawn make of the upgrades of running years. */
import { later } from '../calendar/dates';
import type { Contract, LocalDate } from '../contract/contract';
import type { Goal, UpgradePlan } from '../plan/plan';
import { targetsOf, withdrawnTargets } from '../plan/targets';
import type { Release } from '../releases/release';

/**
 * A system of which the upgrade is concerned. `asked`: it is under way to a release that is withdrawn, and people decide;
 * `stopped`: it has not begun, and has no release to go to any more; `moved`: it goes to another.
 */
export interface ChangedTarget {
  system: string;
  change: 'asked' | 'stopped' | 'moved';
  from?: string;
  to?: string;
}

/** An upgrade in a running year. */
export interface RunningUpgrade {
  contract: Pick<Contract, 'systems'>;
  upgrade: UpgradePlan;
  begun: boolean;
  /** First day of its window. */
  begins: LocalDate;
  /** The release that the installation goes to which it shares. */
  shared?: Goal | undefined;
}

/** The systems of a running upgrade that go elsewhere under some releases. */
export function changedTargets(
  { contract, upgrade, begun, begins, shared }: RunningUpgrade,
  releases: readonly Release[],
  today: LocalDate,
): ChangedTarget[] {
  const { targets = {}, withdrawn = {} } = upgrade;
  if (begun)
    return Object.entries(withdrawnTargets(targets, releases, today)).flatMap(
      ([system, { version }]): ChangedTarget[] =>
        withdrawn[system] === undefined ? [{ system, change: 'asked', from: version }] : [],
    );
  const now = targetsOf(contract, releases, {
    ...{ on: later(begins, today), today, shared },
    campaign: upgrade.window?.goesTo ?? upgrade.stopped,
  });
  const systems = [...new Set([...Object.keys(targets), ...Object.keys(now)])].sort();
  return systems.flatMap((system): ChangedTarget[] => {
    const [from, to] = [targets[system], now[system]?.version];
    if (from === to) return [];
    return [
      {
        system,
        change: to === undefined ? 'stopped' : 'moved',
        ...(from !== undefined && { from }),
        ...(to !== undefined && { to }),
      },
    ];
  });
}
