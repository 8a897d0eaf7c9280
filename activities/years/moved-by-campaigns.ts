/** The days of running upgrades that windows of campaigns move, before they are kept. */
import { localDateOf } from '../../rules/engine/calendar/calendar';
import type { CampaignCalendar } from '../../rules/engine/campaign/campaign-calendar';
import { phaseNamesOf } from '../../rules/engine/plan/phase-in-plan';
import { planAgain } from '../../rules/engine/change/preview-change';
import type { Text } from '../../rules/engine/basics/text';
import type { Instant } from '../../rules/engine/contract/contract';
import type { ObligationChange } from '../../rules/engine/plan/diff-plans';
import { diffPlans } from '../../rules/engine/plan/diff-plans';
import type { Ruleset } from '../../rules/engine/ruleset/read-ruleset';
import { rememberingDecide, yearTerms } from '../../rules/engine/terms/terms-for';
import type { Queryable } from '../db';
import type { OneAgreement } from '../agreements/previews';
import { readOne } from '../agreements/previews';
import { plannedWindow, windowsToCome } from './upgrade-windows';

/** An agreement whose upgrade gets other days. */
export interface MovedUpgrade {
  agreement: string;
  customer: string;
  obligations: ObligationChange[];
  /** What the rules call its phases. */
  phaseNames: Record<string, Text>;
}

/**
 * The phases that running years plan on other days once windows of campaigns are kept, by number. Agreements to which the rules
 * give no usable terms are left out: the preview says so of them.
 *
 * @param ruleset the one that the years will be planned by
 * @param asOf the instant at which the windows would be kept
 */
export async function movedByCampaigns(
  db: Queryable,
  ruleset: Ruleset,
  calendars: readonly CampaignCalendar[],
  asOf: Instant,
): Promise<MovedUpgrade[]> {
  const decide = rememberingDecide(ruleset);
  const moved: MovedUpgrade[] = [];
  for (const [agreement, windows] of await windowsToCome(db, calendars, asOf)) {
    const one = await readOne(db, agreement, localDateOf(asOf));
    if (!one?.running) continue;
    const { plan } = one.running.year;
    const inYear = windows.filter(({ from }) => from >= plan.startsAt && from < plan.endsAt).at(-1);
    const window = inYear && plannedWindow(inYear, ruleset);
    const obligations = await movedIn(one, one.running, ruleset, decide, asOf, window).catch(() => []);
    const customer = one.contract.customer.name;
    if (obligations.length > 0)
      moved.push({ agreement, customer, obligations, phaseNames: phaseNamesOf(plan) });
  }
  return moved.sort((a, b) => (a.agreement < b.agreement ? -1 : 1));
}

async function movedIn(
  { contract, yearNumber }: OneAgreement,
  { terms, year }: NonNullable<OneAgreement['running']>,
  ruleset: Ruleset,
  decide: ReturnType<typeof rememberingDecide>,
  asOf: Instant,
  window: ReturnType<typeof plannedWindow> | undefined,
): Promise<ObligationChange[]> {
  const { installation } = year.plan.upgrade ?? {};
  const now = await yearTerms(contract, ruleset, yearNumber, localDateOf(asOf), terms, decide);
  const plan = planAgain(contract, now, year, {
    ...{ yearNumber, asOf, rulesetHash: ruleset.hash, releases: ruleset.releases },
    ...(window && { window }),
    ...(installation && { installation }),
  });
  const after = { plan, terms: now.terms };
  const changes = diffPlans({ plan: year.plan, terms }, after, new Set(Object.keys(year.closed)), asOf);
  return changes.obligations.filter(({ id }) => /^upgrade(-\d+)?\//.test(id));
}
