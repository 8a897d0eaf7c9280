import type { CarriedUpgrade, UpgradePlan } from './plan';

/** Versions by id: of systems and, as far as they were known, of integrations. */
export type VersionsBefore = Pick<UpgradePlan, 'systems' | 'integrations'>;

/**
 * The versions that an upgrade of a plan began from. Its approval gives the contract the new ones; these stay, for whoever asks
 * from what to what, and for a restoration.
 *
 * @param upgrade `upgrade`, or `upgrade-1` for one that an earlier year left
 */
export function begunFrom(plan: UpgradePlan | undefined, upgrade: string): VersionsBefore {
  const carried: CarriedUpgrade | undefined = upgrade === 'upgrade' ? undefined : plan?.carried;
  const { systems, integrations } = carried?.systems ? carried : (plan ?? {});
  return { systems: systems ?? {}, ...(integrations && { integrations }) };
}
