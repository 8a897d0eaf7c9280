/** The live agreements that campaigns place, with what decides where. */
import { addOpenDays, localDateOf } from '../../rules/engine/calendar/calendar';
import { addDays, addMonths } from '../../rules/engine/calendar/dates';
import { yearNumberOn } from '../../rules/engine/calendar/agreement-period';
import { grouped } from '../../rules/engine/basics/grouped';
import type {
  CampaignCalendar,
  Candidate,
  UpgradeWindow,
} from '../../rules/engine/campaign/campaign-calendar';
import { placeCampaign } from '../../rules/engine/campaign/place-campaign';
import { waitsUntil } from '../../rules/engine/campaign/waits-until';
import { textOf } from '../../rules/engine/basics/bilingual-error';
import type { Contract, Instant, LocalDate } from '../../rules/engine/contract/contract';
import type { Ruleset } from '../../rules/engine/ruleset/read-ruleset';
import type { Terms, UpgradeTerms } from '../../rules/engine/ruleset/terms';
import { closedDaysOf } from '../../rules/engine/terms/support-hours';
import { phasesOf, plannedPhase, takesSystemDown } from '../../rules/engine/upgrade/phases';
import type { Campaign } from '../../rules/engine/rollout/campaign';
import { rememberingDecide, termsFor } from '../../rules/engine/terms/terms-for';
import type { Queryable } from '../db';
import { readUpgrades } from './upgrades';
import type { UpgradeOfAgreement } from '../../rules/engine/upgrade/portfolio';
import type { WindowOfAgreement } from './upgrade-windows';
import { readWindows } from './upgrade-windows';

/** A campaign with its calendar over the live agreements. */
export interface PlacedCampaign {
  campaign: Campaign;
  calendar: CampaignCalendar;
  /** Names of the customers, by number of their agreement. */
  customers: Record<string, string>;
}

interface LiveRow {
  agreement: string;
  contract: Contract;
  yearNumber: number | null;
}

/**
 * The calendars of all campaigns of a ruleset that have not ended, over the live agreements. Campaigns that begin earlier are
 * placed first: what they take of a consultant's weeks the later ones do not have.
 */
export async function campaignCalendars(
  db: Queryable,
  ruleset: Ruleset,
  asOf: Instant,
): Promise<PlacedCampaign[]> {
  const today = localDateOf(asOf);
  const campaigns = ruleset.campaigns
    .filter(({ to }) => to >= today)
    .sort((a, b) => (a.from + a.id < b.from + b.id ? -1 : 1));
  if (campaigns.length === 0) return [];
  const live = await db.query<LiveRow>(
    `select number as agreement, contract, year_number as "yearNumber" from agreements where state = 'live' order by number`,
  );
  const upgrades = grouped(await readUpgrades(db, asOf), ({ agreement }) => agreement);
  const windows = await readWindows(db);
  const windowsOf = grouped(windows, ({ agreement }) => agreement);
  const agreed = await agreedDays(db);
  const decide = rememberingDecide(ruleset);
  const customers = Object.fromEntries(
    live.map(({ agreement, contract }) => [agreement, contract.customer.name]),
  );
  const calendars: PlacedCampaign[] = [];
  for (const campaign of campaigns) {
    const candidates: Candidate[] = [];
    const unusable: CampaignCalendar['passed'] = [];
    for (const { agreement, contract, yearNumber } of live) {
      const system = contract.systems[campaign.product];
      if (!system) continue;
      const year = yearNumber ?? yearNumberOn(contract.startsOn, today);
      const found = await termsFor(contract, ruleset, year, today, decide).catch((error: unknown) => ({
        why: textOf(error),
      }));
      // The preview says it of the agreement; here it keeps what it has, and holds up nobody else.
      if ('why' in found) {
        unusable.push({ agreement, why: found.why });
        continue;
      }
      const { terms } = found;
      const on = agreed.get(agreement);
      const own = upgrades.get(agreement) ?? [];
      const window = windowOf(windowsOf.get(agreement) ?? [], campaign.id);
      const standing = standingOf(own, contract, year, terms.upgrade);
      candidates.push({
        agreement,
        customer: contract.customer.name,
        consultant: contract.contacts.consultant.id ?? contract.contacts.consultant.name,
        version: system.version,
        terms: terms.upgrade,
        calendar: terms.calendar,
        support: terms.support,
        ...standing,
        ...(on !== undefined && { agreed: on }),
        ...stillTrue(window, on),
        ...(window
          ? anew(own, window, asOf, standing.postponedUntil)
          : { earliest: earliestOf(contract, terms, today) }),
      });
    }
    const others = windows.filter(
      (one) => one.campaign !== campaign.id && !calendars.some(({ campaign: { id } }) => id === one.campaign),
    );
    const taken = [
      ...others,
      ...calendars.flatMap(({ calendar: { placed } }) => placed.map(({ window }) => window)),
    ];
    const { installations, releases } = ruleset;
    const calendar = placeCampaign({ campaign, installations, releases, candidates, taken, today });
    const passed = [...calendar.passed, ...unusable];
    calendars.push({ campaign, calendar: { ...calendar, passed }, customers });
  }
  return calendars;
}

/** How the upgrade stands that a campaign would place, and the days on which the terms have one begin. */
function standingOf(
  upgrades: readonly UpgradeOfAgreement[],
  { startsOn }: Contract,
  year: number,
  terms: UpgradeTerms,
): Pick<Candidate, 'standing' | 'postponedUntil' | 'yearWindows'> {
  const windowIn = (number: number): Candidate['yearWindows'][number] => ({
    year: number,
    from: addMonths(startsOn, 12 * (number - 1) + terms.window.fromMonth - 1),
    to: addDays(addMonths(startsOn, 12 * (number - 1) + terms.window.toMonth), -1),
  });
  const both = [windowIn(year), windowIn(year + 1)];
  const on = upgrades.find(({ phase }) => phase !== undefined);
  const last = upgrades.at(-1);
  if (on && (on.ofYear < year || on.done > 0 || on.risks.some(({ kind }) => kind === 'failed')))
    return { standing: 'begun', yearWindows: both };
  if (on)
    return {
      standing: 'open',
      yearWindows: both,
      ...(on.until !== undefined && { postponedUntil: on.until }),
    };
  if (last?.standing === 'declined') return { standing: 'declined', yearWindows: both };
  // This year's is over: the next one's is to come.
  return { standing: 'open', yearWindows: both.slice(1) };
}

/** The first day on which the system can go down if what precedes that begins tomorrow. */
function earliestOf({ integrations }: Contract, { upgrade, support }: Terms, today: LocalDate): LocalDate {
  const phases = phasesOf(upgrade);
  const down = phases.findIndex((phase) => takesSystemDown(plannedPhase(phase)));
  const days = phases
    .slice(0, Math.max(0, down))
    .map(
      ({ openDays, openDaysPerIntegration = 0 }) => openDays + openDaysPerIntegration * integrations.length,
    );
  return addOpenDays(today, 1 + days.reduce((sum, one) => sum + one, 0), closedDaysOf(support));
}

/** A window, unless the customer has agreed to another day since. */
const stillTrue = (window?: UpgradeWindow, agreed?: LocalDate): Pick<Candidate, 'window'> =>
  window && (agreed === undefined || agreed === localDateOf(window.from)) ? { window } : {};

/** An upgrade that was rolled back after its window needs another, from tomorrow on or from the day to which it is postponed. */
function anew(
  upgrades: readonly UpgradeOfAgreement[],
  { from }: UpgradeWindow,
  asOf: Instant,
  postponedUntil: LocalDate | undefined,
): Pick<Candidate, 'postponedUntil'> {
  const isAnew = upgrades.some(({ attempt, phase }) => attempt > 1 && phase !== undefined);
  const until = waitsUntil({ isAnew, from, postponedUntil }, asOf);
  return until === undefined ? {} : { postponedUntil: until };
}

/** The days that customers agreed to for upgrades that are not over, by agreement. */
async function agreedDays(db: Queryable): Promise<Map<string, LocalDate>> {
  const rows = await db.query<{ agreement: string; on: LocalDate }>(
    `select distinct on (p.agreement) p.agreement, p.on_day as "on"
       from upgrade_parts p join agreements a on a.number = p.agreement and a.year_number = p.year
      where p.kind = 'date' and p.on_day is not null
        and exists (select 1 from obligations o where o.agreement = p.agreement and o.year = p.year and o.state = 'open'
                       and o.id like p.upgrade || '/%')
      order by p.agreement, p.of_year`,
  );
  return new Map(rows.map(({ agreement, on }) => [agreement, on]));
}

/** The window that a campaign gave an agreement. @param windows of the agreement */
function windowOf(windows: readonly WindowOfAgreement[], campaign: string): UpgradeWindow | undefined {
  const found = windows.find((one) => one.campaign === campaign);
  if (!found) return undefined;
  const { agreement: _, ...window } = found;
  return window;
}
