/** The days of running upgrades that windows of campaigns move, before they are kept. */
import { localDateOf } from '../../rules/engine/calendar/calendar';
import { phaseNamesOf } from '../../rules/engine/plan/phase-in-plan';
import type { WindowsToCome } from '../../rules/engine/change/live-agreement';
import { movingIn, planAgain, windowOfYear } from '../../rules/engine/change/preview-change';
import type { Text } from '../../rules/engine/basics/text';
import type { Instant } from '../../rules/engine/contract/contract';
import type { PlannedWindow } from '../../rules/engine/plan/plan';
import type { ObligationChange } from '../../rules/engine/plan/diff-plans';
import { diffPlans } from '../../rules/engine/plan/diff-plans';
import { movesOf } from '../../rules/engine/plan/move-upgrade';
import type { Ruleset } from '../../rules/engine/ruleset/read-ruleset';
import { rememberingDecide, yearTerms } from '../../rules/engine/terms/terms-for';
import type { Queryable } from '../db';
import type { OneAgreement } from '../agreements/previews';
import { readOne } from '../agreements/previews';

/** An agreement whose upgrade gets other days. */
export interface MovedUpgrade {
  agreement: string;
  customer: string;
  obligations: ObligationChange[];
  /** What the rules call its phases. */
  phaseNames: Record<string, Text>;
}

/**
 * The phases that running years plan on other days, once the windows of campaigns are kept and the rules in force, by number. Agreements to which the rules
 * give no usable terms are left out: the preview says so of them.
 *
 * @param ruleset the one that the years will be planned by
 * @param windows those that the agreements will have
 * @param asOf the instant at which the windows would be kept
 * @param moveUpgrades whether upgrades under way take the phases of the rules, where what is done fits them
 */
export async function movedByCampaigns(
  db: Queryable,
  ruleset: Ruleset,
  toCome: WindowsToCome,
  asOf: Instant,
  moveUpgrades = false,
): Promise<MovedUpgrade[]> {
  const decide = rememberingDecide(ruleset);
  const moved: MovedUpgrade[] = [];
  for (const [agreement, windows] of toCome) {
    const one = await readOne(db, agreement, localDateOf(asOf));
    if (!one?.running) continue;
    const how = { ruleset, decide, asOf, moveUpgrades, ...windowOfYear(windows, one.running.year.plan) };
    const changes = await movedIn(one, one.running, how).catch(() => undefined);
    const customer = one.contract.customer.name;
    if (changes && changes.obligations.length > 0) moved.push({ agreement, customer, ...changes });
  }
  return moved.sort((a, b) => (a.agreement < b.agreement ? -1 : 1));
}

/** What a year is planned by, to see what moves. */
interface HowPlanned {
  ruleset: Ruleset;
  decide: ReturnType<typeof rememberingDecide>;
  asOf: Instant;
  moveUpgrades: boolean;
  window?: PlannedWindow;
}

async function movedIn(
  { contract, yearNumber }: OneAgreement,
  { terms, year }: NonNullable<OneAgreement['running']>,
  { ruleset, decide, asOf, moveUpgrades, window }: HowPlanned,
): Promise<Pick<MovedUpgrade, 'obligations' | 'phaseNames'>> {
  const { installation } = year.plan.upgrade ?? {};
  const now = await yearTerms(contract, ruleset, yearNumber, localDateOf(asOf), terms, decide);
  const moves = moveUpgrades ? movesOf(year.plan, year.closed, now.terms.upgrade, year.begun) : [];
  const plan = planAgain(
    contract,
    now,
    { ...year, moving: movingIn(moves) },
    {
      ...{ yearNumber, asOf, rulesetHash: ruleset.hash, releases: ruleset.releases },
      ...(window && { window }),
      ...(installation && { installation }),
    },
  );
  const after = { plan, terms: now.terms };
  const changes = diffPlans({ plan: year.plan, terms }, after, new Set(Object.keys(year.closed)), asOf);
  return {
    obligations: changes.obligations.filter(({ id }) => /^upgrade(-\d+)?\//.test(id)),
    // Of a phase that goes the plan before has the name.
    phaseNames: { ...phaseNamesOf(year.plan), ...phaseNamesOf(plan) },
  };
}
