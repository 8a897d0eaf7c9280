/** What a window has to pass, one after the other, apart from its consultant's time. */
import type { Text } from '../basics/text';
import { addOpenDays, beginningAt, endAt, localDateOf } from '../calendar/calendar';
import { addDays, addSeconds } from '../calendar/dates';
import type { LocalDate } from '../contract/contract';
import type { Host, HostWindow } from '../rollout/installation';
import type { Candidate } from './campaign-calendar';
import { clearDays } from './clear-days';
import { slotsOn, weekdayOf } from './placing-terms';
import type { PlacingTerms, Slot } from './placing-terms';
import type { ToPlace } from './to-place';
import { say } from './words';

/** The days on which windows of a round may begin. */
export interface Frame {
  from: LocalDate;
  to: LocalDate;
}

/**
 * - `days`, `year`: left out for the next free window outside them
 * - `notice`: does not hold for a window that was there before
 * - `time`: does not hold for a window that a person chose
 */
type HurdleKind = 'days' | 'year' | 'notice' | 'time' | 'rule';

export interface Hurdle {
  kind: HurdleKind;
  allows(slot: Slot): boolean;
  /** Why some windows do not pass it. */
  why(slots: readonly Slot[]): Text;
}

/** The days of a round. */
export function frameHurdles(round: string, { from, to }: Frame): Hurdle[] {
  const why = (): Text => say.days(round, from, to);
  return [
    { kind: 'rule', allows: ({ day }) => day >= from, why },
    { kind: 'days', allows: ({ day }) => day <= to, why },
  ];
}

/**
 * What its agreements and its host ask for, in the order in which it is told.
 * @param span the days that may be asked about
 */
export function ownHurdles({ terms, candidates, host }: ToPlace, today: LocalDate, span: Frame): Hurdle[] {
  return [
    {
      kind: 'time',
      allows: (slot) => slotsOfAll(slot.day, terms).some((other) => isSame(slot, other)),
      why: () => say.noWindow(terms.length > 1),
    },
    { kind: 'notice', allows: ({ day }) => day > today, why: () => say.past(today) },
    ...candidates.flatMap(ofYear),
    ...candidates.map((candidate) => ofClearDays(candidate, span)),
    ...(host ? ofHost(host, today) : []),
  ];
}

/** The windows of a day that suit all of some terms. */
export function slotsOfAll(day: LocalDate, terms: readonly PlacingTerms[]): Slot[] {
  const each = terms.map((one) => slotsOn(day, one));
  const all = each.flat();
  return all.filter(
    (slot, index) =>
      all.findIndex((other) => isSame(slot, other)) === index &&
      each.every((own) => own.some(({ from, to }) => from <= slot.from && slot.to <= to)),
  );
}

const isSame = (a: Slot, b: Slot): boolean => a.from === b.from && a.to === b.to;

function ofYear({ agreement, yearWindows, postponedUntil, earliest }: Candidate): Hurdle[] {
  return [
    ...(earliest === undefined
      ? []
      : [
          {
            kind: 'rule' as const,
            allows: ({ day }: Slot) => day >= earliest,
            why: () => say.tooSoon(agreement, earliest),
          },
        ]),
    {
      kind: 'year',
      allows: ({ day }) => yearWindows.some(({ from, to }) => from <= day && day <= to),
      why: () => say.year(agreement, yearWindows),
    },
    ...(postponedUntil === undefined
      ? []
      : [
          {
            kind: 'rule' as const,
            allows: ({ day }: Slot) => day >= postponedUntil,
            why: () => say.postponed(agreement, postponedUntil),
          },
        ]),
  ];
}

function ofClearDays(candidate: Candidate, { from, to }: Frame): Hurdle {
  const clear = clearDays(candidate, from, to);
  const whatFor = (slot: Slot): Text[] => daysOf(slot).flatMap((day) => clear.get(day) ?? []);
  return {
    kind: 'rule',
    allows: (slot) => whatFor(slot).length === 0,
    why: (slots) => say.clear(slots.flatMap(whatFor)),
  };
}

/** The dates on which a system is down. */
function daysOf({ day, to }: Slot): LocalDate[] {
  const last = localDateOf(addSeconds(to, -1));
  const days = [];
  for (let each = day; each <= last; each = addDays(each, 1)) days.push(each);
  return days;
}

function ofHost(host: Host, today: LocalDate): Hurdle[] {
  const first = addOpenDays(today, host.leadDays);
  const { windows } = host;
  const within: Hurdle = {
    kind: 'rule',
    allows: (slot) => windows === undefined || isWithin(slot, windows),
    why: () => say.host(host),
  };
  return [within, { kind: 'notice', allows: ({ day }) => day >= first, why: () => say.lead(host, first) }];
}

/** Whether a window lies in one of the host's, which begins on the same day or on the one before. */
function isWithin(slot: Slot, windows: readonly HostWindow[]): boolean {
  return [slot.day, addDays(slot.day, -1)].some((day) =>
    windows.some(({ weekdays, from, to }) => {
      const weekday = weekdayOf(day);
      if (weekday === undefined || !weekdays.includes(weekday)) return false;
      const ends = from < to ? endAt(day, to) : endAt(addDays(day, 1), to);
      return beginningAt(day, from) <= slot.from && slot.to <= ends;
    }),
  );
}
