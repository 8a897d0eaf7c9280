/**
 * Gates between an incident and its mail. While one is closed the incident is recorded and not mailed. `desk.ts`
 * decides what happens when it opens.
 */
import { beginningAt, endAt, isOpenDay, localDateOf } from '../calendar/calendar';
import { addDays, addSeconds } from '../calendar/dates';
import type { Instant, LocalDate } from '../contract/contract';
import { closedDaysOf } from '../terms/support-hours';
import type { SupportTerms } from '../ruleset/terms';
import type { Hours } from '../contract/monitor';
import { weekdays } from '../contract/monitor';
import type { DeskAgreement, DeskCheck, DeskIncident } from './desk-view';
import { central, siteMonitor } from './place';

/** How many days ahead the next maintenance window is looked for. */
const horizonDays = 21;

function isDayOf({ days = 'open' }: Hours, date: LocalDate, closed: ReadonlySet<LocalDate>): boolean {
  if (days === 'all') return true;
  if (days === 'open') return isOpenDay(date, closed);
  const weekday = weekdays[(new Date(date).getUTCDay() + 6) % 7];
  return weekday !== undefined && days.includes(weekday);
}

/** The spans of some hours on a day, half-open: from an instant until another. */
function spansOn(date: LocalDate, hours: readonly Hours[], support: SupportTerms): [Instant, Instant][] {
  const closed = closedDaysOf(support);
  return hours
    .filter((each) => isDayOf(each, date, closed))
    .map(({ from, to }): [Instant, Instant] => [beginningAt(date, from), endAt(date, to)]);
}

/** Whether an instant lies in one of the spans; none of them crosses midnight. */
function isIn(hours: readonly Hours[], at: Instant, support: SupportTerms): boolean {
  return (
    hours.length > 0 &&
    spansOn(localDateOf(at), hours, support).some(([from, until]) => from <= at && at < until)
  );
}

/** The next time one of the spans begins or ends. */
function nextEdge(hours: readonly Hours[], after: Instant, support: SupportTerms): Instant | undefined {
  if (hours.length === 0) return undefined;
  const today = localDateOf(after);
  for (let day = 0; day <= horizonDays; day += 1) {
    const edges = spansOn(addDays(today, day), hours, support).flat();
    const [next] = edges.filter((edge) => edge > after).sort();
    if (next !== undefined) return next;
  }
  return undefined;
}

const concerns = (monitor: string, id: string): boolean => monitor === 'all' || monitor === id;
const graceEnd = ({ configuredAt, settings }: DeskCheck): Instant =>
  addSeconds(configuredAt, settings.graceMinutes * 60);

/** All checks that one depends on, directly or through others. None in a circle with it: they would mute each other. */
export function ancestorsOf(checks: DeskAgreement['checks'], id: string): Set<string> {
  const above = (start: string): Set<string> => {
    const found = new Set<string>();
    const next = [...(checks.get(start)?.dependsOn ?? [])];
    for (let each = next.pop(); each !== undefined; each = next.pop()) {
      if (found.has(each)) continue;
      found.add(each);
      next.push(...(checks.get(each)?.dependsOn ?? []));
    }
    return found;
  };
  const all = above(id);
  return all.has(id) ? new Set([...all].filter((each) => !above(each).has(id))) : all;
}

/**
 * Whether a parent's incident explains a child's. A parent that is down explains all; one that could not be checked
 * explains only that the child could not be either; one with a warning still works and explains nothing.
 */
function explains(parent: DeskIncident, child: DeskIncident): boolean {
  return parent.class === 'customer' ? parent.severity === 'down' : child.class === 'ours';
}

export interface GateContext {
  of: DeskAgreement;
  /** The agreement's open incidents. */
  open: readonly DeskIncident[];
  silentSites: ReadonlySet<string>;
}

/**
 * The gate that is closed for an incident at an instant, if one is: `site:ID`, `parent:ID`, `pause`, `upgrade`,
 * `maintenance` or `grace`. If several are closed, the first in this order.
 */
export function closedGate(
  incident: DeskIncident,
  at: Instant,
  { of, open, silentSites }: GateContext,
): string | undefined {
  const check = of.checks.get(incident.monitor);
  const isSilent = (site: string): boolean =>
    silentSites.has(site) ||
    open.some(({ monitor, severity }) => severity === 'silent' && monitor === siteMonitor(site));
  if (check && check.place !== central && isSilent(check.place)) return siteMonitor(check.place);
  const parents = ancestorsOf(of.checks, incident.monitor);
  const parent = open.find((other) => parents.has(other.monitor) && explains(other, incident));
  if (parent) return `parent:${parent.monitor}`;
  const isPaused = of.pauses.some(
    ({ monitor, from, until }) => concerns(monitor, incident.monitor) && from <= at && at < until,
  );
  if (isPaused) return 'pause';
  if (of.upgradesFrom.some((from) => from <= at)) return 'upgrade';
  if (!check) return undefined;
  if (isIn(check.maintenance, at, of.support)) return 'maintenance';
  return at < graceEnd(check) ? 'grace' : undefined;
}

/** The next instant at which a gate of a check closes or opens if nothing but time passes. */
export function nextGateChange(monitor: string, after: Instant, of: DeskAgreement): Instant | undefined {
  const check = of.checks.get(monitor);
  const candidates = [
    ...of.pauses
      .filter((pause) => concerns(pause.monitor, monitor))
      .flatMap(({ from, until }) => [from, until]),
    ...of.upgradesFrom,
    ...(check ? [graceEnd(check), nextEdge(check.maintenance, after, of.support)] : []),
  ];
  return candidates
    .filter((each): each is Instant => each !== undefined && each > after)
    .sort()
    .at(0);
}
