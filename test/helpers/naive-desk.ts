/**
 * The mails that a support desk should get, by the simplest model: at every tick it looks at everything. It shares no
 * code with the product; the calendar is Node's, and the holidays are a list.
 */
import type { Hours } from '../../rules/engine/contract/monitor';
import type { World, WorldAgreement, WorldCheck, WorldSupport } from './desk-world';
import { Watch, instantOf, isSilent, ticksPerMinute } from './desk-world';

/** Holidays from Monday to Friday in the months that are played. */
const holidays = [
  '2027-01-01',
  '2027-01-06',
  '2027-03-26',
  '2027-03-29',
  '2027-05-06',
  '2027-06-25',
  '2027-12-24',
  '2027-12-31',
];
const weekdayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

export interface PredictedMail {
  tick: number;
  kind: string;
  storm: boolean;
  recipient: string;
  /** `agreement/monitor/class/tick`, sorted; for a list of noisy checks `agreement/monitor`. */
  about: string[];
}

interface Incident {
  key: string;
  agreement: WorldAgreement;
  check: WorldCheck | undefined;
  monitor: string;
  ours: boolean;
  severity: string;
  opened: number;
  confirmed: number;
  closed?: number;
  shut: boolean;
  waitingSince?: number;
  told?: number;
  toldSeverity?: string;
  lastMail?: number;
  openTicksSinceTold: number;
  escalated: boolean;
  taken?: string;
  mended?: number;
  recoveryTold: boolean;
}

/** Local dates and times of ticks. */
class Clock {
  private readonly known = new Map<number, { date: string; time: string; weekday: string }>();
  private readonly format = new Intl.DateTimeFormat('sv-SE', {
    timeZone: 'Europe/Stockholm',
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  constructor(private readonly world: World) {}

  at(tick: number): { date: string; time: string; weekday: string } {
    let found = this.known.get(tick);
    if (!found) {
      const [date = '', time = ''] = this.format.format(new Date(instantOf(this.world, tick))).split(' ');
      found = { date, time, weekday: weekdayNames[new Date(`${date}T12:00:00Z`).getUTCDay()]! };
      this.known.set(tick, found);
    }
    return found;
  }

  isOpenDay(tick: number, { closedDays }: WorldSupport): boolean {
    const { date, weekday } = this.at(tick);
    return weekday !== 'sat' && weekday !== 'sun' && !holidays.includes(date) && !closedDays.includes(date);
  }

  isOpen(tick: number, support: WorldSupport): boolean {
    const { date, time } = this.at(tick);
    const closes = support.halfDays.includes(date) ? support.halfDayCloses : support.closes;
    return this.isOpenDay(tick, support) && time >= `${support.opens}:00` && time < `${closes}:00`;
  }

  isIn(tick: number, { days = 'open', from, to }: Hours, support: WorldSupport): boolean {
    const { time, weekday } = this.at(tick);
    const isDay =
      days === 'all' ||
      (days === 'open' ? this.isOpenDay(tick, support) : days.some((day) => day === weekday));
    return isDay && time >= `${from}:00` && time < `${to}:00`;
  }
}

/** Plays a world, and predicts the mails that should come. */
export function predictMails(world: World): PredictedMail[] {
  const clock = new Clock(world);
  const watch = new Watch(world);
  const mails: PredictedMail[] = [];
  const incidents: Incident[] = [];
  const pauses = new Map<string, { from: number; until: number }>();
  const byNumber = new Map(world.agreements.map((each) => [each.agreement, each]));
  let alive: Incident[] = [];

  const open = (
    agreement: WorldAgreement,
    monitor: string,
    ours: boolean,
    severity: string,
    tick: number,
  ): void => {
    const check = agreement.checks.find(({ id }) => id === monitor);
    const key = `${agreement.agreement}/${monitor}/${ours ? 'ours' : 'customer'}/${tick}`;
    const fresh = { key, agreement, check, monitor, ours, severity, opened: tick, confirmed: tick };
    const incident: Incident = {
      ...fresh,
      shut: false,
      openTicksSinceTold: 0,
      escalated: false,
      recoveryTold: false,
    };
    incidents.push(incident);
    alive.push(incident);
  };
  const current = (agreement: string, monitor: string, ours: boolean): Incident | undefined =>
    alive.find(
      (each) =>
        each.closed === undefined &&
        each.agreement.agreement === agreement &&
        each.monitor === monitor &&
        each.ours === ours,
    );
  const close = (incident: Incident | undefined, tick: number): void => {
    if (incident) incident.closed = tick;
  };

  function happens(tick: number): void {
    for (const { site, from, until } of world.silences) {
      const concerned = world.agreements.filter(({ checks }) => checks.some(({ place }) => place === site));
      if (from === tick) for (const each of concerned) open(each, `site:${site}`, true, 'silent', tick);
      if (until === tick)
        for (const { agreement } of concerned) close(current(agreement, `site:${site}`, true), tick);
    }
    for (const { agreement, check, is } of watch.reports(tick)) {
      const of = byNumber.get(agreement)!;
      if (is === 'ok') close(current(agreement, check, false), tick);
      if (is !== 'unknown') close(current(agreement, check, true), tick);
      if (is === 'ok') continue;
      const known = current(agreement, check, is === 'unknown');
      if (!known) open(of, check, is === 'unknown', is, tick);
      else if (tick > known.confirmed) {
        known.severity = is;
        known.confirmed = tick;
      }
    }
    for (const deed of world.deeds.filter((each) => each.tick === tick)) {
      const rest = `${deed.agreement} ${deed.check}`;
      const running = pauses.get(rest);
      if (deed.does === 'pause')
        pauses.set(rest, { from: running && running.until > tick ? running.from : tick, until: deed.until });
      else if (deed.does === 'resume') {
        if (running && running.until > tick) running.until = tick;
      } else {
        const incident = current(deed.agreement, deed.check, false);
        if (!incident) continue;
        if (deed.does === 'take') incident.taken ??= deed.by;
        else if (incident.mended === undefined) {
          incident.mended = tick;
          watch.wish(deed.agreement, deed.check, tick);
        }
      }
    }
  }

  function parentsOf(check: WorldCheck, of: WorldAgreement): string[] {
    return check.dependsOn.flatMap((id) => [
      id,
      ...parentsOf(
        of.checks.find((each) => each.id === id)!,
        of,
      ),
    ]);
  }

  function isShut({ agreement, check, monitor, ours }: Incident, tick: number): boolean {
    if (check && check.place !== 'central' && isSilent(world, check.place, tick)) return true;
    const above = check ? parentsOf(check, agreement) : [];
    const fallen = alive.some(
      (other) =>
        other.closed === undefined &&
        other.agreement === agreement &&
        above.includes(other.monitor) &&
        (other.ours ? ours : other.severity === 'down'),
    );
    if (fallen) return true;
    for (const which of ['all', monitor]) {
      const pause = pauses.get(`${agreement.agreement} ${which}`);
      if (pause && pause.from <= tick && tick < pause.until) return true;
    }
    const { upgrade } = agreement;
    if (upgrade && upgrade.from <= tick && tick < upgrade.until) return true;
    if (!check) return false;
    if (check.maintenance.some((hours) => clock.isIn(tick, hours, agreement.support))) return true;
    return tick < check.configuredAt + check.graceMinutes * ticksPerMinute;
  }

  const badness = (severity: string | undefined): number =>
    severity === undefined ? 0 : severity === 'down' ? 2 : 1;
  const isNews = ({ severity, toldSeverity }: Incident): boolean => badness(severity) > badness(toldSeverity);
  const isClear = ({ shut, waitingSince, confirmed }: Incident): boolean =>
    !shut && (waitingSince === undefined || confirmed >= waitingSince);
  const mayMail = ({ agreement }: Incident, tick: number): boolean =>
    agreement.outsideHours === 'send' || clock.isOpen(tick, agreement.support);
  const minute = ticksPerMinute;

  function send(
    tick: number,
    kind: string,
    recipientOf: (incident: Incident) => string,
    could: Incident[],
    must: (incident: Incident) => boolean,
    note: (incident: Incident) => void,
  ): void {
    for (const recipient of new Set(could.map(recipientOf))) {
      let left = could.filter((each) => recipientOf(each) === recipient);
      const many = left.filter(({ agreement }) => left.length >= agreement.stormIncidents);
      const mail = (group: Incident[], storm: boolean): void => {
        mails.push({ tick, kind, storm, recipient, about: group.map(({ key }) => key).sort() });
        group.forEach(note);
      };
      if (many.length >= 2 && many.some(must)) {
        left = left.filter((each) => !many.includes(each));
        mail(many, true);
      }
      const groups = new Map<string, Incident[]>();
      for (const each of left) {
        const by = kind === 'escalation' ? 'customer' : (each.check?.groupBy ?? 'customer');
        const name =
          by === 'none'
            ? each.key
            : by === 'kind'
              ? `${each.agreement.customer} ${each.check?.kind}`
              : each.agreement.customer;
        groups.set(`${by} ${name}`, [...(groups.get(`${by} ${name}`) ?? []), each]);
      }
      for (const group of groups.values()) if (group.some(must)) mail(group, false);
    }
  }

  /** The customer's incident that went on when one of ours about the same check ended. */
  const wentOn = (over: Incident): Incident | undefined =>
    over.ours && over.closed !== undefined
      ? incidents.find(
          (each) =>
            !each.ours &&
            each.agreement === over.agreement &&
            each.monitor === over.monitor &&
            each.opened <= over.closed! &&
            (each.closed ?? Infinity) > over.closed!,
        )
      : undefined;

  function deskLooks(desk: string, tick: number): void {
    const own = alive.filter(({ agreement }) => agreement.desk === desk);
    const shut = new Map(
      own.map((incident) => [incident, incident.closed === undefined && isShut(incident, tick)]),
    );
    for (const incident of own.filter(({ closed }) => closed === undefined)) {
      if (shut.get(incident)) {
        incident.shut = true;
        delete incident.waitingSince;
      } else if (incident.shut) {
        incident.shut = false;
        incident.waitingSince = tick;
        if (incident.check) watch.wish(incident.agreement.agreement, incident.monitor, tick);
        else incident.confirmed = tick;
      }
      if (isClear(incident) && !isNews(incident)) delete incident.waitingSince;
      if (incident.mended !== undefined && incident.confirmed > incident.mended && isClear(incident)) {
        delete incident.mended;
        delete incident.taken;
        delete incident.toldSeverity;
        incident.escalated = false;
      }
    }
    const toDesk = (): string => desk;
    const bad = own.filter(({ closed }) => closed === undefined);
    send(
      tick,
      'alert',
      toDesk,
      bad.filter((each) => isNews(each) && isClear(each) && mayMail(each, tick)),
      (each) => tick >= Math.max(each.opened, each.waitingSince ?? each.opened) + minute,
      (each) => {
        if (each.toldSeverity === undefined) {
          each.told = tick;
          each.openTicksSinceTold = 0;
        }
        each.toldSeverity = each.severity;
        each.lastMail = tick;
        delete each.waitingSince;
      },
    );
    for (const each of own) if (wentOn(each)?.told !== undefined) each.recoveryTold = true;
    const well = (each: Incident): number | undefined => (wentOn(each) ?? each).closed;
    send(
      tick,
      'recovery',
      toDesk,
      own.filter(
        (each) =>
          well(each) !== undefined && each.told !== undefined && !each.recoveryTold && mayMail(each, tick),
      ),
      (each) => tick >= well(each)! + minute,
      (each) => {
        each.recoveryTold = true;
      },
    );
    const left = bad.filter(
      (each) =>
        each.toldSeverity !== undefined &&
        !isNews(each) &&
        !each.shut &&
        each.waitingSince === undefined &&
        each.taken === undefined &&
        each.mended === undefined &&
        clock.isOpen(tick, each.agreement.support),
    );
    const repeat = ({ check }: Incident): number => check?.repeatMinutes ?? 240;
    send(
      tick,
      'reminder',
      toDesk,
      left.filter((each) => repeat(each) > 0 && tick >= each.lastMail! + repeat(each) * minute),
      () => true,
      (each) => {
        each.lastMail = tick;
      },
    );
    send(
      tick,
      'escalation',
      ({ agreement }) => agreement[agreement.escalateTo],
      left.filter(
        ({ agreement: { takeWithinMinutes }, escalated, openTicksSinceTold }) =>
          takeWithinMinutes > 0 && !escalated && openTicksSinceTold >= takeWithinMinutes * minute,
      ),
      () => true,
      (each) => {
        each.escalated = true;
      },
    );
    digest(desk, tick);
    noise(desk, tick);
    for (const each of bad)
      if (each.told !== undefined && clock.isOpen(tick, each.agreement.support)) each.openTicksSinceTold += 1;
  }

  const opensNow = ({ support }: WorldAgreement, tick: number): boolean =>
    clock.isOpenDay(tick, support) && clock.at(tick).time === `${support.opens}:00`;

  function digest(desk: string, tick: number): void {
    const opening = world.agreements.filter(
      (each) => each.desk === desk && each.morningDigest && opensNow(each, tick),
    );
    const told = new Set<string>();
    let news = false;
    for (const agreement of opening) {
      let closed = tick;
      while (!clock.isOpen(closed - 1, agreement.support)) closed -= 1;
      let opened = closed;
      while (clock.isOpen(opened - 1, agreement.support)) opened -= 1;
      for (const each of incidents.filter((one) => one.agreement === agreement && !wentOn(one))) {
        const overnight = (at: number | undefined): boolean => at !== undefined && at >= closed && at < tick;
        const unheard =
          each.told === undefined &&
          each.closed !== undefined &&
          each.closed >= opened &&
          each.closed < closed;
        const happened = overnight(each.opened) || overnight(each.closed) || unheard;
        if (happened) news = true;
        if (happened || (each.closed === undefined && each.opened < tick)) told.add(each.key);
      }
    }
    if (news) mails.push({ tick, kind: 'digest', storm: false, recipient: desk, about: [...told].sort() });
  }

  function noise(desk: string, tick: number): void {
    const { date } = clock.at(tick);
    const isFirst = (agreement: WorldAgreement): boolean => {
      for (
        let back = tick;
        clock.at(back).date.slice(0, 7) === date.slice(0, 7);
        back -= 6 * 60 * ticksPerMinute
      )
        if (clock.at(back).date < date && clock.isOpenDay(back, agreement.support)) return false;
      return true;
    };
    const listing = world.agreements.filter(
      (each) => each.desk === desk && each.monthlyNoise && opensNow(each, tick) && isFirst(each),
    );
    if (listing.length === 0) return;
    const [year = 0, month = 0] = date.split('-').map(Number);
    const before = new Date(Date.UTC(year, month - 2, 1)).toISOString().slice(0, 7);
    const counts = new Map<string, number>();
    const count = (agreement: string, monitor: string): void => {
      const name = `${agreement}/${monitor}`;
      if (listing.some((each) => each.agreement === agreement)) counts.set(name, (counts.get(name) ?? 0) + 1);
    };
    for (const { agreement, check, at } of world.past) if (at.startsWith(before)) count(agreement, check);
    for (const each of incidents)
      if (!each.ours && clock.at(each.opened).date.startsWith(before))
        count(each.agreement.agreement, each.monitor);
    const noisy = [...counts].filter(([, times]) => times >= 3);
    if (noisy.length === 0) return;
    const order = noisy
      .sort(
        ([a, x], [b, y]) => y - x || a.split('/')[0]!.localeCompare(b.split('/')[0]!) || a.localeCompare(b),
      )
      .slice(0, 10);
    mails.push({
      tick,
      kind: 'noise',
      storm: false,
      recipient: desk,
      about: order.map(([name]) => name).sort(),
    });
  }

  const desks = [...new Set(world.agreements.map(({ desk }) => desk))];
  for (let tick = 0; tick < world.ticks; tick += 1) {
    happens(tick);
    for (const desk of desks) deskLooks(desk, tick);
    if (tick % 30 === 0)
      alive = alive.filter(
        ({ closed, told, recoveryTold }) => closed === undefined || (told !== undefined && !recoveryTold),
      );
  }
  return mails;
}
