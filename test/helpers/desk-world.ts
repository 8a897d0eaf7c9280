/**
 * A world for the support desk, made up from a seed: agreements with checks, their outages, what people do, and a watch
 * that reports the outages. Time goes in ticks of twenty seconds. The world knows nothing of mails.
 */
import type { Instant } from '../../rules/engine/contract/contract';
import type { Hours } from '../../rules/engine/contract/monitor';
import { random } from './random-year';

export const tickSeconds = 20;
export const ticksPerMinute = 60 / tickSeconds;

export type Bad = 'warning' | 'down' | 'unknown';

export interface WorldCheck {
  agreement: string;
  id: string;
  kind: 'http' | 'sql' | 'tcp';
  /** `central` or a site. */
  place: string;
  dependsOn: string[];
  maintenance: Hours[];
  /** Tick at which it was configured; negative before the beginning. */
  configuredAt: number;
  graceMinutes: number;
  repeatMinutes: number;
  groupBy: 'none' | 'kind' | 'customer';
  /** Ticks between two looks for its recovery, and ticks until a requested result is there (`delay`). */
  interval: number;
  phase: number;
  delay: number;
  /** Its real state from each tick on. */
  truth: { from: number; is: Bad | 'ok' }[];
}

export interface WorldSupport {
  opens: string;
  closes: string;
  closedDays: string[];
  halfDays: string[];
  halfDayCloses: string;
}

export interface WorldAgreement {
  agreement: string;
  customer: string;
  desk: string;
  manager: string;
  consultant: string;
  support: WorldSupport;
  outsideHours: 'send' | 'hold';
  takeWithinMinutes: number;
  escalateTo: 'manager' | 'consultant';
  stormIncidents: number;
  morningDigest: boolean;
  monthlyNoise: boolean;
  /** Ticks of the upgrade's technical phase, if monitoring rests in it. */
  upgrade?: { from: number; until: number };
  checks: WorldCheck[];
}

export type Deed =
  | { tick: number; agreement: string; does: 'take' | 'mended'; check: string; by: string }
  | { tick: number; agreement: string; does: 'pause'; check: string; until: number }
  | { tick: number; agreement: string; does: 'resume'; check: string };

export interface World {
  seed: number;
  start: Instant;
  ticks: number;
  agreements: WorldAgreement[];
  deeds: Deed[];
  silences: { site: string; from: number; until: number }[];
  /** Past incidents: reported and closed. */
  past: { agreement: string; check: string; at: Instant }[];
}

/** A report of the watch. */
export interface Report {
  tick: number;
  agreement: string;
  check: string;
  is: Bad | 'ok';
}

export interface WorldSize {
  agreements: number;
  /** Outages a day of each check. */
  outages: number;
}

export const instantOf = ({ start }: Pick<World, 'start'>, tick: number): Instant =>
  new Date(Date.parse(start) + tick * tickSeconds * 1000).toISOString();

/** Makes up a world that begins at `start` and lasts so many hours. */
export function madeUpWorld(seed: number, start: Instant, hours: number, size: WorldSize): World {
  const next = random(seed);
  const ticks = hours * 60 * ticksPerMinute;
  const below = (count: number): number => Math.floor(next() * count);
  const pick = <T>(of: readonly T[]): T => of[below(of.length)] as T;
  const chance = (probability: number): boolean => next() < probability;
  const date = (days: number): string =>
    new Date(Date.parse(start) + days * 86_400_000).toISOString().slice(0, 10);

  function truthOf(): WorldCheck['truth'] {
    const truth: WorldCheck['truth'] = [];
    let at = 1 + below(Math.max(1, Math.floor((ticks * 0.9) / size.outages / Math.max(1, hours / 24))));
    while (at < ticks * 0.95) {
      const steps = chance(0.7) ? 1 : 1 + below(3);
      let last: Bad | 'ok' = 'ok';
      for (let step = 0; step < steps; step += 1) {
        const is: Bad = pick(['down', 'down', 'down', 'warning', 'warning', 'unknown'] as const);
        if (is !== last) truth.push({ from: at, is });
        last = is;
        at += chance(0.3)
          ? 1 + below(6)
          : chance(0.6)
            ? below(90 * ticksPerMinute) + 3
            : below(14 * 60 * ticksPerMinute);
      }
      truth.push({ from: at, is: 'ok' });
      at += 10 + below(Math.max(10, Math.floor((48 * 60 * ticksPerMinute) / size.outages)));
    }
    return truth;
  }

  const customers = Math.max(1, Math.floor(size.agreements * 0.85));
  const agreements = Array.from({ length: size.agreements }, (_, index): WorldAgreement => {
    // The last agreements belong to customers that already have one.
    const customer = index < customers ? index : (index - customers) * 2;
    const agreement = `avtal-${index + 1}`;
    const upgradeFrom = below(ticks);
    const site = chance(0.3) ? `site-${below(4)}` : 'central';
    const count = 1 + below(4);
    const maintenance: Hours[] = chance(0.25)
      ? [
          pick<Hours>([
            { days: 'all', from: '02:00', to: '04:00' },
            { from: '10:00', to: '11:00' },
            { days: ['sat', 'sun', 'mon'], from: '20:00', to: '24:00' },
          ]),
        ]
      : [];
    const groupBy = pick(['customer', 'customer', 'customer', 'kind', 'none'] as const);
    return {
      agreement,
      customer: `kund-${customer + 1}`,
      desk: `support-${customer % 7 === 0 ? 1 : customer % 5 === 0 ? 2 : 0}@pector.example`,
      manager: pick(['mats@pector.example', 'maja@pector.example']),
      consultant: pick(['anna@pector.example', 'bo@pector.example', 'cia@pector.example']),
      support: {
        opens: chance(0.8) ? '08:30' : '07:00',
        closes: chance(0.8) ? '16:30' : '18:00',
        closedDays: chance(0.1) ? [date(1)] : [],
        halfDays: chance(0.1) ? [date(0)] : [],
        halfDayCloses: '12:00',
      },
      outsideHours: chance(0.6) ? 'send' : 'hold',
      takeWithinMinutes: pick([0, 30, 60, 60, 120]),
      escalateTo: pick(['manager', 'manager', 'consultant'] as const),
      stormIncidents: pick([4, 6, 6, 1000]),
      morningDigest: chance(0.8),
      monthlyNoise: chance(0.7),
      ...(chance(0.1) && { upgrade: { from: upgradeFrom, until: upgradeFrom + 60 + below(2000) } }),
      checks: Array.from({ length: count }, (_, number): WorldCheck => ({
        agreement,
        id: `c${number}`,
        kind: pick(['http', 'sql', 'tcp'] as const),
        place: chance(0.7) ? site : 'central',
        dependsOn: number > 0 && chance(0.4) ? [`c${below(number)}`] : [],
        maintenance,
        configuredAt: chance(0.1) ? below(ticks) : -100_000,
        graceMinutes: pick([0, 15]),
        repeatMinutes: pick([0, 30, 60, 240]),
        groupBy,
        interval: pick([3, 15, 15, 45]),
        phase: below(15),
        delay: 1 + below(4),
        truth: truthOf(),
      })),
    };
  });

  // A common cause: many checks fail within a minute, and recover within one.
  for (let storms = 0; storms < 1 + Math.floor(hours / 40); storms += 1) {
    const at = 30 + below(ticks - 200);
    const lasts = 20 + below(Math.min(600, ticks - at - 60));
    for (const { checks } of agreements.filter(() => chance(0.25))) {
      const [check] = checks;
      const from = at + below(3);
      const isQuiet = check?.truth.every(
        (each, index) =>
          each.from > from + lasts + 20 ||
          (each.is === 'ok' && (check.truth[index + 1]?.from ?? Infinity) > from + lasts + 20) ||
          each.from < from,
      );
      if (!check || !isQuiet || isBadAt(check, from)) continue;
      check.truth.push({ from, is: 'down' }, { from: from + lasts + below(3), is: 'ok' });
      check.truth.sort((a, b) => a.from - b.from);
    }
  }

  const deeds: Deed[] = [];
  for (const { agreement, checks } of agreements) {
    for (const check of checks)
      for (const { from, is } of check.truth) {
        if (is === 'ok') continue;
        if (chance(0.35))
          deeds.push({
            tick: from + 4 + below(400),
            agreement,
            does: 'take',
            check: check.id,
            by: pick(['lina', 'olle']),
          });
        if (chance(0.25))
          deeds.push({ tick: from + 5 + below(600), agreement, does: 'mended', check: check.id, by: 'lina' });
      }
    if (chance(0.2)) {
      const tick = below(ticks);
      const check = chance(0.3) ? 'all' : pick(checks).id;
      deeds.push({ tick, agreement, does: 'pause', check, until: tick + 3 + below(3000) });
      if (chance(0.3)) deeds.push({ tick: tick + 2 + below(500), agreement, does: 'resume', check });
    }
  }
  const silences = [0, 1, 2, 3].flatMap((number) => {
    if (chance(0.4)) return [];
    const from = below(ticks);
    return [{ site: `site-${number}`, from, until: from + 6 + below(900) }];
  });
  const month = new Date(Date.parse(start) - 20 * 86_400_000).toISOString().slice(0, 8);
  const past = agreements
    .filter(() => chance(0.2))
    .flatMap(({ agreement, checks }) =>
      Array.from({ length: 2 + below(4) }, (_, index) => ({
        agreement,
        check: checks[0]!.id,
        at: `${month}${String(3 + index).padStart(2, '0')}T12:00:00.000Z`,
      })),
    );
  return {
    seed,
    start,
    ticks,
    agreements,
    deeds: deeds.filter(({ tick }) => tick < ticks).sort((a, b) => a.tick - b.tick),
    silences,
    past: past.filter(({ at }) => Date.parse(at) < Date.parse(start) - 10 * 86_400_000),
  };
}

export function truthAt({ truth }: Pick<WorldCheck, 'truth'>, tick: number): Bad | 'ok' {
  return truth.findLast(({ from }) => from <= tick)?.is ?? 'ok';
}

const isBadAt = (check: WorldCheck, tick: number): boolean => truthAt(check, tick) !== 'ok';

export function isSilent({ silences }: Pick<World, 'silences'>, site: string, tick: number): boolean {
  return silences.some((each) => each.site === site && each.from <= tick && tick < each.until);
}

/** Reports on a world's checks as a real watch would: a failure at once, a recovery at the next look. */
export class Watch {
  private readonly reported = new Map<string, Bad | 'ok'>();
  private readonly wished = new Map<number, WorldCheck[]>();
  private readonly changes = new Map<number, WorldCheck[]>();
  private readonly bad = new Set<WorldCheck>();
  private readonly checks: Map<string, WorldCheck>;

  constructor(private readonly world: World) {
    const all = world.agreements.flatMap(({ checks }) => checks);
    this.checks = new Map(all.map((check) => [`${check.agreement}/${check.id}`, check]));
    const at = (tick: number, check: WorldCheck): void => {
      this.changes.set(tick, [...(this.changes.get(tick) ?? []), check]);
    };
    for (const check of all) {
      for (const { from } of check.truth) at(from, check);
      for (const { site, until } of world.silences) if (check.place === site) at(until, check);
    }
  }

  /** Requests a fresh result of a check. */
  wish(agreement: string, id: string, tick: number): void {
    const check = this.checks.get(`${agreement}/${id}`);
    if (!check) return;
    const due = tick + check.delay;
    const others = this.wished.get(due) ?? [];
    if (!others.includes(check)) this.wished.set(due, [...others, check]);
  }

  /** The reports at a tick. To be called for each tick once, in order. */
  reports(tick: number): Report[] {
    const wished = this.wished.get(tick) ?? [];
    const looked = [...this.bad].filter(
      (check) => (tick + check.phase) % check.interval === 0 && truthAt(check, tick) === 'ok',
    );
    const changed = (this.changes.get(tick) ?? []).filter(
      (check) => truthAt(check, tick) !== 'ok' || this.isBack(check, tick),
    );
    const reports: Report[] = [];
    for (const check of new Set([...changed, ...looked, ...wished])) {
      if (check.place !== 'central' && isSilent(this.world, check.place, tick)) {
        // The site is silent: the requested check is made once it is back.
        if (wished.includes(check)) this.wished.set(tick + 1, [...(this.wished.get(tick + 1) ?? []), check]);
        continue;
      }
      const key = `${check.agreement}/${check.id}`;
      const is = truthAt(check, tick);
      const before = this.reported.get(key) ?? 'ok';
      if (is === before && (is === 'ok' || !wished.includes(check))) continue;
      this.reported.set(key, is);
      if (is === 'ok') this.bad.delete(check);
      else this.bad.add(check);
      reports.push({ tick, agreement: check.agreement, check: check.id, is });
    }
    return reports;
  }

  private isBack({ place }: WorldCheck, tick: number): boolean {
    return this.world.silences.some(({ site, until }) => site === place && until === tick);
  }
}
