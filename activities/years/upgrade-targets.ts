/** Which running upgrades go elsewhere if other releases come into force. */
import { addMonths } from '../../rules/engine/calendar/dates';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import type { ChangedTarget } from '../../rules/engine/change/changed-targets';
import { changedTargets } from '../../rules/engine/change/changed-targets';
import type { Contract, Instant } from '../../rules/engine/contract/contract';
import type { UpgradePlan } from '../../rules/engine/plan/plan';
import type { Release } from '../../rules/engine/releases/release';
import type { Queryable } from '../db';

/** An agreement whose upgrade is concerned. */
export interface RetargetedUpgrade {
  agreement: string;
  customer: string;
  systems: ChangedTarget[];
}

/** The upgrades of running years that releases would have go elsewhere, stop, or need a decision; by number. */
export async function retargetedUpgrades(
  db: Queryable,
  releases: readonly Release[],
  asOf: Instant,
): Promise<RetargetedUpgrade[]> {
  const rows = await db.query<{
    agreement: string;
    contract: Contract;
    year: number;
    fromMonth: number | null;
    upgrade: UpgradePlan;
    begun: boolean;
    over: boolean;
  }>(
    `select a.number as agreement, a.contract, a.year_number as year, p.plan->'upgrade' as upgrade,
            (p.terms->'upgrade'->'window'->>'fromMonth')::int as "fromMonth",
            exists (select 1 from upgrade_parts u where u.agreement = a.number and u.year = a.year_number and u.upgrade = 'upgrade')
              or exists (select 1 from obligations o where o.agreement = a.number and o.year = a.year_number
                                   and o.id like 'upgrade/%' and o.state = 'done') as begun,
            not exists (select 1 from obligations o where o.agreement = a.number and o.year = a.year_number
                                  and o.id like 'upgrade/%' and o.state = 'open') as over
       from agreements a
       join lateral (select plan, terms from plans where agreement = a.number and year = a.year_number
                      order by revision desc limit 1) p on true
      where a.state = 'live' and p.plan ? 'upgrade' order by a.number`,
  );
  const today = localDateOf(asOf);
  return rows.flatMap(({ agreement, contract, year, fromMonth, upgrade, begun, over }) => {
    if (over) return [];
    const begins = addMonths(contract.startsOn, 12 * (year - 1) + (fromMonth ?? 1) - 1);
    const systems = changedTargets({ contract, upgrade, begun, begins }, releases, today);
    return systems.length > 0 ? [{ agreement, customer: contract.customer.name, systems }] : [];
  });
}
