/** Which releases running upgrades go to: under other releases, and together where agreements share an installation. */
import { addMonths } from '../../rules/engine/calendar/dates';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import type { ChangedTarget } from '../../rules/engine/change/changed-targets';
import { changedTargets } from '../../rules/engine/change/changed-targets';
import type { Contract, Instant, LocalDate } from '../../rules/engine/contract/contract';
import type { Goal, UpgradePlan, YearPlan } from '../../rules/engine/plan/plan';
import type { SharedTarget, SharingUpgrade } from '../../rules/engine/plan/shared-target';
import { sharedTarget } from '../../rules/engine/plan/shared-target';
import { compareVersions } from '../../rules/engine/releases/versions';
import type { Ruleset } from '../../rules/engine/ruleset/read-ruleset';
import type { Queryable } from '../db';
import { announceOutbox } from '../outbox';

/** An agreement whose upgrade is concerned. */
export interface RetargetedUpgrade {
  agreement: string;
  customer: string;
  systems: ChangedTarget[];
}

/** An installation of which the agreements would go to different releases by themselves. */
export interface DividedInstallation extends SharedTarget {
  installation: string;
  product: string;
  /** Names of the customers, by number of their agreement. */
  customers: Record<string, string>;
}

type Rollout = Pick<Ruleset, 'releases' | 'installations'>;

interface RunningRow {
  agreement: string;
  contract: Contract;
  upgrade: UpgradePlan;
  begun: boolean;
  /** First day of the window that its terms give the upgrade. */
  begins: LocalDate;
}

/** The upgrades of running years that are not over; by number. @param among only those of these agreements */
async function readRunning(db: Queryable, among?: readonly string[]): Promise<RunningRow[]> {
  const rows = await db.query<RunningRow & { year: number; fromMonth: number | null }>(
    `select a.number as agreement, a.contract, a.year_number as year, p.plan->'upgrade' as upgrade,
            (p.terms->'upgrade'->'window'->>'fromMonth')::int as "fromMonth",
            exists (select 1 from upgrade_parts u where u.agreement = a.number and u.year = a.year_number and u.upgrade = 'upgrade')
              or exists (select 1 from obligations o where o.agreement = a.number and o.year = a.year_number
                                   and o.id like 'upgrade/%' and o.state = 'done') as begun
       from agreements a
       join lateral (select plan, terms from plans where agreement = a.number and year = a.year_number
                      order by revision desc limit 1) p on true
      where a.state = 'live' and p.plan ? 'upgrade' and ($1::text[] is null or a.number = any ($1))
        and exists (select 1 from obligations o where o.agreement = a.number and o.year = a.year_number
                       and o.id like 'upgrade/%' and o.state = 'open')
      order by a.number`,
    [among ?? null],
  );
  return rows.map(({ year, fromMonth, ...row }) => ({
    ...row,
    begins: addMonths(row.contract.startsOn, 12 * (year - 1) + (fromMonth ?? 1) - 1),
  }));
}

/** The upgrades of running years that releases would have go elsewhere, stop, or need a decision; by number. */
export async function retargetedUpgrades(
  db: Queryable,
  rollout: Rollout,
  asOf: Instant,
): Promise<RetargetedUpgrade[]> {
  const rows = await readRunning(db);
  const today = localDateOf(asOf);
  const shared = sharedIn(rows, rollout, today);
  return rows.flatMap(({ agreement, contract, ...row }) => {
    const found = shared.find(({ target }) => target.choices.some((one) => one.agreement === agreement));
    const goal = found && { system: found.product, version: found.target.version };
    const systems = changedTargets({ contract, ...row, shared: goal }, rollout.releases, today);
    return systems.length > 0 ? [{ agreement, customer: contract.customer.name, systems }] : [];
  });
}

/** The installations whose agreements would choose different releases, without a campaign that says which. */
export async function dividedInstallations(
  db: Queryable,
  rollout: Rollout,
  asOf: Instant,
): Promise<DividedInstallation[]> {
  const rows = await readRunning(db);
  return sharedIn(rows, rollout, localDateOf(asOf))
    .filter(({ target: { choices } }) => new Set(choices.map(({ version }) => version)).size > 1)
    .map(({ id, product, target }) => ({
      ...{ installation: id, product, ...target },
      customers: Object.fromEntries(
        rows.map(({ agreement, contract }) => [agreement, contract.customer.name]),
      ),
    }));
}

/** Where installations go that agreements share and no campaign takes anywhere. */
function sharedIn(
  rows: readonly RunningRow[],
  { releases, installations }: Rollout,
  today: LocalDate,
): { id: string; product: string; target: SharedTarget }[] {
  return installations.flatMap(({ id, product, agreements }) => {
    const sharing = rows.filter(
      ({ agreement, upgrade }) => Object.hasOwn(agreements, agreement) && !isDecided(upgrade),
    );
    const target = sharing.length > 1 && sharedTarget(product, sharing.map(sharingOf), releases, today);
    return target ? [{ id, product, target }] : [];
  });
}

/** Whether a campaign says where an upgrade goes, or did before its release was withdrawn. */
const isDecided = ({ window, stopped }: Pick<UpgradePlan, 'window' | 'stopped'>): boolean =>
  (window?.goesTo ?? stopped) !== undefined;

const sharingOf = ({ agreement, contract, begins, begun, upgrade }: RunningRow): SharingUpgrade => ({
  ...{ agreement, contract, begins },
  ...(begun && { underWay: upgrade.targets ?? {} }),
});

/**
 * The release that an agreement goes to with those that share its installation.
 * @param own the agreement that is planned now
 */
export async function goalOfInstallation(
  db: Queryable,
  { releases, installations }: Rollout,
  own: SharingUpgrade,
  asOf: Instant,
): Promise<Goal | undefined> {
  const found = installations.find(({ agreements }) => Object.hasOwn(agreements, own.agreement));
  if (!found) return undefined;
  const others = Object.keys(found.agreements).filter((number) => number !== own.agreement);
  const sharing = (await readRunning(db, others)).map(sharingOf);
  if (sharing.length === 0) return undefined;
  const target = sharedTarget(found.product, [own, ...sharing], releases, localDateOf(asOf));
  return target && { system: found.product, version: target.version };
}

/**
 * Has those planned again that share an installation with a year that was planned, and would go to a higher release: the lowest
 * is one for all. Nobody is told who goes lower, so that two years never tell each other in turn.
 */
export async function tellHigher(tx: Queryable, { upgrade, rulesetHash }: YearPlan): Promise<void> {
  const { installation, targets = {} } = upgrade ?? {};
  const { system, version } = installation?.goesTo ?? {};
  if (!installation || system === undefined || version === undefined || isDecided(upgrade ?? {})) return;
  if (targets[system] !== version) return;
  const higher = (await readRunning(tx, installation.with)).filter(
    ({ begun, upgrade: other }) =>
      !begun && !isDecided(other) && (compareVersions(other.targets?.[system] ?? '', version) ?? 0) > 0,
  );
  if (higher.length === 0) return;
  await tx.query(
    `insert into outbox (agreement, kind, payload)
     select number, 'terms-changed', jsonb_build_object('ruleset', left($2::text, 8)) from unnest($1::text[]) as number`,
    [higher.map(({ agreement }) => agreement), rulesetHash],
  );
  await announceOutbox(tx);
}
