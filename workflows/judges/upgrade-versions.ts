/** A system that is upgraded to another release than the one that it was to go to: one that is withdrawn is asked about once. */
import type { Text } from '../../rules/engine/basics/text';
import { compareVersions } from '../../rules/engine/releases/versions';
import type { Part } from '../../rules/engine/upgrade/parts';
import { upgradeReasons } from '../../templates/ui/upgrade-reasons';
import type { Fields } from '../messages/fields';
import type { RunningPhase } from '../year/upgrades';
import { versionsElsewhere } from '../year/upgrades';
import type { Year } from '../year/year';
import { replanAnew } from './failed-phase';
import { asks } from './upgrade-days';

/** Why a version is asked about that was not reported yet: its release is withdrawn. Plans made before tests had cases take any. */
export function doubtfulVersion(
  year: Year,
  { id, key }: Pick<Part, 'id' | 'key'>,
  version: string,
  fields: Fields,
): Text | undefined {
  if (!year.plan.upgrade?.cases || !asks(year, fields) || year.state.checks[key]?.version === version)
    return undefined;
  return isWithdrawn(year, id, version)
    ? upgradeReasons.isRight([upgradeReasons.versionWithdrawn(id, version)])
    : undefined;
}

/** Whether the plan knows that a version is withdrawn: the upgrade goes, or was to go, there, or the releases say so. */
function isWithdrawn(year: Year, system: string, version: string): boolean {
  const { withdrawn = {}, stopped, recalled = [] } = year.plan.upgrade ?? {};
  const today = year.today().on;
  const known = [
    withdrawn[system]?.version,
    stopped?.system === system ? stopped.version : undefined,
    ...recalled.flatMap((one) => (one.system === system && one.on <= today ? [one.version] : [])),
  ];
  return known.some((one) => one !== undefined && compareVersions(one, version) === 0);
}

/**
 * Has the year planned for the release that its system was upgraded to, where that is not the one it was to go to: it says so, and
 * people are asked where that one is withdrawn.
 *
 * @param from set where another agreement reported it: that may be withdrawn, though nothing here says so
 */
export function planForInstalled(
  year: Year,
  { id, upgrade, planned }: RunningPhase,
  from?: 'another agreement',
): void {
  if (planned.installs === undefined || upgrade !== 'upgrade') return;
  const all = Object.entries(versionsElsewhere(year));
  const isAsked = from !== undefined || all.some(([system, version]) => isWithdrawn(year, system, version));
  if (all.length > 0 && isAsked) replanAnew(year, `${id} went to another release`);
}
