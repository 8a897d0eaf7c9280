/**
 * Which hours were drawn on by what was worked: one pure function of all facts, usage in order of work date, so that the
 * order in which things were reported changes nothing. Rolled hours, expiry and what goes beyond the bank are what it
 * finds, never facts. All times are whole seconds. Without libraries: workflows use it.
 */
import { compare } from '../basics/compare';
import { sum } from '../basics/sum';
import { addDays, daysBetween, earlier } from '../calendar/dates';
import type { LocalDate } from '../contract/contract';
import { secondsOfHundredth } from './hour-bank';
import { paidSeconds } from './termination';
import type { EndOfHours } from './termination';

export const grantKinds = ['held', 'rolled', 'contracted', 'purchased', 'goodwill'] as const;

export type GrantKind = (typeof grantKinds)[number];

/** Hours given, to be drawn on from a day up to a day. */
export interface Grant {
  id: string;
  kind: GrantKind;
  /** The agreement year to whose bank it belongs, if it belongs to one. */
  year?: number;
  seconds: number;
  /** Of contracted hours: those that the customer used in the period before. */
  taken?: number;
  /** The first day on which work may draw on it. */
  from: LocalDate;
  /** The first day on which it may not any more. */
  expires: LocalDate;
  /** Of hours that a question held: the grant on which they were. */
  heldOf?: Grant;
}

/** Hours that an answer gave back to a line: they do not expire while the question waits for it. */
export interface Hold {
  seconds: number;
  /** The day of the question, and that of the answer if there is one. */
  asked: LocalDate;
  answered?: LocalDate;
}

/** An agreement year, up to the day on which the agreement ends if that is sooner, with the terms that decide how its hours are used and what of them rolls over. */
export interface Period {
  number: number;
  from: LocalDate;
  /** The first day of the next. */
  to: LocalDate;
  order: {
    /** Whether hours that expire sooner are used sooner, whatever their kind. */
    soonestFirst: boolean;
    /** Kinds in their order of use, where that decides. */
    kinds: readonly GrantKind[];
  };
  /** Nothing where the agreement ends without a right to it. */
  rollover?: {
    /** Hundredths of a per cent. */
    share: number;
    basis: 'contracted' | 'unused';
    /** The day on which the rolled hours expire. */
    expires: LocalDate;
  };
  /** There where the agreement ends with it and what is unused, and paid, is refunded. */
  refund?: Pick<EndOfHours, 'paid'>;
}

/** What was worked, corrections taken in. */
export interface Use {
  /** Decides among uses of one day: by their source, not by when they were recorded. */
  id: string;
  on: LocalDate;
  seconds: number;
}

/** Time of a use that draws on a grant, or on none: it goes beyond the bank. */
export interface Draw {
  use: string;
  grant?: string;
  seconds: number;
}

/** How a grant ended: what nobody had used by then. */
export interface GrantEnd {
  grant: string;
  on: LocalDate;
  expired: number;
  rolled: number;
  /** Paid back when the agreement ended. */
  refunded?: number;
  /** Held by questions, and the grants on which they are since then. */
  held?: { seconds: number; on: string }[];
  /** The grant that it rolled into, if any did. */
  into?: string;
}

export interface BurnDown {
  /** Those given and those rolled over, in order of their first day. */
  grants: Grant[];
  /** In order of work date. */
  draws: Draw[];
  /** Of all grants that have expired by the last day asked about. */
  ends: GrantEnd[];
  /** Seconds left of each grant that has not expired, by id. */
  left: Record<string, number>;
}

/** A grant while it is drawn on. */
interface Open extends Grant {
  left: number;
}

/**
 * Draws all that was worked on the hours that there were on its day, day by day.
 *
 * "Ni som kund har alltid rätt att skjuta 20% till nästkommande period": at the end of a period the share of its
 * contracted hours that is unused rolls into the next; the rest expires.
 *
 * @param facts contracted, purchased and goodwill grants, what was worked, and the periods in their order
 * @param until the last day looked at: what is worked or expires later has not happened yet
 */
export function burnDown(
  facts: {
    grants: readonly Grant[];
    uses: readonly Use[];
    periods: readonly Period[];
    holds?: readonly Hold[];
  },
  until: LocalDate,
): BurnDown {
  // With a refund nothing outlives the agreement, hours that were bought neither.
  const cutOn = facts.periods.find(({ refund }) => refund)?.to;
  const grants = facts.grants.map((grant) =>
    cutOn !== undefined && grant.from < cutOn && cutOn < grant.expires ? { ...grant, expires: cutOn } : grant,
  );
  let open: Open[] = grants.map((grant) => ({ ...grant, left: grant.seconds - (grant.taken ?? 0) }));
  const draws: Draw[] = [];
  const ends: GrantEnd[] = [];
  const endThrough = (day: LocalDate): void => {
    for (;;) {
      const [on] = open.map(({ expires }) => expires).sort(compare);
      if (on === undefined || on > day) return;
      const period = facts.periods.find(({ to }) => to === on);
      const ending = endOf(open.filter(({ expires }) => expires === on).sort(byStart), period);
      const held = period?.refund ? [] : hold(ending.ends, facts.holds ?? [], open, on, cutOn);
      ends.push(...ending.ends);
      open = open.filter(({ expires }) => expires > on);
      const living = [...(ending.rolled ? [ending.rolled] : []), ...held];
      grants.push(...living);
      open.push(...living.map((grant) => ({ ...grant, left: grant.seconds })));
    }
  };
  for (const use of usesThrough(facts.uses, until)) {
    endThrough(use.on);
    const order = facts.periods.find(({ from, to }) => from <= use.on && use.on < to)?.order ?? usual;
    draws.push(...drawOn(open, use, order));
  }
  endThrough(until);
  return {
    grants: grants.sort(byStart),
    draws,
    ends,
    left: Object.fromEntries(open.map(({ id, left }) => [id, left])),
  };
}

/** Where no period lies, hours are used in this order: those of an agreement that has ended, or has not begun. */
const usual: Period['order'] = { soonestFirst: true, kinds: grantKinds };

const byStart = (a: Grant, b: Grant): number => compare(a.from, b.from) || compare(a.id, b.id);

function usesThrough(uses: readonly Use[], until: LocalDate): Use[] {
  return uses.filter(({ on }) => on <= until).sort((a, b) => compare(a.on, b.on) || compare(a.id, b.id));
}

/** Takes a use from the grants of its day, in their order; what none of them holds goes beyond the bank. */
function drawOn(open: readonly Open[], use: Use, { soonestFirst, kinds }: Period['order']): Draw[] {
  const usable = open
    .filter(({ from, left }) => from <= use.on && left > 0)
    .sort(
      (a, b) =>
        (soonestFirst ? compare(a.expires, b.expires) : 0) ||
        kinds.indexOf(a.kind) - kinds.indexOf(b.kind) ||
        compare(a.expires, b.expires) ||
        byStart(a, b),
    );
  const draws: Draw[] = [];
  let { seconds } = use;
  for (const grant of usable) {
    if (seconds === 0) break;
    const drawn = Math.min(grant.left, seconds);
    grant.left -= drawn;
    seconds -= drawn;
    draws.push({ use: use.id, grant: grant.id, seconds: drawn });
  }
  return seconds > 0 ? [...draws, { use: use.id, seconds }] : draws;
}

/**
 * Ends grants that expire on one day: of a period's contracted hours a share rolls over, rounded up to a hundredth of
 * an hour, in the customer's favour.
 */
function endOf(ending: readonly Open[], period: Period | undefined): { ends: GrantEnd[]; rolled?: Grant } {
  const contracted = ending.filter(({ kind }) => kind === 'contracted');
  const unused = sum(contracted.map(({ left }) => left));
  const { rollover } = period ?? {};
  const base = rollover?.basis === 'contracted' ? sum(contracted.map(({ seconds }) => seconds)) : unused;
  const seconds = rollover
    ? Math.min(unused, Math.ceil((base * rollover.share) / 10_000 / secondsOfHundredth) * secondsOfHundredth)
    : 0;
  let toRoll = seconds;
  const year = (period?.number ?? 0) + 1;
  const into = `rolled-${year}`;
  const ends = ending.map((grant) => {
    const { id, kind, expires, left } = grant;
    const rolled = kind === 'contracted' ? Math.min(left, toRoll) : 0;
    toRoll -= rolled;
    const refunded = period?.refund ? refundable(grant, period.refund) : 0;
    const expired = left - rolled - refunded;
    return {
      ...{ grant: id, on: expires, expired, rolled },
      ...(refunded > 0 && { refunded }),
      ...(rolled > 0 && { into }),
    };
  });
  if (!period || !rollover || seconds === 0) return { ends };
  const rolled = { id: into, kind: 'rolled', year, seconds, from: period.to } as const;
  return { ends, rolled: { ...rolled, expires: rollover.expires } };
}

/** Days after an answer that hours which it gave back can be used at least. */
const daysAtLeast = 30;

/**
 * Takes hours that questions hold out of those that expire on a day. Time stands still for them from the day of the question to
 * that of the answer; what is held once more has had its time.
 *
 * @returns the grants on which they are held
 */
function hold(
  ends: readonly GrantEnd[],
  holds: readonly Hold[],
  open: readonly Open[],
  on: LocalDate,
  cutOn: LocalDate = '9999-12-31',
): Grant[] {
  return holds.flatMap(({ seconds, asked, answered }, index): Grant[] => {
    if (asked >= on || (answered !== undefined && answered < on)) return [];
    const until =
      answered === undefined
        ? '9999-12-31'
        : addDays(answered, Math.max(daysBetween(asked, on), daysAtLeast));
    const expires = earlier(until, on < cutOn ? cutOn : until);
    let toHold = seconds;
    return ends.flatMap((end): Grant[] => {
      const of = open.find(({ id }) => id === end.grant);
      const held = Math.min(toHold, end.expired);
      if (!of || of.kind === 'held' || held === 0) return [];
      const { left: _left, ...heldOf } = of;
      const id = `held-${index}-${of.id}`;
      toHold -= held;
      end.expired -= held;
      (end.held ??= []).push({ seconds: held, on: id });
      return [{ id, kind: 'held', seconds: held, from: on, expires, heldOf }];
    });
  });
}

/** What is paid back of a grant: what is left of it and was paid for. Nobody paid for what we gave. */
function refundable({ kind, seconds, left }: Open, { paid }: Pick<EndOfHours, 'paid'>): number {
  if (kind === 'goodwill') return 0;
  return kind === 'contracted' ? Math.max(0, paidSeconds(seconds, paid) - (seconds - left)) : left;
}
