/** Which checks alert most, and which settings would have kept them quiet. A person judges the proposals. */
import type { Instant } from '../contract/contract';
import type { Text } from '../basics/text';
import type { Check, CheckSettings, Limit, Measure } from '../contract/monitor';

/** An incident, as far as a month's list of noisy checks needs it. */
export interface NoiseIncident {
  agreement: string;
  monitor: string;
  openedAt: Instant;
  closedAt: Instant | null;
  toldAt: Instant | null;
  /** Somebody had to do something. */
  actedOn: boolean;
  message: Text;
}

/** The check behind the incidents, with its present settings. */
export interface NoiseCheck {
  check: Pick<Check, 'limits'>;
  settings: Pick<CheckSettings, 'intervalMinutes' | 'failuresBeforeAlert'>;
}

/** A term to change, its value now and the proposed one. `incidents` is how many would not have occurred. */
export interface NoiseSuggestion {
  term: 'failuresBeforeAlert' | `${Measure}.${keyof Limit}`;
  from: number;
  to: number;
  incidents: number;
}

export interface NoisyCheck {
  agreement: string;
  monitor: string;
  /** How many incidents, how many of them were mailed, and how many healed by themselves within one interval. */
  incidents: number;
  told: number;
  healedSoon: number;
  suggestions: NoiseSuggestion[];
}

/** So many incidents a month make a check noisy; at most so many checks are listed. */
const noisyFrom = 3;
const listed = 10;
const mostFailures = 20;

/** The noisiest checks, the noisiest first; none below three incidents. */
export function noisiest(
  incidents: readonly NoiseIncident[],
  checkOf: (agreement: string, monitor: string) => NoiseCheck | undefined,
): NoisyCheck[] {
  const groups = new Map<string, NoiseIncident[]>();
  for (const incident of incidents) {
    const key = `${incident.agreement}/${incident.monitor}`;
    groups.set(key, [...(groups.get(key) ?? []), incident]);
  }
  return [...groups.values()]
    .filter(({ length }) => length >= noisyFrom)
    .map((group) => noisyCheck(group, checkOf))
    .sort(
      (a, b) =>
        b.incidents - a.incidents ||
        a.agreement.localeCompare(b.agreement) ||
        a.monitor.localeCompare(b.monitor),
    )
    .slice(0, listed);
}

/** Whether an agreement has a check that a month's list will name. */
export function hasNoise(monitors: readonly string[]): boolean {
  const counts = new Map<string, number>();
  for (const monitor of monitors) counts.set(monitor, (counts.get(monitor) ?? 0) + 1);
  return [...counts.values()].some((count) => count >= noisyFrom);
}

function noisyCheck(
  group: readonly NoiseIncident[],
  checkOf: (agreement: string, monitor: string) => NoiseCheck | undefined,
): NoisyCheck {
  const [{ agreement, monitor }] = group as [NoiseIncident];
  const known = checkOf(agreement, monitor);
  const soon = known ? group.filter((one) => healedWithin(one, known.settings.intervalMinutes)) : [];
  return {
    agreement,
    monitor,
    incidents: group.length,
    told: group.filter(({ toldAt }) => toldAt !== null).length,
    healedSoon: soon.length,
    suggestions: known ? [...patience(group, soon, known), ...widerLimit(group, known)] : [],
  };
}

function healedWithin({ openedAt, closedAt, actedOn }: NoiseIncident, minutes: number): boolean {
  return !actedOn && closedAt !== null && Date.parse(closedAt) - Date.parse(openedAt) <= minutes * 60_000;
}

/** Proposes one more failed check before an alert, if most incidents healed by themselves by the next check. */
function patience(
  group: readonly NoiseIncident[],
  soon: readonly NoiseIncident[],
  { settings: { failuresBeforeAlert: from } }: NoiseCheck,
): NoiseSuggestion[] {
  const mostly = soon.length * 2 > group.length;
  return mostly && from < mostFailures
    ? [{ term: 'failuresBeforeAlert', from, to: from + 1, incidents: soon.length }]
    : [];
}

/**
 * Proposes a limit just above the highest value found, if nobody had to act, the check has only one upper limit and no
 * value was above twice that. The value found is read from the end of each message.
 */
function widerLimit(
  group: readonly NoiseIncident[],
  { check: { limits = {} } }: NoiseCheck,
): NoiseSuggestion[] {
  const bounds = Object.entries(limits).flatMap(([measure, { warnAbove, errorAbove }]) => [
    ...(warnAbove === undefined ? [] : [[`${measure}.warnAbove`, warnAbove] as const]),
    ...(errorAbove === undefined ? [] : [[`${measure}.errorAbove`, errorAbove] as const]),
  ]);
  const [bound, ...others] = bounds;
  if (!bound || others.length > 0 || group.some(({ actedOn }) => actedOn)) return [];
  const [term, from] = bound as [NoiseSuggestion['term'], number];
  const values = group.map(({ message }) => Number(/found (\d+(?:\.\d+)?)$/.exec(message.en)?.[1] ?? NaN));
  const highest = Math.max(...values);
  if (Number.isNaN(highest) || highest <= from || highest > 2 * from) return [];
  return [{ term, from, to: Math.ceil(highest), incidents: group.length }];
}
